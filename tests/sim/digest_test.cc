#include "sim/digest.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "support/event_samples.h"

namespace linger::sim {
namespace {

TraceEvent pass(std::int64_t number, std::int64_t step = 1) {
  return {Instant{Duration{5}}, step, core::ProducerIndex{0},
          core::SenderPassStarted{.pass = number}};
}
TraceEvent ended(std::int32_t thread) {
  return {Instant{Duration{5}}, 1, std::nullopt, SimEvent{ThreadEnded{core::ThreadId{thread}}}};
}

TEST(Digests, EqualTracesHaveEqualDigests) {
  Digests a;
  Digests b;
  for (const TraceEvent& event : samples(true)) a.add(event);
  for (const TraceEvent& event : samples(true)) b.add(event);
  EXPECT_EQ(a, b);
}

TEST(Digests, EveryEventAndEveryFieldCounts) {
  std::set<std::uint64_t> wholes;
  for (const bool is_filled : {false, true}) {
    for (const TraceEvent& event : samples(is_filled)) {
      Digests digests;
      digests.add(event);
      wholes.insert(digests.whole());
    }
  }
  // Two of the kinds, filled or not, may be the same only if they have no fields.
  EXPECT_EQ(wholes.size(), samples(true).size() * 2);
}

TEST(Digests, AnEventMovesItsStreamAndTheWholeAlone) {
  Digests before;
  before.add(pass(0));
  before.add(ended(0));
  Digests after = before;
  after.add(ended(1));
  EXPECT_NE(after.of(core::Stream::Application), before.of(core::Stream::Application));
  EXPECT_EQ(after.of(core::Stream::Producer), before.of(core::Stream::Producer));
  EXPECT_NE(after.whole(), before.whole());
}

TEST(Digests, OrderCounts) {
  Digests a;
  a.add(pass(0));
  a.add(pass(1));
  Digests b;
  b.add(pass(1));
  b.add(pass(0));
  EXPECT_NE(a.of(core::Stream::Producer), b.of(core::Stream::Producer));

  Digests c;
  c.add(pass(0));
  c.add(ended(0));
  Digests d;
  d.add(ended(0));
  d.add(pass(0));
  EXPECT_EQ(c.of(core::Stream::Producer), d.of(core::Stream::Producer));
  EXPECT_NE(c.whole(), d.whole());
}

TEST(Digests, TheStepCountsInTheWholeAlone) {
  Digests a;
  a.add(pass(0, 1));
  Digests b;
  b.add(pass(0, 2));
  EXPECT_EQ(a.of(core::Stream::Producer), b.of(core::Stream::Producer));
  EXPECT_NE(a.whole(), b.whole());
}

// The numbers themselves: they must not change from machine to machine.
TEST(Digests, AreTheSameEverywhere) {
  Digests digests;
  digests.add(pass(7));
  digests.add({Instant{Duration{-1}}, 2, std::nullopt,
               core::Logged{core::LogLevel::Warn, "größe and more than eight bytes"}});
  EXPECT_EQ(digest_text(digests.of(core::Stream::Producer)), "30928ab79faf2984");
  EXPECT_EQ(digest_text(digests.whole()), "672d68d3358a5661");
  EXPECT_EQ(digest_text(255), "00000000000000ff");
}

TEST(Digests, AsTextHaveALineForEachStream) {
  EXPECT_EQ(text(Digests{}),
            "application  0000000000000000\n"
            "producer     0000000000000000\n"
            "network      0000000000000000\n"
            "brokers      0000000000000000\n"
            "decisions    0000000000000000\n"
            "whole        0000000000000000\n");
}

}  // namespace
}  // namespace linger::sim
