// Being the application: what can be done in its place, and what was.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/scenario.h"
#include "viz/viewer_state.h"

namespace linger::viz {

struct HandButton {
  int number = 1;    // its key; 0: it has none
  std::string name;  // "send 10"
  std::string what;  // "Ten records in one go."
  std::size_t producer = 0;
  sim::AppAction action;
  friend bool operator==(const HandButton&, const HandButton&) = default;
};

struct HandView {
  std::string target;    // where records go: "orders-0", "orders, whichever partition is chosen"
  std::string producer;  // its name, if there are several
  std::vector<HandButton> buttons;
  std::vector<std::string> done;  // by hand in this run, the newest first
  bool can_undo = false;
  std::string hint;  // the run is over, or the producer is closed
  friend bool operator==(const HandView&, const HandView&) = default;
};
HandView hand_view(const ViewerState& state);

}  // namespace linger::viz
