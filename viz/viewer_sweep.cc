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
  for (std::vector<std::string>& values : sim::sweep_points(sweep.axes)) {
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

std::variant<std::size_t, std::vector<sim::ParseError>> checked_sweep(const sim::Scenario& scenario,
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
  return std::min(count, kMostPoints);
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

void open_sweep_point(ViewerState& state, std::size_t index) {
  if (!state.sweep || index >= state.sweep->points.size()) return;
  const SweepView view = sweep_view(state);
  const auto scenario = state.sweep->points[index].scenario;
  if (!open_fork(state, view.spots[index].settings, scenario)) return;
  state.sweep.reset();
}

}  // namespace linger::viz
