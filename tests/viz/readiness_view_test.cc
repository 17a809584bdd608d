#include "viz/readiness_view.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "viewer_fixture.h"

namespace linger::viz {
namespace {

const Term& term(const std::vector<Term>& terms, std::string_view name) {
  return *std::find_if(terms.begin(), terms.end(),
                       [name](const Term& one) { return one.name == name; });
}

ReadinessView shown(const ViewerState& state, std::int32_t partition = 0) {
  return readiness_view(scene(state), lane(partition));
}

TEST(ReadinessView, SaysSoIfTheSenderHasNotLookedYet) {
  const ReadinessView view = shown(viewer_of(kLinger));
  EXPECT_FALSE(view.was_looked_at);
  EXPECT_EQ(view.partition, "orders-0");
}

TEST(ReadinessView, ABatchThatLingersWaitsForItsTime) {
  const ReadinessView view = shown(viewer_at(kLinger, 2ms));
  EXPECT_FALSE(view.is_ready);
  EXPECT_EQ(view.verdict, core::ReadinessVerdict::Waiting);
  EXPECT_EQ(view.batch, batch(0));
  EXPECT_EQ(term(view.terms, "full").value, Truth::False);
  EXPECT_EQ(term(view.terms, "full").setting, "batch.size = 16384");
  EXPECT_EQ(term(view.terms, "expired").value, Truth::False);
  EXPECT_TRUE(term(view.terms, "expired").decides);
  EXPECT_EQ(term(view.terms, "expired").setting, "linger.ms = 5");
  ASSERT_TRUE(view.until);
  EXPECT_EQ(view.until->time, 3ms);
}

TEST(ReadinessView, WhenLingerIsOverTheTermThatMadeItReadyIsNamed) {
  ViewerState state = viewer_of(kLinger);
  handle(state, JumpTo{JumpTarget::Drain, Way::Forward});
  const ReadinessView view = shown(state);
  EXPECT_TRUE(view.is_ready);
  EXPECT_EQ(view.headline, "ready: expired");
  EXPECT_EQ(term(view.terms, "expired").what, "waited 5 ms of 5 ms");
  EXPECT_EQ(term(view.terms, "exhausted").value, Truth::False);
  EXPECT_FALSE(view.until);
  EXPECT_EQ(drain_view(scene(state), lane()).headline, "taken for broker 0");
}

TEST(ReadinessView, AThreadThatWaitsForMemoryMakesEverythingReady) {
  ViewerState state = viewer_of(kMemory);
  handle(state, JumpTo{JumpTarget::Drain, Way::Forward});
  const ReadinessView view = shown(state);
  EXPECT_EQ(term(view.terms, "exhausted").value, Truth::True);
  EXPECT_TRUE(term(view.terms, "exhausted").decides);
  EXPECT_EQ(term(view.terms, "exhausted").setting, "buffer.memory = 2000");
}

TEST(ReadinessView, TheOtherPartitionsOfAReadyNodeAreNotLookedAt) {
  ViewerState state = viewer_of(kMemory);
  handle(state, JumpTo{JumpTarget::Drain, Way::Forward});
  const ReadinessView view = shown(state, 1);
  EXPECT_EQ(view.verdict, core::ReadinessVerdict::NodeAlreadyReady);
  EXPECT_EQ(term(view.guards, "node already ready").value, Truth::True);
  EXPECT_EQ(term(view.guards, "muted").value, Truth::NotEvaluated);
  EXPECT_EQ(term(view.terms, "full").value, Truth::NotEvaluated);
}

TEST(ReadinessView, WithoutALeaderNothingElseIsAsked) {
  const ReadinessView view = shown(viewer_at(kExpiry, 50ms));
  EXPECT_EQ(view.verdict, core::ReadinessVerdict::NoLeader);
  EXPECT_TRUE(term(view.guards, "no leader").decides);
  EXPECT_EQ(term(view.terms, "expired").value, Truth::NotEvaluated);
}

TEST(ReadinessView, ABackoffIsNamedWithItsSettingAndItsEnd) {
  ViewerState state = viewer_of(kRetry);
  handle(state, JumpTo{JumpTarget::Retry, Way::Forward});
  handle(state, SeekTime{state.shown_at + 5ms});
  const ReadinessView view = shown(state);
  EXPECT_EQ(view.verdict, core::ReadinessVerdict::BackingOff);
  EXPECT_TRUE(term(view.guards, "backing off").decides);
  EXPECT_EQ(term(view.guards, "backing off").setting, "retry.backoff.ms = 20");
  ASSERT_TRUE(view.until);
  EXPECT_EQ(view.until->time, 15ms);
}

TEST(SleepView, HasNoTermsBeforeTheSenderHasAnything) {
  const ViewerState state = viewer_of(kLinger);
  const SleepView view = sleep_view(scene(state), core::ProducerIndex{0});
  EXPECT_EQ(view.headline, "the sender has not come to that yet");
  EXPECT_TRUE(view.rows.empty());
}

TEST(SleepView, NamesTheTimeThatDecides) {
  const ViewerState state = viewer_at(kLinger, 2ms);
  const SleepView view = sleep_view(scene(state), core::ProducerIndex{0});
  ASSERT_EQ(view.rows.size(), 3U);
  EXPECT_TRUE(view.rows[0].decides);
  EXPECT_EQ(view.rows[0].name, "next ready check");
  EXPECT_EQ(view.rows[0].time, "5 ms");
  EXPECT_EQ(view.rows[0].setting, "linger.ms = 5");
  EXPECT_EQ(view.headline, "asks its poll to wait 5 ms: until the next ready check");
}

TEST(NodeView, SaysWhatANodeLacks) {
  std::string toml{kLinger};
  toml.replace(0, toml.find("backoff_jitter"), "");
  ViewerState cold = viewer_of(toml);
  handle(cold, SeekTime{at(8ms)});
  for (const NodeView& node : node_views(scene(cold), core::ProducerIndex{0})) {
    if (node.is_ready) continue;
    EXPECT_TRUE(std::any_of(node.terms.begin(), node.terms.end(), [](const Term& one) {
      return one.decides && one.value == Truth::False;
    }));
  }
  const ViewerState warm = viewer_at(kLinger, 6ms);
  const std::vector<NodeView> nodes = node_views(scene(warm), core::ProducerIndex{0});
  ASSERT_EQ(nodes.size(), 1U);
  EXPECT_TRUE(nodes[0].is_ready);
  EXPECT_EQ(nodes[0].headline, "ready");
}

}  // namespace
}  // namespace linger::viz
