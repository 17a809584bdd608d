#include "viz/ledger_view.h"

#include <algorithm>

#include "viz/language.h"
#include "viz/shown_log.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

// A gap is shown by so many of the records that are missing.
constexpr std::size_t kMissingShown = 8;

// --- The ledger ---

bool is_of_selection(const Scene& scene, core::RecordId record, const sim::RecordEntry& entry) {
  if (const auto* selected = std::get_if<core::RecordId>(&scene.selection)) {
    return *selected == record;
  }
  if (const auto* batch = std::get_if<BatchRef>(&scene.selection)) {
    return entry.producer == batch->producer && entry.batch == batch->batch;
  }
  if (const auto* lane = std::get_if<LaneRef>(&scene.selection)) {
    return entry.producer == lane->producer && entry.partition == lane->partition;
  }
  return true;
}

bool is_let_through(const Scene& scene, RecordFilter filter, core::RecordId record) {
  const sim::RecordEntry& entry = entry_of(scene, record);
  switch (filter) {
    case RecordFilter::All:
      return true;
    case RecordFilter::Pending:
      return entry.status == sim::RecordStatus::Sending ||
             entry.status == sim::RecordStatus::Pending;
    case RecordFilter::Acknowledged:
      return entry.status == sim::RecordStatus::Acknowledged;
    case RecordFilter::Failed:
      return entry.status == sim::RecordStatus::Failed ||
             entry.status == sim::RecordStatus::Refused;
    case RecordFilter::OfSelection:
      return is_of_selection(scene, record, entry);
  }
  return true;
}

bool is_over(const sim::RecordEntry& entry) {
  return entry.status != sim::RecordStatus::Sending && entry.status != sim::RecordStatus::Pending;
}

// Until its fate is known, a batch counts for its records.
std::int32_t attempts_of(const Scene& scene, const sim::RecordEntry& entry) {
  if (is_over(entry) || !entry.batch) return entry.attempts;
  return entry_of(scene, BatchRef{entry.producer, *entry.batch}).attempts;
}

RecordRow record_row(const Scene& scene, core::RecordId record) {
  const sim::RecordEntry& entry = entry_of(scene, record);
  RecordRow row;
  row.record = record;
  row.label = record_label(record);
  row.thread = thread_name(scene.names, entry.thread);
  if (scene.names.producers.size() > 1) {
    row.producer = scene.names.producers[static_cast<std::size_t>(entry.producer.value())];
  }
  row.partition = entry.partition.partition >= 0 ? scene.names.topics.text(entry.partition)
                                                 : scene.names.topics.name(entry.partition.topic);
  if (entry.batch) {
    row.batch = BatchRef{entry.producer, *entry.batch};
    row.batch_label = batch_label(*entry.batch);
  }
  row.status = entry.status;
  row.status_word = word(entry.status);
  row.attempts = attempts_of(scene, entry);
  row.offset = entry.offset;
  row.timestamp = entry.timestamp;
  row.offset_text = entry.offset >= 0 ? number_text(entry.offset) : "–";
  row.latency = duration_text((is_over(entry) ? entry.completed_at : scene.at) - entry.sent_at);
  if (entry.error) row.error = core::text(*entry.error);
  row.was_told_twice = entry.completions > 1;
  row.is_selected =
      is_selected(scene, record) || (row.batch && selected_batch(scene) == *row.batch);
  return row;
}

}  // namespace

RecordLedgerView record_ledger_view(const Scene& scene, RecordFilter filter, Window window) {
  const sim::RecordCounts& counts = scene.world().counts;
  RecordLedgerView view;
  view.filter = filter;
  view.sent = counts.sent;
  view.acknowledged = counts.acknowledged;
  view.failed = counts.failed;
  view.refused = counts.refused;
  view.pending = counts.sent - counts.acknowledged - counts.failed - counts.refused;

  const auto records = static_cast<std::int64_t>(scene.world().records.size());
  view.first = std::clamp<std::int64_t>(window.first, 0, records);
  if (filter == RecordFilter::All) {
    const std::int64_t end = std::min(records, view.first + window.count);
    for (std::int64_t i = view.first; i < end; ++i) {
      view.rows.push_back(record_row(scene, core::RecordId{i}));
    }
    view.total = records;
    return view;
  }
  for (std::int64_t i = 0; i < records; ++i) {
    const core::RecordId record{i};
    if (!is_let_through(scene, filter, record)) continue;
    const bool is_in_window = view.total >= view.first && view.total < view.first + window.count;
    if (is_in_window) view.rows.push_back(record_row(scene, record));
    ++view.total;
  }
  view.first = std::min(view.first, view.total);
  return view;
}

// --- The consumer ---

namespace {

bool is_wanted(const sim::RecordEntry& entry) {
  return entry.status == sim::RecordStatus::Acknowledged ||
         entry.status == sim::RecordStatus::Pending;
}

class LogReader {
 public:
  LogReader(const Scene& scene, core::TopicPartition partition)
      : scene_{scene},
        partition_{partition},
        log_{scene.world().servers.cluster().find(partition)->log},
        shown_{scene, partition} {}

