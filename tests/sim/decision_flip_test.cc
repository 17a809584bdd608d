#include "sim/decision_flip.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/kafka_producer.h"
#include "sim/drain_flip.h"
#include "sim/timeline.h"
#include "support/scenarios.h"
#include "support/two_partitions.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

constexpr core::TopicPartition kFirstPartition{core::TopicId{0}, 0};
constexpr core::TopicPartition kSecondPartition{core::TopicId{0}, 1};

Timeline decided_run(const std::string& more, core::Duration when) {
  Timeline run{shared_scenario(std::string{kTwoPartitions} + more)};
  run.seek_time(core::Instant{when});
  return run;
}

const core::Sender& sender_in(const Timeline& run) {
  return run.world().processes[0].producer.sender();
}

template <class Event>
Event last_of(const Timeline& run) {
  std::optional<Event> last;
  for (const TraceEvent& event : run.past()) {
    if (const auto* one = event.as<Event>()) last = *one;
  }
  return last.value();
}

// Which terms, turned round alone, make the difference.
template <class Flip>
std::vector<std::string> the_ones(const std::vector<Flip>& flips) {
  std::vector<std::string> names;
  for (const Flip& flip : flips) {
    if (flip.changes_outcome) names.emplace_back(word(flip.term));
  }
  return names;
}
using Names = std::vector<std::string>;

// --- Nodes ---

// One request at a time: the second batch waits for the first one's answer, two milliseconds each
// way, although its partition is ready.
const std::string kOneInFlight = R"([producer]
max.in.flight.requests.per.connection = 1
[[thread]]
name = "A"
run = [
  { send = "orders", partition = 0, value_size = 100 },
  { at = "1ms", send = "orders", partition = 1, value_size = 100 },
]
)";

TEST(DecisionFlip, ANodeWithAFullWindowTakesDataIfItCouldSendMore) {
  const Timeline run = decided_run(kOneInFlight, 1ms);
  const core::NodeDecision& node = sender_in(run).last_node_decisions().at(core::NodeId{0});
  EXPECT_FALSE(node.ready);
  EXPECT_EQ(the_ones(flip_terms(node)), Names{"can send more"});
}

TEST(DecisionFlip, ANodeThatTakesDataDoesNotWithoutAnyOfTheTerms) {
  const Timeline run = decided_run(kOneInFlight, 0ms);
  const core::NodeDecision& node = sender_in(run).last_node_decisions().at(core::NodeId{0});
  EXPECT_TRUE(node.ready);
  EXPECT_EQ(the_ones(flip_terms(node)).size(), static_cast<std::size_t>(kNodeTerms));
}

// --- Retries ---

std::string refused_with(const std::string& error, const std::string& settings = "") {
  return "[producer]\n" + settings + R"(
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }]
[[fault]]
at = "0ms"
fail_produce = { partition = "orders-0", error = ")" +
         error + "\", times = 1 }\n";
}

TEST(DecisionFlip, ABatchThatIsTriedAgainIsNotWithoutAnyOfTheTerms) {
  const Timeline run = decided_run(refused_with("NOT_ENOUGH_REPLICAS"), 5ms);
  const auto flips =
      flip_terms(last_of<core::RetryDecision>(run), run.world().processes[0].producer.config());
  EXPECT_EQ(the_ones(flips),
            (Names{"done already", "delivery timeout passed", "attempts left", "retriable"}));
}

TEST(DecisionFlip, WhatIsNotRetriableIsGivenUpForThatAlone) {
  const Timeline run = decided_run(refused_with("INVALID_RECORD"), 5ms);
  const auto flips =
      flip_terms(last_of<core::RetryDecision>(run), run.world().processes[0].producer.config());
  EXPECT_EQ(the_ones(flips), Names{"retriable"});
}

TEST(DecisionFlip, WithoutAttemptsLeftTheErrorIsNotAskedForButWouldBe) {
  for (const bool is_retriable : {true, false}) {
    const Timeline run =
        decided_run(refused_with(is_retriable ? "NOT_ENOUGH_REPLICAS" : "INVALID_RECORD",
                                 "retries = 0\nenable.idempotence = false"),
                    5ms);
    const auto decision = last_of<core::RetryDecision>(run);
    EXPECT_FALSE(decision.retry);
    EXPECT_EQ(the_ones(flip_terms(decision, run.world().processes[0].producer.config())),
              is_retriable ? Names{"attempts left"} : Names{});
  }
}

// --- The sleep ---

