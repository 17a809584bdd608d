// Where Kafka itself breaks a law: for each law with an exception, and each rule, setting or fault
// that it names, a run in which the law is broken for that reason alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/choices.h"
#include "sim/lesson_run.h"
#include "sim/random_scenario.h"
#include "sim/runner.h"
#include "sim/scenario_parser.h"
#include "support/scenarios.h"
#include "witness_scenarios.h"

namespace linger::sim {
namespace {

using SharedScenario = std::shared_ptr<const Scenario>;

RunResult under_all_laws(const SharedScenario& scenario) {
  return run(scenario, {.until = std::nullopt, .checks_laws = true});
}

Scenario lesson(const std::string& name) {
  const auto parsed = load_scenario(LINGER_SOURCE_DIR "/scenarios/" + name + ".toml");
  return std::get<Scenario>(parsed);
}

SharedScenario of_seed(std::uint64_t seed) {
  Choices choices{seed};
  return std::make_shared<const Scenario>(random_scenario(choices));
}

// Where the witness is.
struct Witness {
  std::string law;
  std::string spared_by;
  std::string told;  // where it is
  std::function<SharedScenario()> scenario;
  friend std::ostream& operator<<(std::ostream& out, const Witness& witness) {
    return out << witness.law << ", " << witness.spared_by << ": " << witness.told;
  }
};

Witness in_lesson(std::string law, std::string spared_by, const std::string& name) {
  return {std::move(law), std::move(spared_by), name,
          [name] { return std::make_shared<const Scenario>(lesson(name)); }};
}
Witness in_seed(std::string law, std::string spared_by, std::uint64_t seed) {
  return {std::move(law), std::move(spared_by), "seed " + std::to_string(seed),
          [seed] { return of_seed(seed); }};
}
Witness in_scenario(std::string law, std::string spared_by, std::string told,
                    std::string_view text) {
  return {std::move(law), std::move(spared_by), std::move(told),
          [text] { return shared_scenario(text); }};
}
Witness in_what_if(std::string law, std::string spared_by, const std::string& name,
                   std::size_t number) {
  return {std::move(law), std::move(spared_by), name + ", what if", [name, number] {
            const Scenario plain = lesson(name);
            const auto forked = with_what_if(plain, plain.what_ifs.at(number));
            return std::make_shared<const Scenario>(std::get<Scenario>(forked));
          }};
}

constexpr const char* kBooks = "no memory is lost";
constexpr const char* kOneAtATime = "one batch of a partition at a time";
constexpr const char* kDequesInOrder = "deques are in order";
constexpr const char* kNobodyForgotten = "nobody who could go on is forgotten";
constexpr const char* kAcknowledgedInOrder = "acknowledgements come in the order of appends";
constexpr const char* kLogsInOrder = "logs keep the order of each thread";
constexpr const char* kFateInTime = "every record has its fate by delivery.timeout.ms";
constexpr const char* kAcknowledgedStays = "what is acknowledged is in the log";
constexpr const char* kNoGap = "sequences in the logs have no gap";
constexpr const char* kRetriesInOrder = "a batch is not sent again past an earlier sequence";
constexpr const char* kAsDecided = "what was decided is what happens";
constexpr const char* kNothingRefused = "where nothing went wrong, brokers refuse nothing";
constexpr const char* kBeginsAgain = "a producer that was not known begins again";
constexpr const char* kWhole = "a transaction is seen whole, or not at all";

std::vector<Witness> all_witnesses() {
  return {
      in_lesson(kBooks, "before KAFKA-4840 and KAFKA-4741", "memory/memory_that_was_lost"),
      in_scenario(kBooks, "before KAFKA-4840", "gathered in vain", kGatheredInVain),
      in_scenario(kBooks, "before KAFKA-4741", "an append that failed", kBufferOfAFailedAppend),
      in_lesson(kOneAtATime, "before KAFKA-3197", "order/one_in_flight_two_brokers"),
      in_lesson(kAcknowledgedInOrder, "before KAFKA-3197", "order/one_in_flight_two_brokers"),
      in_lesson(kAcknowledgedInOrder, "several in flight without idempotence",
                "order/overtaken_retry"),
      in_lesson(kAcknowledgedInOrder, "a batch was appended and refused",
                "acks/appended_then_refused"),
      in_lesson(kLogsInOrder, "before KAFKA-3197", "order/one_in_flight_two_brokers"),
      in_lesson(kLogsInOrder, "several in flight without idempotence", "order/overtaken_retry"),
      in_scenario(kLogsInOrder, "acks=0", "an idle connection", kIdleConnection),
      in_scenario(kLogsInOrder, "what has failed may be written later", "late", kLateFailure),
      in_scenario(kLogsInOrder, kBeginsAgain, "a later batch", kLaterBatchAtZero),
      in_scenario(kAcknowledgedInOrder, kBeginsAgain, "a later batch", kLaterBatchAtZero),
      in_scenario(kAcknowledgedStays, kBeginsAgain, "twice in one epoch", kTwiceAtZero),
      in_scenario(kRetriesInOrder, kBeginsAgain, "closed books", kClosedBooks),
      in_scenario(kRetriesInOrder, "before KAFKA-13794", "books of two epochs", kBooksOfTwoEpochs),
      in_scenario(kLogsInOrder, "clocks that are wrong", "two days ahead", kClockAhead),
      in_scenario(kLogsInOrder, "producer ids that expire", "after 15 ms", kIdThatExpires),
      in_lesson(kNobodyForgotten, "before KAFKA-3651", "memory/the_poisoned_waiting_line"),
      in_lesson(kNobodyForgotten, "before KIP-91", "acks/a_limit_the_followers_never_heard_of"),
      in_lesson(kNobodyForgotten, "who begins to wait for memory wakes nobody",
                "memory/exhausted_pool"),
      in_lesson(kNobodyForgotten, "a request of a transaction is under way",
                "transactions/abort_sends_first"),
      in_what_if(kNobodyForgotten, "the whole set-up timeout counts from the last look",
                 "idempotence/epoch_bump_after_a_gap", 0),
      in_scenario(kNobodyForgotten, "before KAFKA-12762", "a set-up that hangs", kSetUpWithoutEnd),
      in_seed(kNobodyForgotten, "a batch that is closed, and has none behind it, wakes nobody", 24),
      in_seed(kNobodyForgotten, "the sender was held between its look and its sleep", 85),
      in_seed(kNobodyForgotten, "since KAFKA-13412", 523),
      in_seed(kDequesInOrder, "before KAFKA-13794", 33210),
      in_seed(kNobodyForgotten, "what an expiry sets free waits for the next look", 3877),
      in_lesson(kFateInTime, "before KIP-91", "network/throttled_into_copies"),
      in_seed(kFateInTime, "before KAFKA-14831", 3229),
      in_seed(kFateInTime, "a retry lies behind a younger batch", 12619),
      in_seed(kAcknowledgedInOrder, "brokers take any first sequence", 16359),
      in_seed(kLogsInOrder, "brokers take any first sequence", 16359),
      in_lesson(kAcknowledgedStays, "unclean elections", "acks/all_that_waited_for_one"),
      in_what_if(kAcknowledgedStays, "acks=1", "acks/all_that_waited_for_one", 0),
      in_lesson(kAcknowledgedStays, "topics that are deleted", "metadata/the_topic_that_came_back"),
      in_scenario(kAcknowledgedStays, "before KIP-101", "cut off at the high watermark",
                  kTruncatedToHighWatermark),
      in_scenario(kAcknowledgedStays, "rules of the scenario that answer produce",
                  "a sequence used twice", kSequenceUsedTwice),
      in_seed(kAcknowledgedStays, "batches that are appended and refused for good", 1155),
      in_lesson(kNoGap, "records that are deleted", "idempotence/the_broker_forgot_who_you_are"),
      in_scenario(kNoGap, "clocks that are wrong", "two days ahead", kClockAhead),
      in_scenario(kNoGap, "producer ids that expire", "after 15 ms", kIdThatExpires),
      in_seed(kAsDecided, "before KAFKA-13794", 3206),
      in_scenario(kAsDecided, kBeginsAgain, "a retry that is lost", kLostRetry),
      in_scenario(kAsDecided, "before KIP-360", "a retry of another id", kRetryOfAnotherId),
      in_lesson(kNothingRefused, "rules of the scenario", "batching/one_bad_record"),
      in_scenario(kNothingRefused, "brokers that announce other versions", "compressed",
                  kCompressedForAnOldBroker),
      in_scenario(kWhole, "before brokers verified writes", "a late write", kLateWrite),
      in_scenario(kWhole, "before KAFKA-13412", "a commit that overtakes the abort",
                  kOvertakenAbort),
      in_seed(kWhole, "batches that are appended and refused for good", 1155),
  };
}

class LawWitnesses : public ::testing::TestWithParam<Witness> {};

TEST_P(LawWitnesses, BreakTheLawForTheReasonItNames) {
  const RunResult result = under_all_laws(GetParam().scenario());
  const auto is_it = [](const BrokenLaw& law) {
    return law.name == GetParam().law && law.spared_by == GetParam().spared_by;
  };
  EXPECT_TRUE(std::ranges::any_of(result.spared_laws, is_it)) << GetParam();
  EXPECT_TRUE(result.broken_laws.empty()) << result.broken_laws.front().name;
}

INSTANTIATE_TEST_SUITE_P(Each, LawWitnesses, ::testing::ValuesIn(all_witnesses()));

// Whatever spares a law in random scenarios stands in the table.
TEST(LawWitnessTable, HasARowForEachExceptionThatIsMet) {
  std::set<std::pair<std::string, std::string>> rows;
  for (const Witness& witness : all_witnesses()) rows.insert({witness.law, witness.spared_by});
  std::set<std::pair<std::string, std::string>> missing;
  const auto look = [&](const SharedScenario& scenario) {
    for (const BrokenLaw& law : under_all_laws(scenario).spared_laws) {
      const std::pair row{law.name, std::string{law.spared_by}};
      if (!rows.contains(row)) missing.insert(row);
    }
  };
  for (std::uint64_t seed = 1; seed <= 500; ++seed) look(of_seed(seed));
  for (const auto& [law, spared_by] : missing) ADD_FAILURE() << law << ": " << spared_by;
}

}  // namespace
}  // namespace linger::sim
