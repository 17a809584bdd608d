#include "core/config_checks.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "core/ascii.h"
#include "core/idempotence_checks.h"

namespace linger::core {
namespace {

constexpr std::int32_t kLongestMillis = std::numeric_limits<std::int32_t>::max();

std::string number(Milliseconds wait) {
  return std::to_string(wait.count());
}

struct Growth {
  std::string_view key;
  Milliseconds initial;
  std::string_view max_key;
  Milliseconds max;
  std::string_view what;
};

void warn_if_static(ConfigDraft& draft, const Growth& growth) {
  if (growth.initial <= growth.max) return;
  draft.warn(LogLevel::Warn, "Configuration '" + std::string{growth.key} + "' with value '" +
                                 number(growth.initial) + "' is greater than configuration '" +
                                 std::string{growth.max_key} + "' with value '" +
                                 number(growth.max) + "'. A static " + std::string{growth.what} +
                                 " with value '" + number(growth.max) + "' will be applied.");
}

void warn_of_static_backoffs(ConfigDraft& draft) {
  if (!draft.resolved.rules.has(Rule::Kip580ExponentialRetryBackoff)) return;
  const ProducerConfig& config = draft.resolved.config;
  warn_if_static(draft, {"retry.backoff.ms", config.retry_backoff, "retry.backoff.max.ms",
                         config.retry_backoff_max, "backoff"});
  warn_if_static(
      draft, {"socket.connection.setup.timeout.ms", config.socket_connection_setup_timeout,
              "socket.connection.setup.timeout.max.ms", config.socket_connection_setup_timeout_max,
              "connection setup timeout"});
}

void settle_reconnect_backoff(ConfigDraft& draft) {
  if (!draft.resolved.rules.has(Rule::Kip144ReconnectBackoff)) return;
  if (draft.is_given("reconnect.backoff.max.ms") || !draft.is_given("reconnect.backoff.ms")) return;
  draft.resolved.config.reconnect_backoff_max = draft.resolved.config.reconnect_backoff;
  const LogLevel level = draft.resolved.era == Era::V3_9 ? LogLevel::Warn : LogLevel::Debug;
  draft.warn(level,
             "Disabling exponential reconnect backoff because reconnect.backoff.ms is set, but "
             "reconnect.backoff.max.ms is not.");
}

void warn_of_deprecated(ConfigDraft& draft, std::string_view key, std::string_view instead) {
  draft.warn(LogLevel::Warn, std::string{key} +
                                 " config is deprecated and will be removed soon. Please use " +
                                 std::string{instead});
}

Milliseconds milliseconds_of(const ConfigDraft& draft, std::string_view key) {
  return Milliseconds{std::get<std::int64_t>(draft.values.at(key))};
}

void settle_max_block(ConfigDraft& draft) {
  if (draft.is_given("block.on.buffer.full")) {
    warn_of_deprecated(draft, "block.on.buffer.full", "max.block.ms");
    if (std::get<bool>(draft.values.at("block.on.buffer.full"))) {
      draft.resolved.config.max_block = kForever;
      return;
    }
  }
  if (!draft.is_given("metadata.fetch.timeout.ms")) return;
  warn_of_deprecated(draft, "metadata.fetch.timeout.ms", "max.block.ms");
  draft.resolved.config.max_block = milliseconds_of(draft, "metadata.fetch.timeout.ms");
}

void settle_request_timeout(ConfigDraft& draft) {
  if (!draft.is_given("timeout.ms")) return;
  warn_of_deprecated(draft, "timeout.ms", "request.timeout.ms");
  draft.resolved.config.request_timeout = milliseconds_of(draft, "timeout.ms");
}

void settle_delivery_timeout(ConfigDraft& draft) {
  if (!draft.resolved.rules.has(Rule::Kip91DeliveryTimeout)) return;
  ProducerConfig& config = draft.resolved.config;
  config.linger = std::min(config.linger, Milliseconds{kLongestMillis});
  const Milliseconds needed =
      std::min(config.linger + config.request_timeout, Milliseconds{kLongestMillis});
  if (config.delivery_timeout >= needed) return;

  const std::string rule =
      "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms";
  if (draft.is_given("delivery.timeout.ms")) {
    draft.raise({.key = "delivery.timeout.ms",
                 .message = rule,
                 .fix = "at least " + number(needed) + ", or a shorter linger or request timeout",
                 .raised = Raised::Wrapped});
    return;
  }
  config.delivery_timeout = needed;
  draft.warn(LogLevel::Warn, rule + ". Setting it to " + number(needed) + ".");
}

void settle_batch_size(ConfigDraft& draft) {
  if (!draft.resolved.rules.has(Rule::Kafka14303BatchSizeZero)) return;
  draft.resolved.config.batch_size = std::max(draft.resolved.config.batch_size, Bytes{1});
}

void settle_partitioner(ConfigDraft& draft) {
  if (!draft.resolved.rules.has(Rule::Kip794BuiltInPartitioner)) return;
  ProducerConfig& config = draft.resolved.config;
  if (config.partitioner_class == Partitioner::BuiltIn) return;
  config.partitioner_adaptive_partitioning_enable = false;
  if (config.partitioner_class == Partitioner::Default) {
    draft.warn(
        LogLevel::Warn,
        "DefaultPartitioner is deprecated.  Please clear partitioner.class configuration setting "
        "to get the default partitioning behavior");
  } else if (config.partitioner_class == Partitioner::UniformSticky) {
    draft.warn(
        LogLevel::Warn,
        "UniformStickyPartitioner is deprecated.  Please clear partitioner.class configuration "
        "setting and set partitioner.ignore.keys to 'true' to get the uniform sticky partitioning "
        "behavior");
  }
}

// Where the table does not check names, the enums the constructor looks them up in do. Era by era:
// zstd came with 2.1.
void check_compression_name(ConfigDraft& draft) {
  if (draft.resolved.era == Era::V3_9) return;
  const std::string& given = std::get<std::string>(draft.values.at("compression.type"));
  const std::string known = draft.resolved.era == Era::V0_10_2 ? "none, gzip, snappy, lz4"
                                                               : "none, gzip, snappy, lz4, zstd";
  if ((", " + known + ", ").find(", " + given + ", ") != std::string::npos) return;
  draft.raise({.key = "compression.type",
               .message = "Unknown compression name: " + given,
               .fix = "one of " + known,
               .raised = Raised::Wrapped,
               .exception = Exception::IllegalArgumentException});
}

void check_security_protocol(ConfigDraft& draft) {
  if (draft.resolved.era == Era::V3_9) return;
  const std::string given = upper_case(std::get<std::string>(draft.values.at("security.protocol")));
  constexpr auto kKnown =
      std::to_array<std::string_view>({"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"});
  if (std::find(kKnown.begin(), kKnown.end(), given) != kKnown.end()) return;
  draft.raise({.key = "security.protocol",
               .message = "No enum constant org.apache.kafka.common.security.auth."
                          "SecurityProtocol." +
                          given,
               .fix = "one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL",
               .raised = Raised::Wrapped,
               .exception = Exception::IllegalArgumentException});
}

enum class AddressFault { None, Url, Port };

bool is_host_letter(char c) {
  const char lower = to_lower_case(c);
  return ('a' <= lower && lower <= 'z') || ('0' <= c && c <= '9') ||
         std::string_view{"-%._:"}.find(c) != std::string_view::npos;
}

// "host:port", "[::1]:port", or either after "scheme://". In Kafka: Utils.getHost and getPort.
// Differs: 0.10 accepts anything before the host.
AddressFault address_fault(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const std::size_t colon = url.rfind(':');
  if (colon == std::string_view::npos) return AddressFault::Url;

  std::string_view host = url.substr(0, colon);
  if (host.starts_with('[')) host.remove_prefix(1);
  if (host.ends_with(']')) host.remove_suffix(1);
  if (!std::all_of(host.begin(), host.end(), is_host_letter)) return AddressFault::Url;

  const std::string_view port = url.substr(colon + 1);
  const bool is_number = !port.empty() && std::all_of(port.begin(), port.end(),
                                                      [](char c) { return '0' <= c && c <= '9'; });
  if (!is_number) return AddressFault::Url;
  std::uint16_t value = 0;
  const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), value);
  return fault == std::errc{} ? AddressFault::None : AddressFault::Port;
}

