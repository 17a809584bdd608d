// What replication promises whatever fails, and what it does not: the same schedules of faults,
// once as careful as they can be, once careless.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "core/random.h"
#include "sim/digest.h"
#include "sim/scenario_writer.h"
#include "support/crashes.h"
#include "support/replicated_world.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

SmallScenario any_schedule(const Choose& choose) {
  SmallScenario scenario = any_crashes(choose);
  scenario.settings["enable.idempotence"] = "true";
  scenario.settings["request.timeout.ms"] = "500";
  scenario.settings["delivery.timeout.ms"] = "60000";
  scenario.settings["retry.backoff.max.ms"] = "100";
  scenario.settings["reconnect.backoff.max.ms"] = "50";
  scenario.end = 8s;
  return scenario;
}

SmallScenario made_careless(SmallScenario scenario) {
  scenario.settings["acks"] = "1";
  scenario.settings["enable.idempotence"] = "false";
  return scenario;
}

// Records that stand twice in the leader's log, both times with the same producer epoch.
std::int64_t duplicates_within_an_epoch(const PartitionLog& log) {
  std::set<std::pair<core::RecordId, std::int16_t>> seen;
  std::int64_t duplicates = 0;
  for (const LoggedRecord& record : log.records()) {
    if (!record.id) continue;
    const std::int16_t epoch = record.batch.header.producer_id_and_epoch.epoch;
    if (!seen.emplace(*record.id, epoch).second) ++duplicates;
  }
  return duplicates;
}

// Below the high watermark every in-sync replica has what the leader has.
bool in_sync_replicas_agree(const Partition& partition) {
  for (const NodeId broker : partition.in_sync_replicas) {
    const PartitionLog& copy = *log_at(partition, broker);
    for (std::size_t i = 0; i < partition.log.batch_count(); ++i) {
      if (partition.log.batch(i).end_offset() > partition.high_watermark()) break;
      if (i >= copy.batch_count()) return false;
      if (!(copy.batch(i).header == partition.log.batch(i).header)) return false;
    }
  }
  return true;
}

RC_GTEST_PROP(ReplicationProperties, ACarefulProducerLosesNothingAndDuplicatesNothing, ()) {
  const SmallScenario scenario = any_schedule(chosen_by_rapidcheck);
  SmallRun run{scenario};
  while (run.step()) {
    RC_ASSERT(in_sync_replicas_agree(partition_of(run)));
  }
  RC_CLASSIFY(!run.all<LeaderElected>().empty(), "elections");
  RC_CLASSIFY(!run.all<LogTruncated>().empty(), "truncations");
  RC_CLASSIFY(!run.all<IsrChanged>().empty(), "the in-sync replicas change");
  RC_CLASSIFY(!run.all<core::BatchRetried>().empty(), "retries");
  RC_CLASSIFY(run.world().counts.acknowledged == run.world().counts.sent, "all acknowledged");
  RC_ASSERT(lost(run) == 0);
  RC_ASSERT(duplicates_within_an_epoch(partition_of(run).log) == 0);
  const auto broken = broken_law(run.world(), laws_of_a_run());
  if (broken) RC_FAIL(*broken);
}

RC_GTEST_PROP(ReplicationProperties, WhatFollowersKnowOfProducersIsWhatTheirLogsTell, ()) {
  SmallRun run{any_schedule(chosen_by_rapidcheck)};
  run.run();
  const Partition& partition = partition_of(run);
  RC_ASSERT(partition.producers.entries() == producers_in(partition.log).entries());
  for (const auto& [broker, replica] : partition.others->followers) {
    RC_ASSERT(replica.producers.entries() == producers_in(replica.log).entries());
    RC_ASSERT(replica.high_watermark <= replica.log.end_offset());
  }
}

// --- Witnesses: the same schedules, careless ---

using Claim = std::function<bool(const SmallRun&)>;

bool holds_in(const SmallScenario& scenario, const Claim& claim) {
  SmallRun run{scenario};
  run.run();
  return claim(run);
}

// Fewer faults, then fewer records, as long as it still is a witness. Who is stopped starts again.
SmallScenario shrunk(SmallScenario scenario, const Claim& claim) {
  for (std::size_t i = scenario.faults.size(); i-- > 0;) {
    const Fault& fault = scenario.faults[i].second;
    if (std::holds_alternative<StartBroker>(fault)) continue;
    const std::ptrdiff_t count = std::holds_alternative<StopBroker>(fault) ? 2 : 1;
    SmallScenario fewer = scenario;
    const auto first = fewer.faults.begin() + static_cast<std::ptrdiff_t>(i);
    fewer.faults.erase(first, first + count);
    if (holds_in(fewer, claim)) scenario = fewer;
  }
  auto& sends = std::get<SendAction>(scenario.programs.at(0).at(0));
  for (std::int64_t less = sends.count / 2; less > 0; less /= 2) {
    while (sends.count > less) {
      sends.count -= less;
      if (holds_in(scenario, claim)) continue;
      sends.count += less;
      break;
    }
  }
  return scenario;
}

std::optional<SmallScenario> witness_of(const Claim& claim) {
  constexpr std::uint64_t kMostSchedules = 200;
  for (std::uint64_t seed = 1; seed <= kMostSchedules; ++seed) {
    core::Random chance{seed, core::RandomStream::Faults, 0};
    const SmallScenario scenario = made_careless(any_schedule(
        [&](int from, int to) { return static_cast<int>(chance.uniform(from, to - 1)); }));
    if (holds_in(scenario, claim)) return shrunk(scenario, claim);
  }
  return std::nullopt;
}

Digests digests_of_run(const SmallRun& run) {
  Digests digests;
  for (const TraceEvent& event : run.trace()) digests.add(event);
  return digests;
}

// The shrunk schedule as a scenario file, read back, is the same run.
void expect_replay(const SmallScenario& scenario, const Claim& claim) {
  const std::string text = scenario_text(scenario.build());
  SmallRun run{scenario};
  run.run();
  SmallRun replay{std::make_shared<const Scenario>(scenario_of(text))};
  replay.run();
  EXPECT_TRUE(claim(replay)) << text;
  EXPECT_EQ(digests_of_run(replay), digests_of_run(run)) << text;
}

TEST(ReplicationProperties, ACarelessProducerLosesWhatWasAcknowledged) {
  const Claim loses = [](const SmallRun& run) { return lost(run) > 0; };
  const auto witness = witness_of(loses);
  ASSERT_TRUE(witness);
  EXPECT_LE(witness->faults.size(), 3u) << "a leader that is gone is enough";
  expect_replay(*witness, loses);
}

TEST(ReplicationProperties, ACarelessProducerAppendsTwice) {
  const Claim duplicates = [](const SmallRun& run) {
    return duplicates_within_an_epoch(partition_of(run).log) > 0;
  };
  const auto witness = witness_of(duplicates);
  ASSERT_TRUE(witness);
  EXPECT_LE(witness->faults.size(), 3u);
  expect_replay(*witness, duplicates);
}

TEST(ReplicationProperties, WithCareTheWitnessesAreNone) {
  const Claim loses = [](const SmallRun& run) { return lost(run) > 0; };
  SmallScenario careful = *witness_of(loses);
  careful.settings["acks"] = "all";
  careful.settings["enable.idempotence"] = "true";
  EXPECT_FALSE(holds_in(careful, loses));
}

}  // namespace
}  // namespace linger::sim
