#include "sim/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "sim/digest.h"
#include "support/small_world.h"

namespace linger::sim {
namespace {

constexpr core::CallbackId kCallback{0};
const LinkSpec kFiveMilliseconds = link({.latency = 5ms});

Digests digests_of(const std::vector<TraceEvent>& trace) {
  Digests digests;
  for (const TraceEvent& event : trace) digests.add(event);
  return digests;
}

// Where in the trace the first event of this kind stands.
template <class E>
std::ptrdiff_t place_of(const SmallRun& run) {
  const auto at = std::find_if(run.trace().begin(), run.trace().end(),
                               [](const TraceEvent& event) { return event.as<E>() != nullptr; });
  return at - run.trace().begin();
}

// --- The way of a record ---

TEST(World, AWarmProducersRecordIsAcknowledgedAfterOneRoundTrip) {
  SmallRun run{{.link = kFiveMilliseconds, .programs = {{send()}}}};
  run.run();
  EXPECT_EQ(run.record(0).status, RecordStatus::Acknowledged);
  EXPECT_EQ(run.record(0).offset, 0);
  EXPECT_EQ(run.record(0).completed_at, Instant{10ms});
}

TEST(World, AColdProducersFirstRecordTakesSixRoundTrips) {
  SmallRun run{{.link = kFiveMilliseconds, .programs = {{send()}}, .warm = false}};
  run.run();
  EXPECT_EQ(run.record(0).completed_at, Instant{60ms});
}

TEST(World, TheProducerIdOfAnIdempotentProducerCostsNoExtraRoundTrip) {
  SmallRun run{{.settings = {{"enable.idempotence", "true"}},
                .link = kFiveMilliseconds,
                .programs = {{send()}},
                .warm = false}};
  run.run();
  EXPECT_EQ(run.record(0).completed_at, Instant{60ms});
}

TEST(World, OneRequestInFlightIsEnoughForMetadataAndTheProducerId) {
  SmallRun run{
      {.settings = {{"enable.idempotence", "true"}, {"max.in.flight.requests.per.connection", "1"}},
       .link = kFiveMilliseconds,
       .programs = {{send()}},
       .warm = false}};
  run.run();
  EXPECT_EQ(run.record(0).status, RecordStatus::Acknowledged);
  EXPECT_LE(run.record(0).completed_at, Instant{1s}) << "none waits for a timeout";
}

TEST(World, ALostAnswerWithoutIdempotenceIsADuplicate) {
  SmallRun run{{.settings = {{"acks", "1"}},
                .link = kFiveMilliseconds,
                .programs = {{send({.partition = 0})}},
                .faults = {{0ms, LoseResponse{named(0), 1, false}}}}};
  run.run();
  EXPECT_EQ(run.record(0).status, RecordStatus::Acknowledged);
  EXPECT_EQ(run.log(0).end_offset(), 2);
  const auto written = run.times_of<BatchWritten>();
  ASSERT_EQ(written.size(), 2u);
  EXPECT_GE(written[1], 30'101ms) << "request.timeout.ms, a millisecond, and the backoff";
}

TEST(World, ALostAnswerWithIdempotenceIsNone) {
  SmallRun run{{.settings = {{"enable.idempotence", "true"}},
                .link = kFiveMilliseconds,
                .programs = {{send()}},
                .faults = {{0ms, LoseResponse{named(0), 1, false}}}}};
  run.run();
  EXPECT_EQ(run.record(0).offset, 0);
  EXPECT_EQ(run.log(0).end_offset(), 1);
}

TEST(World, AfterALeaderMovedAHintSavesTheLookUp) {
  SmallRun run{{.brokers = 2,
                .leaders = {0},
                .link = kFiveMilliseconds,
                .programs = {{send()}},
                .faults = {{1ms, ChangeLeader{named(0), NodeId{1}}}}}};
  run.run();
  EXPECT_EQ(run.record(0).attempts, 1);
  EXPECT_LT(run.record(0).completed_at, Instant{25ms}) << "and the backoff of 100 ms";
}

// --- What happens first ---

TEST(World, AtOneInstantFaultsComeBeforeApplicationsAndSendersLast) {
  SmallRun run{{.programs = {{WaitUntilAction{Instant{5ms}}, send()}},
                .faults = {{5ms, Disconnect{NodeId{0}}}}}};
  run.run_until(5ms);
  EXPECT_LT(place_of<FaultApplied>(run), place_of<core::SendCalled>(run));
  EXPECT_LT(place_of<core::SendCalled>(run), place_of<core::BatchDrained>(run));
}

TEST(World, ThreadsTakeTheirTurnsInOrder) {
  SmallRun run{{.programs = {{send()}, {send()}, {send()}}}};
  run.run();
  std::vector<std::int32_t> threads;
  for (const auto& [at, sent] : run.all<core::SendCalled>()) threads.push_back(sent.thread.value());
  EXPECT_EQ(threads, (std::vector{0, 1, 2}));
}

TEST(World, ARunOfSendsKeepsItsRhythm) {
  SmallRun run{{.programs = {{send({.count = 3, .every = 20ms})}}}};
  run.run();
  EXPECT_EQ(run.times_of<core::SendCalled>(), (std::vector<Duration>{0ms, 20ms, 40ms}));
}

TEST(World, TheProducersClockCountsWholeMillisecondsFromItsEpoch) {
  SmallRun run{{.programs = {{SleepAction{2'700us}, send()}}}};
  run.run_until(2'700us);
  EXPECT_EQ(run.world().producer_time().time_since_epoch(), 1'700'000'000'002ms);
}

// --- Threads that wait ---

TEST(World, SendAndWaitHoldsTheThreadUntilTheAnswer) {
  SmallRun run{{.link = kFiveMilliseconds, .programs = {{send({.count = 3, .wait = true})}}}};
  run.run_until(9ms);
  EXPECT_EQ(run.thread(0).blocked_on, core::BlockedOn::Future);
  run.run();
  EXPECT_EQ(run.times_of<core::SendCalled>(), (std::vector<Duration>{0ms, 10ms, 20ms}));
}

TEST(World, AFlushHoldsTheThreadUntilEverythingIsAnswered) {
  SmallRun run{{.settings = {{"linger.ms", "1000"}},
                .link = kFiveMilliseconds,
                .programs = {{send({.count = 5}), FlushAction{}, send()}}}};
  run.run();
  EXPECT_EQ(run.times_of<core::FlushEnded>(), std::vector<Duration>{10ms});
  EXPECT_EQ(run.record(5).sent_at, Instant{10ms});
}

TEST(World, ACloseSendsTheRestAndEndsTheSender) {
  SmallRun run{{.settings = {{"linger.ms", "1000"}},
                .link = kFiveMilliseconds,
                .programs = {{send({.count = 5}), CloseAction{}}}}};
  run.run();
  EXPECT_FALSE(run.producer().sender().is_alive());
  EXPECT_EQ(run.world().counts.acknowledged, 5);
  EXPECT_EQ(run.times_of<core::CloseEnded>(), std::vector<Duration>{10ms});
}

TEST(World, ACloseThatTakesTooLongIsForced) {
  SmallRun run{{.programs = {{send(), CloseAction{core::Milliseconds{20}}}},
                .faults = {{0ms, FallSilent{NodeId{0}, std::nullopt}}}}};
  run.run();
  EXPECT_EQ(run.record(0).error->message, "Producer is closed forcefully.");
  EXPECT_EQ(run.times_of<core::CloseEnded>(), std::vector<Duration>{20ms});
}

TEST(World, AThreadOutOfMemoryWaitsForAnotherBatchsAnswer) {
  SmallRun run{{.settings = {{"buffer.memory", "16384"}},
                .leaders = {0, 0},
                .link = kFiveMilliseconds,
                .programs = {{send({.partition = 0}), send({.partition = 1})}}}};
  run.run_until(1ms);
  EXPECT_EQ(run.thread(0).blocked_on, core::BlockedOn::Memory);
  run.run();
  EXPECT_EQ(run.record(1).appended_at, Instant{10ms});
  EXPECT_EQ(run.record(1).status, RecordStatus::Acknowledged);
}

TEST(World, ThreadsThatACloseReleasesGoOnInTheOrderInWhichTheyBeganToWait) {
  SmallRun run{{.settings = {{"buffer.memory", "16384"}},
                .leaders = {0, 0, 0},
                .link = kFiveMilliseconds,
                .programs = {{SleepAction{1ms}, send({.partition = 1})},
                             {send({.partition = 0}), send({.partition = 2})},
                             {SleepAction{2ms}, CloseAction{core::Milliseconds{0}}}}}};
  run.run();
  std::vector<std::int32_t> partitions;
  for (const auto& [at, failed] : run.all<core::SendFailed>()) {
    partitions.push_back(failed.partition.partition);
  }
  EXPECT_EQ(partitions, (std::vector{2, 1}));
}

TEST(World, WithoutEndAMaxBlockHoldsAThreadAsLongAsItTakes) {
  SmallRun run{{.settings = {{"buffer.memory", "16384"}, {"max.block.ms", "9223372036854775807"}},
                .leaders = {0, 0},
                .programs = {{send({.partition = 0}), send({.partition = 1})}}}};
  run.run();
  EXPECT_EQ(run.world().counts.acknowledged, 2);
}

TEST(World, AHugeMaxBlockDoesNotOverflowTheClock) {
  SmallRun run{{.settings = {{"buffer.memory", "16384"}, {"max.block.ms", "4611686018427387904"}},
                .leaders = {0, 0},
                .programs = {{send({.partition = 0}), send({.partition = 1})}}}};
  run.run();
  EXPECT_EQ(run.world().counts.acknowledged, 2);
}

TEST(World, AProcessThatExitsLosesWhatItHolds) {
  SmallRun run{{.settings = {{"linger.ms", "1000"}},
                .programs = {{send({.count = 3}), ExitAction{}}, {SleepAction{1h}}}}};
  run.run();
  EXPECT_TRUE(run.world().processes[0].has_exited);
  EXPECT_EQ(run.record(0).status, RecordStatus::Pending);
  EXPECT_TRUE(run.thread(1).has_ended()) << "all its threads are gone";
  EXPECT_EQ(run.log(0).end_offset(), 0);
  EXPECT_EQ(run.world().servers.network().connections().size(), 0u);
}

// --- The user's code ---

TEST(World, ACallbackThatTakesItsTimeHoldsTheAnswersBehindIt) {
  SmallRun run{
      {.brokers = 2,
       .leaders = {0, 1},
       .link = kFiveMilliseconds,
       .programs = {{send({.partition = 0, .callback = kCallback}), send({.partition = 1})}},
       .callbacks = {callback({.takes = 50ms})}}};
  run.run();
  EXPECT_EQ(run.times_of<core::BatchCompleted>(), (std::vector<Duration>{60ms, 60ms}));
}

TEST(World, ACallbackThatSendsMayFindNoMemoryAndHoldTheOnlyThreadThatFreesIt) {
  SmallRun run{{.settings = {{"buffer.memory", "16384"}, {"max.block.ms", "500"}},
                .link = kFiveMilliseconds,
                .programs = {{send({.callback = kCallback})}},
                .callbacks = {callback({.sends_to = "t"})}}};
  run.run();
  EXPECT_EQ(run.record(0).status, RecordStatus::Acknowledged);
  EXPECT_EQ(run.record(1).error->exception, core::Exception::BufferExhaustedException);
  EXPECT_EQ(run.times_of<core::BatchCompleted>(), std::vector<Duration>{510ms});
}

TEST(World, ACloseReleasesACallbackThatWaitsForMemory) {
  SmallRun run{{.settings = {{"buffer.memory", "16384"}, {"max.block.ms", "500"}},
                .link = kFiveMilliseconds,
                .programs = {{send({.callback = kCallback}), SleepAction{100ms}, CloseAction{}}},
                .callbacks = {callback({.sends_to = "t"})}}};
  run.run();
  EXPECT_EQ(run.record(1).error->message, "Producer closed while allocating memory");
  EXPECT_EQ(run.record(1).completed_at, Instant{100ms});
}

TEST(World, ACallbackMayWaitForMetadataWhileItsThreadIsTheOneThatFetchesIt) {
  SmallRun run{{.settings = {{"max.block.ms", "500"}},
                .programs = {{send({.callback = kCallback})}},
                .callbacks = {callback({.sends_to = "unknown"})}}};
  run.run();
  EXPECT_EQ(run.record(1).error->exception, core::Exception::TimeoutException);
  EXPECT_EQ(run.world().ended, "idle");
}

TEST(World, ACallbackOnTheApplicationsThreadMayWaitToo) {
  SmallRun run{{.settings = {{"max.request.size", "100"}, {"max.block.ms", "500"}},
                .programs = {{send({.size = 5'000, .callback = kCallback}), send({.size = 1})}},
                .callbacks = {callback({.sends_to = "unknown"})}}};
  run.run();
  EXPECT_EQ(run.record(0).error->exception, core::Exception::RecordTooLargeException);
  EXPECT_EQ(run.record(1).error->exception, core::Exception::TimeoutException);
  ASSERT_EQ(run.world().records.size(), 3u) << "and then the thread goes on";
  EXPECT_EQ(run.record(2).status, RecordStatus::Acknowledged);
  EXPECT_EQ(run.world().ended, "idle");
}

TEST(World, AnErrorInACallbackEndsTheSenderAndNothingIsAnsweredAnyMore) {
  SmallRun run{{.programs = {{send({.callback = kCallback}), SleepAction{100ms}, send()}},
                .callbacks = {callback({.throws = "OutOfMemoryError"})},
                .limit = 1s}};
  run.run();
  EXPECT_FALSE(run.producer().sender().is_alive());
  EXPECT_EQ(run.record(1).status, RecordStatus::Pending);
  EXPECT_EQ(run.world().ended, "idle") << "nothing is left that could happen";
}

// --- The sender that spins ---

TEST(World, WhereARealSenderSpinsEachPollTakesAMillisecondFromTheThirdOn) {
  SmallRun run{{.settings = {{"enable.idempotence", "true"},
                             {"batch.size", "1"},
                             {"retry.backoff.ms", "10"}},
                .link = kFiveMilliseconds,
                .programs = {{send({.count = 3, .every = 1ms})}},
                .faults = {{0ms, FailProduce{named(0), core::ErrorCode::NotEnoughReplicas, 3}}}}};
  run.run();
  EXPECT_EQ(run.world().counts.acknowledged, 3);
  const auto spun = run.all<SenderSpun>();
  ASSERT_FALSE(spun.empty());
  for (std::size_t i = 0; i < spun.size(); ++i) {
    EXPECT_GE(spun[i].second.empty_passes, 3);
    if (spun[i].second.empty_passes == 3) continue;
    EXPECT_EQ(spun[i].second.empty_passes, spun[i - 1].second.empty_passes + 1);
    EXPECT_EQ(spun[i].first - spun[i - 1].first, 1ms);
  }
}

// --- The end of a run ---

TEST(World, IsOverShortlyAfterNothingIsLeftToHappen) {
  SmallRun run{{.link = kFiveMilliseconds, .programs = {{send()}}}};
  run.run();
  EXPECT_EQ(run.world().ended, "idle");
  EXPECT_EQ(run.now(), 13ms);
  EXPECT_EQ(next_due(run.world()), std::nullopt);
  EXPECT_FALSE(run.step());
}

TEST(World, WaitsForFaultsThatAreStillToCome) {
  SmallRun run{{.programs = {{send()}}, .faults = {{1s, Disconnect{NodeId{0}}}}}};
  run.run();
  EXPECT_EQ(run.world().ended, "idle");
  EXPECT_EQ(run.now(), 1'003ms);
}

TEST(World, IsOverWhenAProducerThatWasClosedByForceLeftRequestsUnanswered) {
  SmallRun run{
      {.link = kFiveMilliseconds, .programs = {{send(), CloseAction{core::Milliseconds{2}}}}}};
  run.run();
  EXPECT_EQ(run.world().ended, "idle");
}

TEST(World, EndsWhereTheScenarioSays) {
  SmallRun run{{.settings = {{"linger.ms", "1000"}}, .programs = {{send()}}, .end = 20ms}};
  run.run();
  EXPECT_EQ(run.world().ended, "end");
  EXPECT_EQ(run.now(), 20ms);
  EXPECT_EQ(run.record(0).status, RecordStatus::Pending);
}

TEST(World, EndsAtItsLimitAtTheLatest) {
  SmallRun run{{.programs = {{SleepAction{1h}}}, .limit = 2s}};
  run.run();
  EXPECT_EQ(run.world().ended, "limit");
  EXPECT_EQ(run.now(), 2s);
}

// --- A world is a value ---

SmallScenario troubled() {
  return {.settings = {{"enable.idempotence", "true"}, {"batch.size", "300"}},
          .brokers = 2,
          .leaders = {0, 1, 0},
          .link = link({.latency = 2ms, .jitter = 3ms}),
          .programs = {{send({.partition = std::nullopt, .count = 20, .every = 1ms})},
                       {send({.partition = 1, .count = 10, .every = 2ms})}},
          .faults = {{5ms, Disconnect{NodeId{0}}},
                     {9ms, ChangeLeader{named(1), NodeId{0}}},
                     {12ms, FailProduce{named(2), core::ErrorCode::NotEnoughReplicas, 2}}},
          .jitter = true,
          .seed = 7};
}

TEST(World, TheSameScenarioGivesTheSameTrace) {
  SmallRun first{troubled()};
  SmallRun second{troubled()};
  first.run();
  second.run();
  EXPECT_EQ(digests_of(first.trace()), digests_of(second.trace()));
  EXPECT_EQ(first.world().counts.sent, 30);
}

TEST(World, AnotherSeedGivesAnother) {
  SmallScenario other = troubled();
  other.seed = 8;
  SmallRun first{troubled()};
  SmallRun second{other};
  first.run();
  second.run();
  EXPECT_NE(digests_of(first.trace()), digests_of(second.trace()));
}

TEST(World, ACopyGoesOnAsTheOriginalDoesAndIsNotTouchedByIt) {
  SmallRun run{troubled()};
  run.run_until(10ms);
  SmallRun copy = run;
  const std::int64_t before = copy.world().steps;
  run.run();
  EXPECT_EQ(copy.world().steps, before);
  EXPECT_EQ(copy.world().counts.acknowledged + copy.world().counts.failed,
            static_cast<std::int64_t>(copy.all<core::RecordCompleted>().size()));
  copy.run();
  EXPECT_EQ(digests_of(run.trace()), digests_of(copy.trace()));
}

TEST(World, AFaultInjectedByHandReplaysFromTheScenarioItWasNotedIn) {
  SmallScenario plain = troubled();
  plain.faults.clear();
  SmallRun by_hand{plain};
  by_hand.run_until(8ms);
  inject(by_hand.world(), Disconnect{NodeId{1}}, by_hand.world().now + Duration{1});
  by_hand.run();
  ASSERT_EQ(by_hand.world().scenario->faults.size(), 1u);

  SmallRun replayed{by_hand.world().scenario};
  replayed.run();

  EXPECT_EQ(digests_of(by_hand.trace()), digests_of(replayed.trace()));
}

}  // namespace
}  // namespace linger::sim
