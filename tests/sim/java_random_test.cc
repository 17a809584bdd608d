#include "sim/java_random.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace linger::sim {
namespace {

using Numbers = std::vector<std::int32_t>;

// new Random(0).nextInt(), a few times, with the sign taken off: -1155484576, -723955400, …
TEST(JavaRandom, DrawsWhatJavaDraws) {
  EXPECT_EQ(draws_of({.seed = 0, .count = 3}),
            (Numbers{1'569'741'360, 1'785'505'948, 516'548'029}));
}

TEST(JavaRandom, WhatASeriesSkipsComesLast) {
  const Numbers whole = draws_of({.seed = 0, .count = 3});
  EXPECT_EQ(draws_of({.seed = 0, .count = 3, .skip = 1}), (Numbers{whole[1], whole[2], whole[0]}));
}

TEST(JavaRandom, ASeriesIsRecognized) {
  const auto series = java_series_of(draws_of({.seed = 0, .count = 40, .skip = 1}));
  ASSERT_TRUE(series);
  EXPECT_EQ(series->count, 40u);
  EXPECT_EQ(series->skip, 1u);
  EXPECT_FALSE(java_series_of({1, 2, 3}));
  EXPECT_FALSE(java_series_of({}));
}

}  // namespace
}  // namespace linger::sim
