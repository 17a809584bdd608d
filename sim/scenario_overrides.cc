#include "sim/scenario_overrides.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/producer_config.h"
#include "core/rules.h"
#include "sim/nearest.h"
#include "sim/producer_properties.h"
#include "sim/scenario_parser.h"
#include "sim/version_caps.h"

namespace linger::sim {

namespace {

using Flip = core::RuleFlip;

// "linger.ms=5" as it was typed, in two.
struct Assignment {
  std::string option;  // "--set linger.ms=5": what errors call it
  std::string key;
  std::string value;
};

class Overrider {
 public:
  explicit Overrider(Scenario scenario) : scenario_{std::move(scenario)} {}

  void seed(const std::string& text);
  void rules(const std::optional<std::string>& era, const std::vector<std::string>& flips);
  void load(const std::string& producer_config);
  void set(const std::string& text);
  void cap(const std::string& text);
  void resolve();
  void add_fault(const std::string& text);

  std::variant<Overridden, std::vector<ParseError>> take() {
    if (!errors_.empty()) return std::move(errors_);
    return Overridden{std::move(scenario_), std::move(warnings_)};
  }

 private:
  // Where a producer's setting was typed.
  struct Typed {
    std::size_t producer;
    std::string key;
    std::string option;
  };

  void refuse(std::string option, std::string message, std::string fix) {
    errors_.push_back({std::move(option), 0, 0, std::move(message), std::move(fix)});
  }
  std::optional<Assignment> assignment(std::string_view option, const std::string& text,
                                       std::string_view example);
  std::vector<Flip> own_flips() const;
  void change_era(const std::string& name);
  void add_flip(const std::string& text, std::vector<Flip>& flips);
  void set(const Assignment& assignment, std::size_t producer);
  void note(const core::ConfigError& error, std::size_t producer);

  Scenario scenario_;
  std::vector<ParseError> errors_;
  std::vector<std::string> warnings_;
  std::vector<Typed> typed_;
  std::string rules_option_;  // what errors that no setting caused are blamed on
};

void Overrider::seed(const std::string& text) {
  std::uint64_t seed = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, seed);
  if (read.ec != std::errc{} || read.ptr != end) {
    refuse(fmt::format("--seed {}", text), fmt::format("'{}' is no seed", text),
           "an integer from 0 to 18446744073709551615");
    return;
  }
  scenario_.seed = seed;
}

std::optional<Assignment> Overrider::assignment(std::string_view option, const std::string& text,
                                                std::string_view example) {
  const std::string typed = fmt::format("{} {}", option, text);
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) {
    refuse(typed, fmt::format("'{}' sets nothing", text), fmt::format("such as {}", example));
    return std::nullopt;
  }
  return Assignment{typed, text.substr(0, equals), text.substr(equals + 1)};
}

// What the scenario has otherwise than its era.
std::vector<Flip> Overrider::own_flips() const {
  std::vector<Flip> flips;
  const core::RuleSet of_era = preset_of(scenario_).rules;
  for (const core::RuleInfo& row : core::rule_table()) {
    const bool holds = scenario_.rules.has(row.rule);
    if (holds == of_era.has(row.rule)) continue;
    flips.push_back({row.rule, holds ? Flip::Turn::On : Flip::Turn::Off});
  }
  return flips;
}

void Overrider::rules(const std::optional<std::string>& era,
                      const std::vector<std::string>& texts) {
  std::vector<Flip> flips = own_flips();
  if (era) change_era(*era);
  for (const std::string& text : texts) add_flip(text, flips);
  if (!errors_.empty()) return;
  const auto flipped = core::flipped(scenario_.rules, flips);
  if (const auto* rules = std::get_if<core::RuleSet>(&flipped)) {
    scenario_.rules = *rules;
    return;
  }
  for (const std::string& why : std::get<std::vector<std::string>>(flipped)) {
    refuse(rules_option_, why, "");
  }
}

void Overrider::change_era(const std::string& name) {
  rules_option_ = fmt::format("--era {}", name);
  if (const core::Preset* preset = core::find_preset(name)) {
    scenario_.era = preset->era;
    scenario_.release = preset->name;
    scenario_.rules = preset->rules;
    return;
  }
  std::vector<std::string> names;
  for (const core::Preset& known : core::presets()) names.emplace_back(known.name);
  refuse(rules_option_, fmt::format("there is no era '{}'", name), suggestion(name, names));
}

void Overrider::add_flip(const std::string& text, std::vector<Flip>& flips) {
  const auto typed = assignment("--rule", text, "--rule KIP-951=off");
  if (!typed) return;
  rules_option_ = typed->option;
  const auto rule = core::find_rule(typed->key);
  const bool is_on = typed->value == "on";
  if (!rule) {
    std::vector<std::string> names;
    for (const core::RuleInfo& row : core::rule_table()) names.emplace_back(row.name);
    refuse(typed->option, fmt::format("there is no rule '{}'", typed->key),
           suggestion(typed->key, names));
  } else if (!is_on && typed->value != "off") {
    refuse(typed->option, fmt::format("a rule cannot be '{}'", typed->value), "on or off");
  } else {
    std::erase_if(flips, [&](const Flip& own) { return own.rule == *rule; });
    flips.push_back({*rule, is_on ? Flip::Turn::On : Flip::Turn::Off});
  }
}