TEST(DecisionFlip, TheShortestOfTheTimesIsTheOneWithoutWhichTheSenderSleepsForLonger) {
  const Timeline run = decided_run(R"([producer]
linger.ms = 50
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }]
)",
                                   1ms);
  const core::SleepDecision& sleep = sender_in(run).last_sleep();
  EXPECT_EQ(sleep.timeout, 50ms);
  const auto flips = flip_terms(sleep);
  EXPECT_EQ(the_ones(flips), (Names{"a node is ready", "next ready check"}));
  EXPECT_EQ(flips[1].then->timeout, sleep.next_expiry);
  EXPECT_EQ(flips[1].then->decided_by, core::SleepReason::NextExpiry);
  EXPECT_FALSE(flips[2].then) << "no node that is not ready bounds it";
}

// --- The drain ---

FlippedDrain drain_of(const Timeline& run, core::TopicPartition partition) {
  return flip_drain(run.world(), core::ProducerIndex{0}, partition);
}

TEST(DrainFlip, WhatWaitsForTheNodeIsTakenIfTheNodeTookData) {
  const FlippedDrain drain = drain_of(decided_run(kOneInFlight, 1ms), kSecondPartition);
  EXPECT_EQ(drain.now.left_by, DrainTerm::NodeNotReady);
  EXPECT_EQ(the_ones(drain.flips), Names{"node takes no data"});
}

TEST(DrainFlip, WhatLingersIsTakenIfAnotherPartitionOfItsNodeWereReady) {
  const FlippedDrain drain = drain_of(decided_run(R"([producer]
linger.ms = 50
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }]
)",
                                                  10ms),
                                      kFirstPartition);
  EXPECT_EQ(drain.now.left_by, DrainTerm::NothingReady);
  EXPECT_EQ(the_ones(drain.flips), Names{"nothing ready for its node"});
}

TEST(DrainFlip, WhatTwoTermsHoldBackIsLeftWhicheverIsTurnedRoundAlone) {
  const Timeline run = decided_run(R"([producer]
max.in.flight.requests.per.connection = 1
[[thread]]
name = "A"
run = [
  { send = "orders", partition = 0, value_size = 100 },
  { at = "1ms", send = "orders", partition = 0, value_size = 100 },
]
)",
                                   1ms);
  const FlippedDrain drain = drain_of(run, kFirstPartition);
  EXPECT_FALSE(drain.now.is_taken);
  EXPECT_TRUE(drain.held[static_cast<std::size_t>(DrainTerm::Muted)]);
  EXPECT_TRUE(drain.held[static_cast<std::size_t>(DrainTerm::NodeNotReady)]);
  EXPECT_EQ(the_ones(drain.flips), Names{}) << "it is muted, and its node's window is full";
}

const std::string kRefusedOnce = refused_with("NOT_ENOUGH_REPLICAS", "retry.backoff.ms = 20");

TEST(DrainFlip, ABatchThatBacksOffIsTakenIfItDidNot) {
  const FlippedDrain drain = drain_of(decided_run(kRefusedOnce, 10ms), kFirstPartition);
  EXPECT_FALSE(drain.now.is_taken);
  EXPECT_TRUE(drain.held[static_cast<std::size_t>(DrainTerm::BackingOff)]);
  EXPECT_EQ(the_ones(drain.flips), Names{"backing off"});
}

TEST(DrainFlip, ARequestThatIsFullLeavesTheSecondPartitionForTheNextOne) {
  // Both become ready at the same instant; together they are larger than max.request.size.
  Timeline run = decided_run(R"([producer]
linger.ms = 5
max.request.size = 700
batch.size = 600
[[thread]]
name = "A"
run = [
  { send = "orders", partition = 0, value_size = 400 },
  { send = "orders", partition = 1, value_size = 400 },
]
)",
                             4999us);
  // One microsecond before the sender looks nothing is ready yet: it is asked when it is.
  World due = run.world();
  due.now = core::Instant{5ms};
  const auto first = flip_drain(due, core::ProducerIndex{0}, kFirstPartition);
  const auto second = flip_drain(due, core::ProducerIndex{0}, kSecondPartition);
  const FlippedDrain& left = first.now.is_taken ? second : first;
  const FlippedDrain& taken = first.now.is_taken ? first : second;
  EXPECT_TRUE(taken.now.is_taken);
  EXPECT_EQ(left.now.left_by, DrainTerm::RequestFull);
  EXPECT_EQ(the_ones(left.flips), Names{"request full"});
}

