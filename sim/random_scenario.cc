#include "sim/random_scenario.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/check.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::Era;
using core::ErrorCode;

constexpr const char* kTopic = "t";
constexpr const char* kTransactionalId = "x";

std::string number(std::int64_t value) {
  return std::to_string(value);
}

// --- The producer ---

core::GivenSettings any_settings(Era era, Choices& choices) {
  const bool is_old = era == Era::V0_10_2;
  const bool is_idempotent = !is_old && choices.once_in(2);
  const auto linger = choices.one_of<std::int64_t>({0, 1, 5, 20});
  const auto request_timeout = choices.one_of<std::int64_t>({400, 60});
  core::GivenSettings settings;
  settings["linger.ms"] = number(linger);
  settings["request.timeout.ms"] = number(request_timeout);
  settings["batch.size"] = choices.one_of<const char*>({"16384", "1000", "250", "1"});
  settings["buffer.memory"] = choices.one_of<const char*>({"33554432", "20000", "2000"});
  settings["max.request.size"] = choices.one_of<const char*>({"1048576", "2000", "500"});
  settings["max.block.ms"] = choices.one_of<const char*>({"500", "30", "0"});
  settings["max.in.flight.requests.per.connection"] = number(choices.from(1, 5));
  settings["acks"] = is_idempotent ? "all" : choices.one_of<const char*>({"all", "1", "0"});
  settings["retries"] = is_idempotent ? choices.one_of<const char*>({"2147483647", "2", "1"})
                                      : choices.one_of<const char*>({"2147483647", "2", "0"});
  settings["retry.backoff.ms"] = choices.one_of<const char*>({"10", "50"});
  if (is_old) return settings;
  settings["enable.idempotence"] = is_idempotent ? "true" : "false";
  settings["delivery.timeout.ms"] =
      number(linger + request_timeout + choices.one_of<std::int64_t>({600, 0, 100}));
  if (era == Era::V2_8) return settings;
  settings["retry.backoff.max.ms"] = choices.one_of<const char*>({"50", "100"});
  settings["partitioner.availability.timeout.ms"] = choices.one_of<const char*>({"0", "20"});
  return settings;
}

ProducerSpec any_producer(Era era, Choices& choices) {
  ProducerSpec producer;
  producer.settings = any_settings(era, choices);
  auto config = core::resolve(producer.settings, era);
  CHECK(std::holds_alternative<core::ResolvedConfig>(config));
  producer.config = std::get<core::ResolvedConfig>(std::move(config));
  UserCode plain;
  plain.name = "plain";
  UserCode slow;
  slow.name = "slow";
  slow.takes = 3ms;
  slow.throws = "RuntimeException";
  producer.callbacks = {plain, slow};
  return producer;
}

// --- The application ---

SendAction any_send(std::int32_t partitions, Choices& choices) {
  SendAction send;
  send.topic = kTopic;
  const auto partition = static_cast<std::int32_t>(choices.from(0, partitions));
  if (partition < partitions) send.partition = partition;
  send.count = choices.from(1, 7);
  const Bytes size{choices.one_of<std::int64_t>({5, 60, 200, 700})};
  send.value_size = {size, size};
  send.every = choices.one_of<Duration>({0ms, 1ms, 7ms, 300us});
  send.wait = choices.once_in(4);
  if (const std::uint32_t callback = choices.below(3); callback > 0) {
    send.callback = core::CallbackId{static_cast<std::int32_t>(callback) - 1};
  }
  return send;
}

AppAction any_action(std::int32_t partitions, Choices& choices) {
  switch (choices.below(7)) {
    case 5:
      return FlushAction{};
    case 6:
      return SleepAction{choices.one_of<Duration>({1ms, 20ms, 150ms})};
    default:
      return any_send(partitions, choices);
  }
}

std::vector<AppAction> any_program(std::int32_t partitions, Choices& choices) {
  std::vector<AppAction> program;
  const auto actions = choices.from(1, 4);
  for (std::int64_t i = 0; i < actions; ++i) program.push_back(any_action(partitions, choices));
  switch (choices.below(6)) {
    case 4:
      program.push_back(CloseAction{});
      break;
    case 5:
      program.push_back(
          CloseAction{core::Milliseconds{choices.one_of<std::int64_t>({100, 10, 0})}});
      break;
    default:
      break;
  }
  return program;
}

