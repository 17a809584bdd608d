#include "core/java_hash.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace linger::core::java_hash_test {
namespace {

std::vector<std::size_t> order_of_partitions(const std::string& topic, std::int32_t count,
                                             InitialCapacity capacity) {
  std::vector<std::int32_t> hashes;
  for (std::int32_t i = 0; i < count; ++i) hashes.push_back(java_hash(topic, i));
  return java_hash_map_order(hashes, capacity);
}

using Order = std::vector<std::size_t>;

TEST(JavaHash, AStringHashesAsInJava) {
  EXPECT_EQ(java_hash(""), 0);
  EXPECT_EQ(java_hash("t"), 116);
  EXPECT_EQ(java_hash("orders"), -1008770331);
  EXPECT_EQ(java_hash("hello world"), 1794106052);
}

TEST(JavaHash, APartitionHashesItsNumberBeforeItsTopic) {
  EXPECT_EQ(java_hash("t", 0), 1077);
  EXPECT_EQ(java_hash("t", 1), 1108);
}

TEST(JavaHash, SixPartitionsOfTopicTComeBackwards) {
  EXPECT_EQ(order_of_partitions("t", 6, {6}), (Order{5, 4, 3, 2, 1, 0}));
  EXPECT_EQ(order_of_partitions("t", 6, {16}), (Order{5, 4, 3, 2, 1, 0}));
}

TEST(JavaHash, TheSizeOfTheTableDecidesTheOrder) {
  EXPECT_EQ(order_of_partitions("t", 3, {3}), (Order{1, 0, 2}));   // a table of 4
  EXPECT_EQ(order_of_partitions("t", 3, {16}), (Order{2, 1, 0}));  // of 16
}

TEST(JavaHash, ATableDoublesWhenItIsMoreThanThreeQuartersFull) {
  // Three entries fill a table of 4 to three quarters; a fourth makes it a table of 8.
  EXPECT_EQ(order_of_partitions("t", 4, {4}), (Order{3, 2, 1, 0}));
  // 12 entries stay in 16 buckets, 13 take 32.
  const std::vector<std::int32_t> twelve{16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  EXPECT_EQ(java_hash_map_order(twelve).front(), 0u);  // 16 shares bucket 0, and came first
  std::vector<std::int32_t> thirteen = twelve;
  thirteen.push_back(11);
  EXPECT_EQ(java_hash_map_order(thirteen).front(), 1u);  // 16 has a bucket of its own
}

TEST(JavaHash, EntriesOfOneBucketKeepTheirOrderOfInsertion) {
  const std::vector<std::int32_t> hashes{32, 1, 16, 0};
  EXPECT_EQ(java_hash_map_order(hashes), (Order{0, 2, 3, 1}));
}

TEST(JavaHash, TheUpperHalfOfAHashTakesPart) {
  const std::vector<std::int32_t> hashes{0x00050000, 0x00000003};
  EXPECT_EQ(java_hash_map_order(hashes), (Order{1, 0}));
}

TEST(JavaHash, AnEmptyMapHasNoOrder) {
  EXPECT_TRUE(java_hash_map_order({}).empty());
  EXPECT_TRUE(java_hash_map_order({}, InitialCapacity{0}).empty());
}

}  // namespace
}  // namespace linger::core::java_hash_test
