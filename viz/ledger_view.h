// What became of every record, and what a consumer makes of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/id.h"
#include "sim/ledger.h"
#include "viz/scene.h"
#include "viz/viewer_command.h"

namespace linger::viz {

struct RecordRow {
  core::RecordId record;
  std::string label;  // "r7"
  std::string thread;
  std::string producer;   // empty if there is only one
  std::string partition;  // "orders-0"; the topic alone before the partition is chosen
  std::optional<BatchRef> batch;
  std::string batch_label;
  sim::RecordStatus status = sim::RecordStatus::Sending;
  std::string status_word;
  std::int32_t attempts = 0;  // sendings that failed
  std::int64_t offset = -1;
  std::string offset_text;      // "–" if there is none
  std::int64_t timestamp = -1;  // as RecordMetadata tells it; -1: none is told
  std::string latency;          // from send() to its fate, or so far
  std::string error;
  bool was_told_twice = false;
  bool is_selected = false;
  friend bool operator==(const RecordRow&, const RecordRow&) = default;
};

struct RecordLedgerView {
  RecordFilter filter = RecordFilter::All;
  std::int64_t total = 0;  // that the filter lets through
  std::int64_t first = 0;  // the place of the first row among them
  std::vector<RecordRow> rows;
  std::int64_t sent = 0;
  std::int64_t pending = 0;
  std::int64_t acknowledged = 0;
  std::int64_t failed = 0;
  std::int64_t refused = 0;
  friend bool operator==(const RecordLedgerView&, const RecordLedgerView&) = default;
};
RecordLedgerView record_ledger_view(const Scene& scene, RecordFilter filter, Window window);

enum class ConsumerMark { None, Duplicate, Reordered };

struct ConsumerRow {
  std::int64_t offset = 0;
  std::optional<core::RecordId> record;
  std::string label;     // "r7"; "?" if nobody knows
  std::string producer;  // empty if there is only one
  ConsumerMark mark = ConsumerMark::None;
  std::string mark_text;  // "duplicate of offset 3", "after r9"
  // Records of this producer and partition that should stand before it, and are nowhere in the
  // log: acknowledged, or still on their way.
  std::vector<core::RecordId> missing_before;
  std::string missing_text;  // "gap: r5, r6"
  std::int64_t batch_base_offset = 0;
  bool begins_batch = false;
  bool is_selected = false;
  friend bool operator==(const ConsumerRow&, const ConsumerRow&) = default;
};

// A partition's log, as a consumer reads it.
struct ConsumerLogView {
  core::TopicPartition partition;
  std::string name;
  std::int64_t end_offset = 0;  // also the number of rows there are
  std::int64_t first = 0;
  std::vector<ConsumerRow> rows;
  std::int64_t duplicates = 0;  // in the whole log
  std::int64_t reordered = 0;
  std::int64_t missing = 0;  // acknowledged, and nowhere in the log
  friend bool operator==(const ConsumerLogView&, const ConsumerLogView&) = default;
};
ConsumerLogView consumer_log_view(const Scene& scene, core::TopicPartition partition,
                                  Window window);

// The partitions there are, for a choice among them.
std::vector<core::TopicPartition> partitions(const sim::World& world);

}  // namespace linger::viz
