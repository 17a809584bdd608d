// The requests sent to each broker and not yet answered.
#pragma once

#include <cstdint>
#include <vector>

#include "core/api.h"
#include "core/flat_map.h"
#include "core/id.h"
#include "core/time.h"

namespace linger::core {

// A batch that a produce request carries.
struct InFlightBatch {
  TopicPartition partition;
  BatchId batch;
  friend bool operator==(const InFlightBatch&, const InFlightBatch&) = default;
};

struct InFlightRequest {
  CorrelationId correlation;
  NodeId node = kNoNode;
  ApiKey api = ApiKey::Produce;
  std::int16_t version = 0;
  Millis created{};
  Millis sent{};  // given to the selector, which is not yet on the wire
  Milliseconds timeout{};
  Milliseconds throttle{};  // how long the broker said it would not read, while this was in flight
  bool expect_response = true;
  bool is_internal = false;  // the client's own: Metadata, ApiVersions
  bool send_completed = false;
  std::vector<InFlightBatch> batches;
  friend bool operator==(const InFlightRequest&, const InFlightRequest&) = default;
};

//   add ──▶ [ r7 r6 r5 ] ──▶ a response always answers the oldest, r5
//
// A connection takes another request only when the last one is wholly written, and fewer than
// max.in.flight.requests.per.connection wait for their answers.
//
// In Kafka: InFlightRequests. Differs: nothing.
class InFlightRequests {
 public:
  explicit InFlightRequests(std::int32_t max_in_flight_requests_per_connection)
      : max_in_flight_{max_in_flight_requests_per_connection} {}

  void add(InFlightRequest request);
  bool can_send_more(NodeId node) const;
  // The newest is wholly written. Requires: count(node) > 0.
  void on_send_completed(NodeId node);

  // The oldest, removed. Requires: count(node) > 0.
  InFlightRequest complete_next(NodeId node);
  // The newest. Requires: count(node) > 0.
  const InFlightRequest& last_sent(NodeId node) const;
  InFlightRequest complete_last_sent(NodeId node);
  // All of them: a disconnect fails them all, since 1.1.1 the oldest first.
  enum class Order { OldestFirst, NewestFirst };
  std::vector<InFlightRequest> clear_all(NodeId node, Order order = Order::OldestFirst);

  std::int32_t count(NodeId node) const;
  std::int32_t count() const;
  // Newest first.
  const std::vector<InFlightRequest>& requests(NodeId node) const;

  // What is not read cannot be answered: throttle time does not count (KAFKA-16083).
  void increment_throttle_time(NodeId node, Milliseconds throttle);
  // The nodes with a request, any, that waits longer than its timeout.
  std::vector<NodeId> nodes_with_timed_out_requests(Millis now) const;

  // A node of which nothing waits is as one that was never sent to.
  friend bool operator==(const InFlightRequests& a, const InFlightRequests& b) {
    return a.max_in_flight_ == b.max_in_flight_ && a.has_all_of(b) && b.has_all_of(a);
  }

 private:
  friend class StateWalk;

  // Newest first. They are few: a new one moves them all.
  using Queue = std::vector<InFlightRequest>;

  Queue& queue(NodeId node);
  bool has_all_of(const InFlightRequests& other) const;

  std::int32_t max_in_flight_;
  FlatMap<NodeId, Queue> requests_;
};

}  // namespace linger::core
