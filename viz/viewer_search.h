// Finding where the run next comes to something, or came to it last, and going there.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/stop_condition.h"
#include "viz/trace_index.h"
#include "viz/viewer_command.h"
#include "viz/viewer_state.h"

namespace linger::viz {

std::vector<MomentKind> kinds_of(JumpTarget target);
// The step in which the next one happens. Runs on as far as needed, and comes back.
std::optional<std::int64_t> find_next(ViewerState& state, const std::vector<MomentKind>& kinds);

// Just after the next moment of any of these kinds, or the last one before. Says so if there is
// none; `name` is what it is called then.
void jump_to_moment(ViewerState& state, const std::vector<MomentKind>& kinds, Way way,
                    std::string_view name);

// To where it stops, or to the lesson's next question, if that comes first. Stays, and says so, if
// the run never comes there.
void run_until_stop(ViewerState& state, const sim::StopPoint& stop);

}  // namespace linger::viz
