// linger eras: how the producer changed, as its model knows it.
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/compression.h"
#include "core/config_table.h"
#include "core/rules.h"
#include "sim/cli/commands.h"
#include "sim/cli/exit_code.h"
#include "sim/readable.h"

namespace linger::sim::cli {

namespace {

void print_rules() {
  fmt::print("rules: which change of the producer holds in which era\n\n");
  TextTable table;
  std::vector<std::string> head{"rule", "since"};
  for (const core::Era era : core::kAllEras) head.emplace_back(core::name(era));
  head.emplace_back("what it changes");
  table.add(head);
  for (const core::RuleInfo& rule : core::rule_table()) {
    std::vector<std::string> row{std::string{rule.name}, std::string{rule.release}};
    for (const core::Era era : core::kAllEras) {
      row.emplace_back(core::rules_of(era).has(rule.rule) ? "yes" : "-");
    }
    row.emplace_back(rule.what);
    table.add(row);
  }
  fmt::print("{}", table.text("  "));
}

void print_presets() {
  fmt::print("presets: a scenario's era may be one of these, too\n\n");
  TextTable table;
  table.add({"era", "release", "settings and requests of", "rules"});
  for (const core::Preset& preset : core::presets()) {
    std::size_t rules = 0;
    for (const core::RuleInfo& rule : core::rule_table()) rules += preset.rules.has(rule.rule);
    table.add({std::string{preset.name}, std::string{preset.release},
               std::string{core::name(preset.era)}, std::to_string(rules)});
  }
  fmt::print("{}", table.text("  "));
}

void print_settings() {
  fmt::print("settings: their default in each era; '-' where that client has no such setting\n\n");
  TextTable table;
  std::vector<std::string> head{"setting"};
  for (const core::Era era : core::kAllEras) head.emplace_back(core::name(era));
  head.emplace_back("type");
  head.emplace_back("range");
  table.add(head);
  for (const core::ConfigHistory& setting : core::config_history()) {
    std::vector<std::string> row{std::string{setting.key}};
    for (const auto& value : setting.defaults) row.push_back(value.value_or("-"));
    row.emplace_back(setting.type);
    row.push_back(setting.range);
    if (!setting.is_acted_upon) row.emplace_back("(without effect here)");
    table.add(row);
  }
  fmt::print("{}", table.text("  "));
}

// What a codec makes of some bytes depends on its library's version, and so does the trace of a
// scenario that uses one.
void print_codecs() {
  std::string versions;
  for (const core::CompressionType type :
       {core::CompressionType::Gzip, core::CompressionType::Snappy, core::CompressionType::Lz4,
        core::CompressionType::Zstd}) {
    versions += (versions.empty() ? "" : ", ") + core::codec_version(type);
  }
  fmt::print("codecs: {}\n", versions);
}

}  // namespace

int eras_command(const ErasArguments& arguments) {
  const bool lists_all = arguments.lists_rules == arguments.lists_settings;
  if (lists_all || arguments.lists_rules) {
    print_rules();
    fmt::print("\n");
    print_presets();
  }
  if (lists_all) fmt::print("\n");
  if (lists_all || arguments.lists_settings) print_settings();
  if (!lists_all) return kHolds;
  fmt::print("\n");
  print_codecs();
  return kHolds;
}

}  // namespace linger::sim::cli
