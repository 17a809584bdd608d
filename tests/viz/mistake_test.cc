// What sim finds wrong is told in Chinese, too: each message in its sources has its row.
#include "viz/mistake.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/config_table.h"
#include "core/producer_config.h"
#include "core/rules.h"
#include "language_fixture.h"
#include "literals.h"
#include "sim/query_parser.h"
#include "sim/scenario_parser.h"
#include "sim/toml_tree.h"
#include "viewer_fixture.h"
#include "viz/said.h"

namespace linger::viz {
namespace {

class Mistakes : public testing::Test {
 protected:
  void SetUp() override { set_language(Language::Chinese); }
  void TearDown() override { set_language(Language::English); }
};

// --- The sources ---

// The files of sim whose texts tell what is wrong. Those of its programs are for the command line.
bool tells_mistakes(std::string_view file) {
  const bool is_of_program = file.find('/') != std::string_view::npos;
  if (is_of_program || file == "query_names.cc" || file == "scenario_writer.cc") return false;
  static const std::set<std::string_view> others{
      "query.cc",        "units.cc", "toml_tree.cc",    "nearest.cc",      "sweep.cc",
      "lesson_texts.cc", "lane.cc",  "version_caps.cc", "picture_thing.cc"};
  return file.starts_with("scenario_") || file.starts_with("query_") || others.contains(file);
}

// Examples, forms and what is looked for are no messages; " or " stands in a row with its
// neighbours.
bool is_no_message(const Literal& literal) {
  static const std::set<std::string> calls{"require", "assignment", "LaneForm", "read_toml",
                                           "find_first_of"};
  static const std::set<std::string> texts{"zero in order", " of ", " or ", "not ({})"};
  return calls.contains(literal.inside) || texts.contains(literal.text);
}

// Something in words, of two lower-case letters or more, with a blank beside them.
bool says_something(std::string_view text) {
  constexpr std::string_view kBehind = " ,:;?";
  const auto is_lower = [&](std::size_t i) {
    return std::islower(static_cast<unsigned char>(text[i])) != 0;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_lower(i)) continue;
    std::size_t end = i;
    while (end < text.size() && is_lower(end)) ++end;
    const char before = i == 0 ? '^' : text[i - 1];
    const char behind = end == text.size() ? '$' : text[end];
    const bool begins = before == '^' || before == ' ' || before == '(';
    const bool ends = before == ' ' && (behind == '$' || behind == '.' || behind == ')');
    const bool goes_on = begins && kBehind.find(behind) != std::string_view::npos;
    if (end - i > 1 && (goes_on || ends)) return true;
    i = end;
  }
  return false;
}

// A word alone, that says what a value is or should be.
bool names_a_kind(const Literal& literal) {
  static const std::set<std::string> calls{"check_known", "check_name", "wrong_kind"};
  return calls.contains(literal.inside) && !literal.text.empty() &&
         std::ranges::none_of(literal.text, [](unsigned char c) { return std::isupper(c) != 0; });
}

// With "{}" for each place, whatever it is called there.
std::string normalised(std::string_view text) {
  std::string pattern;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    const std::size_t close = text.find('}', open);
    pattern += text.substr(0, open);
    if (close == std::string_view::npos) {
      pattern += text.substr(open);
      break;
    }
    pattern += "{}";
    text.remove_prefix(close + 1);
  }
  return pattern;
}

// "such as" and then something as it would be written: one row is enough for all of these.
bool is_example(std::string_view text) {
  if (!text.starts_with("such as ")) return false;
  return std::ranges::none_of(
      std::vector<std::string_view>{" or ", " and ", "; ", ": "},
      [text](std::string_view joint) { return text.find(joint) != std::string_view::npos; });
}

std::set<std::string> mistake_patterns() {
  std::set<std::string> patterns;
  for (const SaidRow& row : mistake_rows()) patterns.insert(normalised(row.english));
  return patterns;
}

