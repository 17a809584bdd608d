// The transaction log's replicas: who coordinates when a broker is gone, and what an append waits
// for. The id "x" belongs to broker 2, whose log brokers 0 and 1 copy.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/read_committed.h"
#include "sim/scenario_parser.h"
#include "support/scenarios.h"
#include "support/small_world.h"

namespace linger::sim {
namespace {

constexpr NodeId kCoordinator{2};

struct Given {
  std::string cluster = "transaction.state.log.replication.factor = 3\n";
  std::string faults;
};

// Two records for a partition that broker 1 leads, which is never gone; the commit is at 1.2 s.
std::string committing(const Given& given) {
  return R"(
era = "3.9"
end = "20s"
[cluster]
brokers = 3
broker.session.timeout.ms = 2000
)" + given.cluster +
         R"([[topic]]
name = "t"
leaders = [1]
[producer]
transactional.id = "x"
[[thread]]
name = "A"
run = [
  { init_transactions = true }, { begin_transaction = true },
  { send = "t", partition = 0, count = 2, wait = true },
  { at = "1200ms", commit_transaction = true },
]
)" + given.faults;
}

std::string fault(const std::string& at, const std::string& what) {
  return "[[fault]]\nat = \"" + at + "\"\n" + what + "\n";
}

struct Outcome {
  explicit Outcome(const Given& given) : run{shared_scenario(committing(given))} {
    run.run();
    committed = committed_records(*run.world().servers.cluster().find(tp(0)));
    for (const auto& [at, event] : run.all<TransactionChanged>()) {
      if (event.state == TransactionState::PrepareCommit) prepared_at = at;
    }
    for (const auto& [at, event] : run.all<CoordinatorAnswered>()) {
      if (event.api == core::ApiKey::EndTxn) end_errors.push_back(event.error);
    }
  }
  SmallRun run;
  std::int64_t committed = 0;
  Duration prepared_at{};
  std::vector<core::ErrorCode> end_errors;
};

TEST(TransactionLogReplicas, TheNextInSyncReplicaCoordinatesOnceTheControllerMissesTheBroker) {
  const Outcome with{{.faults = fault("1s", "stop = 2")}};
  EXPECT_EQ(with.committed, 2);
  EXPECT_GE(with.prepared_at, 3s);
  const auto moved = with.run.all<CoordinatorMoved>();
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].first, 3s);
  EXPECT_EQ(moved[0].second.to, NodeId{0});
  EXPECT_EQ(moved[0].second.key, "x");

  const Outcome without{{.cluster = "", .faults = fault("1s", "stop = 2")}};
  EXPECT_EQ(without.committed, 0) << "nobody takes over";
  EXPECT_TRUE(without.run.all<CoordinatorMoved>().empty());
}

TEST(TransactionLogReplicas, WhoTakesOverWritesTheMarkersThatAreMissing) {
  const Outcome found{{.cluster = "transaction.state.log.replication.factor = 3\n"
                                  "marker_time = \"500ms\"\n",
                       .faults = fault("1500ms", "stop = 2")}};
  EXPECT_LT(found.prepared_at, 1500ms) << "the commit was decided";
  EXPECT_EQ(found.committed, 2);
  const auto markers = found.run.all<MarkerWritten>();
  ASSERT_EQ(markers.size(), 1U);
  EXPECT_EQ(markers[0].first, 4s) << "missed after two seconds, and half a second for markers";
}

TEST(TransactionLogReplicas, ACoordinatorThatIsBackBeforeItIsMissedWritesTheMarkersItself) {
  const Outcome found{{.cluster = "transaction.state.log.replication.factor = 3\n"
                                  "marker_time = \"500ms\"\n",
                       .faults = fault("1500ms", "stop = 2") + fault("2500ms", "start = 2")}};
  EXPECT_LT(found.prepared_at, 1500ms) << "the commit was decided";
  EXPECT_TRUE(found.run.all<CoordinatorMoved>().empty());
  EXPECT_EQ(found.committed, 2);
  const auto markers = found.run.all<MarkerWritten>();
  ASSERT_EQ(markers.size(), 1U);
  EXPECT_EQ(markers[0].first, 3s) << "half a second after it came back";
}

TEST(TransactionLogReplicas, WhatIsAppendedWaitsForAFollowerThatNobodyMissesYet) {
  const Outcome quick{{}};
  EXPECT_LT(quick.prepared_at, 1300ms);
  const Outcome slow{{.faults = fault("1s", "stop = 0")}};
  EXPECT_EQ(slow.prepared_at, 3s);
  EXPECT_EQ(slow.committed, 2);
  EXPECT_TRUE(slow.run.all<CoordinatorMoved>().empty());
}

TEST(TransactionLogReplicas, WithTooFewInSyncTransactionsDoNotGoOn) {
  const std::string both = "transaction.state.log.replication.factor = 2\n";
  const Outcome found{
      {.cluster = both, .faults = fault("1s", "stop = 0") + fault("8s", "start = 0")}};
  EXPECT_GE(found.prepared_at, 8s);
  EXPECT_EQ(found.committed, 2);
  EXPECT_TRUE(std::ranges::count(found.end_errors, core::ErrorCode::CoordinatorNotAvailable) > 0);

  const Outcome enough{
      {.cluster = both + "transaction.state.log.min.isr = 1\n", .faults = fault("1s", "stop = 0")}};
  EXPECT_EQ(enough.prepared_at, 3s);
}

TEST(TransactionLogReplicas, WithoutAReplicaInSyncNobodyCoordinates) {
  const Outcome found{{.cluster = "transaction.state.log.replication.factor = 1\n"
                                  "transaction.state.log.min.isr = 1\n",
                       .faults = fault("1s", "stop = 2") + fault("8s", "start = 2")}};
  const auto moved = found.run.all<CoordinatorMoved>();
  ASSERT_EQ(moved.size(), 2U);
  EXPECT_EQ(moved[0].second.to, std::nullopt);
  EXPECT_EQ(moved[1].second.to, kCoordinator);
  EXPECT_GE(found.prepared_at, 8s);
  EXPECT_EQ(found.committed, 2);
}

TEST(TransactionLogReplicas, ItMovesOnlyToAReplicaThatIsThere) {
  const std::string two = "transaction.state.log.replication.factor = 2\n";
  const auto moves_to = [&](const std::string& broker) {
    const Outcome found{
        {.cluster = two,
         .faults = fault("500ms", "move_coordinator = { to = " + broker + ", key = \"x\" }")}};
    EXPECT_EQ(found.committed, 2);
    return found.run.all<CoordinatorMoved>().size();
  };
  EXPECT_EQ(moves_to("0"), 1U);
  EXPECT_EQ(moves_to("1"), 0U) << "it has no copy";
}

TEST(TransactionLogReplicas, AScenarioHasAsManyAsBrokersAndDoesNotPinWhoLeads) {
  const auto mistake = [](const std::string& cluster) {
    const ParsedScenario parsed =
        parse_scenario(committing({.cluster = cluster, .faults = ""}), "test.toml");
    const auto* errors = std::get_if<std::vector<ParseError>>(&parsed);
    return errors == nullptr ? "" : text(*errors);
  };
  EXPECT_EQ(mistake("transaction.state.log.replication.factor = 3\n"), "");
  EXPECT_NE(mistake("transaction.state.log.replication.factor = 4\n"), "");
  EXPECT_NE(mistake("transaction.state.log.replication.factor = 2\ntransaction_coordinator = 1\n")
                .find("is not pinned"),
            std::string::npos);
}

}  // namespace
}  // namespace linger::sim
