#include "viz/unsaved.h"

#include <algorithm>

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

bool has_unsaved_text(const ViewerState& state) {
  return state.editor && state.editor->is_changed();
}

}  // namespace

bool may_leave(ViewerState& state, Unsaved asked) {
  const bool is_text_asked = asked == Unsaved::Anything;
  const UnsavedWork unsaved{unsaved_deeds(state), is_text_asked && has_unsaved_text(state)};
  const UnsavedWork told = state.unsaved_told;
  state.unsaved_told = unsaved;
  const bool is_new_text = unsaved.text && !told.text;
  if (unsaved.deeds <= told.deeds && !is_new_text) return true;
  if (unsaved.text) {
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
