// What somebody wants to be otherwise in a scenario. See with_overrides() in scenario_overrides.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace linger::sim {

// As they are typed. Each is checked as the file's own keys are, and its errors read the same; in
// the place of file and line stands what was typed.
struct ScenarioOverrides {
  std::optional<std::string> era{};              // "2.8"
  std::vector<std::string> rules{};              // "KIP-951=off": one rule of the era
  std::optional<std::string> producer_config{};  // a producer.properties, for every producer
  std::vector<std::string> settings{};  // "linger.ms=5"; of one producer alone: "B:linger.ms=5"
  std::optional<std::string> seed{};
  std::vector<std::string> faults{};  // "at = \"10ms\", disconnect = 1": one more [[fault]]
  std::vector<std::string> max_versions{};  // "Produce=8": what brokers announce at most
  friend bool operator==(const ScenarioOverrides&, const ScenarioOverrides&) = default;
};

}  // namespace linger::sim
