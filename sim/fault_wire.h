// What can happen on the wires between producers and one broker.
#pragma once

#include <optional>

#include "core/id.h"
#include "core/time.h"
#include "sim/fault_field.h"

namespace linger::sim {

// Segments take this much longer, for a while or for good.
struct AddLatency {
  static constexpr FaultInfo kInfo{"add_latency", FaultTarget::Wire,
                                   "segments take this much longer"};
  core::NodeId broker;
  core::Duration extra{};
  std::optional<core::Duration> lasts{};
  Way way = Way::Both;
  friend bool operator==(const AddLatency&, const AddLatency&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"extra", "\"5ms\""}, self.extra);
    v.may({"for", "\"1s\""}, self.lasts);
    v.may({"way", "\"to broker\""}, self.way);
  }
};

// Open connections to the broker break; bytes on the wire are lost. New ones may be opened.
struct Disconnect {
  static constexpr FaultInfo kInfo{"disconnect", FaultTarget::Wire,
                                   "open connections break, and bytes on the wire are lost"};
  core::NodeId broker;
  friend bool operator==(const Disconnect&, const Disconnect&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
  }
};

// New connections are refused.
struct RefuseConnections {
  static constexpr FaultInfo kInfo{"refuse", FaultTarget::Wire, "new connections are refused"};
  core::NodeId broker;
  std::optional<core::Duration> lasts{};
  friend bool operator==(const RefuseConnections&, const RefuseConnections&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.may({"for", "\"1s\""}, self.lasts);
  }
};

}  // namespace linger::sim
