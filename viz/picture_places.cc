// Where things fly from and to.
#include <algorithm>

#include "viz/picture_layout.h"

namespace linger::viz {
namespace {

const ProducerPart* part_of(const PipelineView& view, core::ProducerIndex producer) {
  const auto found = std::ranges::find(view.producers, producer, &ProducerPart::index);
  return found == view.producers.end() ? nullptr : &*found;
}

template <class Item>
std::size_t index_in(const std::vector<Item>& items, const Item* item) {
  return static_cast<std::size_t>(item - items.data());
}

Point clamped(Point at, const Rect& window) {
  return {std::clamp(at.x, window.left, window.right), std::clamp(at.y, window.top, window.bottom)};
}

// The place of a batch in a row of them, or the row's end where a batch comes in or goes out.
Point place_in_lane(const Anchor& anchor, const Lane& lane, const LanePlace& place) {
  for (std::size_t i = 0; i < lane.batches.size(); ++i) {
    if (lane.batches[i].ref.batch != anchor.batch) continue;
    const Rect& box = place.batches[i];
    return is_empty(box) ? Point{place.track.left, place.track.centre().y} : box.centre();
  }
  return {place.track.right, place.track.centre().y};
}

Point place_in_deques(const Anchor& anchor, const ProducerPart& part, const ProducerPlace& place) {
  for (std::size_t i = 0; i < part.lanes.size(); ++i) {
    if (part.lanes[i].ref.partition != anchor.partition) continue;
    return clamped(place_in_lane(anchor, part.lanes[i], place.lanes[i]), place.deques);
  }
  return place.deques.centre();
}

Point place_in_connection(const Anchor& anchor, const ConnectionBox& box,
                          const ConnectionPlace& place) {
  for (std::size_t r = 0; r < box.in_flight.size(); ++r) {
    const RequestPlace& request = place.requests[r];
    for (std::size_t b = 0; b < box.in_flight[r].batches.size(); ++b) {
      const bool is_here = box.in_flight[r].batches[b].ref.batch == anchor.batch;
      if (!is_here || is_empty(request.area)) continue;
      return is_empty(request.batches[b]) ? request.area.centre() : request.batches[b].centre();
    }
  }
  return place.slots.empty() ? place.area.centre() : place.slots.front().centre();
}

Point place_in_flight(const Anchor& anchor, const ProducerPart& part, const ProducerPlace& place) {
  Point found = {place.deques.right, place.deques.centre().y};
  for (std::size_t i = 0; i < part.connections.size(); ++i) {
    const ConnectionPlace& connection = place.connections[i];
    if (part.connections[i].broker != anchor.node || is_empty(connection.area)) continue;
    found = place_in_connection(anchor, part.connections[i], connection);
    if (!part.connections[i].is_bootstrap) return found;
  }
  return found;
}

Point place_of_thread(const Anchor& anchor, const ProducerPart& part, const ProducerPlace& place) {
  for (std::size_t i = 0; i < part.threads.size(); ++i) {
    if (part.threads[i].id != anchor.thread) continue;
    return {place.threads[i].right, place.threads[i].centre().y};
  }
  return {place.deques.left, place.band.top};
}

Point place_in_logs(const Anchor& anchor, const std::vector<LogTail>& logs,
                    const BrokerPlace& place) {
  for (std::size_t i = 0; i < logs.size(); ++i) {
    if (logs[i].partition != anchor.partition) continue;
    const LogPlace& log = place.log_places[i];
    const bool has_newest = !log.batches.empty() && !is_empty(log.batches.back());
    const Point at = has_newest ? log.batches.back().centre() : log.track.centre();
    return clamped(at, place.logs);
  }
  return place.area.centre();
}

Point place_of_log(const Anchor& anchor, const PipelineView& view, const PictureLayout& layout) {
  for (std::size_t b = 0; b < view.brokers.size(); ++b) {
    const auto& logs = view.brokers[b].logs;
    if (std::ranges::find(logs, anchor.partition, &LogTail::partition) == logs.end()) continue;
    return place_in_logs(anchor, logs, layout.brokers[b]);
  }
  return place_in_logs(anchor, view.leaderless, layout.leaderless);
}

// Where its row or the rest of its box is.
Point place_of_replica(const Anchor& anchor, const PipelineView& view,
                       const PictureLayout& layout) {
  for (std::size_t b = 0; b < view.brokers.size(); ++b) {
    if (view.brokers[b].id != anchor.node) continue;
    const auto& followed = view.brokers[b].followed;
    const BrokerPlace& place = layout.brokers[b];
    const auto found = std::ranges::find(followed, anchor.partition, &FollowedLog::partition);
    if (found == followed.end() || place.followed.empty()) return place.area.centre();
    const Rect& row = place.followed[static_cast<std::size_t>(found - followed.begin())];
    return clamped(row.centre(), place.logs);
  }
  return layout.columns.brokers.centre();
}

Point place_of_queue(const Anchor& anchor, const PipelineView& view, const PictureLayout& layout) {
  for (std::size_t b = 0; b < view.brokers.size(); ++b) {
    if (view.brokers[b].id == anchor.node) return layout.brokers[b].queue.centre();
  }
  return layout.columns.brokers.centre();
}

}  // namespace

Point place_of(const Anchor& anchor, const PipelineView& view, const PictureLayout& layout) {
  const ProducerPart* part = part_of(view, anchor.producer);
  const Point nowhere = layout.completions.centre();
  if (part == nullptr) return nowhere;
  const std::size_t index = index_in(view.producers, part);
  const ProducerPlace& producer = layout.producers[index];
  switch (anchor.kind) {
    case Anchor::Kind::Thread:
      return place_of_thread(anchor, *part, producer);
    case Anchor::Kind::Deque:
      return place_in_deques(anchor, *part, producer);
    case Anchor::Kind::InFlight:
      return place_in_flight(anchor, *part, producer);
    case Anchor::Kind::BrokerQueue:
      return place_of_queue(anchor, view, layout);
    case Anchor::Kind::Log:
      return place_of_log(anchor, view, layout);
    case Anchor::Kind::Replica:
      return place_of_replica(anchor, view, layout);
    case Anchor::Kind::Completions:
      return nowhere;
    case Anchor::Kind::FreeList:
      return layout.pools[index].free_list.centre();
    case Anchor::Kind::NonPooled:
      return layout.pools[index].non_pooled.centre();
  }
  return nowhere;
}

std::optional<WireEnds> wire_of(const Packet& packet, const PipelineView& view,
                                const PictureLayout& layout) {
  const ProducerPart* part = part_of(view, packet.producer);
  if (part == nullptr) return std::nullopt;
  const ProducerPlace& place = layout.producers[index_in(view.producers, part)];
  std::optional<WireEnds> found;
  for (std::size_t i = 0; i < part->connections.size(); ++i) {
    const ConnectionBox& connection = part->connections[i];
    const ConnectionPlace& at = place.connections[i];
    if (connection.broker != packet.broker || is_empty(at.area)) continue;
    found = WireEnds{.producer = at.port, .broker = at.broker_port};
    const auto& requests = connection.in_flight;
    const bool carries_it =
        std::ranges::find(requests, packet.correlation, &RequestBox::correlation) != requests.end();
    if (carries_it) break;
  }
  return found;
}

}  // namespace linger::viz
