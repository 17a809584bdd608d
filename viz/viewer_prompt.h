// What is typed into the line over the picture, and what comes of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "viz/text_line.h"
#include "viz/viewer_command.h"
#include "viz/viewer_state.h"

namespace linger::viz {

void type_in_prompt(ViewerState& state, TextLine line);
void choose_in_prompt(ViewerState& state, Way way);
// Does what the row offers, and closes the line; unless what was typed is wrong.
void accept_prompt(ViewerState& state, std::optional<std::size_t> row);

// Runs until what was typed. Says what is wrong with it, if something is.
void run_until_typed(ViewerState& state, const std::string& what);

}  // namespace linger::viz
