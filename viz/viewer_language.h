// What the lesson says in the language in use, and another language while the viewer runs.
#pragma once

#include <cstddef>
#include <string>

#include "sim/lesson_texts.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// Of the run as written. English where it has no others.
const sim::LessonTexts& lesson_texts(const ViewerState& state);
// A choice as it reads, with its value.
std::string choice_text(const ViewerState& state, std::size_t question, std::size_t choice);
// "as written", the question of a what-if, or what was done in it.
std::string branch_name(const ViewerState& state, std::size_t branch);

// Reads what is needed of the lessons in the language in use, if that is not there yet. Tells what
// is wrong with a file that does not fit; the lesson is English then.
void learn_lesson_texts(ViewerState& state);
// Its terms are shown in both languages, whichever is in use.
void note_characters_of_glossary(const ViewerState& state);
// Speaks the other language from now on, if its glyphs can be drawn.
void change_language(ViewerState& state);

}  // namespace linger::viz
