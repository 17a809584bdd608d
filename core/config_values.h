// One setting's text, read by its type and checked against its range.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/config_table.h"
#include "core/producer_config.h"

namespace linger::core {

// Null is monostate. A number of any unit is in milliseconds or bytes.
using ConfigValue =
    std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<std::string>>;

// As Kafka reads text: trimmed, then by type, then by range. Beside Kafka's spelling a number may
// carry a unit of its row. In Kafka: ConfigDef.parseType and the validators.
std::variant<ConfigValue, ConfigError> parse_config_value(const ConfigKey& row,
                                                          std::string_view text);

// In Kafka: ConfigException(name, value, message).
std::string invalid_value(std::string_view key, std::string_view value, std::string_view why);

}  // namespace linger::core
