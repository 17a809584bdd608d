// Transactions from end to end: a producer, brokers, coordinators, and what readers see.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/read_committed.h"
#include "sim/world.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

constexpr core::TopicPartition kOfThree{core::TopicId{0}, 0};
constexpr core::TopicPartition kOfTwo{core::TopicId{0}, 1};

// Three records for one partition and two for the other, between `begin` and what ends it.
std::string transaction_that(const std::string& ends, const std::string& more = "",
                             const std::string& era = "3.9") {
  return "era = \"" + era +
         "\"\n"
         "[cluster]\nbrokers = 2\n" +
         more +
         "[[topic]]\nname = \"orders\"\nleaders = [0, 1]\n"
         "[producer]\ntransactional.id = \"x\"\n"
         "[[thread]]\nname = \"A\"\nrun = [\n"
         "  { init_transactions = true },\n  { begin_transaction = true },\n"
         "  { send = \"orders\", partition = 0, count = 3, wait = true },\n"
         "  { send = \"orders\", partition = 1, count = 2, wait = true },\n" +
         ends + "]\n";
}

struct SeenRecords {
  std::int64_t in_0 = 0;
  std::int64_t in_1 = 0;
  friend auto operator<=>(const SeenRecords&, const SeenRecords&) = default;
};

// What readers of committed records see after each step.
struct ReadRun {
  explicit ReadRun(const std::string& toml) : world{shared_scenario(toml)} {
    TraceSink trace;
    do {
      seen.insert(now_seen());
    } while (step(world, trace));
    events = trace.take();
  }
  SeenRecords now_seen() const {
    const Cluster& cluster = world.servers.cluster();
    return {committed_records(*cluster.find(kOfThree)), committed_records(*cluster.find(kOfTwo))};
  }
  std::int64_t logged(core::TopicPartition partition) const {
    const PartitionLog& log = world.servers.cluster().find(partition)->log;
    return log.end_offset() - log.marker_count();
  }
  template <class E>
  std::vector<E> all() const {
    std::vector<E> found;
    for (const TraceEvent& event : events) {
      if (const E* one = event.as<E>()) found.push_back(*one);
    }
    return found;
  }

  World world;
  std::set<SeenRecords> seen;
  std::vector<TraceEvent> events;
};

const std::string kThenCommit = "  { commit_transaction = true },\n";
const std::string kThenAbort = "  { abort_transaction = true },\n";

class ReadCommitted : public testing::TestWithParam<std::string> {};  // in each era

TEST_P(ReadCommitted, SeesACommittedTransactionWholeOrNotAtAll) {
  const ReadRun run{transaction_that(kThenCommit, "", GetParam())};
  EXPECT_EQ(run.seen, (std::set<SeenRecords>{{0, 0}, {3, 2}}));
  EXPECT_EQ(run.now_seen(), (SeenRecords{3, 2}));
  EXPECT_EQ(run.world.counts.acknowledged, 5);
}

TEST_P(ReadCommitted, NeverSeesAnAbortedTransactionThoughEveryRecordWasAcknowledged) {
  const ReadRun run{transaction_that(kThenAbort, "", GetParam())};
  EXPECT_EQ(run.seen, (std::set<SeenRecords>{{0, 0}}));
  EXPECT_EQ(run.world.counts.acknowledged, 5);
  EXPECT_EQ(run.logged(kOfThree), 3);
  EXPECT_EQ(run.logged(kOfTwo), 2);
}

TEST_P(ReadCommitted, NeverSeesWhatCloseFoundOpenAndAborted) {
  const ReadRun run{transaction_that("  { close = true },\n", "", GetParam())};
  EXPECT_EQ(run.seen, (std::set<SeenRecords>{{0, 0}}));
  ASSERT_EQ(run.all<MarkerWritten>().size(), 2u);
  EXPECT_EQ(run.all<MarkerWritten>().front().type, MarkerType::Abort);
}

// Readers stop before it until the coordinator finds that it took too long.
TEST_P(ReadCommitted, StopsBeforeWhatAProcessLeftOpenUntilItTimesOut) {
  const ReadRun run{"end = \"75s\"\n" + transaction_that("  { exit = true },\n", "", GetParam())};
  EXPECT_EQ(run.seen, (std::set<SeenRecords>{{0, 0}}));
  ASSERT_EQ(run.all<MarkerWritten>().size(), 2u);
  const Partition& partition = *run.world.servers.cluster().find(kOfThree);
  EXPECT_EQ(last_stable_offset(partition), 4) << "three records, and the marker that ends them";
}

// It holds its client back for longer than a request may take.
TEST_P(ReadCommitted, SeesACommitThatAThrottledCoordinatorHeldBack) {
  std::string toml = transaction_that(kThenCommit, "", GetParam());
  const std::string producer = "[producer]\n";
  toml.replace(toml.find(producer), producer.size(),
               "[[produce_rule]]\npartition = \"orders-0\"\nthrottle = \"1500ms\"\n" + producer +
                   "request.timeout.ms = 1000\n");
  const ReadRun run{toml};
  EXPECT_EQ(run.now_seen(), (SeenRecords{3, 2}));
  core::Instant throttled{};
  core::Instant ended{};
  for (const TraceEvent& event : run.events) {
    if (event.as<core::NodeThrottled>() != nullptr) throttled = event.at;
    const auto* answered = event.as<CoordinatorAnswered>();
    if (answered != nullptr && answered->api == core::ApiKey::EndTxn) ended = event.at;
  }
  EXPECT_GE(ended - throttled, core::Duration{1'500'000});
}

TEST_P(ReadCommitted, SeesACommitWhoseConnectionBroke) {
  const ReadRun run{
      transaction_that("  { commit_transaction = true },\n",
                       "transaction_coordinator = 1\ntransaction_log_time = \"5ms\"\n",
                       GetParam()) +
      "[[fault]]\nwhen = \"count(transaction_request, api == 'EndTxn') == 1\"\ndisconnect = 1\n"};
  EXPECT_EQ(run.now_seen(), (SeenRecords{3, 2}));
  EXPECT_EQ(run.all<core::TransactionalCallEnded>().back().outcome, core::CallOutcome::Done);
}

INSTANTIATE_TEST_SUITE_P(InEachEra, ReadCommitted, testing::Values("2.8", "3.9"),
                         [](const auto& i) { return i.param == "2.8" ? "In28" : "In39"; });

TEST(ReadCommittedInARow, SeesOneTransactionAfterAnotherWhole) {
  std::string more;
  for (int i = 0; i < 3; ++i) {
    more +=
        "  { begin_transaction = true },\n"
        "  { send = \"orders\", partition = 0, count = 2 },\n"
        "  { send = \"orders\", partition = 1, count = 3 },\n";
    more += i == 1 ? kThenAbort : kThenCommit;
  }
  const ReadRun run{transaction_that(kThenCommit + more, "marker_time = \"7ms\"\n")};
  EXPECT_EQ(run.seen, (std::set<SeenRecords>{{0, 0}, {3, 2}, {5, 5}, {7, 8}}));
}

}  // namespace
}  // namespace linger::sim
