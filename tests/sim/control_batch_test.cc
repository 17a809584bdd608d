// Markers: what stands in a control batch, and what is none.
#include "sim/control_batch.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "core/byte_writer.h"
#include "core/record.h"
#include "core/record_batch.h"

namespace linger::sim {
namespace {

constexpr core::ProducerIdAndEpoch kMarkedProducer{1'000, 7};

struct RawMarker {
  std::int16_t key_version = 0;
  std::int16_t type = 1;
  std::int16_t value_version = 0;
  bool has_coordinator_epoch = true;
  bool is_newer = false;  // key and value go on behind what is known
  std::int16_t attributes = core::kTransactionalFlag | core::kControlFlag;
};

core::ByteVector raw_control_batch(const RawMarker& raw) {
  core::Record record;
  core::ByteWriter key{record.key.emplace()};
  key.integer(raw.key_version);
  key.integer(raw.type);
  core::ByteWriter value{record.value.emplace()};
  value.integer(raw.value_version);
  if (raw.has_coordinator_epoch) value.integer(std::int32_t{42});
  if (raw.is_newer) {
    key.integer(std::int32_t{7});
    value.integer(std::int64_t{8});
  }
  core::ByteVector batch(core::kRecordBatchHeaderSize);
  core::append_record(batch, 0, 0, record.view());
  core::write_batch_header(batch, {.attributes = raw.attributes,
                                   .producer_id_and_epoch = kMarkedProducer,
                                   .base_sequence = -1,
                                   .record_count = 1});
  return batch;
}

TEST(ControlBatch, AMarkerIsReadAsItWasWritten) {
  for (const MarkerType type : {MarkerType::Commit, MarkerType::Abort}) {
    const Marker marker{type, kMarkedProducer, 3};
    EXPECT_EQ(decode_marker(encode_marker(marker, 5)), marker);
  }
}

TEST(ControlBatch, AMarkerIsOneRecordOfATransactionWithoutASequence) {
  const auto batch = core::decode_batch(encode_marker({MarkerType::Commit, kMarkedProducer, 3}, 5));
  ASSERT_TRUE(batch.ok());
  EXPECT_TRUE(batch->header.is_control());
  EXPECT_TRUE(batch->header.is_transactional());
  EXPECT_EQ(batch->header.base_sequence, -1);
  EXPECT_EQ(batch->header.record_count, 1);
  EXPECT_EQ(batch->header.producer_id_and_epoch, kMarkedProducer);
}

TEST(ControlBatch, TheKindsAreAbortAndCommitAndNoOther) {
  EXPECT_EQ(decode_marker(raw_control_batch({.type = 0}))->type, MarkerType::Abort);
  EXPECT_EQ(decode_marker(raw_control_batch({.type = 1}))->type, MarkerType::Commit);
  EXPECT_EQ(decode_marker(raw_control_batch({.type = 2})), std::nullopt);
  EXPECT_EQ(decode_marker(raw_control_batch({.type = -1})), std::nullopt);
}

TEST(ControlBatch, ANegativeVersionIsNone) {
  EXPECT_EQ(decode_marker(raw_control_batch({.key_version = -1})), std::nullopt);
  EXPECT_EQ(decode_marker(raw_control_batch({.value_version = -1})), std::nullopt);
}

TEST(ControlBatch, TooFewBytesAreNone) {
  EXPECT_EQ(decode_marker(raw_control_batch({.has_coordinator_epoch = false})), std::nullopt);
}

TEST(ControlBatch, ANewerVersionIsReadAsFarAsItIsKnown) {
  const Marker known{MarkerType::Commit, kMarkedProducer, 42};
  EXPECT_EQ(
      decode_marker(raw_control_batch({.key_version = 1, .value_version = 1, .is_newer = true})),
      known);
}

TEST(ControlBatch, ABatchOfTheProducersOwnIsNone) {
  EXPECT_EQ(decode_marker(raw_control_batch({.attributes = core::kTransactionalFlag})),
            std::nullopt);
}

}  // namespace
}  // namespace linger::sim
