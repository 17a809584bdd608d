#include "viz/editor_view.h"

#include <utility>

#include "viz/language.h"
#include "viz/said.h"

namespace linger::viz {

EditorView editor_view(const ViewerState& state) {
  const LessonEditor& editor = *state.editor;
  EditorView view;
  view.file = state.branches[0].timeline.scenario().file;
  view.is_changed = editor.is_changed();
  view.status = view.is_changed ? tr("changed, and not applied yet") : tr("as it runs");
  view.text = editor.text;
  view.caret = editor.caret;
  view.revision = editor.revision;
  for (const sim::ParseError& error : editor.errors) {
    EditorMistake mistake{tr("the file"), tr_mistake(error.message), tr_mistake(error.fix)};
    if (error.line > 0) mistake.place = tr("line {}", error.line);
    view.mistakes.push_back(std::move(mistake));
  }
  return view;
}

}  // namespace linger::viz
