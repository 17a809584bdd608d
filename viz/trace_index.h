// Where to find things in a trace, so that no panel reads all of it for each frame.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/event.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/batch_life.h"
#include "sim/message_sequence.h"
#include "sim/run_series.h"
#include "sim/sim_event.h"
#include "sim/timeline.h"
#include "sim/wire_event.h"
#include "viz/batch_rows.h"
#include "viz/event_positions.h"
#include "viz/selection.h"

namespace linger::viz {

// A moment worth a mark.
enum class MomentKind {
  Send,
  Drain,
  Retry,
  Expiry,
  Success,
  Failure,
  Fault,
  Narration,
  Flush,
  SenderPass,
  RecordFate,
  Appended  // not on the scrub bar
};
inline constexpr std::size_t kMomentKinds = 12;

struct TraceMoment {
  std::size_t position = 0;  // in the trace
  std::int64_t step = 0;
  core::Instant at{};
};

// One direction of one connection, as a stream of bytes: which frames it holds, and in which
// segments they travelled. The two have their borders in different places.
struct WireStream {
  struct Frame {
    std::size_t position = 0;  // in the trace: when it was handed over
    core::CorrelationId correlation;
    core::ApiKey api{};
    std::int64_t begin = 0;  // its bytes in the stream
    std::int64_t end = 0;
    std::vector<core::BatchId> batches;
  };
  struct Segment {
    std::size_t position = 0;
    std::int64_t begin = 0;
    std::int64_t end = 0;
    core::Instant left{};
    core::Instant arrives{};
  };
  core::ProducerIndex producer;
  core::NodeId broker;
  sim::Direction direction = sim::Direction::ToBroker;
  std::vector<Frame> frames;
  std::vector<Segment> segments;
  std::optional<std::size_t> cut_at;  // position in the trace: what was on the wire is lost
};

struct WireKey {
  sim::ConnectionId connection;
  sim::Direction direction = sim::Direction::ToBroker;
  friend auto operator<=>(const WireKey&, const WireKey&) = default;
};

// A record of a partition's log, seen in the light of those before it.
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

// What stands where in a timeline's trace; also beyond the cursor. Extended as the trace grows.
class TraceIndex {
 public:
  // Takes in what was run since the last call. Requires: the timeline is the same, and no shorter.
  void extend(const sim::Timeline& timeline);

  const std::vector<TraceMoment>& moments(MomentKind kind) const {
    return moments_[static_cast<std::size_t>(kind)];
  }
  // Those before a position of the trace.
  std::span<const TraceMoment> moments_before(MomentKind kind, std::size_t position) const;

  // Positions of everything that concerns a batch, or a partition's readiness.
  std::span<const std::size_t> events_of(BatchRef batch) const;
  std::span<const std::size_t> decisions_on(LaneRef lane) const;
  // Of other leaders, changes of the in-sync replicas, and of what was cut off or lost.
  std::span<const std::size_t> replication_of(core::TopicPartition partition) const;
  // Those of a request's way, from when it was sent until its answer was here.
  std::span<const std::size_t> events_of(RequestRef request) const;
  // Where a call of a thread was held.
  std::span<const std::size_t> held_calls_of(core::ThreadId thread) const;
  // Of the producers' events of each kind.
  const EventPositions& kinds() const { return kinds_; }
  const std::vector<std::size_t>& events_in(core::Stream stream) const {
    return streams_[static_cast<std::size_t>(stream)];
  }

  const sim::BatchLives& lives() const { return lives_; }
  const BatchRows& batch_rows() const { return batch_rows_; }
  const sim::MessageSequence& sequence() const { return sequence_; }
  const sim::RunSeries& series() const { return *series_; }

