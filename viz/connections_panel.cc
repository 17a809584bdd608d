#include "viz/connections_panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "viz/batch_panel.h"
#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

using core::ConnectionState;

bool is_up(const ConnectionBox& connection) {
  return connection.state == ConnectionState::Ready ||
         connection.state == ConnectionState::CheckingApiVersions;
}

// --- In flight ---

std::string describe(const RequestBox& request) {
  std::string text = tr("{}, {} old", request.label, request.age);
  if (!request.is_written) text += tr("\nnot yet wholly written to the socket");
  if (!request.expects_response) text += tr("\nno answer is expected: acks=0");
  if (request.timeout) text += tr("\nrequest.timeout.ms: {} left", request.timeout->text());
  for (const BatchBox& batch : request.batches) {
    text += tr("\n{}: {}, {}", batch.label, count_text(batch.records, "record"),
               bytes_text(batch.size));
  }
  return text;
}

// A thin line at the bottom that gets shorter until request.timeout.ms.
void draw_timeout(ImDrawList& list, Rect slot, const RequestBox& request) {
  if (!request.timeout) return;
  const float left = std::clamp(request.timeout->fraction, 0.0F, 1.0F);
  const bool is_late = left < 0.25F;
  const Rect line{slot.left, slot.bottom + units(1), slot.left + slot.width() * left,
                  slot.bottom + units(3.5F)};
  fill(list, line, look(is_late ? Meaning::Failed : Meaning::InFlight).colour);
}

// As many letters of a name as there is room for; the rest is told to whom points at it.
std::string_view beginning_that_fits(std::string_view name, float width) {
  while (!name.empty() && text_width(name, TextStyle::Small) > width) name.remove_suffix(1);
  return name;
}

// The client's own requests carry no batch, but a name.
void draw_internal(ImDrawList& list, Rect slot, const RequestBox& request) {
  fill(list, slot, ink::kRaised, units(4));
  outline(list, slot, look(Meaning::Wire).colour, units(4), units(1.5F));
  draw_text(list, slot, beginning_that_fits(core::api_name(request.api), slot.width() - units(2)),
            {.style = TextStyle::Small, .align = Align::Centre});
}

void draw_request(Stage& stage, core::ProducerIndex producer, const RequestBox& request,
                  const RequestPlace& place) {
  if (is_empty(place.area)) return;
  ImDrawList& list = *stage.list;
  const RequestRef ref{producer, request.correlation};
  offer(stage, place.area, describe(request), Select{ref});
  offer_faults(stage, place.area, ref);
  if (request.batches.empty()) draw_internal(list, place.area, request);
  for (std::size_t i = 0; i < request.batches.size(); ++i) {
    draw_batch(stage, place.batches[i], request.batches[i]);
  }
  if (place.hidden > 0) {
    draw_fitting(list, place.rest, {hidden_text(static_cast<std::size_t>(place.hidden))},
                 {.style = TextStyle::Small, .align = Align::Centre});
  }
  if (request.batches.size() > 1)
    outline(list, place.area, look(Meaning::InFlight).colour, units(6), units(1));
  draw_timeout(list, place.area, request);
}

std::string describe(const ConnectionBox& connection) {
  std::string text =
      tr("connection to {}: {}\n{} of at most {} requests in flight", broker_label(connection.node),
         connection.word, connection.in_flight.size(), connection.max_in_flight);
  if (connection.reconnect) text += tr("\nmay connect again in {}", connection.reconnect->text());
  if (connection.throttle) text += tr("\nthrottled for {}", connection.throttle->text());
  if (connection.waiting_in_socket.count() > 0) {
    text += tr("\n{} wait in the socket", bytes_text(connection.waiting_in_socket));
  }
  return text;
}

// Where it is not whole, what the wire shows beside it has to do.
std::string_view state_that_fits(const ConnectionBox& connection, float width) {
  const auto fits = [width](std::string_view text) {
    return text_width(text, TextStyle::Small) <= width;
  };
  if (fits(connection.word)) return connection.word;
  const bool is_shaking_hands = connection.state == ConnectionState::CheckingApiVersions;
  const std::string_view handshake = tr("handshake");
  return is_shaking_hands && fits(handshake) ? handshake : "";
}

