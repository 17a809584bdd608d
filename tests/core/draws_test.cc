#include "core/draws.h"

#include <gtest/gtest.h>

namespace linger::core::draws_test {
namespace {

constexpr Random kRandom{1, RandomStream::PartitionChoice};

TEST(Draws, ComeFromTheirStreamAsNumbersOf31Bits) {
  Random stream = kRandom;
  Draws draws{kRandom};
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(draws.next_31_bits(), static_cast<std::int32_t>(stream.next_u64() & 0x7fffffff));
  }
  EXPECT_EQ(draws.taken(), 10u);
}

TEST(Draws, ThatArePinnedAreReadFromAListThatStartsOver) {
  Draws draws{kRandom, {7, 0, 5}};
  EXPECT_EQ(draws.next_31_bits(), 7);
  EXPECT_EQ(draws.next_31_bits(), 0);
  EXPECT_EQ(draws.next_31_bits(), 5);
  EXPECT_EQ(draws.next_31_bits(), 7);
  EXPECT_EQ(draws.taken(), 4u);
}

TEST(Draws, AnEmptyListPinsNothing) {
  Draws draws{kRandom, {}};
  EXPECT_FALSE(draws.is_pinned());
  EXPECT_EQ(draws, Draws{kRandom});
}

// The first numbers of new Random(0): next(31) is 1569741360, then 1785505948.
TEST(Draws, BelowABoundAreAsJavaMakesThemOfPinnedNumbers) {
  Draws draws{kRandom, {1'569'741'360, 1'785'505'948}};
  EXPECT_EQ(draws.below(10), 0);
  EXPECT_EQ(draws.below(10), 8);
  EXPECT_EQ(draws.below(2), 1);  // a power of two: the upper bits
  EXPECT_EQ(draws.below(3), 1);
}

TEST(Draws, ACopyGoesOnByItself) {
  Draws draws{kRandom, {1, 2}};
  Draws copy = draws;
  EXPECT_EQ(draws.next_31_bits(), 1);
  EXPECT_EQ(copy.next_31_bits(), 1);
  EXPECT_EQ(copy, draws);
  copy.next_31_bits();
  EXPECT_FALSE(copy == draws);
}

}  // namespace
}  // namespace linger::core::draws_test
