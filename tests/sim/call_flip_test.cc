#include "sim/call_flip.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sim/timeline.h"
#include "support/scenarios.h"
#include "support/two_partitions.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::BlockedOn;
using Names = std::vector<std::string>;

constexpr core::ThreadId kFirstThread{0};
constexpr core::ThreadId kSecondThread{1};

World world_at(const std::string& more, core::Duration when) {
  Timeline run{shared_scenario(std::string{kTwoPartitions} + more)};
  run.seek_time(core::Instant{when});
  return run.world();
}

FlippedCall flipped(const World& world, core::ThreadId thread = kFirstThread) {
  const auto call = flip_call(world, thread);
  if (!call) throw std::invalid_argument{"the thread is not held"};
  return *call;
}

std::optional<CallGoing> going_if(const FlippedCall& call, CallTerm term) {
  const auto flip = std::ranges::find(call.flips, term, &CallFlip::term);
  if (flip == call.flips.end()) throw std::invalid_argument{std::string{word(term)}};
  return flip->then;
}

Names the_ones(const FlippedCall& call) {
  Names names;
  for (const CallFlip& flip : call.flips) {
    if (flip.changes_outcome) names.emplace_back(word(flip.term));
  }
  return names;
}

Names held(const FlippedCall& call) {
  Names names;
  for (std::size_t i = 0; i < call.flips.size(); ++i) {
    if (call.held[i]) names.emplace_back(word(call.flips[i].term));
  }
  return names;
}

// --- Memory ---

// Two buffers, both taken; A wants a third and B a fourth.
const std::string kLine = R"([producer]
batch.size = 1000
buffer.memory = 2000
linger.ms = 20
[[thread]]
name = "A"
run = [
  { send = "orders", partition = 0, value_size = 100 },
  { send = "orders", partition = 1, value_size = 100 },
  { send = "orders", partition = 0, value_size = 900 },
]
[[thread]]
name = "B"
run = [{ at = "1ms", send = "orders", partition = 1, value_size = 900 }]
)";

TEST(CallFlip, TheFirstInLineGoesOnIfMemoryWereFree) {
  const FlippedCall call = flipped(world_at(kLine, 2ms));
  EXPECT_EQ(call.on, BlockedOn::Memory);
  EXPECT_EQ(held(call), Names{"first in line"});
  EXPECT_EQ(going_if(call, CallTerm::MemoryFree), CallGoing::GoesOn);
  EXPECT_EQ(going_if(call, CallTerm::FirstInLine), CallGoing::WaitsOn) << "nothing is free";
  EXPECT_EQ(going_if(call, CallTerm::TimeIsUp), CallGoing::Fails);
  EXPECT_EQ(the_ones(call), (Names{"memory is free", "its time is up"}));
}

TEST(CallFlip, TheSecondInLineIsHelpedByNeitherAlone) {
  const FlippedCall call = flipped(world_at(kLine, 2ms), kSecondThread);
  EXPECT_EQ(held(call), Names{});
  EXPECT_EQ(going_if(call, CallTerm::MemoryFree), CallGoing::WaitsOn) << "the first takes it";
  EXPECT_EQ(going_if(call, CallTerm::FirstInLine), CallGoing::WaitsOn) << "nothing is free";
  EXPECT_EQ(the_ones(call), Names{"its time is up"});
}

// Before KAFKA-3651 A stays in the line when it gives up, at 5 ms, and takes the signals of 20 ms,
// when both buffers come back.
TEST(CallFlip, BehindOneWhoGaveUpOnlyThePlaceInTheLineIsMissing) {
  const World world = world_at(R"([producer]
batch.size = 1000
buffer.memory = 2000
max.block.ms = 5
[[thread]]
name = "A"
run = [
  { send = "orders", partition = 0, value_size = 100 },
  { send = "orders", partition = 1, value_size = 100 },
  { send = "orders", partition = 0, value_size = 900 },
]
[[thread]]
name = "B"
run = [{ at = "17ms", send = "orders", partition = 1, value_size = 1700 }]
[[fault]]
at = "0ms"
slow_broker = { broker = 0, extra = "16ms" }
[rules]
"KAFKA-3651" = false
"KAFKA-4840" = false
)",
                               21ms);
  const FlippedCall call = flipped(world, kSecondThread);
  EXPECT_EQ(held(call), Names{"memory is free"});
  EXPECT_EQ(the_ones(call), (Names{"first in line", "its time is up"}));
  EXPECT_EQ(going_if(call, CallTerm::FirstInLine), CallGoing::GoesOn);
}

