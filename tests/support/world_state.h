// All that a query could learn of a world, as text: two worlds with the same state read the same.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/query_evaluator.h"
#include "sim/query_names.h"
#include "sim/world.h"

namespace linger::sim {

// One for each transactional id of the producers; groups are named as they are.
inline std::vector<WorldReference> keyed(const World& world, const WorldNameInfo& info) {
  std::vector<WorldReference> all;
  for (const ProducerSpec& producer : world.scenario->producers) {
    WorldReference one;
    one.name = info.name;
    one.text = producer.config.config.transactional_id.value_or("x");
    all.push_back(one);
  }
  return all;
}

// The references that can be made with one name in this world.
inline std::vector<WorldReference> references(const World& world, const WorldNameInfo& info) {
  const auto numbered = [&](std::int64_t first, std::int64_t end) {
    std::vector<WorldReference> all;
    for (std::int64_t number = first; number < end; ++number) {
      WorldReference one;
      one.name = info.name;
      one.number = number;
      all.push_back(one);
    }
    return all;
  };
  if (info.argument == ArgumentKind::Nothing) return numbered(0, 1);
  if (info.argument == ArgumentKind::Number) {
    if (info.object == "record") {
      return numbered(0, static_cast<std::int64_t>(world.records.size()));
    }
    if (info.object == "batch") {
      return numbered(0, static_cast<std::int64_t>(world.processes[0].batches.size()));
    }
    return numbered(0, world.scenario->cluster.brokers);
  }
  std::vector<WorldReference> all;
  if (info.argument == ArgumentKind::Name) {
    for (const AppThreadSpec& thread : world.scenario->threads) {
      all.push_back(numbered(0, 1)[0]);
      all.back().text = thread.name;
    }
    return all;
  }
  if (info.argument == ArgumentKind::Key) return keyed(world, info);
  for (const TopicSpec& topic : world.scenario->cluster.topics) {
    for (std::size_t i = 0; i < topic.leaders.size(); ++i) {
      all.push_back(numbered(0, 1)[0]);
      all.back().partition = {topic.name, static_cast<std::int32_t>(i)};
    }
  }
  return all;
}

inline std::string state_of(const World& world) {
  const Lookup lookup = lookup_in(world);
  std::string text;
  for (const WorldNameInfo& info : world_names()) {
    for (const WorldReference& reference : references(world, info)) {
      const LookupResult result = lookup(reference);
      const auto* value = std::get_if<Value>(&result);
      text += reference_text(reference) + " = " +
              (value ? value_text(*value) : std::get<EvalError>(result).message) + "\n";
    }
  }
  return text;
}

}  // namespace linger::sim
