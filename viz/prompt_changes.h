// What the line offers that makes other runs: another setting, or several values of one.
#pragma once

#include "viz/prompt_view.h"

namespace linger::viz {

// What was typed, if it makes sense, or what is wrong with it; and names that complete it.
void add_change_rows(const ViewerState& state, PromptView& view);
void add_sweep_rows(const ViewerState& state, PromptView& view);

}  // namespace linger::viz