void draw_connection_head(ImDrawList& list, const ConnectionBox& connection, Rect head) {
  const std::string count =
      fmt::format("{}/{}", connection.in_flight.size(), connection.max_in_flight);
  const bool is_full = !connection.can_send_more && !connection.in_flight.empty();
  draw_text(list, head, connection.state == ConnectionState::Ready ? count : "",
            {.style = TextStyle::Small,
             .colour = is_full ? look(Meaning::InFlight).colour : ink::kTextWeak,
             .align = Align::Right});
  const std::string name = broker_label(connection.node);
  draw_text(list, head, name, {.style = TextStyle::Small});
  if (connection.state == ConnectionState::Ready) return;
  cut_left(head, text_width(name, TextStyle::Small) + gap());
  draw_text(list, head, state_that_fits(connection, head.width()),
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
}

void draw_connection(Stage& stage, const ConnectionBox& connection, const ConnectionPlace& place) {
  ImDrawList& list = *stage.list;
  explain(stage, place.area, describe(connection));
  offer_faults(stage, place.area, connection.broker);
  fill(list, place.area, ink::kSurface, rounding());
  outline(list, place.area, with_alpha(ink::kBorder, 0.6F), rounding(), units(1));
  draw_connection_head(list, connection, place.head);
  for (std::size_t i = 0; i < place.slots.size(); ++i) {
    const bool is_free = i >= connection.in_flight.size();
    if (is_free) outline(list, place.slots[i], with_alpha(ink::kBorder, 0.55F), units(4), units(1));
  }
  for (std::size_t i = 0; i < connection.in_flight.size(); ++i) {
    draw_request(stage, connection.producer, connection.in_flight[i], place.requests[i]);
  }
  if (place.hidden > 0) {
    draw_text(list,
              {place.area.left, place.area.bottom - units(18), place.area.right, place.area.bottom},
              hidden_text(static_cast<std::size_t>(place.hidden)), {.style = TextStyle::Small});
  }
}

// --- Wires ---

constexpr float kBetweenWays = 7;  // from the middle to either way

void draw_way(ImDrawList& list, Point from, Point to, bool is_whole) {
  const std::array<Point, 2> line{from, to};
  const ImU32 colour = with_alpha(look(Meaning::Wire).colour, is_whole ? 0.7F : 0.4F);
  draw_arrow(list, line, colour, is_whole ? Stroke::Solid : Stroke::Dashed);
}

// Two stumps, a cross between them, and why.
void draw_broken(ImDrawList& list, Point from, Point to, const ConnectionBox& connection) {
  const std::array<Point, 2> line{from, to};
  const ImU32 colour = with_alpha(look(Meaning::Wire).colour, 0.6F);
  const Point before = point_along(line, 0.36F);
  const Point after = point_along(line, 0.64F);
  list.AddLine(vec_of(from), vec_of(before), colour, units(2));
  list.AddLine(vec_of(after), vec_of(to), colour, units(2));
  const Point middle = point_along(line, 0.5F);
  draw_icon(list, Icon::Cross, {.centre = middle, .size = units(20)}, look(Meaning::Failed).colour);
  const std::string text =
      connection.reconnect ? tr("again in {}", connection.reconnect->text()) : connection.word;
  const float half = std::abs(to.x - from.x) / 2;
  draw_text(list, {middle.x - half, middle.y + units(12), middle.x + half, middle.y + units(32)},
            text, {.style = TextStyle::Small, .align = Align::Centre});
}

void draw_wire(Stage& stage, const ConnectionBox& connection, const ConnectionPlace& place) {
  ImDrawList& list = *stage.list;
  const Point from = place.port;
  const Point to = place.broker_port;
  const float around = units(kBetweenWays * 2);
  offer_faults(stage,
               {from.x, std::min(from.y, to.y) - around, to.x, std::max(from.y, to.y) + around},
               connection.broker);
  if (connection.state == ConnectionState::Disconnected ||
      connection.state == ConnectionState::AuthenticationFailed) {
    draw_broken(list, from, to, connection);
    return;
  }
  const float apart = units(kBetweenWays);
  draw_way(list, {from.x, from.y - apart}, {to.x, to.y - apart}, is_up(connection));
  draw_way(list, {to.x, to.y + apart}, {from.x, from.y + apart}, is_up(connection));
  if (connection.state != ConnectionState::Connecting) return;
  const Rect middle{from.x, (from.y + to.y) / 2 - units(34), to.x, (from.y + to.y) / 2 - units(12)};
  draw_text(list, middle, connection.word, {.style = TextStyle::Small, .align = Align::Centre});
}

}  // namespace

void draw_connections(Stage& stage, const ProducerPart& part, const ProducerPlace& place) {
  for (std::size_t i = 0; i < part.connections.size(); ++i) {
    if (is_empty(place.connections[i].area)) continue;
    draw_connection(stage, part.connections[i], place.connections[i]);
  }
  if (place.hidden_connections == 0) return;
  draw_text(*stage.list, place.hidden_connections_note,
            hidden_text(static_cast<std::size_t>(place.hidden_connections)),
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  explain(stage, place.hidden_connections_note,
          tr("{} without room here", count_text(place.hidden_connections, "connection")));
}

void draw_wires(Stage& stage, const ProducerPart& part, const ProducerPlace& place) {
  for (std::size_t i = 0; i < part.connections.size(); ++i) {
    if (is_empty(place.connections[i].area)) continue;
    draw_wire(stage, part.connections[i], place.connections[i]);
  }
}

}  // namespace linger::viz
