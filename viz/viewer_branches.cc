#include "viz/viewer_branches.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/check.h"
#include "sim/event_text.h"
#include "sim/lesson_run.h"
#include "sim/trace_text.h"
#include "viz/change.h"
#include "viz/language.h"
#include "viz/mistake.h"
#include "viz/said.h"
#include "viz/viewer_bookmarks.h"
#include "viz/viewer_language.h"
#include "viz/viewer_moves.h"

namespace linger::viz {

bool add_branch(ViewerState& state, Branch branch) {
  if (state.branches.size() == kMostBranches) {
    say(state, tr("no more runs are kept beside this one: Delete closes a branch"));
    return false;
  }
  state.branches.push_back(std::move(branch));
  state.branch = state.branches.size() - 1;
  state.last_fork = state.branch;
  look_ahead(state);
  Branch& fork = state.current();
  fork.parted = first_difference(state.branches[fork.parent].timeline, fork.timeline);
  return true;
}

namespace {

// The events of a run, without what the lesson says.
class Happenings {
 public:
  explicit Happenings(const sim::Timeline& timeline)
      : trace_{timeline.trace()}, names_{sim::names_of(timeline.scenario())} {
    skip();
  }
  bool is_at_end() const { return position_ == trace_.size(); }
  std::size_t position() const { return position_; }
  const sim::TraceEvent& event() const { return trace_[position_]; }
  void next() {
    ++position_;
    skip();
  }
  bool is_like(const Happenings& other) const {
    if (event().at != other.event().at || event().producer != other.event().producer) return false;
    if (event().what.index() != other.event().what.index()) return false;
    const sim::EventText here = sim::describe(event(), names_);
    const sim::EventText there = sim::describe(other.event(), other.names_);
    return here.sentence == there.sentence && here.subject == there.subject;
  }

 private:
  void skip() {
    while (!is_at_end() && event().as<sim::NarrationReached>() != nullptr) ++position_;
  }

