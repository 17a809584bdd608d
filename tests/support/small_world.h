// Worlds small enough to be written down in a test, and runs of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/laws.h"
#include "sim/scenario.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

using namespace std::chrono_literals;

inline constexpr core::TopicId kSmallTopic{0};
inline constexpr TopicPartition tp(std::int32_t partition) {
  return {kSmallTopic, partition};
}
inline PartitionName named(std::int32_t partition) {
  return {"t", partition};
}

// One producer, one topic "t". Everything may be left out.
struct SmallScenario {
  core::GivenSettings settings{};  // beside enable.idempotence = false
  std::string release = "3.9";
  std::vector<core::RuleFlip> flips{};  // of its rules
  std::int32_t brokers = 1;
  std::vector<std::int32_t> leaders{0};  // of each partition; negative: none
  std::int32_t replicas = 1;             // with logs of their own, if more than one
  ReplicationSpec replication{};
  LinkSpec link{};
  std::vector<std::vector<AppAction>> programs{};  // of a thread each
  std::vector<UserCode> callbacks{};               // by CallbackId
  std::vector<InterceptorSpec> interceptors{};
  std::optional<UserCode> partitioner{};
  std::vector<std::pair<Duration, Fault>> faults{};  // since the beginning
  bool warm = true;
  bool jitter = false;
  std::uint64_t seed = 1;
  std::optional<Duration> end{};
  Duration limit = 600s;

  Scenario build() const {
    Scenario scenario;
    scenario.era = core::find_preset(release)->era;
    scenario.release = release;
    scenario.rules = rules();
    scenario.seed = seed;
    scenario.warm = warm;
    scenario.jitter = jitter;
    if (end) scenario.end = Instant{*end};
    scenario.limit = Instant{limit};
    scenario.topics = core::TopicNames{{"t", "unknown"}};
    scenario.network.link = link;
    scenario.cluster.brokers = brokers;
    scenario.cluster.topics = {topic()};
    scenario.cluster.replication = replication;
    scenario.producers = {producer()};
    for (const auto& program : programs) {
      scenario.threads.push_back({"app-" + std::to_string(scenario.threads.size()), 0, program});
    }
    for (const auto& [at, fault] : faults) {
      scenario.faults.push_back({Moment{Instant{at}, std::nullopt}, fault, 0});
    }
    return scenario;
  }
  std::shared_ptr<const Scenario> shared() const {
    return std::make_shared<const Scenario>(build());
  }

 private:
  core::RuleSet rules() const {
    return std::get<core::RuleSet>(core::flipped(core::find_preset(release)->rules, flips));
  }
  TopicSpec topic() const {
    TopicSpec topic;
    topic.name = "t";
    for (const std::int32_t leader : leaders) {
      topic.leaders.push_back(leader < 0 ? std::nullopt : std::optional{NodeId{leader}});
    }
    if (replicas > 1) {
      topic.replicas = replicas;
    } else {
      topic.replication_factor = brokers;
    }
    return topic;
  }
  ProducerSpec producer() const {
    core::GivenSettings given;
    if (rules().has(core::Rule::Kip98ProducerId)) given["enable.idempotence"] = "false";
    for (const auto& [key, value] : settings) given[key] = value;
    ProducerSpec producer;
    producer.settings = given;
    const core::Era era = core::find_preset(release)->era;
    producer.config = std::get<core::ResolvedConfig>(core::resolve(given, era, rules()));
    producer.callbacks = callbacks;
    producer.interceptors = interceptors;
    producer.partitioner = partitioner;
    return producer;
  }
};

struct LinkOf {
  Duration latency{};
  Duration jitter{};
  std::int64_t segment = 65'536;
};
inline LinkSpec link(const LinkOf& of) {
  LinkSpec link;
  link.latency = of.latency;
  link.jitter = of.jitter;
  link.segment = Bytes{of.segment};
  return link;
}

// What a callback does.
struct Does {
  Duration takes{};
  std::optional<std::string> throws{};
  std::optional<std::string> sends_to{};
};
inline UserCode callback(const Does& does) {
  UserCode code;
  code.name = "callback";
  code.takes = does.takes;
  code.throws = does.throws;
  code.sends_to = does.sends_to;
  return code;
}

// To partition 0 of "t", a hundred bytes, unless something else is said.
struct SendAs {
  std::optional<std::int32_t> partition = 0;
  std::int64_t count = 1;
  Duration every{};
  std::int64_t size = 100;
  bool wait = false;
  std::optional<core::CallbackId> callback{};
  std::string topic = "t";
};
inline AppAction send(const SendAs& what = {}) {
  SendAction action;
  action.topic = what.topic;
  action.partition = what.partition;
  action.value_size = {Bytes{what.size}, Bytes{what.size}};
  action.count = what.count;
  action.every = what.every;
  action.wait = what.wait;
  action.callback = what.callback;
  return action;
}

// The first law that does not hold, and why.
inline std::optional<std::string> broken_law(const World& world, std::span<const Law> laws) {
  for (const Law& law : laws) {
    const Broken broken = law.broken(world);
    if (broken && broken->spared_by.empty()) return std::string{law.name} + ": " + broken->what;
  }
  return std::nullopt;
}

// A world on its way, and all that happened in it.
class SmallRun {
 public:
  explicit SmallRun(const SmallScenario& scenario) : world_{scenario.shared()} {}
  explicit SmallRun(std::shared_ptr<const Scenario> scenario) : world_{std::move(scenario)} {}

  bool step() {
    const bool has_stepped = sim::step(world_, sink_);
    for (TraceEvent& event : sink_.take()) trace_.push_back(std::move(event));
    return has_stepped;
  }
  // Also what happens at `at`.
  void run_until(Duration at) {
    while (const auto due = next_due(world_)) {
      if (*due > Instant{at}) return;
      step();
    }
  }
  void run() {
    while (step()) {
    }
  }

  const World& world() const { return world_; }
  World& world() { return world_; }
  const core::KafkaProducer& producer() const { return world_.processes.at(0).producer; }
  const RecordEntry& record(std::size_t index) const { return world_.records[index]; }
  const AppThread& thread(std::size_t index) const { return world_.threads.at(index); }
  const PartitionLog& log(std::int32_t partition) const {
    return world_.servers.cluster().find(tp(partition))->log;
  }
  Duration now() const { return world_.now.time_since_epoch(); }
  const std::vector<TraceEvent>& trace() const { return trace_; }

  // The events of one kind, and when they happened.
  template <class E>
  std::vector<std::pair<Duration, E>> all() const {
    std::vector<std::pair<Duration, E>> found;
    for (const TraceEvent& event : trace_) {
      if (const E* one = event.as<E>()) found.emplace_back(event.at.time_since_epoch(), *one);
    }
    return found;
  }
  template <class E>
  std::vector<Duration> times_of() const {
    std::vector<Duration> times;
    for (const auto& [at, event] : all<E>()) times.push_back(at);
    return times;
  }

 private:
  World world_;
  TraceSink sink_;
  std::vector<TraceEvent> trace_;
};

}  // namespace linger::sim
