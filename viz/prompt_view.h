// The line that is typed into, and what it offers: every action by its name, or how far to run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viz/viewer_command.h"
#include "viz/viewer_state.h"

namespace linger::viz {

struct PromptRow {
  std::string text;    // "next sender pass", "batch(3).state"
  std::string detail;  // "Goes to the sender's next pass."
  std::string key;     // "Shift+Right"; empty if it has none
  ViewerCommand command;
  bool is_chosen = false;
  friend bool operator==(const PromptRow&, const PromptRow&) = default;
};

struct PromptView {
  std::string title;
  std::string hint;  // while nothing is typed
  TextLine line;
  std::vector<PromptRow> rows;
  std::string note;   // on the row that is chosen, in whole
  std::string error;  // what is wrong with the text
  std::string fix;
  std::int32_t error_column = 0;  // where, from 1
  friend bool operator==(const PromptView&, const PromptView&) = default;
};
// Requires: state.prompt.
PromptView prompt_view(const ViewerState& state);

}  // namespace linger::viz
