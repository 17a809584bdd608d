// What can happen between brokers, and to how fast one works.
#pragma once

#include <optional>

#include "core/id.h"
#include "core/time.h"
#include "sim/fault_field.h"

namespace linger::sim {

// The replica leaves the in-sync replicas, and is kept out for a while.
struct ShrinkIsr {
  static constexpr FaultInfo kInfo{"shrink_isr", FaultTarget::Partition,
                                   "a follower leaves the in-sync replicas; for = \"1s\" keeps it "
                                   "out so long, else it joins again when it next fetches"};
  PartitionName partition;
  core::NodeId broker;
  std::optional<core::Duration> lasts{};
  friend bool operator==(const ShrinkIsr&, const ShrinkIsr&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"partition", "\"orders-0\""}, self.partition);
    v.must({"broker", "1"}, self.broker);
    v.may({"for", "\"1s\""}, self.lasts);
  }
};

// What the broker fetches as a follower arrives so much later.
struct SlowFollower {
  static constexpr FaultInfo kInfo{"slow_follower", FaultTarget::Broker,
                                   "what it fetches as a follower arrives so much later"};
  core::NodeId broker;
  core::Duration extra{};
  std::optional<core::Duration> lasts{};
  friend bool operator==(const SlowFollower&, const SlowFollower&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"extra", "\"100ms\""}, self.extra);
    v.may({"for", "\"1s\""}, self.lasts);
  }
};

// As a follower the broker fetches nothing; all else goes on.
struct StallFollower {
  static constexpr FaultInfo kInfo{"stall_follower", FaultTarget::Broker,
                                   "it fetches nothing as a follower, and does all else"};
  core::NodeId broker;
  std::optional<core::Duration> lasts{};
  friend bool operator==(const StallFollower&, const StallFollower&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.may({"for", "\"1s\""}, self.lasts);
  }
};

// Requests whose service begins while it lasts take so much longer.
struct SlowBroker {
  static constexpr FaultInfo kInfo{"slow_broker", FaultTarget::Broker,
                                   "it takes so much longer to serve a request"};
  core::NodeId broker;
  core::Duration extra{};
  std::optional<core::Duration> lasts{};
  friend bool operator==(const SlowBroker&, const SlowBroker&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"extra", "\"100ms\""}, self.extra);
    v.may({"for", "\"1s\""}, self.lasts);
  }
};

// The broker's process stands still and goes on where it was: connections stay, and its machine
// takes bytes and connections meanwhile.
struct PauseBroker {
  static constexpr FaultInfo kInfo{"pause_broker", FaultTarget::Broker,
                                   "its process stands still, as in a long garbage collection, "
                                   "and goes on where it was"};
  core::NodeId broker;
  core::Duration lasts{};
  friend bool operator==(const PauseBroker&, const PauseBroker&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"for", "\"1s\""}, self.lasts);
  }
};

}  // namespace linger::sim
