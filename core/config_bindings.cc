#include "core/config_bindings.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "core/ascii.h"

namespace linger::core {
namespace {

template <class Field>
struct Binding {
  std::string_view key;
  Field ProducerConfig::*field;
};

constexpr auto kWaits = std::to_array<Binding<Milliseconds>>({
    {"transaction.timeout.ms", &ProducerConfig::transaction_timeout},
    {"linger.ms", &ProducerConfig::linger},
    {"delivery.timeout.ms", &ProducerConfig::delivery_timeout},
    {"request.timeout.ms", &ProducerConfig::request_timeout},
    {"max.block.ms", &ProducerConfig::max_block},
    {"retry.backoff.ms", &ProducerConfig::retry_backoff},
    {"retry.backoff.max.ms", &ProducerConfig::retry_backoff_max},
    {"reconnect.backoff.ms", &ProducerConfig::reconnect_backoff},
    {"reconnect.backoff.max.ms", &ProducerConfig::reconnect_backoff_max},
    {"socket.connection.setup.timeout.ms", &ProducerConfig::socket_connection_setup_timeout},
    {"socket.connection.setup.timeout.max.ms",
     &ProducerConfig::socket_connection_setup_timeout_max},
    {"connections.max.idle.ms", &ProducerConfig::connections_max_idle},
    {"metadata.max.age.ms", &ProducerConfig::metadata_max_age},
    {"metadata.max.idle.ms", &ProducerConfig::metadata_max_idle},
    {"partitioner.availability.timeout.ms", &ProducerConfig::partitioner_availability_timeout},
});

constexpr auto kSizes = std::to_array<Binding<Bytes>>({
    {"buffer.memory", &ProducerConfig::buffer_memory},
    {"batch.size", &ProducerConfig::batch_size},
    {"max.request.size", &ProducerConfig::max_request_size},
    {"send.buffer.bytes", &ProducerConfig::send_buffer},
    {"receive.buffer.bytes", &ProducerConfig::receive_buffer},
});

constexpr auto kNumbers = std::to_array<Binding<std::int32_t>>({
    {"retries", &ProducerConfig::retries},
    {"max.in.flight.requests.per.connection",
     &ProducerConfig::max_in_flight_requests_per_connection},
    {"compression.gzip.level", &ProducerConfig::compression_gzip_level},
    {"compression.lz4.level", &ProducerConfig::compression_lz4_level},
    {"compression.zstd.level", &ProducerConfig::compression_zstd_level},
});

constexpr auto kSwitches = std::to_array<Binding<bool>>({
    {"enable.idempotence", &ProducerConfig::enable_idempotence},
    {"partitioner.ignore.keys", &ProducerConfig::partitioner_ignore_keys},
    {"partitioner.adaptive.partitioning.enable",
     &ProducerConfig::partitioner_adaptive_partitioning_enable},
});

constexpr auto kTexts = std::to_array<Binding<std::string>>({
    {"client.id", &ProducerConfig::client_id},
    {"key.serializer", &ProducerConfig::key_serializer},
    {"value.serializer", &ProducerConfig::value_serializer},
});

constexpr auto kLists = std::to_array<Binding<std::vector<std::string>>>({
    {"bootstrap.servers", &ProducerConfig::bootstrap_servers},
    {"interceptor.classes", &ProducerConfig::interceptor_classes},
});

struct PartitionerClass {
  Partitioner partitioner;
  std::string_view name;
  std::string_view package;
  Era since;
};

constexpr auto kPartitionerClasses = std::to_array<PartitionerClass>({
    {Partitioner::Default, "DefaultPartitioner", "org.apache.kafka.clients.producer.internals.",
     Era::V0_10_2},
    {Partitioner::UniformSticky, "UniformStickyPartitioner", "org.apache.kafka.clients.producer.",
     Era::V2_8},
    {Partitioner::RoundRobin, "RoundRobinPartitioner", "org.apache.kafka.clients.producer.",
     Era::V2_8},
});

template <class Value>
struct Named {
  std::string_view name;
  Value value;
};

constexpr auto kAcks = std::to_array<Named<Acks>>(
    {{"all", Acks::All}, {"-1", Acks::All}, {"0", Acks::None}, {"1", Acks::Leader}});

constexpr auto kCompressionTypes = std::to_array<Named<CompressionType>>({
    {"none", CompressionType::None},
    {"gzip", CompressionType::Gzip},
    {"snappy", CompressionType::Snappy},
    {"lz4", CompressionType::Lz4},
    {"zstd", CompressionType::Zstd},
});

constexpr auto kSecurityProtocols = std::to_array<Named<SecurityProtocol>>({
    {"PLAINTEXT", SecurityProtocol::Plaintext},
    {"SSL", SecurityProtocol::Ssl},
    {"SASL_PLAINTEXT", SecurityProtocol::SaslPlaintext},
    {"SASL_SSL", SecurityProtocol::SaslSsl},
});

constexpr auto kDnsLookups = std::to_array<Named<ClientDnsLookup>>({
    {"default", ClientDnsLookup::Default},
    {"use_all_dns_ips", ClientDnsLookup::UseAllDnsIps},
    {"resolve_canonical_bootstrap_servers_only",
     ClientDnsLookup::ResolveCanonicalBootstrapServersOnly},
});

constexpr auto kRecoveryStrategies = std::to_array<Named<MetadataRecoveryStrategy>>({
    {"none", MetadataRecoveryStrategy::None},
    {"rebootstrap", MetadataRecoveryStrategy::Rebootstrap},
});

// What was read for the key, if it is of that type; else null.
template <class Raw>
const Raw* value_of(const ConfigDraft& draft, std::string_view key) {
  const auto at = draft.values.find(key);
  return at == draft.values.end() ? nullptr : std::get_if<Raw>(&at->second);
}

// Sets `choice` to what `key` names, if it has a value and that is a name of the list. A name that
// is not is refused elsewhere, by the table or in the constructor.
template <class Value, std::size_t N>
void choose(const ConfigDraft& draft, std::string_view key,
            const std::array<Named<Value>, N>& names, Value& choice) {
  const auto* text = value_of<std::string>(draft, key);
  if (text == nullptr) return;
  for (const Named<Value>& named : names) {
    if (equals_ignoring_case(named.name, *text)) choice = named.value;
  }
}

template <class Raw, class Field, std::size_t N>
void fill_fields(ConfigDraft& draft, const std::array<Binding<Field>, N>& bindings) {
  for (const Binding<Field>& binding : bindings) {
    const Raw* raw = value_of<Raw>(draft, binding.key);
    if (raw == nullptr) continue;
    if constexpr (std::is_same_v<Field, std::int32_t>) {
      draft.resolved.config.*binding.field = static_cast<std::int32_t>(*raw);
    } else {
      draft.resolved.config.*binding.field = Field{*raw};
    }
  }
}

void fill_choices(ConfigDraft& draft) {
  ProducerConfig& config = draft.resolved.config;
  choose(draft, "acks", kAcks, config.acks);
  choose(draft, "compression.type", kCompressionTypes, config.compression_type);
  choose(draft, "security.protocol", kSecurityProtocols, config.security_protocol);
  choose(draft, "client.dns.lookup", kDnsLookups, config.client_dns_lookup);
  choose(draft, "metadata.recovery.strategy", kRecoveryStrategies,
         config.metadata_recovery_strategy);
  const auto* id = value_of<std::string>(draft, "transactional.id");
  if (id != nullptr) config.transactional_id = *id;
}

// What this model calls a class by its full name or its last part.
void fill_partitioner(ConfigDraft& draft) {
  const ConfigValue& value = draft.values.at("partitioner.class");
  if (!std::holds_alternative<std::string>(value)) return;
  const std::string& given = std::get<std::string>(value);
  std::string known;
  for (const PartitionerClass& row : kPartitionerClasses) {
    if (row.since > draft.resolved.era) continue;
    if (given == row.name || given == std::string{row.package} + std::string{row.name}) {
      draft.resolved.config.partitioner_class = row.partitioner;
      return;
    }
    known += (known.empty() ? "" : ", ") + std::string{row.name};
  }
  draft.raise({.key = "partitioner.class",
               .message = invalid_value("partitioner.class", given,
                                        "Class " + given + " could not be found."),
               .fix = "one of " + known});
}

}  // namespace

void fill_config(ConfigDraft& draft) {
  fill_fields<std::int64_t>(draft, kWaits);
  fill_fields<std::int64_t>(draft, kSizes);
  fill_fields<std::int64_t>(draft, kNumbers);
  fill_fields<bool>(draft, kSwitches);
  fill_fields<std::string>(draft, kTexts);
  fill_fields<std::vector<std::string>>(draft, kLists);
  fill_choices(draft);
  fill_partitioner(draft);
}

std::string_view name(Acks acks) {
  switch (acks) {
    case Acks::All:
      return "all";
    case Acks::None:
      return "0";
    case Acks::Leader:
      return "1";
  }
  return "";
}

std::string_view name(CompressionType type) {
  return kCompressionTypes[static_cast<std::size_t>(type)].name;
}

std::string_view name(Partitioner partitioner) {
  for (const PartitionerClass& row : kPartitionerClasses) {
    if (row.partitioner == partitioner) return row.name;
  }
  return "built-in";
}

}  // namespace linger::core
