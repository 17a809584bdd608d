// All orders and outcomes of a small scenario: every law in every world that can come of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/state_key.h"
#include "sim/fault.h"
#include "sim/lane.h"
#include "sim/law_watch.h"
#include "sim/laws.h"
#include "sim/query.h"
#include "sim/scenario.h"
#include "sim/world.h"

namespace linger::sim {

struct ExploreOptions {
  std::vector<Fault> faults;            // any of these may strike at any moment,
  int most_faults = 0;                  // so many in all
  std::int64_t most_steps = 1'000'000;  // from the beginning to any world
  std::int64_t most_states = 1'000'000;
  // Who is due later than the first by more than this does not come before it.
  Duration within = std::chrono::milliseconds{1};
  Duration far = std::chrono::seconds{10};  // see world_key()
  std::vector<Query> always;                // conditions that hold in every world, as laws do
  // Told from time to time; false ends the exploration.
  std::function<bool(const struct ExploreProgress&)> goes_on;
};

struct ExploreProgress {
  std::int64_t states = 0;       // that were met, each once
  std::int64_t transitions = 0;  // steps that were tried
  std::int64_t waiting = 0;      // states whose steps were not tried yet
  std::int64_t steps = 0;        // from the beginning to where it stands
};

// One step of a way: who came next, or which fault struck.
struct Move {
  std::optional<std::size_t> fault;  // in ExploreOptions::faults
  Lane next;
  bool is_end = false;        // nothing is due before the run is over
  bool is_departure = false;  // bytes leave a socket: there is no other move
};

enum class ExploreEnd { AllVisited, LawBroken, MostSteps, MostStates, Stopped };

struct Exploration {
  ExploreProgress figures;
  ExploreEnd end = ExploreEnd::AllVisited;
  std::int64_t ends = 0;        // worlds in which the run was over
  std::int64_t departures = 0;  // worlds in which bytes left a socket, and nobody else had a turn
  Instant latest{};             // the latest time in any world
  std::optional<BrokenLaw> broken;
  std::vector<Move> way;  // the shortest to where it broke
};

// What is explored of a scenario: without what is only told, and with backoffs without jitter.
Scenario as_explored(Scenario scenario);

// By what worlds are known that are met once: world_key(), what the laws remember of the way, and
// how many faults have struck.
core::StateKey::Digest met_as(const World& world, const LawWatch& watch, int struck, Duration far);

// Breadth first, so that what is found is found by the shortest way. Worlds that are met_as() the
// same are met once. Requires: !why_not_explorable(scenario).
//
// What leaves a socket leaves at once: nobody else comes before it.
Exploration explore(const std::shared_ptr<const Scenario>& scenario, const ExploreOptions& options);

// The moves that are possible in a world in which so many faults have struck: at least one, if the
// run is not over and goes on by itself.
std::vector<Move> moves_in(const World& world, const ExploreOptions& options, int struck);
void make(const Move& move, std::size_t first_fault, World& world, TraceSink& trace);

// The way as a scenario that is run in the ordinary manner: faults at their times, and an order
// where it is not the usual one. It ends as the way does, where that is needed for the law to be
// seen broken.
Scenario as_scenario(const Scenario& explored, const ExploreOptions& options,
                     const Exploration& exploration);

}  // namespace linger::sim