// --- What goes wrong ---

// What a fault is about, and for how long it lasts.
struct Victim {
  NodeId broker;
  PartitionName partition;
  Duration lasts{};
  std::int32_t times = 1;
};

Fault any_fault_of_the_wire(const Victim& of, Choices& choices) {
  switch (choices.below(8)) {
    case 0:
      return Disconnect{of.broker};
    case 1:
      return AddLatency{of.broker, choices.one_of<Duration>({5ms, 100ms}), of.lasts};
    case 2:
      return RefuseConnections{of.broker, of.lasts};
    case 3:
      return AddJitter{of.broker, choices.one_of<Duration>({5ms, 30ms}), of.lasts};
    case 4:
      return LimitSegments{of.broker, Bytes{choices.one_of<std::int64_t>({100, 7})}, of.lasts};
    case 5:
      return AcceptNothing{of.broker, of.lasts};
    case 6:
      return CutRequest{of.broker, Bytes{choices.one_of<std::int64_t>({100, 3})}, of.times};
    default:
      return CutAnswer{of.broker, Bytes{choices.one_of<std::int64_t>({10, 0})}, of.times};
  }
}

Fault any_fault_of_a_broker(const Victim& of, Choices& choices) {
  switch (choices.below(5)) {
    case 0:
      return FallSilent{of.broker, of.lasts};
    case 1:
      return SlowBroker{of.broker, choices.one_of<Duration>({5ms, 60ms}), of.lasts};
    case 2:
      return PauseBroker{of.broker, of.lasts};
    case 3:
      return AnswerGarbage{of.broker, Garbage::Http, of.times};
    default:
      return StopBroker{of.broker, choices.once_in(2)};
  }
}

Fault any_fault_of_a_replica(const Victim& of, Choices& choices) {
  switch (choices.below(3)) {
    case 0:
      return StallFollower{of.broker, of.lasts};
    case 1:
      return SlowFollower{of.broker, choices.one_of<Duration>({20ms, 200ms}), of.lasts};
    default:
      return ShrinkIsr{of.partition, of.broker, of.lasts};
  }
}

Fault any_fault(const Victim& of, bool is_replicated, Choices& choices) {
  switch (choices.below(is_replicated ? 7 : 6)) {
    case 0:
      return FailProduce{
          of.partition,
          choices.one_of<ErrorCode>({ErrorCode::NotEnoughReplicas, ErrorCode::NotLeaderOrFollower,
                                     ErrorCode::RequestTimedOut, ErrorCode::MessageTooLarge,
                                     ErrorCode::InvalidRecord, ErrorCode::OutOfOrderSequenceNumber,
                                     ErrorCode::TopicAuthorizationFailed}),
          of.times, choices.once_in(2)};
    case 1:
      return LoseResponse{of.partition, of.times, choices.once_in(2)};
    case 2:
    case 3:
      return any_fault_of_the_wire(of, choices);
    case 4:
      return any_fault_of_a_broker(of, choices);
    case 5:
      return ChangeLeader{of.partition, of.broker};
    default:
      return any_fault_of_a_replica(of, choices);
  }
}

// Whoever stops starts again.
void add_faults(Scenario& scenario, Choices& choices) {
  const TopicSpec& topic = scenario.cluster.topics.front();
  const std::int64_t last_broker = scenario.cluster.brokers - 1;
  const std::int64_t last_partition = std::ssize(topic.leaders) - 1;
  const auto faults = choices.from(0, 4);
  for (std::int64_t i = 0; i < faults; ++i) {
    const Instant at{std::chrono::milliseconds{choices.below(150)}};
    const Victim of{NodeId{static_cast<std::int32_t>(choices.from(0, last_broker))},
                    {kTopic, static_cast<std::int32_t>(choices.from(0, last_partition))},
                    choices.one_of<Duration>({10ms, 100ms, 700ms}),
                    static_cast<std::int32_t>(choices.from(1, 3))};
    const Fault fault = any_fault(of, topic.replicas > 1, choices);
    scenario.faults.push_back({Moment{at, std::nullopt}, fault, 0});
    if (std::holds_alternative<StopBroker>(fault)) {
      scenario.faults.push_back({Moment{at + of.lasts, std::nullopt}, StartBroker{of.broker}, 0});
    }
  }
}

