#include "sim/explorer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/explorable.h"
#include "sim/query_parser.h"
#include "sim/runner.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"
#include "support/brute_force.h"
#include "support/small_world.h"

namespace linger::sim {
namespace {

Query query(const std::string& text) {
  return std::get<Query>(parse_condition(text));
}

// A batch for each record, and no time on the wires.
SmallScenario batch_by_batch(std::int64_t records) {
  SmallScenario small;
  small.settings = {{"batch.size", "1"}, {"retry.backoff.ms", "1"}, {"acks", "all"}};
  small.link = link({.latency = 0us});
  small.programs = {{send({.count = records})}};
  return small;
}

ExploreOptions refusals(int at_most) {
  ExploreOptions options;
  options.faults = {FailProduce{named(0), core::ErrorCode::NotEnoughReplicas}};
  options.most_faults = at_most;
  return options;
}

Exploration explored(const SmallScenario& small, const ExploreOptions& options) {
  return explore(small.shared(), options);
}

// The counterexample as a file, read and run in the ordinary manner.
RunResult replayed(const SmallScenario& small, const ExploreOptions& options,
                   const Exploration& found) {
  const Scenario scenario = as_scenario(small.build(), options, found);
  const ParsedScenario read = parse_scenario(scenario_text(scenario), "found.toml");
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&read)) {
    ADD_FAILURE() << text(*errors) << scenario_text(scenario);
    return {};
  }
  return run(std::make_shared<const Scenario>(std::get<Scenario>(read)),
             {.until = std::nullopt, .checks_laws = true});
}

// --- What it finds, and what it proves absent ---

TEST(Explorer, FindsThatFiveInFlightWithoutIdempotenceReorder) {
  const SmallScenario small = batch_by_batch(5);
  ExploreOptions options = refusals(1);
  options.always = {query("log('t-0').is_in_order")};
  const Exploration found = explored(small, options);
  ASSERT_TRUE(found.broken) << found.figures.states;
  EXPECT_EQ(found.broken->name, "log('t-0').is_in_order");
  const RunResult again = replayed(small, options, found);
  ASSERT_FALSE(again.verdicts.empty());
  EXPECT_EQ(again.verdicts.front().query, "log('t-0').is_in_order");
  EXPECT_FALSE(again.verdicts.front().holds);
}

// The clocks of a batch are short, so that whoever is refused for ever is soon told.
SmallScenario idempotent(std::vector<AppAction> program) {
  SmallScenario small = batch_by_batch(1);
  small.settings["enable.idempotence"] = "true";
  small.settings["request.timeout.ms"] = "3";
  small.settings["delivery.timeout.ms"] = "3";
  small.programs = {std::move(program)};
  return small;
}
ExploreOptions refusals_of_an_ordered_log(int at_most) {
  ExploreOptions options = refusals(at_most);
  options.always = {query("log('t-0').is_in_order"), query("log('t-0').duplicates == 0")};
  return options;
}

void expect_proven(const SmallScenario& small, const ExploreOptions& options) {
  const Exploration found = explored(small, options);
  EXPECT_EQ(found.end, ExploreEnd::AllVisited);
  EXPECT_FALSE(found.broken) << found.broken->name << ": " << found.broken->what;
  EXPECT_GT(found.ends, 0);
}

TEST(Explorer, ProvesThatWithIdempotenceTheyDoNot) {
  expect_proven(idempotent({send({.count = 3})}), refusals_of_an_ordered_log(1));
}

// Its first record is known before the others come.
TEST(Explorer, ProvesThatAProducerWhomTheBrokerKnowsKeepsTheOrderThroughTwoRefusals) {
  expect_proven(idempotent({send({.wait = true}), send({.count = 2})}),
                refusals_of_an_ordered_log(2));
}

// A broker takes any first sequence of a producer it does not know: of three that were sent, two
// are refused.
TEST(Explorer, FindsThatAProducerWhomTheBrokerDoesNotKnowMayBeReorderedByTwoRefusals) {
  const Exploration found =
      explored(idempotent({send({.count = 3})}), refusals_of_an_ordered_log(2));
  ASSERT_TRUE(found.broken);
  EXPECT_EQ(found.broken->name, "log('t-0').is_in_order");
}

// One replica has what was acknowledged, and its machine stops.
SmallScenario two_replicas(const std::string& acks) {
  SmallScenario small = batch_by_batch(1);
  small.settings["acks"] = acks;
  small.brokers = 2;
  small.replicas = 2;
  small.replication.latency = 1ms;
  small.replication.session_timeout = 2ms;
  small.replication.min_in_sync_replicas = 2;
  small.end = 20ms;
  return small;
}
ExploreOptions power_cuts() {
  ExploreOptions options;
  options.faults = {StopBroker{NodeId{0}}};
  options.most_faults = 1;
  options.always = {query("log('t-0').lost == 0")};
  return options;
}

