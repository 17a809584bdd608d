// The runs that are kept beside one another: the scenario as written, what-ifs, injected faults.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "viz/viewer_state.h"

namespace linger::viz {

// Shows the fault's run from now on, and keeps the one it was injected into.
void inject_fault(ViewerState& state, const sim::Fault& fault);
// What is done by hand, in English; with its instant if it is to be told with that; and in Chinese,
// if no pattern has it (said.h).
struct Deed {
  std::string english;
  std::optional<core::Instant> at{};
  std::string chinese{};
};
// Does something in the run that is shown, if nothing that anybody has seen is lost by it; else in
// a branch of that name. False if there is no room for it.
bool do_by_hand(ViewerState& state, Deed deed, const std::function<void(sim::Timeline&)>& do_it);
// What was found out about a run that goes on otherwise now.
void forget_findings(Branch& branch);
// Shows a scenario's run beside the one that is shown, from where they part on. False if there is
// no room for it.
bool open_fork(ViewerState& state, std::string name, std::shared_ptr<const sim::Scenario> scenario);
// The same with something otherwise, as it was typed; says what is wrong with it, if something is.
void fork_with(ViewerState& state, const std::string& change);
void toggle_columns(ViewerState& state);
// Opens one of the lesson's what-ifs, or goes back to it if it is open.
void open_what_if(ViewerState& state, std::size_t index);
// The same instant in another branch.
void show_branch(ViewerState& state, std::size_t index);
// Forgets the branch that is shown, and shows the one it came from.
void close_branch(ViewerState& state);

// Two branches to be compared: the one that is shown, and the one it came from; or, if that is
// shown, the one that came from it and was shown last.
struct ComparedBranches {
  std::size_t base = 0;
  std::size_t fork = 0;
};
std::optional<ComparedBranches> compared_branches(const ViewerState& state);
// False if there is no room for it; then it is said.
bool add_branch(ViewerState& state, Branch branch);
// Brings the other one to the instant that is shown, if they are compared.
void follow_beside(ViewerState& state);

// Finds the bytes on the wires of the branch that is shown, if they are shown.
void follow_wires(ViewerState& state);

// The first thing that happened in one of two runs and not in the other. What the lesson says in
// one of them alone is no difference.
std::optional<FirstDifference> first_difference(const sim::Timeline& base,
                                                const sim::Timeline& fork);
void go_to_first_difference(ViewerState& state);

}  // namespace linger::viz
