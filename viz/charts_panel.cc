#include "viz/charts_panel.h"

#include "sim/trace_text.h"
#include "viz/batch_chart_panel.h"
#include "viz/bytes_panel.h"
#include "viz/panel_stack.h"
#include "viz/plots_panel.h"
#include "viz/sequence_panel.h"

namespace linger::viz {

void draw_chart(Stage& stage, const ViewerState& state, const Scene& now, Rect area) {
  const Stretch stretch = stretch_around(now.index, now.at, state.time_halvings);
  switch (*shown_chart(state)) {
    case Panel::BatchChart:
      draw_batch_chart_panel(
          stage,
          {.view = [&](Window window,
                       int places) { return batch_chart_view(now, stretch, window, places); },
           .text = [&](BatchRef batch) { return life_text(now, batch); }},
          area);
      return;
    case Panel::Sequence:
      draw_sequence_panel(
          stage, [&](Window window) { return sequence_view(now, window); }, area);
      return;
    case Panel::Plots: {
      const Future future = future_of(state);
      draw_plots_panel(
          stage,
          {.view = [&](int places) { return plots_view(now, stretch, places, future); },
           .text =
               [&](PlotKind kind, double place) {
                 const core::Instant at = instant_in(now.index, stretch, place);
                 const bool is_known = future == Future::Shown || at <= now.at;
                 return is_known ? plot_text(now, kind, at) : sim::instant_text(at);
               }},
          area);
      return;
    }
    case Panel::Bytes: {
      const auto& tap = state.branches[state.branch].tap;
      draw_bytes_panel(
          stage, [&](Window window) { return wire_bytes_view(now, tap ? &*tap : nullptr, window); },
          record_bytes_view(now), area);
      return;
    }
    case Panel::Inspector:
    case Panel::Readiness:
    case Panel::Ledger:
    case Panel::Consumer:
    case Panel::Events:
    case Panel::Faults:
    case Panel::Narration:
    case Panel::Lesson:
    case Panel::Comparison:
    case Panel::Runs:
    case Panel::Future:
    case Panel::Hand:
    case Panel::Laws:
    case Panel::Moves:
      return;  // elsewhere
  }
}

}  // namespace linger::viz
