#include "sim/random_scenario.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
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

Fault any_fault(const ClusterSpec& cluster, Choices& choices) {
  const NodeId broker{static_cast<std::int32_t>(choices.from(0, cluster.brokers - 1))};
  const auto partitions = static_cast<std::int64_t>(cluster.topics.front().leaders.size());
  const PartitionName partition{kTopic, static_cast<std::int32_t>(choices.from(0, partitions - 1))};
  const Duration lasts = choices.one_of<Duration>({10ms, 100ms, 700ms});
  const auto times = static_cast<std::int32_t>(choices.from(1, 3));
  switch (choices.below(7)) {
    case 0:
      return FailProduce{
          partition,
          choices.one_of<ErrorCode>({ErrorCode::NotEnoughReplicas, ErrorCode::NotLeaderOrFollower,
                                     ErrorCode::RequestTimedOut, ErrorCode::MessageTooLarge,
                                     ErrorCode::InvalidRecord, ErrorCode::OutOfOrderSequenceNumber,
                                     ErrorCode::TopicAuthorizationFailed}),
          times, choices.once_in(2)};
    case 1:
      return LoseResponse{partition, times, choices.once_in(2)};
    case 2:
      return Disconnect{broker};
    case 3:
      return AddLatency{broker, choices.one_of<Duration>({5ms, 100ms}), lasts};
    case 4:
      return RefuseConnections{broker, lasts};
    case 5:
      return FallSilent{broker, lasts};
    default:
      return ChangeLeader{partition, broker};
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
  const auto faults = choices.from(0, 4);
  for (std::int64_t i = 0; i < faults; ++i) {
    const Instant at{std::chrono::milliseconds{choices.below(150)}};
    scenario.faults.push_back({Moment{at, std::nullopt}, any_fault(scenario.cluster, choices), 0});
  }
  return scenario;
}

}  // namespace linger::sim
