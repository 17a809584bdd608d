#include "core/producer_config.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace linger::core::producer_config_test {
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

Texts errors(const GivenSettings& given, Era era) {
  const auto result = resolve(given, era);
  Texts messages;
  if (const auto* found = std::get_if<std::vector<ConfigError>>(&result)) {
    for (const ConfigError& error : *found) messages.push_back(text(error));
  }
  return messages;
}

Texts warnings(const ResolvedConfig& config) {
  Texts texts;
  for (const ConfigWarning& warning : config.warnings) texts.push_back(warning.text);
  return texts;
}

// The settings most worth comparing: what a producer promises by them.
struct Promise {
  Acks acks;
  std::int32_t retries;
  bool is_idempotent;
  friend bool operator==(const Promise&, const Promise&) = default;
};

Promise promise(const GivenSettings& given, Era era) {
  const ProducerConfig config = resolved(given, era).config;
  return {config.acks, config.retries, config.enable_idempotence};
}

constexpr Promise kWeak010{Acks::Leader, 0, false};
constexpr Promise kRetriesForLong{Acks::Leader, kMaxInt, false};
constexpr Promise kStrong{Acks::All, kMaxInt, true};

TEST(ProducerConfig, WithoutSettingsEachEraPromisesMore) {
  EXPECT_EQ(promise({}, Era::V0_10_2), kWeak010);
  EXPECT_EQ(promise({}, Era::V2_8), kRetriesForLong);
  EXPECT_EQ(promise({}, Era::V3_9), kStrong);
}

TEST(ProducerConfig, AcksOneSwitchesIdempotenceOffIn39ByALogLineOnly) {
  EXPECT_EQ(promise({{"acks", "1"}}, Era::V2_8), kRetriesForLong);
  const ResolvedConfig in_39 = resolved({{"acks", "1"}}, Era::V3_9);
  EXPECT_FALSE(in_39.config.enable_idempotence);
  EXPECT_EQ(in_39.warnings,
            (std::vector<ConfigWarning>{
                {LogLevel::Info,
                 "Idempotence will be disabled because acks is set to 1, not set to 'all'."}}));
}

TEST(ProducerConfig, AcksOneWithIdempotenceWrittenDownIsRefused) {
  const GivenSettings given{{"acks", "1"}, {"enable.idempotence", "true"}};
  const Texts refusal{
      "ConfigException: Must set acks to all in order to use the idempotent producer. Otherwise we "
      "cannot guarantee idempotence. (right would be: acks=all, or enable.idempotence=false)"};
  EXPECT_EQ(errors(given, Era::V2_8), refusal);
  EXPECT_EQ(errors(given, Era::V3_9), refusal);
}

TEST(ProducerConfig, AcksOneWithTransactionsIsRefusedForAnotherReasonInEachEra) {
  const GivenSettings given{{"acks", "1"}, {"transactional.id", "x"}};
  ASSERT_EQ(errors(given, Era::V2_8).size(), 1u);
  EXPECT_TRUE(errors(given, Era::V2_8)[0].starts_with("ConfigException: Must set acks to all"));
  ASSERT_EQ(errors(given, Era::V3_9).size(), 1u);
  EXPECT_TRUE(errors(given, Era::V3_9)[0].starts_with(
      "ConfigException: Cannot set a transactional.id without also enabling idempotence."));
}

TEST(ProducerConfig, RetriesZeroSwitchesIdempotenceOffIn39) {
  EXPECT_EQ(promise({{"retries", "0"}}, Era::V2_8), (Promise{Acks::Leader, 0, false}));
  EXPECT_EQ(promise({{"retries", "0"}}, Era::V3_9), (Promise{Acks::All, 0, false}));
  EXPECT_EQ(promise({{"retries", "1"}}, Era::V3_9), (Promise{Acks::All, 1, true}));
}

