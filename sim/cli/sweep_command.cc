// linger sweep: a scenario with each of several values of a setting, or of two, several at once.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "core/check.h"
#include "sim/cli/commands.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/failure.h"
#include "sim/cli/input.h"
#include "sim/cli/output_file.h"
#include "sim/cli/parallel.h"
#include "sim/readable.h"
#include "sim/runner.h"
#include "sim/sweep.h"

namespace linger::sim::cli {

namespace {

// One run: a value of each axis.
struct Point {
  std::vector<std::string> values;
  std::shared_ptr<const Scenario> scenario;
  std::optional<RunResult> result;
  std::string failure;  // a bug of this program
};

// All of them, or what is wrong with them on stderr.
std::optional<std::vector<SweepAxis>> read_axes(const std::vector<std::string>& texts) {
  auto axes = parse_sweep(texts, "--vary");
  if (auto* good = std::get_if<std::vector<SweepAxis>>(&axes)) return std::move(*good);
  print_errors(std::get<std::vector<ParseError>>(axes));
  return std::nullopt;
}

std::optional<std::vector<Point>> read_points(const SweepArguments& arguments,
                                              const std::vector<SweepAxis>& axes) {
  std::vector<Point> points;
  for (std::vector<std::string>& values : sweep_points(axes)) {
    ScenarioOverrides overrides = arguments.overrides;
    for (std::string& setting : sweep_settings(axes, values)) {
      overrides.settings.push_back(std::move(setting));
    }
    auto scenario = read_scenario(arguments.file, overrides);
    if (!scenario) return std::nullopt;
    points.push_back({std::move(values), std::move(scenario), std::nullopt, ""});
  }
  return points;
}

void run_point(Point& point) {
  Run run{point.scenario};
  try {
    while (run.step()) {
    }
    point.result = run.finish();
  } catch (const core::CheckFailure& failure) {
    point.failure = failure_text(failure, run.world());
  }
}

// Each is a world of its own; the order of the results is that of the points.
void run_all(std::vector<Point>& points, int jobs) {
  for_each_at_once(points.size(), jobs, [&](std::size_t i) { run_point(points[i]); });
}

std::string csv_of(const std::vector<SweepAxis>& axes, const std::vector<Point>& points) {
  std::vector<SweptRun> runs;
  for (const Point& point : points) runs.push_back({point.values, &*point.result});
  return sweep_csv(axes, runs);
}

std::string table_of(const std::vector<SweepAxis>& axes, const std::vector<Point>& points) {
  TextTable table{std::vector<TextTable::Align>(axes.size() + 8, TextTable::Align::Right)};
  std::vector<std::string> head;
  for (const SweepAxis& axis : axes) head.push_back(axis.key);
  for (const char* title : {"acknowledged", "failed", "refused", "requests", "records a batch",
                            "median", "99th", "blocked"}) {
    head.emplace_back(title);
  }
  table.add(head);
  for (const Point& point : points) {
    const Summary& summary = point.result->summary;
    std::vector<std::string> row = point.values;
    for (const std::int64_t count : {summary.records.acknowledged, summary.records.failed,
                                     summary.records.refused, summary.requests.produce}) {
      row.push_back(fmt::format("{}", count));
    }
    row.push_back(quotient_text(summary.batches.records, summary.batches.sent));
    const bool has_latency = summary.acknowledged.count > 0;
    row.push_back(has_latency ? readable_duration(summary.acknowledged.median) : "-");
    row.push_back(has_latency ? readable_duration(summary.acknowledged.ninety_ninth) : "-");
    row.push_back(readable_duration(blocked_time(*point.result)));
    table.add(row);
  }
  return table.text();
}

int write(const SweepArguments& arguments, const std::vector<SweepAxis>& axes,
          const std::vector<Point>& points) {
  const bool is_shown = !arguments.csv || *arguments.csv != "-";
  if (arguments.csv) {
    OutputFile file{*arguments.csv};
    if (file.error().empty()) file.write(csv_of(axes, points));
    if (!file.error().empty() || !file.finish()) {
      fmt::print(stderr, "{}\n", file.error());
      return kBadInput;
    }
  }
  if (is_shown) fmt::print("{}", table_of(axes, points));
  return kHolds;
}

}  // namespace

int sweep_command(const SweepArguments& arguments) {
  const auto axes = read_axes(arguments.vary);
  if (!axes) return kBadInput;
  auto points = read_points(arguments, *axes);
  if (!points) return kBadInput;
  run_all(*points, arguments.jobs);
  for (const Point& point : *points) {
    if (point.failure.empty()) continue;
    fmt::print(stderr, "{}\n", point.failure);
    return kOurMistake;
  }
  return write(arguments, *axes, *points);
}

}  // namespace linger::sim::cli
