// Draws quantities over virtual time.
#pragma once

#include <functional>
#include <string>

#include "viz/parts_panel.h"
#include "viz/plots_view.h"

namespace linger::viz {

// What is asked for once it is known how much room there is, and what is pointed at.
struct PlotsSource {
  std::function<PlotsView(int places)> view;
  std::function<std::string(PlotKind kind, double place)> text;
};
void draw_plots_panel(Stage& stage, const PlotsSource& source, Rect area);

}  // namespace linger::viz
