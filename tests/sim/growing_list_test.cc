#include "sim/growing_list.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace linger::sim {
namespace {

constexpr std::size_t kMany = 10'000;

GrowingList<std::string> numbers(std::size_t count) {
  GrowingList<std::string> list;
  for (std::size_t i = 0; i < count; ++i) list.emplace_back(std::to_string(i));
  return list;
}

TEST(GrowingList, HoldsWhatWasAddedInItsOrder) {
  const GrowingList<std::string> list = numbers(kMany);

  ASSERT_EQ(list.size(), kMany);
  std::size_t next = 0;
  for (const std::string& one : list) {
    ASSERT_EQ(one, std::to_string(next));
    ASSERT_EQ(one, list[next]);
    ++next;
  }
  EXPECT_EQ(next, kMany);
}

TEST(GrowingList, WhatIsInALongListIsNotMovedWhenItGrows) {
  GrowingList<std::string> list = numbers(kMany / 2);
  const std::string* const place = &list[kMany / 2 - 1];
  while (list.size() < kMany) list.emplace_back("more");

  EXPECT_EQ(place, &list[kMany / 2 - 1]);
  EXPECT_EQ(*place, std::to_string(kMany / 2 - 1));
}

TEST(GrowingList, AllOfItIsTakenAndMayBeMoveOnly) {
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{256}, kMany}) {
    GrowingList<std::unique_ptr<std::size_t>> list;
    for (std::size_t i = 0; i < count; ++i) list.emplace_back(std::make_unique<std::size_t>(i));
    const std::vector<std::unique_ptr<std::size_t>> all = list.take();

    ASSERT_EQ(all.size(), count);
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(*all[i], i);
    EXPECT_TRUE(list.empty());
    EXPECT_EQ(list.size(), 0u);
  }
}

TEST(GrowingList, BeginsAnewWhenItIsCleared) {
  GrowingList<std::string> list = numbers(kMany);
  list.clear();
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.begin(), list.end());

  list.emplace_back("one");
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0], "one");
}

}  // namespace
}  // namespace linger::sim
