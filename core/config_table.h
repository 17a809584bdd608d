// Every setting of the producer, in every era, as one table.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/rules.h"

namespace linger::core {

enum class ConfigType : std::uint8_t { Boolean, Int, Long, String, List, Class };
enum class ConfigUnit : std::uint8_t { None, Time, Size };
enum class Importance : std::uint8_t { High, Medium, Low };

std::string_view name(ConfigType type);        // "INT", as Kafka prints it
std::string_view name(Importance importance);  // "high"

// A rule that gave a setting another default.
struct DefaultChange {
  Rule rule;
  std::optional<std::string_view> default_value;
  std::optional<Importance> importance{};
};

// One setting. A key that was checked otherwise in another era has a row for each.
struct ConfigKey {
  std::string_view key;
  ConfigType type;
  ConfigUnit unit = ConfigUnit::None;
  std::optional<std::string_view> default_value{};  // in Kafka's spelling; none is null
  std::optional<DefaultChange> changed{};
  Importance importance = Importance::Low;

  std::optional<Rule> came_with{};  // the rule that brought it, if one did
  Era since = Era::V0_10_2;
  Era until = Era::V3_9;

  std::optional<std::int64_t> at_least{};
  std::optional<std::int64_t> at_most{};
  std::optional<std::int64_t> or_exactly{};  // allowed beside the range
  std::string_view one_of{};                 // "all, -1, 0, 1", in the order in which Kafka says it
  bool ignores_case = false;
  bool may_be_empty = true;

  bool is_required = false;
  bool is_acted_upon = true;  // by this model; or else known to Kafka only
};

// In the order in which Kafka 3.9 defines and so checks them.
std::span<const ConfigKey> config_table();

// Does a client of this era, with these rules, know the row?
bool is_available(const ConfigKey& row, Era era, RuleSet rules);
const ConfigKey* find_config_key(std::string_view key, Era era, RuleSet rules);

// The row of a key in any era, the newest first; nullptr if no client ever knew it.
const ConfigKey* find_config_key(std::string_view key);

std::optional<std::string_view> default_value(const ConfigKey& row, RuleSet rules);
Importance importance(const ConfigKey& row, RuleSet rules);

// "[0,...]", "[all, -1, 0, 1]", or empty: as Kafka's documentation prints it.
std::string range(const ConfigKey& row);

// The key spelled most like `key` and known to this client; or none, if nothing is near.
std::optional<std::string_view> nearest_config_key(std::string_view key, Era era, RuleSet rules);

// A key through the eras, for whoever prints the table: a default is empty where the client of that
// era does not know the key. Order of the defaults: kAllEras.
struct ConfigHistory {
  std::string_view key;
  std::string_view type;
  std::string_view importance;
  std::string range;
  std::array<std::optional<std::string>, std::size(kAllEras)> defaults;
  bool is_acted_upon = true;
};
std::vector<ConfigHistory> config_history();

}  // namespace linger::core
