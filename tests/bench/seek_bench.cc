// What it costs a viewer to go anywhere in a long run.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/random.h"
#include "figure.h"
#include "sim/scenario_parser.h"
#include "viz/panel_stack.h"
#include "viz/viewer_state.h"

namespace linger::viz {
namespace {

constexpr std::size_t kMillion = 1'000'000;

// A thread for each of sixteen partitions, which sends a record of 100 bytes every so often.
std::string steady_scenario() {
  std::string toml = R"(
warm = true
[cluster]
brokers = 3
[[topic]]
name = "t"
partitions = 16
[producer]
linger.ms = 5
)";
  for (int partition = 0; partition < 16; ++partition) {
    toml += "[[thread]]\nname = \"T" + std::to_string(partition) +
            "\"\nrun = [{ send = \"t\", partition = " + std::to_string(partition) +
            ", count = 1000000, every = \"10us\", value_size = 100 }]\n";
  }
  return toml;
}

// A million events are known, and Why lies in front.
ViewerState long_viewer() {
  auto parsed = sim::parse_scenario(steady_scenario(), "steady.toml");
  ViewerState state{
      std::make_shared<const sim::Scenario>(std::get<sim::Scenario>(std::move(parsed)))};
  while (state.timeline().trace().size() < kMillion) {
    handle(state, SeekStep{state.timeline().frontier() + 10'000});
  }
  if (front_panel(state) != Panel::Readiness) handle(state, TogglePanel{Panel::Readiness});
  return state;
}

void seek(benchmark::State& bench, ViewerState& state, const char* what) {
  core::Random random{1, core::RandomStream::Applications, 0};
  std::vector<double> seconds;
  for (auto _ : bench) {
    const std::int64_t step = random.uniform(0, state.timeline().frontier());
    seconds.push_back(bench::seconds_of([&] { handle(state, SeekStep{step}); }));
    if (!state.why) bench.SkipWithError("nothing was looked into");
  }
  std::sort(seconds.begin(), seconds.end());
  bench::report(
      bench,
      {.what = std::string{"the viewer's seek in a million events, "} + what + ", the 99th of 100",
       .unit = "milliseconds",
       .wanted = bench::Wanted::AtMost,
       .target = 16},
      seconds[seconds.size() * 99 / 100] * 1e3);
}

void BM_ViewerSeek(benchmark::State& bench) {
  ViewerState state = long_viewer();
  seek(bench, state, "Why in front");
}
BENCHMARK(BM_ViewerSeek)->Iterations(1'000)->Unit(benchmark::kMillisecond);

// Why it was drained is looked up in the world of then.
void BM_ViewerSeekOfABatch(benchmark::State& bench) {
  ViewerState state = long_viewer();
  const auto batches = static_cast<std::int64_t>(state.world().processes[0].batches.size());
  handle(state, Select{BatchRef{core::ProducerIndex{0}, core::BatchId{batches / 4}}});
  seek(bench, state, "a batch selected");
}
BENCHMARK(BM_ViewerSeekOfABatch)->Iterations(1'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace linger::viz
