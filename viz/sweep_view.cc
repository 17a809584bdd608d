#include "viz/sweep_view.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "sim/sweep.h"
#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

enum class FigureUnit { Count, Time, Bytes };

// How a figure of sim/sweep.h reads.
struct FigureWords {
  std::string_view name;
  const char* words;
  FigureUnit unit;
};
constexpr std::array kFigureWords{
    FigureWords{"latency_median_us", "time to acknowledgement, median", FigureUnit::Time},
    FigureWords{"latency_p99_us", "time to acknowledgement, 99th percentile", FigureUnit::Time},
    FigureWords{"latency_max_us", "time to acknowledgement, longest", FigureUnit::Time},
    FigureWords{"produce_requests", "produce requests", FigureUnit::Count},
    FigureWords{"batches_sent", "batches sent", FigureUnit::Count},
    FigureWords{"bytes_to_brokers", "bytes to brokers", FigureUnit::Bytes},
    FigureWords{"acknowledged", "records acknowledged", FigureUnit::Count},
    FigureWords{"failed", "records failed", FigureUnit::Count},
    FigureWords{"refused", "records refused", FigureUnit::Count},
    FigureWords{"retries", "retries", FigureUnit::Count},
    FigureWords{"expired", "batches expired", FigureUnit::Count},
    FigureWords{"duplicates", "duplicates in the logs", FigureUnit::Count},
    FigureWords{"partitions_out_of_order", "partitions out of order", FigureUnit::Count},
    FigureWords{"blocked_us", "time that threads were blocked", FigureUnit::Time},
    FigureWords{"ended_us", "end of the run", FigureUnit::Time}};

std::string figure_text(std::int64_t value, FigureUnit unit) {
  switch (unit) {
    case FigureUnit::Count:
      return number_text(value);
    case FigureUnit::Time:
      return duration_text(core::Duration{value});
    case FigureUnit::Bytes:
      return bytes_text(core::Bytes{value});
  }
  return "";
}

const sim::SweepFigure& figure_called(std::string_view name) {
  const auto figures = sim::sweep_figures();
  return *std::find_if(figures.begin(), figures.end(),
                       [name](const sim::SweepFigure& figure) { return figure.name == name; });
}

std::string settings_text(const Sweep& sweep, const SweepPoint& point) {
  std::string text;
  for (const std::string& setting : sim::sweep_settings(sweep.axes, point.values)) {
    text += (text.empty() ? "" : ", ") + setting;
  }
  return text;
}

}  // namespace

std::size_t sweep_figure_count() {
  return kFigureWords.size();
}

SweepView sweep_view(const ViewerState& state) {
  const Sweep& sweep = *state.sweep;
  const FigureWords& words = kFigureWords[sweep.figure % kFigureWords.size()];
  SweepView view;
  view.figure = tr(words.words);
  view.columns = sweep.axes.front().key;
  view.column_names = sweep.axes.front().values;
  if (sweep.axes.size() > 1) {
    view.rows = sweep.axes[1].key;
    view.row_names = sweep.axes[1].values;
  }
  std::optional<std::int64_t> least;
  std::optional<std::int64_t> most;
  std::size_t done = 0;
  std::vector<std::optional<std::int64_t>> values;
  for (const SweepPoint& point : sweep.points) {
    values.push_back(point.result ? figure_called(words.name).of(*point.result) : std::nullopt);
    if (!point.failure.empty()) view.failure = point.failure;
    if (!point.result) continue;
    ++done;
    if (!values.back()) continue;
    least = std::min(least.value_or(*values.back()), *values.back());
    most = std::max(most.value_or(*values.back()), *values.back());
  }
  const std::size_t rows = std::max<std::size_t>(view.row_names.size(), 1);
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    SweepSpot spot;
    spot.index = i;
    spot.column = i / rows;
    spot.row = i % rows;
    spot.is_known = sweep.points[i].result.has_value();
    spot.is_chosen = i == sweep.chosen;
    spot.settings = settings_text(sweep, sweep.points[i]);
    spot.has_figure = values[i].has_value();
    if (spot.has_figure) {
      spot.value = figure_text(*values[i], words.unit);
      const auto span = static_cast<float>(*most - *least);
      spot.height = span > 0 ? static_cast<float>(*values[i] - *least) / span : 0.5F;
    } else if (spot.is_known) {
      spot.value = "–";
    }
    view.spots.push_back(std::move(spot));
  }
  if (least) {
    view.least = figure_text(*least, words.unit);
    view.most = figure_text(*most, words.unit);
  }
  if (sweep.left_out > 0) {
    view.left_out = tr("{} of {} combinations are left out", sweep.left_out,
                       sweep.left_out + sweep.points.size());
  }
  if (done < sweep.points.size()) {
    view.progress = tr("{} of {} runs", number_text(static_cast<std::int64_t>(done)),
                       number_text(static_cast<std::int64_t>(sweep.points.size())));
  }
  return view;
}

}  // namespace linger::viz
