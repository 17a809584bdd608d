// The first steps of somebody who has never seen this: what to do, and whether it is done.
#pragma once

#include <string>
#include <vector>

#include "viz/viewer_state.h"

namespace linger::viz {

struct GuideStep {
  std::string what;  // "let something happen"
  std::string key;   // "Right"
  std::string why;   // one sentence
  ViewerCommand command;
  bool is_done = false;
  bool is_next = false;
  friend bool operator==(const GuideStep&, const GuideStep&) = default;
};

struct GuideView {
  std::vector<GuideStep> steps;
  std::string end;  // what to say once all is done
  friend bool operator==(const GuideView&, const GuideView&) = default;
};
// Requires: state.guide.
GuideView guide_view(const ViewerState& state);

// Notes what has been done by now; all of it done and seen, it is put away.
void note_first_steps(ViewerState& state);

}  // namespace linger::viz
