// What can happen to coordinators of transactions and groups.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/id.h"
#include "core/protocol_messages.h"
#include "core/time.h"
#include "sim/fault_field.h"

namespace linger::sim {

// Another broker, or none, coordinates a transactional id, or a group; without a key: all of them.
// At first it loads what the log says. Nothing is lost, but what was not in the log yet.
struct MoveCoordinator {
  static constexpr FaultInfo kInfo{"move_coordinator", FaultTarget::Broker,
                                   "the broker, or to = \"none\", coordinates the transactional id "
                                   "or the group, or without a key all of them; while it loads, "
                                   "clients are asked to wait"};
  std::optional<core::NodeId> to;
  std::optional<std::string> key{};
  core::CoordinatorType of = core::CoordinatorType::Transaction;
  core::Duration loads{};
  friend bool operator==(const MoveCoordinator&, const MoveCoordinator&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"to", "1"}, self.to);
    v.may({"key", "\"x\""}, self.key);
    v.may({"of", "\"group\""}, self.of);
    v.may({"loads", "\"200ms\""}, self.loads);
  }
};

// Another producer, outside the scenario, initialises the transactional id: an open transaction is
// aborted, and the epoch grows. Differs: it does not have to wait.
struct FenceProducer {
  static constexpr FaultInfo kInfo{"fence", FaultTarget::Process,
                                   "another producer, outside the scenario, initialises the "
                                   "transactional id, so often (once): an open transaction is "
                                   "aborted, and the epoch grows"};
  std::string transactional_id;
  std::int32_t times = 1;
  friend bool operator==(const FenceProducer&, const FenceProducer&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"transaction", "\"x\""}, self.transactional_id);
    v.may({"times", "2", 1}, self.times);
  }
};

// The coordinator finds that the open transaction took too long: it aborts it, under a new epoch.
struct ExpireTransaction {
  static constexpr FaultInfo kInfo{"expire_transaction", FaultTarget::Process,
                                   "the coordinator finds that the open transaction took too long: "
                                   "it aborts it under a new epoch"};
  std::string transactional_id;
  friend bool operator==(const ExpireTransaction&, const ExpireTransaction&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"transaction", "\"x\""}, self.transactional_id);
  }
};

// What coordinators write does not come to stand in the transaction log.
struct FailTransactionLog {
  static constexpr FaultInfo kInfo{"fail_transaction_log", FaultTarget::Broker,
                                   "no change comes to stand in the transaction log for so long: "
                                   "whoever asked for one is told COORDINATOR_NOT_AVAILABLE"};
  core::Duration lasts{};
  friend bool operator==(const FailTransactionLog&, const FailTransactionLog&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"for", "\"30s\""}, self.lasts);
  }
};

// As DelayAnswers, for requests about coordination.
struct DelayCoordination {
  static constexpr FaultInfo kInfo{"delay_coordination", FaultTarget::Broker,
                                   "as delay_answers, for requests about transactions, offsets and "
                                   "coordinators"};
  core::Duration delay{};
  friend bool operator==(const DelayCoordination&, const DelayCoordination&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"by", "\"5ms\""}, self.delay);
  }
};

}  // namespace linger::sim
