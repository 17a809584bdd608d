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

// --- Transactions ---

core::RecordBatchHeader transactional(std::int16_t epoch, Range sequences, std::int64_t offset) {
  core::RecordBatchHeader header = batch(epoch, sequences);
  header.attributes = core::kTransactionalFlag;
  header.base_offset = offset;
  return header;
}

Marker marker(MarkerType type, std::int16_t epoch) {
  return {type, {kProducerId, epoch}, 0};
}

TEST(ProducerState, ATransactionIsOpenFromItsFirstBatchToItsMarker) {
  ProducerStateManager state;
  EXPECT_FALSE(state.first_unstable_offset());
  state.update(transactional(0, {0, 4}, 100));
  state.update(transactional(0, {5, 6}, 105));
  EXPECT_TRUE(state.has_open_transaction(kProducerId));
  EXPECT_EQ(state.first_unstable_offset(), 100);
  state.update(marker(MarkerType::Commit, 0), 107, 0);
  EXPECT_FALSE(state.has_open_transaction(kProducerId));
  EXPECT_FALSE(state.first_unstable_offset());
  EXPECT_TRUE(state.aborted().empty());
  EXPECT_EQ(answer(state, transactional(0, {7, 7}, 0)), "append");
}

TEST(ProducerState, WhatWasAbortedIsRemembered) {
  ProducerStateManager state;
  state.update(transactional(0, {0, 4}, 100));
  state.update(marker(MarkerType::Abort, 0), 105, 0);
  ASSERT_EQ(state.aborted().size(), 1u);
  EXPECT_EQ(state.aborted()[0], (AbortedTransaction{kProducerId, 100, 105}));
  state.update(marker(MarkerType::Abort, 0), 106, 0);  // of a transaction without a batch here
  EXPECT_EQ(state.aborted().size(), 1u);
}

TEST(ProducerState, AMarkerOfANewEpochFencesTheOldOne) {
  ProducerStateManager state;
  state.update(transactional(0, {0, 4}, 100));
  EXPECT_EQ(state.check(marker(MarkerType::Abort, 1)), core::ErrorCode::None);
  state.update(marker(MarkerType::Abort, 1), 105, 0);
  EXPECT_EQ(answer(state, transactional(0, {5, 5}, 0)), "INVALID_PRODUCER_EPOCH");
  EXPECT_EQ(answer(state, transactional(1, {5, 5}, 0)), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  EXPECT_EQ(answer(state, transactional(1, {0, 0}, 0)), "append");
  EXPECT_EQ(state.check(marker(MarkerType::Abort, 0)), core::ErrorCode::InvalidProducerEpoch);
}

TEST(ProducerState, ABatchOutsideTheOpenTransactionIsRefused) {
  ProducerStateManager state;
  state.update(transactional(0, {0, 4}, 100));
  EXPECT_EQ(answer(state, batch(0, {5, 5})), "INVALID_TXN_STATE");
}

}  // namespace
}  // namespace linger::sim
