#include "viz/timeline_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/text.h"
#include "viz/viewer_branches.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

constexpr MomentKind kMarked[] = {MomentKind::Send,    MomentKind::Flush, MomentKind::Drain,
                                  MomentKind::Success, MomentKind::Retry, MomentKind::Failure,
                                  MomentKind::Expiry,  MomentKind::Fault, MomentKind::Narration};

std::string mark_text(MomentKind kind, std::int32_t count, core::Instant at) {
  const std::string what = count == 1 ? std::string{word(kind)}
                                      : std::to_string(count) + " × " + std::string{word(kind)};
  return tr("{} at {}", what, sim::instant_text(at));
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

}  // namespace

TimelineView timeline_view(const Scene& scene, int places) {
  TimelineView view;
  view.cursor = static_cast<float>(scene.index.axis(scene.at));
  view.now = sim::instant_text(scene.at);
  view.end = sim::instant_text(scene.index.end());
  const std::vector<sim::TraceEvent>& trace = scene.timeline.trace();
  view.end_is_known = !trace.empty() && trace.back().as<sim::RunEnded>() != nullptr;
  for (const MomentKind kind : kMarked) add_marks(scene, kind, std::max(places, 1), view.marks);
  view.ticks = axis_ticks(scene.index, {});
  view.squeezes = squeezes(scene.index, {});
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
          tr("a question at {}", sim::instant_text(question.asked->at)),
          !is_before(*here, *question.asked));
    }
  }
  for (const Bookmark& mark : state.bookmarks) {
    if (mark.branch != state.branch) continue;
    add(PinKind::Bookmark, mark.at, tr("bookmark at {}", sim::instant_text(mark.at)),
        mark.at <= state.shown_at);
  }
  const auto pair = compared_branches(state);
  if (!pair || !state.is_shown(Panel::Comparison)) return pins;
  if (const auto& parted = state.branches[pair->fork].parted) {
    add(PinKind::Parting, parted->at, tr("the two runs part at {}", sim::instant_text(parted->at)),
        parted->at <= state.shown_at);
  }
  return pins;
}

}  // namespace linger::viz
