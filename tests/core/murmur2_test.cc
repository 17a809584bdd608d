#include "core/murmur2.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace linger::core::murmur2_test {
namespace {

struct Vector {
  std::string_view key;
  std::int32_t hash;
  std::int32_t positive;
  std::int32_t of_3;
  std::int32_t of_6;
  std::int32_t of_10;
  std::int32_t of_12;
};

using namespace std::string_view_literals;

// Answers of the Java client.
constexpr Vector kVectors[] = {
    {""sv, 275646681, 275646681, 0, 3, 1, 9},
    {"a"sv, -1563381124, 584102524, 1, 4, 4, 4},
    {"b"sv, -1853091852, 294391796, 2, 2, 6, 8},
    {"ab"sv, 316155434, 316155434, 2, 2, 4, 2},
    {"abc"sv, 479470107, 479470107, 0, 3, 7, 3},
    {"abcd"sv, -1323649548, 823834100, 2, 2, 0, 8},
    {"21"sv, -973932308, 1173551340, 0, 0, 0, 0},
    {"foobar"sv, -790332482, 1357151166, 0, 0, 6, 6},
    {"a-little-bit-long-string"sv, -985981536, 1161502112, 2, 2, 2, 8},
    {"a-little-bit-longer-string"sv, -1486304829, 661178819, 2, 5, 9, 11},
    {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8"sv, -58897971, 2088585677, 2, 5, 7, 5},
    {"key"sv, -1079937367, 1067546281, 1, 1, 1, 1},
    {"key-0"sv, 29210041, 29210041, 1, 1, 1, 1},
    {"key-1"sv, 193331640, 193331640, 0, 0, 0, 0},
    {"key-2"sv, 852269702, 852269702, 2, 2, 2, 2},
    {"user-42"sv, 1459644460, 1459644460, 1, 4, 0, 4},
    {"0"sv, 971027396, 971027396, 2, 2, 6, 8},
    {"1"sv, -1993445489, 154038159, 0, 3, 9, 3},
    {"kafka"sv, -798503068, 1348980580, 1, 4, 0, 4},
    {"hello world"sv, 1221641059, 1221641059, 1, 1, 9, 7},
    {"order:1001"sv, -387652882, 1759830766, 1, 4, 6, 10},
    {"gr\xc3\xbc\xc3\x9f"sv, -860645353, 1286838295, 1, 1, 5, 7},
    {"\x00"sv, 375494588, 375494588, 2, 2, 8, 8},
    {"\x00\x00\x00\x00"sv, 850957120, 850957120, 1, 4, 0, 4},
    {"\xff"sv, -311467685, 1836015963, 0, 3, 3, 3},
    {"\xff\xff\xff\xff"sv, 644171429, 644171429, 2, 5, 9, 5},
    {"\x80\x81\x82"sv, -1975640061, 171843587, 2, 5, 7, 11},
    {"\x00\x00\x00\x01"sv, -173113808, 1974369840, 0, 0, 0, 0},
    {"\x00\x00\x00\x00\x00\x00\x00\x01"sv, 2100486060, 2100486060, 0, 0, 0, 0},
};

TEST(Murmur2, HashesAsTheJavaClientDoes) {
  for (const Vector& row : kVectors) {
    EXPECT_EQ(murmur2(bytes_of(row.key)), row.hash) << row.key;
    EXPECT_EQ(to_positive(row.hash), row.positive) << row.key;
  }
}

TEST(Murmur2, AKeyHasOnePartitionForEachNumberOfPartitions) {
  for (const Vector& row : kVectors) {
    EXPECT_EQ(partition_for_key(bytes_of(row.key), 3), row.of_3) << row.key;
    EXPECT_EQ(partition_for_key(bytes_of(row.key), 6), row.of_6) << row.key;
    EXPECT_EQ(partition_for_key(bytes_of(row.key), 10), row.of_10) << row.key;
    EXPECT_EQ(partition_for_key(bytes_of(row.key), 12), row.of_12) << row.key;
  }
}

TEST(Murmur2, AddingPartitionsMovesAKey) {
  EXPECT_EQ(partition_for_key(bytes_of("user-42"), 3), 1);
  EXPECT_EQ(partition_for_key(bytes_of("user-42"), 6), 4);
}

TEST(Murmur2, ToPositiveClearsTheSignBitAndIsNotTheAbsoluteValue) {
  EXPECT_EQ(to_positive(-1), 2147483647);
  EXPECT_EQ(to_positive(-2), 2147483646);
  EXPECT_EQ(to_positive(std::numeric_limits<std::int32_t>::min()), 0);
  EXPECT_EQ(to_positive(2147483647), 2147483647);
  EXPECT_EQ(to_positive(5), 5);
  EXPECT_EQ(to_positive(0), 0);
}

TEST(Murmur2, ATopicWithoutPartitionsHasNoneForAKey) {
  EXPECT_THROW(partition_for_key(bytes_of("key"), 0), CheckFailure);
}

}  // namespace
}  // namespace linger::core::murmur2_test