// --- The cluster ---

ClusterSpec any_cluster(Choices& choices) {
  ClusterSpec cluster;
  cluster.brokers = static_cast<std::int32_t>(choices.from(1, 3));
  cluster.unknown_producer =
      choices.one_of<UnknownProducer>({UnknownProducer::Any, UnknownProducer::Zero});
  TopicSpec topic;
  topic.name = kTopic;
  topic.replication_factor = cluster.brokers;
  const auto partitions = static_cast<std::int32_t>(choices.from(1, 6));
  for (std::int32_t i = 0; i < partitions; ++i) {
    topic.leaders.push_back(NodeId{i % cluster.brokers});
  }
  if (cluster.brokers > 1 && choices.once_in(3)) {
    topic.replicas = cluster.brokers;
    topic.replication_factor = 1;  // as metadata tells it of a log that stands for all
    ReplicationSpec& replication = cluster.replication;
    replication.latency = choices.one_of<Duration>({1ms, 5ms});
    replication.lag_time = choices.one_of<Duration>({1s, 60ms});
    replication.session_timeout = choices.one_of<Duration>({300ms, 40ms});
    replication.min_in_sync_replicas = static_cast<std::int32_t>(choices.from(1, 2));
    replication.unclean_elections = choices.once_in(8);
  }
  cluster.topics = {topic};
  return cluster;
}

