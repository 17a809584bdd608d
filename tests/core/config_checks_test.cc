#include "core/config_checks.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace linger::core::config_checks_test {
namespace {

constexpr std::int32_t kMaxInt = std::numeric_limits<std::int32_t>::max();

using Texts = std::vector<std::string>;

ResolvedConfig resolved(const GivenSettings& given, Era era) {
  const auto result = resolve(given, era);
  if (const auto* errors = std::get_if<std::vector<ConfigError>>(&result)) {
    ADD_FAILURE() << text(errors->front());
    return {};
  }
  return std::get<ResolvedConfig>(result);
}

std::vector<ConfigError> errors(const GivenSettings& given, Era era) {
  const auto result = resolve(given, era);
  const auto* found = std::get_if<std::vector<ConfigError>>(&result);
  return found == nullptr ? std::vector<ConfigError>{} : *found;
}

Texts messages(const GivenSettings& given, Era era) {
  Texts texts;
  for (const ConfigError& error : errors(given, era)) texts.push_back(error.message);
  return texts;
}

Texts warnings(const GivenSettings& given, Era era) {
  Texts texts;
  for (const ConfigWarning& warning : resolved(given, era).warnings) texts.push_back(warning.text);
  return texts;
}

TEST(ConfigChecks, AReconnectBackoffAloneIsConstant) {
  const GivenSettings given{{"reconnect.backoff.ms", "200"}};
  EXPECT_EQ(resolved(given, Era::V2_8).config.reconnect_backoff_max, 200ms);
  EXPECT_EQ(resolved(given, Era::V2_8).warnings.at(0).level, LogLevel::Debug);
  EXPECT_EQ(resolved(given, Era::V3_9).config.reconnect_backoff_max, 200ms);
  EXPECT_EQ(resolved(given, Era::V3_9).warnings.at(0).level, LogLevel::Warn);
}

TEST(ConfigChecks, AReconnectBackoffWithItsMaximumGrows) {
  const GivenSettings given{{"reconnect.backoff.ms", "200"}, {"reconnect.backoff.max.ms", "800"}};
  EXPECT_EQ(resolved(given, Era::V3_9).config.reconnect_backoff_max, 800ms);
  EXPECT_EQ(warnings(given, Era::V3_9), Texts{});
}

TEST(ConfigChecks, ARetryBackoffAboveItsMaximumIsWarnedOfIn39) {
  const GivenSettings given{{"retry.backoff.ms", "5000"}};
  EXPECT_EQ(warnings(given, Era::V2_8), Texts{});
  EXPECT_EQ(warnings(given, Era::V3_9),
            (Texts{"Configuration 'retry.backoff.ms' with value '5000' is greater than "
                   "configuration 'retry.backoff.max.ms' with value '1000'. A static backoff with "
                   "value '1000' will be applied."}));
  EXPECT_EQ(warnings({{"retry.backoff.ms", "1000"}}, Era::V3_9), Texts{});
}

TEST(ConfigChecks, ASetupTimeoutAboveItsMaximumIsWarnedOfIn39) {
  EXPECT_EQ(warnings({{"socket.connection.setup.timeout.ms", "30001"}}, Era::V3_9),
            (Texts{"Configuration 'socket.connection.setup.timeout.ms' with value '30001' is "
                   "greater than configuration 'socket.connection.setup.timeout.max.ms' with value "
                   "'30000'. A static connection setup timeout with value '30000' will be "
                   "applied."}));
}

TEST(ConfigChecks, LingerIsCappedToAnIntSinceKip91) {
  const GivenSettings given{{"linger.ms", "9223372036854775807"}};
  EXPECT_EQ(resolved(given, Era::V0_10_2).config.linger, kForever);
  EXPECT_EQ(resolved(given, Era::V2_8).config.linger, Milliseconds{kMaxInt});
  EXPECT_EQ(resolved(given, Era::V2_8).config.delivery_timeout, Milliseconds{kMaxInt});
}

TEST(ConfigChecks, TheDeliveryTimeoutNeedNotExceedTheLargestInt) {
  const GivenSettings given{{"linger.ms", "2147483647"}, {"delivery.timeout.ms", "2147483647"}};
  EXPECT_EQ(resolved(given, Era::V3_9).config.delivery_timeout, Milliseconds{kMaxInt});
}

TEST(ConfigChecks, BlockOnBufferFullWaitsForeverIn010) {
  const ProducerConfig config =
      resolved({{"block.on.buffer.full", "true"}, {"max.block.ms", "5"}}, Era::V0_10_2).config;
  EXPECT_EQ(config.max_block, kForever);
}

TEST(ConfigChecks, BlockOnBufferFullOffFallsBackToTheMetadataTimeoutAndThenToMaxBlock) {
  EXPECT_EQ(resolved({{"block.on.buffer.full", "false"}, {"metadata.fetch.timeout.ms", "7"}},
                     Era::V0_10_2)
                .config.max_block,
            7ms);
  EXPECT_EQ(resolved({{"block.on.buffer.full", "false"}, {"max.block.ms", "5"}}, Era::V0_10_2)
                .config.max_block,
            5ms);
}

TEST(ConfigChecks, TheMetadataTimeoutOf010OverridesMaxBlock) {
  const GivenSettings given{{"metadata.fetch.timeout.ms", "7"}, {"max.block.ms", "5"}};
  EXPECT_EQ(resolved(given, Era::V0_10_2).config.max_block, 7ms);
  EXPECT_EQ(warnings(given, Era::V0_10_2),
            (Texts{"metadata.fetch.timeout.ms config is deprecated and will be removed soon. "
                   "Please use max.block.ms"}));
}

TEST(ConfigChecks, TimeoutMsOf010OverridesTheRequestTimeout) {
  const GivenSettings given{{"timeout.ms", "7"}, {"request.timeout.ms", "5"}};
  EXPECT_EQ(resolved(given, Era::V0_10_2).config.request_timeout, 7ms);
}

TEST(ConfigChecks, APartitionerGoesByItsFullOrItsLastName) {
  for (const std::string name :
       {"org.apache.kafka.clients.producer.RoundRobinPartitioner", "RoundRobinPartitioner"}) {
    EXPECT_EQ(resolved({{"partitioner.class", name}}, Era::V2_8).config.partitioner_class,
              Partitioner::RoundRobin);
  }
}

TEST(ConfigChecks, WithoutAPartitionerEachEraHasItsOwn) {
  EXPECT_EQ(resolved({}, Era::V0_10_2).config.partitioner_class, Partitioner::Default);
  EXPECT_EQ(resolved({}, Era::V2_8).config.partitioner_class, Partitioner::Default);
  EXPECT_EQ(resolved({}, Era::V3_9).config.partitioner_class, Partitioner::BuiltIn);
}

TEST(ConfigChecks, AClassThatIsNotThereIsRefused) {
  EXPECT_EQ(messages({{"partitioner.class", "org.acme.Mine"}}, Era::V3_9),
            (Texts{"Invalid value org.acme.Mine for configuration partitioner.class: Class "
                   "org.acme.Mine could not be found."}));
  EXPECT_EQ(errors({{"partitioner.class", "RoundRobinPartitioner"}}, Era::V0_10_2).at(0).fix,
            "one of DefaultPartitioner");
}

TEST(ConfigChecks, AClassOfItsOwnSwitchesAdaptivePartitioningOff) {
  EXPECT_TRUE(resolved({}, Era::V3_9).config.partitioner_adaptive_partitioning_enable);
  EXPECT_FALSE(resolved({{"partitioner.class", "RoundRobinPartitioner"}}, Era::V3_9)
                   .config.partitioner_adaptive_partitioning_enable);
  EXPECT_EQ(warnings({{"partitioner.class", "DefaultPartitioner"}}, Era::V3_9).size(), 1u);
  EXPECT_EQ(warnings({{"partitioner.class", "DefaultPartitioner"}}, Era::V2_8).size(), 0u);
}

TEST(ConfigChecks, AnUnknownCodecIsRefusedByTheConstructorBefore39) {
  const ConfigError in_28 = errors({{"compression.type", "brotli"}}, Era::V2_8).at(0);
  EXPECT_EQ(text(in_28),
            "KafkaException: Failed to construct kafka producer, caused by "
            "IllegalArgumentException: Unknown compression name: brotli (right would be: one of "
            "none, gzip, snappy, lz4, zstd)");
  const ConfigError in_39 = errors({{"compression.type", "brotli"}}, Era::V3_9).at(0);
  EXPECT_EQ(in_39.raised, Raised::Raw);
  EXPECT_EQ(in_39.message,
            "Invalid value brotli for configuration compression.type: String must be one of: none, "
            "gzip, snappy, lz4, zstd");
}

TEST(ConfigChecks, ZstdIsYoungerThan010) {
  EXPECT_EQ(messages({{"compression.type", "zstd"}}, Era::V0_10_2),
            (Texts{"Unknown compression name: zstd"}));
  EXPECT_EQ(resolved({{"compression.type", "zstd"}}, Era::V2_8).config.compression_type,
            CompressionType::Zstd);
}

TEST(ConfigChecks, ACodecIsNamedInLowerCase) {
  EXPECT_EQ(messages({{"compression.type", "GZIP"}}, Era::V2_8),
            (Texts{"Unknown compression name: GZIP"}));
  EXPECT_EQ(messages({{"compression.type", ""}}, Era::V2_8), (Texts{"Unknown compression name: "}));
}

TEST(ConfigChecks, ASecurityProtocolIsNamedInAnyCase) {
  for (const Era era : kAllEras) {
    EXPECT_EQ(resolved({{"security.protocol", "sasl_ssl"}}, era).config.security_protocol,
              SecurityProtocol::SaslSsl);
    EXPECT_EQ(errors({{"security.protocol", "TLS"}}, era).size(), 1u);
  }
  EXPECT_EQ(messages({{"security.protocol", "tls"}}, Era::V2_8),
            (Texts{"No enum constant "
                   "org.apache.kafka.common.security.auth.SecurityProtocol.TLS"}));
}

TEST(ConfigChecks, BootstrapServersAreHostsWithPorts) {
  const GivenSettings given{
      {"bootstrap.servers", "b1:9092, [::1]:9093,PLAINTEXT://b-2.example.org:65535,"}};
  EXPECT_EQ(resolved(given, Era::V3_9).config.bootstrap_servers,
            (Texts{"b1:9092", "[::1]:9093", "PLAINTEXT://b-2.example.org:65535"}));
}

TEST(ConfigChecks, AnAddressWithoutAPortIsRefusedByTheConstructor) {
  const ConfigError error = errors({{"bootstrap.servers", "b1"}}, Era::V3_9).at(0);
  EXPECT_EQ(error.message, "Invalid url in bootstrap.servers: b1");
  EXPECT_EQ(error.raised, Raised::Wrapped);
  EXPECT_EQ(messages({{"bootstrap.servers", "b1:"}}, Era::V3_9),
            (Texts{"Invalid url in bootstrap.servers: b1:"}));
  EXPECT_EQ(messages({{"bootstrap.servers", "b 1:9092"}}, Era::V3_9),
            (Texts{"Invalid url in bootstrap.servers: b 1:9092"}));
}

TEST(ConfigChecks, APortIsBelow65536) {
  EXPECT_EQ(messages({{"bootstrap.servers", "b1:65536"}}, Era::V3_9),
            (Texts{"Invalid port in bootstrap.servers: b1:65536"}));
}

TEST(ConfigChecks, AnEmptyListOfServersIsRefused) {
  EXPECT_EQ(messages({{"bootstrap.servers", " , "}}, Era::V2_8),
            (Texts{"No resolvable bootstrap urls given in bootstrap.servers"}));
}

TEST(ConfigChecks, TheOldDnsLookupIsDeprecatedIn28AndGoneIn39) {
  const GivenSettings given{{"client.dns.lookup", "default"}};
  EXPECT_EQ(warnings(given, Era::V2_8).size(), 1u);
  EXPECT_EQ(messages(given, Era::V3_9),
            (Texts{"Invalid value default for configuration client.dns.lookup: String must be one "
                   "of: use_all_dns_ips, resolve_canonical_bootstrap_servers_only"}));
}

TEST(ConfigChecks, RebootstrapIsChosenInAnyCase) {
  EXPECT_EQ(resolved({{"metadata.recovery.strategy", "REBOOTSTRAP"}}, Era::V3_9)
                .config.metadata_recovery_strategy,
            MetadataRecoveryStrategy::Rebootstrap);
  EXPECT_EQ(resolved({}, Era::V3_9).config.metadata_recovery_strategy,
            MetadataRecoveryStrategy::None);
  EXPECT_EQ(errors({{"metadata.recovery.strategy", "abc"}}, Era::V3_9).size(), 1u);
}

}  // namespace
}  // namespace linger::core::config_checks_test
