#include <algorithm>
#include <vector>

#include "viz/picture_layout_parts.h"

namespace linger::viz {
namespace {

constexpr Wish kLogHeight{30, 76};
constexpr RowShape kLogRow{.width = {34, 78}, .gap = 3};
constexpr float kHead = 24;
constexpr float kQueue = 28;

// What the brokers' boxes have in common.
struct Shape {
  float log_height = 0;
  float shrink = 1;  // of the height they would need, what there is
};

float least_height(bool has_queue, Scale scale) {
  return scale(kHead + (has_queue ? kQueue : 0)) + scale(kLayoutGap) * 2.5F;
}

LogPlace log_place(const LogTail& log, Rect area, Scale scale) {
  LogPlace place;
  place.area = area;
  Rect rest = area;
  const bool is_compact = area.height() < scale(46);
  place.name = is_compact ? cut_left(rest, area.width() * 0.42F) : cut_top(rest, scale(22));
  place.track = rest;
  const Rect room = rest.inset(scale(3));
  const Row row = row_from_right(room, log.batches.size(), kLogRow, scale);
  place.hidden = row.hidden;
  place.batches.assign(row.boxes.rbegin(), row.boxes.rend());
  // A log grows to the right from its beginning, until it has to make room at the left.
  if (row.hidden > 0 || log.hidden > 0 || place.batches.empty()) return place;
  const float free = place.batches.front().left - room.left;
  for (Rect& batch : place.batches) batch = shifted(batch, {-free, 0});
  return place;
}

BrokerPlace broker_place(const std::vector<LogTail>& logs, Rect area, const Shape& shape,
                         bool has_queue, Scale scale) {
  BrokerPlace place;
  place.area = area;
  Rect rest = area.inset(scale(kLayoutGap));
  place.head = cut_top(rest, scale(kHead));
  if (has_queue) place.queue = cut_top(rest, scale(kQueue));
  cut_top(rest, scale(kLayoutGap) / 2);
  place.logs = rest;
  place.logs_height = height_of_all(logs.size(), shape.log_height, scale);
  for (const LogTail& log : logs) {
    const Rect row{rest.left, rest.top, rest.right, rest.top + shape.log_height};
    place.log_places.push_back(log_place(log, row, scale));
    rest.top += shape.log_height + scale(kLayoutGap);
  }
  return place;
}

}  // namespace

void place_brokers(PictureLayout& layout, const PipelineView& view, Scale scale) {
  const Rect area = layout.columns.brokers;
  const bool has_leaderless = !view.leaderless.empty();
  const std::size_t boxes = view.brokers.size() + (has_leaderless ? 1 : 0);
  std::size_t logs = view.leaderless.size();
  for (const BrokerBox& broker : view.brokers) logs += broker.logs.size();

  const float gap = scale(kLayoutGap);
  const float gaps = gap * std::max(0.0F, count_of(boxes) - 1);
  const float fixed = count_of(view.brokers.size()) * least_height(true, scale) +
                      (has_leaderless ? least_height(false, scale) : 0);
  Shape shape;
  shape.log_height = height_of_each(area.height() - fixed - gaps, logs, kLogHeight, scale);
  const float wanted = fixed + height_of_all(logs, shape.log_height, scale);
  shape.shrink = std::min(1.0F, (area.height() - gaps) / std::max(wanted, 1.0F));

  Rect rest = centred(area, wanted * shape.shrink + gaps);
  const auto next = [&](const std::vector<LogTail>& of, bool has_queue) {
    const float height =
        least_height(has_queue, scale) + height_of_all(of.size(), shape.log_height, scale);
    const Rect box = cut_top(rest, height * shape.shrink);
    cut_top(rest, gap);
    return broker_place(of, box, shape, has_queue, scale);
  };
  for (const BrokerBox& broker : view.brokers) layout.brokers.push_back(next(broker.logs, true));
  if (has_leaderless) layout.leaderless = next(view.leaderless, false);
}

}  // namespace linger::viz
