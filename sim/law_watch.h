// Laws about what happens in turn: they follow a run event by event.
//
// A law of one's own is a class with a name, what it keeps, and see(); its place is the list below.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/id.h"
#include "core/time.h"
#include "sim/laws.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// Of one producer.
using PartitionOf = std::pair<ProducerIndex, TopicPartition>;

// guaranteeMessageOrder: with one request in flight, a partition waits until its batch is answered.
class MutedIsNotDrained {
 public:
  static constexpr std::string_view kName = "a muted partition is not drained";
  std::optional<std::string> see(const TraceEvent& event, const World& world);

 private:
  std::set<PartitionOf> muted_;
};

// What is acknowledged is told in the order of the appends, where the settings promise an order:
// one request in flight, or idempotence. Kafka breaks it elsewhere: a batch that is retried comes
// behind one that was sent after it. With idempotence, too, where brokers take any first sequence
// from a producer they do not know, as they do since 2.4: the first batch may fail, and the second
// not.
class CallbacksInOrder {
 public:
  static constexpr std::string_view kName = "acknowledgements come in the order of appends";
  std::optional<std::string> see(const TraceEvent& event, const World& world);

 private:
  std::map<PartitionOf, std::int64_t> appended_;                         // how many
  std::map<core::RecordId, std::int64_t> places_;                        // in its partition
  std::map<PartitionOf, std::pair<std::int64_t, core::RecordId>> last_;  // told of each
};

// Since KIP-91 (2.1.0) a record has its fate delivery.timeout.ms after its batch was opened: the
// next pass in which the sender looks at batches sees to it. Kafka's sender does not look at them
// while it has no producer id: those passes do not count.
class FateInTime {
 public:
  static constexpr std::string_view kName = "every record has its fate by delivery.timeout.ms";
  std::optional<std::string> see(const TraceEvent& event, const World& world);

 private:
  struct Looks {  // when the sender had looked at its batches
    core::Millis last{};
    core::Millis before{};
  };
  std::map<ProducerIndex, Looks> looks_;
  std::map<std::pair<ProducerIndex, core::BatchId>, core::Millis> opened_;
};

class LawWatch {
 public:
  void take_in(const TraceEvent& event, const World& world, std::vector<BrokenLaw>& broken);

 private:
  std::tuple<MutedIsNotDrained, CallbacksInOrder, FateInTime> laws_;
};

}  // namespace linger::sim
