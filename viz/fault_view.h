// What can be done to the brokers, wires and processes by hand.
#pragma once

#include <string>
#include <vector>

#include "sim/fault.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// By nines: those of use most often on the first page, then every kind of the vocabulary.
struct FaultButton {
  int number = 1;    // its key
  std::string name;  // "disconnect"
  std::string what;  // "disconnect broker 1": what a click does
  std::string why;   // one sentence: what it is good for
  sim::Fault fault;
  friend bool operator==(const FaultButton&, const FaultButton&) = default;
};
struct FaultView {
  std::string broker;  // they aim at these
  std::string partition;
  int page = 0;
  int pages = 1;
  std::string page_text;  // "1 of 4: most often of use"
  std::vector<FaultButton> buttons;
  std::vector<std::string> pending;  // of the scenario and injected, still to come
  std::vector<std::string> done;     // the newest first
  friend bool operator==(const FaultView&, const FaultView&) = default;
};
// Aims at what is selected: a broker, or a partition and its leader, and the producer whose batch,
// deque, request, record or thread it is; else at the first there is.
FaultView fault_view(const ViewerState& state);
// All of them, of every page; none where there is nothing to aim at.
std::vector<FaultButton> every_fault(const ViewerState& state);

}  // namespace linger::viz
