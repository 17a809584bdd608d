#include <algorithm>
#include <cmath>

#include "viz/picture_layout_parts.h"

namespace linger::viz {
namespace {

constexpr float kPoolHead = 24;
constexpr float kLeastHeld = 34;  // wide enough for "b12"
constexpr float kLeastFree = 14;
constexpr float kLeastRest = 40;  // of the non-pooled part, as long as there is any

// What is true to scale, but for what would be too small to be seen.
struct Widths {
  std::vector<float> held;
  float gathered = 0;
  float free_buffer = 0;
  std::size_t free_buffers = 0;
  float non_pooled = 0;
  bool is_to_scale = true;
};

float share(core::Bytes part, const PoolView& pool, float width) {
  const auto total = static_cast<float>(std::max<std::int64_t>(pool.total.count(), 1));
  return width * static_cast<float>(part.count()) / total;
}

float at_least(float width, float least, Widths& widths) {
  if (width >= least || width <= 0) return width;
  widths.is_to_scale = false;
  return least;
}

Widths widths_of(const PoolView& pool, float width, Scale scale) {
  Widths widths;
  for (const HeldBuffer& held : pool.held_by) {
    const float true_width = share(held.size, pool, width);
    widths.held.push_back(at_least(true_width, scale(kLeastHeld), widths));
  }
  widths.gathered = at_least(share(pool.gathered, pool, width), scale(kLeastHeld), widths);
  widths.free_buffers = static_cast<std::size_t>(std::max(0, pool.free_buffers));
  widths.free_buffer = at_least(share(pool.poolable, pool, width), scale(kLeastFree), widths);
  widths.non_pooled = at_least(share(pool.non_pooled, pool, width), scale(kLeastRest), widths);
  return widths;
}

// What was made larger to be seen takes its width from the non-pooled part first, then from all.
void fit(Widths& widths, float width, Scale scale) {
  float held = widths.gathered;
  for (const float one : widths.held) held += one;
  const float least_rest = widths.non_pooled > 0 ? scale(kLeastRest) : 0;
  const float for_free = std::max(0.0F, width - held - least_rest);
  const auto room_for =
      widths.free_buffer > 0
          ? static_cast<std::size_t>(std::floor(for_free / widths.free_buffer + 0.01F))
          : 0;
  widths.free_buffers = std::min(widths.free_buffers, room_for);
  const float free = count_of(widths.free_buffers) * widths.free_buffer;
  widths.non_pooled = std::clamp(width - held - free, 0.0F, std::max(widths.non_pooled, 0.0F));
  const float sum = held + free + widths.non_pooled;
  if (sum <= width) return;
  for (float& one : widths.held) one *= width / sum;
  widths.gathered *= width / sum;
  widths.free_buffer *= width / sum;
  widths.non_pooled *= width / sum;
}

PoolPlace pool_place(const PoolView& pool, Rect area, float waiters_width, Scale scale) {
  PoolPlace place;
  place.area = area;
  Rect rest = area.inset(scale(kLayoutGap));
  place.waiters = cut_left(rest, waiters_width - scale(kLayoutGap));
  cut_left(rest, scale(kLayoutGap) * 1.5F);
  place.head = cut_top(rest, scale(kPoolHead));
  cut_top(rest, scale(kLayoutGap) / 2);
  place.bar = rest;

  Widths widths = widths_of(pool, place.bar.width(), scale);
  fit(widths, place.bar.width(), scale);
  place.is_to_scale = widths.is_to_scale;
  for (const float width : widths.held) place.held.push_back(cut_left(rest, width));
  place.gathered = cut_left(rest, widths.gathered);
  place.free_list = rest;
  for (std::size_t i = 0; i < widths.free_buffers; ++i) {
    place.free_buffers.push_back(cut_left(rest, widths.free_buffer));
  }
  place.free_list.right = rest.left;
  place.non_pooled = rest;
  return place;
}

}  // namespace

void place_pools(PictureLayout& layout, const PipelineView& view, Rect area, Scale scale) {
  const std::size_t count = view.producers.size();
  layout.pools.resize(count);
  if (count == 0 || is_empty(area)) return;
  const float gap = scale(kLayoutGap);
  const float each = (area.width() - gap * (count_of(count) - 1)) / count_of(count);
  const float for_waiters = count == 1 ? layout.columns.threads.width() : each * 0.3F;
  for (std::size_t i = 0; i < count; ++i) {
    const PoolView& pool = view.producers[i].pool;
    layout.pools[i] = pool_place(pool, cut_left(area, each), for_waiters, scale);
    cut_left(area, gap);
  }
}

}  // namespace linger::viz