TEST_F(Mistakes, EveryMessageOfSimHasItsRow) {
  const std::set<std::string> rows = mistake_patterns();
  std::size_t messages = 0;
  for (const Literal& literal : literals_in("sim")) {
    if (!tells_mistakes(literal.file) || is_no_message(literal)) continue;
    if (!says_something(literal.text) && !names_a_kind(literal)) continue;
    ++messages;
    const std::string pattern = normalised(literal.text);
    EXPECT_TRUE(rows.contains(pattern) || is_example(literal.text))
        << literal.file << ": {R\"(" << pattern << ")\", \"\"},";
  }
  EXPECT_GT(messages, 200U) << "the sources are read";
}

// The texts between the places of a pattern.
std::vector<std::string> fixed_texts(std::string_view pattern) {
  std::vector<std::string> texts;
  for (std::size_t at = 0; at <= pattern.size();) {
    const std::size_t place = std::min(pattern.find("{}", at), pattern.size());
    if (place > at) texts.emplace_back(pattern.substr(at, place - at));
    at = place + 2;
  }
  return texts;
}

TEST_F(Mistakes, EveryRowIsOfUse) {
  std::set<std::string> known{"there is no '{}' '{}'"};  // of a field, and of its words
  for (const char* folder : {"sim", "core"}) {
    for (const Literal& literal : literals_in(folder)) {
      known.insert(normalised(literal.text));
      if (names_a_kind(literal)) {
        known.insert("there is no " + normalised(literal.text) + " '{}'");
      }
    }
  }
  for (const auto rows : {mistakes_in_scenarios(), mistakes_in_values(), mistakes_in_queries()}) {
    for (const SaidRow& row : rows) {
      const std::string pattern = normalised(row.english);
      const std::vector<std::string> texts = fixed_texts(pattern);
      // Also where the code joins them to one another.
      const bool is_joined = std::ranges::all_of(
          texts, [&known](const std::string& text) { return known.contains(text); });
      EXPECT_TRUE(known.contains(pattern) || is_joined) << "no code says: " << row.english;
    }
  }
}

TEST_F(Mistakes, PlacesAgreeAndEachPatternIsThereOnce) {
  std::set<std::string> patterns;
  for (const SaidRow& row : mistake_rows()) {
    EXPECT_TRUE(patterns.insert(normalised(row.english)).second) << "twice: " << row.english;
    const auto places = std::ranges::count(row.english, '{');
    std::set<char> named;
    for (auto at = row.chinese.find('{'); at != std::string_view::npos;
         at = row.chinese.find('{', at + 1)) {
      named.insert(row.chinese[at + 1]);
    }
    EXPECT_EQ(static_cast<std::ptrdiff_t>(named.size()), places) << row.english;
    EXPECT_TRUE(named.empty() || *named.rbegin() == '0' + places - 1) << row.english;
  }
}

// --- What is said ---

bool is_of_kafka(std::string_view message) {
  return message.substr(0, message.find(": ")).ends_with("Exception");
}

// Without what stands in quotes, which is code, and without the states of a batch.
std::string own_words(std::string_view text) {
  std::string words;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' || c == '\'') at = std::min(text.find(c, at + 1), text.size());
    if (at < text.size()) words += text[at];
  }
  constexpr std::string_view kState = "in flight";
  const std::size_t state = words.find(kState);
  return state == std::string::npos ? words : words.replace(state, kState.size(), "");
}

void expect_told(const std::string& message, const std::string& fix) {
  const std::string told = tr_mistake(message);
  EXPECT_TRUE(is_of_kafka(message) || (has_chinese(told) && !has_english(own_words(told)))) << told;
  EXPECT_FALSE(has_english(own_words(tr_mistake(fix)))) << tr_mistake(fix);
}

TEST_F(Mistakes, AreEnglishInEnglish) {
  set_language(Language::English);
  const sim::ParseError mistake{"a.toml", 7, 3, "[network] has no key 'latncy'",
                                "did you mean 'latency'?"};
  EXPECT_EQ(mistake_text(mistake), sim::text(mistake));
  EXPECT_EQ(mistake_text({mistake, mistake}), sim::text({mistake, mistake}));
  EXPECT_EQ(mistake_line("'ms' is no time", "use ms"), "'ms' is no time: use ms");
}

