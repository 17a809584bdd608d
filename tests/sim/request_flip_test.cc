#include "sim/request_flip.h"

#include <gtest/gtest.h>

#include <string>

#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using FateKind = RequestFate::Kind;

// A produce request leaves at once, takes 2 ms to its broker, 3 ms there, and 2 ms back.
const std::string kOneRequest = R"(
warm = true
backoff_jitter = false
[cluster]
brokers = 2
service_time = "3ms"
[[topic]]
name = "orders"
leaders = [0]
replicas = 2
[network]
latency = "2ms"
[producer]
linger.ms = 0
request.timeout.ms = 500
delivery.timeout.ms = 600
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }]
)";

Instant at(Duration when) {
  return Instant{when};
}

Timeline run_until(const std::string& toml, Duration when) {
  Timeline run{shared_scenario(toml)};
  run.seek_time(at(when));
  return run;
}

// The first that carries a batch.
RequestId produce_request(const Timeline& run) {
  for (const TraceEvent& event : run.past()) {
    const auto* sent = event.as<core::RequestSent>();
    if (sent == nullptr || sent->batches.empty()) continue;
    return {*event.producer, sent->correlation, sent->node};
  }
  ADD_FAILURE() << "nothing was sent";
  return {};
}

// The step of the n-th fault.
std::int64_t step_of_fault(const Timeline& run, int n = 0) {
  for (const TraceEvent& event : run.past()) {
    if (event.as<FaultApplied>() != nullptr && n-- == 0) return event.step;
  }
  ADD_FAILURE() << "no fault has struck";
  return 0;
}

TEST(RequestFate, IsWhatComesOfIt) {
  const Timeline run = run_until(kOneRequest, 1ms);
  const RequestFate fate = fate_of(run.world(), produce_request(run));
  EXPECT_EQ(fate.kind, FateKind::Answered);
  Timeline on = run;
  on.seek_time(fate.at - 1us);
  EXPECT_EQ(on.world().counts.acknowledged, 0);
  on.seek_time(fate.at);
  EXPECT_EQ(on.world().counts.acknowledged, 1);
}

TEST(RequestFate, ComesSoonerByWhatTheWireOrTheBrokerStillTakes) {
  const Timeline on_wire = run_until(kOneRequest, 500us);
  const RequestId request = produce_request(on_wire);
  const RequestFate now = fate_of(on_wire.world(), request);
  const auto no_wire = fate_without_waiting(on_wire.world(), request, RequestStage::Received);
  ASSERT_TRUE(no_wire);
  EXPECT_EQ(no_wire->kind, FateKind::Answered);
  EXPECT_EQ(now.at - no_wire->at, 2ms);
  EXPECT_TRUE(changes_outcome(now, *no_wire));
  const Timeline on_way_back = run_until(kOneRequest, (now.at - at(1ms)));
  const auto no_way = fate_without_waiting(on_way_back.world(), request, RequestStage::Here);
  ASSERT_TRUE(no_way);
  EXPECT_EQ(now.at - no_way->at, 2ms);
}

TEST(RequestFate, OfOneWhoseFollowersStallHangsOnThemAlone) {
  const std::string stalled =
      kOneRequest + "[[fault]]\nat = \"0ms\"\nstall_follower = { broker = 1, for = \"5s\" }\n";
  const Timeline run = run_until(stalled, 20ms);
  const RequestId request = produce_request(run);
  const RequestFate now = fate_of(run.world(), request);
  EXPECT_GE(now.at, at(500ms)) << "the broker gives up, or the client";
  const auto without = fate_without_fault(run, step_of_fault(run), request);
  ASSERT_TRUE(without);
  EXPECT_EQ(without->kind, FateKind::Answered);
  EXPECT_LT(without->at, at(20ms));
  EXPECT_TRUE(changes_outcome(now, *without));
}

TEST(RequestFate, OfOneToASilentBrokerHangsOnTheFaultAndNotOnAnotherOne) {
  const std::string silenced = kOneRequest +
                               "[[fault]]\nat = \"1ms\"\nsilent = { broker = 0, for = \"5s\" }\n"
                               "[[fault]]\nat = \"2ms\"\nrefuse = { broker = 1, for "
                               "= \"5s\" }\n";
  const Timeline run = run_until(silenced, 20ms);
  const RequestId request = produce_request(run);
  const RequestFate now = fate_of(run.world(), request);
  EXPECT_EQ(now.kind, FateKind::Failed);
  EXPECT_GE(now.at, at(500ms));
  const auto without = fate_without_fault(run, step_of_fault(run, 0), request);
  ASSERT_TRUE(without);
  EXPECT_EQ(without->kind, FateKind::Answered);
  const auto without_other = fate_without_fault(run, step_of_fault(run, 1), request);
  ASSERT_TRUE(without_other);
  EXPECT_FALSE(changes_outcome(now, *without_other));
  // Its bytes are gone: nothing is under way that could come sooner.
  EXPECT_FALSE(fate_without_waiting(run.world(), request, RequestStage::Received));
}

TEST(RequestFate, OfOneThatWouldNotHaveBeenSentIsNotTold) {
  const std::string retried =
      kOneRequest +
      "[[fault]]\nat = \"0ms\"\n"
      "fail_produce = { partition = \"orders-0\", error = \"NOT_ENOUGH_REPLICAS\", times = 1 }\n";
  Timeline run = run_until(retried, 300ms);
  RequestId last = produce_request(run);
  for (const TraceEvent& event : run.past()) {
    const auto* sent = event.as<core::RequestSent>();
    if (sent != nullptr && !sent->batches.empty()) last.correlation = sent->correlation;
  }
  ASSERT_NE(last, produce_request(run)) << "it was tried again";
  EXPECT_FALSE(fate_without_fault(run, step_of_fault(run), last));
}

TEST(RequestFate, IsFoundOnCopies) {
  const Timeline run = run_until(kOneRequest, 500us);
  const std::int64_t steps = run.world().steps;
  fate_without_waiting(run.world(), produce_request(run), RequestStage::Received);
  EXPECT_EQ(run.world().steps, steps);
  EXPECT_EQ(run.world().now, run_until(kOneRequest, 500us).world().now);
}

}  // namespace
}  // namespace linger::sim
