// What Kafka makes of settings that are each right by themselves: corrections, and contradictions.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config_values.h"
#include "core/flat_map.h"
#include "core/producer_config.h"

namespace linger::core {

// A config on its way to be resolved. `values` holds every key the client knows.
struct ConfigDraft {
  ResolvedConfig resolved;
  FlatMap<std::string_view, ConfigValue> values;
  std::vector<ConfigError> errors;

  bool is_given(std::string_view key) const { return resolved.given.contains(key); }
  void warn(LogLevel level, std::string text) {
    resolved.warnings.push_back({level, std::move(text)});
  }
  void raise(ConfigError error) { errors.push_back(std::move(error)); }
};

// While it reads the settings. In Kafka: ProducerConfig.postProcessParsedConfig. Raises raw.
void check_while_reading(ConfigDraft& draft);

// While it builds its parts. In Kafka: the constructor of KafkaProducer. Raises wrapped.
void check_while_constructing(ConfigDraft& draft);

}  // namespace linger::core