TEST_F(Mistakes, AreToldWithTheirPlaceAndTheirFix) {
  const sim::ParseError mistake{"a.toml", 7, 3, "[network] has no key 'latncy'",
                                "did you mean 'latency'?"};
  EXPECT_EQ(mistake_text(mistake),
            "a.toml:7:3：错误：[network] 没有键“latncy”\n  建议：是“latency”吗？");
  EXPECT_EQ(mistake_line("'x' is no value by itself", ""), "“x”本身不是值");
}

TEST_F(Mistakes, WhatSomebodyWroteStaysAsItIs) {
  EXPECT_EQ(tr_mistake("there is no topic 'producer'"), "没有主题“producer”");
  EXPECT_EQ(tr_mistake("there is no producer 'a thread'"), "没有生产者“a thread”");
  EXPECT_EQ(tr_mistake("this is a text, not true or false"), "这是字符串，不是 true 或 false");
  EXPECT_EQ(tr_mistake("such as at = \"10ms\" or when = \"batch(3).state == 'in flight'\""),
            "例如 at = \"10ms\" 或 when = \"batch(3).state == 'in flight'\"");
}

TEST_F(Mistakes, WhatKafkaSaysStaysAsItIs) {
  const std::string said =
      "ConfigException: Invalid value -1 for configuration linger.ms: Value must be at least 0";
  EXPECT_EQ(tr_mistake(said), said);
  EXPECT_EQ(tr_mistake("this cannot be otherwise: " + said), "无法这样改变：" + said);
}

std::vector<sim::ParseError> parsed_wrong(const std::string& toml) {
  const sim::ParsedScenario parsed = sim::parse_scenario(toml, "test.toml");
  const auto* mistakes = std::get_if<std::vector<sim::ParseError>>(&parsed);
  return mistakes == nullptr ? std::vector<sim::ParseError>{} : *mistakes;
}

TEST_F(Mistakes, InScenariosAreChinese) {
  const std::string whole{kLinger};
  for (const std::string wrong :
       {"[[fault]]\nat = \"3ms\"\ndisconect = 0\n", "[[fault]]\ndisconnect = 9\nat = 3\n",
        "[[fault]]\nat = \"3ms\"\nadd_latency = { broker = 0 }\n", "[[fault]]\nat = \"3ms\"\n",
        "[[say]]\nwhen = \"batch(1).stat == 'open'\"\n", "[[say]]\nat = \"1ms\"\ntext = 3\n",
        "[[thread]]\nrun = [{ send = \"ordrs\" }, { flush = false }, {}, 7]\n",
        "[[produce_rule]]\nanswer = \"late\"\n", "[[ask]]\ntext = \"?\"\nchoices = [1]\n",
        "[[what_if]]\ntext = \"?\"\nset = { linger.mss = 0 }\n",
        "[[order]]\nstep = 1\nnext = \"x\"\n", "[[expect]]\nthat = \"records.pending = 0\"\n",
        "[live]\nbootstrap = []\n",
        "[[random_fault]]\nrate = \"often\"\nof = []\nuntil = \"1s\"\n"}) {
    const auto mistakes = parsed_wrong(whole + wrong);
    EXPECT_FALSE(mistakes.empty()) << wrong;
    for (const sim::ParseError& mistake : mistakes) expect_told(mistake.message, mistake.fix);
  }
}

TEST_F(Mistakes, InTomlAreChinese) {
  for (const std::string_view wrong : {"a = ",
                                       "a",
                                       "a = 1\na = 2",
                                       "[a\n",
                                       "[a]\n[a]",
                                       "[a.b]\n[[a.b]]",
                                       "a = \"x",
                                       "a = 'x",
                                       "a = \"\\q\"",
                                       "a = \"\\uD800\"",
                                       "a = 2ms",
                                       "a = 1 2",
                                       "a = [1 2]",
                                       "a = [,]",
                                       "a = { b = 1, }",
                                       "a = { b = 1 c = 2 }",
                                       "a = { = 1 }",
                                       "a = 0123",
                                       "a = 1_",
                                       "a = _1",
                                       "a = 0x",
                                       "a = 1.",
                                       "a = 99999999999999999999",
                                       "a = 2024-13-01",
                                       "a = 2024-01-32",
                                       "a = 25:00:00",
                                       "a = tru",
                                       "a = inff",
                                       "= 1",
                                       "]",
                                       "a.b = 1\na = 2",
                                       "a = \"\"\"x",
                                       "\"\"\"a\"\"\" = 1",
                                       "a = \"\x01\"",
                                       "[ [a] ]",
                                       "[]",
                                       "a = 1 # \x01",
                                       "a = 1e",
                                       "[a] b"}) {
    const auto read = sim::read_toml(wrong, "test.toml");
    const auto* mistake = std::get_if<sim::ParseError>(&read);
    if (mistake == nullptr) continue;  // releases of the reader differ
    expect_told(mistake->message, mistake->fix);
  }
}

