#include "sim/trace_text.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "support/event_samples.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

const TraceNames kNames{core::TopicNames{{"orders"}}, {"P"}, {"producer-1"}, {"A"}, {"Look."}};

template <class Event>
std::string line(Event event, const TraceNames& names = kNames) {
  return trace_line({Instant{12ms}, 31, core::ProducerIndex{0}, std::move(event)}, names);
}

TEST(TraceText, ABatchIsDrained) {
  core::BatchDrained drained{.batch = core::BatchId{3},
                             .partition = {core::TopicId{0}, 0},
                             .node = core::NodeId{0},
                             .records = 8,
                             .bytes = core::Bytes{933},
                             .producer = {}};
  EXPECT_EQ(line(drained),
            "    12.000 ms  orders-0      batch 3 drained: 8 records, 933 bytes → broker 0");
  drained.records = 1;
  drained.sequence = 5;
  drained.attempts = 1;
  EXPECT_EQ(line(drained),
            "    12.000 ms  orders-0      batch 3 drained: 1 record, 933 bytes → broker 0, "
            "sequence 5, attempt 2");
}

TEST(TraceText, APartitionIsReadyForItsReasons) {
  core::ReadinessDecision decision{.partition = {core::TopicId{0}, 1},
                                   .verdict = core::ReadinessVerdict::Ready,
                                   .leader = core::NodeId{2},
                                   .batch = core::BatchId{4}};
  decision.full = true;
  decision.expired = true;
  decision.waited = 5ms;
  decision.time_to_wait = 5ms;
  EXPECT_EQ(line(decision),
            "    12.000 ms  orders-1      batch 4 is ready for broker 2: full, waited 5 of 5 ms");
  decision.verdict = core::ReadinessVerdict::Waiting;
  EXPECT_EQ(line(decision),
            "    12.000 ms  orders-1      batch 4 is not ready: lingering, waited 5 of 5 ms");
}

TEST(TraceText, ABatchIsNotSentAgainForAReason) {
  core::RetryDecision decision{.batch = core::BatchId{4},
                               .partition = {core::TopicId{0}, 1},
                               .error = core::ErrorCode::NotLeaderOrFollower,
                               .attempts = 2};
  EXPECT_EQ(line(decision),
            "    12.000 ms  orders-1      batch 4 is not sent again: no attempts are left, "
            "answered NOT_LEADER_OR_FOLLOWER after 2 failures before");
}

TEST(TraceText, ALogLineIsAsTheClientWritesIt) {
  EXPECT_EQ(line(core::Logged{core::LogLevel::Warn, "Got error"}),
            "    12.000 ms  log           WARN  [Producer clientId=producer-1] Got error");
}

TEST(TraceText, NamesStandForIds) {
  EXPECT_EQ(line(core::FlushEnded{core::ThreadId{0}}),
            "    12.000 ms  A             flush() returned");
  EXPECT_EQ(line(core::FlushEnded{core::ThreadId{5}}),
            "    12.000 ms  thread 5      flush() returned");
  EXPECT_EQ(line(core::FlushEnded{core::ThreadId{-1}}),
            "    12.000 ms  the sender    flush() returned");
  EXPECT_EQ(line(SimEvent{NarrationReached{0}}), "    12.000 ms  narration     Look.");
  EXPECT_EQ(line(SimEvent{BrokerStateChanged{core::NodeId{1}, BrokerState::Silent}}),
            "    12.000 ms  broker 1      is silent");
}

TEST(TraceText, WithSeveralProducersTheirNamesStandInFront) {
  TraceNames names = kNames;
  names.producers = {"größe", "Q"};
  EXPECT_EQ(line(core::SenderPassStarted{3}, names), "    12.000 ms  größe  sender        pass 3");
  EXPECT_EQ(trace_line({Instant{12ms}, 1, std::nullopt, SimEvent{RunEnded{"idle"}}}, names),
            "    12.000 ms                       the run is over: idle");
}

TEST(TraceText, EveryEventHasASentence) {
  for (const TraceEvent& event : samples(true)) {
    EXPECT_FALSE(describe(event, kNames).sentence.empty());
  }
  for (const TraceEvent& event : samples(false)) describe(event, kNames);
}

TEST(TraceText, AnInstantIsInMilliseconds) {
  EXPECT_EQ(instant_text(Instant{0ms}), "0.000 ms");
  EXPECT_EQ(instant_text(Instant{1234567us}), "1234.567 ms");
}

}  // namespace
}  // namespace linger::sim
