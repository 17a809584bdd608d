#include "core/config_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/config_values.h"

namespace linger::core::config_table_test {
namespace {

using Defaults = std::array<std::optional<std::string>, 3>;

Defaults defaults_of(std::string_view key) {
  for (const ConfigHistory& row : config_history()) {
    if (row.key == key) return row.defaults;
  }
  return {};
}

std::optional<std::string_view> nearest(std::string_view key) {
  return nearest_config_key(key, Era::V3_9, rules_of(Era::V3_9));
}

TEST(ConfigTable, DefaultsChangedFromEraToEra) {
  EXPECT_EQ(defaults_of("acks"), (Defaults{"1", "1", "all"}));
  EXPECT_EQ(defaults_of("retries"), (Defaults{"0", "2147483647", "2147483647"}));
  EXPECT_EQ(defaults_of("linger.ms"), (Defaults{"0", "0", "0"}));
  EXPECT_EQ(defaults_of("enable.idempotence"), (Defaults{std::nullopt, "false", "true"}));
  EXPECT_EQ(defaults_of("delivery.timeout.ms"), (Defaults{std::nullopt, "120000", "120000"}));
  EXPECT_EQ(defaults_of("retry.backoff.max.ms"), (Defaults{std::nullopt, std::nullopt, "1000"}));
  EXPECT_EQ(defaults_of("block.on.buffer.full"), (Defaults{"false", std::nullopt, std::nullopt}));
  EXPECT_EQ(defaults_of("metadata.recovery.strategy"),
            (Defaults{std::nullopt, std::nullopt, "none"}));
  EXPECT_EQ(defaults_of("bootstrap.servers"), (Defaults{"(required)", "", ""}));
  EXPECT_EQ(defaults_of("transactional.id"), (Defaults{std::nullopt, "null", "null"}));
}

TEST(ConfigTable, TheDefaultPartitionerIsNoClassSinceKip794) {
  const Defaults defaults = defaults_of("partitioner.class");
  EXPECT_EQ(defaults[1], "org.apache.kafka.clients.producer.internals.DefaultPartitioner");
  EXPECT_EQ(defaults[2], "null");
}

TEST(ConfigTable, ARuleBringsItsKeysAndDefaults) {
  const RuleSet rules = rules_of(Era::V2_8).with(Rule::Kip1030LingerDefault);
  EXPECT_EQ(default_value(*find_config_key("linger.ms", Era::V2_8, rules), rules), "5");
  EXPECT_EQ(find_config_key("retry.backoff.max.ms", Era::V2_8, rules), nullptr);
  EXPECT_NE(find_config_key("retry.backoff.max.ms", Era::V2_8,
                            rules.with(Rule::Kip580ExponentialRetryBackoff)),
            nullptr);
}

TEST(ConfigTable, AKeyThatIsGoneIsStillFoundWithoutAnEra) {
  EXPECT_EQ(find_config_key("timeout.ms", Era::V2_8, rules_of(Era::V2_8)), nullptr);
  ASSERT_NE(find_config_key("timeout.ms"), nullptr);
  EXPECT_EQ(find_config_key("timeout.ms")->until, Era::V0_10_2);
  EXPECT_EQ(find_config_key("no.such.key"), nullptr);
}

TEST(ConfigTable, AKeyIsListedOnceInTheHistory) {
  std::vector<std::string_view> keys;
  for (const ConfigHistory& row : config_history()) keys.push_back(row.key);
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
  EXPECT_EQ(keys.size(), 51u);
}

TEST(ConfigTable, HasAsManyKeysAsEachClientDefines) {
  const auto count = [](Era era) {
    return std::count_if(config_table().begin(), config_table().end(), [&](const ConfigKey& row) {
      return is_available(row, era, rules_of(era));
    });
  };
  EXPECT_EQ(count(Era::V0_10_2), 29);
  EXPECT_EQ(count(Era::V2_8), 38);
  EXPECT_EQ(count(Era::V3_9), 47);
}

TEST(ConfigTable, AnEraHasOneRowForEachOfItsKeys) {
  for (const Era era : kAllEras) {
    for (const ConfigKey& row : config_table()) {
      if (!is_available(row, era, rules_of(era))) continue;
      EXPECT_EQ(find_config_key(row.key, era, rules_of(era)), &row) << row.key;
    }
  }
}

TEST(ConfigTable, EveryDefaultIsInItsRange) {
  for (const Era era : kAllEras) {
    for (const ConfigKey& row : config_table()) {
      const auto text = default_value(row, rules_of(era));
      if (!text.has_value()) continue;
      EXPECT_TRUE(std::holds_alternative<ConfigValue>(parse_config_value(row, *text))) << row.key;
    }
  }
}

TEST(ConfigTable, RangesReadAsInKafkasDocumentation) {
  EXPECT_EQ(range(*find_config_key("linger.ms")), "[0,...]");
  EXPECT_EQ(range(*find_config_key("retries")), "[0,...,2147483647]");
  EXPECT_EQ(range(*find_config_key("acks")), "[all, -1, 0, 1]");
  EXPECT_EQ(range(*find_config_key("compression.gzip.level")), "[1,...,9] or -1");
  EXPECT_EQ(range(*find_config_key("transactional.id")), "non-empty string");
  EXPECT_EQ(range(*find_config_key("connections.max.idle.ms")), "");
}

TEST(ConfigTable, AcksMattersLessSinceItsDefaultIsAll) {
  const ConfigKey& acks = *find_config_key("acks");
  EXPECT_EQ(importance(acks, rules_of(Era::V2_8)), Importance::High);
  EXPECT_EQ(importance(acks, rules_of(Era::V3_9)), Importance::Low);
}

TEST(ConfigTable, AMisspelledKeyHasANearestOne) {
  EXPECT_EQ(nearest("liner.ms"), "linger.ms");
  EXPECT_EQ(nearest("linger_ms"), "linger.ms");
  EXPECT_EQ(nearest("linger"), "linger.ms");
  EXPECT_EQ(nearest("Batch.Size"), "batch.size");
  EXPECT_EQ(nearest("max.in.flight.requests"), "max.in.flight.requests.per.connection");
  EXPECT_EQ(nearest("ack"), "acks");
}

TEST(ConfigTable, NothingIsNearToNonsense) {
  EXPECT_EQ(nearest("zzzzzzzzzz"), std::nullopt);
  EXPECT_EQ(nearest("group.protocol.assignor.kind"), std::nullopt);
}

}  // namespace
}  // namespace linger::core::config_table_test