TEST(ProducerConfig, SixRequestsInFlightSwitchIdempotenceOffIn39WithAWarning) {
  const GivenSettings six{{"max.in.flight.requests.per.connection", "6"}};
  EXPECT_EQ(promise(six, Era::V0_10_2), kWeak010);
  EXPECT_EQ(promise(six, Era::V2_8), kRetriesForLong);
  const ResolvedConfig in_39 = resolved(six, Era::V3_9);
  EXPECT_FALSE(in_39.config.enable_idempotence);
  EXPECT_EQ(in_39.warnings,
            (std::vector<ConfigWarning>{
                {LogLevel::Warn,
                 "Idempotence will be disabled because max.in.flight.requests.per.connection is "
                 "set to 6, which is greater than 5. Please note that in v4.0.0 and onward, this "
                 "will become an error."}}));
  EXPECT_EQ(promise({{"max.in.flight.requests.per.connection", "5"}}, Era::V3_9), kStrong);
}

TEST(ProducerConfig, ALongLingerRaisesTheDefaultDeliveryTimeout) {
  const GivenSettings given{{"linger.ms", "100000"}};
  EXPECT_EQ(resolved(given, Era::V0_10_2).config.linger, 100s);
  for (const Era era : {Era::V2_8, Era::V3_9}) {
    const ResolvedConfig config = resolved(given, era);
    EXPECT_EQ(config.config.delivery_timeout, 130s);
    EXPECT_EQ(warnings(config),
              (Texts{"delivery.timeout.ms should be equal to or larger than linger.ms + "
                     "request.timeout.ms. Setting it to 130000."}));
  }
}

TEST(ProducerConfig, ALongLingerWithAWrittenDeliveryTimeoutIsRefusedByTheConstructor) {
  const GivenSettings given{{"linger.ms", "100000"}, {"delivery.timeout.ms", "120000"}};
  const Texts refusal{
      "KafkaException: Failed to construct kafka producer, caused by ConfigException: "
      "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms (right "
      "would be: at least 130000, or a shorter linger or request timeout)"};
  EXPECT_EQ(errors(given, Era::V2_8), refusal);
  EXPECT_EQ(errors(given, Era::V3_9), refusal);
}

TEST(ProducerConfig, ADeliveryTimeoutEqualToLingerPlusRequestTimeoutPasses) {
  for (const Era era : {Era::V2_8, Era::V3_9}) {
    EXPECT_EQ(resolved({{"delivery.timeout.ms", "30000"}}, era).config.delivery_timeout, 30s);
    EXPECT_EQ(errors({{"delivery.timeout.ms", "29999"}}, era).size(), 1u);
  }
}

TEST(ProducerConfig, ABatchSizeOfZeroIsOneIn39) {
  EXPECT_EQ(resolved({{"batch.size", "0"}}, Era::V0_10_2).config.batch_size, Bytes{0});
  EXPECT_EQ(resolved({{"batch.size", "0"}}, Era::V2_8).config.batch_size, Bytes{0});
  EXPECT_EQ(resolved({{"batch.size", "0"}}, Era::V3_9).config.batch_size, Bytes{1});
}

TEST(ProducerConfig, TransactionsWithoutIdempotenceAreRefused) {
  const GivenSettings given{{"enable.idempotence", "false"}, {"transactional.id", "x"}};
  for (const Era era : {Era::V2_8, Era::V3_9}) {
    ASSERT_EQ(errors(given, era).size(), 1u);
    EXPECT_TRUE(errors(given, era)[0].starts_with(
        "ConfigException: Cannot set a transactional.id without also enabling idempotence."));
  }
}

