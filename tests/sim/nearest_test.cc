#include "sim/nearest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace linger::sim {
namespace {

const std::vector<std::string> kKeys{"latency", "jitter", "bandwidth"};

TEST(Nearest, AMissingOrSwappedLetterIsForgiven) {
  EXPECT_EQ(nearest("latenc", kKeys), "latency");
  EXPECT_EQ(nearest("latnecy", kKeys), "latency");
  EXPECT_EQ(nearest("Latency", kKeys), "latency");
  EXPECT_EQ(nearest("jiter", kKeys), "jitter");
}

TEST(Nearest, AnotherWordIsNot) {
  EXPECT_EQ(nearest("delay", kKeys), std::nullopt);
  EXPECT_EQ(nearest("", kKeys), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'x'), kKeys), std::nullopt);
}

TEST(Nearest, AMessageNamesTheNearestOrAllOfThem) {
  EXPECT_EQ(suggestion("latenc", kKeys), "did you mean 'latency'?");
  EXPECT_EQ(suggestion("delay", kKeys), "one of: latency, jitter, bandwidth");
  EXPECT_EQ(suggestion("delay", {}), "");
}

}  // namespace
}  // namespace linger::sim
