// A scenario with each of several values of a setting, or of two: what varies, and the figures that
// a run comes to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/parse_error.h"
#include "sim/runner.h"
#include "sim/scenario.h"

namespace linger::sim {

inline constexpr std::size_t kMostSweepAxes = 2;

struct SweepAxis {
  std::string key;
  std::vector<std::string> values;
  friend bool operator==(const SweepAxis&, const SweepAxis&) = default;
};

// "linger.ms=0,5,20", one for each axis; `option` is what they are called in a mistake.
std::variant<std::vector<SweepAxis>, std::vector<ParseError>> parse_sweep(
    const std::vector<std::string>& texts, std::string_view option);

// A value of each axis. The last axis runs fastest.
std::vector<std::vector<std::string>> sweep_points(const std::vector<SweepAxis>& axes);

// "linger.ms=5" for each axis, as ScenarioOverrides::settings has them.
std::vector<std::string> sweep_settings(const std::vector<SweepAxis>& axes,
                                        const std::vector<std::string>& values);

std::variant<Scenario, std::vector<ParseError>> with_sweep_values(
    const Scenario& scenario, const std::vector<SweepAxis>& axes,
    const std::vector<std::string>& values);

struct SweepFigure {
  std::string_view name;  // "latency_median_us"
  // None: the run has nothing of which it could tell it.
  std::optional<std::int64_t> (*of)(const RunResult&);
};
std::span<const SweepFigure> sweep_figures();
// One run of a sweep, with its value of each axis.
struct SweptRun {
  std::vector<std::string> values;
  const RunResult* result = nullptr;
};
// A line for each of them below a line of names: the values, then every figure; a cell is empty
// where there is none.
std::string sweep_csv(const std::vector<SweepAxis>& axes, const std::vector<SweptRun>& runs);

// How long application threads were blocked, all of them together.
Duration blocked_time(const RunResult& run);

}  // namespace linger::sim
