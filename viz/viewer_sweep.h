// Many runs with other values, one in each frame.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "viz/viewer_state.h"

namespace linger::viz {

// "linger.ms=0,5,20 batch.size=1000,16384". Says what is wrong with it, if something is.
void begin_sweep(ViewerState& state, const std::string& axes);
void run_next_of_sweep(ViewerState& state);
void show_next_figure(ViewerState& state, Way way);
// The one beside it in the curve or the map; at the edge the same.
void choose_sweep_point(ViewerState& state, Towards to);
// Opens its run, or that of the one that is chosen, beside the one that is shown, and closes the
// sweep.
void open_sweep_point(ViewerState& state, std::optional<std::size_t> index);
// As `linger sweep` writes it. None, and why is said, while runs are still to be made.
std::optional<std::string> swept_csv(ViewerState& state);

// How many runs what was typed means, and of how many combinations: there are no more than a person
// can wait for.
struct SweepSize {
  std::size_t runs = 0;
  std::size_t combinations = 0;
  friend bool operator==(const SweepSize&, const SweepSize&) = default;
};
// Each value tried alone; or what is wrong with it.
std::variant<SweepSize, std::vector<sim::ParseError>> checked_sweep(const sim::Scenario& scenario,
                                                                    const std::string& axes);

// What is typed, as points; or what is wrong with it.
std::variant<Sweep, std::vector<sim::ParseError>> planned_sweep(const sim::Scenario& scenario,
                                                                const std::string& axes);

}  // namespace linger::viz
