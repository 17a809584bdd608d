// What the viewer's view model costs for a frame, where there is much to show.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <variant>

#include "figure.h"
#include "sim/scenario_parser.h"
#include "viz/batch_chart_view.h"
#include "viz/comparison_view.h"
#include "viz/event_list_view.h"
#include "viz/future_view.h"
#include "viz/inspector_view.h"
#include "viz/law_view.h"
#include "viz/ledger_view.h"
#include "viz/lesson_view.h"
#include "viz/pipeline_view.h"
#include "viz/plots_view.h"
#include "viz/readiness_view.h"
#include "viz/record_bytes_view.h"
#include "viz/replica_view.h"
#include "viz/run_tree_view.h"
#include "viz/scene.h"
#include "viz/sequence_view.h"
#include "viz/status_view.h"
#include "viz/time_axis.h"
#include "viz/timeline_view.h"
#include "viz/viewer_state.h"
#include "viz/why_view.h"
#include "viz/wire_bytes_view.h"

namespace linger::viz {
namespace {

// 256 partitions on four brokers that have fallen silent: 2,000 batches are alive, some of them in
// flight. Before that 20,000 records were acknowledged, so that the trace is a long one.
std::string crowded_scenario(int replicas) {
  std::string toml = R"(
warm = true
[cluster]
brokers = 4
[[topic]]
name = "t"
partitions = 256
replicas = )" + std::to_string(replicas) +
                     R"(
[network]
latency = "1ms"
[producer]
batch.size = 1000
linger.ms = 5
buffer.memory = 67108864
delivery.timeout.ms = 120000
)";
  for (int broker = 0; broker < 4; ++broker) {
    toml += "[[fault]]\nat = \"200ms\"\nsilent = { broker = " + std::to_string(broker) +
            ", for = \"60s\" }\n";
  }
  for (int partition = 0; partition < 256; ++partition) {
    const std::string to = "send = \"t\", partition = " + std::to_string(partition);
    toml += "[[thread]]\nname = \"T" + std::to_string(partition) + "\"\nrun = [\n  { " + to +
            ", count = 80, every = \"2ms\", value_size = 20 },\n  { at = \"210ms\", " + to +
            ", count = 8, every = \"1ms\", value_size = 900 },\n]\n";
  }
  return toml;
}

ViewerState crowded_viewer(int replicas = 1) {
  auto parsed = sim::parse_scenario(crowded_scenario(replicas), "crowded.toml");
  ViewerState state{
      std::make_shared<const sim::Scenario>(std::get<sim::Scenario>(std::move(parsed)))};
  handle(state, SeekTime{core::Instant{std::chrono::milliseconds{230}}});
  advance(state, 10);
  return state;
}

// The picture, and all panels around it, but for what is kept while nothing moves.
void look_at_all(const ViewerState& state) {
  const Scene now = scene(state);
  benchmark::DoNotOptimize(status_view(state));
  benchmark::DoNotOptimize(narration_view(state));
  benchmark::DoNotOptimize(lesson_view(state));
  benchmark::DoNotOptimize(pipeline_view(now));
  benchmark::DoNotOptimize(batch_inspector_view(now));
  benchmark::DoNotOptimize(why_view(now, state.why ? &*state.why : nullptr));
  const LaneRef lane = lane_in_focus(now).value();
  benchmark::DoNotOptimize(readiness_view(now, lane));
  benchmark::DoNotOptimize(drain_view(now, lane));
  benchmark::DoNotOptimize(sleep_view(now, lane.producer));
  benchmark::DoNotOptimize(node_views(now, lane.producer));
  benchmark::DoNotOptimize(record_ledger_view(now, state.record_filter, {}));
  benchmark::DoNotOptimize(event_list_view(now, state.streams, {}));
  benchmark::DoNotOptimize(future_view(now));
  benchmark::DoNotOptimize(law_view(state));
  benchmark::DoNotOptimize(timeline_view(now, 1200));
}

