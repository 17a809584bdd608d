#include "sim/sweep.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "sim/scenario_overrides.h"

namespace linger::sim {

namespace {

ParseError refused_axis(std::string_view option, const std::string& text, std::string message) {
  return {fmt::format("{} {}", option, text), 0, 0, std::move(message), "such as linger.ms=0,5,20"};
}

std::variant<SweepAxis, std::string> parse_axis(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) {
    return fmt::format("'{}' varies nothing", text);
  }
  SweepAxis axis{text.substr(0, equals), {}};
  for (std::size_t at = equals + 1; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string value = text.substr(at, end - at);
    if (value.empty()) return fmt::format("'{}' has an empty value", text);
    if (std::find(axis.values.begin(), axis.values.end(), value) != axis.values.end()) {
      return fmt::format("the value {} stands there twice", value);
    }
    axis.values.push_back(value);
    at = end + 1;
  }
  return axis;
}

// In quotes where a comma or a quote would end the cell.
std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string{"\"\""} : std::string(1, c);
  return quoted + "\"";
}

using Figure = std::optional<std::int64_t>;

Figure blocked_us(const RunResult& run) {
  return blocked_time(run).count();
}

// Where nothing was acknowledged, nothing took any time.
Figure latency_us(const RunResult& run, core::Duration LatencySummary::*which) {
  const LatencySummary& acknowledged = run.summary.acknowledged;
  if (acknowledged.count == 0) return std::nullopt;
  return (acknowledged.*which).count();
}

constexpr std::array kSweepFigures{
    SweepFigure{"sent", [](const RunResult& run) -> Figure { return run.summary.records.sent; }},
    SweepFigure{"acknowledged",
                [](const RunResult& run) -> Figure { return run.summary.records.acknowledged; }},
    SweepFigure{"failed",
                [](const RunResult& run) -> Figure { return run.summary.records.failed; }},
    SweepFigure{"refused",
                [](const RunResult& run) -> Figure { return run.summary.records.refused; }},
    SweepFigure{"pending", [](const RunResult& run) -> Figure { return run.summary.pending; }},
    SweepFigure{"batches_sent",
                [](const RunResult& run) -> Figure { return run.summary.batches.sent; }},
    SweepFigure{"records_in_batches",
                [](const RunResult& run) -> Figure { return run.summary.batches.records; }},
    SweepFigure{"retries",
                [](const RunResult& run) -> Figure { return run.summary.batches.retries; }},
    SweepFigure{"splits",
                [](const RunResult& run) -> Figure { return run.summary.batches.splits; }},
    SweepFigure{"expired",
                [](const RunResult& run) -> Figure { return run.summary.batches.expirations; }},
    SweepFigure{"produce_requests",
                [](const RunResult& run) -> Figure { return run.summary.requests.produce; }},
    SweepFigure{
        "bytes_to_brokers",
        [](const RunResult& run) -> Figure { return run.summary.requests.to_brokers.count(); }},
    SweepFigure{"latency_median_us",
                [](const RunResult& run) { return latency_us(run, &LatencySummary::median); }},
    SweepFigure{
        "latency_p99_us",
        [](const RunResult& run) { return latency_us(run, &LatencySummary::ninety_ninth); }},
    SweepFigure{"latency_max_us",
                [](const RunResult& run) { return latency_us(run, &LatencySummary::most); }},
    SweepFigure{"blocked_us", blocked_us},
    SweepFigure{"log_records",
                [](const RunResult& run) -> Figure { return run.summary.logs.records; }},
    SweepFigure{"duplicates",
                [](const RunResult& run) -> Figure { return run.summary.logs.duplicates; }},
    SweepFigure{"partitions_out_of_order",
                [](const RunResult& run) -> Figure {
                  return static_cast<std::int64_t>(run.summary.logs.out_of_order.size());
                }},
    SweepFigure{
        "ended_us",
        [](const RunResult& run) -> Figure { return run.ended_at.time_since_epoch().count(); }},
};

}  // namespace

std::variant<std::vector<SweepAxis>, std::vector<ParseError>> parse_sweep(
    const std::vector<std::string>& texts, std::string_view option) {
  std::vector<SweepAxis> axes;
  std::vector<ParseError> errors;
  for (const std::string& text : texts) {
    auto axis = parse_axis(text);
    if (auto* message = std::get_if<std::string>(&axis)) {
      errors.push_back(refused_axis(option, text, std::move(*message)));
      continue;
    }
    const std::string& key = std::get<SweepAxis>(axis).key;
    const auto is_same = [&key](const SweepAxis& other) { return other.key == key; };
    if (std::any_of(axes.begin(), axes.end(), is_same)) {
      errors.push_back(refused_axis(option, text, fmt::format("'{}' is varied twice", key)));
    }
    axes.push_back(std::get<SweepAxis>(std::move(axis)));
  }
  if (axes.size() > kMostSweepAxes) {
    errors.push_back(
        refused_axis(option, texts[kMostSweepAxes], "these are more than two settings"));
  }
  if (!errors.empty()) return errors;
  return axes;
}

std::vector<std::vector<std::string>> sweep_points(const std::vector<SweepAxis>& axes) {
  std::vector<std::vector<std::string>> all{{}};
  for (const SweepAxis& axis : axes) {
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

std::vector<std::string> sweep_settings(const std::vector<SweepAxis>& axes,
                                        const std::vector<std::string>& values) {
  std::vector<std::string> settings;
  for (std::size_t i = 0; i < axes.size(); ++i) settings.push_back(axes[i].key + "=" + values[i]);
  return settings;
}

std::variant<Scenario, std::vector<ParseError>> with_sweep_values(
    const Scenario& scenario, const std::vector<SweepAxis>& axes,
    const std::vector<std::string>& values) {
  ScenarioOverrides overrides;
  overrides.settings = sweep_settings(axes, values);
  auto changed = with_overrides(scenario, overrides);
  if (auto* errors = std::get_if<std::vector<ParseError>>(&changed)) return std::move(*errors);
  return std::get<Overridden>(std::move(changed)).scenario;
}

std::string sweep_csv(const std::vector<SweepAxis>& axes, const std::vector<SweptRun>& runs) {
  std::string text;
  for (const SweepAxis& axis : axes) text += csv_cell(axis.key) + ",";
  for (const SweepFigure& figure : kSweepFigures) text += std::string{figure.name} + ",";
  text.back() = '\n';
  for (const SweptRun& run : runs) {
    for (const std::string& value : run.values) text += csv_cell(value) + ",";
    for (const SweepFigure& figure : kSweepFigures) {
      const auto value = figure.of(*run.result);
      text += value ? fmt::format("{},", *value) : ",";
    }
    text.back() = '\n';
  }
  return text;
}

core::Duration blocked_time(const RunResult& run) {
  const BlockedSummary& waits = run.summary.blocked;
  return waits.metadata + waits.memory + waits.flush + waits.future + waits.close;
}

std::span<const SweepFigure> sweep_figures() {
  return kSweepFigures;
}

}  // namespace linger::sim