TEST(Explorer, FindsTheRecordThatAcksOneLoses) {
  const SmallScenario small = two_replicas("1");
  const Exploration found = explored(small, power_cuts());
  ASSERT_TRUE(found.broken);
  EXPECT_EQ(found.broken->name, "log('t-0').lost == 0");
  EXPECT_FALSE(replayed(small, power_cuts(), found).is_good());
}

TEST(Explorer, ProvesThatAcksAllLosesNoneOfThem) {
  const Exploration found = explored(two_replicas("all"), power_cuts());
  EXPECT_EQ(found.end, ExploreEnd::AllVisited);
}

TEST(Explorer, FindsTheShortestWay) {
  const SmallScenario small = batch_by_batch(2);
  ExploreOptions options;
  options.always = {query("records.acknowledged == 0")};
  const Exploration found = explored(small, options);
  ASSERT_TRUE(found.broken);
  // No way with fewer steps comes to an acknowledgement.
  options.most_steps = static_cast<std::int64_t>(found.way.size()) - 1;
  EXPECT_EQ(explored(small, options).end, ExploreEnd::MostSteps);
}

TEST(Explorer, CountsWhatTheScenarioExpectsAsALawOfItsEnds) {
  Scenario scenario = batch_by_batch(1).build();
  scenario.expectations = {{query("records.acknowledged == 1"), "", 0}};
  const auto shared = std::make_shared<const Scenario>(scenario);
  EXPECT_EQ(explore(shared, {}).end, ExploreEnd::AllVisited);
  const Exploration found = explore(shared, [] {
    ExploreOptions options;
    options.faults = {FailProduce{named(0), core::ErrorCode::MessageTooLarge}};
    options.most_faults = 1;
    return options;
  }());
  ASSERT_TRUE(found.broken);
  EXPECT_EQ(found.broken->name, "records.acknowledged == 1");
}

// A record for each of two partitions, in one transaction.
SmallScenario small_transaction_that(core::TransactionMethod ends) {
  using enum core::TransactionMethod;
  SmallScenario small = batch_by_batch(1);
  small.settings["transactional.id"] = "x";
  small.settings["enable.idempotence"] = "true";
  small.leaders = {0, 0};
  small.programs = {{TransactionAction{InitTransactions}, TransactionAction{BeginTransaction},
                     send(), send({.partition = 1}), TransactionAction{ends}}};
  return small;
}

TEST(Explorer, ProvesThatATransactionIsSeenWholeOrNotAtAllWheneverItsCoordinatorMoves) {
  ExploreOptions options;
  options.faults = {MoveCoordinator{NodeId{0}}};
  options.most_faults = 1;
  for (const auto ends :
       {core::TransactionMethod::CommitTransaction, core::TransactionMethod::AbortTransaction}) {
    const Exploration found = explored(small_transaction_that(ends), options);
    EXPECT_EQ(found.end, ExploreEnd::AllVisited);
    EXPECT_FALSE(found.broken) << found.broken->name << ": " << found.broken->what;
    EXPECT_GT(found.ends, 0);
  }
}

TEST(Explorer, FindsThatSomebodyElseWithItsIdEndsATransaction) {
  const SmallScenario small = small_transaction_that(core::TransactionMethod::CommitTransaction);
  ExploreOptions options;
  options.faults = {FenceProducer{"x"}};
  options.most_faults = 1;
  options.always = {query("records.failed == 0")};
  const Exploration found = explored(small, options);
  ASSERT_TRUE(found.broken) << found.figures.states;
  EXPECT_EQ(found.broken->name, "records.failed == 0");
  EXPECT_FALSE(replayed(small, options, found).is_good());
}

// Its client waits for as long as what it produced says; the run ends in each way all the same.
TEST(Explorer, VisitsAllThatComesOfAQuota) {
  SmallScenario small = batch_by_batch(2);
  small.end = 300s;
  small.faults = {{0us, LimitProduceRate{NodeId{0}, {Bytes{10}}, std::nullopt}}};
  EXPECT_EQ(why_not_explorable(small.build()), std::nullopt);
  ExploreOptions options;
  options.always = {query("records.failed == 0")};
  const Exploration found = explored(small, options);
  EXPECT_FALSE(found.broken);
  EXPECT_EQ(found.end, ExploreEnd::AllVisited);
}

// --- How it counts ---

