// Draws the ledger of records: what became of each.
#pragma once

#include <functional>

#include "viz/ledger_view.h"
#include "viz/parts_panel.h"

namespace linger::viz {

using LedgerRows = std::function<RecordLedgerView(Window)>;
void draw_ledger_panel(Stage& stage, const LedgerRows& rows, Rect area);

}  // namespace linger::viz
