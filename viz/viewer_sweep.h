// Many runs with other values, one in each frame.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "viz/viewer_state.h"

namespace linger::viz {

// "linger.ms=0,5,20 batch.size=1000,16384". Says what is wrong with it, if something is.
void begin_sweep(ViewerState& state, const std::string& axes);
void run_next_of_sweep(ViewerState& state);
void show_next_figure(ViewerState& state, Way way);
// Opens its run beside the one that is shown, and closes the sweep.
void open_sweep_point(ViewerState& state, std::size_t index);

// How many runs what was typed means, each value tried alone; or what is wrong with it.
std::variant<std::size_t, std::vector<sim::ParseError>> checked_sweep(const sim::Scenario& scenario,
                                                                      const std::string& axes);

// What is typed, as points; or what is wrong with it.
std::variant<Sweep, std::vector<sim::ParseError>> planned_sweep(const sim::Scenario& scenario,
                                                                const std::string& axes);

}  // namespace linger::viz
