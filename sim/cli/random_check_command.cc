// linger check --random: scenarios that nobody wrote, under the laws.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/cli/commands.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/output_file.h"
#include "sim/cli/parallel.h"
#include "sim/cli/see_it.h"
#include "sim/random_check.h"
#include "sim/readable.h"
#include "sim/scenario_writer.h"

namespace linger::sim::cli {

namespace {

// Whoever runs many shards needs a few counterexamples, not thousands.
constexpr std::size_t kMostCounterexamples = 10;

// Those of one shard: every so-manieth.
std::vector<std::uint64_t> seeds_of(const RandomCheckArguments& random) {
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t i = 0; i < random.count; ++i) {
    if (i % random.shards == random.shard - 1) seeds.push_back(random.seed + i);
  }
  return seeds;
}

class Found {
 public:
  bool is_full() {
    const std::lock_guard lock{mutex_};
    return counterexamples_.size() >= kMostCounterexamples;
  }
  void add(Counterexample counterexample) {
    const std::lock_guard lock{mutex_};
    counterexamples_.push_back(std::move(counterexample));
  }
  // In the order of their seeds, whoever was quicker.
  std::vector<Counterexample> sorted() {
    std::sort(counterexamples_.begin(), counterexamples_.end(),
              [](const auto& a, const auto& b) { return a.seed < b.seed; });
    return std::move(counterexamples_);
  }

 private:
  std::mutex mutex_;
  std::vector<Counterexample> counterexamples_;
};

// Writes it down, and says how to look at it. False if it cannot be written.
bool report(Counterexample& found, const std::string& directory) {
  Scenario& scenario = found.scenario;
  const std::string at = readable_duration(found.broken.at.time_since_epoch());
  scenario.lesson.title = fmt::format("A broken law: {}", found.broken.name);
  scenario.lesson.text =
      fmt::format("At {}, step {}: {}. Made smaller from the random scenario {}.", at,
                  found.broken.step, found.broken.what, found.seed);
  const std::string file = fmt::format("{}/broken-{}.toml", directory, found.seed);
  const std::string text = scenario_text(scenario);
  OutputFile output{file};
  output.write(text);
  output.finish();
  fmt::print("{}: {} at {}: {}\n\n{}\n", found.seed, found.broken.name, at, found.broken.what,
             text);
  if (!output.error().empty()) {
    fmt::print(stderr, "linger: {}\n", output.error());
    return false;
  }
  fmt::print("see it in the viewer:  {}\nagain, with the laws:  linger run {} --laws\n\n",
             viewer_command(file, found.broken.step), file);
  return true;
}

}  // namespace

int random_check_command(const RandomCheckArguments& random, int jobs) {
  const std::vector<std::uint64_t> seeds = seeds_of(random);
  Found found;
  std::atomic<std::size_t> checked{0};
  for_each_at_once(seeds.size(), jobs, [&](std::size_t i) {
    if (found.is_full()) return;
    ++checked;
    if (auto counterexample = check_seed(seeds[i])) found.add(*std::move(counterexample));
  });
  std::vector<Counterexample> counterexamples = found.sorted();
  bool is_written = true;
  for (Counterexample& each : counterexamples)
    is_written = report(each, random.directory) && is_written;
  fmt::print("{} checked, {} broke a law\n",
             counted(static_cast<std::int64_t>(checked), "random scenario"),
             counterexamples.size());
  if (!is_written) return kBadInput;
  return counterexamples.empty() ? kHolds : kDoesNotHold;
}

}  // namespace linger::sim::cli
