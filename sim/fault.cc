#include "sim/fault.h"

#include <cstddef>
#include <utility>

#include "sim/fault_words.h"
#include "sim/units.h"

namespace linger::sim {
namespace {

std::string broker_text(core::NodeId broker) {
  return "broker " + std::to_string(broker.value());
}

std::string lasting(const std::optional<core::Duration>& lasts) {
  return lasts ? " for " + duration_text(*lasts) : "";
}

// "to broker 1", and which way if it is one alone.
std::string way_text(Way way, core::NodeId broker) {
  const std::string wire = "to " + broker_text(broker);
  if (way == Way::Both) return wire;
  return wire + (way == Way::ToBroker ? ", on the way there" : ", on the way back");
}

// "the next answer", "the next 2 answers"
std::string next_of(std::int32_t times, const std::string& what) {
  return times == 1 ? "the next " + what : "the next " + std::to_string(times) + " " + what + "s";
}

// "1 byte", "933 bytes", "64KiB"
std::string count_of_bytes(core::Bytes size) {
  const std::string text = size_text(size);
  if (text.ends_with('B')) return text;
  return text + (size == core::Bytes{1} ? " byte" : " bytes");
}

std::string garbage_text(Garbage what) {
  switch (what) {
    case Garbage::Http:
      return "HTTP";
    case Garbage::TlsAlert:
      return "a TLS alert";
    case Garbage::NegativeSize:
      break;
  }
  return "a negative size";
}

// "the next produce request for orders-3", "the next 2 produce requests for orders-3"
std::string next_requests(const PartitionName& partition, std::int32_t times) {
  const std::string requests =
      times == 1 ? "produce request" : std::to_string(times) + " produce requests";
  return "the next " + requests + " for " + partition_text(partition);
}

std::string text_of(const AddLatency& fault) {
  return "add " + duration_text(fault.extra) + " latency " + way_text(fault.way, fault.broker) +
         lasting(fault.lasts);
}
std::string text_of(const AddJitter& fault) {
  return "add up to " + duration_text(fault.up_to) + " jitter " +
         way_text(fault.way, fault.broker) + lasting(fault.lasts);
}
std::string text_of(const LimitBandwidth& fault) {
  return "limit the bandwidth to " + count_of_bytes(fault.limit.each_second) + "/s " +
         way_text(fault.way, fault.broker) + lasting(fault.lasts);
}
std::string text_of(const LimitSegments& fault) {
  return "limit segments to " + count_of_bytes(fault.size) + " " +
         way_text(fault.way, fault.broker) + lasting(fault.lasts);
}
std::string text_of(const DropSegments& fault) {
  const std::string which = fault.above == core::Bytes{0}
                                ? "all segments "
                                : "segments above " + count_of_bytes(fault.above) + " ";
  return "drop " + which + way_text(fault.way, fault.broker) + lasting(fault.lasts);
}
std::string text_of(const AcceptNothing& fault) {
  return "let " + broker_text(fault.broker) + " accept no bytes" + lasting(fault.lasts);
}
std::string text_of(const DropIdle& fault) {
  return "forget connections to " + broker_text(fault.broker) + " that are idle for " +
         duration_text(fault.after) +
         (fault.lasts ? ", during " + duration_text(*fault.lasts) : "");
}
std::string text_of(const CutAnswer& fault) {
  return "cut " + next_of(fault.times, "answer") + " of " + broker_text(fault.broker) + " after " +
         count_of_bytes(fault.after);
}
std::string text_of(const CutRequest& fault) {
  return "cut " + next_of(fault.times, "request") + " to " + broker_text(fault.broker) + " after " +
         count_of_bytes(fault.after);
}
std::string text_of(const AnswerGarbage& fault) {
  const std::string answers =
      fault.lasts && !fault.times ? "all requests" : next_of(fault.times.value_or(1), "request");
  return "let " + broker_text(fault.broker) + " answer " + answers + " with " +
         garbage_text(fault.what) + lasting(fault.lasts);
}
std::string text_of(const Stranger& fault) {
  return "a stranger says '" + std::string{fault_word(fault.says)} + "' to " +
         broker_text(fault.broker);
}
std::string text_of(const CloseAbove& fault) {
  return "let " + broker_text(fault.broker) + " close at frames above " +
         count_of_bytes(fault.size) + lasting(fault.lasts);
}
std::string text_of(const Advertise& fault) {
  const std::string address =
      fault.host.empty() ? "where it is" : "as " + fault.host + ":" + std::to_string(fault.port);
  return "advertise " + broker_text(fault.broker) + " " + address;
}
std::string text_of(const FailMetadata& fault) {
  const std::string answers = fault.lasts && !fault.times
                                  ? "all metadata answers"
                                  : next_of(fault.times.value_or(1), "metadata answer");
  return "tell " + std::string{core::name(fault.error)} + " of " + partition_text(fault.partition) +
         " in " + answers + lasting(fault.lasts);
}
std::string text_of(const ExitProcess& fault) {
  return "end the process of " + fault.producer.name;
}
std::string text_of(const Disconnect& fault) {
  return "disconnect " + broker_text(fault.broker);
}
std::string text_of(const RefuseConnections& fault) {
  return "refuse connections to " + broker_text(fault.broker) + lasting(fault.lasts);
}
std::string text_of(const RefuseAuthentication& fault) {
  return (fault.answer ? "refuse authentication by " : "leave authentication unanswered by ") +
         broker_text(fault.broker) + lasting(fault.lasts);
}
std::string text_of(const FallSilent& fault) {
  return "silence " + broker_text(fault.broker) + lasting(fault.lasts);
}
std::string text_of(const FailProduce& fault) {
  const bool is_of_all = fault.lasts && !fault.times;
  const std::string requests = is_of_all
                                   ? "all produce requests for " + partition_text(fault.partition)
                                   : next_requests(fault.partition, fault.times.value_or(1));
  return "fail " + requests + " with " + std::string{core::name(fault.error)} +
         (fault.append ? " after the append" : "") + lasting(fault.lasts);
}
std::string text_of(const LoseResponse& fault) {
  return "lose the response to " + next_requests(fault.partition, fault.times) +
         (fault.disconnect ? " and disconnect" : " and stay silent");
}
std::string text_of(const ChangeLeader& fault) {
  return "change the leader of " + partition_text(fault.partition) + " to " +
         (fault.leader ? broker_text(*fault.leader) : "nobody") +
         (fault.epoch ? ", epoch " + std::to_string(*fault.epoch) : "");
}
std::string text_of(const StopBroker& fault) {
  return (fault.controlled ? "shut down " : "stop ") + broker_text(fault.broker);
}
std::string text_of(const StartBroker& fault) {
  return "start " + broker_text(fault.broker);
}
std::string text_of(const DelayAnswers& fault) {
  return "delay produce answers by " + duration_text(fault.delay);
}
std::string text_of(const ShrinkIsr& fault) {
  return "take " + broker_text(fault.broker) + " out of the in-sync replicas of " +
         partition_text(fault.partition) + lasting(fault.lasts);
}
std::string text_of(const SlowFollower& fault) {
  return "slow what " + broker_text(fault.broker) + " fetches down by " +
         duration_text(fault.extra) + lasting(fault.lasts);
}
std::string text_of(const StallFollower& fault) {
  return "let " + broker_text(fault.broker) + " fetch nothing" + lasting(fault.lasts);
}
std::string text_of(const SlowBroker& fault) {
  return "slow " + broker_text(fault.broker) + " down by " + duration_text(fault.extra) +
         lasting(fault.lasts);
}
std::string text_of(const PauseBroker& fault) {
  return "pause " + broker_text(fault.broker) + " for " + duration_text(fault.lasts);
}
std::string text_of(const MoveCoordinator& fault) {
  const bool is_group = fault.of == core::CoordinatorType::Group;
  const std::string what = is_group ? "group" : "transactional id";
  return "move the coordinator of " + (fault.key ? what + " " + *fault.key : "every " + what) +
         " to " + (fault.to ? broker_text(*fault.to) : "nobody") +
         (fault.loads > core::Duration{} ? ", which loads for " + duration_text(fault.loads) : "");
}
std::string text_of(const FenceProducer& fault) {
  return "fence the producers of " + fault.transactional_id +
         (fault.times == 1 ? "" : ", " + std::to_string(fault.times) + " times");
}
std::string text_of(const ExpireTransaction& fault) {
  return "let the transaction of " + fault.transactional_id + " expire";
}
std::string text_of(const SkewClock& fault) {
  const core::Duration off = fault.ahead - fault.behind;
  if (off == core::Duration{}) return "set the clock of " + broker_text(fault.broker) + " right";
  return "set the clock of " + broker_text(fault.broker) + " " +
         duration_text(off < core::Duration{} ? -off : off) +
         (off < core::Duration{} ? " behind" : " ahead");
}
std::string text_of(const LimitProduceRate& fault) {
  return "let each client produce at most " + count_of_bytes(fault.rate.each_second) + "/s to " +
         broker_text(fault.broker) + lasting(fault.lasts);
}
std::string text_of(const CreateTopic& fault) {
  const std::string partitions =
      fault.partitions ? " with partitions 0 to " + std::to_string(*fault.partitions - 1) : "";
  return "create the topic " + fault.topic.name + partitions +
         (fault.leader ? ", led by " + broker_text(*fault.leader) : "");
}
std::string text_of(const DeleteTopic& fault) {
  return "delete the topic " + fault.topic.name;
}
std::string text_of(const DeleteRecords& fault) {
  return "delete records of " + partition_text(fault.partition) +
         (fault.before ? " before offset " + std::to_string(*fault.before) : "");
}
std::string text_of(const FailTransactionLog& fault) {
  return "let the transaction log take nothing for " + duration_text(fault.lasts);
}
std::string text_of(const DelayCoordination& fault) {
  return "delay coordinators' answers by " + duration_text(fault.delay);
}

}  // namespace

Fault::Fault() = default;
Fault::Fault(const Fault&) = default;
Fault::Fault(Fault&&) noexcept = default;
Fault& Fault::operator=(const Fault&) = default;
Fault& Fault::operator=(Fault&&) noexcept = default;
Fault::~Fault() = default;

std::string text(const Fault& fault) {
  return std::visit([](const auto& one) { return text_of(one); }, fault);
}

const FaultInfo& info(const Fault& fault) {
  return std::visit([](const auto& one) -> const FaultInfo& { return one.kInfo; }, fault);
}

namespace {

template <std::size_t... Index>
std::vector<Fault> one_of_each(std::index_sequence<Index...>) {
  return {Fault{std::in_place_index<Index>}...};
}

}  // namespace

std::vector<Fault> fault_vocabulary() {
  return one_of_each(std::make_index_sequence<std::variant_size_v<FaultKinds>>{});
}

}  // namespace linger::sim
