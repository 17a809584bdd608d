// The containers of ids: each beside the standard one that does the same.
#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "core/flat_map.h"
#include "core/id.h"
#include "core/id_window.h"
#include "core/in_flight_batches.h"
#include "core/random.h"

namespace linger::core::flat_map_test {
namespace {

template <class Map>
std::vector<std::pair<std::int32_t, int>> entries_of(const Map& map) {
  return {map.begin(), map.end()};
}

TEST(FlatMap, BehavesAsAMapDoesWhateverTheKeys) {
  for (const std::int32_t smallest : {0, -3, 1'000'000}) {
    Random random{1, RandomStream::Applications, 0};
    FlatMap<std::int32_t, int> flat;
    std::map<std::int32_t, int> map;
    for (int i = 0; i < 500; ++i) {
      const auto key = static_cast<std::int32_t>(smallest + random.uniform(0, 20));
      EXPECT_EQ(flat.contains(key), map.contains(key));
      if (random.uniform(0, 2) == 0) {
        EXPECT_EQ(flat.erase(key), map.erase(key));
      } else {
        EXPECT_EQ(flat.try_emplace(key, i).second, map.try_emplace(key, i).second);
      }
      ASSERT_EQ(entries_of(flat), entries_of(map));
    }
  }
}

TEST(IdWindow, KeepsWhatIsThereWhileIdsMoveOn) {
  Random random{1, RandomStream::Applications, 0};
  IdWindow<BatchId, std::int64_t> window;
  std::map<BatchId, std::int64_t> kept;
  for (std::int64_t i = 0; i < 1'000; ++i) {
    kept[window.next_id()] = i;
    window.add(i);
    while (kept.size() > 20) {
      const auto leaves = std::next(kept.begin(), random.uniform(0, 5));
      window.erase(leaves->first);
      kept.erase(leaves);
    }
    for (const auto& [id, value] : kept) ASSERT_EQ(window.at(id), value);
    std::vector<std::int64_t> walked;
    window.for_each([&walked](std::int64_t value) { walked.push_back(value); });
    ASSERT_EQ(walked.size(), kept.size());
  }
  EXPECT_FALSE(window.contains(BatchId{0}));
  EXPECT_FALSE(window.contains(window.next_id()));
}

TEST(InFlightBatches, AreWalkedByPartitionAndWithinItAsTheyWereSent) {
  InFlightBatches books;
  const auto tp = [](std::int32_t topic, std::int32_t partition) {
    return TopicPartition{TopicId{topic}, partition};
  };
  books.add(tp(1, 0), BatchId{1});
  books.add(tp(0, 5), BatchId{2});
  books.add(tp(0, 3), BatchId{3});
  books.add(tp(0, 5), BatchId{4});
  books.remove(tp(0, 3), BatchId{3});
  books.remove(tp(0, 4), BatchId{9});
  EXPECT_EQ(books.of(tp(0, 5)), (std::vector<BatchId>{BatchId{2}, BatchId{4}}));
  EXPECT_TRUE(books.of(tp(0, 3)).empty());

  std::vector<BatchId> walked;
  const auto walk = [&walked, &books] {
    walked.clear();
    books.for_each_partition([&walked](std::vector<BatchId>& batches) {
      walked.insert(walked.end(), batches.begin(), batches.end());
      batches.erase(batches.begin());
    });
    return walked;
  };
  EXPECT_EQ(walk(), (std::vector<BatchId>{BatchId{2}, BatchId{4}, BatchId{1}}));
  EXPECT_EQ(walk(), (std::vector<BatchId>{BatchId{4}})) << "the others have none left";
}

}  // namespace
}  // namespace linger::core::flat_map_test
