// Why a thread waits: for each thing it can wait for.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/two_partitions.h"
#include "viewer_fixture.h"
#include "viz/why_details.h"
#include "viz/why_view.h"

namespace linger::viz {
namespace {

WhyView why_of_thread(const std::string& more, core::Duration when, core::ThreadId thread = {}) {
  ViewerState state = viewer_at(more, when);
  handle(state, Select{thread});
  return why_view(scene(state), &state.why.value());
}

const WhySection& section_asking(const WhyView& view, std::string_view question) {
  for (const WhySection& section : view.sections) {
    if (section.question == question) return section;
  }
  throw std::invalid_argument{"nothing is asked about " + std::string{question}};
}

Term row(const WhyView& view, const std::string& name) {
  for (const WhySection& section : view.sections) {
    for (const Term& term : section.terms) {
      if (term.name == name) return term;
    }
  }
  throw std::invalid_argument{name};
}

constexpr const char* kGoesOn = "turned round alone: the call goes on";
constexpr const char* kWaits = "turned round alone: the call waits all the same";
constexpr const char* kCannot = "cannot be turned round alone";
constexpr const char* kFails = "turned round alone: the call fails";

void expect_row(const Term& term, Truth value, const std::string& changed, const char* flip) {
  EXPECT_EQ(term.value, value) << term.name;
  EXPECT_EQ(term.changed, changed) << term.name;
  EXPECT_TRUE(term.changed_in) << term.name;
  EXPECT_EQ(term.flip, flip) << term.name;
  const bool changes = std::string{flip} == kGoesOn || std::string{flip} == kFails;
  EXPECT_EQ(term.is_the_one, changes) << term.name;
}

// --- Memory ---

// Two buffers, both taken at once; A wants a third at 1 ms, B a fourth at 2 ms. At 9 ms the first
// two are acknowledged.
const std::string kLine = std::string{kTwoPartitions} + R"([producer]
batch.size = 1000
buffer.memory = 2000
linger.ms = 5
max.block.ms = 40
[[thread]]
name = "A"
run = [
  { send = "orders", partition = 0, value_size = 100 },
  { send = "orders", partition = 1, value_size = 100 },
  { at = "1ms", send = "orders", partition = 0, value_size = 900 },
]
[[thread]]
name = "B"
run = [{ at = "2ms", send = "orders", partition = 1, value_size = 1800 }]
[[fault]]
at = "3ms"
silent = { broker = 0, for = "20s" }
)";

TEST(WhyThread, MemoryIsFreeSinceItWasLastTakenOrGivenBack) {
  const WhyView view = why_of_thread(kLine, 3ms);
  expect_row(row(view, "memory is free"), Truth::False,
             "0.000 ms: buffer 1 taken from the non-pooled part: 1000 bytes, 0 available", kGoesOn);
  expect_row(row(view, "first in line"), Truth::True, "1.000 ms: waits for memory, at most 40 ms",
             kWaits);
  EXPECT_TRUE(row(view, "memory is free").decides);
  EXPECT_EQ(row(view, "memory is free").setting, "buffer.memory = 2000");
}

TEST(WhyThread, TheSecondInLineIsFirstWhenTheOneBeforeItHasLeft) {
  const WhyView before = why_of_thread(kLine, 3ms, core::ThreadId{1});
  expect_row(row(before, "first in line"), Truth::False,
             "2.000 ms: waits for memory, at most 40 ms", kWaits);
  EXPECT_TRUE(row(before, "first in line").decides);
  expect_row(row(before, "memory is free"), Truth::False,
             "0.000 ms: buffer 1 taken from the non-pooled part: 1000 bytes, 0 available", kWaits);
  // A gives up at 41 ms, a millisecond before B.
  const WhyView after = why_of_thread(kLine, 41500us, core::ThreadId{1});
  expect_row(row(after, "first in line"), Truth::True, "41.000 ms: waits no longer for memory",
             kCannot);
  expect_row(row(after, "memory is free"), Truth::False,
             "0.000 ms: buffer 1 taken from the non-pooled part: 1000 bytes, 0 available", kGoesOn);
}

TEST(WhyThread, MaxBlockMsHasItsValueAndCountsFromWhenTheCallWasHeld) {
  const WhyView view = why_of_thread(kLine, 3ms);
  const WhySection& limit = section_asking(view, "how long at most?");
  ASSERT_EQ(limit.terms.size(), 1U);
  EXPECT_EQ(limit.answer, "38.0 ms more");
  EXPECT_EQ(limit.terms[0].setting, "max.block.ms = 40");
  expect_row(limit.terms[0], Truth::False, "1.000 ms: waits for memory, at most 40 ms", kFails);
}

// --- Metadata ---

TEST(WhyThread, WhatIsKnownOfATopicChangedWithTheLastAnswer) {
  const std::string late = R"(
backoff_jitter = false
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[network]
latency = "2ms"
[[thread]]
name = "A"
run = [{ send = "orders", missing_partition = 5, value_size = 100 }]
)";
  const WhyView cold = why_of_thread(late, 1ms);
  EXPECT_EQ(row(cold, "the topic is known").value, Truth::False);
  EXPECT_FALSE(row(cold, "the topic is known").changed_in) << "nobody has answered yet";
  EXPECT_EQ(row(cold, "the topic is known").flip, kWaits) << "the partition is not there";
  const WhyView told = why_of_thread(late, 50ms);
  const Term topic = row(told, "the topic is known");
  EXPECT_EQ(topic.value, Truth::True);
  EXPECT_NE(topic.changed.find(": version "), std::string::npos) << topic.changed;
  EXPECT_EQ(row(told, "the partition is known").value, Truth::False);
  EXPECT_TRUE(row(told, "the partition is known").decides);
  EXPECT_EQ(row(told, "the partition is known").flip, kGoesOn);
  EXPECT_EQ(row(told, "the partition is known").changed, topic.changed);
  EXPECT_EQ(section_asking(told, "how long at most?").terms[0].setting, "max.block.ms = 60000");
}

