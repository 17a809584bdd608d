#include "viz/plots_view.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/text.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

using sim::Quantity;
using sim::Series;

// How many stretches a rate is told for.
constexpr int kRates = 40;

core::ProducerIndex producer_in_focus(const Scene& scene) {
  const auto lane = selected_lane(scene);
  return lane ? lane->producer : core::ProducerIndex{0};
}

Quantity quantity_of(PlotKind kind) {
  constexpr std::array kOf{Quantity::PoolAvailable,    Quantity::RecordsWaiting,
                           Quantity::RequestsInFlight, Quantity::BatchSize,
                           Quantity::RecordLatency,    Quantity::RecordsAcknowledged};
  return kOf[static_cast<std::size_t>(kind)];
}

PlotShape shape_of(PlotKind kind) {
  switch (kind) {
    case PlotKind::BatchSize:
    case PlotKind::RecordLatency:
      return PlotShape::Points;
    case PlotKind::Throughput:
      return PlotShape::Bars;
    default:
      return PlotShape::Steps;
  }
}

std::string value_text(PlotKind kind, double value) {
  const auto whole = std::llround(value);
  switch (kind) {
    case PlotKind::PoolAvailable:
    case PlotKind::BatchSize:
      return bytes_text(core::Bytes{whole});
    case PlotKind::RecordLatency:
      return duration_text(core::Duration{whole});
    case PlotKind::Throughput:
      return number_text(whole) + "/s";
    case PlotKind::RecordsWaiting:
    case PlotKind::RequestsInFlight:
      break;
  }
  return number_text(whole);
}

// A setting that bounds the quantity.
struct Bound {
  double value = 0;
  std::string text;
};
std::optional<Bound> bound_of(const Scene& scene, core::ProducerIndex producer, PlotKind kind) {
  const core::ProducerConfig& config = process_of(scene, producer).producer.config();
  const auto bound = [kind](std::int64_t value, const char* setting) {
    return Bound{static_cast<double>(value),
                 std::string{setting} + " " + value_text(kind, static_cast<double>(value))};
  };
  switch (kind) {
    case PlotKind::PoolAvailable:
      return bound(config.buffer_memory.count(), "buffer.memory");
    case PlotKind::BatchSize:
      return bound(config.batch_size.count(), "batch.size");
    case PlotKind::RequestsInFlight:
      return bound(config.max_in_flight_requests_per_connection,
                   "max.in.flight.requests.per.connection");
    case PlotKind::RecordsWaiting:
    case PlotKind::RecordLatency:
    case PlotKind::Throughput:
      break;
  }
  return std::nullopt;
}

// What there is of a quantity in a part of the stretch, before it is known how high the plot is.
struct RawColumn {
  float begin = 0;
  float end = 0;
  double low = 0;
  double high = 0;
  double last = 0;
};

class Plotter {
 public:
  Plotter(const Scene& scene, Stretch stretch, Future future)
      : scene_{scene},
        stretch_{stretch},
        future_{future},
        producer_{producer_in_focus(scene)},
        position_{static_cast<std::int64_t>(scene.position())} {}

  Plot plot(PlotKind kind, int places) const {
    Plot plot;
    plot.kind = kind;
    plot.shape = shape_of(kind);
    plot.title = title(kind);
    plot.now = now_text(kind);
    const std::vector<RawColumn> raw =
        plot.shape == PlotShape::Bars ? rates(std::min(kRates, places)) : columns(kind, places);
    const std::optional<Bound> bound = bound_of(scene_, producer_, kind);
    double top = bound ? bound->value : 0;
    double least = raw.empty() ? 0 : raw.front().low;
    for (const RawColumn& column : raw) {
      top = std::max(top, column.high);
      least = std::min(least, column.low);
    }
    if (top <= 0) top = 1;
    // Small changes near the top would not be seen.
    const bool is_near_top = plot.shape == PlotShape::Steps && least > 0.8 * top && least < top;
    const double bottom = is_near_top ? least - (top - least) * 0.25 : 0;
    const auto height = [bottom, top](double value) {
      return static_cast<float>((value - bottom) / (top - bottom));
    };
    for (const RawColumn& column : raw) {
      plot.columns.push_back(
          {column.begin, column.end, height(column.low), height(column.high), height(column.last)});
    }
    plot.top = value_text(kind, top);
    // Where the lower edge is not 0, how far it is below the upper one.
    plot.bottom = is_near_top ? tr("{} less", value_text(kind, top - bottom)) : value_text(kind, 0);
    if (bound) plot.threshold = Threshold{height(bound->value), bound->text};
    return plot;
  }

  std::string now_text(PlotKind kind) const {
    const Series& series = series_of(kind);
    const std::size_t known = series.count_before(position_);
    if (known == 0) return "–";
    if (kind != PlotKind::Throughput) {
      return value_text(kind, static_cast<double>(series.samples()[known - 1].value));
    }
    const auto acknowledged = series.samples()[known - 1].value;
    const auto since_start = static_cast<double>(scene_.at.time_since_epoch().count());
    if (since_start <= 0) return "–";
    return value_text(kind, static_cast<double>(acknowledged) * 1e6 / since_start);
  }

