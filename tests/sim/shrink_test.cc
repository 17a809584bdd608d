#include "sim/shrink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "sim/choices.h"

namespace linger::sim {
namespace {

TEST(Shrink, KeepsWhatMattersAndNothingElse) {
  const auto has_a_nine = [](const ChoiceList& choices) {
    return std::any_of(choices.begin(), choices.end(), [](auto c) { return c >= 9; });
  };
  EXPECT_EQ(shrunk({3, 0, 77, 12, 5, 40, 9, 1}, has_a_nine), (ChoiceList{9}));
}

TEST(Shrink, LowersSeveralThatDependOnEachOther) {
  const auto sum_is_large = [](const ChoiceList& choices) {
    return std::accumulate(choices.begin(), choices.end(), 0u) >= 100;
  };
  const ChoiceList small = shrunk(ChoiceList(50, 60), sum_is_large);
  EXPECT_EQ(std::accumulate(small.begin(), small.end(), 0u), 100u);
  EXPECT_LE(small.size(), 2u);
}

TEST(Shrink, StopsAfterSoManyTries) {
  int tries = 0;
  const ChoiceList same = shrunk(
      ChoiceList(100, 5),
      [&](const ChoiceList&) {
        ++tries;
        return false;
      },
      25);
  EXPECT_EQ(tries, 25);
  EXPECT_EQ(same, ChoiceList(100, 5));
}

TEST(Choices, ThatWereMadeAreMadeAgain) {
  Choices drawn{7};
  const auto first = drawn.from(10, 20);
  const bool second = drawn.once_in(2);
  Choices again{drawn.made()};
  EXPECT_EQ(again.from(10, 20), first);
  EXPECT_EQ(again.once_in(2), second);
}

TEST(Choices, ThatAreMissingAreThePlainest) {
  Choices none{ChoiceList{}};
  EXPECT_EQ(none.from(3, 9), 3);
  EXPECT_FALSE(none.once_in(2));
  EXPECT_EQ(none.one_of({5, 6, 7}), 5);
}

}  // namespace
}  // namespace linger::sim
