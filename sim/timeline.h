// A run that can be walked forwards and backwards, and branched off.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

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

  // A timeline of its own that shares the past up to the cursor and knows no future.
  Timeline fork() const;
  // Forgets the future, and lets the fault happen a microsecond from now; or at `at`, if that is
  // later still.
  void inject(Fault fault, Instant at = {});
  // The same for something done in the application's place.
  void act(AppAction action, std::size_t producer, Instant at = {});
  // Undoes the last injection or act, and goes to where it was done; what came after is forgotten.
  // False if there was none.
  bool take_back();
  // When the last of them happens.
  std::optional<Instant> last_done_at() const;

  std::size_t checkpoint_count() const { return checkpoints_.size(); }

 private:
  void advance();
  void keep_checkpoint();
  void forget_future();
  const World& checkpoint_before(std::int64_t step) const;
  void adopt_injections(World& world) const;

  // An earlier checkpoint does not know of it: it belongs to the world after so many steps.
  struct Act {
    AppAction action;
    std::size_t producer = 0;
  };
  struct Injection {
    std::int64_t step = 0;
    Instant at{};
    std::variant<Fault, Act> what;
  };
  void add(Injection injection);
  std::size_t adopted(const World& world) const;  // how many it knows of

  World world_;
  std::vector<World> checkpoints_;  // by ascending step, the first at step 0
  std::int64_t stride_ = 32;        // steps between two of them
  std::vector<TraceEvent> trace_;
  std::vector<std::size_t> step_begin_;  // of each step: its first event in the trace
  std::vector<Instant> step_at_;
  std::size_t written_faults_;  // of the scenario itself
  std::size_t written_threads_;
  std::vector<Injection> injections_;  // by ascending step
};

}  // namespace linger::sim
