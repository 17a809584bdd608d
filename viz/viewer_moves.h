// How the viewer's run is moved: forwards no further than the lesson lets it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/time.h"
#include "sim/laws.h"
#include "sim/lesson_run.h"
#include "sim/timeline.h"
#include "viz/viewer_state.h"

namespace linger::viz {

void say(ViewerState& state, std::string text);

// Runs on, as far as the scrub bar is to know, and comes back.
void look_ahead(ViewerState& state);

// Brings the trace's index and the shown instant up to date with the timeline, which was moved.
enum class Motion { Step, Jump };  // a step shows alone what happened in it
void settle(ViewerState& state, Motion motion);
// Notes how far somebody has looked: what comes later may be otherwise without anybody missing it.
void note_seen(ViewerState& state);
// Moves the timeline. When one of our CHECKs fails on the way, goes back to the last good world,
// and tells why in `error`. False then.
bool move_timeline(ViewerState& state, const std::function<void(sim::Timeline&)>& move);

// Somebody who moves by hand does not want to be moved on: play ends. A question on the way stops
// the move.
void move_by_hand(ViewerState& state, Motion motion,
                  const std::function<void(sim::Timeline&)>& move);
void move_to(ViewerState& state, core::Instant at);

// Follows the laws of the run that is shown until its cursor, if they are shown or stop moves.
void follow_laws(ViewerState& state);
// The first law that breaks after more than so many steps of the run that is shown, and no more
// than its cursor has; if one is to stop there.
std::optional<sim::BrokenLaw> law_that_stops(ViewerState& state, std::int64_t from);
void say_broken(ViewerState& state, const sim::BrokenLaw& law);

// --- The lesson ---

// Where the run as written stands. None in another branch: nothing is asked there.
std::optional<sim::Place> place_in_lesson(const ViewerState& state);
// How far time may go on; none: as far as it likes.
std::optional<sim::Place> stop_ahead(const ViewerState& state);
std::optional<std::size_t> open_question(const ViewerState& state);
// Notes what the lesson has come to, now that time has moved: a question is brought to the top.
void arrive(ViewerState& state);

// Finds out what is behind the decision on the partition in focus, if that is shown and is not
// known yet.
void look_into_why(ViewerState& state);

}  // namespace linger::viz