  std::int64_t end() const { return log_.end_offset(); }
  std::int64_t duplicates() const { return end() == 0 ? 0 : shown_.at(end() - 1).duplicates; }
  std::int64_t reordered() const { return end() == 0 ? 0 : shown_.at(end() - 1).reordered; }
  // Acknowledged records that stand nowhere in the log.
  std::int64_t missing() const {
    std::int64_t missing = 0;
    for (std::size_t i = 0; i < scene_.world().processes.size(); ++i) {
      const core::ProducerIndex producer{static_cast<std::int32_t>(i)};
      std::int64_t rank = -1;
      for (const core::RecordId record : scene_.index.appended({producer, partition_})) {
        if (!is_known(record)) break;
        ++rank;
        const bool is_acknowledged =
            entry_of(scene_, record).status == sim::RecordStatus::Acknowledged;
        if (is_acknowledged && !stands_in_log(producer, rank)) ++missing;
      }
    }
    return missing;
  }

  ConsumerRow row(std::int64_t offset) const {
    const LogNote& note = shown_.at(offset);
    ConsumerRow row;
    row.offset = offset;
    row.record = note.record;
    row.label = note.record ? record_label(*note.record) : "?";
    if (scene_.names.producers.size() > 1) {
      row.producer = scene_.names.producers[static_cast<std::size_t>(note.producer.value())];
    }
    const sim::StoredBatch& batch = log_.batch(log_.find_batch(offset));
    row.batch_base_offset = batch.base_offset();
    row.begins_batch = batch.base_offset() == offset;
    mark(note, row);
    find_missing(note, row);
    row.is_selected = note.record && is_selected(scene_, *note.record);
    return row;
  }

 private:
  // The index may know more than has happened until the cursor.
  bool is_known(core::RecordId record) const {
    return static_cast<std::size_t>(record.value()) < scene_.world().records.size();
  }
  bool stands_in_log(core::ProducerIndex producer, std::int64_t rank) const {
    const std::int64_t offset = shown_.notes().offset_of(producer, rank);
    return offset >= 0 && offset < end();
  }
  void mark(const LogNote& note, ConsumerRow& row) const {
    if (note.is_duplicate()) {
      row.mark = ConsumerMark::Duplicate;
      row.mark_text = tr("duplicate of offset {}", number_text(note.first_offset));
    } else if (note.is_reordered()) {
      const auto appended = scene_.index.appended({note.producer, partition_});
      row.mark = ConsumerMark::Reordered;
      row.mark_text =
          tr("after {}", record_label(appended[static_cast<std::size_t>(note.rank_before)]));
    }
  }
  void find_missing(const LogNote& note, ConsumerRow& row) const {
    if (note.is_duplicate()) return;
    const auto appended = scene_.index.appended({note.producer, partition_});
    std::size_t count = 0;
    for (std::int64_t rank = note.rank_before + 1; rank < note.rank; ++rank) {
      const core::RecordId record = appended[static_cast<std::size_t>(rank)];
      if (stands_in_log(note.producer, rank) || !is_wanted(entry_of(scene_, record))) continue;
      if (++count > kMissingShown) continue;
      row.missing_before.push_back(record);
      row.missing_text +=
          count == 1 ? tr("gap: {}", record_label(record)) : tr(", {}", record_label(record));
    }
    if (count > kMissingShown) {
      row.missing_text +=
          tr(" and {} more", number_text(static_cast<std::int64_t>(count - kMissingShown)));
    }
  }

  const Scene& scene_;
  core::TopicPartition partition_;
  const sim::PartitionLog& log_;
  ShownLog shown_;
};

}  // namespace

ConsumerLogView consumer_log_view(const Scene& scene, core::TopicPartition partition,
                                  Window window) {
  ConsumerLogView view;
  view.partition = partition;
  view.name = scene.names.topics.text(partition);
  if (scene.world().servers.cluster().find(partition) == nullptr) return view;
  const LogReader log{scene, partition};
  view.end_offset = log.end();
  view.duplicates = log.duplicates();
  view.reordered = log.reordered();
  view.missing = log.missing();
  view.first = std::clamp<std::int64_t>(window.first, 0, view.end_offset);
  const std::int64_t end = std::min(view.end_offset, view.first + window.count);
  for (std::int64_t offset = view.first; offset < end; ++offset) {
    view.rows.push_back(log.row(offset));
  }
  return view;
}

std::vector<core::TopicPartition> partitions(const sim::World& world) {
  const sim::Cluster& cluster = world.servers.cluster();
  std::vector<core::TopicPartition> partitions;
  for (const core::TopicId topic : cluster.topics()) {
    for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) {
      partitions.push_back({topic, i});
    }
  }
  return partitions;
}

}  // namespace linger::viz
