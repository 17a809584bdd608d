// How a world begins: its producers and threads, and what was there before the run.
#include <chrono>
#include <utility>

#include "core/check.h"
#include "sim/broker_answers.h"
#include "sim/random_faults.h"
#include "sim/stepper.h"
#include "sim/world.h"

namespace linger::sim {

namespace {

// Both numbers have a float of their own, so that the quotient is the one next to the decimal.
std::optional<float> first_ratio(const ProducerSpec& spec) {  // float: as Kafka has it
  if (!spec.compression_ratio) return std::nullopt;
  return static_cast<float>(spec.compression_ratio->numerator) /   // float: as Kafka has it
         static_cast<float>(spec.compression_ratio->denominator);  // float: as Kafka has it
}

std::vector<core::Node> bootstrap_of(const Scenario& scenario) {
  std::vector<core::Node> bootstrap;
  const auto add = [&bootstrap](const std::string& host, std::int32_t port) {
    const auto number = static_cast<std::int32_t>(bootstrap.size());
    bootstrap.push_back({NodeId{-1 - number}, host, port});
  };
  if (scenario.live) {
    for (const HostAndPort& address : scenario.live->bootstrap) add(address.host, address.port);
    return bootstrap;
  }
  for (std::int32_t broker = 0; broker < scenario.cluster.brokers; ++broker) {
    const core::NodeEndpoint endpoint = Cluster::endpoint(NodeId{broker});
    add(endpoint.host, endpoint.port);
  }
  return bootstrap;
}

core::KafkaProducer make_producer(const Scenario& scenario, std::size_t index) {
  const ProducerSpec& spec = scenario.producers[index];
  core::KafkaProducer::Settings settings;
  settings.config = spec.config;
  settings.topics = scenario.topics;
  settings.bootstrap = bootstrap_of(scenario);
  settings.interceptors = static_cast<std::int32_t>(spec.interceptors.size());
  settings.has_key_serializer = spec.key_serializer.has_value();
  settings.has_value_serializer = spec.value_serializer.has_value();
  settings.has_partitioner = spec.partitioner.has_value();
  settings.seed = scenario.seed;
  settings.number = static_cast<std::uint32_t>(index);
  settings.has_jitter = scenario.jitter;
  settings.discovers_versions = scenario.handshake;
  settings.one_receive_per_poll = scenario.one_receive_per_poll;
  settings.pinned = spec.pinned;
  settings.compression_ratio = first_ratio(spec);
  settings.heap = spec.heap;
  return core::KafkaProducer{std::move(settings),
                             core::Millis{core::Milliseconds{scenario.epoch_ms}}};
}

core::MetadataSnapshot::Contents contents_of(const Cluster& cluster) {
  core::MetadataSnapshot::Contents contents;
  for (const NodeId broker : cluster.brokers()) {
    const core::NodeEndpoint endpoint = Cluster::endpoint(broker);
    contents.nodes.push_back({broker, endpoint.host, endpoint.port});
  }
  for (const TopicId topic : cluster.topics()) {
    contents.topic_ids[topic] = cluster.uuid(topic);
    for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) {
      const Partition& partition = *cluster.find({topic, i});
      core::PartitionMetadata metadata;
      metadata.partition = {topic, i};
      metadata.leader = partition.leader.value_or(core::kNoNode);
      metadata.leader_epoch = partition.leader_epoch;
      metadata.replicas = partition.replicas;
      metadata.in_sync_replicas = partition.in_sync_replicas;
      contents.partitions.push_back(std::move(metadata));
    }
  }
  return contents;
}

void give_metadata(World& world, std::size_t index) {
  const auto age = std::chrono::floor<core::Milliseconds>(world.scenario->metadata_age);
  world.processes[index].producer.assume_metadata(contents_of(world.servers.cluster()),
                                                  world.producer_time() - age);
}

// What its handshakes would have told it; nothing if that makes no difference.
core::NodeApiVersions known_versions(const ClusterSpec& cluster) {
  core::NodeApiVersions versions;
  if (cluster.max_versions.empty()) return versions;
  for (const core::ApiVersion& announced : api_versions(cluster)) {
    versions[announced.api_key] = {announced.min_version, announced.max_version};
  }
  return versions;
}

// The metadata is known, every connection stands, the producer id is known.
void warm_up(World& world, std::size_t index) {
  core::KafkaProducer& producer = world.processes[index].producer;
  const core::Millis start = world.producer_time();
  give_metadata(world, index);
  for (const NodeId broker : world.servers.cluster().brokers()) {
    const ClientSocket socket{core::ProducerIndex{static_cast<std::int32_t>(index)}, broker};
    const Bytes room = world.servers.assume_open(socket, broker, {producer.config().send_buffer});
    const core::NodeEndpoint endpoint = Cluster::endpoint(broker);
    producer.network().assume_connected({broker, endpoint.host, endpoint.port},
                                        known_versions(world.scenario->cluster), start);
    producer.network().on_writable(broker, room);
  }
  if (producer.config().enable_idempotence && !producer.config().transactional_id) {
    producer.assume_producer_id({world.servers.next_producer_id(), 0});
  }
}

}  // namespace

