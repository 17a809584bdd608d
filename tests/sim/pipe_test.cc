#include "sim/pipe.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/time.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

SharedBytes bytes(std::string_view text) {
  return SharedBytes{core::ByteVector(text.begin(), text.end())};
}

std::string text(const SharedBytes& bytes) {
  return core::text_of(bytes.span());
}

Instant at(Duration since_start) {
  return Instant{} + since_start;
}

Pipe new_pipe() {
  return Pipe{core::Random{1, core::RandomStream::Network}};
}

constexpr LinkConditions kMillisecondLink{.latency = 1ms};

TEST(Pipe, AWriteArrivesOneLatencyLater) {
  Pipe pipe = new_pipe();
  pipe.push(bytes("hello"));
  const auto departure = pipe.depart(kMillisecondLink, at(10ms));
  ASSERT_TRUE(departure);
  EXPECT_EQ(text(departure->bytes), "hello");
  EXPECT_EQ(departure->link_free, at(10ms));
  EXPECT_EQ(departure->arrives, at(11ms));
  EXPECT_FALSE(pipe.depart(kMillisecondLink, at(10ms)));
}

TEST(Pipe, WhatIsLargerThanASegmentIsCut) {
  Pipe pipe = new_pipe();
  const LinkConditions link{.latency = 1ms, .segment = Bytes{4}};
  pipe.push(bytes("abcdefghij"));
  EXPECT_EQ(text(pipe.depart(link, at(0ms))->bytes), "abcd");
  EXPECT_EQ(text(pipe.depart(link, at(0ms))->bytes), "efgh");
  EXPECT_EQ(pipe.waiting(), Bytes{2});
  EXPECT_EQ(text(pipe.depart(link, at(0ms))->bytes), "ij");
}

TEST(Pipe, SmallWritesThatWaitLeaveTogether) {
  Pipe pipe = new_pipe();
  const LinkConditions link{.latency = 1ms, .segment = Bytes{5}};
  pipe.push(bytes("ab"));
  pipe.push(bytes("cd"));
  pipe.push(bytes("efg"));
  EXPECT_EQ(text(pipe.depart(link, at(0ms))->bytes), "abcde");
  EXPECT_EQ(text(pipe.depart(link, at(0ms))->bytes), "fg");
}

TEST(Pipe, BandwidthHoldsTheLink) {
  Pipe pipe = new_pipe();
  const LinkConditions link{.latency = 1ms, .bandwidth = Bytes{1'000'000}};
  pipe.push(SharedBytes{core::ByteVector(2'500)});
  const auto departure = pipe.depart(link, at(0ms));
  EXPECT_EQ(departure->link_free, at(2500us));
  EXPECT_EQ(departure->arrives, at(3500us));
}

TEST(Pipe, TheTimeOnTheLinkIsRoundedUp) {
  Pipe pipe = new_pipe();
  pipe.push(bytes("a"));
  EXPECT_EQ(pipe.depart({.bandwidth = Bytes{3}}, at(0ms))->link_free, at(333'334us));
}

TEST(Pipe, NothingOvertakesWhatLeftEarlier) {
  Pipe pipe = new_pipe();
  pipe.push(bytes("slow"));
  EXPECT_EQ(pipe.depart({.latency = 50ms}, at(0ms))->arrives, at(50ms));
  pipe.push(bytes("fast"));
  EXPECT_EQ(pipe.depart({.latency = 1ms}, at(1ms))->arrives, at(50ms));
  EXPECT_EQ(pipe.arrival_of_signal({.latency = 1ms}, at(2ms)), at(50ms));
}

TEST(Pipe, JitterIsAddedWithinItsBoundsAndReproducibly) {
  Pipe one = new_pipe();
  Pipe other = new_pipe();
  const LinkConditions link{.latency = 1ms, .jitter = 2ms};
  for (int i = 0; i < 100; ++i) {
    const Instant now = at(i * 10ms);
    const Instant arrival = one.arrival_of_signal(link, now);
    EXPECT_GE(arrival, now + 1ms);
    EXPECT_LE(arrival, now + 3ms);
    EXPECT_EQ(arrival, other.arrival_of_signal(link, now));
  }
}

TEST(Pipe, WhatWaitsCanBeDiscarded) {
  Pipe pipe = new_pipe();
  pipe.push(bytes("lost"));
  pipe.discard_waiting();
  EXPECT_EQ(pipe.waiting(), Bytes{0});
  EXPECT_FALSE(pipe.depart(kMillisecondLink, at(0ms)));
}

}  // namespace
}  // namespace linger::sim
