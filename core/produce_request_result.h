// What is known of a batch's outcome, and the futures that look at it.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/client_error.h"
#include "core/id.h"
#include "core/id_window.h"

namespace linger::core {

// A record's future: the outcome of its batch, and its place in it.
// In Kafka: FutureRecordMetadata.
struct RecordFuture {
  ResultId result;
  std::int32_t index = 0;
  std::int64_t timestamp = -1;  // the record's own; -1 in a chain
  friend bool operator==(const RecordFuture&, const RecordFuture&) = default;
};

struct RecordMetadata {
  TopicPartition partition;
  std::int64_t offset = -1;     // -1 if the broker told none
  std::int64_t timestamp = -1;  // log append time, else the record's own
};

// The outcome of one batch. It is set before the callbacks run and released ("done") after them, so
// that within a callback the record's own future is not done.
// In Kafka: ProduceRequestResult.
struct ProduceRequestResult {
  TopicPartition partition;
  std::int64_t base_offset = -1;
  std::int64_t log_append_time = -1;
  std::optional<ClientError> error;
  std::vector<std::pair<std::int32_t, ClientError>>
      record_errors;  // by index in the batch (KIP-467)
  bool is_done = false;
  // After a split: where the outcome of each record is found instead.
  std::vector<RecordFuture> chained;
  std::int32_t holders = 0;  // futures, flushes and open batches that still look at it

  // What one record of the batch is told.
  const ClientError* error_of(std::int32_t index) const {
    for (const auto& [at, record_error] : record_errors) {
      if (at == index) return &record_error;
    }
    return error ? &*error : nullptr;
  }
};

// All results somebody still looks at.
class ProduceRequestResults {
 public:
  // The creator holds it.
  ResultId create(TopicPartition partition) {
    const ResultId id = results_.next_id();
    ProduceRequestResult& result = results_.add();
    result.partition = partition;
    result.holders = 1;
    return id;
  }
  ProduceRequestResult& at(ResultId id) { return results_.at(id); }
  const ProduceRequestResult& at(ResultId id) const { return results_.at(id); }

  void hold(ResultId id) { ++at(id).holders; }
  void release(ResultId id) {
    ProduceRequestResult& result = at(id);
    CHECK(result.holders > 0);
    if (--result.holders > 0) return;
    const std::vector<RecordFuture> chained = std::move(result.chained);
    results_.erase(id);
    // The chain held each of its results once; the records of one stand together.
    for (std::size_t i = 0; i < chained.size(); ++i) {
      if (i == 0 || chained[i].result != chained[i - 1].result) release(chained[i].result);
    }
  }

  // Where the record's outcome is now, after any splits. Requires: the future is held.
  RecordFuture resolve(RecordFuture future) const {
    for (;;) {
      const ProduceRequestResult& result = at(future.result);
      if (result.chained.empty()) return future;
      future = result.chained[static_cast<std::size_t>(future.index)];
    }
  }

 private:
  IdWindow<ResultId, ProduceRequestResult> results_;
};

}  // namespace linger::core
