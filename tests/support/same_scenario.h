// Are two scenarios one, wherever they were written?
#pragma once

#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

#include "core/topic_names.h"
#include "sim/scenario.h"

namespace linger::sim {

inline std::vector<std::string> topic_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < scenario.topics.size(); ++i) {
    names.push_back(scenario.topics.name(core::TopicId{static_cast<core::TopicId::rep>(i)}));
  }
  return names;
}

// Everything but the file, and the lines in it.
inline bool are_same(const Scenario& a, const Scenario& b) {
  const auto run = [](const Scenario& s) {
    return std::tie(s.era, s.rules, s.seed, s.end, s.tail, s.limit, s.epoch_ms, s.jitter, s.warm,
                    s.warm_metadata, s.metadata_age, s.handshake, s.one_receive_per_poll,
                    s.wakes_after_poll);
  };
  const auto world = [](const Scenario& s) {
    return std::tie(s.lesson, s.cluster, s.network, s.producers, s.threads, s.narration, s.order);
  };
  if (run(a) != run(b) || world(a) != world(b) || topic_names(a) != topic_names(b)) return false;
  if (a.faults.size() != b.faults.size()) return false;
  for (std::size_t i = 0; i < a.faults.size(); ++i) {
    if (a.faults[i].moment != b.faults[i].moment) return false;
    if (a.faults[i].fault != b.faults[i].fault) return false;
  }
  if (a.expectations.size() != b.expectations.size()) return false;
  for (std::size_t i = 0; i < a.expectations.size(); ++i) {
    if (!(a.expectations[i].query == b.expectations[i].query)) return false;
    if (a.expectations[i].because != b.expectations[i].because) return false;
  }
  return true;
}

}  // namespace linger::sim
