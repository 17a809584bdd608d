// linger sweep: a scenario with each of several values of a setting, or of two, several at once.
#include <algorithm>
#include <array>
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

namespace linger::sim::cli {

namespace {

constexpr std::size_t kMostAxes = 2;

struct Axis {
  std::string key;
  std::vector<std::string> values;
};

// One run: a value of each axis.
struct Point {
  std::vector<std::string> values;
  std::shared_ptr<const Scenario> scenario;
  std::optional<RunResult> result;
  std::string failure;  // a bug of this program
};

ParseError refused(const std::string& text, std::string message) {
  return {fmt::format("--vary {}", text), 0, 0, std::move(message), "such as linger.ms=0,5,20"};
}

std::variant<Axis, ParseError> parse_axis(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) {
    return refused(text, fmt::format("'{}' varies nothing", text));
  }
  Axis axis{text.substr(0, equals), {}};
  for (std::size_t at = equals + 1; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string value = text.substr(at, end - at);
    if (value.empty()) return refused(text, fmt::format("'{}' has an empty value", text));
    if (std::find(axis.values.begin(), axis.values.end(), value) != axis.values.end()) {
      return refused(text, fmt::format("the value {} stands there twice", value));
    }
    axis.values.push_back(value);
    at = end + 1;
  }
  return axis;
}

// All of them, or what is wrong with them on stderr.
std::optional<std::vector<Axis>> read_axes(const std::vector<std::string>& texts) {
  std::vector<Axis> axes;
  std::vector<ParseError> errors;
  for (const std::string& text : texts) {
    auto axis = parse_axis(text);
    if (auto* error = std::get_if<ParseError>(&axis)) {
      errors.push_back(std::move(*error));
      continue;
    }
    const std::string& key = std::get<Axis>(axis).key;
    const auto is_same = [&key](const Axis& other) { return other.key == key; };
    if (std::any_of(axes.begin(), axes.end(), is_same)) {
      errors.push_back(refused(text, fmt::format("'{}' is varied twice", key)));
    }
    axes.push_back(std::get<Axis>(std::move(axis)));
  }
  if (axes.size() > kMostAxes) {
    errors.push_back(refused(texts[kMostAxes], "these are more than two settings"));
  }
  if (errors.empty()) return axes;
  print_errors(errors);
  return std::nullopt;
}

// The last axis runs fastest.
std::vector<std::vector<std::string>> combinations(const std::vector<Axis>& axes) {
  std::vector<std::vector<std::string>> all{{}};
  for (const Axis& axis : axes) {
    std::vector<std::vector<std::string>> longer;
    for (const auto& values : all) {
      for (const std::string& value : axis.values) {
        longer.push_back(values);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

std::optional<std::vector<Point>> read_points(const SweepArguments& arguments,
                                              const std::vector<Axis>& axes) {
  std::vector<Point> points;
  for (std::vector<std::string>& values : combinations(axes)) {
    ScenarioOverrides overrides = arguments.overrides;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      overrides.settings.push_back(axes[i].key + "=" + values[i]);
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

// --- Figures ---

std::int64_t blocked_us(const RunResult& run) {
  const BlockedSummary& waits = run.summary.blocked;
  return (waits.metadata + waits.memory + waits.flush + waits.future + waits.close).count();
}

struct Figure {
  const char* name;
  std::int64_t (*of)(const RunResult&);
};
constexpr std::array kFigures{
    Figure{"sent", [](const RunResult& run) { return run.summary.records.sent; }},
    Figure{"acknowledged", [](const RunResult& run) { return run.summary.records.acknowledged; }},
    Figure{"failed", [](const RunResult& run) { return run.summary.records.failed; }},
    Figure{"refused", [](const RunResult& run) { return run.summary.records.refused; }},
    Figure{"pending", [](const RunResult& run) { return run.summary.pending; }},
    Figure{"batches_sent", [](const RunResult& run) { return run.summary.batches.sent; }},
    Figure{"records_in_batches", [](const RunResult& run) { return run.summary.batches.records; }},
    Figure{"retries", [](const RunResult& run) { return run.summary.batches.retries; }},
    Figure{"splits", [](const RunResult& run) { return run.summary.batches.splits; }},
    Figure{"expired", [](const RunResult& run) { return run.summary.batches.expirations; }},
    Figure{"produce_requests", [](const RunResult& run) { return run.summary.requests.produce; }},
    Figure{"bytes_to_brokers",
           [](const RunResult& run) { return run.summary.requests.to_brokers.count(); }},
    Figure{"latency_median_us",
           [](const RunResult& run) { return run.summary.acknowledged.median.count(); }},
    Figure{"latency_p99_us",
           [](const RunResult& run) { return run.summary.acknowledged.ninety_ninth.count(); }},
    Figure{"latency_max_us",
           [](const RunResult& run) { return run.summary.acknowledged.most.count(); }},
    Figure{"blocked_us", blocked_us},
    Figure{"log_records", [](const RunResult& run) { return run.summary.logs.records; }},
    Figure{"duplicates", [](const RunResult& run) { return run.summary.logs.duplicates; }},
    Figure{"partitions_out_of_order",
           [](const RunResult& run) {
             return static_cast<std::int64_t>(run.summary.logs.out_of_order.size());
           }},
    Figure{"ended_us",
           [](const RunResult& run) { return run.ended_at.time_since_epoch().count(); }},
};

// In quotes where a comma or a quote would end the cell.
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string{"\"\""} : std::string(1, c);
  return quoted + "\"";
}

std::string csv_of(const std::vector<Axis>& axes, const std::vector<Point>& points) {
  std::string text;
  for (const Axis& axis : axes) text += cell(axis.key) + ",";
  for (const Figure& figure : kFigures) text += std::string{figure.name} + ",";
  text.back() = '\n';
  for (const Point& point : points) {
    for (const std::string& value : point.values) text += cell(value) + ",";
    for (const Figure& figure : kFigures) text += fmt::format("{},", figure.of(*point.result));
    text.back() = '\n';
  }
  return text;
}

std::string table_of(const std::vector<Axis>& axes, const std::vector<Point>& points) {
  TextTable table{std::vector<TextTable::Align>(axes.size() + 8, TextTable::Align::Right)};
  std::vector<std::string> head;
  for (const Axis& axis : axes) head.push_back(axis.key);
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
    row.push_back(readable_duration(Duration{blocked_us(*point.result)}));
    table.add(row);
  }
  return table.text();
}

int write(const SweepArguments& arguments, const std::vector<Axis>& axes,
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
