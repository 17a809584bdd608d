// A partition's log: what a consumer would read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/check.h"
#include "core/id.h"
#include "core/record_batch.h"
#include "core/time.h"
#include "sim/ledger.h"
#include "sim/shared_bytes.h"
#include "sim/sim_event.h"

namespace linger::sim {

// Who brought a batch, and when.
struct BatchOrigin {
  ConnectionId connection;
  CorrelationId correlation;
  ProducerIndex producer;
  Instant appended_at{};
  friend bool operator==(const BatchOrigin&, const BatchOrigin&) = default;
};

struct StoredBatch {
  SharedBytes bytes;               // as a consumer fetches them
  core::RecordBatchHeader header;  // what they begin with; of a message set, what one would say
  BatchOrigin origin;
  std::vector<core::RecordId> records;  // one by one; empty if nobody said
  std::int64_t base_offset() const { return header.base_offset; }
  std::int64_t end_offset() const { return header.base_offset + header.record_count; }
  // The records, whatever their format and codec.
  core::Decoded<std::vector<core::Record>> content() const;
};

// One record as a consumer would meet it. Its content stands in the batch's bytes.
struct LoggedRecord {
  std::int64_t offset = 0;
  const StoredBatch& batch;  // holds as long as the log does not change
  std::int32_t index = 0;    // within the batch
  std::optional<core::RecordId> id;
};

// Offsets are dense: each batch begins where the one before ended.
// Copies share the batches they have in common.
// In Kafka: UnifiedLog. Differs: one segment, in memory; what is deleted stays there, below the
// start offset, so that it can be told from what was lost; nothing is compacted.
class PartitionLog {
 public:
  // What stands below was deleted: no consumer reads it.
  std::int64_t start_offset() const { return start_offset_; }
  std::int64_t end_offset() const { return end_offset_; }

  // Stores a copy with the next offset and this leader epoch in its header, and with the log append
  // time as its timestamps if there is one, and returns the offset.
  // Requires: `header` is what `batch` begins with or summarizes it, and its record count is that
  // of its last offset.
  std::int64_t append(const core::RecordBatchHeader& header, core::ByteSpan batch,
                      std::int32_t leader_epoch, const BatchOrigin& origin,
                      std::optional<std::int64_t> log_append_time = std::nullopt);

  // As a follower that fetched the batch. Requires: it begins where the log ends.
  void append(const StoredBatch& fetched);

  // What stands below the offset is deleted, as far as there is any.
  void delete_before(std::int64_t offset);

  // What stands at that offset and later is gone, and the batch in which it stands.
  void truncate(std::int64_t offset);

  // Where the last batch with that leader epoch or an older one ends, and its epoch; -1 and the
  // start of the log if there is none. In Kafka: LeaderEpochFileCache.endOffsetFor.
  struct EpochEnd {
    std::int32_t epoch = -1;
    std::int64_t end_offset = 0;
  };
  EpochEnd end_of_epoch(std::int32_t epoch) const;
  // -1: it is empty.
  std::int32_t last_epoch() const;

  // Which records a batch holds, as whoever sent it knows. Requires: a batch begins at that offset,
  // and has so many records.
  void annotate(std::int64_t base_offset, std::vector<core::RecordId> records);

  std::size_t batch_count() const { return batches_.size(); }
  // Each stands for one offset, and no consumer is told of it.
  std::int64_t marker_count() const { return markers_; }
  // Requires: index < batch_count(). The reference holds until the log changes.
  const StoredBatch& batch(std::size_t index) const {
    CHECK(index < batch_count());
    return batches_[index];
  }
  // The batch in which the offset stands; batch_count() if there is none.
  std::size_t find_batch(std::int64_t offset) const;

  // By ascending offset, without markers: for (const LoggedRecord& record : log.records()) …
  class Records;
  Records records() const;

 private:
  ChunkedList<StoredBatch> batches_;
  std::int64_t start_offset_ = 0;
  std::int64_t end_offset_ = 0;
  std::int64_t markers_ = 0;
};

class PartitionLog::Records {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = LoggedRecord;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = LoggedRecord;

    Iterator(const PartitionLog& log, std::size_t batch) : log_{&log}, batch_{batch} {
      skip_markers();
    }
    LoggedRecord operator*() const;
    Iterator& operator++();
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    void skip_markers();

    const PartitionLog* log_;
    std::size_t batch_;
    std::int32_t index_ = 0;
  };

  explicit Records(const PartitionLog& log) : log_{log} {}
  Iterator begin() const { return {log_, 0}; }
  Iterator end() const { return {log_, log_.batch_count()}; }

 private:
  const PartitionLog& log_;
};

inline PartitionLog::Records PartitionLog::records() const {
  return Records{*this};
}

}  // namespace linger::sim
