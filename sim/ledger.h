// What became of every record and every batch, for questions asked later.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/client_error.h"
#include "core/cow.h"
#include "core/event.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/sim_event.h"

namespace linger::sim {

// A list whose copies share all but the last chunk. It grows, and loses what was added last.
template <class T>
class ChunkedList {
 public:
  std::size_t size() const { return size_; }
  const T& operator[](std::size_t index) const {
    return (*chunks_[index / kChunk])[index % kChunk];
  }
  T& write(std::size_t index) { return chunks_[index / kChunk].write()[index % kChunk]; }
  // Keeps the first so many. Requires: count <= size().
  void keep(std::size_t count) {
    chunks_.resize((count + kChunk - 1) / kChunk);
    size_ = count;
    if (count % kChunk == 0) return;
    std::array<T, kChunk>& last = chunks_.back().write();
    std::fill(last.begin() + static_cast<std::ptrdiff_t>(count % kChunk), last.end(), T{});
  }
  T& add() {
    if (size_ % kChunk == 0) chunks_.emplace_back();
    return write(size_++);
  }

 private:
  static constexpr std::size_t kChunk = 64;
  std::vector<core::Cow<std::array<T, kChunk>>> chunks_;
  std::size_t size_ = 0;
};

enum class RecordStatus {
  Sending,       // inside send()
  Pending,       // in a batch
  Acknowledged,  // its future succeeded
  Failed,        // its future, or send(), failed with an error delivered to the callback
  Refused        // send() threw
};

struct RecordEntry {
  RecordStatus status = RecordStatus::Sending;
  core::ProducerIndex producer;
  core::ThreadId thread;
  core::TopicPartition partition{core::TopicId{-1}, -1};
  std::optional<core::BatchId> batch;
  std::int64_t offset = -1;
  std::int64_t timestamp = -1;  // as RecordMetadata tells it, once it is acknowledged
  std::int32_t attempts = 0;    // of its batch, when it was completed
  Instant sent_at{};
  Instant appended_at{};
  Instant completed_at{};
  std::int32_t completions = 0;  // how often its fate was told
  std::optional<core::ClientError> error;
};

enum class BatchStatus { Open, Queued, InFlight, Backoff, Done };

struct BatchEntry {
  BatchStatus status = BatchStatus::Open;
  core::BatchState outcome = core::BatchState::Open;
  core::TopicPartition partition;
  std::int32_t records = 0;
  core::Bytes bytes;
  core::Bytes capacity;
  std::int32_t attempts = 0;
  std::int32_t sequence = -1;
  std::int64_t base_offset = -1;
  bool was_split = false;
  bool is_split = false;
  Instant opened_at{};
  Instant drained_at{};
  Instant completed_at{};
  std::optional<core::ClientError> error;
};

}  // namespace linger::sim
