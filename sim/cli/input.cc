#include "sim/cli/input.h"

#include <cstdio>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "sim/scenario_parser.h"
#include "sim/units.h"

namespace linger::sim::cli {

void print_errors(const std::vector<ParseError>& errors) {
  fmt::print(stderr, "{}", text(errors));
}

std::shared_ptr<const Scenario> read_scenario(const std::string& file,
                                              const ScenarioOverrides& overrides) {
  // What it tells and expects may depend on the era.
  ParsedScenario parsed = load_scenario(file, overrides.era.value_or(""));
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&parsed)) {
    print_errors(*errors);
    return nullptr;
  }
  auto changed = with_overrides(std::get<Scenario>(std::move(parsed)), overrides);
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&changed)) {
    print_errors(*errors);
    return nullptr;
  }
  auto& [scenario, warnings] = std::get<Overridden>(changed);
  for (const std::string& warning : warnings) fmt::print(stderr, "{}\n", warning);
  return std::make_shared<const Scenario>(std::move(scenario));
}

std::optional<Instant> read_time(std::string_view option, const std::string& text) {
  const auto parsed = parse_duration(text);
  if (const auto* time = std::get_if<Duration>(&parsed)) return Instant{*time};
  const UnitError& error = std::get<UnitError>(parsed);
  print_errors({{fmt::format("{} {}", option, text), 0, 0, error.message, error.fix}});
  return std::nullopt;
}

}  // namespace linger::sim::cli
