// What can happen to topics, and to the records in them.
#pragma once

#include <cstdint>
#include <optional>

#include "core/id.h"
#include "sim/fault_field.h"

namespace linger::sim {

// A topic that does not exist comes to be: as its [[topic]] says, but for what is given here. Each
// time it is another topic, with another id, and its leader epochs begin at 0.
struct CreateTopic {
  static constexpr FaultInfo kInfo{"create_topic", FaultTarget::Partition,
                                   "a topic that is not there comes to be, as its [[topic]] says "
                                   "or as topics are created by themselves; it has another id "
                                   "each time, and its leader epochs begin at 0"};
  TopicName topic;
  std::optional<std::int32_t> partitions{};
  std::optional<core::NodeId> leader{};  // of the first partition; the next ones follow in turn
  friend bool operator==(const CreateTopic&, const CreateTopic&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"topic", "\"orders\""}, self.topic);
    v.may({"partitions", "3", 1}, self.partitions);
    v.may({"leader", "1"}, self.leader);
  }
};

// With everything in it; whoever waits for its followers is told that it is unknown.
struct DeleteTopic {
  static constexpr FaultInfo kInfo{"delete_topic", FaultTarget::Partition,
                                   "the topic is gone, with all that was in it"};
  TopicName topic;
  friend bool operator==(const DeleteTopic&, const DeleteTopic&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"topic", "\"orders\""}, self.topic);
  }
};

// As retention does, or an administrator. Brokers that expect an unknown producer to begin at 0
// (unknown_producer) then forget each producer of whom no record is left.
struct DeleteRecords {
  static constexpr FaultInfo kInfo{"delete_records", FaultTarget::Partition,
                                   "records below an offset are deleted, or all that are "
                                   "replicated; brokers before 2.4 (unknown_producer) then forget "
                                   "each producer of whom none is left"};
  PartitionName partition;
  std::optional<std::int32_t> before{};
  friend bool operator==(const DeleteRecords&, const DeleteRecords&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"partition", "\"orders-0\""}, self.partition);
    v.may({"before", "100"}, self.before);
  }
};

}  // namespace linger::sim
