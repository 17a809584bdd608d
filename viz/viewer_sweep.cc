#include "viz/viewer_sweep.h"

#include <algorithm>
#include <memory>
#include <sstream>
#include <utility>
#include <variant>

#include "core/check.h"
#include "viz/change.h"
#include "viz/language.h"
#include "viz/mistake.h"
#include "viz/sweep_view.h"
#include "viz/viewer_branches.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

constexpr std::size_t kMostPoints = 400;

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream stream{text};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

void run_point(SweepPoint& point) {
  try {
    point.result = sim::run(point.scenario);
  } catch (const core::CheckFailure& failure) {
    point.failure = failure.what();
  }
}

}  // namespace

std::variant<Sweep, std::vector<sim::ParseError>> planned_sweep(const sim::Scenario& scenario,
                                                                const std::string& axes) {
  auto parsed = sim::parse_sweep(split_words(axes), "sweep");
  if (auto* errors = std::get_if<std::vector<sim::ParseError>>(&parsed)) return std::move(*errors);
  Sweep sweep;
  sweep.axes = std::get<std::vector<sim::SweepAxis>>(std::move(parsed));
  std::vector<std::vector<std::string>> combinations = sim::sweep_points(sweep.axes);
  sweep.left_out = combinations.size() - std::min(combinations.size(), kMostPoints);
  for (std::vector<std::string>& values : combinations) {
    if (sweep.points.size() == kMostPoints) break;
    sim::ScenarioOverrides overrides;
    overrides.settings = sim::sweep_settings(sweep.axes, values);
    auto changed = changed_scenario(scenario, overrides);
    if (auto* errors = std::get_if<std::vector<sim::ParseError>>(&changed)) {
      return std::move(*errors);
    }
    SweepPoint point;
    point.values = std::move(values);
    point.scenario = std::get<std::shared_ptr<const sim::Scenario>>(std::move(changed));
    sweep.points.push_back(std::move(point));
  }
  return sweep;
}

std::variant<SweepSize, std::vector<sim::ParseError>> checked_sweep(const sim::Scenario& scenario,
                                                                    const std::string& axes) {
  auto parsed = sim::parse_sweep(split_words(axes), "sweep");
  if (auto* errors = std::get_if<std::vector<sim::ParseError>>(&parsed)) return std::move(*errors);
  const auto& all = std::get<std::vector<sim::SweepAxis>>(parsed);
  std::size_t count = all.empty() ? 0 : 1;
  for (const sim::SweepAxis& axis : all) {
    count *= axis.values.size();
    for (const std::string& value : axis.values) {
      sim::ScenarioOverrides overrides;
      overrides.settings = {axis.key + "=" + value};
      auto changed = changed_scenario(scenario, overrides);
      if (auto* errors = std::get_if<std::vector<sim::ParseError>>(&changed)) {
        return std::move(*errors);
      }
    }
  }
  return SweepSize{.runs = std::min(count, kMostPoints), .combinations = count};
}

void begin_sweep(ViewerState& state, const std::string& axes) {
  auto planned = planned_sweep(state.scenario(), axes);
  if (const auto* errors = std::get_if<std::vector<sim::ParseError>>(&planned)) {
    say(state, mistake_text(*errors));
    return;
  }
  auto& sweep = std::get<Sweep>(planned);
  if (sweep.axes.empty()) {
    say(state, tr("a sweep varies a setting: linger.ms=0,5,20"));
    return;
  }
  state.is_playing = false;
  state.sweep = std::move(sweep);
}

void run_next_of_sweep(ViewerState& state) {
  if (!state.sweep) return;
  for (SweepPoint& point : state.sweep->points) {
    if (point.result || !point.failure.empty()) continue;
    run_point(point);
    return;
  }
}

void show_next_figure(ViewerState& state, Way way) {
  if (!state.sweep) return;
  const std::size_t count = sweep_figure_count();
  state.sweep->figure = (state.sweep->figure + (way == Way::Forward ? 1 : count - 1)) % count;
}

void choose_sweep_point(ViewerState& state, Towards to) {
  if (!state.sweep) return;
  Sweep& sweep = *state.sweep;
  const std::size_t rows = sweep.axes.size() > 1 ? sweep.axes[1].values.size() : 1;
  const std::size_t row = sweep.chosen % rows;
  std::size_t next = sweep.chosen;
  switch (to) {
    case Towards::Left:
      if (next >= rows) next -= rows;
      break;
    case Towards::Right:
      next += rows;
      break;
    case Towards::Up:
      if (row > 0) --next;
      break;
    case Towards::Down:
      if (row + 1 < rows) ++next;
      break;
  }
  if (next < sweep.points.size()) sweep.chosen = next;
}

void open_sweep_point(ViewerState& state, std::optional<std::size_t> index) {
  if (!state.sweep) return;
  const std::size_t point = index.value_or(state.sweep->chosen);
  if (point >= state.sweep->points.size()) return;
  const SweepView view = sweep_view(state);
  const auto scenario = state.sweep->points[point].scenario;
  if (!open_fork(state, view.spots[point].settings, scenario)) return;
  state.sweep.reset();
}

std::optional<std::string> swept_csv(ViewerState& state) {
  if (!state.sweep) return std::nullopt;
  std::vector<sim::SweptRun> runs;
  for (const SweepPoint& point : state.sweep->points) {
    if (point.result) runs.push_back({point.values, &*point.result});
  }
  if (runs.size() < state.sweep->points.size()) {
    say(state, tr("not all runs of the sweep are made yet: {} of {}", runs.size(),
                  state.sweep->points.size()));
    return std::nullopt;
  }
  return sim::sweep_csv(state.sweep->axes, runs);
}

}  // namespace linger::viz
