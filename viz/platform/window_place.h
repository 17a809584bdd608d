// Where a window stands among the monitors.
#pragma once

#include <algorithm>
#include <span>

namespace linger::viz {

// In the system's units, without what the system draws around the window.
struct WindowPlace {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  friend bool operator==(const WindowPlace&, const WindowPlace&) = default;
};

// Whether it is whole on one of the monitors: one that was taken away, or that has become smaller,
// would hide the window, or a part of it.
inline bool fits_on(const WindowPlace& place, std::span<const WindowPlace> monitors) {
  constexpr int kSmallestWindow = 200;
  if (place.width < kSmallestWindow || place.height < kSmallestWindow) return false;
  return std::ranges::any_of(monitors, [&place](const WindowPlace& monitor) {
    return place.x >= monitor.x && place.y >= monitor.y &&
           place.x + place.width <= monitor.x + monitor.width &&
           place.y + place.height <= monitor.y + monitor.height;
  });
}

}  // namespace linger::viz