 private:
  const Series& series_of(PlotKind kind) const {
    return scene_.index.series().of(producer_, quantity_of(kind));
  }
  // How many values may be shown at all.
  std::size_t known(const Series& series) const {
    return future_ == Future::Shown ? series.samples().size() : series.count_before(position_);
  }
  core::Instant shown_until() const {
    return future_ == Future::Shown ? scene_.index.end() : scene_.at;
  }
  core::Instant instant_of_column(int column, int columns) const {
    return instant_in(scene_.index, stretch_, static_cast<double>(column) / columns);
  }

  std::vector<RawColumn> columns(PlotKind kind, int places) const {
    std::vector<RawColumn> found;
    const Series& series = series_of(kind);
    const std::size_t all = known(series);
    const bool holds = shape_of(kind) == PlotShape::Steps;
    std::size_t first = std::min(series.count_before(instant_of_column(0, places)), all);
    for (int i = 0; i < places; ++i) {
      if (instant_of_column(i, places) > shown_until()) break;
      const bool is_last = i + 1 == places;
      const std::size_t end =
          is_last ? count_until(series, instant_of_column(i + 1, places), all)
                  : std::min(series.count_before(instant_of_column(i + 1, places)), all);
      const float begin_place = static_cast<float>(i) / static_cast<float>(places);
      const float end_place = static_cast<float>(i + 1) / static_cast<float>(places);
      if (end > first || (holds && first > 0)) {
        found.push_back(column(series, first, end, holds));
        found.back().begin = begin_place;
        found.back().end = end_place;
      }
      first = std::max(first, end);
    }
    return found;
  }
  static std::size_t count_until(const Series& series, core::Instant at, std::size_t all) {
    return std::min(series.count_before(at + core::Duration{1}), all);
  }
  // Those from `first` to `end`; a value that holds reaches in from before.
  static RawColumn column(const Series& series, std::size_t first, std::size_t end, bool holds) {
    const std::size_t from = holds && first > 0 ? first - 1 : first;
    const Series::Range range = series.range(from, std::max(end, from + 1));
    RawColumn column;
    column.low = static_cast<double>(range.least);
    column.high = static_cast<double>(range.most);
    column.last = static_cast<double>(series.samples()[std::max(end, from + 1) - 1].value);
    return column;
  }

  // Records acknowledged in each part of the stretch, for a second.
  std::vector<RawColumn> rates(int parts) const {
    std::vector<RawColumn> found;
    const Series& series = series_of(PlotKind::Throughput);
    const std::size_t all = known(series);
    for (int i = 0; i < parts; ++i) {
      const core::Instant from = instant_of_column(i, parts);
      const core::Instant to = std::min(instant_of_column(i + 1, parts), shown_until());
      if (to <= from) continue;
      const std::size_t first = count_until(series, from, all);
      const std::size_t end = count_until(series, to, all);
      const double rate =
          static_cast<double>(end - first) * 1e6 / static_cast<double>((to - from).count());
      RawColumn column;
      column.begin = static_cast<float>(i) / static_cast<float>(parts);
      column.end = static_cast<float>(i + 1) / static_cast<float>(parts);
      column.high = column.last = rate;
      found.push_back(column);
    }
    return found;
  }

  const Scene& scene_;
  Stretch stretch_;
  Future future_;
  core::ProducerIndex producer_;
  std::int64_t position_;
};

}  // namespace

std::string_view title(PlotKind kind) {
  switch (kind) {
    case PlotKind::PoolAvailable:
      return tr("pool memory available");
    case PlotKind::RecordsWaiting:
      return tr("records waiting in the accumulator");
    case PlotKind::RequestsInFlight:
      return tr("requests in flight, fullest connection");
    case PlotKind::BatchSize:
      return tr("size of each batch drained");
    case PlotKind::RecordLatency:
      return tr("latency of each record");
    case PlotKind::Throughput:
      return tr("records acknowledged");
  }
  return "";
}

Future future_of(const ViewerState& state) {
  const auto here = place_in_lesson(state);
  if (!here || !state.lesson.asks) return Future::Shown;
  for (std::size_t i = 0; i < state.lesson.answers.size(); ++i) {
    const bool is_asked = state.lesson.outcome.questions[i].asked.has_value();
    if (is_asked && phase_of(state.lesson, i, *here) != QuestionPhase::Known) {
      return Future::Hidden;
    }
  }
  return Future::Shown;
}

PlotsView plots_view(const Scene& scene, Stretch stretch, int places, Future future) {
  PlotsView view;
  view.axis = time_axis(scene, stretch);
  if (scene.names.producers.size() > 1) {
    view.producer =
        scene.names.producers[static_cast<std::size_t>(producer_in_focus(scene).value())];
  }
  const Plotter plotter{scene, stretch, future};
  for (int kind = 0; kind < kPlotKinds; ++kind) {
    view.plots.push_back(plotter.plot(static_cast<PlotKind>(kind), std::max(places, 1)));
  }
  return view;
}

std::string plot_text(const Scene& scene, PlotKind kind, core::Instant at) {
  const Series& series = scene.index.series().of(producer_in_focus(scene), quantity_of(kind));
  const std::size_t before = series.count_before(at + core::Duration{1});
  if (before == 0) return sim::instant_text(at);
  const auto value = static_cast<double>(series.samples()[before - 1].value);
  if (kind == PlotKind::Throughput) {
    return tr("{}: {} so far", sim::instant_text(at),
              count_text(series.samples()[before - 1].value, "record"));
  }
  return tr("{}: {}", sim::instant_text(at), value_text(kind, value));
}

}  // namespace linger::viz
