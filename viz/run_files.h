// Files that are written beside a scenario.
#pragma once

#include <string>

#include "sim/scenario.h"
#include "sim/timeline.h"
#include "viz/viewer_command.h"

namespace linger::viz {

// Beside the scenario's file, and not there yet: "lesson-1.svg".
std::string free_path(const sim::Scenario& scenario, const std::string& ending);
// All of it or nothing.
bool write_whole(const std::string& path, const std::string& text);

std::string file_ending(RunExport what);  // ".svg"
// Of a timeline until its cursor.
std::string exported(const sim::Timeline& timeline, RunExport what);

}  // namespace linger::viz