void refuse_address(ConfigDraft& draft, std::string message) {
  draft.raise({.key = "bootstrap.servers",
               .message = std::move(message),
               .fix = "host:port, separated by commas",
               .raised = Raised::Wrapped});
}

void check_bootstrap_servers(ConfigDraft& draft) {
  if (!draft.is_given("bootstrap.servers")) return;
  std::vector<std::string>& servers = draft.resolved.config.bootstrap_servers;
  std::erase(servers, std::string{});
  if (servers.empty()) {
    refuse_address(draft, "No resolvable bootstrap urls given in bootstrap.servers");
  }
  for (const std::string& server : servers) {
    switch (address_fault(server)) {
      case AddressFault::None:
        break;
      case AddressFault::Url:
        refuse_address(draft, "Invalid url in bootstrap.servers: " + server);
        break;
      case AddressFault::Port:
        refuse_address(draft, "Invalid port in bootstrap.servers: " + server);
        break;
    }
  }
}

void warn_of_default_dns_lookup(ConfigDraft& draft) {
  if (draft.resolved.config.client_dns_lookup != ClientDnsLookup::Default) return;
  draft.warn(
      LogLevel::Warn,
      "Configuration 'client.dns.lookup' with value 'default' is deprecated and will be removed "
      "in future version. Please use 'use_all_dns_ips' or another non-deprecated value.");
}

}  // namespace

void check_while_reading(ConfigDraft& draft) {
  warn_of_default_dns_lookup(draft);
  warn_of_static_backoffs(draft);
  settle_reconnect_backoff(draft);
  settle_idempotence(draft);
}

void check_while_constructing(ConfigDraft& draft) {
  settle_partitioner(draft);
  check_compression_name(draft);
  settle_max_block(draft);
  settle_request_timeout(draft);
  settle_delivery_timeout(draft);
  settle_batch_size(draft);
  check_bootstrap_servers(draft);
  check_requests_in_flight(draft);
  check_security_protocol(draft);
}

}  // namespace linger::core
