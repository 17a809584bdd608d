// The producer's settings: Kafka's keys with their types, and what Kafka makes of them before the
// producer starts.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/compression.h"
#include "core/exception.h"
#include "core/log_level.h"
#include "core/rules.h"
#include "core/time.h"

namespace linger::core {

enum class Acks : std::int8_t { All = -1, None = 0, Leader = 1 };
enum class MetadataRecoveryStrategy : std::uint8_t { None, Rebootstrap };
enum class SecurityProtocol : std::uint8_t { Plaintext, Ssl, SaslPlaintext, SaslSsl };
enum class ClientDnsLookup : std::uint8_t {
  Default,
  UseAllDnsIps,
  ResolveCanonicalBootstrapServersOnly,
};

// What `partitioner.class` names. BuiltIn is no class at all: since KIP-794 the accumulator
// chooses. Default is DefaultPartitioner, which sticks since KIP-480 and goes round robin before
// it.
enum class Partitioner : std::uint8_t { BuiltIn, Default, UniformSticky, RoundRobin };

std::string_view name(Acks acks);                // "all", "0", "1"
std::string_view name(CompressionType type);     // "none", "gzip", …
std::string_view name(Partitioner partitioner);  // "RoundRobinPartitioner"; BuiltIn is "built-in"

// The settings a producer acts on, typed, after Kafka's own corrections. A field is a key without
// the unit its type says. A key that an era lacks has the value that changes nothing there: no
// delivery timeout, no set-up timeout, backoffs that do not grow.
struct ProducerConfig {
  std::vector<std::string> bootstrap_servers;
  std::string client_id;  // as given; see client_id() for the name a producer gets without one

  Acks acks = Acks::All;
  std::int32_t retries = 2'147'483'647;
  std::int32_t max_in_flight_requests_per_connection = 5;
  bool enable_idempotence = true;
  std::optional<std::string> transactional_id;
  Milliseconds transaction_timeout{60'000};

  Bytes buffer_memory{33'554'432};
  Bytes batch_size{16'384};
  Bytes max_request_size{1'048'576};
  CompressionType compression_type = CompressionType::None;
  std::int32_t compression_gzip_level = -1;
  std::int32_t compression_lz4_level = 9;
  std::int32_t compression_zstd_level = 3;

  Milliseconds linger{};
  Milliseconds delivery_timeout{120'000};
  Milliseconds request_timeout{30'000};
  Milliseconds max_block{60'000};

  Milliseconds retry_backoff{100};
  Milliseconds retry_backoff_max{1'000};
  Milliseconds reconnect_backoff{50};
  Milliseconds reconnect_backoff_max{1'000};
  Milliseconds socket_connection_setup_timeout{10'000};
  Milliseconds socket_connection_setup_timeout_max{30'000};
  Milliseconds connections_max_idle{540'000};  // negative: never
  Bytes send_buffer{131'072};                  // -1: as the system has it
  Bytes receive_buffer{32'768};
  ClientDnsLookup client_dns_lookup = ClientDnsLookup::UseAllDnsIps;
  SecurityProtocol security_protocol = SecurityProtocol::Plaintext;

  Milliseconds metadata_max_age{300'000};
  Milliseconds metadata_max_idle{300'000};
  MetadataRecoveryStrategy metadata_recovery_strategy = MetadataRecoveryStrategy::None;

  Partitioner partitioner_class = Partitioner::BuiltIn;
  bool partitioner_ignore_keys = false;
  bool partitioner_adaptive_partitioning_enable = true;
  Milliseconds partitioner_availability_timeout{};  // 0: never

  std::vector<std::string> interceptor_classes;
  std::string key_serializer;
  std::string value_serializer;

  friend bool operator==(const ProducerConfig&, const ProducerConfig&) = default;
};

// The settings as text, key by key, in Kafka's spelling: a properties file.
using GivenSettings = std::map<std::string, std::string>;

// Where Kafka finds the fault: while it reads the settings; in the constructor, which wraps it as
// the cause of KafkaException "Failed to construct kafka producer"; or not at all, only this model.
enum class Raised : std::uint8_t { Raw, Wrapped, OnlyHere };

struct ConfigError {
  std::string key;
  std::string message;  // Kafka's own words, unless raised OnlyHere
  std::string fix;      // what would be right: of an unknown key the nearest; may be empty
  Raised raised = Raised::Raw;
  Exception exception = Exception::ConfigException;
  friend bool operator==(const ConfigError&, const ConfigError&) = default;
};

// As the real client's log shows it, raw or wrapped, and then the fix.
std::string text(const ConfigError& error);

// What the real client writes to its log: nobody sees a Debug line, few read an Info.
struct ConfigWarning {
  LogLevel level;
  std::string text;
  friend bool operator==(const ConfigWarning&, const ConfigWarning&) = default;
};

struct ResolvedConfig {
  Era era = Era::V3_9;
  RuleSet rules;
  ProducerConfig config;
  std::vector<ConfigWarning> warnings;
  std::set<std::string, std::less<>> given;  // the keys that were written, also with their default
  std::vector<std::string> without_effect;   // of those: Kafka knows them, this model does not act
  friend bool operator==(const ResolvedConfig&, const ResolvedConfig&) = default;
};

// What an era's client, with these rules, makes of the settings: or every fault found, in the order
// in which Kafka would raise them (it raises the first alone).
//
// Beside Kafka's spelling a value may carry a unit: "5ms", "2s", "1m", "1h" in a `.ms` key,
// "16KiB", "1MiB", "1kB", "1MB" in a size.
//
// Differs: a key no era knows is an error, where Kafka logs a line; missing serializers and
// bootstrap servers are no fault, since the application of a scenario brings them (see
// missing_settings).
//
// Whoever puts a producer together from its parts, as tests of Kafka do, meets no check of one
// setting against another: those may be skipped.
enum class CrossChecks : std::uint8_t { Made, Skipped };
std::variant<ResolvedConfig, std::vector<ConfigError>> resolve(
    const GivenSettings& given, Era era, RuleSet rules, CrossChecks checks = CrossChecks::Made);
inline std::variant<ResolvedConfig, std::vector<ConfigError>> resolve(const GivenSettings& given,
                                                                      Era era) {
  return resolve(given, era, rules_of(era));
}

// What the real client would refuse since it must be given: for whoever checks a properties file.
std::vector<ConfigError> missing_settings(const ResolvedConfig& resolved);

// What this model cannot act on yet, although Kafka can: an era, single rules (their key is "era"
// or "rules"), transactions, security.
std::vector<ConfigError> unsupported_settings(const ResolvedConfig& resolved);

// The name a producer goes by, the `number`-th of its process, from 1.
std::string client_id(const ResolvedConfig& resolved, std::int32_t number);

}  // namespace linger::core
