// The glossary as something to type into: terms in both languages, explained in the one in use.
#pragma once

#include "viz/prompt_view.h"

namespace linger::viz {

void add_glossary_rows(const ViewerState& state, PromptView& view);

}  // namespace linger::viz
