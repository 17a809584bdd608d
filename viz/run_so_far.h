// What a run has come to, in numbers, at the cursor of its timeline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "sim/summary.h"
#include "viz/scene.h"

namespace linger::viz {

// Counts as the cursor moves on; begins again when it goes back.
class RunSoFar {
 public:
  // Requires: each time a scene of the same timeline.
  void follow(const Scene& scene);

  // Requires: follow() was called.
  const sim::Summary& summary() const { return *summary_; }
  bool is_known() const { return summary_.has_value(); }
  // Acknowledged, and in no log.
  std::int64_t lost() const { return lost_; }

 private:
  std::optional<sim::SummaryBuilder> builder_;
  std::size_t position_ = 0;  // in the trace
  std::int64_t cursor_ = -1;
  std::optional<sim::Summary> summary_;
  std::int64_t lost_ = 0;
};

}  // namespace linger::viz
