// What a whole simulated world costs: records a second, its trace, a checkpoint, a long timeline.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/producer_config.h"
#include "core/random.h"
#include "figure.h"
#include "sim/event_queue.h"
#include "sim/explorer.h"
#include "sim/random_check.h"
#include "sim/scenario.h"
#include "sim/timeline.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {
namespace {

using bench::Wanted;

struct SteadyLoad {
  std::int32_t brokers = 1;
  std::int32_t partitions = 1;
  std::int64_t linger_ms = 0;
  std::int64_t records = 0;
  std::int64_t records_per_ms = 1000;
};

// A thread for each partition, which sends records of 100 bytes at its share of the load.
std::shared_ptr<const Scenario> scenario_of(const SteadyLoad& load) {
  auto scenario = std::make_shared<Scenario>();
  scenario->cluster.brokers = load.brokers;
  TopicSpec topic;
  topic.name = "t";
  for (std::int32_t i = 0; i < load.partitions; ++i) {
    topic.leaders.push_back(NodeId{i % load.brokers});
  }
  scenario->cluster.topics = {topic};
  scenario->topics = core::TopicNames{{"t"}};
  scenario->warm = true;
  ProducerSpec producer;
  producer.config = std::get<core::ResolvedConfig>(core::resolve(
      {{"acks", "1"}, {"linger.ms", std::to_string(load.linger_ms)}}, core::Era::V3_9));
  producer.callbacks = {UserCode{}};
  scenario->producers = {producer};
  for (std::int32_t partition = 0; partition < load.partitions; ++partition) {
    SendAction send;
    send.topic = "t";
    send.partition = partition;
    send.count = load.records / load.partitions;
    send.every = std::chrono::microseconds{1000 * load.partitions / load.records_per_ms};
    send.callback = core::CallbackId{0};
    AppThreadSpec thread;
    thread.program = {send};
    scenario->threads.push_back(thread);
  }
  return scenario;
}

enum class Kept { Nothing, Trace };

std::int64_t play(const std::shared_ptr<const Scenario>& scenario, Kept kept) {
  World world{scenario};
  TraceSink trace;
  trace.is_on = kept == Kept::Trace;
  while (step(world, trace)) {
  }
  return world.counts.acknowledged;
}

std::string partitions_text(std::int64_t partitions) {
  return std::to_string(partitions) + (partitions == 1 ? " partition" : " partitions");
}

// Arguments: records a millisecond, linger.ms, partitions.
void BM_WholeWorld(benchmark::State& state) {
  const auto scenario = scenario_of({.partitions = static_cast<std::int32_t>(state.range(2)),
                                     .linger_ms = state.range(1),
                                     .records = 16'384,
                                     .records_per_ms = state.range(0)});
  std::int64_t records = 0;
  for (auto _ : state) records = play(scenario, Kept::Nothing);
  bench::report_rate(
      state,
      {.what = "whole world, " + std::to_string(state.range(0)) + " a ms, linger " +
               std::to_string(state.range(1)) + ", " + partitions_text(state.range(2)),
       .unit = "million records/s"},
      static_cast<double>(records) / 1e6);
}
BENCHMARK(BM_WholeWorld)
    ->ArgNames({"per_ms", "linger_ms", "partitions"})
    ->ArgsProduct({{1000, 1}, {0, 5}, {1, 16, 256}})
    ->Unit(benchmark::kMillisecond);

// What a run costs that keeps its trace in memory, by one that does not. Arguments: linger.ms,
// partitions.
void BM_Trace(benchmark::State& state) {
  const auto scenario = scenario_of({.partitions = static_cast<std::int32_t>(state.range(1)),
                                     .linger_ms = state.range(0),
                                     .records = 16'384});
  play(scenario, Kept::Trace);  // so that its memory was used once
  double with = 0;
  double without = 0;
  for (auto _ : state) {
    with += bench::seconds_of([&] { play(scenario, Kept::Trace); });
    without += bench::seconds_of([&] { play(scenario, Kept::Nothing); });
  }
  bench::report(state,
                {.what = "whole world with its trace by one without, linger " +
                         std::to_string(state.range(0)) + ", " + partitions_text(state.range(1)),
                 .unit = "times",
                 .wanted = Wanted::AtMost,
                 .target = 1.33},
                with / without);
}
BENCHMARK(BM_Trace)
    ->ArgNames({"linger_ms", "partitions"})
    ->ArgsProduct({{0, 5}, {1, 16, 256}})
    ->Unit(benchmark::kMillisecond);

// A copy of the world in the middle of a run, and the first change to it. A class looks at three
// brokers and some hundred records. Argument: records.
void BM_Checkpoint(benchmark::State& state) {
  World world{
      scenario_of({.brokers = 3, .partitions = 6, .linger_ms = 5, .records = state.range(0)})};
  TraceSink off;
  off.is_on = false;
  while (world.counts.sent < state.range(0) / 2 && step(world, off)) {
  }
  double seconds = 0;
  std::int64_t copies = 0;
  for (auto _ : state) {
    constexpr int kAtATime = 100;
    seconds += bench::seconds_of([&] {
      for (int i = 0; i < kAtATime; ++i) {
        World copy = world;
        benchmark::DoNotOptimize(step(copy, off));
      }
    });
    copies += kAtATime;
  }
  bench::report(state,
                {.what = "checkpoint of a world of " + std::to_string(state.range(0)) + " records",
                 .unit = "microseconds",
                 .wanted = Wanted::AtMost,
                 .target = 50},
                seconds * 1e6 / static_cast<double>(copies));
}
BENCHMARK(BM_Checkpoint)->ArgName("records")->Arg(1'000)->Arg(100'000);

// --- A timeline of a million events ---

constexpr std::int64_t kMillion = 1'000'000;

double megabytes_in_use() {
  const auto now = mallinfo2();
  return static_cast<double>(now.uordblks + now.hblkhd) / 1e6;
}

std::unique_ptr<Timeline> long_timeline() {
  auto timeline = std::make_unique<Timeline>(
      scenario_of({.brokers = 3, .partitions = 16, .linger_ms = 5, .records = 10 * kMillion}));
  while (static_cast<std::int64_t>(timeline->trace().size()) < kMillion) timeline->step_forward();
  return timeline;
}

void BM_TimelineMemory(benchmark::State& state) {
  double megabytes = 0;
  for (auto _ : state) {
    const double before = megabytes_in_use();
    const auto timeline = long_timeline();
    megabytes = megabytes_in_use() - before;
  }
  bench::report(state,
                {.what = "timeline of a million events",
                 .unit = "megabytes",
                 .wanted = Wanted::AtMost,
                 .target = 500},
                megabytes);
}
BENCHMARK(BM_TimelineMemory)->Iterations(1)->Unit(benchmark::kMillisecond);

void BM_Seek(benchmark::State& state) {
  const auto timeline = long_timeline();
  core::Random random{1, core::RandomStream::Applications, 0};
  std::vector<double> seconds;
  for (auto _ : state) {
    const std::int64_t step = random.uniform(0, timeline->frontier());
    seconds.push_back(bench::seconds_of([&] { timeline->seek(step); }));
  }
  std::sort(seconds.begin(), seconds.end());
  bench::report(state,
                {.what = "a seek in it, the 99th of 100",
                 .unit = "milliseconds",
                 .wanted = Wanted::AtMost,
                 .target = 16},
                seconds[seconds.size() * 99 / 100] * 1e3);
}
BENCHMARK(BM_Seek)->Iterations(1'000)->Unit(benchmark::kMillisecond);

// --- Parts ---

// ns-3's core does 4.0 million events a second on such a machine, a plain binary heap 12.5.
void BM_EventQueue(benchmark::State& state) {
  constexpr std::int64_t kPending = 1'000;
  core::Random random{1, core::RandomStream::Applications, 0};
  EventQueue queue;
  const auto schedule = [&](Instant now, ConnectionId connection) {
    queue.push(now + Duration{random.uniform(1, 1'000)}, EventClass::Wire,
               WireEvent{LinkFree{connection, Direction::ToBroker}});
  };
  for (std::int32_t i = 0; i < kPending; ++i) schedule(Instant{}, ConnectionId{i});
  for (auto _ : state) {
    const Instant now = queue.next_at();
    const QueuedEvent event = queue.pop();
    schedule(now, std::get<LinkFree>(std::get<WireEvent>(event)).connection);
  }
  bench::report_rate(
      state, {.what = "event queue, 1,000 pending timers", .unit = "million events/s", .target = 8},
      1e-6);
}
BENCHMARK(BM_EventQueue);

// One record, which its broker may refuse once, at any moment, and all orders.
void BM_Explore(benchmark::State& state) {
  Scenario scenario = *scenario_of({.records = 1});
  scenario.network.link.latency = Duration{};
  scenario.producers.front().callbacks.clear();
  scenario.threads.front().program = [&] {
    SendAction send = std::get<SendAction>(scenario.threads.front().program.front());
    send.callback.reset();
    return std::vector<AppAction>{send};
  }();
  ExploreOptions options;
  options.faults = {FailProduce{{"t", 0}, core::ErrorCode::NotEnoughReplicas}};
  options.most_faults = 1;
  const auto explored = std::make_shared<const Scenario>(as_explored(std::move(scenario)));
  double seconds = 0;
  std::int64_t transitions = 0;
  for (auto _ : state) {
    seconds += bench::seconds_of([&] {
      const Exploration all = explore(explored, options);
      if (all.end != ExploreEnd::AllVisited) state.SkipWithError("not all was visited");
      transitions += all.figures.transitions;
    });
  }
  bench::report(state,
                {.what = "all orders of a small scenario: steps tried, laws and keys included",
                 .unit = "thousand/s",
                 .target = 100},
                static_cast<double>(transitions) / seconds * 1e-3);
}
BENCHMARK(BM_Explore);

void BM_RandomScenarios(benchmark::State& state) {
  std::uint64_t seed = 1;
  for (auto _ : state) {
    if (check_seed(seed++)) state.SkipWithError("a random scenario breaks a law");
  }
  bench::report_rate(
      state, {.what = "random small scenarios checked", .unit = "thousand/s", .target = 2}, 1e-3);
}
BENCHMARK(BM_RandomScenarios)->Iterations(1'000);

}  // namespace
}  // namespace linger::sim
