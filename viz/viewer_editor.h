// How a lesson is copied to a file of one's own, edited in place, and read again.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "viz/viewer_state.h"

namespace linger::viz {

// The lessons that come with the program are copied first: in a folder called "scenarios".
bool is_ones_own(const std::string& file);
// Where a copy goes if nobody says otherwise: beside the progress, or beside the lesson.
std::string path_of_copy(const ViewerState& state);

// Opens the editor; or asks where to copy the lesson to.
void edit_lesson(ViewerState& state);
// Writes the lesson there, as its file has it, and opens it at the same instant, to be edited.
// Nothing that stands there is replaced.
void copy_lesson(ViewerState& state, const std::string& path);
void type_in_editor(ViewerState& state, std::string text, std::size_t caret);
// Saves the text and shows its run at the same instant; if it does not parse, tells where and why,
// and nothing is changed.
void apply_edit(ViewerState& state);
// The text as it was before the last application, to be edited on.
void undo_edit(ViewerState& state);
void close_editor(ViewerState& state);
// Puts the caret where a mistake is; or the next one.
void go_to_mistake(ViewerState& state, std::optional<std::size_t> index);
// Takes the file as another program has left it. What is being edited is kept until it is applied.
void reload_lesson(ViewerState& state);

// Shows another viewer in its place, with the panels and habits of this one.
void replace_run(ViewerState& state, ViewerState fresh);

}  // namespace linger::viz
