#include "viz/change.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "core/rules.h"
#include "sim/fault.h"
#include "sim/scenario_overrides.h"
#include "sim/units.h"

namespace linger::viz {
namespace {

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "era=2.8", "era 2.8": what follows the word, if it is there.
std::optional<std::string> value_after(std::string_view word, std::string_view text) {
  if (!text.starts_with(word)) return std::nullopt;
  std::string_view rest = text.substr(word.size());
  if (rest.empty() || (rest.front() != ' ' && rest.front() != '=')) return std::nullopt;
  rest.remove_prefix(1);
  return std::string{without_blanks(rest)};
}

bool is_fault(std::string_view key) {
  const std::vector<sim::Fault> all = sim::fault_vocabulary();
  return std::any_of(all.begin(), all.end(),
                     [key](const sim::Fault& fault) { return sim::info(fault).key == key; });
}

bool is_rule(std::string_view key) {
  std::string upper{key};
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return upper.starts_with("KIP-") || upper.starts_with("KAFKA-");
}

void take_in_change(std::string_view part, core::Instant at, sim::ScenarioOverrides& overrides) {
  if (part.empty()) return;
  if (auto era = value_after("era", part)) {
    overrides.era = std::move(era);
    return;
  }
  if (auto seed = value_after("seed", part)) {
    overrides.seed = std::move(seed);
    return;
  }
  const std::string_view key = without_blanks(part.substr(0, part.find('=')));
  if (is_rule(key)) {
    overrides.rules.emplace_back(part);
  } else if (is_fault(key)) {
    overrides.faults.push_back("at = \"" + sim::duration_text(at - core::Instant{}) + "\", " +
                               std::string{part});
  } else {
    overrides.settings.emplace_back(part);
  }
}

}  // namespace

sim::ScenarioOverrides parse_change(std::string_view typed, core::Instant at) {
  sim::ScenarioOverrides overrides;
  while (!typed.empty()) {
    const std::size_t end = std::min(typed.find(';'), typed.size());
    take_in_change(without_blanks(typed.substr(0, end)), at, overrides);
    typed.remove_prefix(std::min(end + 1, typed.size()));
  }
  return overrides;
}

std::variant<std::shared_ptr<const sim::Scenario>, std::vector<sim::ParseError>> changed_scenario(
    const sim::Scenario& scenario, const sim::ScenarioOverrides& overrides) {
  sim::Scenario fork = scenario;
  fork.narration.clear();
  fork.questions.clear();
  fork.what_ifs.clear();
  fork.expectations.clear();
  auto changed = sim::with_overrides(std::move(fork), overrides);
  if (auto* errors = std::get_if<std::vector<sim::ParseError>>(&changed)) return std::move(*errors);
  return std::make_shared<const sim::Scenario>(
      std::get<sim::Overridden>(std::move(changed)).scenario);
}

}  // namespace linger::viz