TEST(ProducerConfig, ValuesComeInKafkasSpellingOrWithUnits) {
  const ProducerConfig config = resolved({{"linger.ms", "5"},
                                          {"request.timeout.ms", "2s"},
                                          {"batch.size", "16KiB"},
                                          {"buffer.memory", "1MB"}},
                                         Era::V3_9)
                                    .config;
  EXPECT_EQ(config.linger, 5ms);
  EXPECT_EQ(config.request_timeout, 2s);
  EXPECT_EQ(config.batch_size, Bytes{16'384});
  EXPECT_EQ(config.buffer_memory, Bytes{1'000'000});
}

TEST(ProducerConfig, TheFieldsOf39AreTheDefaultsOfTheTable) {
  EXPECT_EQ(resolved({}, Era::V3_9).config, ProducerConfig{});
}

TEST(ProducerConfig, WhatAnEraLacksChangesNothing) {
  const ProducerConfig in_010 = resolved({{"reconnect.backoff.ms", "70"}}, Era::V0_10_2).config;
  EXPECT_EQ(in_010.delivery_timeout, kForever);
  EXPECT_EQ(in_010.socket_connection_setup_timeout, kForever);
  EXPECT_EQ(in_010.reconnect_backoff_max, 70ms);
  EXPECT_EQ(in_010.retry_backoff_max, 100ms);
  EXPECT_EQ(in_010.metadata_max_idle, 300s);
  EXPECT_EQ(resolved({}, Era::V2_8).config.retry_backoff_max, 100ms);
}

TEST(ProducerConfig, AllFaultyValuesAreReportedInTheOrderOfTheTable) {
  const GivenSettings given{{"acks", "2"}, {"linger.ms", "-1"}, {"retries", "many"}};
  const Texts messages = errors(given, Era::V3_9);
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_TRUE(
      messages[0].starts_with("ConfigException: Invalid value many for configuration retr"));
  EXPECT_TRUE(messages[1].starts_with("ConfigException: Invalid value 2 for configuration acks"));
  EXPECT_TRUE(
      messages[2].starts_with("ConfigException: Invalid value -1 for configuration linger"));
}

TEST(ProducerConfig, AMisspelledKeyIsAnErrorThatNamesTheNearest) {
  EXPECT_EQ(errors({{"liner.ms", "5"}}, Era::V3_9),
            (Texts{"no client has a setting liner.ms (right would be: linger.ms)"}));
  EXPECT_EQ(errors({{"zzzzzzzzzz", "5"}}, Era::V3_9),
            (Texts{"no client has a setting zzzzzzzzzz"}));
}

TEST(ProducerConfig, AKeyOfAnotherEraIsIgnoredWithALogLineAsInKafka) {
  const ResolvedConfig in_010 = resolved({{"delivery.timeout.ms", "5"}}, Era::V0_10_2);
  EXPECT_EQ(in_010.warnings,
            (std::vector<ConfigWarning>{
                {LogLevel::Warn,
                 "The configuration 'delivery.timeout.ms' was supplied but isn't a known "
                 "config."}}));
  EXPECT_TRUE(in_010.given.empty());
  const ResolvedConfig in_39 =
      resolved({{"timeout.ms", "5"}, {"block.on.buffer.full", "true"}}, Era::V3_9);
  EXPECT_EQ(in_39.warnings,
            (std::vector<ConfigWarning>{
                {LogLevel::Info,
                 "These configurations '[block.on.buffer.full, timeout.ms]' were supplied but are "
                 "not used yet."}}));
  EXPECT_EQ(in_39.config.request_timeout, 30s);
}

TEST(ProducerConfig, ARuleTurnedOffTakesItsKeysAndDefaultsAlong) {
  const RuleSet rules = rules_of(Era::V3_9).without(Rule::Kip580ExponentialRetryBackoff);
  const auto result = resolve({{"retry.backoff.max.ms", "5"}}, Era::V3_9, rules);
  const ResolvedConfig& config = std::get<ResolvedConfig>(result);
  EXPECT_EQ(config.config.retry_backoff_max, 100ms);
  EXPECT_EQ(config.warnings.size(), 1u);
}

TEST(ProducerConfig, ARuleTurnedOnBringsItsDefault) {
  const RuleSet rules = rules_of(Era::V3_9).with(Rule::Kip1030LingerDefault);
  EXPECT_EQ(std::get<ResolvedConfig>(resolve({}, Era::V3_9, rules)).config.linger, 5ms);
}

TEST(ProducerConfig, ARuleTurnedOnOrOffBringsOrTakesTheStrongDefaults) {
  const auto acks = [](Era era, RuleSet rules) {
    return std::get<ResolvedConfig>(resolve({}, era, rules)).config.acks;
  };
  EXPECT_EQ(acks(Era::V2_8, rules_of(Era::V2_8)), Acks::Leader);
  EXPECT_EQ(acks(Era::V2_8, rules_of(Era::V2_8).with(Rule::Kip679StrongestDefaults)), Acks::All);
  const RuleSet without = rules_of(Era::V3_9)
                              .without(Rule::Kafka13598IdempotenceReallyOn)
                              .without(Rule::Kip679StrongestDefaults);
  EXPECT_EQ(acks(Era::V3_9, without), Acks::Leader);
  EXPECT_FALSE(std::get<ResolvedConfig>(resolve({}, Era::V3_9, without)).config.enable_idempotence);
}

TEST(ProducerConfig, GivenMeansWrittenAlsoWithTheDefault) {
  const ResolvedConfig config = resolved({{"acks", "all"}}, Era::V3_9);
  EXPECT_TRUE(config.given.contains("acks"));
  EXPECT_FALSE(config.given.contains("retries"));
}

TEST(ProducerConfig, WhatTheModelDoesNotActOnIsListed) {
  const ResolvedConfig config = resolved({{"metric.reporters", "a.B"},
                                          {"sasl.mechanism", "PLAIN"},
                                          {"ssl.truststore.location", "x"},
                                          {"acks", "all"}},
                                         Era::V3_9);
  EXPECT_EQ(config.without_effect,
            (Texts{"metric.reporters", "sasl.mechanism", "ssl.truststore.location"}));
}

TEST(ProducerConfig, MissingSettingsAreAskedForSeparately) {
  const auto missing = [](Era era) {
    Texts texts;
    for (const ConfigError& error : missing_settings(resolved({}, era))) {
      texts.push_back(error.message);
    }
    return texts;
  };
  EXPECT_EQ(missing(Era::V0_10_2),
            (Texts{"Missing required configuration \"bootstrap.servers\" which has no default "
                   "value.",
                   "Missing required configuration \"key.serializer\" which has no default value.",
                   "Missing required configuration \"value.serializer\" which has no default "
                   "value."}));
  EXPECT_EQ(missing(Era::V3_9),
            (Texts{"No resolvable bootstrap urls given in bootstrap.servers",
                   "Invalid value null for configuration key.serializer: must be non-null.",
                   "Invalid value null for configuration value.serializer: must be non-null."}));
}

TEST(ProducerConfig, NothingIsMissingOnceAllIsGiven) {
  EXPECT_TRUE(missing_settings(resolved({{"bootstrap.servers", "b1:9092"},
                                         {"key.serializer", "a.B"},
                                         {"value.serializer", "a.B"}},
                                        Era::V2_8))
                  .empty());
}

TEST(ProducerConfig, WhatTheModelCannotDoYetIsToldApart) {
  EXPECT_TRUE(unsupported_settings(resolved({{"transactional.id", "x"}}, Era::V3_9)).empty());
  const ResolvedConfig config = resolved({{"security.protocol", "sasl_ssl"}}, Era::V3_9);
  Texts keys;
  for (const ConfigError& error : unsupported_settings(config)) {
    EXPECT_EQ(error.raised, Raised::OnlyHere);
    keys.push_back(error.key);
  }
  EXPECT_EQ(keys, Texts{"security.protocol"});
}

TEST(ProducerConfig, AProducerWithoutAnIdIsNumberedOrNamedAfterItsTransactions) {
  EXPECT_EQ(client_id(resolved({}, Era::V3_9), 2), "producer-2");
  EXPECT_EQ(client_id(resolved({{"transactional.id", "x"}}, Era::V2_8), 2), "producer-x");
  EXPECT_EQ(client_id(resolved({{"client.id", "mine"}}, Era::V0_10_2), 2), "mine");
}

TEST(ProducerConfig, AnEmptyClientIdIsKeptSince28) {
  EXPECT_EQ(client_id(resolved({{"client.id", ""}}, Era::V0_10_2), 2), "producer-2");
  EXPECT_EQ(client_id(resolved({{"client.id", ""}}, Era::V2_8), 2), "");
}

TEST(ProducerConfig, ChoicesAreNamedInKafkasWords) {
  EXPECT_EQ(name(Acks::All), "all");
  EXPECT_EQ(name(Acks::Leader), "1");
  EXPECT_EQ(name(CompressionType::Zstd), "zstd");
  EXPECT_EQ(name(Partitioner::RoundRobin), "RoundRobinPartitioner");
  EXPECT_EQ(name(Partitioner::BuiltIn), "built-in");
}

}  // namespace
}  // namespace linger::core::producer_config_test