TEST(CallFlip, TheProducerIsLeftAsItWas) {
  const World world = world_at(kLine, 2ms);
  const core::BufferPool& pool = world.processes[0].producer.accumulator().pool();
  const core::Bytes available = pool.available();
  flipped(world, kSecondThread);
  EXPECT_EQ(pool.available(), available);
  EXPECT_EQ(pool.waiter_count(), 2);
}

// --- Metadata ---

TEST(CallFlip, ACallThatWaitsForMetadataGoesOnIfTheTopicWereKnown) {
  const World world = world_at(R"(
[[thread]]
name = "A"
run = [{ send = "orders", partition = 1, value_size = 100 }]
[[fault]]
at = "0ms"
silent = { broker = 0 }
)",
                               1ms);
  World cold = world;
  EXPECT_FALSE(flip_call(world, kFirstThread)) << "it is warm: nothing holds it";
  Scenario scenario = *cold.scenario;
  scenario.warm = false;
  Timeline run{std::make_shared<const Scenario>(std::move(scenario))};
  run.seek_time(core::Instant{1ms});
  const FlippedCall call = flipped(run.world());
  EXPECT_EQ(call.on, BlockedOn::Metadata);
  EXPECT_EQ(going_if(call, CallTerm::TopicKnown), CallGoing::GoesOn);
  EXPECT_EQ(going_if(call, CallTerm::TimeIsUp), CallGoing::Fails);
}

TEST(CallFlip, ARecordForAPartitionThatIsNotThereWaitsForThatPartition) {
  const FlippedCall call = flipped(world_at(R"(
[[thread]]
name = "A"
run = [{ send = "orders", missing_partition = 7, value_size = 100 }]
)",
                                            10ms));
  EXPECT_EQ(held(call), Names{"the topic is known"});
  EXPECT_EQ(going_if(call, CallTerm::PartitionKnown), CallGoing::GoesOn);
  EXPECT_EQ(the_ones(call), (Names{"the partition is known", "its time is up"}));
}

// --- The others: one term each ---

TEST(CallFlip, EachOfTheOtherCallsGoesOnIfItsOneTermWereOtherwise) {
  const std::string slow = "[producer]\nlinger.ms = 50\n[[thread]]\nname = \"A\"\nrun = [";
  const struct {
    std::string scenario;
    core::Duration at;
    BlockedOn on;
    CallTerm term;
  } kCases[] = {
      {slow + "{ send = \"orders\", partition = 0, value_size = 100 }, { flush = true }]\n", 1ms,
       BlockedOn::Flush, CallTerm::BatchesComplete},
      {slow + "{ send = \"orders\", partition = 0, value_size = 100, wait = true }]\n", 1ms,
       BlockedOn::Future, CallTerm::FateKnown},
      {slow + "{ send = \"orders\", partition = 0, value_size = 100 }, { close = \"30s\" }]\n", 1ms,
       BlockedOn::SenderExit, CallTerm::SenderStopped},
      {"[producer]\ntransactional.id = \"t\"\n[[thread]]\nname = \"A\"\n"
       "run = [{ init_transactions = true }]\n",
       1ms, BlockedOn::Transaction, CallTerm::Answered},
      {"[producer]\n[producer.value_serializer]\ntakes = \"10ms\"\n[[thread]]\nname = \"A\"\n"
       "run = [{ send = \"orders\", partition = 0, value_size = 100 }]\n",
       1ms, BlockedOn::UserCode, CallTerm::CodeReturned},
      {"[producer]\nbatch.size = 0\n[[thread]]\nname = \"A\"\n"
       "run = [{ send = \"orders\", value_size = 100 }]\n[rules]\n\"KAFKA-14303\" = false\n",
       1ms, BlockedOn::EndlessLoop, CallTerm::PartitionFound},
  };
  for (const auto& one : kCases) {
    const FlippedCall call = flipped(world_at(one.scenario, one.at));
    EXPECT_EQ(call.on, one.on) << word(one.term);
    EXPECT_EQ(held(call), Names{}) << word(one.term);
    EXPECT_EQ(going_if(call, one.term), CallGoing::GoesOn) << word(one.term);
  }
}

TEST(CallFlip, AThreadThatIsNotHeldHasNoTerms) {
  EXPECT_FALSE(flip_call(world_at("[[thread]]\nname = \"A\"\nrun = [{ sleep = \"1s\" }]\n", 1ms),
                         kFirstThread));
}

}  // namespace
}  // namespace linger::sim
