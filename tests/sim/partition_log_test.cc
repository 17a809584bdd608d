#include "sim/partition_log.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "core/check.h"
#include "core/record_batch.h"
#include "support/record_batches.h"

namespace linger::sim {
namespace {

constexpr std::int32_t kEpoch = 7;

std::int64_t append(PartitionLog& log, std::int32_t records) {
  const core::ByteVector batch = batch_bytes({.records = records});
  return log.append(header_of(batch), batch, kEpoch, {});
}

TEST(PartitionLog, OffsetsAreDense) {
  PartitionLog log;
  EXPECT_EQ(append(log, 3), 0);
  EXPECT_EQ(append(log, 1), 3);
  EXPECT_EQ(append(log, 5), 4);
  EXPECT_EQ(log.end_offset(), 9);
}

TEST(PartitionLog, AStoredBatchHasItsOffsetAndEpochAndAValidChecksum) {
  PartitionLog log;
  append(log, 2);
  append(log, 3);
  const core::Decoded<core::RecordBatch> stored = core::decode_batch(log.batch(1).bytes.span());
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored.value().header.base_offset, 2);
  EXPECT_EQ(stored.value().header.partition_leader_epoch, kEpoch);
  EXPECT_EQ(stored.value().header, log.batch(1).header);
}

TEST(PartitionLog, ABatchIsFoundByAnyOffsetInIt) {
  PartitionLog log;
  for (int i = 0; i < 200; ++i) append(log, 1 + i % 3);
  for (std::size_t i = 0; i < log.batch_count(); ++i) {
    EXPECT_EQ(log.find_batch(log.batch(i).base_offset()), i);
    EXPECT_EQ(log.find_batch(log.batch(i).end_offset() - 1), i);
  }
  EXPECT_EQ(log.find_batch(-1), log.batch_count());
  EXPECT_EQ(log.find_batch(log.end_offset()), log.batch_count());
}

TEST(PartitionLog, RecordsComeByAscendingOffsetWithWhoTheyAre) {
  PartitionLog log;
  append(log, 2);
  append(log, 1);
  log.annotate(0, {core::RecordId{10}, core::RecordId{11}});
  std::vector<std::optional<core::RecordId>> ids;
  std::int64_t expected_offset = 0;
  for (const LoggedRecord& record : log.records()) {
    EXPECT_EQ(record.offset, expected_offset++);
    ids.push_back(record.id);
  }
  EXPECT_EQ(expected_offset, 3);
  const std::vector<std::optional<core::RecordId>> expected{core::RecordId{10}, core::RecordId{11},
                                                            std::nullopt};
  EXPECT_EQ(ids, expected);
}

TEST(PartitionLog, ACopyDoesNotSeeWhatIsAppendedLater) {
  PartitionLog log;
  for (int i = 0; i < 100; ++i) append(log, 1);
  const PartitionLog copy = log;
  append(log, 1);
  log.annotate(40, {core::RecordId{1}});
  EXPECT_EQ(copy.end_offset(), 100);
  EXPECT_EQ(copy.batch_count(), 100u);
  EXPECT_TRUE(copy.batch(40).records.empty());
}

TEST(PartitionLog, AnAnnotationMustFitItsBatch) {
  PartitionLog log;
  append(log, 2);
  EXPECT_THROW(log.annotate(1, {core::RecordId{1}}), core::CheckFailure);
  EXPECT_THROW(log.annotate(0, {core::RecordId{1}}), core::CheckFailure);
}

}  // namespace
}  // namespace linger::sim