void expect_same_as_by_brute_force(const SmallScenario& small, const ExploreOptions& options) {
  const IndependentCount count = EveryWay{small.build(), options}.count();
  const Exploration found = explored(small, options);
  EXPECT_EQ(found.end, ExploreEnd::AllVisited);
  EXPECT_EQ(found.figures.states, count.states);
  EXPECT_EQ(count.joined, "") << "met as one, and they differ";
  EXPECT_EQ(count.split, "") << "met apart, and they are the same";
  EXPECT_GT(count.worlds, 10 * count.states) << "hardly anything was met twice";
}

// All of it happens at one instant.
SmallScenario timeless(std::int64_t records) {
  SmallScenario small = batch_by_batch(records);
  small.end = 1us;
  return small;
}

TEST(Explorer, MeetsAsManyStatesAsAreCountedByBruteForce) {
  expect_same_as_by_brute_force(timeless(1), {});
  expect_same_as_by_brute_force(batch_by_batch(1), {});
}

TEST(Explorer, MeetsAsManyStatesAsAreCountedByBruteForceWithARefusal) {
  expect_same_as_by_brute_force(timeless(1), refusals(1));
}

TEST(Explorer, MeetsAsManyStatesAsAreCountedByBruteForceWithALostConnection) {
  ExploreOptions options;
  options.faults = {Disconnect{NodeId{0}}};
  options.most_faults = 1;
  expect_same_as_by_brute_force(timeless(1), options);
}

// Which of two batches is opened first makes no difference.
TEST(Explorer, MeetsAsManyStatesAsAreCountedByBruteForceWithTwoThreads) {
  SmallScenario small = timeless(1);
  small.leaders = {0, 0};
  small.settings["linger.ms"] = "5";
  small.settings["batch.size"] = "1000";
  small.programs = {{send({})}, {send({.partition = 1})}};
  expect_same_as_by_brute_force(small, {});
}

// What a law remembers of the way: whether something went wrong before.
TEST(Explorer, MeetsAWorldTwiceIfALawRemembersTwoWaysToIt) {
  const SmallRun run{timeless(1)};
  LawWatch calm;
  LawWatch alarmed;
  std::vector<BrokenLaw> broken;
  alarmed.take_in({Instant{}, 0, std::nullopt, SimEvent{FaultApplied{"disconnect broker 0"}}},
                  run.world(), broken);
  const auto key = [&](const LawWatch& watch) { return met_as(run.world(), watch, 0, 10s); };
  EXPECT_EQ(key(calm), key(LawWatch{}));
  EXPECT_NE(key(calm), key(alarmed));
}

// Two producers that have nothing to do with each other. Bytes leave a socket at once: those of
// both are never about to leave.
TEST(Explorer, MeetsTheProductOfTheStatesOfIndependentParts) {
  SmallScenario alone = timeless(1);
  alone.brokers = 2;
  alone.leaders = {0, 1};
  const Exploration one = explore(alone.shared(), {});
  EXPECT_EQ(one.end, ExploreEnd::AllVisited);
  Scenario both = alone.build();
  both.producers.push_back(both.producers.front());
  both.producers.back().name = "other";
  both.threads.push_back(both.threads.front());
  both.threads.back().name = "other";
  both.threads.back().producer = 1;
  both.threads.back().program = {send({.partition = 1})};
  const Exploration two = explore(std::make_shared<const Scenario>(both), {});
  EXPECT_EQ(two.end, ExploreEnd::AllVisited);
  const std::int64_t states = one.figures.states - one.ends;
  EXPECT_GT(states, 20);
  EXPECT_GT(one.departures, 0);
  EXPECT_EQ(two.figures.states - two.ends, states * states - one.departures * one.departures);
}

// --- Bounds ---

TEST(Explorer, SaysAtWhichBoundItStopped) {
  const SmallScenario small = batch_by_batch(3);
  ExploreOptions options;
  options.most_states = 7;
  Exploration found = explored(small, options);
  EXPECT_EQ(found.end, ExploreEnd::MostStates);
  EXPECT_EQ(found.figures.states, 7);
  options = {};
  options.most_steps = 4;
  found = explored(small, options);
  EXPECT_EQ(found.end, ExploreEnd::MostSteps);
}

TEST(Explorer, EndsWhenItIsToldTo) {
  ExploreOptions options = refusals(3);
  int reports = 0;
  options.goes_on = [&](const ExploreProgress&) { return ++reports < 1; };
  EXPECT_EQ(explored(batch_by_batch(5), options).end, ExploreEnd::Stopped);
}

}  // namespace
}  // namespace linger::sim