TEST_F(Mistakes, InQueriesAreChinese) {
  for (const std::string_view wrong : {"",
                                       "batch(1)",
                                       "batch(1).stat",
                                       "batch.state == 'open'",
                                       "records.failed = 1",
                                       "1 + ",
                                       "(1",
                                       "1 < 2 < 3",
                                       "not 3",
                                       "-'a'",
                                       "1 + 5ms",
                                       "'a' and 'b'",
                                       "5 parsecs",
                                       "1.5",
                                       "'open",
                                       "\"a\"",
                                       "#",
                                       "now.failed",
                                       "records",
                                       "pool(1).available",
                                       "batch('a').state == 'open'",
                                       "partition('orders').deque == 0",
                                       "producer(1).state == 'closed'",
                                       "producer('B').step == 1",
                                       "count(nothing)",
                                       "sum(batch_expired)",
                                       "sum(batch_expired.reason)",
                                       "count(3)",
                                       "count(batch_expired, batch(1))",
                                       "batch(1).state == 'gone'",
                                       "failed == records.failed x",
                                       "3",
                                       "records.failed.x == 1",
                                       "99999999999999999999"}) {
    const auto parsed = sim::parse_condition(wrong);
    const auto* mistake = std::get_if<sim::QueryError>(&parsed);
    ASSERT_NE(mistake, nullptr) << wrong;
    expect_told(mistake->message, mistake->fix);
  }
}

TEST_F(Mistakes, InSettingsAreChineseWhereTheyAreNotKafkas) {
  std::size_t found = 0;
  for (const core::Era era : {core::Era::V0_10_2, core::Era::V2_8, core::Era::V3_9}) {
    for (const core::ConfigKey& key : core::config_table()) {
      for (const char* value : {"", "nonsense", "-5", "0", "99999999999999999999"}) {
        const core::GivenSettings given{{std::string{key.key}, value},
                                        {"transactional.id", "t"},
                                        {std::string{key.key} + "x", value}};
        const auto resolved = core::resolve(given, era, core::rules_of(era));
        const auto* mistakes = std::get_if<std::vector<core::ConfigError>>(&resolved);
        if (mistakes == nullptr) continue;
        for (core::ConfigError mistake : *mistakes) {
          const std::string fix = mistake.fix;
          mistake.fix.clear();
          expect_told(core::text(mistake), fix);
          ++found;
        }
      }
    }
  }
  EXPECT_GT(found, 100U);
}

TEST_F(Mistakes, InRulesAreChinese) {
  using Turn = core::RuleFlip::Turn;
  std::size_t found = 0;
  for (const core::Era era : {core::Era::V0_10_2, core::Era::V2_8, core::Era::V3_9}) {
    for (const core::RuleInfo& row : core::rule_table()) {
      for (const auto& turns : std::vector<std::vector<core::RuleFlip>>{
               {{row.rule, Turn::On}},
               {{row.rule, Turn::Off}},
               {{row.rule, Turn::On}, {row.rule, Turn::Off}}}) {
        const auto flipped = core::flipped(era, turns);
        const auto* mistakes = std::get_if<std::vector<std::string>>(&flipped);
        if (mistakes == nullptr) continue;
        for (const std::string& mistake : *mistakes) expect_told(mistake, "");
        found += mistakes->size();
      }
    }
  }
  EXPECT_GT(found, 20U);
}

}  // namespace
}  // namespace linger::viz
