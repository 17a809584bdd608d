// What a whole simulated world costs: records a second, a checkpoint, a seek.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "core/producer_config.h"
#include "sim/scenario.h"
#include "sim/timeline.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {
namespace {

std::shared_ptr<const Scenario> steady_load(std::int32_t partitions, std::int64_t records) {
  auto scenario = std::make_shared<Scenario>();
  scenario->cluster.brokers = 1;
  TopicSpec topic;
  topic.name = "t";
  topic.leaders.assign(static_cast<std::size_t>(partitions), NodeId{0});
  scenario->cluster.topics = {topic};
  scenario->topics = core::TopicNames{{"t"}};
  scenario->warm = true;
  ProducerSpec producer;
  producer.config = std::get<core::ResolvedConfig>(
      core::resolve({{"acks", "1"}, {"linger.ms", "5"}}, core::Era::V3_9));
  scenario->producers = {producer};
  AppThreadSpec thread;
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    SendAction send;
    send.topic = "t";
    send.partition = partition;
    send.count = records / partitions;
    send.every = std::chrono::microseconds{10};
    AppThreadSpec one = thread;
    one.program = {send};
    scenario->threads.push_back(one);
  }
  return scenario;
}

// Arguments: partitions, whether the trace is kept.
void BM_WholeWorld(benchmark::State& state) {
  const auto scenario = steady_load(static_cast<std::int32_t>(state.range(0)), 16'384);
  std::int64_t records = 0;
  for (auto _ : state) {
    World world{scenario};
    TraceSink trace;
    trace.is_on = state.range(1) != 0;
    while (step(world, trace)) {
    }
    records += world.counts.acknowledged;
  }
  state.SetItemsProcessed(records);
}
BENCHMARK(BM_WholeWorld)
    ->ArgNames({"partitions", "trace"})
    ->ArgsProduct({{1, 16, 256}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

// A copy of the world, and the first change to it, when so many records have been sent.
void BM_Checkpoint(benchmark::State& state) {
  World world{steady_load(static_cast<std::int32_t>(state.range(0)), state.range(1))};
  TraceSink off;
  off.is_on = false;
  while (world.counts.sent < state.range(1) / 2 && step(world, off)) {
  }
  for (auto _ : state) {
    World copy = world;
    benchmark::DoNotOptimize(step(copy, off));
  }
}
BENCHMARK(BM_Checkpoint)
    ->ArgNames({"partitions", "records"})
    ->ArgsProduct({{3, 16, 256}, {1'000, 100'000}})
    ->Unit(benchmark::kMicrosecond);

// A jump to somewhere in a run of so many records.
void BM_Seek(benchmark::State& state) {
  Timeline timeline{steady_load(16, state.range(0))};
  timeline.run_to_end();
  const std::int64_t steps = timeline.frontier();
  std::int64_t target = 0;
  for (auto _ : state) {
    target = (target + 7'919) % steps;
    timeline.seek(target);
  }
  state.counters["steps"] = static_cast<double>(steps);
}
BENCHMARK(BM_Seek)->ArgName("records")->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace linger::sim