void Overrider::load(const std::string& producer_config) {
  auto loaded = load_producer_properties(producer_config);
  if (auto* errors = std::get_if<std::vector<ParseError>>(&loaded)) {
    std::ranges::move(*errors, std::back_inserter(errors_));
    return;
  }
  auto& properties = std::get<ProducerProperties>(loaded);
  warnings_ = std::move(properties.warnings);
  for (const Property& property : properties.settings) {
    const Assignment setting{fmt::format("{}:{}", producer_config, property.line), property.key,
                             property.value};
    for (std::size_t i = 0; i < scenario_.producers.size(); ++i) set(setting, i);
  }
}

void Overrider::set(const std::string& text) {
  auto setting = assignment("--set", text, "--set linger.ms=5");
  if (!setting) return;
  const auto colon = setting->key.find(':');
  if (colon == std::string::npos) {
    for (std::size_t i = 0; i < scenario_.producers.size(); ++i) set(*setting, i);
    return;
  }
  const std::string name = setting->key.substr(0, colon);
  setting->key.erase(0, colon + 1);
  std::vector<std::string> names;
  for (const ProducerSpec& producer : scenario_.producers) names.push_back(producer.name);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    refuse(setting->option, fmt::format("there is no producer '{}'", name),
           suggestion(name, names));
    return;
  }
  set(*setting, static_cast<std::size_t>(found - names.begin()));
}

void Overrider::cap(const std::string& text) {
  const auto typed = assignment("--max-version", text, "--max-version Produce=8");
  if (!typed) return;
  std::vector<std::string> names;
  for (const core::Api& api : core::kApis) {
    names.emplace_back(api.name);
    if (api.name != typed->key) continue;
    const auto cap = parse_version_cap(api, typed->value);
    if (const auto* error = std::get_if<UnitError>(&cap)) {
      refuse(typed->option, error->message, error->fix);
    } else {
      scenario_.cluster.max_versions[api.key] = std::get<std::int16_t>(cap);
    }
    return;
  }
  refuse(typed->option, fmt::format("there is no request '{}'", typed->key),
         suggestion(typed->key, names));
}

void Overrider::set(const Assignment& assignment, std::size_t producer) {
  scenario_.producers[producer].settings[assignment.key] = assignment.value;
  typed_.push_back({producer, assignment.key, assignment.option});
}

void Overrider::note(const core::ConfigError& error, std::size_t producer) {
  core::ConfigError without_fix = error;
  without_fix.fix.clear();
  ParseError shown{rules_option_, 0, 0, core::text(without_fix), error.fix};
  for (const Typed& typed : typed_) {
    if (typed.producer == producer && (typed.key == error.key || shown.file.empty())) {
      shown.file = typed.option;
    }
  }
  // The same mistake in each of several producers is one mistake.
  if (std::find(errors_.begin(), errors_.end(), shown) == errors_.end()) errors_.push_back(shown);
}

// What the client of the era makes of each producer's settings.
void Overrider::resolve() {
  for (std::size_t i = 0; i < scenario_.producers.size(); ++i) {
    ProducerSpec& producer = scenario_.producers[i];
    auto resolved = core::resolve(producer.settings, scenario_.era, scenario_.rules);
    if (const auto* errors = std::get_if<std::vector<core::ConfigError>>(&resolved)) {
      for (const core::ConfigError& error : *errors) note(error, i);
      continue;
    }
    producer.config = std::get<core::ResolvedConfig>(std::move(resolved));
    for (const core::ConfigError& error : core::unsupported_settings(producer.config)) {
      note(error, i);
    }
  }
}

void Overrider::add_fault(const std::string& text) {
  auto fault = parse_fault(text, fmt::format("--fault {}", text), scenario_);
  if (auto* errors = std::get_if<std::vector<ParseError>>(&fault)) {
    std::ranges::move(*errors, std::back_inserter(errors_));
  } else {
    scenario_.faults.push_back(std::get<ScheduledFault>(std::move(fault)));
  }
}

}  // namespace

std::variant<Overridden, std::vector<ParseError>> with_overrides(
    Scenario scenario, const ScenarioOverrides& overrides) {
  Overrider overrider{std::move(scenario)};
  if (overrides.seed) overrider.seed(*overrides.seed);
  const bool changes_rules = overrides.era || !overrides.rules.empty();
  if (changes_rules) overrider.rules(overrides.era, overrides.rules);
  if (overrides.producer_config) overrider.load(*overrides.producer_config);
  for (const std::string& setting : overrides.settings) overrider.set(setting);
  for (const std::string& cap : overrides.max_versions) overrider.cap(cap);
  if (changes_rules || overrides.producer_config || !overrides.settings.empty()) {
    overrider.resolve();
  }
  for (const std::string& fault : overrides.faults) overrider.add_fault(fault);
  return overrider.take();
}

}  // namespace linger::sim
