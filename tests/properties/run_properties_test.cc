// What holds in every run, whatever is sent and whatever goes wrong.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/digest.h"
#include "sim/timeline.h"
#include "support/random_scenario.h"
#include "support/small_world.h"
#include "support/world_state.h"

namespace linger::sim {
namespace {

constexpr std::int64_t kMostSteps = 400'000;

std::int32_t partitions_of(const SmallScenario& scenario) {
  return static_cast<std::int32_t>(scenario.leaders.size());
}

// To the end, under the laws of a step.
SmallRun run_under_laws(const SmallScenario& scenario) {
  SmallRun run{scenario};
  while (run.step()) {
    const auto broken = broken_law(run.world(), laws_of_a_step());
    if (broken) RC_FAIL(*broken + " at " + std::to_string(run.now().count()) + " us");
    RC_ASSERT(run.world().steps < kMostSteps);
  }
  return run;
}

Digests digests_of(const std::vector<TraceEvent>& trace) {
  Digests digests;
  for (const TraceEvent& event : trace) digests.add(event);
  return digests;
}

void classify(const SmallRun& run) {
  RC_CLASSIFY(run.world().counts.failed > 0, "some failed");
  RC_CLASSIFY(run.world().counts.refused > 0, "some were refused");
  RC_CLASSIFY(!run.all<core::BatchRetried>().empty(), "retries");
  RC_CLASSIFY(!run.all<core::BatchSplit>().empty(), "splits");
  RC_CLASSIFY(!run.all<core::BatchExpired>().empty(), "expiry");
  RC_CLASSIFY(!run.all<core::WaiterGathered>().empty(), "waits for memory");
  RC_CLASSIFY(!run.all<core::SequencesReset>().empty(), "epoch bumps");
}

// --- Every run ---

RC_GTEST_PROP(Run, EndsKeepsTheLawsAndGivesEachRecordOneFate, ()) {
  const SmallScenario scenario = *troubled_scenarios();
  const SmallRun run = run_under_laws(scenario);
  classify(run);

  RC_ASSERT(run.world().ended == "idle");
  const auto broken = broken_law(run.world(), laws_of_a_run());
  if (broken) RC_FAIL(*broken);
  for (std::size_t i = 0; i < run.world().records.size(); ++i) {
    const RecordStatus status = run.record(i).status;
    RC_ASSERT(status != RecordStatus::Sending && status != RecordStatus::Pending);
  }
  const RecordCounts& counts = run.world().counts;
  RC_ASSERT(counts.sent == counts.acknowledged + counts.failed + counts.refused);
}

RC_GTEST_PROP(Run, IsAFunctionOfItsScenario, ()) {
  const SmallScenario scenario = *troubled_scenarios();
  SmallRun first{scenario};
  SmallRun second{scenario};
  first.run();
  second.run();
  RC_ASSERT(digests_of(first.trace()) == digests_of(second.trace()));
}

// --- Walking back and forth ---

RC_GTEST_PROP(Run, AtAnyStepTheWorldIsTheSameHoweverItIsReached, ()) {
  const SmallScenario scenario = *troubled_scenarios();
  Timeline timeline{scenario.shared()};
  timeline.run_to_end();
  const Digests whole = digests_of(timeline.trace());
  const auto shares = *rc::gen::container<std::vector<int>>(5, rc::gen::inRange(0, 1'000));
  for (const int share : shares) {
    const std::int64_t step = timeline.frontier() * share / 1'000;
    SmallRun straight{scenario};
    while (straight.world().steps < step) straight.step();

    timeline.seek(step);
    RC_ASSERT(state_of(timeline.world()) == state_of(straight.world()));
    if (timeline.step_back()) timeline.step_forward();
    RC_ASSERT(state_of(timeline.world()) == state_of(straight.world()));
    straight.run();
    RC_ASSERT(digests_of(straight.trace()) == whole);
    Timeline fork = timeline.fork();
    fork.run_to_end();
    RC_ASSERT(digests_of(fork.trace()) == whole);
  }
}

RC_GTEST_PROP(Run, WithAFaultInjectedByHandReplaysFromItsScenario, ()) {
  const SmallScenario scenario = *troubled_scenarios();
  Timeline timeline{scenario.shared()};
  timeline.run_to_end();
  timeline.seek(timeline.frontier() * *rc::gen::inRange(0, 1'000) / 1'000);
  timeline.inject(random_scenario::any_fault(scenario));
  timeline.run_to_end();

  Timeline replay{std::make_shared<const Scenario>(timeline.scenario())};
  replay.run_to_end();
  RC_ASSERT(digests_of(replay.trace()) == digests_of(timeline.trace()));
}

// --- What is acknowledged is in the log ---

RC_GTEST_PROP(Run, WhatIsAcknowledgedWithAnOffsetLiesThere, ()) {
  const SmallScenario scenario = *troubled_scenarios();
  SmallRun run{scenario};
  run.run();
  std::map<std::pair<std::int32_t, std::int64_t>, std::optional<core::RecordId>> at;
  for (std::int32_t partition = 0; partition < partitions_of(scenario); ++partition) {
    for (const LoggedRecord& record : run.log(partition).records()) {
      at[{partition, record.offset}] = record.id;
    }
  }
  for (std::size_t i = 0; i < run.world().records.size(); ++i) {
    const RecordEntry& record = run.record(i);
    if (record.status != RecordStatus::Acknowledged || record.offset < 0) continue;
    const auto there = at.find({record.partition.partition, record.offset});
    RC_ASSERT(there != at.end());
    RC_ASSERT(!there->second || *there->second == core::RecordId{static_cast<std::int64_t>(i)});
  }
}

// --- Idempotence ---

RC_GTEST_PROP(Run, WithIdempotenceNothingIsTwiceInTheLogWithinAnEpoch, ()) {
  SmallScenario scenario = *troubled_scenarios();
  RC_PRE(scenario.settings.at("enable.idempotence") == "true");
  SmallRun run{scenario};
  run.run();
  for (std::int32_t partition = 0; partition < partitions_of(scenario); ++partition) {
    std::set<std::pair<core::ProducerIdAndEpoch, core::RecordId>> seen;
    for (const LoggedRecord& record : run.log(partition).records()) {
      if (!record.id) continue;
      RC_ASSERT(seen.emplace(record.batch.header.producer_id_and_epoch, *record.id).second);
    }
  }
}

// Without failures the log has the records as they were appended, each once. Where a broker forgets
// a producer, or says so, this is not promised: see the lessons on epochs.
RC_GTEST_PROP(Run, WithIdempotenceAndNoFailureTheLogKeepsTheOrderOfAppends, ()) {
  SmallScenario scenario = *troubled_scenarios();
  RC_PRE(scenario.settings.at("enable.idempotence") == "true");
  SmallRun run{scenario};
  run.run();
  RC_PRE(run.world().counts.failed == 0 && run.all<core::SequencesReset>().empty());
  std::map<std::int32_t, std::vector<core::RecordId>> appended;
  for (const auto& [at, event] : run.all<core::RecordAppended>()) {
    appended[event.partition.partition].push_back(event.record);
  }
  for (std::int32_t partition = 0; partition < partitions_of(scenario); ++partition) {
    std::vector<core::RecordId> ids;
    for (const LoggedRecord& record : run.log(partition).records())
      ids.push_back(record.id.value());
    RC_ASSERT(ids == appended[partition]);
  }
}

// --- Segments ---

// Each record's fate: where it lies, or why it does not.
std::vector<std::string> fates(const SmallRun& run) {
  std::vector<std::string> fates;
  for (std::size_t i = 0; i < run.world().records.size(); ++i) {
    const RecordEntry& record = run.record(i);
    fates.push_back(std::to_string(static_cast<int>(record.status)) + " " +
                    std::to_string(record.partition.partition) + "@" +
                    std::to_string(record.offset) + (record.error ? text(*record.error) : ""));
  }
  return fates;
}

RC_GTEST_PROP(Run, HoweverTheBytesAreCutTheFatesAreTheSame, ()) {
  SmallScenario scenario = *calm_scenarios();
  std::vector<std::string> whole;
  for (const std::int64_t segment : {65'536, 1'460, 7, 1}) {
    scenario.link.segment = Bytes{segment};
    SmallRun run{scenario};
    run.run();
    if (whole.empty()) whole = fates(run);
    RC_ASSERT(fates(run) == whole);
  }
}

}  // namespace
}  // namespace linger::sim