  const std::map<WireKey, WireStream>& wires() const { return wires_; }
  // Who opened a connection.
  std::optional<core::ProducerIndex> client_of(sim::ConnectionId connection) const;
  // The batches of a produce request.
  std::vector<BatchRef> carried(core::ProducerIndex client, core::CorrelationId correlation) const;
  // Whose buffer a MemoryReleased at this position of the trace gave back.
  std::optional<BatchRef> released_by(std::size_t position) const;

  // By offset. May reach further than the log at the cursor does.
  std::span<const LogNote> log(core::TopicPartition partition) const;
  // The records a producer appended to a partition, in that order.
  std::span<const core::RecordId> appended(LaneRef lane) const;
  // The place of a record in that list; -1 before it was appended.
  std::int64_t ranked(core::RecordId record) const;
  // The first offset at which a record stands in a log; -1 if it does not.
  std::int64_t offset_of(core::RecordId record) const;

  // The scrub bar's axis: time, with long waits squeezed, 0 to 1.
  double axis(core::Instant at) const;
  core::Instant instant_at(double fraction) const;
  struct Squeezed {
    core::Instant from{};
    core::Instant to{};
  };
  const std::vector<Squeezed>& squeezed() const { return squeezed_; }
  core::Instant end() const { return ticks_.empty() ? core::Instant{} : ticks_.back().at; }

  std::size_t size() const { return size_; }

 private:
  struct Reader;
  struct Tick {
    core::Instant at{};
    double along = 0;
  };
  void add_connection(sim::ClientSocket socket, sim::ConnectionId connection, core::NodeId broker);
  void add_tick(core::Instant at);
  struct LogIndex;
  void extend_logs(const sim::World& world);
  void begin_log_anew(LogIndex& log);
  void make_room(core::TopicPartition partition, std::int64_t end_offset);
  void note_batch(core::TopicPartition partition, const sim::World& world, std::size_t batch);

  std::size_t size_ = 0;
  std::array<std::vector<TraceMoment>, kMomentKinds> moments_;
  std::array<std::vector<std::size_t>, 5> streams_;
  std::map<BatchRef, std::vector<std::size_t>> batches_;
  std::map<LaneRef, std::vector<std::size_t>> decisions_;
  std::map<core::TopicPartition, std::vector<std::size_t>> replication_;
  std::map<std::pair<core::ProducerIndex, core::CorrelationId>, std::vector<std::size_t>> ways_;
  std::map<core::ThreadId, std::vector<std::size_t>> held_calls_;
  sim::BatchLives lives_;
  BatchRows batch_rows_;
  sim::MessageSequence sequence_;
  std::optional<sim::RunSeries> series_;
  std::map<WireKey, WireStream> wires_;
  std::map<LaneRef, std::vector<core::RecordId>> appended_;
  std::vector<std::int64_t> rank_of_;  // by record: its place in appended_

  // To tell which batch an event without one is about.
  std::map<sim::ClientSocket, sim::ConnectionId> connection_of_;
  std::map<sim::ConnectionId, core::ProducerIndex> client_of_;
  std::map<std::pair<core::ProducerIndex, core::CorrelationId>, std::vector<core::BatchId>>
      carried_;
  std::map<std::pair<core::ProducerIndex, core::BufferId>, core::BatchId> owner_of_;
  std::map<BatchRef, core::TopicPartition> partition_of_;
  std::map<std::size_t, BatchRef> released_;  // by position in the trace

  struct LogIndex {
    std::size_t batches = 0;
    core::Uuid topic{};             // another one has another log
    std::int32_t leader_epoch = 0;  // another leader's log may be another one
    std::vector<LogNote> notes;     // as many as there ever were offsets
    std::map<core::ProducerIndex, std::int64_t> largest_rank;
  };
  std::map<core::TopicPartition, LogIndex> logs_;
  std::vector<std::int64_t> offset_of_;  // by record; -1: nowhere

  std::vector<Tick> ticks_;
  std::vector<Squeezed> squeezed_;
  EventPositions kinds_;
};

}  // namespace linger::viz
