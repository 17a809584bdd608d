// Files that are written beside a scenario.
#pragma once

#include <string>

#include "sim/scenario.h"
#include "viz/viewer_command.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// Beside the scenario's file, and not there yet: "lesson-1.svg".
std::string free_path(const sim::Scenario& scenario, const std::string& ending);
// All of it or nothing.
bool write_whole(const std::string& path, const std::string& text);

std::string file_ending(RunExport what);  // ".svg"
// Of the run that is shown, until its cursor; a handout in the language in use.
std::string exported(const ViewerState& state, RunExport what);

}  // namespace linger::viz
