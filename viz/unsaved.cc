#include "viz/unsaved.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "viz/keys.h"
#include "viz/language.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

int unsaved_deeds(const ViewerState& state) {
  int deeds = 0;
  for (const Branch& branch : state.branches) {
    deeds += std::max(branch.deeds - branch.saved_deeds, 0);
  }
  return deeds;
}

std::optional<std::string> unsaved_text(const ViewerState& state) {
  if (!state.editor || !state.editor->is_changed()) return std::nullopt;
  return state.editor->text;
}

}  // namespace

bool may_leave(ViewerState& state) {
  const UnsavedWork unsaved{unsaved_deeds(state), unsaved_text(state)};
  const UnsavedWork told = std::exchange(state.unsaved_told, unsaved);
  const bool is_new_text = unsaved.text && unsaved.text != told.text;
  if (unsaved.deeds <= told.deeds && !is_new_text) return true;
  if (is_new_text) {
    state.editor->is_open = true;
    say(state, tr("not left yet: what was typed is not applied, and would be lost; once more "
                  "leaves it"));
  } else {
    say(state, tr("not left yet: what was done by hand is not saved ({} saves it), and would be "
                  "lost; once more leaves it",
                  key_text(SaveScenario{})));
  }
  return false;
}

void note_saved(ViewerState& state) {
  for (std::size_t index = state.branch;; index = state.branches[index].parent) {
    Branch& branch = state.branches[index];
    branch.saved_deeds = branch.deeds;
    if (index == 0) return;
  }
}

}  // namespace linger::viz
