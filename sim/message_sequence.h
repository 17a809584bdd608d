// A run as a conversation: who sent what to whom, when it arrived, what the application called and
// what it was told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/api.h"
#include "core/error_code.h"
#include "core/event.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/network.h"
#include "sim/sim_event.h"
#include "sim/trace.h"
#include "sim/trace_names.h"

namespace linger::sim {

// A request, or the answer to one.
struct Message {
  ProducerIndex producer;
  ConnectionId connection{-1};  // -1: none that is known
  NodeId broker;
  Direction direction = Direction::ToBroker;
  CorrelationId correlation;
  core::ApiKey api{};
  Bytes bytes;
  std::vector<core::BatchId> batches;    // of the request
  std::vector<core::ErrorCode> refused;  // what an answer says of them; each error once
  std::size_t sent = 0;                  // the line where it leaves
  std::optional<std::size_t> over;       // the line where it arrives, or is lost
  bool is_lost = false;

  bool is_request() const { return direction == Direction::ToBroker; }
};

// What happened at one of the two sides. The lines of a run stand one below the other.
struct SequenceLine {
  enum class Kind {
    Sent,
    Arrived,
    Lost,
    GivenUp,     // the producer waits for the answer no longer
    SendCalled,  // of one record, or of several one after another
    CallStarted,
    CallEnded,
    Told,  // the fate of records
    Fault,
  };
  Kind kind = Kind::Sent;
  std::size_t position = 0;  // in the trace
  std::int64_t step = 0;
  Instant at{};
  ProducerIndex producer;   // of all but faults
  std::size_t message = 0;  // of what is about one
  core::ThreadId thread;    // who called
  core::RecordId first;     // of SendCalled and Told
  core::RecordId last;
  std::int64_t offset = -1;                // Told: of the first
  std::optional<core::ClientError> error;  // Told
  std::string what;                        // the call, the fault, why it was given up
};

// The end of an arrow: of Sent, Arrived and Lost.
bool is_of_a_message(SequenceLine::Kind kind);

// Follows a trace, event by event.
class MessageSequence {
 public:
  // The connections that stand before the run.
  void begin(const Network& network);
  void add(const TraceEvent& event, std::size_t position);

  const std::vector<Message>& messages() const { return messages_; }
  const std::vector<SequenceLine>& lines() const { return lines_; }
  // The messages that are on their way at some line of a range: their places, in the order in which
  // they were sent.
  std::vector<std::size_t> messages_in(std::size_t first_line, std::size_t end_line) const;

 private:
  struct Reader;
  struct Connection {
    ProducerIndex producer;
    NodeId broker;
    std::vector<std::size_t> on_the_way;
    Bytes requested;  // by the producer, from the beginning
    Bytes left;       // of that
    Instant last_arrival{};
    Bytes answered;  // by the broker
    Bytes arrived;   // of that
    bool is_over_for_client = false;
  };
  static constexpr std::size_t kLinesInABlock = 64;

  SequenceLine& add_line(SequenceLine line);

  std::vector<Message> messages_;
  std::vector<SequenceLine> lines_;
  std::vector<Bytes> frame_end_;                      // of each message, in its stream
  std::vector<std::vector<std::size_t>> on_the_way_;  // at the beginning of each block of lines
  std::map<ConnectionId, Connection> connections_;
  std::map<std::pair<ProducerIndex, NodeId>, ConnectionId> connection_to_;
  std::map<std::pair<ProducerIndex, CorrelationId>, std::size_t> requests_;
  std::map<std::pair<ConnectionId, CorrelationId>, std::vector<core::ErrorCode>> refused_;
};

// "Produce 7: b3, b4", "answer to 7", "answer to 7: NOT_LEADER_OR_FOLLOWER".
std::string message_text(const Message& message);
// Of a line that is no message's: "send r0–r7", "r3 acknowledged at offset 12", "flush()".
std::string line_text(const SequenceLine& line, std::span<const Message> messages);

}  // namespace linger::sim
