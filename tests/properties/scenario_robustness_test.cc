// Whatever is in a file, the parsers answer: with a value, or with mistakes that have a place in
// it.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/query_parser.h"
#include "sim/scenario_parser.h"

namespace linger::sim {
namespace {

constexpr std::string_view kScenario = R"(era = "2.8"
rules = { "KAFKA-3720" = false }
seed = 7
clock = "2023-11-14T22:13:20Z"

[cluster]
brokers = 3
message.max.bytes = "1MB"
missing_topics = ["ghost"]

[[topic]]
name = "orders"
leaders = [0, 1, "none"]

[network]
latency = "2ms"
bandwidth = "10MB/s"
[network.broker.1]
latency = "20ms"

[producer]
linger.ms = 5
batch.size = "16KiB"
[[producer.interceptor]]
on_send = { takes = "1ms" }
[[producer.callback]]
name = "slow"

[[thread]]
name = "A"
run = [ { send = "orders", count = 10, value_size = [50, 200], callback = "slow" },
        { close = "20ms" } ]

[[fault]]
when = "count(batch_drained, partition == 'orders-0') > 1 and batch(3).state == 'in flight'"
fail_produce = { partition = "orders-0", error = "NOT_LEADER_OR_FOLLOWER" }

[[expect]]
that = "records.acknowledged == 10 or max(batch_drained.age) < 5ms * 2"
)";

void check_scenario(const std::string& text) {
  const auto parsed = parse_scenario(text, "any.toml");
  const auto* errors = std::get_if<std::vector<ParseError>>(&parsed);
  if (errors == nullptr) return;
  RC_ASSERT(!errors->empty());
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  for (const ParseError& error : *errors) {
    RC_ASSERT(error.line >= 1 && error.line <= lines);
    RC_ASSERT(error.column >= 1);
    RC_ASSERT(!error.message.empty());
  }
}

void check_query(const std::string& text) {
  const auto parsed = parse_query(text);
  const auto* error = std::get_if<QueryError>(&parsed);
  if (error == nullptr) return;
  RC_ASSERT(error->column >= 1);
  RC_ASSERT(static_cast<std::size_t>(error->column) <= text.size() + 1);
  RC_ASSERT(!error->message.empty());
}

// Deletes, doubles, replaces or inserts: a byte, a line, or a word that means something elsewhere.
std::string mutated(std::string text) {
  const std::vector<std::string> words{"\"",
                                       "'",
                                       "[",
                                       "]",
                                       "{",
                                       "}",
                                       "=",
                                       "\n",
                                       "-1",
                                       "0",
                                       "1.5",
                                       "true",
                                       "\"5ms\"",
                                       "[[",
                                       "none",
                                       "orders",
                                       "\"x\"",
                                       "99999999999",
                                       ".",
                                       ",",
                                       "#",
                                       "\\u0000",
                                       "and",
                                       "count(",
                                       "(",
                                       ")",
                                       "send",
                                       "[[thread]]\n",
                                       "[producer]\n",
                                       "\"\"\"",
                                       "producer = 3\n",
                                       "9223372036854775807",
                                       "\xff"};
  const int changes = *rc::gen::inRange(1, 6);
  for (int i = 0; i < changes && !text.empty(); ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const auto length = *rc::gen::inRange<std::size_t>(0, 12);
    const std::string word = *rc::gen::elementOf(words);
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, text.substr(at, length));
        break;
      case 2:
        text.replace(at, length, word);
        break;
      default:
        text.insert(at, word);
    }
  }
  return text;
}

TEST(ScenarioRobustness, TheScenarioThatIsMutatedIsRight) {
  EXPECT_TRUE(std::holds_alternative<Scenario>(parse_scenario(kScenario, "")));
}

TEST(ScenarioRobustness, EveryBeginningOfAScenarioIsAnswered) {
  for (std::size_t length = 0; length < kScenario.size(); ++length) {
    const auto parsed = parse_scenario(kScenario.substr(0, length), "any.toml");
    if (const auto* errors = std::get_if<std::vector<ParseError>>(&parsed)) {
      EXPECT_FALSE(errors->empty());
    }
  }
}

TEST(ScenarioRobustness, DeepNestingIsAnswered) {
  std::string dots;
  for (int i = 0; i < 200'000; ++i) dots += ".b";
  std::string staircase;
  for (int i = 0; i < 1'000; ++i) staircase += "a.a.a.a.a.a.a.a.a.a = [ # ]]\n{ ";
  for (const std::string& deep :
       {std::string(100'000, '['), "a = " + std::string(100'000, '['),
        "a = " + std::string(200, '[') + std::string(200, ']'), "a" + dots + " = 1\n",
        "[a" + dots + "]\n", "x = { a" + dots + " = 1 }\n",
        "x = [ \"\"\"y\"\"\"\", { a" + dots + " = 1 } ]\n", staircase}) {
    const auto parsed = parse_scenario(deep, "any.toml");
    EXPECT_TRUE(std::holds_alternative<std::vector<ParseError>>(parsed));
  }
}

RC_GTEST_PROP(ScenarioRobustness, AnyBytesAreAnswered, (const std::string& bytes)) {
  check_scenario(bytes);
  check_query(bytes);
}

RC_GTEST_PROP(ScenarioRobustness, AMutatedScenarioIsAnswered, ()) {
  for (int i = 0; i < 10; ++i) check_scenario(mutated(std::string{kScenario}));
}

RC_GTEST_PROP(ScenarioRobustness, AMutatedQueryIsAnswered, ()) {
  const std::string query =
      "count(batch_drained, partition == 'orders-0') > 1 and batch(3).state == 'in flight' or "
      "first(batch_drained).at - 5ms < now * 2 and not producer('B').flushing";
  for (int i = 0; i < 10; ++i) check_query(mutated(query));
}

}  // namespace
}  // namespace linger::sim