AppThread make_thread(const Scenario& scenario, std::size_t index) {
  const bool waits = scenario.threads[index].on_interrupt;
  AppThread::Call call = AppThread::BetweenActions{};
  if (waits) call = AppThread::Ended{};
  return AppThread{.due = waits ? std::nullopt : std::optional{Instant{}},
                   .blocked_on = std::nullopt,
                   .watched = {},
                   .id = core::ThreadId{static_cast<std::int32_t>(index)},
                   .producer = scenario.threads[index].producer,
                   .held_since = 0,
                   .deadline = std::nullopt,
                   .random = core::Random{scenario.seed, core::RandomStream::Applications,
                                          static_cast<std::uint32_t>(index)},
                   .call = std::move(call),
                   .user_code = std::nullopt};
}

World::World(std::shared_ptr<const Scenario> the_scenario)
    : scenario{with_drawn_faults(std::move(the_scenario))},
      servers{scenario->cluster, scenario->network, scenario->topics, scenario->seed},
      fault_memory(scenario->faults.size()),
      narration_memory(scenario->narration.size()),
      fault_done(scenario->faults.size()),
      narration_done(scenario->narration.size()) {
  for (std::size_t i = 0; i < scenario->producers.size(); ++i) {
    processes.push_back(ProducerProcess{.producer = make_producer(*scenario, i),
                                        .sender = {},
                                        .has_exited = false,
                                        .batches = {},
                                        .requests = {},
                                        .user_calls = {}});
  }
  Effects effects;
  servers.begin(scenario->epoch_ms, effects);
  for (Scheduled& scheduled : effects.scheduled) {
    events.push(scheduled.at, EventClass::Wire, std::move(scheduled.event));
  }
  for (std::size_t i = 0; i < scenario->producers.size(); ++i) {
    if (scenario->warm) {
      warm_up(*this, i);
    } else if (scenario->warm_metadata) {
      give_metadata(*this, i);
    }
  }
  for (std::size_t i = 0; i < scenario->threads.size(); ++i) {
    threads.push_back(make_thread(*scenario, i));
  }
  for (std::size_t i = 0; i < scenario->faults.size(); ++i) {
    const auto& at = scenario->faults[i].moment.at;
    if (at) events.push(*at, EventClass::Intervention, FaultDue{i});
  }
  for (std::size_t i = 0; i < scenario->narration.size(); ++i) {
    const auto& at = scenario->narration[i].moment.at;
    if (at) events.push(*at, EventClass::Narration, NarrationDue{i});
  }
}

World::World(const World&) = default;
World::World(World&&) noexcept = default;
World& World::operator=(const World&) = default;
World& World::operator=(World&&) noexcept = default;
World::~World() = default;

core::Millis World::producer_time(Instant at) const {
  return core::Millis{core::Milliseconds{scenario->epoch_ms} +
                      std::chrono::floor<core::Milliseconds>(at.time_since_epoch())};
}

}  // namespace linger::sim
