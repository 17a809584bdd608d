#include "sim/message_sequence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/timeline.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using Kind = SequenceLine::Kind;

MessageSequence sequence_of(std::string_view toml) {
  MessageSequence sequence;
  Timeline timeline{shared_scenario(toml)};
  sequence.begin(timeline.world().servers.network());
  timeline.run_to_end();
  for (std::size_t i = 0; i < timeline.trace().size(); ++i) sequence.add(timeline.trace()[i], i);
  return sequence;
}

std::vector<std::string> texts_of(const MessageSequence& sequence, Kind kind) {
  std::vector<std::string> texts;
  for (const SequenceLine& line : sequence.lines()) {
    if (line.kind == kind) texts.push_back(line_text(line, sequence.messages()));
  }
  return texts;
}

// One broker 2 ms away. What is put behind it goes wrong.
std::string two_records(std::string_view more) {
  return std::string{R"(
warm = true
backoff_jitter = false
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[network]
latency = "2ms"
[producer]
linger.ms = 5
retry.backoff.ms = 20
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100, count = 2 }, { flush = true }]
)"} + std::string{more};
}

TEST(MessageSequence, ARequestAndItsAnswerArriveWhenTheWireHasCarriedThem) {
  const MessageSequence sequence = sequence_of(two_records(""));
  ASSERT_EQ(sequence.messages().size(), 2U);
  const Message& request = sequence.messages()[0];
  const Message& answer = sequence.messages()[1];
  EXPECT_TRUE(request.is_request());
  EXPECT_EQ(message_text(request), "Produce 0: b0");
  EXPECT_EQ(message_text(answer), "answer to 0");
  const auto lasts = [&](const Message& message) {
    return sequence.lines()[message.over.value()].at - sequence.lines()[message.sent].at;
  };
  EXPECT_EQ(lasts(request), Duration{2ms});
  EXPECT_EQ(lasts(answer), Duration{2ms});
  EXPECT_EQ(answer.batches, request.batches);
}

TEST(MessageSequence, CallsAndWhatIsToldOfRecordsOfOneStepAreOneLine) {
  const MessageSequence sequence = sequence_of(two_records(""));
  EXPECT_EQ(texts_of(sequence, Kind::Told), std::vector<std::string>{"r0–r1 acknowledged at 0"});
  EXPECT_EQ(texts_of(sequence, Kind::CallStarted), std::vector<std::string>{"flush()"});
  EXPECT_EQ(texts_of(sequence, Kind::CallEnded), std::vector<std::string>{"flush() is over"});
}

TEST(MessageSequence, AnAnswerSaysWhyABatchIsRefused) {
  const MessageSequence sequence = sequence_of(two_records(R"(
[[fault]]
at = "0ms"
fail_produce = { partition = "orders-0", error = "NOT_ENOUGH_REPLICAS", times = 1 }
)"));
  ASSERT_EQ(sequence.messages().size(), 4U);
  EXPECT_EQ(message_text(sequence.messages()[1]), "answer to 0: NOT_ENOUGH_REPLICAS");
  EXPECT_EQ(message_text(sequence.messages()[3]), "answer to 1");
}

TEST(MessageSequence, AnAnswerThatIsLostNeverArrivesAndTheRequestIsGivenUp) {
  const MessageSequence sequence = sequence_of(two_records(R"(
[[fault]]
at = "0ms"
lose_response = { partition = "orders-0", times = 1 }
)"));
  EXPECT_TRUE(sequence.messages()[1].is_lost);
  EXPECT_EQ(sequence.lines()[sequence.messages()[1].over.value()].kind, Kind::Lost);
  ASSERT_EQ(texts_of(sequence, Kind::GivenUp).size(), 1U);
  EXPECT_TRUE(texts_of(sequence, Kind::GivenUp)[0].starts_with("Produce 0: "));
}

TEST(MessageSequence, ABrokenConnectionLosesWhatIsOnTheWire) {
  const MessageSequence sequence = sequence_of(two_records(R"(
[[fault]]
at = "1ms"
disconnect = 0
)"));
  const Message& request = sequence.messages()[0];
  EXPECT_TRUE(request.is_lost);
  EXPECT_EQ(sequence.lines()[request.over.value()].at.time_since_epoch(), Duration{1ms});
  EXPECT_EQ(texts_of(sequence, Kind::Fault),
            std::vector<std::string>{"fault: disconnect broker 0"});
}

TEST(MessageSequence, ARequestToASilentBrokerIsLostOnceItsConnectionIsGivenUp) {
  const MessageSequence sequence = sequence_of(two_records(R"(
[[fault]]
at = "0ms"
silent = { broker = 0, for = "60s" }
)"));
  EXPECT_TRUE(sequence.messages()[0].is_lost);
  const Duration lost_at = sequence.lines()[*sequence.messages()[0].over].at.time_since_epoch();
  EXPECT_GE(lost_at, Duration{30s});
}

// What is found for some lines is what all messages would say.
TEST(MessageSequence, FindsTheMessagesOfAnyLines) {
  std::string toml = two_records("");
  toml.replace(toml.find("count = 2"), 9, "count = 300, every = \"1ms\"");
  const MessageSequence sequence = sequence_of(toml);
  const std::size_t lines = sequence.lines().size();
  ASSERT_GT(lines, 400U);
  for (std::size_t first = 0; first < lines; first += 7) {
    const std::size_t end = first + 20;
    std::vector<std::size_t> expected;
    for (std::size_t i = 0; i < sequence.messages().size(); ++i) {
      const Message& message = sequence.messages()[i];
      if (message.sent < end && message.over.value_or(lines) >= first) expected.push_back(i);
    }
    EXPECT_EQ(sequence.messages_in(first, end), expected) << "from line " << first;
  }
}

}  // namespace
}  // namespace linger::sim
