#include "viz/batch_chart_view.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

using Stages = std::vector<sim::BatchLife::Stage>;

class BarPainter {
 public:
  BarPainter(const Scene& scene, Stretch stretch, int places)
      : scene_{scene},
        lives_{scene.index.lives().all()},
        selected_{selected_batch(scene)},
        stretch_{stretch},
        from_{instant_in(scene.index, stretch, 0)},
        to_{instant_in(scene.index, stretch, 1)},
        place_{1.0F / static_cast<float>(std::max(places, 1))} {}

  // Those of a line that have begun and are in the stretch.
  std::vector<BatchBar> bars(const BatchRows::Line& line) const {
    std::vector<BatchBar> bars;
    const auto end =
        std::partition_point(line.lives.begin(), line.lives.end(),
                             [this](std::size_t life) { return has_begun(lives_[life]); });
    auto life = std::partition_point(line.lives.begin(), end, [this](std::size_t of) {
      return lives_[of].is_done() && lives_[of].stages.back().from < from_;
    });
    while (life != end && lives_[*life].began() <= to_) {
      bars.push_back(bar(lives_[*life]));
      ++life;
      if (bars.back().end - bars.back().begin < place_) life = gather(life, end, bars.back());
    }
    return bars;
  }

 private:
  bool is_past(std::size_t position) const { return position < scene_.position(); }
  bool has_begun(const sim::BatchLife& life) const { return is_past(life.stages.front().position); }

  // A bar too short to be seen stands for those that follow at the same place.
  std::vector<std::size_t>::const_iterator gather(std::vector<std::size_t>::const_iterator next,
                                                  std::vector<std::size_t>::const_iterator end,
                                                  BatchBar& bar) const {
    const core::Instant until = instant_in(scene_.index, stretch_, bar.begin + place_);
    const auto after = std::partition_point(next, end, [&](std::size_t life) {
      return lives_[life].is_done() && is_past(lives_[life].stages.back().position) &&
             lives_[life].stages.back().from < until;
    });
    if (after == next) return next;
    bar.batches += static_cast<std::int32_t>(after - next);
    const BatchBar last = this->bar(lives_[*std::prev(after)]);
    for (auto one = next; one != after && !bar.is_selected; ++one) {
      bar.is_selected = is_selected(lives_[*one]);
    }
    bar.end = last.end;
    bar.fate = last.fate;
    bar.parts.back().end = last.end;
    bar.label.clear();
    return after;
  }

  bool is_selected(const sim::BatchLife& life) const {
    return selected_ == BatchRef{life.producer, life.batch};
  }
  float place_of(core::Instant at) const {
    return std::clamp(place_in(scene_.index, stretch_, at), 0.0F, 1.0F);
  }

  BatchBar bar(const sim::BatchLife& life) const {
    BatchBar bar;
    bar.ref = {life.producer, life.batch};
    bar.label = batch_label(life.batch);
    bar.is_selected = is_selected(life);
    const Stages& stages = life.stages;
    for (std::size_t i = 0; i < stages.size() && is_past(stages[i].position); ++i) {
      if (stages[i].phase == sim::BatchPhase::Done) {
        bar.fate = life.fate;
        break;
      }
      const bool has_next = i + 1 < stages.size() && is_past(stages[i + 1].position);
      const core::Instant until = has_next ? stages[i + 1].from : scene_.at;
      bar.parts.push_back({stages[i].phase, place_of(stages[i].from), place_of(until)});
    }
    bar.begin = bar.parts.front().begin;
    bar.end = bar.parts.back().end;
    return bar;
  }

  const Scene& scene_;
  const std::vector<sim::BatchLife>& lives_;
  std::optional<BatchRef> selected_;
  Stretch stretch_;
  core::Instant from_;
  core::Instant to_;
  float place_;  // the width of one
};

std::string lane_label(const Scene& scene, LaneRef lane) {
  const std::string partition = scene.names.topics.text(lane.partition);
  if (scene.names.producers.size() < 2) return partition;
  return scene.names.producers[static_cast<std::size_t>(lane.producer.value())] + " " + partition;
}

}  // namespace

BatchChartView batch_chart_view(const Scene& scene, Stretch stretch, Window window, int places) {
  BatchChartView view;
  view.axis = time_axis(scene, stretch);
  view.first = std::max<std::int64_t>(window.first, 0);
  const std::int64_t last = view.first + window.count;
  const BarPainter painter{scene, stretch, places};
  for (const auto& [lane, lines] : scene.index.batch_rows().lanes()) {
    const auto end = std::partition_point(
        lines.begin(), lines.end(),
        [&scene](const BatchRows::Line& line) { return line.position < scene.position(); });
    bool is_named = false;
    for (auto line = lines.begin(); line != end; ++line, ++view.total) {
      if (view.total < view.first || view.total >= last) continue;
      view.lines.push_back({lane, is_named ? "" : lane_label(scene, lane), painter.bars(*line)});
      is_named = true;
    }
  }
  return view;
}

std::string life_text(const Scene& scene, BatchRef batch) {
  const sim::BatchLife* life = scene.index.lives().find(batch.producer, batch.batch);
  std::string text =
      tr("{} of {}", batch_label(batch.batch), scene.names.topics.text(life->partition));
  const Stages& stages = life->stages;
  for (std::size_t i = 0; i < stages.size() && stages[i].position < scene.position(); ++i) {
    if (stages[i].phase == sim::BatchPhase::Done) {
      text += "\n" + std::string{tr(sim::word(life->fate))};
      break;
    }
    const bool has_next = i + 1 < stages.size() && stages[i + 1].position < scene.position();
    const core::Instant until = has_next ? stages[i + 1].from : scene.at;
    text +=
        "\n" + tr("{}: {}", tr(sim::word(stages[i].phase)), duration_text(until - stages[i].from));
  }
  return text;
}

}  // namespace linger::viz
