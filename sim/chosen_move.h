// A move of the explorer that somebody makes by hand, while a world runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/state_key.h"
#include "sim/explorer.h"
#include "sim/fault.h"
#include "sim/lane.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// What comes next, as somebody chose it.
struct ChosenMove {
  std::optional<Fault> fault{};  // it strikes now;
  std::optional<Lane> next{};    // else who comes first; neither: nobody, and the run ends
  // These may strike at any moment. Those of them that the scenario has for later do not come by
  // themselves any more: its run goes another way.
  std::vector<Fault> may{};
  friend bool operator==(const ChosenMove&, const ChosenMove&) = default;
};

// Who comes first if nobody chooses; none: the run is over, or ends before.
std::optional<Lane> next_lane(const World& world);

// The world's next step is that one, and its scenario says so: run from its beginning, it does the
// same. An order that was written for later is forgotten. `instant` tells who came in the steps
// before it at the same instant: a fault that is written down would come before them.
void choose(World& world, const ChosenMove& choice, std::span<const OrderEntry> instant);

// A world of a run as the explorer has it: of the faults that may strike at any moment none comes
// by itself, and nothing is told.
struct ExploredWorld {
  World world;
  std::size_t first_fault = 0;  // where those that may strike stand in its scenario
  int struck = 0;               // how often one of them has
};
ExploredWorld explored_world(const World& world, const ExploreOptions& options);
std::vector<Move> moves_in(const ExploredWorld& explored, const ExploreOptions& options);
// What the world does by itself, as a move; it need not be one that the explorer has.
Move own_move(const World& world, const ExploreOptions& options);
ChosenMove chosen_move_of(const Move& move, const ExploreOptions& options);
bool is_same(const Move& a, const Move& b);

// What the explorer tells states apart by. Requires: !why_not_explorable(the scenario).
struct StateName {
  core::StateKey::Digest key;
  int struck = 0;
  friend auto operator<=>(const StateName&, const StateName&) = default;
};
StateName state_name(const ExploredWorld& explored, const ExploreOptions& options);

}  // namespace linger::sim
