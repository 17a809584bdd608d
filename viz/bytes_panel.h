// Draws the bytes on a wire, and a record's own bytes beside its fields.
#pragma once

#include <functional>

#include "viz/parts_panel.h"
#include "viz/record_bytes_view.h"
#include "viz/wire_bytes_view.h"

namespace linger::viz {

using WireRows = std::function<WireBytesView(Window window)>;
void draw_bytes_panel(Stage& stage, const WireRows& wire, const RecordBytesView& record, Rect area);

}  // namespace linger::viz
