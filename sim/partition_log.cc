#include "sim/partition_log.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/message_set.h"

namespace linger::sim {

std::int64_t PartitionLog::append(const core::RecordBatchHeader& header, core::ByteSpan batch,
                                  std::int32_t leader_epoch, const BatchOrigin& origin,
                                  std::optional<std::int64_t> log_append_time) {
  CHECK(header.size().count() == static_cast<std::int64_t>(batch.size()));
  CHECK(header.record_count > 0 && header.record_count == header.last_offset_delta + 1);
  core::ByteVector bytes(batch.begin(), batch.end());
  const bool is_set = header.magic != core::Magic::V2;
  if (log_append_time && is_set) core::set_log_append_time_of_set(bytes, *log_append_time);
  if (log_append_time && !is_set) core::set_log_append_time(bytes, *log_append_time);
  if (!is_set) {
    core::set_base_offset(bytes, end_offset_);
    core::set_partition_leader_epoch(bytes, leader_epoch);
  } else {
    core::assign_offsets(bytes, end_offset_);
  }

  StoredBatch stored{SharedBytes{std::move(bytes)}, header, origin, {}};
  const std::int64_t base_offset = end_offset_;
  stored.header.base_offset = base_offset;
  stored.header.partition_leader_epoch = leader_epoch;
  if (log_append_time) {
    stored.header.attributes |= core::kLogAppendTimeFlag;
    stored.header.max_timestamp = *log_append_time;
    if (!is_set) stored.header.crc = core::decode_batch_header(stored.bytes.span()).value().crc;
  }
  end_offset_ += header.record_count;
  if (header.is_control()) ++markers_;

  batches_.add() = std::move(stored);
  return base_offset;
}

void PartitionLog::append(const StoredBatch& fetched) {
  CHECK(fetched.base_offset() == end_offset_);
  end_offset_ = fetched.end_offset();
  if (fetched.header.is_control()) ++markers_;
  batches_.add() = fetched;
}

void PartitionLog::delete_before(std::int64_t offset) {
  start_offset_ = std::clamp(offset, start_offset_, end_offset_);
}

void PartitionLog::truncate(std::int64_t offset) {
  std::size_t kept = batch_count();
  while (kept > 0 && batch(kept - 1).end_offset() > offset) {
    if (batch(--kept).header.is_control()) --markers_;
  }
  end_offset_ = kept == 0 ? 0 : batch(kept - 1).end_offset();
  start_offset_ = std::min(start_offset_, end_offset_);
  batches_.keep(kept);
}

PartitionLog::EpochEnd PartitionLog::end_of_epoch(std::int32_t epoch) const {
  std::size_t kept = 0;  // so many batches are that old: epochs only grow along a log
  std::size_t end = batch_count();
  while (kept < end) {
    const std::size_t middle = kept + (end - kept) / 2;
    if (batch(middle).header.partition_leader_epoch <= epoch) {
      kept = middle + 1;
    } else {
      end = middle;
    }
  }
  if (kept == 0) return {-1, 0};
  const StoredBatch& last = batch(kept - 1);
  return {last.header.partition_leader_epoch, last.end_offset()};
}

std::int32_t PartitionLog::last_epoch() const {
  return batch_count() == 0 ? -1 : batch(batch_count() - 1).header.partition_leader_epoch;
}

core::Decoded<std::vector<core::Record>> StoredBatch::content() const {
  if (header.magic == core::Magic::V2) {
    auto batch = core::decode_batch(bytes.span());
    if (!batch.ok()) return batch.error();
    return std::move(batch).value().records;
  }
  const auto messages = core::decode_message_set(bytes.span());
  if (!messages.ok()) return messages.error();
  std::vector<core::Record> content;
  for (const core::OffsetRecord& message : *messages) content.push_back(message.record);
  return content;
}

void PartitionLog::annotate(std::int64_t base_offset, std::vector<core::RecordId> records) {
  const std::size_t index = find_batch(base_offset);
  CHECK(index < batch_count() && batch(index).base_offset() == base_offset);
  CHECK(static_cast<std::int64_t>(records.size()) == batch(index).header.record_count);
  batches_.write(index).records = std::move(records);
}

std::size_t PartitionLog::find_batch(std::int64_t offset) const {
  if (offset < 0 || offset >= end_offset_) return batch_count();
  std::size_t first = 0;
  std::size_t count = batch_count();
  while (count > 1) {  // the batch is one of `count` from `first`
    const std::size_t half = count / 2;
    if (batch(first + half).base_offset() <= offset) {
      first += half;
      count -= half;
    } else {
      count = half;
    }
  }
  return first;
}

LoggedRecord PartitionLog::Records::Iterator::operator*() const {
  const StoredBatch& batch = log_->batch(batch_);
  LoggedRecord record{batch.base_offset() + index_, batch, index_, std::nullopt};
  if (!batch.records.empty()) record.id = batch.records[static_cast<std::size_t>(index_)];
  return record;
}

PartitionLog::Records::Iterator& PartitionLog::Records::Iterator::operator++() {
  if (++index_ == log_->batch(batch_).header.record_count) {
    ++batch_;
    index_ = 0;
    skip_markers();
  }
  return *this;
}

void PartitionLog::Records::Iterator::skip_markers() {
  while (batch_ < log_->batch_count() && log_->batch(batch_).header.is_control()) ++batch_;
}

}  // namespace linger::sim
