#include "sim/scenario_parser.h"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "sim/nearest.h"
#include "sim/scenario_order_section.h"
#include "sim/scenario_rules.h"
#include "sim/scenario_sections.h"
#include "sim/text_file.h"
#include "sim/toml_tree.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const core::RuleInfo& info : core::rule_table()) names.emplace_back(info.name);
  return names;
}

std::vector<core::RuleFlip> read_flips(const TomlNode& node, Mistakes& mistakes) {
  std::vector<core::RuleFlip> flips;
  for (const TomlEntry& entry : node.entries) {
    const auto rule = core::find_rule(entry.key);
    if (!rule) {
      mistakes.add(entry.at, fmt::format("there is no rule '{}'", entry.key),
                   suggestion(entry.key, rule_names()));
      continue;
    }
    const auto is_on = boolean_of(entry.node, mistakes);
    if (!is_on) continue;
    flips.push_back({*rule, *is_on ? core::RuleFlip::Turn::On : core::RuleFlip::Turn::Off});
  }
  return flips;
}

void read_rules(const TomlNode& node, Reading& reading) {
  reading.rules.emplace_back("rules", node.at);
  if (node.kind != TomlNode::Kind::Table) {
    reading.mistakes.add(node.at, "'rules' is a table", "such as rules = { \"KIP-580\" = false }");
    return;
  }
  const std::vector<core::RuleFlip> flips = read_flips(node, reading.mistakes);
  auto rules = core::flipped(reading.scenario.rules, flips);
  if (const auto* contradictions = std::get_if<std::vector<std::string>>(&rules)) {
    for (const std::string& contradiction : *contradictions) {
      reading.mistakes.add(node.at, contradiction);
    }
    return;
  }
  reading.scenario.rules = std::get<core::RuleSet>(rules);
}

// A TOML integer, or a text where it takes all 64 bits.
void read_seed(const TomlNode& node, Reading& reading) {
  if (node.kind == TomlNode::Kind::Text) {
    const char* end = node.text.data() + node.text.size();
    const auto [stop, failure] = std::from_chars(node.text.data(), end, reading.scenario.seed);
    if (failure == std::errc{} && stop == end) return;
    reading.mistakes.add(node.at, fmt::format("'{}' is no seed", node.text),
                         "an integer from 0 to 18446744073709551615");
    return;
  }
  const auto seed =
      integer_of(node, {0, std::numeric_limits<std::int64_t>::max()}, reading.mistakes);
  if (seed) reading.scenario.seed = static_cast<std::uint64_t>(*seed);
}

void read_clock(TableReader& file, Reading& reading) {
  file.exclude("clock", "epoch_ms");
  file.read("epoch_ms", reading.scenario.epoch_ms, {0, 253'402'300'799'999});
  const TomlNode* node = file.find("clock");
  if (node == nullptr) return;
  const bool is_written = node->kind == TomlNode::Kind::Text || node->kind == TomlNode::Kind::Other;
  const auto clock = parse_clock(is_written ? node->text : "");
  if (const auto* error = std::get_if<UnitError>(&clock)) {
    reading.mistakes.add(node->at, error->message, error->fix);
  } else {
    reading.scenario.epoch_ms = std::get<std::int64_t>(clock);
  }
}

void read_run(TableReader& file, Reading& reading) {
  Scenario& scenario = reading.scenario;
  if (const TomlNode* seed = file.find("seed")) read_seed(*seed, reading);
  file.read("end", scenario.end);
  file.read("tail", scenario.tail);
  file.read("limit", scenario.limit);
  file.read("backoff_jitter", scenario.jitter);
  file.read("warm", scenario.warm);
  file.read("warm_metadata", scenario.warm_metadata);
  file.read("metadata_age", scenario.metadata_age);
  file.read("handshake", scenario.handshake);
  file.read("one_receive_per_poll", scenario.one_receive_per_poll);
  file.read("wakes_after_poll", scenario.wakes_after_poll);
  read_clock(file, reading);
}

std::string without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return std::string{text};
}

}  // namespace

namespace {

// The release that the text names. Notes a mistake if there is none such.
const core::Preset* preset_in(const TomlNode& node, Reading& reading) {
  const auto name = text_of(node, reading.mistakes);
  if (!name) return nullptr;
  if (const core::Preset* preset = core::find_preset(*name)) return preset;
  std::vector<std::string> names;
  for (const core::Preset& known : core::presets()) names.emplace_back(known.name);
  check_known(node, *name, "era", names, reading.mistakes);
  return nullptr;
}

// era = "2.8", or several: the first is the one it runs in if nobody says otherwise.
std::vector<const core::Preset*> presets_in(const TomlNode& node, Reading& reading) {
  std::vector<const core::Preset*> presets;
  const bool is_list = node.kind == TomlNode::Kind::Array && !node.items.empty();
  for (const TomlNode& one : is_list ? node.items : std::vector<TomlNode>{node}) {
    if (const core::Preset* preset = preset_in(one, reading)) presets.push_back(preset);
  }
  return presets;
}

}  // namespace

void read_era(TableReader& file, Reading& reading) {
  Scenario& scenario = reading.scenario;
  scenario.rules = core::rules_of(scenario.era);
  std::vector<const core::Preset*> presets;
  if (const TomlNode* node = file.find("era")) {
    reading.rules.emplace_back("era", node->at);
    presets = presets_in(*node, reading);
    if (presets.size() > 1) {
      for (const core::Preset* preset : presets) scenario.releases.emplace_back(preset->name);
    }
  }
  if (const core::Preset* wanted = core::find_preset(reading.release)) presets = {wanted};
  if (!presets.empty()) {
    scenario.era = presets.front()->era;
    scenario.release = presets.front()->name;
    scenario.rules = presets.front()->rules;
  }
  if (const TomlNode* rules = file.find("rules")) read_rules(*rules, reading);
}

ParsedScenario parse_scenario(std::string_view text, std::string file, std::string release) {
  const auto document = read_toml(without_byte_order_mark(text), file);
  if (const auto* error = std::get_if<ParseError>(&document)) {
    return std::vector<ParseError>{*error};
  }
  return parse_scenario(std::get<TomlNode>(document), std::move(file), std::move(release));
}

ParsedScenario parse_scenario(const TomlNode& document, std::string file, std::string release) {
  Reading reading{{}, Mistakes{file}, {}, {}, std::move(release)};
  TableReader top{document, "a scenario", reading.mistakes};
  read_era(top, reading);
  read_run(top, reading);
  read_lesson(top, reading);
  read_cluster(top, reading);
  read_produce_rules(top, reading);
  read_request_rules(top, reading);
  read_network(top, reading);
  read_producers(top, reading);
  read_threads(top, reading);
  read_faults(top, reading);
  read_random_faults(top, reading);
  read_order(top, reading);
  read_narration(top, reading);
  read_expectations(top, reading);
  read_questions(top, reading);
  read_what_ifs(top, reading);
  read_live(top, reading);
  top.finish();
  if (!reading.mistakes.empty()) return reading.mistakes.sorted();
  reading.scenario.topics = core::TopicNames{std::move(reading.topics)};
  reading.scenario.file = std::move(file);
  check_what_ifs(reading);
  if (!reading.mistakes.empty()) return reading.mistakes.sorted();
  return std::move(reading.scenario);
}

ParsedScenario load_scenario(const std::string& path, std::string release) {
  const auto text = read_text_file(path);
  if (!text) {
    return std::vector<ParseError>{{path, 0, 0, "this file cannot be read", "check its path"}};
  }
  return parse_scenario(*text, path, std::move(release));
}

}  // namespace linger::sim
