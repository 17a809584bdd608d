#include "core/exponential_backoff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/check.h"

namespace linger::core::exponential_backoff_test {
namespace {

using Limit = ExponentialBackoff::Limit;

constexpr std::uint64_t kLowestDraw = 0;
constexpr std::uint64_t kHighestDraw = std::numeric_limits<std::uint64_t>::max();

ExponentialBackoff growing(Milliseconds initial, Milliseconds max,
                           Limit limit = Limit::AfterJitter) {
  return ExponentialBackoff{{.initial = initial, .max = max, .limit = limit}};
}

std::vector<std::int64_t> nominals(const ExponentialBackoff& backoff, std::int64_t count) {
  std::vector<std::int64_t> waits;
  for (std::int64_t n = 0; n < count; ++n) waits.push_back(backoff.nominal(n).count());
  return waits;
}

struct Window {
  std::int64_t shortest;
  std::int64_t longest;
  friend bool operator==(const Window&, const Window&) = default;
};

Window window(const ExponentialBackoff& backoff, std::int64_t attempts) {
  return {backoff.backoff(attempts, kLowestDraw).count(),
          backoff.backoff(attempts, kHighestDraw).count()};
}

TEST(ExponentialBackoff, DoublesUpToTheMaximum) {
  EXPECT_EQ(nominals(growing(50ms, 1s), 7),
            (std::vector<std::int64_t>{50, 100, 200, 400, 800, 1000, 1000}));
  EXPECT_EQ(nominals(growing(100ms, 1s), 6),
            (std::vector<std::int64_t>{100, 200, 400, 800, 1000, 1000}));
  EXPECT_EQ(nominals(growing(10s, 30s), 4),
            (std::vector<std::int64_t>{10000, 20000, 30000, 30000}));
}

TEST(ExponentialBackoff, ReachesAMaximumThatIsAPowerAwayExactly) {
  EXPECT_EQ(nominals(growing(100ms, 1600ms), 6),
            (std::vector<std::int64_t>{100, 200, 400, 800, 1600, 1600}));
}

TEST(ExponentialBackoff, JitterIsAFifthEitherWayAndTheMaximumLimitsIt) {
  const ExponentialBackoff reconnect = growing(50ms, 1s);
  EXPECT_EQ(window(reconnect, 0), (Window{40, 59}));
  EXPECT_EQ(window(reconnect, 1), (Window{80, 119}));
  EXPECT_EQ(window(reconnect, 2), (Window{160, 239}));
  EXPECT_EQ(window(reconnect, 3), (Window{320, 479}));
  EXPECT_EQ(window(reconnect, 4), (Window{640, 959}));
  EXPECT_EQ(window(reconnect, 5), (Window{800, 1000}));
}

TEST(ExponentialBackoff, BeforeKip580JitterMayExceedTheMaximum) {
  const ExponentialBackoff reconnect = growing(50ms, 1s, Limit::BeforeJitter);
  EXPECT_EQ(window(reconnect, 4), (Window{640, 959}));
  EXPECT_EQ(window(reconnect, 5), (Window{800, 1199}));
  EXPECT_EQ(window(reconnect, 100), (Window{800, 1199}));
}

TEST(ExponentialBackoff, RetriesWithTheDefaultsOf39WaitInTheseWindows) {
  const ExponentialBackoff retry = growing(100ms, 1s);
  EXPECT_EQ(window(retry, 0), (Window{80, 119}));
  EXPECT_EQ(window(retry, 3), (Window{640, 959}));
  EXPECT_EQ(window(retry, 4), (Window{800, 1000}));
}

TEST(ExponentialBackoff, AtTheMaximumAboutHalfOfTheDrawsWaitExactlyThatLong) {
  const ExponentialBackoff retry = growing(100ms, 1s);
  Random jitter{1, RandomStream::BackoffJitter};
  int at_maximum = 0;
  for (int i = 0; i < 1'000; ++i) at_maximum += retry.backoff(9, jitter) == 1s ? 1 : 0;
  EXPECT_GT(at_maximum, 430);
  EXPECT_LT(at_maximum, 570);
}

TEST(ExponentialBackoff, WithoutJitterTheWaitIsNominal) {
  const ExponentialBackoff backoff{{.initial = 100ms, .max = 1s, .jitter = {0, 1}}};
  EXPECT_FALSE(backoff.has_jitter());
  EXPECT_EQ(window(backoff, 2), (Window{400, 400}));
  EXPECT_EQ(window(backoff, 50), (Window{1000, 1000}));
}

TEST(ExponentialBackoff, AMaximumThatIsNotAboveTheInitialWaitMakesItConstant) {
  const ExponentialBackoff equal = growing(100ms, 100ms);
  EXPECT_TRUE(equal.is_constant());
  EXPECT_EQ(window(equal, 0), (Window{100, 100}));
  EXPECT_EQ(window(equal, 9), (Window{100, 100}));
  EXPECT_FALSE(growing(100ms, 101ms).is_constant());
}

TEST(ExponentialBackoff, AMaximumBelowTheInitialWaitWinsSinceKip580) {
  EXPECT_EQ(window(growing(5s, 1s), 3), (Window{1000, 1000}));
  EXPECT_EQ(window(growing(5s, 1s, Limit::BeforeJitter), 3), (Window{5000, 5000}));
}

TEST(ExponentialBackoff, AnInitialWaitOfZeroStaysZero) {
  EXPECT_EQ(window(growing(0ms, 1s), 20), (Window{0, 0}));
  EXPECT_EQ(window(ExponentialBackoff{}, 20), (Window{0, 0}));
}

TEST(ExponentialBackoff, AConstantWaitTakesNoDraw) {
  Random jitter{1, RandomStream::BackoffJitter};
  EXPECT_EQ(ExponentialBackoff::constant(100ms).backoff(7, jitter), 100ms);
  EXPECT_EQ(jitter.draws_taken(), 0u);
  growing(100ms, 1s).backoff(7, jitter);
  EXPECT_EQ(jitter.draws_taken(), 1u);
}

TEST(ExponentialBackoff, TheWaitGrowsWithTheDraw) {
  const ExponentialBackoff retry = growing(100ms, 1s);
  EXPECT_EQ(retry.backoff(0, kHighestDraw / 2 + 1), 100ms);
  EXPECT_EQ(retry.backoff(0, kHighestDraw / 4 + 1), 90ms);
}

TEST(ExponentialBackoff, NeitherTheLargestWaitNorEndlessAttemptsOverflow) {
  const ExponentialBackoff endless = growing(1ms, kForever);
  EXPECT_EQ(endless.nominal(62).count(), std::int64_t{1} << 62);
  EXPECT_EQ(endless.nominal(63), kForever);
  EXPECT_EQ(endless.nominal(std::numeric_limits<std::int64_t>::max()), kForever);
  EXPECT_EQ(endless.backoff(63, kHighestDraw), kForever);
  EXPECT_LT(endless.backoff(63, kLowestDraw), kForever);
  EXPECT_EQ(growing(1ms, kForever, Limit::BeforeJitter).backoff(63, kHighestDraw), kForever);
}

TEST(ExponentialBackoff, FullJitterMayCutTheWaitToNothing) {
  const ExponentialBackoff backoff{{.initial = 1h, .max = kForever, .jitter = {1, 1}}};
  EXPECT_EQ(backoff.backoff(50, kLowestDraw), 0ms);
}

TEST(ExponentialBackoff, RefusesJitterBeyondItsPrecision) {
  const auto with_jitter = [](Ratio jitter) {
    return ExponentialBackoff{{.initial = 1ms, .max = 2ms, .jitter = jitter}};
  };
  EXPECT_NO_THROW(with_jitter({99, 100}));
  EXPECT_THROW(with_jitter({1, 101}), CheckFailure);
  EXPECT_THROW(with_jitter({2, 1}), CheckFailure);
  EXPECT_THROW(with_jitter({0, 0}), CheckFailure);
}

}  // namespace
}  // namespace linger::core::exponential_backoff_test
