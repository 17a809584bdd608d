// Virtual time from the left to the right, and where one clicks to go there.
#pragma once

#include "viz/parts_panel.h"
#include "viz/time_axis.h"

namespace linger::viz {

// Where in a drawing's width a place of its axis is.
inline float x_of(Rect area, float place) {
  return area.left + area.width() * place;
}

// The times along the top of a drawing. A click goes there.
void draw_time_axis(Stage& stage, Rect strip, const TimeAxis& axis);
// What lies behind a drawing: waits that are drawn short, a line for each time of the axis.
void draw_time_grid(ImDrawList& list, Rect area, const TimeAxis& axis);
// The instant, as a line over the drawing.
void draw_now_line(ImDrawList& list, Rect area, const TimeAxis& axis);
// Lets a click into the area go to the time that is there.
void offer_time(Stage& stage, Rect area, const TimeAxis& axis);

// Buttons for a shorter and a longer stretch of time, at the right of a head, which keeps the rest.
void draw_stretch_buttons(Stage& stage, Rect& head);
// A button at the right of a head, which keeps the rest. Nothing where there is no room for it.
void draw_head_button(Stage& stage, Rect& head, std::string_view text, std::string tooltip,
                      const ViewerCommand& command);

}  // namespace linger::viz