  const std::vector<sim::TraceEvent>& trace_;
  sim::TraceNames names_;
  std::size_t position_ = 0;
};

}  // namespace

void inject_fault(ViewerState& state, const sim::Fault& fault) {
  if (state.timeline().is_over()) {
    say(state, tr("the run is over: go back first"));
    return;
  }
  const core::Instant at = std::max(state.shown_at, state.world().now + core::Duration{1});
  Branch branch{.name = sim::text(fault),
                .done_at = at,
                .timeline = state.timeline(),
                .index = {},
                .parent = state.branch,
                .what_if = {},
                .parted = {},
                .so_far = {},
                .tap = {},
                .laws = {},
                .deeds = 1,
                .seen = {}};
  branch.timeline.inject(fault, at);
  if (!add_branch(state, std::move(branch))) return;
  move_by_hand(state, Motion::Step, [at](sim::Timeline& timeline) { timeline.seek_time(at); });
  say(state, tr("injected: {}", tr_said(sim::text(fault))));
}

namespace {

// Nothing that anybody has seen is lost if the run goes on otherwise from here.
bool may_go_on_otherwise(const ViewerState& state) {
  const Branch& branch = state.branches[state.branch];
  const bool is_parent =
      std::any_of(state.branches.begin() + 1, state.branches.end(),
                  [&](const Branch& other) { return other.parent == state.branch; });
  return branch.deeds > 0 && !is_parent && branch.seen <= state.shown_at &&
         branch.seen_step <= state.timeline().cursor();
}

}  // namespace

void forget_findings(Branch& branch) {
  branch.index = {};
  branch.so_far = {};
  branch.tap.reset();
  branch.laws.reset();
  branch.states.reset();
}

bool do_by_hand(ViewerState& state, Deed deed, const std::function<void(sim::Timeline&)>& do_it) {
  if (may_go_on_otherwise(state)) {
    Branch& branch = state.current();
    do_it(branch.timeline);
    forget_findings(branch);
    ++branch.deeds;
    look_ahead(state);
    return true;
  }
  Branch branch{.name = std::move(deed.english),
                .chinese_name = std::move(deed.chinese),
                .done_at = deed.at,
                .timeline = state.timeline(),
                .index = {},
                .parent = state.branch,
                .what_if = {},
                .parted = {},
                .so_far = {},
                .tap = {},
                .laws = {},
                .deeds = 1,
                .seen = {}};
  do_it(branch.timeline);
  return add_branch(state, std::move(branch));
}

bool open_fork(ViewerState& state, std::string name,
               std::shared_ptr<const sim::Scenario> scenario) {
  const core::Instant at = state.shown_at;
  if (!add_branch(state, {.name = std::move(name),
                          .done_at = {},
                          .timeline = sim::Timeline{std::move(scenario)},
                          .index = {},
                          .parent = state.branch,
                          .what_if = {},
                          .parted = {},
                          .so_far = {},
                          .tap = {},
                          .laws = {},
                          .deeds = 0,
                          .seen = {}})) {
    return false;
  }
  state.panels.set(static_cast<std::size_t>(Panel::Comparison));
  state.shown_at = {};
  move_to(state, at);
  return true;
}

void fork_with(ViewerState& state, const std::string& change) {
  const core::Instant soonest = state.world().now + core::Duration{1};
  const auto changed =
      changed_scenario(state.scenario(), parse_change(change, std::max(state.shown_at, soonest)));
  if (const auto* errors = std::get_if<std::vector<sim::ParseError>>(&changed)) {
    say(state, mistake_text(*errors));
    return;
  }
  if (!open_fork(state, change, std::get<std::shared_ptr<const sim::Scenario>>(changed))) return;
  say(state, tr("beside it: {}", change));
}

void toggle_columns(ViewerState& state) {
  state.shows_columns = !state.shows_columns;
  if (state.shows_columns && !compared_branches(state)) {
    say(state, tr("there is one run: a what-if, a fault or another setting makes another"));
  }
  follow_beside(state);
}

void open_what_if(ViewerState& state, std::size_t index) {
  const sim::Scenario& written = state.branches[0].timeline.scenario();
  if (index >= written.what_ifs.size()) return;
  if (!is_offered(state.lesson, index)) {
    say(state, tr("the run has not come to that yet"));
    return;
  }
  const auto open = std::find_if(state.branches.begin(), state.branches.end(),
                                 [index](const Branch& branch) { return branch.what_if == index; });
  state.panels.set(static_cast<std::size_t>(Panel::Comparison));
  if (open != state.branches.end()) {
    show_branch(state, static_cast<std::size_t>(open - state.branches.begin()));
    return;
  }
  const sim::WhatIf& what_if = written.what_ifs[index];
  auto changed = sim::with_what_if(written, what_if);
  if (const auto* errors = std::get_if<std::vector<sim::ParseError>>(&changed)) {
    say(state, mistake_text(*errors));
    return;
  }
  auto scenario =
      std::make_shared<const sim::Scenario>(std::get<sim::Scenario>(std::move(changed)));
  if (!add_branch(state, {.name = what_if.text,
                          .done_at = {},
                          .timeline = sim::Timeline{std::move(scenario)},
                          .index = {},
                          .parent = 0,
                          .what_if = index,
                          .parted = {},
                          .so_far = {},
                          .tap = {},
                          .laws = {},
                          .deeds = 0,
                          .seen = {}})) {
    return;
  }
  if (!written.file.empty()) {
    state.progress.lessons[lesson_key(written.file)].what_ifs.insert(index);
  }
  go_to_first_difference(state);
}

namespace {

// The same instant of another run. The run as written goes there from its beginning, no further
// than its lesson lets it: beside another it may have gone on, beyond what it has yet to ask.
void turn_to(ViewerState& state, std::size_t index, core::Instant at) {
  state.branch = index;
  if (index == 0) state.current().timeline.seek(0);
  state.shown_at = state.world().now;
  move_to(state, at);
}

}  // namespace

void show_branch(ViewerState& state, std::size_t index) {
  if (index >= state.branches.size()) return;
  if (index != 0) state.last_fork = index;
  turn_to(state, index, state.shown_at);
  say(state, tr("branch: {}", branch_name(state, index)));
}

void close_branch(ViewerState& state) {
  const std::size_t closed = state.branch;
  if (closed == 0) {
    say(state, tr("this is the run as written: it stays"));
    return;
  }
  const std::size_t parent = state.branches[closed].parent;
  const auto without = [closed, parent](std::size_t index) {
    if (index == closed) index = parent;
    return index > closed ? index - 1 : index;
  };
  for (Branch& branch : state.branches) branch.parent = without(branch.parent);
  state.last_fork = without(state.last_fork);
  const std::string name = branch_name(state, closed);
  state.branch = without(closed);
  state.branches.erase(state.branches.begin() + static_cast<std::ptrdiff_t>(closed));
  forget_bookmarks_of(state, closed);
  turn_to(state, state.branch, state.shown_at);
  say(state, tr("closed: {}", name));
}

std::optional<ComparedBranches> compared_branches(const ViewerState& state) {
  const std::size_t fork = state.branch != 0 ? state.branch : state.last_fork;
  if (fork == 0 || fork >= state.branches.size()) return std::nullopt;
  return ComparedBranches{state.branches[fork].parent, fork};
}

void follow_wires(ViewerState& state) {
  if (!state.is_shown(Panel::Bytes)) return;
  Branch& branch = state.current();
  if (!branch.tap) {
    // At the frontier, all that was injected is known.
    sim::Timeline whole = branch.timeline;
    whole.seek(whole.frontier());
    branch.tap.emplace(whole.world().scenario);
  }
  branch.tap->follow(branch.timeline.frontier());
}

void follow_beside(ViewerState& state) {
  const auto pair = compared_branches(state);
  const bool is_seen = state.is_shown(Panel::Comparison) || state.shows_columns;
  if (!pair || !is_seen) return;
  for (const std::size_t index : {pair->base, pair->fork}) {
    Branch& branch = state.branches[index];
    if (index != state.branch) {
      try {
        branch.timeline.seek_time(state.shown_at);
      } catch (const core::CheckFailure&) {
        // It is told when somebody goes there.
        branch.timeline.seek(branch.timeline.cursor());
      }
      branch.index.extend(branch.timeline);
    }
    branch.so_far.follow(scene_of(state, index));
  }
}

std::optional<FirstDifference> first_difference(const sim::Timeline& base,
                                                const sim::Timeline& fork) {
  Happenings here{base};
  Happenings there{fork};
  while (!here.is_at_end() && !there.is_at_end() && here.is_like(there)) {
    here.next();
    there.next();
  }
  if (here.is_at_end() && there.is_at_end()) return std::nullopt;
  FirstDifference difference;
  if (!here.is_at_end()) difference.base = here.position();
  if (!there.is_at_end()) difference.fork = there.position();
  const core::Instant at_base = here.is_at_end() ? core::Instant::max() : here.event().at;
  const core::Instant at_fork = there.is_at_end() ? core::Instant::max() : there.event().at;
  difference.at = std::min(at_base, at_fork);
  return difference;
}

void go_to_first_difference(ViewerState& state) {
  const auto pair = compared_branches(state);
  if (!pair) {
    say(state, tr("there is one run: a what-if or a fault makes another"));
    return;
  }
  Branch& fork = state.branches[pair->fork];
  if (!fork.parted) {
    fork.parted = first_difference(state.branches[pair->base].timeline, fork.timeline);
  }
  if (!fork.parted) {
    say(state, tr("the two runs are the same as far as they are known"));
    return;
  }
  move_to(state, fork.parted->at);
}

}  // namespace linger::viz
