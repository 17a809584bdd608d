#include "viz/log_notes.h"

#include <algorithm>
#include <utility>

namespace linger::viz {

bool LogNotes::is_another(const sim::Cluster& cluster, core::TopicPartition partition) const {
  const sim::Partition& stored = *cluster.find(partition);
  const bool is_led_anew = stored.is_replicated() && leader_epoch_ != stored.leader_epoch;
  return topic_ != cluster.uuid(partition.topic) || is_led_anew;
}

bool LogNotes::are_of(const sim::Cluster& cluster, core::TopicPartition partition) const {
  return !is_another(cluster, partition) &&
         std::ssize(notes_) >= cluster.find(partition)->log.end_offset();
}

void LogNotes::follow(const sim::Cluster& cluster, core::TopicPartition partition,
                      std::span<const std::int64_t> ranks) {
  const sim::Partition& stored = *cluster.find(partition);
  if (is_another(cluster, partition)) {
    *this = {};
    topic_ = cluster.uuid(partition.topic);
    leader_epoch_ = stored.leader_epoch;
  }
  for (; batches_ < stored.log.batch_count(); ++batches_) {
    note_batch(stored.log.batch(batches_), ranks);
  }
}

void LogNotes::note_batch(const sim::StoredBatch& stored, std::span<const std::int64_t> ranks) {
  Appended& appended = appended_[stored.origin.producer];
  for (std::int64_t offset = stored.base_offset(); offset < stored.end_offset(); ++offset) {
    LogNote note;
    note.producer = stored.origin.producer;
    note.rank_before = appended.largest_rank;
    if (!stored.records.empty()) {
      note.record = stored.records[static_cast<std::size_t>(offset - stored.base_offset())];
      const auto record = static_cast<std::size_t>(note.record->value());
      note.rank = record < ranks.size() ? ranks[record] : -1;
    }
    if (note.rank >= 0) {
      const auto rank = static_cast<std::size_t>(note.rank);
      if (rank >= appended.offsets.size()) appended.offsets.resize(rank + 1, -1);
      note.first_offset = appended.offsets[rank];
      if (note.first_offset < 0) appended.offsets[rank] = offset;
    }
    appended.largest_rank = std::max(appended.largest_rank, note.rank);
    const LogNote before = notes_.empty() ? LogNote{} : notes_.back();
    note.duplicates = before.duplicates + (note.is_duplicate() ? 1 : 0);
    note.reordered = before.reordered + (note.is_reordered() ? 1 : 0);
    notes_.push_back(note);
  }
}

std::int64_t LogNotes::offset_of(core::ProducerIndex producer, std::int64_t rank) const {
  const auto found = appended_.find(producer);
  const bool is_there =
      found != appended_.end() && rank >= 0 && rank < std::ssize(found->second.offsets);
  return is_there ? found->second.offsets[static_cast<std::size_t>(rank)] : -1;
}

}  // namespace linger::viz
