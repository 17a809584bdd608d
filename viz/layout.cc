#include "viz/layout.h"

#include <algorithm>

namespace linger::viz {
namespace {

constexpr float kMargin = 8;
constexpr float kTitle = 30;
constexpr float kNarration = 60;
constexpr float kClock = 200;
constexpr float kTransport = 46;
constexpr float kScrub = 62;
constexpr float kFuture = 62;
constexpr float kGuide = 36;
constexpr float kPool = 84;
constexpr float kSide = 300;
constexpr float kDrawer = 210;
constexpr float kPictureAndPool = 420;

// High enough for all that may be shown.
constexpr float kHigh = 860;
constexpr float kHighForColumns = 1200;

constexpr float kForHiddenCount = 30;  // "+3"

}  // namespace

float height_of_each(float room, std::size_t count, Wish wish, Scale scale) {
  if (count == 0) return 0;
  const float share = (room - scale(kLayoutGap) * count_of(count - 1)) / count_of(count);
  return std::clamp(share, scale(wish.least), scale(wish.most));
}

float height_of_all(std::size_t count, float each, Scale scale) {
  return count == 0 ? 0 : count_of(count) * each + count_of(count - 1) * scale(kLayoutGap);
}

Rect centred(Rect area, float height) {
  const float top = area.top + std::max(0.0F, (area.height() - height) / 2);
  return {area.left, top, area.right, top + height};
}

Row row_from_right(Rect area, std::size_t count, const RowShape& shape, Scale scale) {
  Row row{.boxes = std::vector<Rect>(count), .hidden = 0};
  if (count == 0) return row;
  const float gap = scale(shape.gap);
  const float share = (area.width() + gap) / count_of(count) - gap;
  const float each = std::clamp(share, scale(shape.width.least), scale(shape.width.most));
  if (share < each) cut_left(area, scale(kForHiddenCount));
  for (Rect& box : row.boxes) {
    if (area.width() < each - 0.01F) {
      ++row.hidden;
      continue;
    }
    box = cut_right(area, each);
    cut_right(area, gap);
  }
  return row;
}

ViewerLayout viewer_layout(Size display, Scale scale, const ShownParts& wanted) {
  ShownParts shown = wanted;
  shown.drawer = wanted.drawer && (!wanted.columns || display.height > scale(kHighForColumns));
  shown.guide = wanted.guide && (!shown.drawer || display.height > scale(kHigh));
  ViewerLayout layout;
  const float margin = scale(kMargin);
  Rect rest = Rect{0, 0, display.width, display.height}.inset(margin);

  Rect head = cut_top(rest, scale(shown.narration ? kTitle + kNarration : kTitle + 4));
  layout.clock = cut_right(head, scale(kClock));
  layout.title = cut_top(head, scale(kTitle));
  layout.narration = head;

  layout.transport = cut_bottom(rest, scale(kTransport));
  layout.scrub = cut_bottom(rest, scale(kScrub));
  if (shown.future) {
    cut_bottom(rest, margin / 2);
    layout.future = cut_bottom(rest, scale(kFuture));
  }
  cut_bottom(rest, margin);
  cut_top(rest, margin);
  if (shown.guide) {
    layout.guide = cut_top(rest, scale(kGuide));
    cut_top(rest, margin);
  }
  if (shown.side) {
    layout.side = cut_right(rest, scale(kSide));
    cut_right(rest, margin);
  }
  if (shown.drawer) {
    layout.drawer = cut_bottom(rest, std::min(scale(kDrawer), rest.height() * 0.45F));
    cut_bottom(rest, margin);
  }
  const bool has_room_for_pool =
      shown.pool && (!shown.drawer || rest.height() > scale(kPictureAndPool));
  if (has_room_for_pool) {
    layout.pool = cut_bottom(rest, scale(kPool));
    cut_bottom(rest, margin);
  }
  layout.picture = rest;
  return layout;
}

Rect chart_place(const ViewerLayout& layout) {
  const bool has_pool = !is_empty(layout.pool);
  return {layout.picture.left, layout.picture.top, layout.picture.right,
          has_pool ? layout.pool.bottom : layout.picture.bottom};
}

}  // namespace linger::viz
