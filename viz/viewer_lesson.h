// What a person does with a lesson: answers, counts hands, lets the run show what is right.
#pragma once

#include <cstddef>

#include "viz/viewer_command.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// Says how the question that is open is answered.
void ask_for_answer(ViewerState& state);

void answer_question(ViewerState& state, std::size_t choice);
void skip_question(ViewerState& state);
void count_hand(ViewerState& state, const CountHand& count);
// The hand that was counted last. False if none was.
bool take_hand_back(ViewerState& state);
// Closes the count, if hands are counted. False if a question is open all the same.
bool settle_hands(ViewerState& state);
// While the run plays, goes at once to where the answer is known; if none is waited for, to what
// the lesson says next, or to the end. False if it does not play.
bool go_ahead(ViewerState& state);

void toggle_teaching(ViewerState& state);
void toggle_questions(ViewerState& state);
void ask_again(ViewerState& state);

}  // namespace linger::viz
