#include "sim/conform/pair.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "core/check.h"
#include "sim/conform/observer.h"
#include "sim/conform/scenario_reader.h"
#include "sim/world.h"

namespace linger::sim::conform {
namespace {

constexpr std::int64_t kMostSteps = 2'000'000;  // more than any observation needs

struct Ours {
  ObservedLines lines;
  std::string broken;  // a CHECK that failed, or a run without end
};

Ours run(std::shared_ptr<const Scenario> scenario) {
  World world{std::move(scenario)};
  TraceSink trace;
  Observer observer{world};
  Ours ours;
  try {
    while (step(world, trace)) {
      observer.take(world, trace.take());
      if (world.steps > kMostSteps) {
        ours.broken = fmt::format("more than {} steps", kMostSteps);
        break;
      }
    }
  } catch (const core::CheckFailure& failure) {
    ours.broken = failure.what();
  }
  ours.lines = observer.finish(world);
  return ours;
}

std::vector<std::string> compared(std::vector<std::string> lines) {
  for (std::string& line : lines) line = without_choice(std::move(line));
  return with_aborts_in_order(std::move(lines));
}

Played compare(const ObservedTrace& observed, const Ours& ours) {
  Played played;
  played.should = leftovers(observed.should, ours.lines.should);
  std::vector<std::string> expected = compared(observed.must);
  std::vector<std::string> actual = compared(ours.lines.must);
  const auto add_logs = [](std::vector<std::string>& lines, std::vector<std::string> logs) {
    std::sort(logs.begin(), logs.end());
    std::move(logs.begin(), logs.end(), std::back_inserter(lines));
  };
  add_logs(expected, observed.logs);
  add_logs(actual, ours.lines.logs);
  if (!ours.broken.empty()) actual.push_back(fmt::format("(the run broke off: {})", ours.broken));
  const auto divergence = first_divergence(expected, actual);
  if (!divergence) return played;
  played.verdict = Played::Verdict::Differs;
  played.text = divergence_text(*divergence, expected, actual);
  if (!ours.broken.empty()) played.text += fmt::format("    broken  {}\n", ours.broken);
  return played;
}

// A scenario may be for some eras alone.
std::optional<ParseError> other_era(const ObservedScenario& observed, const Pair& pair) {
  const std::vector<core::Era>& eras = observed.eras;
  if (eras.empty() || std::find(eras.begin(), eras.end(), pair.era) != eras.end()) {
    return std::nullopt;
  }
  return ParseError{
      pair.name + ".scenario", 0, 0,
      fmt::format("it stands in the folder of {}, and is not for that era", core::name(pair.era)),
      "the line `era` says for which ones it is"};
}

}  // namespace

Played play(const Pair& pair, Unsupported unsupported) {
  auto read = read_scenario(pair.scenario, pair.name + ".scenario", pair.era);
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&read)) {
    return {Played::Verdict::BadInput, text(*errors), {}, {}};
  }
  auto& observed = std::get<ObservedScenario>(read);
  if (const auto other = other_era(observed, pair)) {
    return {Played::Verdict::BadInput, text(*other), {}, {}};
  }
  const ObservedTrace trace = read_trace(pair.trace, pair.name + ".trace");
  if (!trace.errors.empty()) {
    return {Played::Verdict::BadInput, text(trace.errors), {}, {}};
  }
  Scenario& scenario = observed.scenario;
  for (const core::ConfigError& error :
       core::unsupported_settings(scenario.producers.front().config)) {
    if (unsupported == Unsupported::Played) break;
    return {Played::Verdict::NotPlayable, core::text(error), {}, trace.warnings};
  }
  Played played = compare(trace, run(std::make_shared<const Scenario>(std::move(scenario))));
  played.warnings = trace.warnings;
  return played;
}

std::optional<core::Era> era_of_folder(const std::string& path) {
  return core::find_era(std::filesystem::path{path}.parent_path().filename().string());
}

}  // namespace linger::sim::conform
