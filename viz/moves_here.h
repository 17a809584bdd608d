// The moves that the explorer has in one world of a run, and where they lead.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/explorer.h"

namespace linger::viz {

// A state of a run: the one after so many steps.
struct MetState {
  std::size_t branch = 0;
  std::int64_t step = 0;
  friend bool operator==(const MetState&, const MetState&) = default;
};

struct OfferedMove {
  sim::Move move;
  bool is_own = false;          // the run that is shown does this
  bool is_explored = true;      // else the run does it, though the explorer has no such move
  core::Duration in{};          // so long from now
  std::optional<MetState> run;  // another one that does this here: the state that it comes to
  std::optional<MetState> met;  // the state that it leads to, where a run comes to it
  std::string failure;          // the check of the model that fails, if one does
};

struct MovesHere {
  std::size_t branch = 0;
  std::int64_t step = 0;  // after so many
  std::vector<OfferedMove> moves;
  std::optional<MetState> met;  // the state itself, where a run comes to it another way
  std::string why_not;          // why states are not compared, if they are not
  // Of what it was found out.
  std::size_t branches = 0;
  std::int64_t frontier = 0;
};

}  // namespace linger::viz
