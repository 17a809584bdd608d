// What somebody wants to be otherwise in a scenario, without touching its file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/parse_error.h"
#include "sim/scenario.h"

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
};

// A scenario made otherwise, and what of it changes nothing: a line each.
struct Overridden {
  Scenario scenario;
  std::vector<std::string> warnings;
};

// Rules that the scenario itself turned on or off stay so in another era. Settings that were typed
// win over those of a file, and those over the scenario's.
std::variant<Overridden, std::vector<ParseError>> with_overrides(
    Scenario scenario, const ScenarioOverrides& overrides);

}  // namespace linger::sim
