// Which line of its partition each batch's bar is drawn in.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "sim/batch_life.h"
#include "viz/selection.h"

namespace linger::viz {

// A batch takes the first line of its partition that is free when it begins. So a line's bars
// follow one another, and no batch changes its line however the run goes on.
class BatchRows {
 public:
  struct Line {
    std::size_t position = 0;        // in the trace: when its first batch began
    std::vector<std::size_t> lives;  // places in BatchLives::all(), one after another
  };

  // Takes in the lives that began since the last call. Requires: called after each event.
  void follow(const sim::BatchLives& lives);

  const std::map<LaneRef, std::vector<Line>>& lanes() const { return lanes_; }

 private:
  std::size_t known_ = 0;
  std::map<LaneRef, std::vector<Line>> lanes_;
};

}  // namespace linger::viz
