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
#include "viz/log_notes.h"
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

  // Of the log as it was when extend() last looked; null if there was none. See shown_log.h.
  const LogNotes* log(core::TopicPartition partition) const;
  // The records a producer appended to a partition, in that order.
  std::span<const core::RecordId> appended(LaneRef lane) const;
  // The place of a record in that list; -1 before it was appended.
  std::int64_t ranked(core::RecordId record) const;
  // The same of each record, by its number.
  std::span<const std::int64_t> ranks() const { return rank_of_; }

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
  void extend_logs(const sim::World& world);

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

  std::map<core::TopicPartition, LogNotes> logs_;

  std::vector<Tick> ticks_;
  std::vector<Squeezed> squeezed_;
  EventPositions kinds_;
};

}  // namespace linger::viz
