// A partition's log, record by record, each seen in the light of those before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/id.h"
#include "core/protocol_messages.h"
#include "sim/cluster.h"

namespace linger::viz {

struct LogNote {
  std::optional<core::RecordId> record;
  core::ProducerIndex producer;
  std::int64_t first_offset = -1;  // of an earlier copy of the same record; -1: there is none
  std::int64_t rank = -1;          // the n-th record its producer appended to this partition
  std::int64_t rank_before = -1;   // the largest rank that stands before it
  std::int64_t duplicates = 0;     // until here, with this one
  std::int64_t reordered = 0;
  bool is_duplicate() const { return first_offset >= 0; }
  bool is_reordered() const { return !is_duplicate() && rank >= 0 && rank < rank_before; }
};

// Another topic of the same name has another log, and so may another leader. What one of them
// appends to is only ever longer: its notes are those of each world in which it is the log.
class LogNotes {
 public:
  // Takes in what the log has beyond what is noted; begins anew if it is another one. `ranks`: of
  // each record. Requires: the partition is there.
  void follow(const sim::Cluster& cluster, core::TopicPartition partition,
              std::span<const std::int64_t> ranks);
  // They are of this log, and reach to its end, or further.
  bool are_of(const sim::Cluster& cluster, core::TopicPartition partition) const;

  // By offset.
  const std::vector<LogNote>& all() const { return notes_; }
  // The first offset of the n-th record that a producer appended to the partition; -1: nowhere.
  std::int64_t offset_of(core::ProducerIndex producer, std::int64_t rank) const;

 private:
  struct Appended {
    std::int64_t largest_rank = -1;
    std::vector<std::int64_t> offsets;  // by rank
  };
  bool is_another(const sim::Cluster& cluster, core::TopicPartition partition) const;
  void note_batch(const sim::StoredBatch& stored, std::span<const std::int64_t> ranks);

  core::Uuid topic_{};
  std::int32_t leader_epoch_ = -1;
  std::size_t batches_ = 0;
  std::vector<LogNote> notes_;
  std::map<core::ProducerIndex, Appended> appended_;
};

}  // namespace linger::viz