TEST(DrainFlip, TheProducerIsLeftAsItWas) {
  const Timeline run = decided_run(kRefusedOnce, 10ms);
  drain_of(run, kFirstPartition);
  const auto& accumulator = run.world().processes[0].producer.accumulator();
  EXPECT_EQ(accumulator.queue(kFirstPartition)->batches.size(), 1U);
  EXPECT_TRUE(accumulator.queue(kFirstPartition)->last_decision->backing_off);
}

// --- What is said is what happens ---

// Lessons with retries, memory, mutes, transactions, sizes, throttling.
constexpr const char* kSomeLessons[] = {"draining", "retries", "order", "memory", "transactions"};

std::vector<std::string> some_lessons() {
  std::vector<std::string> files;
  const std::filesystem::path top{LINGER_SOURCE_DIR};
  for (const char* topic : kSomeLessons) {
    const std::filesystem::path folder = top / "scenarios" / topic;
    if (!std::filesystem::exists(folder)) continue;
    std::vector<std::string> of_topic;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
      const std::string file = entry.path().string();
      if (file.ends_with(".toml") && !file.ends_with(".zh.toml")) of_topic.push_back(file);
    }
    std::ranges::sort(of_topic);
    of_topic.resize(std::min<std::size_t>(of_topic.size(), 4));
    files.insert(files.end(), of_topic.begin(), of_topic.end());
  }
  return files;
}

// A pass that begins with the look at the deques: nothing that arrived has changed them before.
bool begins_with_a_look(std::span<const TraceEvent> events) {
  for (const TraceEvent& event : events) {
    if (event.as<core::DrainDecision>() != nullptr) return true;
    const bool is_a_look = event.as<core::SenderPassStarted>() != nullptr ||
                           event.as<core::ReadinessDecision>() != nullptr ||
                           event.as<core::NodeDecision>() != nullptr;
    if (!is_a_look) return false;
  }
  return false;
}

struct Compared {
  int drains = 0;
  int left = 0;
  int sleeps = 0;
  int nodes = 0;
};

void compare_drains(Timeline& run, Compared& compared) {
  const World before = run.world();
  if (!run.step_forward()) return;
  const auto events = run.events_of(run.cursor() - 1);
  if (!begins_with_a_look(events)) return;
  World due = before;
  due.now = run.world().now;
  for (const TraceEvent& event : events) {
    const auto* decision = event.as<core::DrainDecision>();
    if (decision == nullptr || !event.producer) continue;
    const FlippedDrain said = flip_drain(due, *event.producer, decision->partition);
    ASSERT_TRUE(said.now.decision) << run.scenario().file << " step " << run.cursor();
    EXPECT_EQ(said.now.decision->verdict, decision->verdict);
    EXPECT_EQ(said.now.decision->batch, decision->batch);
    ++compared.drains;
    compared.left += decision->verdict == core::DrainVerdict::Taken ? 0 : 1;
  }
}

// What is said of decisions that were made follows from the terms that are told. That it is what
// happens is a law of every run, see sim/decision_laws.h.
void compare_decisions(const Timeline& run, Compared& compared) {
  for (std::size_t i = 0; i < run.trace().size(); ++i) {
    const TraceEvent& event = run.trace()[i];
    if (const auto* node = event.as<core::NodeDecision>()) {
      const auto flips = flip_terms(*node);
      // Who takes data does not without any of the terms; who takes none has one to blame, or more.
      const auto count = the_ones(flips).size();
      EXPECT_TRUE(node->ready ? count == kNodeTerms : count <= 1);
      ++compared.nodes;
    }
    if (const auto* decision = event.as<core::SleepDecision>()) {
      for (const SleepFlip& flip : flip_terms(*decision)) {
        const bool is_bound = holds(flip.term, *decision);
        if (!flip.then || !is_bound) continue;
        EXPECT_GE(flip.then->timeout, decision->timeout);
      }
      ++compared.sleeps;
    }
  }
}

TEST(DecisionFlip, WhatIsSaidOfADecisionIsWhatHappensInTheLessons) {
  Compared compared;
  for (const std::string& file : some_lessons()) {
    const auto parsed = load_scenario(file);
    Timeline run{std::make_shared<const Scenario>(std::get<Scenario>(parsed))};
    while (!run.is_over()) compare_drains(run, compared);
    compare_decisions(run, compared);
  }
  EXPECT_GT(compared.drains, 50);
  EXPECT_GT(compared.left, 5);
  EXPECT_GT(compared.sleeps, 50);
  EXPECT_GT(compared.nodes, 20);
}

}  // namespace
}  // namespace linger::sim
