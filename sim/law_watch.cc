#include "sim/law_watch.h"

#include <algorithm>

namespace linger::sim {
namespace {

using Broken = std::optional<std::string>;

const core::KafkaProducer& producer_of(const TraceEvent& event, const World& world) {
  return world.processes[static_cast<std::size_t>(event.producer->value())].producer;
}

bool promises_order(const core::ProducerConfig& config, const Scenario& scenario) {
  if (config.max_in_flight_requests_per_connection == 1) {
    return scenario.rules.has(core::Rule::Kafka3197MutePartition);
  }
  return config.enable_idempotence && scenario.cluster.unknown_producer != UnknownProducer::Any;
}

std::string record_text(core::RecordId record) {
  return "record " + std::to_string(record.value());
}

}  // namespace

Broken MutedIsNotDrained::see(const TraceEvent& event, const World&) {
  if (const auto* change = event.as<core::PartitionMuted>()) {
    const PartitionOf partition{*event.producer, change->partition};
    if (change->muted) {
      muted_.insert(partition);
    } else {
      muted_.erase(partition);
    }
  }
  if (const auto* drained = event.as<core::BatchDrained>()) {
    if (muted_.contains({*event.producer, drained->partition})) {
      return "batch " + std::to_string(drained->batch.value()) + " was";
    }
  }
  return std::nullopt;
}

Broken CallbacksInOrder::see(const TraceEvent& event, const World& world) {
  if (const auto* appended = event.as<core::RecordAppended>()) {
    places_[appended->record] = appended_[{*event.producer, appended->partition}]++;
    return std::nullopt;
  }
  const auto* completed = event.as<core::RecordCompleted>();
  if (completed == nullptr || completed->error) return std::nullopt;
  if (!promises_order(producer_of(event, world).config(), *world.scenario)) {
    return std::nullopt;
  }
  const std::int64_t place = places_.at(completed->record);
  const auto [last, is_first] =
      last_.try_emplace({*event.producer, completed->partition}, place, completed->record);
  if (is_first) return std::nullopt;
  const auto before = std::exchange(last->second, {place, completed->record});
  if (before.first <= place) return std::nullopt;
  return record_text(completed->record) + " was told after " + record_text(before.second);
}

Broken FateInTime::see(const TraceEvent& event, const World& world) {
  if (!event.producer || !world.scenario->rules.has(core::Rule::Kip91DeliveryTimeout)) {
    return std::nullopt;
  }
  const core::Millis now = world.producer_time(event.at);
  if (event.as<core::SleepDecision>() != nullptr) {
    Looks& looks = looks_[*event.producer];
    looks = {now, looks.last};
  } else if (const auto* opened = event.as<core::BatchOpened>()) {
    opened_[{*event.producer, opened->batch}] = now;
  } else if (const auto* split = event.as<core::BatchSplit>()) {
    const core::Millis since = opened_.at({*event.producer, split->batch});
    for (const core::BatchId part : split->into) opened_[{*event.producer, part}] = since;
  } else if (const auto* completed = event.as<core::RecordCompleted>(); completed != nullptr) {
    if (!completed->batch) return std::nullopt;
    const auto since = opened_.find({*event.producer, *completed->batch});
    if (since == opened_.end()) return std::nullopt;
    const core::Millis deadline =
        since->second + producer_of(event, world).config().delivery_timeout;
    // The first look behind the deadline may be the one that tells it.
    if (looks_[*event.producer].before < deadline) return std::nullopt;
    return record_text(completed->record) + " had it " + std::to_string((now - deadline).count()) +
           " ms later";
  }
  return std::nullopt;
}

void LawWatch::take_in(const TraceEvent& event, const World& world,
                       std::vector<BrokenLaw>& broken) {
  const auto follow = [&](auto& law) {
    const auto what = law.see(event, world);
    const auto is_this = [&](const BrokenLaw& known) { return known.name == law.kName; };
    if (!what || std::any_of(broken.begin(), broken.end(), is_this)) return;
    broken.push_back({std::string{law.kName}, *what, event.step, event.at});
  };
  std::apply([&](auto&... law) { (follow(law), ...); }, laws_);
}

}  // namespace linger::sim
