// A run that can be walked forwards and backwards, and branched off.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "sim/chosen_move.h"
#include "sim/fault.h"
#include "sim/scenario.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// The world at a cursor, and the trace of everything that was run so far:
//
//   step 0 ────●────────●────────●──▶ cursor ─ ─ ─ ─▶ frontier
//              checkpoints: copies of the world
//
// Going back is a copy of the nearest checkpoint, run forward. There is no undo code anywhere.
// Invariant: the world at a step is the same however it was reached.
class Timeline {
 public:
  explicit Timeline(std::shared_ptr<const Scenario> scenario);

  const World& world() const { return world_; }
  const Scenario& scenario() const { return *world_.scenario; }
  std::int64_t cursor() const { return world_.steps; }
  // How many steps are known.
  std::int64_t frontier() const { return static_cast<std::int64_t>(step_at_.size()); }
  bool is_over() const { return world_.ended.has_value(); }

  // False if the run is over, or at its beginning.
  bool step_forward();
  bool step_back();
  // The world after `step` steps, or at the end of the run if it is shorter.
  void seek(std::int64_t step);
  // The world after everything that happens until `at`, that instant included.
  void seek_time(Instant at);
  void run_to_end();

  // Everything that was run, also beyond the cursor.
  const std::vector<TraceEvent>& trace() const { return trace_; }
  // What happened until the cursor.
  std::span<const TraceEvent> past() const;
  // A copy of the world as it is after so many steps; the cursor stays. Requires: step <
  // frontier().
  World world_at(std::int64_t step) const;

  // What happened in one step. Requires: step < frontier().
  std::span<const TraceEvent> events_of(std::int64_t step) const;
  Instant step_at(std::int64_t step) const { return step_at_[static_cast<std::size_t>(step)]; }
  // When the next step happens; none if the run is over.
  std::optional<Instant> next_at() const;

  // A timeline of its own that shares the past up to the cursor and knows no future.
  Timeline fork() const;
  // Forgets the future, and lets the fault happen a microsecond from now; or at `at`, if that is
  // later still.
  void inject(Fault fault, Instant at = {});
  // The same for something done in the application's place.
  void act(AppAction action, std::size_t producer, Instant at = {});
  // Chooses what comes next, and forgets the future. The world at the cursor knows nothing of it.
  // Requires: !is_over().
  void choose(ChosenMove choice);
  // What was chosen to come after so many steps; null: what came came by itself.
  const ChosenMove* choice_at(std::int64_t step) const;
  // Whether the same was done to both until after so many steps: then they are in the same state.
  bool has_same_past(const Timeline& other, std::int64_t step) const;
  // Undoes the last injection, act or choice, and goes to where it was done; what came after is
  // forgotten. False if there was none.
  bool take_back();
  // When the last of them happens.
  std::optional<Instant> last_done_at() const;
  // After how many steps, if it is a choice.
  std::optional<std::int64_t> last_choice() const;
  // With all that was done: run from its beginning, it comes to the same.
  std::shared_ptr<const Scenario> whole_scenario() const;

  std::size_t checkpoint_count() const { return checkpoints_.size(); }

 private:
  void advance();
  void keep_checkpoint();
  void forget_future();
  const World& checkpoint_before(std::int64_t step) const;

  // An earlier checkpoint does not know of it: it belongs to the world after so many steps. A
  // choice is made when that world is left; it is the last one of its step.
  struct Act {
    AppAction action;
    std::size_t producer = 0;
  };
  struct Chosen {
    ChosenMove choice;
    std::vector<OrderEntry> instant;  // who came before it at the same instant
  };
  struct Injection {
    std::int64_t step = 0;
    Instant at{};
    std::variant<Fault, Act, Chosen> what;
    std::shared_ptr<const Scenario> scenario{};  // of the world once it knows of it
    const ChosenMove* choice() const;            // null if it is something else
  };
  void add(Injection injection);
  void adopt_injections(World& world) const;
  void adopt_choice(World& world) const;
  void adopt(const Injection& injection, World& world) const;
  void note_adopted();
  std::size_t adopted(const World& world) const;  // how many it knows of
  std::vector<OrderEntry> order_of_this_instant();

  World world_;
  std::vector<World> checkpoints_;  // by ascending step, the first at step 0
  std::int64_t stride_ = 32;        // steps between two of them
  std::vector<TraceEvent> trace_;
  std::vector<std::size_t> step_begin_;  // of each step: its first event in the trace
  std::vector<Instant> step_at_;
  std::vector<Injection> injections_;  // by ascending step
};

}  // namespace linger::sim
