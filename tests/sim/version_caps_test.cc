// What brokers announce, capped, and what a producer of 3.9 does with them then.
#include "sim/version_caps.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "sim/broker_answers.h"
#include "sim/scenario_overrides.h"
#include "sim/scenario_writer.h"
#include "support/scenarios.h"
#include "support/small_world.h"

namespace linger::sim {
namespace {

using core::ApiKey;

using Caps = std::map<ApiKey, std::int16_t>;

ClusterSpec capped(const Caps& caps) {
  ClusterSpec cluster;
  cluster.max_versions = caps;
  return cluster;
}

SmallRun run_with(const Caps& caps, SmallScenario small,
                  const std::vector<ProduceRule>& rules = {}) {
  Scenario scenario = small.build();
  scenario.cluster.max_versions = caps;
  scenario.cluster.produce_rules = rules;
  SmallRun run{std::make_shared<const Scenario>(std::move(scenario))};
  run.run();
  return run;
}

std::vector<std::int16_t> versions_sent(const SmallRun& run, ApiKey api) {
  std::vector<std::int16_t> versions;
  for (const auto& [at, sent] : run.all<core::RequestSent>()) {
    if (sent.api == api) versions.push_back(sent.version);
  }
  return versions;
}

bool logged(const SmallRun& run, const std::string& part) {
  for (const auto& [at, line] : run.all<core::Logged>()) {
    if (line.text.find(part) != std::string::npos) return true;
  }
  return false;
}

// --- What is announced ---

TEST(VersionCaps, BrokersAnnounceNoMoreThanTheCap) {
  const ClusterSpec cluster = capped({{ApiKey::Produce, 8}, {ApiKey::Metadata, 20}});
  EXPECT_EQ(api_versions(cluster)[0], (core::ApiVersion{ApiKey::Produce, 0, 8}));
  EXPECT_EQ(api_versions(cluster)[1], (core::ApiVersion{ApiKey::Metadata, 0, 12}));
  EXPECT_TRUE(is_served(ApiKey::Produce, 8, cluster));
  EXPECT_FALSE(is_served(ApiKey::Produce, 9, cluster));
}

TEST(VersionCaps, NoneIsNotAnnouncedAtAll) {
  const ClusterSpec cluster = capped({{ApiKey::InitProducerId, kNotAnnounced}});
  for (const core::ApiVersion& announced : api_versions(cluster)) {
    EXPECT_NE(announced.api_key, ApiKey::InitProducerId);
  }
  EXPECT_FALSE(is_served(ApiKey::InitProducerId, 0, cluster));
}

// --- How it is written ---

TEST(VersionCaps, StandInAScenarioAndAreWrittenBack) {
  const std::string text =
      "era = \"3.9\"\nseed = 1\n\n[cluster]\n"
      "max_versions = { Produce = 8, InitProducerId = \"none\" }\n\n[[topic]]\nname = \"t\"\n"
      "partitions = 1\n\n[[producer]]\nname = \"producer\"\n\n[[thread]]\nname = \"A\"\nproducer = "
      "\"producer\"\nrun = [\n  { send = \"t\" },\n]\n";
  const Scenario scenario = scenario_of(text);
  EXPECT_EQ(scenario.cluster.max_versions,
            (Caps{{ApiKey::Produce, 8}, {ApiKey::InitProducerId, kNotAnnounced}}));
  const std::string written = scenario_text(scenario);
  EXPECT_NE(written.find("max_versions = { Produce = 8, InitProducerId = \"none\" }"),
            std::string::npos)
      << written;
  EXPECT_EQ(scenario_text(scenario_of(written)), written);
}

std::string errors_of(std::string_view cluster) {
  const auto parsed = parse_scenario("[cluster]\n" + std::string{cluster} +
                                         "\n[[topic]]\nname = \"t\"\n[[thread]]\nrun = [ { send = "
                                         "\"t\" } ]\n",
                                     "test.toml");
  const auto* errors = std::get_if<std::vector<ParseError>>(&parsed);
  return errors == nullptr ? "" : text(*errors);
}

TEST(VersionCaps, MistakesAreToldWithTheFix) {
  EXPECT_EQ(errors_of("max_versions = { Produce = 99 }"),
            "test.toml:2:28: error: '99' is no version of Produce\n"
            "  fix: a number from 0 to 11, or none: brokers do not know the request\n");
  EXPECT_NE(errors_of("max_versions = { Prodce = 8 }").find("did you mean 'max_versions.Produce'?"),
            std::string::npos);
}

std::variant<Overridden, std::vector<ParseError>> with_cap(const std::string& text) {
  return with_overrides(SmallScenario{}.build(), {.max_versions = {"Metadata=8", text}});
}

TEST(VersionCaps, AreTypedAsOverrides) {
  EXPECT_EQ(std::get<Overridden>(with_cap("Produce=8")).scenario.cluster.max_versions,
            (Caps{{ApiKey::Produce, 8}, {ApiKey::Metadata, 8}}));
  EXPECT_EQ(text(std::get<std::vector<ParseError>>(with_cap("Produc=8"))),
            "--max-version Produc=8: error: there is no request 'Produc'\n"
            "  fix: did you mean 'Produce'?\n");
  EXPECT_EQ(text(std::get<std::vector<ParseError>>(with_cap("Produce=x"))),
            "--max-version Produce=x: error: 'x' is no version of Produce\n"
            "  fix: a number from 0 to 11, or none: brokers do not know the request\n");
}

// --- What the producer does ---

TEST(VersionCaps, RequestsLeaveInTheNewestVersionBothKnow) {
  for (const bool warm : {false, true}) {
    const SmallRun run = run_with({{ApiKey::Produce, 8}, {ApiKey::Metadata, 8}},
                                  {.programs = {{send()}}, .warm = warm});
    EXPECT_EQ(versions_sent(run, ApiKey::Produce), (std::vector<std::int16_t>{8}));
    for (const std::int16_t version : versions_sent(run, ApiKey::Metadata)) EXPECT_EQ(version, 8);
    EXPECT_EQ(run.log(0).end_offset(), 1);
  }
}

TEST(VersionCaps, AnOldBrokerIsAskedForItsVersionsAgainInOneItKnows) {
  const SmallRun run =
      run_with({{ApiKey::ApiVersions, 0}}, {.programs = {{send()}}, .warm = false});
  const auto asked = versions_sent(run, ApiKey::ApiVersions);
  ASSERT_GE(asked.size(), 2u);
  EXPECT_EQ(asked[0], 4);
  EXPECT_EQ(asked[1], 0);
  EXPECT_EQ(run.log(0).end_offset(), 1);
}

TEST(VersionCaps, BelowProduce3RecordsTravelAsMessageSets) {
  const SmallRun run = run_with({{ApiKey::Produce, 2}}, {.programs = {{send()}}});
  EXPECT_EQ(versions_sent(run, ApiKey::Produce), (std::vector<std::int16_t>{2}));
  EXPECT_EQ(run.log(0).batch(0).header.magic, core::Magic::V1);
}

TEST(VersionCaps, ProduceIsSmallerOnceItIsFlexible) {
  const auto size = [](std::int16_t version) {
    const SmallRun run = run_with({{ApiKey::Produce, version}}, {.programs = {{send()}}});
    return run.all<core::RequestSent>().at(0).second.bytes;
  };
  EXPECT_GT(size(8), size(9));
}

// Broker 1 takes the lead; broker 0 is asked all the same.
SmallScenario leader_that_moves() {
  return {.settings = {{"retry.backoff.ms", "100"}},
          .brokers = 2,
          .programs = {{SleepAction{10ms}, send()}},
          .faults = {{5ms, ChangeLeader{named(0), NodeId{1}}}}};
}

TEST(VersionCaps, BelowProduce10NobodyHintsAtTheNewLeader) {
  const auto was_hinted = [](const SmallRun& run) {
    for (const auto& [at, learned] : run.all<core::LeaderLearned>()) {
      if (learned.from_hint) return true;
    }
    return false;
  };
  const SmallRun hinted = run_with({}, leader_that_moves());
  const SmallRun unhinted = run_with({{ApiKey::Produce, 9}}, leader_that_moves());
  EXPECT_TRUE(was_hinted(hinted));
  EXPECT_FALSE(was_hinted(unhinted));
  EXPECT_EQ(unhinted.log(0).end_offset(), 1);
}

TEST(VersionCaps, BelowMetadata9LeaderEpochsAreNotTrusted) {
  const auto last_epoch = [](const SmallRun& run) {
    std::int32_t epoch = -2;
    for (const auto& [at, learned] : run.all<core::LeaderLearned>()) epoch = learned.epoch;
    return epoch;
  };
  SmallScenario small = leader_that_moves();
  small.warm = false;
  EXPECT_EQ(last_epoch(run_with({{ApiKey::Produce, 9}}, small)), 1);
  EXPECT_EQ(last_epoch(run_with({{ApiKey::Produce, 9}, {ApiKey::Metadata, 8}}, small)), -1);
}

TEST(VersionCaps, BelowProduce6TheClientDoesNotWaitOutTheThrottleTime) {
  ProduceRule throttling;
  throttling.throttle = core::Milliseconds{50};
  const SmallScenario small{.programs = {{send()}}};
  EXPECT_EQ(run_with({}, small, {throttling}).all<core::NodeThrottled>().size(), 1u);
  EXPECT_TRUE(
      run_with({{ApiKey::Produce, 5}}, small, {throttling}).all<core::NodeThrottled>().empty());
}

// The real client throws where nobody catches: the batch is neither sent nor failed, and expires.
TEST(VersionCaps, BelowProduce7ZstdIsRefusedByTheClientAndTheBatchExpires) {
  const SmallScenario small{.settings = {{"compression.type", "zstd"},
                                         {"request.timeout.ms", "1000"},
                                         {"delivery.timeout.ms", "2000"}},
                            .programs = {{send()}}};
  const SmallRun sent = run_with({{ApiKey::Produce, 7}}, small);
  EXPECT_EQ(sent.world().counts.acknowledged, 1);

  const SmallRun refused = run_with({{ApiKey::Produce, 6}}, small);
  EXPECT_TRUE(versions_sent(refused, ApiKey::Produce).empty());
  EXPECT_TRUE(logged(
      refused, "Produce requests with version 6 are not allowed to use ZStandard compression"));
  EXPECT_EQ(refused.world().counts.failed, 1);
  const auto failed = refused.all<core::RecordCompleted>();
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].first, 2000ms);
  EXPECT_EQ(failed[0].second.error->exception, core::Exception::TimeoutException);
  EXPECT_EQ(refused.producer().accumulator().pool().available(), Bytes{33'554'432});
}

TEST(VersionCaps, WithoutInitProducerIdAnIdempotentProducerFails) {
  const SmallRun run = run_with(
      {{ApiKey::InitProducerId, kNotAnnounced}},
      {.settings = {{"enable.idempotence", "true"}}, .programs = {{send()}}, .warm = false});
  EXPECT_EQ(run.world().counts.failed + run.world().counts.refused, 1);
  EXPECT_EQ(run.log(0).end_offset(), 0);
}

}  // namespace
}  // namespace linger::sim
