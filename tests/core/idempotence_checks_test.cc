#include "core/idempotence_checks.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace linger::core::idempotence_checks_test {
namespace {

constexpr std::int32_t kMaxInt = std::numeric_limits<std::int32_t>::max();
const std::string kInFlight = "max.in.flight.requests.per.connection";

using Texts = std::vector<std::string>;
using Resolution = std::variant<ResolvedConfig, std::vector<ConfigError>>;

const ResolvedConfig& accepted(const Resolution& result) {
  return std::get<ResolvedConfig>(result);
}

std::vector<ConfigError> refused(const Resolution& result) {
  return std::get<std::vector<ConfigError>>(result);
}

Texts keys(const std::vector<ConfigError>& errors) {
  Texts texts;
  for (const ConfigError& error : errors) texts.push_back(error.key);
  return texts;
}

Texts warnings(const Resolution& result) {
  Texts texts;
  for (const ConfigWarning& warning : accepted(result).warnings) texts.push_back(warning.text);
  return texts;
}

TEST(IdempotenceIn28, IsOnIfItIsWrittenDown) {
  EXPECT_FALSE(accepted(resolve({}, Era::V2_8)).config.enable_idempotence);
  const Resolution result = resolve({{"enable.idempotence", "true"}}, Era::V2_8);
  EXPECT_TRUE(accepted(result).config.enable_idempotence);
  EXPECT_EQ(accepted(result).config.acks, Acks::All);
  EXPECT_EQ(accepted(result).config.retries, kMaxInt);
  EXPECT_EQ(warnings(result),
            (Texts{"Overriding the default acks to all since idempotence is enabled."}));
}

TEST(IdempotenceIn28, IsOnIfThereAreTransactions) {
  const Resolution result = resolve({{"transactional.id", "x"}}, Era::V2_8);
  EXPECT_TRUE(accepted(result).config.enable_idempotence);
  EXPECT_EQ(accepted(result).config.transactional_id, "x");
  EXPECT_EQ(warnings(result),
            (Texts{"Overriding the default enable.idempotence to true since transactional.id is "
                   "specified.",
                   "Overriding the default acks to all since idempotence is enabled."}));
}

TEST(IdempotenceIn28, AllowsAcksAllAndRetriesThatAreWrittenDown) {
  const Resolution result =
      resolve({{"enable.idempotence", "true"}, {"acks", "-1"}, {"retries", "3"}}, Era::V2_8);
  EXPECT_EQ(accepted(result).config.acks, Acks::All);
  EXPECT_EQ(accepted(result).config.retries, 3);
  EXPECT_EQ(warnings(result), Texts{});
}

TEST(IdempotenceIn28, RefusesRetriesZero) {
  const auto errors =
      refused(resolve({{"enable.idempotence", "true"}, {"retries", "0"}}, Era::V2_8));
  ASSERT_EQ(keys(errors), Texts{"retries"});
  EXPECT_EQ(errors[0].message, "Must set retries to non-zero when using the idempotent producer.");
  EXPECT_EQ(errors[0].raised, Raised::Raw);
}

TEST(IdempotenceIn28, ChecksTheRequestsInFlightInTheConstructor) {
  EXPECT_TRUE(accepted(resolve({{"enable.idempotence", "true"}, {kInFlight, "5"}}, Era::V2_8))
                  .config.enable_idempotence);
  const auto errors =
      refused(resolve({{"enable.idempotence", "true"}, {kInFlight, "6"}}, Era::V2_8));
  ASSERT_EQ(keys(errors), Texts{kInFlight});
  EXPECT_EQ(errors[0].message,
            "Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent "
            "producer.");
  EXPECT_EQ(errors[0].raised, Raised::Wrapped);
}

TEST(IdempotenceIn28, OffIsOff) {
  const Resolution result = resolve({{"enable.idempotence", "false"}, {"acks", "0"}}, Era::V2_8);
  EXPECT_FALSE(accepted(result).config.enable_idempotence);
  EXPECT_EQ(accepted(result).config.acks, Acks::None);
}

TEST(IdempotenceIn39, RefusesEveryConflictIfItIsWrittenDown) {
  const auto errors = refused(
      resolve({{"enable.idempotence", "true"}, {"retries", "0"}, {"acks", "1"}, {kInFlight, "6"}},
              Era::V3_9));
  EXPECT_EQ(keys(errors), (Texts{"retries", "acks", kInFlight}));
  for (const ConfigError& error : errors) EXPECT_EQ(error.raised, Raised::Raw);
}

TEST(IdempotenceIn39, GivesWayToEveryConflictIfItIsNot) {
  const Resolution result = resolve({{"retries", "0"}, {"acks", "0"}, {kInFlight, "6"}}, Era::V3_9);
  EXPECT_FALSE(accepted(result).config.enable_idempotence);
  EXPECT_EQ(accepted(result).config.acks, Acks::None);
  EXPECT_EQ(warnings(result).size(), 3u);
  EXPECT_EQ(warnings(result).at(0), "Idempotence will be disabled because retries is set to 0.");
}

TEST(IdempotenceIn39, TransactionsAreFineWithTheDefaults) {
  EXPECT_TRUE(accepted(resolve({{"transactional.id", "x"}}, Era::V3_9)).config.enable_idempotence);
}

TEST(IdempotenceIn39, TransactionsDoNotOutlastAConflict) {
  EXPECT_EQ(keys(refused(resolve({{"transactional.id", "x"}, {"retries", "0"}}, Era::V3_9))),
            Texts{"transactional.id"});
}

TEST(IdempotenceIn39, OffLeavesWeakSettingsAlone) {
  const Resolution result =
      resolve({{"enable.idempotence", "false"}, {"acks", "1"}, {kInFlight, "6"}}, Era::V3_9);
  EXPECT_EQ(accepted(result).config.acks, Acks::Leader);
  EXPECT_EQ(warnings(result), Texts{});
}

TEST(IdempotenceIn30, IsADefaultThatDoesNothing) {
  const RuleSet rules = rules_of(Era::V2_8).with(Rule::Kip679StrongestDefaults);
  const Resolution result = resolve({}, Era::V2_8, rules);
  EXPECT_EQ(accepted(result).config.acks, Acks::All);
  EXPECT_FALSE(accepted(result).config.enable_idempotence);
  EXPECT_TRUE(accepted(resolve({}, Era::V2_8, rules.with(Rule::Kafka13598IdempotenceReallyOn)))
                  .config.enable_idempotence);
}

TEST(IdempotenceBefore10, HasOneRequestInFlight) {
  const RuleSet rules = rules_of(Era::V2_8).without(Rule::Kafka5494FiveInFlight);
  const Resolution result = resolve({{"enable.idempotence", "true"}}, Era::V2_8, rules);
  EXPECT_EQ(accepted(result).config.max_in_flight_requests_per_connection, 1);
  EXPECT_TRUE(std::holds_alternative<ResolvedConfig>(
      resolve({{"enable.idempotence", "true"}, {kInFlight, "1"}}, Era::V2_8, rules)));
  EXPECT_EQ(
      keys(refused(resolve({{"enable.idempotence", "true"}, {kInFlight, "2"}}, Era::V2_8, rules))),
      Texts{kInFlight});
}

TEST(IdempotenceIn010, DoesNotExist) {
  const Resolution result =
      resolve({{"enable.idempotence", "true"}, {"acks", "0"}, {"retries", "2"}}, Era::V0_10_2);
  EXPECT_FALSE(accepted(result).config.enable_idempotence);
  EXPECT_EQ(accepted(result).config.acks, Acks::None);
  EXPECT_EQ(warnings(result).size(), 1u);
}

}  // namespace
}  // namespace linger::core::idempotence_checks_test
