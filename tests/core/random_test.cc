#include "core/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <set>

namespace linger::core::random_test {
namespace {

constexpr std::uint64_t kSeed = 42;

Random network_draws() {
  return Random{kSeed, RandomStream::Network};
}

TEST(Random, GivesTheSameDrawsOnEveryPlatform) {
  Random random = network_draws();
  EXPECT_EQ(random.next_u64(), 6143318025178984964u);
  EXPECT_EQ(random.next_u64(), 3111913416427148399u);
  EXPECT_EQ(draw(0, RandomStream::Network, 0), 2077113891230206638u);
  EXPECT_EQ(draw(std::numeric_limits<std::uint64_t>::max(), RandomStream::Brokers, 7),
            15712981959093015160u);
}

TEST(Random, MixesAsSplitMix64Does) {
  constexpr std::uint64_t kGoldenGamma = 0x9e3779b97f4a7c15u;
  EXPECT_EQ(mixed(1'234'567 + kGoldenGamma), 6457827717110365317u);
  EXPECT_EQ(mixed(1'234'567 + 2 * kGoldenGamma), 3203168211198807973u);
}

TEST(Random, ADrawDependsOnSeedStreamAndIndexAlone) {
  Random random = network_draws();
  for (std::uint64_t index = 0; index < 10; ++index) {
    EXPECT_EQ(random.next_u64(), draw(kSeed, RandomStream::Network, index));
  }
  EXPECT_EQ(random.draws_taken(), 10u);
}

TEST(Random, StreamsSeedsAndPartsDoNotShareDraws) {
  std::set<std::uint64_t> draws;
  for (std::uint64_t index = 0; index < 100; ++index) {
    draws.insert(draw(kSeed, RandomStream::Network, index));
    draws.insert(draw(kSeed, RandomStream::Brokers, index));
    draws.insert(draw(kSeed + 1, RandomStream::Network, index));
  }
  EXPECT_EQ(draws.size(), 300u);
  EXPECT_NE((Random{kSeed, RandomStream::Network, 1}.next_u64()),
            (Random{kSeed, RandomStream::Network, 2}.next_u64()));
  EXPECT_EQ((Random{kSeed, RandomStream::Network, 0}), network_draws());
}

TEST(Random, ACopyGoesOnWithTheSameDraws) {
  Random random = network_draws();
  random.next_u64();
  Random copy = random;
  EXPECT_EQ(copy, random);
  EXPECT_EQ(copy.next_u64(), random.next_u64());
  random.next_u64();
  EXPECT_NE(copy, random);
}

TEST(Random, BelowReachesEveryNumberUnderItsBoundAboutEquallyOften) {
  Random random = network_draws();
  std::array<int, 7> counts{};
  for (int i = 0; i < 7'000; ++i) ++counts[random.below(7)];
  for (const int count : counts) {
    EXPECT_GT(count, 850);
    EXPECT_LT(count, 1'150);
  }
}

TEST(Random, BelowOneIsAlwaysZeroAndBelowZeroIsAMistake) {
  Random random = network_draws();
  EXPECT_EQ(random.below(1), 0u);
  EXPECT_THROW(random.below(0), CheckFailure);
}

TEST(Random, BelowStaysUnderTheLargestBounds) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
  Random random = network_draws();
  bool reaches_upper_half = false;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t drawn = random.below(kLargest);
    EXPECT_LT(drawn, kLargest);
    reaches_upper_half |= drawn > kLargest / 2;
  }
  EXPECT_TRUE(reaches_upper_half);
}

TEST(Random, UniformIncludesBothEndsOfItsRange) {
  Random random = network_draws();
  std::set<std::int64_t> drawn;
  for (int i = 0; i < 200; ++i) drawn.insert(random.uniform(-2, 3));
  EXPECT_EQ(drawn, (std::set<std::int64_t>{-2, -1, 0, 1, 2, 3}));
  EXPECT_EQ(random.uniform(5, 5), 5);
  EXPECT_THROW(random.uniform(6, 5), CheckFailure);
}

TEST(Random, UniformCanSpanAllIntegers) {
  Random random = network_draws();
  bool is_negative = false;
  bool is_positive = false;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t drawn = random.uniform(std::numeric_limits<std::int64_t>::min(),
                                              std::numeric_limits<std::int64_t>::max());
    is_negative |= drawn < 0;
    is_positive |= drawn > 0;
  }
  EXPECT_TRUE(is_negative && is_positive);
}

TEST(Random, NextI32IsAsOftenNegativeAsNot) {
  Random random = network_draws();
  int negatives = 0;
  for (int i = 0; i < 1'000; ++i) negatives += random.next_i32() < 0 ? 1 : 0;
  EXPECT_GT(negatives, 420);
  EXPECT_LT(negatives, 580);
}

TEST(Random, AChanceComesTrueAsOftenAsItsRatioSays) {
  Random random = network_draws();
  int hits = 0;
  for (int i = 0; i < 10'000; ++i) hits += random.chance(Ratio{1, 20}) ? 1 : 0;
  EXPECT_GT(hits, 420);
  EXPECT_LT(hits, 580);
}

TEST(Random, ACertainChanceTakesADrawAllTheSame) {
  Random random = network_draws();
  EXPECT_FALSE(random.chance(Ratio{0, 1}));
  EXPECT_TRUE(random.chance(Ratio{1, 1}));
  EXPECT_EQ(random.draws_taken(), 2u);
}

TEST(Random, AChanceAboveOneIsAMistake) {
  Random random = network_draws();
  EXPECT_THROW(random.chance(Ratio{2, 1}), CheckFailure);
  EXPECT_THROW(random.chance(Ratio{0, 0}), CheckFailure);
}

}  // namespace
}  // namespace linger::core::random_test