// --- The others ---

const std::string kSlow =
    std::string{kTwoPartitions} + "[producer]\nlinger.ms = 2\n[[thread]]\nname = \"A\"\nrun = [";

TEST(WhyThread, AFlushWaitsForItsBatchesAndChangedWhenOneOfThemWasCompleted) {
  const std::string flush = kSlow + R"(
  { send = "orders", partition = 0, value_size = 100 },
  { send = "orders", partition = 1, value_size = 100 },
  { flush = true },
]
[[fault]]
at = "0ms"
fail_produce = { partition = "orders-1", error = "NOT_ENOUGH_REPLICAS", times = 1 }
)";
  const Term none = row(why_of_thread(flush, 1ms), "no batch is incomplete");
  expect_row(none, Truth::False, "0.000 ms: waits for the flush, without limit", kGoesOn);
  const WhyView later = why_of_thread(flush, 20ms);
  expect_row(row(later, "no batch is incomplete"), Truth::False,
             "4.000 ms: batch 0 succeeded: 1 record from offset 0", kGoesOn);
  const Term& limit = section_asking(later, "how long at most?").terms.at(0);
  EXPECT_EQ(limit.setting, "delivery.timeout.ms = 120000");
  EXPECT_EQ(limit.rule, "KIP-91");
  EXPECT_EQ(limit.changed.find("0.000 ms: batch 1 opened"), 0U) << limit.changed;
}

TEST(WhyThread, AFutureIsOpenSinceItsSendReturned) {
  const std::string get =
      kSlow + "{ send = \"orders\", partition = 0, value_size = 100, wait = true }]\n";
  const WhyView view = why_of_thread(get, 1ms);
  expect_row(row(view, "the record's fate is known"), Truth::False,
             "0.000 ms: send() of record 0 returned", kGoesOn);
  EXPECT_EQ(section_asking(view, "how long at most?").terms.at(0).setting,
            "delivery.timeout.ms = 120000");
  EXPECT_EQ(section_asking(view, "how long at most?").answer, "1 min 59 s more");
}

