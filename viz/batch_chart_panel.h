// Draws each batch's life as a bar.
#pragma once

#include <functional>
#include <string>

#include "viz/batch_chart_view.h"
#include "viz/parts_panel.h"

namespace linger::viz {

// What is asked for once it is known what is in sight.
struct BatchChartSource {
  std::function<BatchChartView(Window window, int places)> view;
  std::function<std::string(BatchRef batch)> text;  // of the one that is pointed at
};
void draw_batch_chart_panel(Stage& stage, const BatchChartSource& source, Rect area);

}  // namespace linger::viz
