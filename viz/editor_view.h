// A lesson's text while it is edited, and what is wrong with it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "viz/viewer_state.h"

namespace linger::viz {

struct EditorMistake {
  std::string place;  // "line 12"
  std::string message;
  std::string fix;  // may be empty
  friend bool operator==(const EditorMistake&, const EditorMistake&) = default;
};

struct EditorView {
  std::string file;
  std::string status;  // "as it runs", "changed, and not applied yet"
  bool is_changed = false;
  std::string text;
  std::size_t caret = 0;  // where it goes when the revision is another
  int revision = 0;
  std::vector<EditorMistake> mistakes;  // as of the last time it was to be applied
  friend bool operator==(const EditorView&, const EditorView&) = default;
};
// Requires: state.editor.
EditorView editor_view(const ViewerState& state);

}  // namespace linger::viz