TEST(WhyThread, BeforeKip91NoDeliveryTimeoutBoundsAWait) {
  const std::string get = "era = \"0.10.2\"\n" + kSlow +
                          "{ send = \"orders\", partition = 0, value_size = 100, wait = true }]\n";
  const WhyView view = why_of_thread(get, 1ms);
  const WhySection& limit = section_asking(view, "how long at most?");
  EXPECT_EQ(limit.answer, "without limit");
  EXPECT_TRUE(limit.terms.empty());
}

TEST(WhyThread, ACloseWaitsForTheSenderWhichWasToldToStop) {
  const std::string close =
      kSlow + "{ send = \"orders\", partition = 0, value_size = 100 }, { close = \"30ms\" }]\n";
  const WhyView view = why_of_thread(close, 1ms);
  expect_row(row(view, "the sender has stopped"), Truth::False, "0.000 ms: close(), timeout 30 ms",
             kGoesOn);
  const Term& limit = section_asking(view, "how long at most?").terms.at(0);
  EXPECT_EQ(limit.setting, "close(30 ms)");
  expect_row(limit, Truth::False, "0.000 ms: waits for the sender to stop, at most 30 ms", kGoesOn);
}

TEST(WhyThread, ATransactionalCallWaitsForAnAnswer) {
  const WhyView view = why_of_thread(std::string{kTwoPartitions} +
                                         "[producer]\ntransactional.id = \"t\"\n[[thread]]\n"
                                         "name = \"A\"\nrun = [{ init_transactions = true }]\n",
                                     3ms);
  const Term answered = row(view, "the coordinator has answered");
  EXPECT_EQ(answered.value, Truth::False);
  EXPECT_EQ(answered.flip, kGoesOn);
  EXPECT_NE(answered.changed.find("FindCoordinator"), std::string::npos) << answered.changed;
  EXPECT_EQ(answered.rule, "KIP-98");
  EXPECT_EQ(section_asking(view, "how long at most?").terms.at(0).flip, kFails);
}

TEST(WhyThread, ACallInCodeOfTheUsersWaitsForItToReturn) {
  const WhyView view =
      why_of_thread(std::string{kTwoPartitions} +
                        "[producer]\n[producer.value_serializer]\ntakes = \"10ms\"\n"
                        "[[thread]]\nname = \"A\"\n"
                        "run = [{ send = \"orders\", partition = 0, value_size = 100 }]\n",
                    1ms);
  const WhySection& waits = section_asking(view, "why does it wait?");
  EXPECT_EQ(waits.tone, WhyTone::Waits);
  EXPECT_EQ(waits.at, "0.000 ms");
  expect_row(row(view, "the user's code has returned"), Truth::False,
             "0.000 ms: value serializer called, record 0", kGoesOn);
}

TEST(WhyThread, AnEndlessLoopNamesTheSettingAndTheIssue) {
  const WhyView view =
      why_of_thread(std::string{kTwoPartitions} +
                        "[producer]\nbatch.size = 0\n[[thread]]\nname = \"A\"\n"
                        "run = [{ send = \"orders\", value_size = 100 }]\n[rules]\n"
                        "\"KAFKA-14303\" = false\n",
                    1ms);
  const Term found = row(view, "a partition is found");
  EXPECT_EQ(found.setting, "batch.size = 0");
  EXPECT_EQ(found.rule, "KAFKA-14303");
  EXPECT_EQ(found.flip, kGoesOn);
  EXPECT_EQ(found.changed.find("0.000 ms: "), 0U);
}

TEST(WhyThread, WhileTimeFlowsTheRowsStandWithoutWhatIsBehindThem) {
  ViewerState state = viewer_at(kLine, 3ms);
  handle(state, Select{core::ThreadId{0}});
  const Term free = row(why_view(scene(state)), "memory is free");
  EXPECT_EQ(free.value, Truth::False);
  EXPECT_TRUE(free.flip.empty());
}

}  // namespace
}  // namespace linger::viz