// What one chart after the other shows in the picture's place.
void look_at_charts(const ViewerState& state) {
  const Scene now = scene(state);
  const Stretch stretch = stretch_around(now.index, now.at, state.time_halvings);
  constexpr int kPlaces = 1200;
  benchmark::DoNotOptimize(batch_chart_view(now, stretch, {}, kPlaces));
  benchmark::DoNotOptimize(sequence_view(now, {}));
  benchmark::DoNotOptimize(plots_view(now, stretch, kPlaces, Future::Shown));
  const auto& tap = state.branches[state.branch].tap;
  benchmark::DoNotOptimize(wire_bytes_view(now, tap ? &*tap : nullptr, {}));
  benchmark::DoNotOptimize(record_bytes_view(now));
}

void look_at_runs(const ViewerState& state) {
  benchmark::DoNotOptimize(comparison_view(state, 20));
  benchmark::DoNotOptimize(run_tree_view(state));
}

void look_at_replicas(const ViewerState& state) {
  const Scene now = scene(state);
  benchmark::DoNotOptimize(pipeline_view(now));
  benchmark::DoNotOptimize(replicas_inspector_view(now));
}

template <class Look>
void measure(benchmark::State& bench, const ViewerState& state, const char* what, Look look) {
  double spent = 0;
  for (auto _ : bench) {
    const double began = bench::processor_time();
    look(state);
    spent += bench::processor_time() - began;
  }
  bench::report(bench,
                {.what = std::string{"view model of a frame, "} + what,
                 .unit = "ms",
                 .wanted = bench::Wanted::AtMost,
                 .target = 2},
                spent * 1e3 / static_cast<double>(bench.iterations()));
}

std::size_t live_batches(const ViewerState& state) {
  return state.world().processes[0].producer.accumulator().incomplete().size();
}

void BM_ViewModel(benchmark::State& bench) {
  ViewerState state = crowded_viewer();
  handle(state, TogglePanel{Panel::Laws});
  if (live_batches(state) < 2'000) bench.SkipWithError("there are fewer than 2,000 live batches");
  measure(bench, state, "256 partitions, 2,000 batches", look_at_all);
}
BENCHMARK(BM_ViewModel)->Iterations(50)->Unit(benchmark::kMillisecond);

void BM_ViewModelOfAThread(benchmark::State& bench) {
  ViewerState state = crowded_viewer();
  handle(state, Select{core::ThreadId{7}});
  measure(bench, state, "the same, a thread selected", look_at_all);
}
BENCHMARK(BM_ViewModelOfAThread)->Iterations(50)->Unit(benchmark::kMillisecond);

void BM_ViewModelOfABatch(benchmark::State& bench) {
  ViewerState state = crowded_viewer();
  const auto batches = state.world().processes[0].producer.accumulator().incomplete();
  handle(state, Select{BatchRef{core::ProducerIndex{0}, batches.front()}});
  measure(bench, state, "the same, a batch selected", look_at_all);
}
BENCHMARK(BM_ViewModelOfABatch)->Iterations(50)->Unit(benchmark::kMillisecond);

void BM_ViewModelOfCharts(benchmark::State& bench) {
  ViewerState state = crowded_viewer();
  handle(state, TogglePanel{Panel::Bytes});
  measure(bench, state, "its four charts and a record's bytes together", look_at_charts);
}
BENCHMARK(BM_ViewModelOfCharts)->Iterations(50)->Unit(benchmark::kMillisecond);

void BM_ViewModelOfRuns(benchmark::State& bench) {
  ViewerState state = crowded_viewer();
  handle(state, ForkWith{"linger.ms=20"});
  handle(state, SeekTime{core::Instant{std::chrono::milliseconds{230}}});
  if (state.branches.size() != 2) bench.SkipWithError("there is no second run");
  measure(bench, state, "two such runs compared, and the tree of runs", look_at_runs);
}
BENCHMARK(BM_ViewModelOfRuns)->Iterations(50)->Unit(benchmark::kMillisecond);

void BM_ViewModelOfReplicas(benchmark::State& bench) {
  ViewerState state = crowded_viewer(3);
  handle(state, Select{core::NodeId{0}});
  measure(bench, state, "the picture with three replicas of each, and a broker's",
          look_at_replicas);
}
BENCHMARK(BM_ViewModelOfReplicas)->Iterations(50)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace linger::viz
