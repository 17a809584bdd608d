// What may come next in the world that is shown: the moves of the explorer, and where they lead.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "viz/move_words.h"
#include "viz/viewer_state.h"

namespace linger::viz {

struct MoveRow {
  std::size_t index = 0;  // TakeMove{index}
  int number = 1;         // its key; 0: it has none
  MoveClass of{};
  std::string words;        // "Produce 3 arrives at broker 0"
  std::string when;         // "in 0.5 ms"; empty: now
  bool is_own = false;      // the run that is shown does this
  bool is_explored = true;  // else linger explore has no such move
  std::string beside;       // the run that does this, if another one does
  std::string leads;    // where the state it leads to is met: "“as written”, after 14 steps"
  std::string failure;  // the check of the model that fails
  friend bool operator==(const MoveRow&, const MoveRow&) = default;
};

// How many moves there are after so many steps of the run that is shown.
struct MoveCount {
  std::int64_t step = 0;
  std::size_t moves = 0;
  bool is_here = false;
  friend bool operator==(const MoveCount&, const MoveCount&) = default;
};

struct MovesView {
  std::string place;              // "after 12 steps, at 3.000 ms"
  std::vector<MoveCount> counts;  // of the steps around
  std::string met;                // where this very state is met another way
  std::vector<MoveRow> rows;
  std::string departure;  // why there is one move alone, if bytes leave a socket
  std::string faults;     // which may strike, and how often
  std::string hint;       // why there are no moves, or why states are not compared
  bool can_undo = false;
  friend bool operator==(const MovesView&, const MovesView&) = default;
};
// Requires, to have rows: they were looked into, as they are while Panel::Moves is on top.
MovesView moves_view(const ViewerState& state);

}  // namespace linger::viz
