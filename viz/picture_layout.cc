#include "viz/picture_layout.h"

#include <algorithm>
#include <utility>

#include "viz/picture_layout_parts.h"

namespace linger::viz {
namespace {

// Shares of the picture's width; the brokers get the rest.
constexpr float kThreadsShare = 0.175F;
constexpr float kDequesShare = 0.275F;
constexpr float kInFlightShare = 0.17F;
constexpr float kWiresShare = 0.165F;

constexpr Wish kLaneHeight{40, 132};
constexpr Wish kThreadHeight{30, 84};
constexpr Wish kConnectionHeight{56, 132};
constexpr float kHiddenConnections = 18;  // the line that counts them
constexpr RowShape kBatchRow{.width = {40, 126}, .gap = 6};
constexpr RowShape kSlotRow{.width = {24, 62}, .gap = 4};
constexpr std::size_t kMostSlots = 6;
constexpr float kLeastBatchInRequest = 16;
constexpr float kHeadings = 26;
constexpr float kSender = 30;
constexpr float kLeastCompletions = 118;
constexpr float kProducerName = 24;

PictureColumns columns_of(Rect area, Scale scale) {
  PictureColumns columns;
  const float width = area.width();
  const float gap = scale(kLayoutGap) * 1.5F;
  columns.threads = cut_left(area, width * kThreadsShare);
  cut_left(area, gap);
  columns.deques = cut_left(area, width * kDequesShare);
  cut_left(area, gap);
  columns.in_flight = cut_left(area, width * kInFlightShare);
  columns.wires = cut_left(area, width * kWiresShare);
  columns.brokers = area;
  return columns;
}

// The part of a column that is in a band.
Rect within(Rect column, Rect band) {
  return {column.left, band.top, column.right, band.bottom};
}

// --- Deques ---

LanePlace lane_place(const Lane& lane, Rect area, Scale scale) {
  LanePlace place;
  place.area = area;
  Rect rest = area;
  const bool is_compact = area.height() < scale(60);
  place.head = is_compact ? cut_left(rest, area.width() * 0.42F) : cut_top(rest, scale(26));
  place.track = rest;
  const Rect room = rest.inset(scale(is_compact ? 4 : 6));
  Row row = row_from_right(room, lane.batches.size(), kBatchRow, scale);
  place.batches = std::move(row.boxes);
  place.hidden = row.hidden;
  return place;
}

void place_lanes(ProducerPlace& place, const ProducerPart& part, Scale scale) {
  const std::size_t count = part.lanes.size();
  const float each = height_of_each(place.deques.height(), count, kLaneHeight, scale);
  place.deques_height = height_of_all(count, each, scale);
  Rect rest = centred(place.deques, place.deques_height);
  for (const Lane& lane : part.lanes) {
    place.lanes.push_back(
        lane_place(lane, {rest.left, rest.top, rest.right, rest.top + each}, scale));
    rest.top += each + scale(kLayoutGap);
  }
}

// --- In flight ---

bool is_worth_showing(const ConnectionBox& connection) {
  return !connection.is_bootstrap || !connection.in_flight.empty() ||
         connection.state != core::ConnectionState::Disconnected;
}

std::size_t connections_worth_showing(const ProducerPart& part) {
  return static_cast<std::size_t>(std::ranges::count_if(part.connections, is_worth_showing));
}

// Where there is no room for all, those with requests in flight come first, and those for
// bootstrapping last.
std::vector<bool> with_room(const ProducerPart& part, std::size_t room) {
  std::vector<bool> chosen(part.connections.size(), false);
  const auto choose = [&](auto is_meant) {
    for (std::size_t i = 0; i < part.connections.size() && room > 0; ++i) {
      const ConnectionBox& connection = part.connections[i];
      if (chosen[i] || !is_worth_showing(connection) || !is_meant(connection)) continue;
      chosen[i] = true;
      --room;
    }
  };
  choose([](const ConnectionBox& connection) { return !connection.in_flight.empty(); });
  choose([](const ConnectionBox& connection) { return !connection.is_bootstrap; });
  choose([](const ConnectionBox&) { return true; });
  return chosen;
}

// The batches one above the other; those without room are counted.
RequestPlace request_place(const RequestBox& request, Rect slot, Scale scale) {
  RequestPlace place;
  place.area = slot;
  const std::size_t count = request.batches.size();
  if (count == 0) return place;
  Rect rest = slot.inset(scale(2));
  const float gap = scale(2);
  const float least = scale(kLeastBatchInRequest) + gap;
  const auto room = static_cast<std::size_t>(std::max(1.0F, (rest.height() + gap) / least));
  const std::size_t shown = count <= room ? count : std::max<std::size_t>(room, 2) - 1;
  const std::size_t rows = count <= room ? count : shown + 1;  // one for "+2"
  const float each = (rest.height() + gap) / count_of(rows) - gap;
  for (std::size_t i = 0; i < shown; ++i) {
    place.batches.push_back(cut_top(rest, each));
    cut_top(rest, gap);
  }
  place.batches.resize(count);
  place.hidden = static_cast<int>(count - shown);
  place.rest = rest;
  return place;
}

ConnectionPlace connection_place(const ConnectionBox& box, Rect area, Scale scale) {
  ConnectionPlace place;
  place.area = area;
  place.port = {area.right, area.centre().y};
  Rect rest = area.inset(scale(6));
  place.head = cut_top(rest, scale(area.height() < scale(70) ? 18 : 24));
  cut_top(rest, scale(2));
  const auto limit = static_cast<std::size_t>(std::max(1, box.max_in_flight));
  const std::size_t slots = std::min(kMostSlots, std::max(limit, box.in_flight.size()));
  place.slots = row_from_right(rest, slots, kSlotRow, scale).boxes;
  for (std::size_t i = 0; i < box.in_flight.size(); ++i) {
    const bool has_slot = i < place.slots.size() && !is_empty(place.slots[i]);
    if (!has_slot) ++place.hidden;
    place.requests.push_back(has_slot ? request_place(box.in_flight[i], place.slots[i], scale)
                                      : RequestPlace{});
  }
  return place;
}

void place_connections(ProducerPlace& place, const ProducerPart& part, Rect area, Scale scale) {
  const float gap = scale(kLayoutGap);
  const float least = scale(kConnectionHeight.least) + gap;
  const auto fit_into = [&](float height) {
    return static_cast<std::size_t>(std::max(1.0F, (height + gap) / least));
  };
  const std::size_t wanted = connections_worth_showing(part);
  std::size_t count = std::min(wanted, fit_into(area.height()));
  if (count < wanted) {
    place.hidden_connections_note = cut_bottom(area, scale(kHiddenConnections));
    count = std::min(wanted, fit_into(area.height()));
    place.hidden_connections = static_cast<int>(wanted - count);
  }
  const std::vector<bool> is_chosen = with_room(part, count);
  const float each = height_of_each(area.height(), count, kConnectionHeight, scale);
  Rect rest = centred(area, height_of_all(count, each, scale));
  for (std::size_t i = 0; i < part.connections.size(); ++i) {
    if (!is_chosen[i]) {
      place.connections.emplace_back();
      continue;
    }
    const Rect box{rest.left, rest.top, rest.right, rest.top + each};
    place.connections.push_back(connection_place(part.connections[i], box, scale));
    rest.top += each + gap;
  }
}

// --- Producers ---

struct Band {
  Rect area;
  float threads_height = 0;
  bool has_name = false;
};

void place_threads(ProducerPlace& place, const ProducerPart& part, Rect area, Scale scale) {
  const std::size_t count = part.threads.size();
  const float each = height_of_each(area.height(), count, kThreadHeight, scale);
  for (std::size_t i = 0; i < count; ++i) {
    place.threads.push_back(cut_top(area, each));
    cut_top(area, scale(kLayoutGap));
  }
}

ProducerPlace producer_place(const ProducerPart& part, const PictureColumns& columns,
                             const Band& band, Scale scale) {
  ProducerPlace place;
  place.band = band.area;
  Rect rest = band.area;
  if (band.has_name) place.name = cut_top(rest, scale(kProducerName));
  Rect threads = within(columns.threads, rest);
  threads.bottom = threads.top + std::min(threads.height(), band.threads_height);
  place_threads(place, part, threads, scale);

  const Rect strip = cut_bottom(rest, scale(kSender));
  place.sender = {columns.deques.left, strip.top, columns.in_flight.right, strip.bottom};
  cut_bottom(rest, scale(kLayoutGap));
  place.deques = within(columns.deques, rest);
  place_lanes(place, part, scale);
  place_connections(place, part, within(columns.in_flight, rest), scale);
  // Close below what it works on.
  float bottom = place.lanes.empty() ? rest.centre().y : place.lanes.back().area.bottom;
  for (const ConnectionPlace& connection : place.connections) {
    bottom = std::max(bottom, connection.area.bottom);
  }
  if (place.hidden_connections > 0) bottom = place.hidden_connections_note.bottom;
  const float up = std::max(0.0F, place.sender.top - bottom - scale(kLayoutGap) * 2);
  place.sender = shifted(place.sender, {0, -up});
  return place;
}

// A producer with more to show gets more room.
float weight_of(const ProducerPart& part) {
  const std::size_t rows = std::max(part.lanes.size(), connections_worth_showing(part));
  return count_of(std::clamp<std::size_t>(rows, 1, 4)) + 2;
}

void place_producers(PictureLayout& layout, const PipelineView& view, Rect area, Scale scale) {
  float weights = 0;
  for (const ProducerPart& part : view.producers) weights += weight_of(part);
  const std::size_t count = view.producers.size();
  const float gap = scale(kLayoutGap) * 1.5F;
  const float room = area.height() - gap * (count_of(count) - 1);
  layout.completions = within(layout.columns.threads, area);
  for (const ProducerPart& part : view.producers) {
    Band band{.area = cut_top(area, room * weight_of(part) / weights), .has_name = count > 1};
    cut_top(area, gap);
    const bool is_last = &part == &view.producers.back();
    band.threads_height = band.area.height();
    if (is_last) {  // completions are below, with what the threads leave them
      const float name = band.has_name ? kProducerName : 0;
      const float left = scale(kLeastCompletions + name + kLayoutGap * 1.5F);
      const float needed = height_of_all(part.threads.size(), scale(kThreadHeight.least), scale);
      band.threads_height = std::max(band.threads_height - left, needed);
    }
    layout.producers.push_back(producer_place(part, layout.columns, band, scale));
    const std::vector<Rect>& threads = layout.producers.back().threads;
    const float bottom = threads.empty() ? band.area.top : threads.back().bottom;
    layout.completions.top = bottom + scale(kLayoutGap) * 1.5F;
  }
}

// The wires' ends at a broker, from the top in the order of the connections.
void place_ports(PictureLayout& layout, const PipelineView& view) {
  for (std::size_t b = 0; b < view.brokers.size(); ++b) {
    std::vector<ConnectionPlace*> ends;
    for (std::size_t p = 0; p < view.producers.size(); ++p) {
      for (std::size_t c = 0; c < view.producers[p].connections.size(); ++c) {
        ConnectionPlace& place = layout.producers[p].connections[c];
        const bool leads_here = view.producers[p].connections[c].broker == view.brokers[b].id;
        if (leads_here && !is_empty(place.area)) ends.push_back(&place);
      }
    }
    const Rect& box = layout.brokers[b].area;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const float along = count_of(i + 1) / count_of(ends.size() + 1);
      ends[i]->broker_port = {box.left, box.top + box.height() * along};
    }
  }
}

}  // namespace

PictureLayout picture_layout(const PipelineView& view, Rect picture, Rect pool, Scale scale) {
  PictureLayout layout;
  layout.headings = cut_top(picture, scale(kHeadings));
  layout.columns = columns_of(picture, scale);
  place_producers(layout, view, picture, scale);
  place_brokers(layout, view, scale);
  place_ports(layout, view);
  place_pools(layout, view, pool, scale);
  return layout;
}

void scroll(ProducerPlace& producer, float by) {
  for (LanePlace& lane : producer.lanes) {
    for (Rect* rect : {&lane.area, &lane.head, &lane.track}) *rect = shifted(*rect, {0, -by});
    for (Rect& batch : lane.batches) batch = shifted(batch, {0, -by});
  }
}

void scroll(BrokerPlace& broker, float by) {
  for (LogPlace& log : broker.log_places) {
    for (Rect* rect : {&log.area, &log.name, &log.replicas, &log.track})
      *rect = shifted(*rect, {0, -by});
    for (Rect& batch : log.batches) batch = shifted(batch, {0, -by});
  }
  for (Rect& row : broker.followed) row = shifted(row, {0, -by});
  broker.followed_in_short = shifted(broker.followed_in_short, {0, -by});
}

}  // namespace linger::viz
