#include "sim/explain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::NodeId;
using core::ReadinessVerdict;

constexpr TopicPartition kFirst{core::TopicId{0}, 0};

core::ProducerConfig config_of(const core::GivenSettings& settings) {
  return std::get<core::ResolvedConfig>(core::resolve(settings, core::Era::V3_9)).config;
}

core::ReadinessDecision waiting() {
  core::ReadinessDecision decision;
  decision.partition = kFirst;
  decision.verdict = ReadinessVerdict::Waiting;
  decision.leader = NodeId{0};
  decision.batch = core::BatchId{0};
  decision.waited = 3ms;
  decision.time_to_wait = 5ms;
  decision.next_check = 2ms;
  return decision;
}

std::string value_of(const std::vector<Term>& terms, std::string_view name) {
  const auto term = std::find_if(terms.begin(), terms.end(),
                                 [&](const Term& each) { return each.name.ends_with(name); });
  return term == terms.end() ? "(none)" : term->value;
}

std::string source_of(const std::vector<Term>& terms, std::string_view name) {
  const auto term = std::find_if(terms.begin(), terms.end(),
                                 [&](const Term& each) { return each.name.ends_with(name); });
  return term == terms.end() ? "(none)" : term->source;
}

TEST(Sentence, OfALingeringBatchSaysHowLongStill) {
  EXPECT_EQ(sentence(waiting(), config_of({{"linger.ms", "5"}})),
            "not ready: waited 3 ms of linger.ms 5; next look in 2 ms");
}

TEST(Sentence, OfAReadyBatchNamesEveryReason) {
  core::ReadinessDecision decision = waiting();
  decision.verdict = ReadinessVerdict::Ready;
  decision.full = true;
  decision.flushing = true;
  EXPECT_EQ(sentence(decision, config_of({{"linger.ms", "5"}})),
            "ready: a batch is full, a flush is in progress");
}

TEST(Sentence, OfABackoffNamesItsSetting) {
  core::ReadinessDecision decision = waiting();
  decision.verdict = ReadinessVerdict::BackingOff;
  decision.backing_off = true;
  decision.waited = 30ms;
  decision.time_to_wait = 100ms;
  decision.next_check = 70ms;
  EXPECT_EQ(sentence(decision, config_of({})),
            "not ready: waited 30 ms of 100 ms of backoff (retry.backoff.ms 100); next look in "
            "70 ms");
}

TEST(Sentence, SaysWhatDecidedHowLongTheSenderSleeps) {
  core::SleepDecision decision;
  decision.next_ready_check = 2ms;
  decision.not_ready_delay = core::kForever;
  decision.next_expiry = 120'000ms;
  decision.timeout = 2ms;
  decision.decided_by = core::SleepReason::NextReadyCheck;
  EXPECT_EQ(sentence(decision), "sleeps 2 ms at most: then a waiting partition can become ready");
  const std::vector<Term> shown = terms(decision, config_of({}));
  EXPECT_EQ(value_of(shown, "next ready check"), "2 ms");
  EXPECT_EQ(value_of(shown, "not ready delay"), "none");
  EXPECT_EQ(source_of(shown, "timeout"), "decided by: next ready check");
}

TEST(Terms, NameTheirSettings) {
  const std::vector<Term> shown = terms(waiting(), config_of({{"linger.ms", "5"}}));
  EXPECT_EQ(value_of(shown, "full"), "no");
  EXPECT_EQ(source_of(shown, "full"), "batch.size 16384");
  EXPECT_EQ(value_of(shown, "waited"), "3 ms");
  EXPECT_EQ(source_of(shown, "expired"), "linger.ms 5");
  EXPECT_EQ(value_of(shown, "next look"), "in 2 ms");
}

TEST(Terms, ThatWereNotLookedAtAreNotShown) {
  core::ReadinessDecision decision = waiting();
  decision.verdict = ReadinessVerdict::Muted;
  const std::vector<Term> shown = terms(decision, config_of({}));
  EXPECT_EQ(value_of(shown, "leader"), "broker 0");
  EXPECT_EQ(value_of(shown, "full"), "(none)");
}

constexpr const char* kLingering = R"(
  warm = true
  [[topic]]
  name = "t"
  partitions = 2
  [producer]
  linger.ms = 5
  [[thread]]
  run = [ { send = "t", partition = 0 }, { until = "3ms" }, { send = "t", partition = 1 } ]
)";

TEST(DecisionKeeper, HasTheVeryDecisionsTheProducerActedOn) {
  const auto scenario = shared_scenario(kLingering);
  World world{scenario};
  TraceSink trace;
  DecisionKeeper keeper{core::ProducerIndex{0}};
  while (*next_due(world) <= Instant{3ms}) {
    step(world, trace);
    keeper.look(world, trace.take());
  }
  ASSERT_EQ(keeper.readiness().size(), 2u);
  const auto& [first, at] = keeper.readiness().at(kFirst);
  EXPECT_EQ(first, world.processes[0].producer.accumulator().queue(kFirst)->last_decision);
  EXPECT_EQ(first.verdict, ReadinessVerdict::Waiting);
  EXPECT_EQ(first.waited, 3ms);
  EXPECT_EQ(at, Instant{3ms});
  ASSERT_TRUE(keeper.sleep().has_value());
  EXPECT_EQ(keeper.sleep()->decision.timeout, 2ms);
  EXPECT_EQ(keeper.sleep()->decision.decided_by, core::SleepReason::NextReadyCheck);
}

TEST(ExplainDecisions, SaysWhyABatchWaits) {
  const std::string text = explain_decisions(shared_scenario(kLingering), Instant{3ms});
  EXPECT_NE(text.find("t-0  not ready: waited 3 ms of linger.ms 5; next look in 2 ms"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("t-1  not ready: waited 0 ms of linger.ms 5; next look in 5 ms"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("sender  sleeps 2 ms at most"), std::string::npos) << text;
}

TEST(ExplainDecisions, BeforeAnythingWasAppendedSaysSo) {
  const std::string text = explain_decisions(shared_scenario(R"(
    [[topic]]
    name = "t"
    [[thread]]
    run = [ { sleep = "10ms" }, { send = "t" } ]
  )"),
                                             Instant{1ms});
  EXPECT_NE(text.find("no partition has been looked at yet"), std::string::npos) << text;
}

}  // namespace
}  // namespace linger::sim
