#include "sim/producer_state.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace linger::sim {
namespace {

constexpr std::int64_t kProducerId = 1000;

struct Range {
  std::int32_t first = 0;
  std::int32_t last = 0;
};

core::RecordBatchHeader batch(std::int16_t epoch, Range sequences, std::int32_t records = 0) {
  core::RecordBatchHeader header;
  header.producer_id_and_epoch = {kProducerId, epoch};
  header.base_sequence = sequences.first;
  header.record_count = records > 0 ? records : sequences.last - sequences.first + 1;
  header.last_offset_delta = header.record_count - 1;
  return header;
}

std::string answer(const ProducerStateManager& state, const core::RecordBatchHeader& batch,
                   UnknownProducer unknown = UnknownProducer::Any) {
  const ProducerStateManager::Verdict verdict = state.check(batch, unknown);
  if (const auto* refused = std::get_if<ProducerStateManager::Refused>(&verdict)) {
    return std::string{core::name(refused->error)};
  }
  if (const auto* duplicate = std::get_if<ProducerStateManager::Duplicate>(&verdict)) {
    return "duplicate of " + std::to_string(duplicate->base_offset);
  }
  return "append";
}

// Epoch 3, last batches 10-14 at offset 110 and 15-19 at offset 115.
ProducerStateManager epoch_3_up_to_19() {
  ProducerStateManager state;
  for (const Range range : {Range{10, 14}, Range{15, 19}}) {
    core::RecordBatchHeader appended = batch(3, range);
    appended.base_offset = 100 + range.first;
    state.update(appended);
  }
  return state;
}

TEST(ProducerState, TheNextSequenceIsAppended) {
  EXPECT_EQ(answer(epoch_3_up_to_19(), batch(3, {20, 22})), "append");
}

TEST(ProducerState, ABatchAmongTheLastIsADuplicate) {
  EXPECT_EQ(answer(epoch_3_up_to_19(), batch(3, {15, 19})), "duplicate of 115");
  EXPECT_EQ(answer(epoch_3_up_to_19(), batch(3, {10, 14})), "duplicate of 110");
}

TEST(ProducerState, AnotherRangeIsNoDuplicateButOutOfOrder) {
  EXPECT_EQ(answer(epoch_3_up_to_19(), batch(3, {15, 17})), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  EXPECT_EQ(answer(epoch_3_up_to_19(), batch(3, {10, 19})), "OUT_OF_ORDER_SEQUENCE_NUMBER");
}

TEST(ProducerState, AGapIsOutOfOrder) {
  EXPECT_EQ(answer(epoch_3_up_to_19(), batch(3, {25, 26})), "OUT_OF_ORDER_SEQUENCE_NUMBER");
}

TEST(ProducerState, AnOlderEpochIsRefused) {
  EXPECT_EQ(answer(epoch_3_up_to_19(), batch(2, {20, 22})), "INVALID_PRODUCER_EPOCH");
}

TEST(ProducerState, ANewEpochBeginsAtZero) {
  EXPECT_EQ(answer(epoch_3_up_to_19(), batch(4, {0, 4})), "append");
  EXPECT_EQ(answer(epoch_3_up_to_19(), batch(4, {20, 22})), "OUT_OF_ORDER_SEQUENCE_NUMBER");
}

TEST(ProducerState, ANewEpochForgetsTheBatchesOfTheOldOne) {
  ProducerStateManager state = epoch_3_up_to_19();
  state.update(batch(4, {0, 4}));
  EXPECT_EQ(state.entries().at(kProducerId).batches.size(), 1u);
  EXPECT_EQ(answer(state, batch(4, {15, 19})), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  EXPECT_EQ(answer(state, batch(3, {15, 19})), "INVALID_PRODUCER_EPOCH");
}

TEST(ProducerState, AnUnknownProducerMayBeginAnywhere) {
  EXPECT_EQ(answer({}, batch(3, {20, 22})), "append");
}

TEST(ProducerState, AnOldBrokerWantsAnUnknownProducerToBeginAtZero) {
  EXPECT_EQ(answer({}, batch(3, {20, 22}), UnknownProducer::Zero), "UNKNOWN_PRODUCER_ID");
  EXPECT_EQ(answer({}, batch(3, {0, 2}), UnknownProducer::Zero), "append");
}

TEST(ProducerState, ARetryOfABatchOlderThanFiveIsOutOfOrder) {
  ProducerStateManager state;
  for (std::int32_t i = 0; i < 6; ++i) state.update(batch(0, {i, i}));
  EXPECT_EQ(answer(state, batch(0, {0, 0})), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  EXPECT_EQ(answer(state, batch(0, {1, 1})), "duplicate of 0");
}

TEST(ProducerState, SequencesBeginAgainAtZeroAfterTheLargest) {
  constexpr std::int32_t kLargest = std::numeric_limits<std::int32_t>::max();
  ProducerStateManager state;
  state.update(batch(0, {kLargest - 1, kLargest}));
  EXPECT_EQ(answer(state, batch(0, {0, 3})), "append");

  ProducerStateManager across;
  across.update(batch(0, {kLargest - 1, 0}, 4));  // kLargest - 1, kLargest, 0, 1
  EXPECT_EQ(answer(across, batch(0, {2, 2})), "append");
  EXPECT_EQ(answer(across, batch(0, {kLargest - 1, 0}, 4)), "duplicate of 0");
}

}  // namespace
}  // namespace linger::sim
