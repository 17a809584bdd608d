#include "core/producer_config.h"

#include <utility>

#include "core/config_bindings.h"
#include "core/config_checks.h"
#include "core/config_table.h"
#include "core/config_values.h"

namespace linger::core {
namespace {

// A setting that this client lacks changes nothing.
void neutralize_absent(ConfigDraft& draft) {
  const RuleSet rules = draft.resolved.rules;
  ProducerConfig& config = draft.resolved.config;
  if (!rules.has(Rule::Kip91DeliveryTimeout)) config.delivery_timeout = kForever;
  if (!rules.has(Rule::Kip601ConnectionSetupTimeout)) {
    config.socket_connection_setup_timeout = kForever;
    config.socket_connection_setup_timeout_max = kForever;
  }
  if (!rules.has(Rule::Kip144ReconnectBackoff)) {
    config.reconnect_backoff_max = config.reconnect_backoff;
  }
  if (!rules.has(Rule::Kip580ExponentialRetryBackoff)) {
    config.retry_backoff_max = config.retry_backoff;
  }
  if (!rules.has(Rule::Kip98ProducerId)) config.enable_idempotence = false;
  if (!rules.has(Rule::Kip794BuiltInPartitioner)) {
    config.partitioner_adaptive_partitioning_enable = false;
  }
}

bool is_security_setting(std::string_view key) {
  return key.starts_with("ssl.") || key.starts_with("sasl.");
}

void refuse_unknown(ConfigDraft& draft, std::string_view key) {
  const auto nearest = nearest_config_key(key, draft.resolved.era, draft.resolved.rules);
  draft.raise({.key = std::string{key},
               .message = "no client has a setting " + std::string{key},
               .fix = std::string{nearest.value_or("")},
               .raised = Raised::OnlyHere});
}

// Another era has the key. In Kafka: AbstractConfig.logUnused.
void warn_of_unused(ConfigDraft& draft, const std::vector<std::string>& keys) {
  if (keys.empty()) return;
  if (draft.resolved.era != Era::V3_9) {
    for (const std::string& key : keys) {
      draft.warn(LogLevel::Warn,
                 "The configuration '" + key + "' was supplied but isn't a known config.");
    }
    return;
  }
  std::string list;
  for (const std::string& key : keys) list += (list.empty() ? "" : ", ") + key;
  draft.warn(LogLevel::Info,
             "These configurations '[" + list + "]' were supplied but are not used yet.");
}

void sort_keys(ConfigDraft& draft, const GivenSettings& given) {
  std::vector<std::string> unused;
  for (const auto& [key, text] : given) {
    const ConfigKey* row = find_config_key(key, draft.resolved.era, draft.resolved.rules);
    if (row != nullptr) {
      draft.resolved.given.insert(key);
      if (!row->is_acted_upon) draft.resolved.without_effect.push_back(key);
    } else if (is_security_setting(key)) {
      draft.resolved.without_effect.push_back(key);
    } else if (find_config_key(key) != nullptr) {
      unused.push_back(key);
    } else {
      refuse_unknown(draft, key);
    }
  }
  warn_of_unused(draft, unused);
}

void read_values(ConfigDraft& draft, const GivenSettings& given) {
  for (const ConfigKey& row : config_table()) {
    if (!is_available(row, draft.resolved.era, draft.resolved.rules)) continue;
    const auto written = given.find(std::string{row.key});
    const std::optional<std::string_view> text =
        written != given.end() ? written->second : default_value(row, draft.resolved.rules);
    if (!text.has_value()) {
      draft.values[row.key] = std::monostate{};
      continue;
    }
    std::variant<ConfigValue, ConfigError> parsed = parse_config_value(row, *text);
    if (std::holds_alternative<ConfigError>(parsed)) {
      draft.raise(std::get<ConfigError>(std::move(parsed)));
    } else {
      draft.values[row.key] = std::get<ConfigValue>(std::move(parsed));
    }
  }
}

ConfigError unsupported(std::string key, std::string message, std::string fix) {
  return {.key = std::move(key),
          .message = std::move(message),
          .fix = std::move(fix),
          .raised = Raised::OnlyHere};
}

}  // namespace

std::string text(const ConfigError& error) {
  const std::string fix = error.fix.empty() ? "" : " (right would be: " + error.fix + ")";
  const std::string own = std::string{name(error.exception)} + ": " + error.message;
  switch (error.raised) {
    case Raised::Raw:
      return own + fix;
    case Raised::Wrapped:
      return "KafkaException: Failed to construct kafka producer, caused by " + own + fix;
    case Raised::OnlyHere:
      return error.message + fix;
  }
  return own;
}

std::variant<ResolvedConfig, std::vector<ConfigError>> resolve(const GivenSettings& given, Era era,
                                                               RuleSet rules, CrossChecks checks) {
  ConfigDraft draft;
  draft.resolved.era = era;
  draft.resolved.rules = rules;
  sort_keys(draft, given);
  read_values(draft, given);
  if (!draft.errors.empty()) return draft.errors;

  fill_config(draft);
  neutralize_absent(draft);
  if (!draft.errors.empty()) return draft.errors;
  check_while_reading(draft);
  if (checks == CrossChecks::Skipped) draft.errors.clear();
  if (draft.errors.empty()) check_while_constructing(draft);
  if (checks == CrossChecks::Skipped) draft.errors.clear();
  if (!draft.errors.empty()) return draft.errors;
  return std::move(draft.resolved);
}

std::vector<ConfigError> missing_settings(const ResolvedConfig& resolved) {
  std::vector<ConfigError> errors;
  const Era era = resolved.era;
  if (!resolved.given.contains("bootstrap.servers")) {
    const bool is_required = era == Era::V0_10_2;
    errors.push_back(
        {.key = "bootstrap.servers",
         .message = is_required ? "Missing required configuration \"bootstrap.servers\" which has "
                                  "no default value."
                                : "No resolvable bootstrap urls given in bootstrap.servers",
         .fix = "host:port of some brokers",
         .raised = is_required ? Raised::Raw : Raised::Wrapped});
  }
  for (const std::string key : {"key.serializer", "value.serializer"}) {
    if (resolved.given.contains(key)) continue;
    errors.push_back({.key = key,
                      .message = era == Era::V3_9 ? invalid_value(key, "null", "must be non-null.")
                                                  : "Missing required configuration \"" + key +
                                                        "\" which has no default value.",
                      .fix = "a class such as "
                             "org.apache.kafka.common.serialization.StringSerializer"});
  }
  return errors;
}

std::vector<ConfigError> unsupported_settings(const ResolvedConfig& resolved) {
  const ProducerConfig& config = resolved.config;
  std::vector<ConfigError> errors;
  if (config.security_protocol != SecurityProtocol::Plaintext) {
    errors.push_back(unsupported("security.protocol",
                                 "this model neither encrypts nor authenticates",
                                 "security.protocol=PLAINTEXT"));
  }
  return errors;
}

std::string client_id(const ResolvedConfig& resolved, std::int32_t number) {
  const ProducerConfig& config = resolved.config;
  const bool is_kept = resolved.era == Era::V0_10_2 ? !config.client_id.empty()
                                                    : resolved.given.contains("client.id");
  if (is_kept) return config.client_id;
  return "producer-" + config.transactional_id.value_or(std::to_string(number));
}

}  // namespace linger::core
