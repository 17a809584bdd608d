// Who may come next. Within a lane things come in their order; among lanes any may come first.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/id.h"
#include "sim/units.h"

namespace linger::sim {

struct Scenario;

// The wires of a connection, one for each direction, the broker at its end, an application thread,
// a sender, a replica that follows, …: what is due of one of them does not overtake itself.
struct Lane {
  enum class Kind : std::uint8_t {
    Fault,      // `number` in the scenario's list
    Narration,  // likewise
    Thread,     // of an application
    Sender,     // of a producer
    ToBroker,   // what a connection carries there,
    ToClient,   // back,
    AtBroker,   // and what the broker has to do for it
    Replica,    // a broker that follows the leader of `partition`
    Leader,     // of `partition`, when it looks at its followers
    Broker,     // when it or its links get better
    Coordinators,
    Outside,  // real brokers
  };
  Kind kind = Kind::Fault;
  std::int32_t number = 0;
  core::TopicPartition partition{};
  friend auto operator<=>(const Lane&, const Lane&) = default;
};

// "thread app", "sender producer", "connection 0 to client", "replica 1 of orders-0".
std::string lane_text(const Lane& lane, const Scenario& scenario);
std::variant<Lane, UnitError> parse_lane(std::string_view text, const Scenario& scenario);

// In the step after so many others somebody comes first who is not due first: who is due before
// comes late. An order that is written down lists those steps alone.
struct OrderEntry {
  std::int64_t step = 0;
  Lane next;
  friend bool operator==(const OrderEntry&, const OrderEntry&) = default;
};

}  // namespace linger::sim
