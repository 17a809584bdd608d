#include <algorithm>
#include <vector>

#include "viz/picture_layout_parts.h"

namespace linger::viz {
namespace {

constexpr Wish kLogHeight{30, 76};
constexpr RowShape kLogRow{.width = {34, 78}, .gap = 3};
constexpr float kHead = 24;
constexpr float kQueue = 28;
constexpr float kReplicasLine = 20;
constexpr float kFollowedRow = 24;
constexpr float kFollowedInShort = 20;
constexpr float kFollowedGap = 3;

// How what a broker follows is shown.
enum class FollowedAs { Rows, InShort, Nothing };

// What the brokers' boxes have in common.
struct Shape {
  float log_height = 0;
  float shrink = 1;  // of the height they would need, what there is
  FollowedAs followed = FollowedAs::Rows;
};

float least_height(bool has_queue, Scale scale) {
  return scale(kHead + (has_queue ? kQueue : 0)) + scale(kLayoutGap) * 2.5F;
}

float followed_height(std::size_t count, FollowedAs as, Scale scale) {
  if (count == 0 || as == FollowedAs::Nothing) return 0;
  return as == FollowedAs::Rows ? count_of(count) * scale(kFollowedRow + kFollowedGap)
                                : scale(kFollowedInShort);
}

LogPlace log_place(const LogTail& log, Rect area, Scale scale) {
  LogPlace place;
  place.area = area;
  Rect rest = area;
  const bool is_compact = area.height() < scale(46);
  place.name = is_compact ? cut_left(rest, area.width() * 0.42F) : cut_top(rest, scale(22));
  if (log.replicas && area.height() >= scale(62)) {
    place.replicas = cut_top(rest, scale(kReplicasLine));
  } else if (log.replicas && is_compact && area.height() >= scale(34)) {
    place.replicas = cut_bottom(place.name, place.name.height() / 2);
  }
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

void place_followed(BrokerPlace& place, std::size_t count, Rect rest, FollowedAs as, Scale scale) {
  if (count == 0 || as == FollowedAs::Nothing) return;
  if (as == FollowedAs::InShort) {
    place.followed_in_short = {rest.left, rest.top, rest.right, rest.top + scale(kFollowedInShort)};
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    place.followed.push_back({rest.left, rest.top, rest.right, rest.top + scale(kFollowedRow)});
    rest.top += scale(kFollowedRow + kFollowedGap);
  }
}

BrokerPlace broker_place(const std::vector<LogTail>& logs, std::size_t followed, Rect area,
                         const Shape& shape, bool has_queue, Scale scale) {
  BrokerPlace place;
  place.area = area;
  Rect rest = area.inset(scale(kLayoutGap));
  place.head = cut_top(rest, scale(kHead));
  if (has_queue) place.queue = cut_top(rest, scale(kQueue));
  cut_top(rest, scale(kLayoutGap) / 2);
  place.logs = rest;
  place.logs_height = height_of_all(logs.size(), shape.log_height, scale) +
                      followed_height(followed, shape.followed, scale);
  for (const LogTail& log : logs) {
    const Rect row{rest.left, rest.top, rest.right, rest.top + shape.log_height};
    place.log_places.push_back(log_place(log, row, scale));
    rest.top += shape.log_height + scale(kLayoutGap);
  }
  place_followed(place, followed, rest, shape.followed, scale);
  return place;
}

struct Counts {
  std::size_t logs = 0;
  std::size_t followed = 0;
  std::size_t followers = 0;  // brokers that follow something
  std::size_t both = 0;       // and lead something as well
};

Counts counts_of(const PipelineView& view) {
  Counts counts;
  counts.logs = view.leaderless.size();
  for (const BrokerBox& broker : view.brokers) {
    counts.logs += broker.logs.size();
    counts.followed += broker.followed.size();
    if (broker.followed.empty()) continue;
    ++counts.followers;
    if (!broker.logs.empty()) ++counts.both;
  }
  return counts;
}

// Logs come first: what is followed is told row by row, or in short, if they keep their least.
Shape shape_of(const Counts& counts, float room, Scale scale) {
  const auto all_followed = [&](FollowedAs as) {
    if (as == FollowedAs::Nothing) return 0.0F;
    const float rows = as == FollowedAs::Rows
                           ? followed_height(counts.followed, as, scale)
                           : count_of(counts.followers) * followed_height(1, as, scale);
    return rows + count_of(counts.both) * scale(kLayoutGap);
  };
  const float least = height_of_all(counts.logs, scale(kLogHeight.least), scale);
  Shape shape;
  for (const FollowedAs as : {FollowedAs::Rows, FollowedAs::InShort, FollowedAs::Nothing}) {
    shape.followed = as;
    if (all_followed(as) + least <= room) break;
  }
  Wish wish = kLogHeight;
  if (counts.followed > 0) wish.most += kReplicasLine;
  shape.log_height = height_of_each(room - all_followed(shape.followed), counts.logs, wish, scale);
  return shape;
}

}  // namespace

void place_brokers(PictureLayout& layout, const PipelineView& view, Scale scale) {
  const Rect area = layout.columns.brokers;
  const bool has_leaderless = !view.leaderless.empty();
  const std::size_t boxes = view.brokers.size() + (has_leaderless ? 1 : 0);

  const float gap = scale(kLayoutGap);
  const float gaps = gap * std::max(0.0F, count_of(boxes) - 1);
  const float fixed = count_of(view.brokers.size()) * least_height(true, scale) +
                      (has_leaderless ? least_height(false, scale) : 0);
  Shape shape = shape_of(counts_of(view), area.height() - fixed - gaps, scale);
  const auto height_of = [&](std::size_t logs, std::size_t followed, bool has_queue) {
    const float of_logs = height_of_all(logs, shape.log_height, scale);
    const float of_followed = followed_height(followed, shape.followed, scale);
    const float between = of_logs > 0 && of_followed > 0 ? gap : 0;
    return least_height(has_queue, scale) + of_logs + between + of_followed;
  };
  float wanted = has_leaderless ? height_of(view.leaderless.size(), 0, false) : 0;
  for (const BrokerBox& broker : view.brokers) {
    wanted += height_of(broker.logs.size(), broker.followed.size(), true);
  }
  shape.shrink = std::min(1.0F, (area.height() - gaps) / std::max(wanted, 1.0F));

  Rect rest = centred(area, wanted * shape.shrink + gaps);
  const auto next = [&](const std::vector<LogTail>& logs, std::size_t followed, bool has_queue) {
    const Rect box = cut_top(rest, height_of(logs.size(), followed, has_queue) * shape.shrink);
    cut_top(rest, gap);
    return broker_place(logs, followed, box, shape, has_queue, scale);
  };
  for (const BrokerBox& broker : view.brokers) {
    layout.brokers.push_back(next(broker.logs, broker.followed.size(), true));
  }
  if (has_leaderless) layout.leaderless = next(view.leaderless, 0, false);
}

}  // namespace linger::viz
