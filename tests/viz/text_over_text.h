// Whether texts on a screen lie over one another.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "viz/platform/label.h"

namespace linger::viz {

// In square pixels.
inline float shared_ink(const Rect& a, const Rect& b) {
  const float width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

// Of what was drawn last, from the first-th text on.
inline void expect_no_text_over_another(const std::vector<SeenText>& seen, std::size_t first = 0) {
  constexpr float kMostShared = 12;  // the ends of two letters
  for (std::size_t i = first; i < seen.size(); ++i) {
    for (std::size_t j = i + 1; j < seen.size() && seen[i].is_visible; ++j) {
      if (!seen[j].is_visible) continue;
      EXPECT_LE(shared_ink(seen[i].rect, seen[j].rect), kMostShared) << seen[i].text << "\nand\n"
                                                                     << seen[j].text;
    }
  }
}

}  // namespace linger::viz
