#include "core/config_table.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>

#include "core/ascii.h"

namespace linger::core {
namespace {

using enum ConfigType;
using enum Importance;
using enum Rule;

constexpr ConfigUnit kMs = ConfigUnit::Time;
constexpr ConfigUnit kBytes = ConfigUnit::Size;
constexpr std::int64_t kMaxInt = 2'147'483'647;

// Laid out by hand, so that rows can be compared.
// clang-format off
constexpr auto kTable = std::to_array<ConfigKey>({
    {.key = "bootstrap.servers", .type = List, .importance = High, .until = Era::V0_10_2,
     .is_required = true},
    {.key = "bootstrap.servers", .type = List, .default_value = "", .importance = High,
     .since = Era::V2_8},
    {.key = "client.dns.lookup", .type = String, .default_value = "use_all_dns_ips",
     .importance = Medium, .since = Era::V2_8, .until = Era::V2_8,
     .one_of = "default, use_all_dns_ips, resolve_canonical_bootstrap_servers_only",
     .is_acted_upon = false},
    {.key = "client.dns.lookup", .type = String, .default_value = "use_all_dns_ips",
     .importance = Medium, .since = Era::V3_9,
     .one_of = "use_all_dns_ips, resolve_canonical_bootstrap_servers_only",
     .is_acted_upon = false},
    {.key = "buffer.memory", .type = Long, .unit = kBytes, .default_value = "33554432",
     .importance = High, .at_least = 0},
    {.key = "retries", .type = Int, .default_value = "0",
     .changed = DefaultChange{Kip91DeliveryTimeout, "2147483647"}, .importance = High,
     .at_least = 0, .at_most = kMaxInt},
    {.key = "acks", .type = String, .default_value = "1",
     .changed = DefaultChange{Kip679StrongestDefaults, "all", Low}, .importance = High,
     .one_of = "all, -1, 0, 1"},
    {.key = "compression.type", .type = String, .default_value = "none", .importance = High,
     .until = Era::V2_8},
    {.key = "compression.type", .type = String, .default_value = "none", .importance = High,
     .since = Era::V3_9, .one_of = "none, gzip, snappy, lz4, zstd"},
    {.key = "compression.gzip.level", .type = Int, .default_value = "-1", .importance = Medium,
     .since = Era::V3_9, .at_least = 1, .at_most = 9, .or_exactly = -1},
    {.key = "compression.lz4.level", .type = Int, .default_value = "9", .importance = Medium,
     .since = Era::V3_9, .at_least = 1, .at_most = 17},
    {.key = "compression.zstd.level", .type = Int, .default_value = "3", .importance = Medium,
     .since = Era::V3_9, .at_least = -131'072, .at_most = 22},
    {.key = "batch.size", .type = Int, .unit = kBytes, .default_value = "16384",
     .importance = Medium, .at_least = 0},
    {.key = "partitioner.adaptive.partitioning.enable", .type = Boolean, .default_value = "true",
     .came_with = Kip794BuiltInPartitioner},
    {.key = "partitioner.availability.timeout.ms", .type = Long, .unit = kMs,
     .default_value = "0", .came_with = Kip794BuiltInPartitioner, .at_least = 0},
    {.key = "partitioner.ignore.keys", .type = Boolean, .default_value = "false",
     .importance = Medium, .came_with = Kip794BuiltInPartitioner},
    {.key = "timeout.ms", .type = Int, .unit = kMs, .default_value = "30000",
     .importance = Medium, .until = Era::V0_10_2, .at_least = 0},
    {.key = "linger.ms", .type = Long, .unit = kMs, .default_value = "0",
     .changed = DefaultChange{Kip1030LingerDefault, "5"}, .importance = Medium, .at_least = 0},
    {.key = "delivery.timeout.ms", .type = Int, .unit = kMs, .default_value = "120000",
     .importance = Medium, .came_with = Kip91DeliveryTimeout, .at_least = 0},
    {.key = "client.id", .type = String, .default_value = "", .importance = Medium},
    {.key = "send.buffer.bytes", .type = Int, .unit = kBytes, .default_value = "131072",
     .importance = Medium, .at_least = -1},
    {.key = "receive.buffer.bytes", .type = Int, .unit = kBytes, .default_value = "32768",
     .importance = Medium, .at_least = -1},
    {.key = "max.request.size", .type = Int, .unit = kBytes, .default_value = "1048576",
     .importance = Medium, .at_least = 0},
    {.key = "block.on.buffer.full", .type = Boolean, .default_value = "false",
     .until = Era::V0_10_2},
    {.key = "reconnect.backoff.ms", .type = Long, .unit = kMs, .default_value = "50",
     .at_least = 0},
    {.key = "reconnect.backoff.max.ms", .type = Long, .unit = kMs, .default_value = "1000",
     .came_with = Kip144ReconnectBackoff, .at_least = 0},
    {.key = "retry.backoff.ms", .type = Long, .unit = kMs, .default_value = "100",
     .at_least = 0},
    {.key = "retry.backoff.max.ms", .type = Long, .unit = kMs, .default_value = "1000",
     .came_with = Kip580ExponentialRetryBackoff, .at_least = 0},
    {.key = "enable.metrics.push", .type = Boolean, .default_value = "true", .since = Era::V3_9,
     .is_acted_upon = false},
    {.key = "metadata.fetch.timeout.ms", .type = Long, .unit = kMs, .default_value = "60000",
     .until = Era::V0_10_2, .at_least = 0},
    {.key = "max.block.ms", .type = Long, .unit = kMs, .default_value = "60000",
     .importance = Medium, .at_least = 0},
    {.key = "request.timeout.ms", .type = Int, .unit = kMs, .default_value = "30000",
     .importance = Medium, .at_least = 0},
    {.key = "metadata.max.age.ms", .type = Long, .unit = kMs, .default_value = "300000",
     .at_least = 0},
    {.key = "metadata.max.idle.ms", .type = Long, .unit = kMs, .default_value = "300000",
     .came_with = Kip526MetadataOfNewTopics, .at_least = 5'000},
    {.key = "metrics.sample.window.ms", .type = Long, .unit = kMs, .default_value = "30000",
     .at_least = 0, .is_acted_upon = false},
    {.key = "metrics.num.samples", .type = Int, .default_value = "2", .at_least = 1,
     .is_acted_upon = false},
    {.key = "metrics.recording.level", .type = String, .default_value = "INFO",
     .since = Era::V2_8, .one_of = "INFO, DEBUG, TRACE", .is_acted_upon = false},
    {.key = "metric.reporters", .type = List, .default_value = "", .is_acted_upon = false},
    {.key = "auto.include.jmx.reporter", .type = Boolean, .default_value = "true",
     .since = Era::V3_9, .is_acted_upon = false},
    {.key = "max.in.flight.requests.per.connection", .type = Int, .default_value = "5",
     .at_least = 1},
    {.key = "key.serializer", .type = Class, .importance = High, .is_required = true,
     .is_acted_upon = false},
    {.key = "value.serializer", .type = Class, .importance = High, .is_required = true,
     .is_acted_upon = false},
    {.key = "socket.connection.setup.timeout.ms", .type = Long, .unit = kMs,
     .default_value = "10000", .importance = Medium, .came_with = Kip601ConnectionSetupTimeout},
    {.key = "socket.connection.setup.timeout.max.ms", .type = Long, .unit = kMs,
     .default_value = "30000", .importance = Medium, .came_with = Kip601ConnectionSetupTimeout},
    {.key = "connections.max.idle.ms", .type = Long, .unit = kMs, .default_value = "540000",
     .importance = Medium},
    {.key = "partitioner.class", .type = Class,
     .default_value = "org.apache.kafka.clients.producer.internals.DefaultPartitioner",
     .changed = DefaultChange{Kip794BuiltInPartitioner, std::nullopt}, .importance = Medium},
    {.key = "interceptor.classes", .type = List, .until = Era::V0_10_2, .is_acted_upon = false},
    {.key = "interceptor.classes", .type = List, .default_value = "", .since = Era::V2_8,
     .is_acted_upon = false},
    {.key = "security.protocol", .type = String, .default_value = "PLAINTEXT",
     .importance = Medium, .until = Era::V2_8},
    {.key = "security.protocol", .type = String, .default_value = "PLAINTEXT",
     .importance = Medium, .since = Era::V3_9,
     .one_of = "SASL_SSL, PLAINTEXT, SSL, SASL_PLAINTEXT", .ignores_case = true},
    {.key = "security.providers", .type = String, .since = Era::V2_8, .is_acted_upon = false},
    {.key = "enable.idempotence", .type = Boolean, .default_value = "false",
     .changed = DefaultChange{Kip679StrongestDefaults, "true"}, .came_with = Kip98ProducerId},
    {.key = "transaction.timeout.ms", .type = Int, .unit = kMs, .default_value = "60000",
     .came_with = Kip98ProducerId},
    {.key = "transactional.id", .type = String, .came_with = Kip98ProducerId,
     .may_be_empty = false},
    {.key = "internal.auto.downgrade.txn.commit", .type = Boolean, .default_value = "false",
     .came_with = Kip98ProducerId, .since = Era::V2_8, .until = Era::V2_8,
     .is_acted_upon = false},
    {.key = "metadata.recovery.strategy", .type = String, .default_value = "none",
     .came_with = Kip899Rebootstrap, .one_of = "REBOOTSTRAP, NONE", .ignores_case = true},
});
// clang-format on

// How a person may have meant it: "linger_ms" is "linger.ms".
std::string normalized(std::string_view key) {
  std::string text{key};
  for (char& c : text) {
    c = c == '_' || c == '-' ? '.' : to_lower_case(c);
  }
  return text;
}

// "linger" begins "linger.ms".
bool begins(std::string_view part, std::string_view key) {
  return !part.empty() && key.starts_with(part) && key.size() > part.size() &&
         key[part.size()] == '.';
}

// The least number of letters to insert, drop or replace that makes one text of the other.
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[to.size()];
}

std::optional<std::string> shown_default(std::string_view key, Era era) {
  const RuleSet rules = rules_of(era);
  const ConfigKey* row = find_config_key(key, era, rules);
  if (row == nullptr) return std::nullopt;
  if (row->is_required) return "(required)";
  return std::string{default_value(*row, rules).value_or("null")};
}

}  // namespace

std::string_view name(ConfigType type) {
  switch (type) {
    case Boolean:
      return "BOOLEAN";
    case Int:
      return "INT";
    case Long:
      return "LONG";
    case String:
      return "STRING";
    case List:
      return "LIST";
    case Class:
      return "CLASS";
  }
  return "";
}

std::string_view name(Importance importance) {
  switch (importance) {
    case High:
      return "high";
    case Medium:
      return "medium";
    case Low:
      return "low";
  }
  return "";
}

std::span<const ConfigKey> config_table() {
  return kTable;
}

bool is_available(const ConfigKey& row, Era era, RuleSet rules) {
  return row.since <= era && era <= row.until &&
         (!row.came_with.has_value() || rules.has(*row.came_with));
}

const ConfigKey* find_config_key(std::string_view key, Era era, RuleSet rules) {
  const auto at = std::find_if(kTable.begin(), kTable.end(), [&](const ConfigKey& row) {
    return row.key == key && is_available(row, era, rules);
  });
  return at == kTable.end() ? nullptr : &*at;
}

const ConfigKey* find_config_key(std::string_view key) {
  const auto at = std::find_if(kTable.rbegin(), kTable.rend(),
                               [&](const ConfigKey& row) { return row.key == key; });
  return at == kTable.rend() ? nullptr : &*at;
}

std::optional<std::string_view> default_value(const ConfigKey& row, RuleSet rules) {
  const bool is_changed = row.changed.has_value() && rules.has(row.changed->rule);
  return is_changed ? row.changed->default_value : row.default_value;
}

Importance importance(const ConfigKey& row, RuleSet rules) {
  const bool is_changed = row.changed.has_value() && rules.has(row.changed->rule);
  return is_changed ? row.changed->importance.value_or(row.importance) : row.importance;
}

std::string range(const ConfigKey& row) {
  if (!row.one_of.empty()) {
    const std::string values = "[" + std::string{row.one_of} + "]";
    return row.ignores_case ? "(case insensitive) " + values : values;
  }
  if (!row.may_be_empty) return "non-empty string";
  if (!row.at_least.has_value() && !row.at_most.has_value()) return "";
  const std::string least = row.at_least.has_value() ? std::to_string(*row.at_least) + "," : "";
  const std::string most = row.at_most.has_value() ? "," + std::to_string(*row.at_most) : "";
  const std::string beside =
      row.or_exactly.has_value() ? " or " + std::to_string(*row.or_exactly) : "";
  return "[" + least + "..." + most + "]" + beside;
}

std::optional<std::string_view> nearest_config_key(std::string_view key, Era era, RuleSet rules) {
  const std::string wanted = normalized(key);
  std::optional<std::string_view> nearest;
  std::size_t least = std::max<std::size_t>(3, wanted.size() / 3) + 1;
  for (const ConfigKey& row : kTable) {
    if (!is_available(row, era, rules)) continue;
    const std::size_t distance = begins(wanted, row.key) ? 1 : edit_distance(wanted, row.key);
    if (distance >= least) continue;
    least = distance;
    nearest = row.key;
  }
  return nearest;
}

std::vector<ConfigHistory> config_history() {
  std::vector<ConfigHistory> history;
  for (const ConfigKey& row : kTable) {
    const bool is_newest_row = &row == find_config_key(row.key);
    if (!is_newest_row) continue;
    ConfigHistory entry{.key = row.key,
                        .type = name(row.type),
                        .importance = name(importance(row, rules_of(row.until))),
                        .range = range(row),
                        .defaults = {},
                        .is_acted_upon = row.is_acted_upon};
    std::transform(std::begin(kAllEras), std::end(kAllEras), entry.defaults.begin(),
                   [&](Era era) { return shown_default(row.key, era); });
    history.push_back(std::move(entry));
  }
  return history;
}

}  // namespace linger::core
