// A question that is answered by a click in the picture: what its choices point at, and where that
// stands.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "viz/picture_layout.h"
#include "viz/pipeline_view.h"
#include "viz/selection.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// Of the choices of the question that is open, in their order; a partition once for each producer
// that it is meant of. Nothing at which more than one of them points.
std::vector<PointedThing> pointed_things(const ViewerState& state);

// Where such a thing is in sight: a partition in its deque and in its log, a batch wherever it is.
struct PointedPlace {
  std::size_t choice = 0;
  Rect area;
  friend bool operator==(const PointedPlace& a, const PointedPlace& b) {
    return a.choice == b.choice && a.area.left == b.area.left && a.area.top == b.area.top &&
           a.area.right == b.area.right && a.area.bottom == b.area.bottom;
  }
};
std::vector<PointedPlace> pointed_places(const PipelineView& view, const PictureLayout& layout);

// The choice that a click there is: of the smallest place around it.
std::optional<std::size_t> choice_at(const std::vector<PointedPlace>& places, Point at);

}  // namespace linger::viz
