// The panels at the right lie one on another; the charts take the place of the picture.
#pragma once

#include <optional>
#include <vector>

#include "viz/viewer_command.h"
#include "viz/viewer_state.h"

namespace linger::viz {

bool is_side_panel(Panel panel);
// Those that are shown lie one on another; this one is on top.
std::optional<Panel> front_panel(const ViewerState& state);
// What brings a panel to the top; or, if it is there, puts it away.
std::vector<ViewerCommand> toggle_side_panel(const ViewerState& state, Panel panel);
// What brings it to the top, if it is not there.
std::vector<ViewerCommand> show_side_panel(const ViewerState& state, Panel panel);
void bring_to_front(ViewerState& state, Panel panel);

// A presentation has room for the picture or a chart, and for a question that is open.
bool is_seen_in_presentation(const ViewerState& state, Panel panel);

// Of the charts, one at a time is shown.
bool is_chart(Panel panel);
std::optional<Panel> shown_chart(const ViewerState& state);
// Once one has come.
void put_other_charts_away(ViewerState& state, Panel panel);

}  // namespace linger::viz
