// What can happen on the wires between producers and one broker. All of these are for the
// connections of all producers.
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

// Each segment takes longer by a time of its own, from 0 to this. None passes another.
struct AddJitter {
  static constexpr FaultInfo kInfo{"add_jitter", FaultTarget::Wire,
                                   "each segment takes longer by a time of its own, from 0 to "
                                   "this; none passes another"};
  core::NodeId broker;
  core::Duration up_to{};
  std::optional<core::Duration> lasts{};
  Way way = Way::Both;
  friend bool operator==(const AddJitter&, const AddJitter&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"up_to", "\"5ms\""}, self.up_to);
    v.may({"for", "\"1s\""}, self.lasts);
    v.may({"way", "\"to client\""}, self.way);
  }
};

// No more than this leaves in a second, of each connection.
struct LimitBandwidth {
  static constexpr FaultInfo kInfo{"limit_bandwidth", FaultTarget::Wire,
                                   "no more than this leaves in a second, of each connection"};
  core::NodeId broker;
  Bandwidth limit;
  std::optional<core::Duration> lasts{};
  Way way = Way::Both;
  friend bool operator==(const LimitBandwidth&, const LimitBandwidth&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"to", "\"1MB/s\""}, self.limit);
    v.may({"for", "\"1s\""}, self.lasts);
    v.may({"way", "\"to broker\""}, self.way);
  }
};

// What leaves is cut into pieces of at most this size.
struct LimitSegments {
  static constexpr FaultInfo kInfo{"limit_segments", FaultTarget::Wire,
                                   "what leaves is cut into pieces of at most this size"};
  core::NodeId broker;
  core::Bytes size{1};
  std::optional<core::Duration> lasts{};
  Way way = Way::Both;
  friend bool operator==(const LimitSegments&, const LimitSegments&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"size", "100", 1}, self.size);
    v.may({"for", "\"1s\""}, self.lasts);
    v.may({"way", "\"to broker\""}, self.way);
  }
};

// Segments of more bytes are lost, and lost again whenever they are sent anew, and everything
// behind them waits: a path with a smaller MTU than both ends believe. With 0, all that carries
// bytes is lost, and a connection is half open.
struct DropSegments {
  static constexpr FaultInfo kInfo{"drop_segments", FaultTarget::Wire,
                                   "segments of more bytes are lost, however often they are sent, "
                                   "and what is behind them waits; with 0, all that carries bytes"};
  core::NodeId broker;
  core::Bytes above{};
  std::optional<core::Duration> lasts{};
  Way way = Way::Both;
  friend bool operator==(const DropSegments&, const DropSegments&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"above", "1400"}, self.above);
    v.may({"for", "\"1s\""}, self.lasts);
    v.may({"way", "\"to broker\""}, self.way);
  }
};

// The broker reads nothing and its socket is full: what the client writes stays in its own socket,
// until that is full, too. Connections are still accepted.
struct AcceptNothing {
  static constexpr FaultInfo kInfo{"accept_nothing", FaultTarget::Wire,
                                   "the broker reads nothing: what is written stays in the "
                                   "client's socket, until that is full"};
  core::NodeId broker;
  std::optional<core::Duration> lasts{};
  friend bool operator==(const AcceptNothing&, const AcceptNothing&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.may({"for", "\"1s\""}, self.lasts);
  }
};

// A middlebox forgets a connection on which nothing has passed for so long. Neither end is told:
// whatever they send on it later is lost.
struct DropIdle {
  static constexpr FaultInfo kInfo{"drop_idle", FaultTarget::Wire,
                                   "a middlebox forgets connections on which nothing has passed "
                                   "for so long; neither end is told, and what is sent later is "
                                   "lost"};
  core::NodeId broker;
  core::Duration after{};
  std::optional<core::Duration> lasts{};
  friend bool operator==(const DropIdle&, const DropIdle&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"after", "\"4m\""}, self.after);
    v.may({"for", "\"1h\""}, self.lasts);
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
