// The names behind the ids of a trace.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/topic_names.h"
#include "sim/scenario.h"

namespace linger::sim {

// An id that has no name here is shown as its number: "thread 2".
struct TraceNames {
  core::TopicNames topics;
  std::vector<std::string> producers;
  std::vector<std::string> client_ids;  // of the producers: they stand in their logs
  std::vector<std::string> threads;
  std::vector<std::string> narration;  // the texts, by index
};

inline TraceNames names_of(const Scenario& scenario) {
  TraceNames names{scenario.topics, {}, {}, {}, {}};
  for (const ProducerSpec& producer : scenario.producers) {
    names.producers.push_back(producer.name);
    const auto number = static_cast<std::int32_t>(names.producers.size());
    names.client_ids.push_back(core::client_id(producer.config, number));
  }
  for (const AppThreadSpec& thread : scenario.threads) names.threads.push_back(thread.name);
  for (const Narration& narration : scenario.narration) names.narration.push_back(narration.text);
  return names;
}

}  // namespace linger::sim