LinkSpec any_link(Choices& choices) {
  LinkSpec link;
  link.latency = choices.one_of<Duration>({1ms, 5ms, 250us, 20ms});
  link.jitter = choices.one_of<Duration>({0ms, 2ms});
  link.segment = Bytes{choices.one_of<std::int64_t>({65'536, 1'460, 100})};
  if (choices.once_in(5)) link.bandwidth = Bytes{100'000};
  return link;
}

// --- What only some have: whoever chooses zeros has none of it ---

// Settings and rules as they are now. False if the client refuses them.
bool resolve_again(ProducerSpec& producer, const Scenario& scenario) {
  auto config = core::resolve(producer.settings, scenario.era, scenario.rules);
  if (!std::holds_alternative<core::ResolvedConfig>(config)) return false;
  producer.config = std::get<core::ResolvedConfig>(std::move(config));
  return true;
}

void add_keys(Scenario& scenario, Choices& choices) {
  if (!choices.once_in(4)) return;
  const auto keys = static_cast<std::int32_t>(choices.from(1, 3));
  for (AppThreadSpec& thread : scenario.threads) {
    for (AppAction& action : thread.program) {
      auto* send = std::get_if<SendAction>(&action);
      if (send != nullptr && !send->partition) send->distinct_keys = keys;
    }
  }
}

void add_codec(Scenario& scenario, Choices& choices) {
  if (!choices.once_in(4)) return;
  const auto* codec = choices.one_of<const char*>({"gzip", "snappy", "lz4", "zstd"});
  ProducerSpec plain = scenario.producers.front();
  scenario.producers.front().settings["compression.type"] = codec;
  if (!resolve_again(scenario.producers.front(), scenario)) scenario.producers.front() = plain;
}

// A rule of another time; none if it cannot be alone.
void flip_a_rule(Scenario& scenario, Choices& choices) {
  if (!choices.once_in(4)) return;
  const auto table = core::rule_table();
  const core::Rule rule = table[choices.below(static_cast<std::uint32_t>(table.size()))].rule;
  const bool is_on = scenario.rules.has(rule);
  const core::RuleFlip flip{rule, is_on ? core::RuleFlip::Turn::Off : core::RuleFlip::Turn::On};
  const auto flipped = core::flipped(scenario.rules, std::span{&flip, 1});
  if (!std::holds_alternative<core::RuleSet>(flipped)) return;
  const core::RuleSet usual = std::exchange(scenario.rules, std::get<core::RuleSet>(flipped));
  if (!resolve_again(scenario.producers.front(), scenario)) {
    scenario.rules = usual;
    CHECK(resolve_again(scenario.producers.front(), scenario));
  }
  scenario.cluster.message_max_bytes = usual_message_max_bytes(scenario.rules);
}

void add_second_producer(Scenario& scenario, Choices& choices) {
  if (!choices.once_in(6)) return;
  ProducerSpec second = any_producer(scenario.era, choices);
  second.name = "second";
  if (!resolve_again(second, scenario)) return;
  scenario.producers.push_back(second);
  const auto partitions = static_cast<std::int32_t>(scenario.cluster.topics[0].leaders.size());
  scenario.threads.push_back({"app-second", 1, any_program(partitions, choices), false});
}

// The program of the first thread, a transaction for each action, and what can go wrong with them.
void add_transactions(Scenario& scenario, Choices& choices) {
  ProducerSpec& producer = scenario.producers.front();
  if (!producer.config.config.enable_idempotence || !choices.once_in(3)) return;
  const ProducerSpec plain = producer;
  producer.settings["transactional.id"] = kTransactionalId;
  producer.settings["transaction.timeout.ms"] = choices.one_of<const char*>({"60000", "100"});
  if (!resolve_again(producer, scenario)) {
    producer = plain;
    return;
  }
  using enum core::TransactionMethod;
  std::vector<AppAction> program{TransactionAction{InitTransactions}};
  for (AppAction& action : scenario.threads.front().program) {
    if (std::holds_alternative<CloseAction>(action)) {
      program.push_back(std::move(action));
      continue;
    }
    program.push_back(TransactionAction{BeginTransaction});
    program.push_back(std::move(action));
    const std::uint32_t end = choices.below(4);
    if (end < 3) program.push_back(TransactionAction{CommitTransaction});
    if (end > 1) program.push_back(TransactionAction{AbortTransaction});
  }
  scenario.threads.front().program = std::move(program);
  const auto faults = choices.from(0, 2);
  for (std::int64_t i = 0; i < faults; ++i) {
    const Instant at{std::chrono::milliseconds{choices.below(150)}};
    Fault fault = FenceProducer{kTransactionalId};
    if (choices.below(2) == 0) {
      const auto broker = static_cast<std::int32_t>(choices.from(0, scenario.cluster.brokers - 1));
      fault = MoveCoordinator{NodeId{broker}, std::nullopt, core::CoordinatorType::Transaction,
                              choices.one_of<Duration>({0ms, 50ms})};
    }
    scenario.faults.push_back({Moment{at, std::nullopt}, fault, 0});
  }
  if (choices.once_in(3)) {
    scenario.cluster.coordination.verifies_writes = usually_verifies_writes(scenario.rules);
  }
}

}  // namespace

Scenario random_scenario(Choices& choices) {
  Scenario scenario;
  scenario.era = choices.one_of<Era>({Era::V3_9, Era::V2_8, Era::V0_10_2});
  scenario.release = core::name(scenario.era);
  scenario.rules = core::rules_of(scenario.era);
  scenario.seed = choices.below(1'000);
  scenario.jitter = choices.once_in(2);
  scenario.warm = choices.once_in(3);
  scenario.limit = Instant{60s};
  scenario.topics = core::TopicNames{{kTopic}};
  scenario.cluster = any_cluster(choices);
  scenario.cluster.message_max_bytes = usual_message_max_bytes(scenario.rules);
  scenario.network.link = any_link(choices);
  scenario.producers = {any_producer(scenario.era, choices)};
  const auto partitions = static_cast<std::int32_t>(scenario.cluster.topics[0].leaders.size());
  const auto threads = choices.from(1, 3);
  for (std::int64_t i = 0; i < threads; ++i) {
    scenario.threads.push_back(
        {"app-" + number(i), 0, any_program(partitions, choices), /*on_interrupt=*/false});
  }
  add_faults(scenario, choices);
  add_keys(scenario, choices);
  add_codec(scenario, choices);
  flip_a_rule(scenario, choices);
  add_second_producer(scenario, choices);
  add_transactions(scenario, choices);
  return scenario;
}

}  // namespace linger::sim
