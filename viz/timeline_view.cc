#include "viz/timeline_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sim/trace_text.h"
#include "viz/text.h"
#include "viz/viewer_branches.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

constexpr MomentKind kMarked[] = {MomentKind::Send,    MomentKind::Flush, MomentKind::Drain,
                                  MomentKind::Success, MomentKind::Retry, MomentKind::Failure,
                                  MomentKind::Expiry,  MomentKind::Fault, MomentKind::Narration};
constexpr int kAxisTicks = 8;

std::string mark_text(MomentKind kind, std::int32_t count, core::Instant at) {
  const std::string what = count == 1 ? std::string{word(kind)}
                                      : std::to_string(count) + " × " + std::string{word(kind)};
  return what + " at " + sim::instant_text(at);
}

// Moments that fall into one of `places` are one mark.
void add_marks(const Scene& scene, MomentKind kind, int places, std::vector<Mark>& marks) {
  const std::vector<TraceMoment>& moments = scene.index.moments(kind);
  auto first = moments.begin();
  while (first != moments.end()) {
    const double place = std::floor(scene.index.axis(first->at) * places);
    const core::Instant end = scene.index.instant_at((place + 1) / places);
    auto next = std::upper_bound(
        first, moments.end(), end,
        [](core::Instant at, const TraceMoment& moment) { return at < moment.at; });
    if (next == first) ++next;  // rounding: each mark has at least the moment it begins with
    Mark mark;
    mark.kind = kind;
    mark.place = static_cast<float>(scene.index.axis(first->at));
    mark.count = static_cast<std::int32_t>(next - first);
    mark.at = first->at;
    mark.text = mark_text(kind, mark.count, mark.at);
    mark.is_past = first->position < scene.position();
    marks.push_back(std::move(mark));
    first = next;
  }
}

// 1, 2 or 5 times a power of ten, so that there are about as many ticks as wanted.
core::Duration tick_distance(core::Duration span) {
  const double wanted = std::max(1.0, static_cast<double>(span.count()) / kAxisTicks);
  const double power = std::pow(10.0, std::floor(std::log10(wanted)));
  for (const double times : {1.0, 2.0, 5.0, 10.0}) {
    if (power * times >= wanted) return core::Duration{std::llround(power * times)};
  }
  return core::Duration{std::llround(power * 10)};
}

// Between the squeezed stretches time is drawn to scale.
std::vector<AxisTick> axis_ticks(const TraceIndex& index) {
  std::vector<AxisTick> ticks;
  core::Duration busy = index.end() - core::Instant{};
  for (const TraceIndex::Squeezed& squeezed : index.squeezed()) busy -= squeezed.to - squeezed.from;
  const core::Duration distance = tick_distance(std::max(busy, core::Duration{1}));
  auto squeezed = index.squeezed().begin();
  core::Instant at{};
  while (at <= index.end() && ticks.size() < 4 * kAxisTicks) {
    ticks.push_back({static_cast<float>(index.axis(at)), duration_text(at - core::Instant{})});
    at += distance;
    while (squeezed != index.squeezed().end() && squeezed->to <= at) ++squeezed;
    if (squeezed != index.squeezed().end() && squeezed->from < at) {
      const auto to = (squeezed->to - core::Instant{}).count();
      const auto step = distance.count();
      at = core::Instant{core::Duration{(to + step - 1) / step * step}};
      ++squeezed;
    }
  }
  return ticks;
}

}  // namespace

TimelineView timeline_view(const Scene& scene, int places) {
  TimelineView view;
  view.cursor = static_cast<float>(scene.index.axis(scene.at));
  view.now = sim::instant_text(scene.at);
  view.end = sim::instant_text(scene.index.end());
  const std::vector<sim::TraceEvent>& trace = scene.timeline.trace();
  view.end_is_known = !trace.empty() && trace.back().as<sim::RunEnded>() != nullptr;
  for (const MomentKind kind : kMarked) add_marks(scene, kind, std::max(places, 1), view.marks);
  view.ticks = axis_ticks(scene.index);
  for (const TraceIndex::Squeezed& squeezed : scene.index.squeezed()) {
    view.squeezes.push_back({static_cast<float>(scene.index.axis(squeezed.from)),
                             static_cast<float>(scene.index.axis(squeezed.to)),
                             duration_text(squeezed.to - squeezed.from)});
  }
  return view;
}

std::vector<Pin> timeline_pins(const ViewerState& state) {
  const TraceIndex& index = state.branches[state.branch].index;
  std::vector<Pin> pins;
  const auto add = [&](PinKind kind, core::Instant at, std::string text, bool is_past) {
    pins.push_back({.kind = kind,
                    .place = static_cast<float>(index.axis(at)),
                    .at = at,
                    .text = std::move(text),
                    .is_past = is_past});
  };
  if (const auto here = place_in_lesson(state); here && state.lesson.asks) {
    for (const sim::QuestionOutcome& question : state.lesson.outcome.questions) {
      if (!question.asked) continue;
      add(PinKind::Question, question.asked->at,
          "a question at " + sim::instant_text(question.asked->at),
          !is_before(*here, *question.asked));
    }
  }
  const auto pair = compared_branches(state);
  if (!pair || !state.is_shown(Panel::Comparison)) return pins;
  if (const auto& parted = state.branches[pair->fork].parted) {
    add(PinKind::Parting, parted->at, "the two runs part at " + sim::instant_text(parted->at),
        parted->at <= state.shown_at);
  }
  return pins;
}

}  // namespace linger::viz
