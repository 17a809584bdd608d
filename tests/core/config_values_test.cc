#include "core/config_values.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linger::core::config_values_test {
namespace {

std::variant<ConfigValue, ConfigError> parsed(std::string_view key, std::string_view text) {
  return parse_config_value(*find_config_key(key), text);
}

// Null if it is refused.
ConfigValue value(std::string_view key, std::string_view text) {
  const auto result = parsed(key, text);
  return std::holds_alternative<ConfigValue>(result) ? std::get<ConfigValue>(result)
                                                     : ConfigValue{};
}

std::optional<std::int64_t> number(std::string_view key, std::string_view text) {
  const auto result = parsed(key, text);
  if (!std::holds_alternative<ConfigValue>(result)) return std::nullopt;
  return std::get<std::int64_t>(std::get<ConfigValue>(result));
}

std::string fault(std::string_view key, std::string_view text) {
  const auto result = parsed(key, text);
  return std::holds_alternative<ConfigError>(result) ? std::get<ConfigError>(result).message : "";
}

TEST(ConfigValues, NumbersAreReadAsJavaReadsThem) {
  EXPECT_EQ(number("batch.size", "16384"), 16'384);
  EXPECT_EQ(number("batch.size", " 5\n"), 5);
  EXPECT_EQ(number("batch.size", "+5"), 5);
  EXPECT_EQ(number("batch.size", "005"), 5);
  EXPECT_EQ(number("connections.max.idle.ms", "-1"), -1);
}

TEST(ConfigValues, WhatIsNoNumberIsRefusedWithItsType) {
  EXPECT_EQ(fault("batch.size", "big"),
            "Invalid value big for configuration batch.size: Not a number of type INT");
  EXPECT_EQ(fault("linger.ms", ""),
            "Invalid value  for configuration linger.ms: Not a number of type LONG");
  EXPECT_EQ(number("linger.ms", "5.5"), std::nullopt);
  EXPECT_EQ(number("linger.ms", "+-5"), std::nullopt);
  EXPECT_EQ(number("linger.ms", "0x10"), std::nullopt);
}

TEST(ConfigValues, ANumberMustFitItsType) {
  EXPECT_EQ(number("delivery.timeout.ms", "2147483647"), 2'147'483'647);
  EXPECT_EQ(fault("delivery.timeout.ms", "2147483648"),
            "Invalid value 2147483648 for configuration delivery.timeout.ms: Not a number of type "
            "INT");
  EXPECT_EQ(number("linger.ms", "9223372036854775807"), 9'223'372'036'854'775'807);
  EXPECT_EQ(number("linger.ms", "9223372036854775808"), std::nullopt);
}

TEST(ConfigValues, ANumberMustLieInItsRange) {
  EXPECT_EQ(number("linger.ms", "0"), 0);
  EXPECT_EQ(fault("linger.ms", "-1"),
            "Invalid value -1 for configuration linger.ms: Value must be at least 0");
  EXPECT_EQ(number("metadata.max.idle.ms", "5000"), 5'000);
  EXPECT_EQ(fault("metadata.max.idle.ms", "4999"),
            "Invalid value 4999 for configuration metadata.max.idle.ms: Value must be at least "
            "5000");
  EXPECT_EQ(number("send.buffer.bytes", "-1"), -1);
  EXPECT_EQ(number("send.buffer.bytes", "-2"), std::nullopt);
  EXPECT_EQ(number("max.in.flight.requests.per.connection", "1"), 1);
  EXPECT_EQ(number("max.in.flight.requests.per.connection", "0"), std::nullopt);
  EXPECT_EQ(fault("compression.lz4.level", "18"),
            "Invalid value 18 for configuration compression.lz4.level: Value must be no more than "
            "17");
}

TEST(ConfigValues, GzipHasOneLevelBesideItsRange) {
  EXPECT_EQ(number("compression.gzip.level", "-1"), -1);
  EXPECT_EQ(number("compression.gzip.level", "9"), 9);
  EXPECT_EQ(fault("compression.gzip.level", "0"),
            "Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and "
            "9 or equal to -1");
}

TEST(ConfigValues, DurationsMayCarryAUnit) {
  EXPECT_EQ(number("linger.ms", "5ms"), 5);
  EXPECT_EQ(number("linger.ms", "2s"), 2'000);
  EXPECT_EQ(number("linger.ms", "1 m"), 60'000);
  EXPECT_EQ(number("linger.ms", "1h"), 3'600'000);
  EXPECT_EQ(number("linger.ms", "5KiB"), std::nullopt);
  EXPECT_EQ(number("linger.ms", "5MS"), std::nullopt);
}

TEST(ConfigValues, SizesMayCarryAUnit) {
  EXPECT_EQ(number("batch.size", "16KiB"), 16'384);
  EXPECT_EQ(number("batch.size", "16kB"), 16'000);
  EXPECT_EQ(number("batch.size", "16KB"), 16'000);
  EXPECT_EQ(number("max.request.size", "1MB"), 1'000'000);
  EXPECT_EQ(number("buffer.memory", "32MiB"), 33'554'432);
  EXPECT_EQ(number("buffer.memory", "4GiB"), 4'294'967'296);
  EXPECT_EQ(number("batch.size", "512B"), 512);
  EXPECT_EQ(number("batch.size", "5ms"), std::nullopt);
}

TEST(ConfigValues, ACountTakesNoUnit) {
  EXPECT_EQ(number("retries", "5s"), std::nullopt);
}

TEST(ConfigValues, AUnitMayNotLeadBeyondTheType) {
  EXPECT_EQ(number("delivery.timeout.ms", "596h"), 2'145'600'000);
  EXPECT_EQ(number("delivery.timeout.ms", "597h"), std::nullopt);
  EXPECT_EQ(number("linger.ms", "9223372036854775807s"), std::nullopt);
  EXPECT_EQ(number("connections.max.idle.ms", "-9223372036854775807s"), std::nullopt);
}

TEST(ConfigValues, ARefusedNumberSaysHowItCouldBeWritten) {
  EXPECT_EQ(std::get<ConfigError>(parsed("linger.ms", "soon")).fix,
            "whole milliseconds, or with a unit: 5, 5ms, 2s, 1m, 1h");
  EXPECT_EQ(std::get<ConfigError>(parsed("batch.size", "big")).fix,
            "whole bytes, or with a unit: 16384, 16KiB, 1MB");
  EXPECT_EQ(std::get<ConfigError>(parsed("linger.ms", "-1")).fix, "a value in [0,...]");
}

TEST(ConfigValues, ABooleanIsTrueOrFalseInAnyCase) {
  EXPECT_EQ(value("enable.idempotence", " True "), (ConfigValue{true}));
  EXPECT_EQ(value("enable.idempotence", "FALSE"), (ConfigValue{false}));
  EXPECT_EQ(fault("enable.idempotence", "yes"),
            "Invalid value yes for configuration enable.idempotence: Expected value to be either "
            "true or false");
}

TEST(ConfigValues, AcksIsCaseSensitiveInEveryEra) {
  EXPECT_EQ(value("acks", " all "), (ConfigValue{std::string{"all"}}));
  EXPECT_EQ(value("acks", "-1"), (ConfigValue{std::string{"-1"}}));
  EXPECT_EQ(fault("acks", "ALL"),
            "Invalid value ALL for configuration acks: String must be one of: all, -1, 0, 1");
  EXPECT_NE(fault("acks", "2"), "");
}

TEST(ConfigValues, SomeNamesMayBeWrittenInAnyCase) {
  EXPECT_EQ(value("metadata.recovery.strategy", "Rebootstrap"),
            (ConfigValue{std::string{"Rebootstrap"}}));
  EXPECT_EQ(fault("security.protocol", "TLS"),
            "Invalid value TLS for configuration security.protocol: String must be one of (case "
            "insensitive): SASL_SSL, PLAINTEXT, SSL, SASL_PLAINTEXT");
}

TEST(ConfigValues, ATransactionalIdMustNotBeEmpty) {
  EXPECT_EQ(fault("transactional.id", " "),
            "Invalid value  for configuration transactional.id: String must be non-empty");
}

TEST(ConfigValues, AListIsSplitAtCommasAndTrimmed) {
  using List = std::vector<std::string>;
  EXPECT_EQ(value("bootstrap.servers", " a:1 , b:2 "), (ConfigValue{List{"a:1", "b:2"}}));
  EXPECT_EQ(value("bootstrap.servers", "a:1,,"), (ConfigValue{List{"a:1", "", ""}}));
  EXPECT_EQ(value("bootstrap.servers", " "), (ConfigValue{List{}}));
}

}  // namespace
}  // namespace linger::core::config_values_test
