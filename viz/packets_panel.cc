#include "viz/packets_panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

constexpr float kBetween = 2;  // two packets on one wire
constexpr float kTip = 7;

bool goes_to_broker(const Packet& packet) {
  return packet.direction == sim::Direction::ToBroker;
}
bool is_whole(const Packet& packet) {
  return packet.part_begin <= 0 && packet.part_end >= 1;
}

std::string short_label(const Packet& packet) {
  if (packet.batches.empty()) return std::string{core::api_name(packet.api)};
  std::string label = batch_label(packet.batches.front().batch);
  if (packet.batches.size() > 1) label += fmt::format("+{}", packet.batches.size() - 1);
  return label;
}

std::string describe(const Packet& packet) {
  std::string text = goes_to_broker(packet) ? packet.label : tr("answer to {}", packet.label);
  text += "\n" + packet.detail;
  for (const BatchRef& batch : packet.batches) text += "\n" + batch_label(batch.batch);
  if (!is_whole(packet)) {
    text += tr("\nfrom {:.0f} to {:.0f} % of the frame", packet.part_begin * 100,
               packet.part_end * 100);
  }
  return text;
}

// How much of a packet is told where so many are on one wire.
enum class PacketLook { Full, Short, Dot };

struct PacketText {
  std::string first;
  std::string second;
};
PacketText text_of(const Packet& packet, PacketLook how) {
  if (how == PacketLook::Dot) return {};
  PacketText text{.first = short_label(packet), .second = ""};
  if (how == PacketLook::Full) text.second = bytes_text(packet.bytes);
  return text;
}

Size size_of(const PacketText& text) {
  if (text.first.empty()) return {units(9), units(12)};
  const float first = text_width(text.first, TextStyle::Small);
  const float second = text_width(text.second, TextStyle::Small);
  const float lines = text.second.empty() ? 1.0F : 2.0F;
  const float margin = text.second.empty() ? units(4) : units(9);
  return {std::max(first, second) + margin, lines * text_size(TextStyle::Small) + units(8)};
}

float length_of(const PacketText& text) {
  return size_of(text).width + units(kTip + kBetween);
}

// What travels in one direction of one connection, the first to arrive at the front.
struct Train {
  WireEnds wire;
  std::vector<const Packet*> packets;
};

std::vector<Train> trains_of(const PipelineView& view, const PictureLayout& layout) {
  std::vector<Train> trains;
  for (const Packet& packet : view.packets) {
    const auto same = std::ranges::find_if(trains, [&packet](const Train& train) {
      const Packet& other = *train.packets.front();
      return other.producer == packet.producer && other.connection == packet.connection &&
             other.direction == packet.direction;
    });
    if (same != trains.end()) {
      same->packets.push_back(&packet);
    } else if (const auto wire = wire_of(packet, view, layout)) {
      trains.push_back({*wire, {&packet}});
    }
  }
  for (Train& train : trains) {
    std::ranges::stable_sort(train.packets, {}, [](const Packet* packet) {
      const float to_go = goes_to_broker(*packet) ? 1 - packet->position : packet->position;
      return std::tuple{to_go, packet->place};
    });
  }
  return trains;
}

PacketLook look_of(const Train& train, float room) {
  for (const PacketLook how : {PacketLook::Full, PacketLook::Short}) {
    float length = 0;
    for (const Packet* packet : train.packets) length += length_of(text_of(*packet, how));
    if (length <= room) return how;
  }
  return PacketLook::Dot;
}

// A box with a point at the side to which it goes.
Rect draw_pointed_box(ImDrawList& list, Point at, Size size, bool points_right, ImU32 colour) {
  const float half = size.height / 2;
  const float tip = std::min(units(kTip), half);
  const Rect box{at.x - size.width / 2, at.y - half, at.x + size.width / 2, at.y + half};
  const float side = points_right ? box.right : box.left;
  const float out = points_right ? tip : -tip;
  fill(list, box, colour, units(2));
  list.AddTriangleFilled({side, box.top}, {side + out, at.y}, {side, box.bottom}, colour);
  return box;
}

Meaning meaning_of(const Packet& packet) {
  if (packet.batches.empty()) return Meaning::Wire;
  return goes_to_broker(packet) ? Meaning::InFlight : Meaning::Broker;
}

// Which part of its frame it is, as a line along its lower edge.
void draw_part(ImDrawList& list, Rect box, const Packet& packet, ImU32 ink) {
  if (is_whole(packet)) return;
  const float top = box.bottom - units(4);
  fill(list, {box.left, top, box.right, box.bottom}, with_alpha(ink, 0.25F));
  fill(list,
       {box.left + box.width() * packet.part_begin, top, box.left + box.width() * packet.part_end,
        box.bottom},
       ink);
}

void draw_packet_at(Stage& stage, Point at, const Packet& packet, const PacketText& text) {
  ImDrawList& list = *stage.list;
  const ImU32 colour = look(meaning_of(packet)).colour;
  const ImU32 ink = text_on(colour);
  const Rect box = draw_pointed_box(list, at, size_of(text), goes_to_broker(packet), colour);
  draw_part(list, box, packet, ink);
  const TextLook small{.style = TextStyle::Small, .colour = ink, .align = Align::Centre};
  Rect room{box.left, box.top + units(3), box.right + units(1), box.bottom - units(3)};
  if (!text.second.empty()) {
    draw_text(list, cut_bottom(room, room.height() / 2), text.second, small);
  }
  if (!text.first.empty()) draw_text(list, room, text.first, small);
  if (packet.is_selected) outline(list, box.inset(-units(3)), ink::kFocus, units(5), units(2));
  if (packet.batches.empty()) {
    explain(stage, box, describe(packet));
  } else {
    offer(stage, box, describe(packet), Select{packet.batches.front()});
  }
  offer_faults(stage, box, RequestRef{packet.producer, packet.correlation});
}

float apart(PacketLook how) {
  switch (how) {
    case PacketLook::Full:
      return units(28);
    case PacketLook::Short:
      return units(20);
    case PacketLook::Dot:
      return units(14);
  }
  return 0;
}

// Each where it is, but none on another: who follows closely is drawn behind.
void draw_train(Stage& stage, const Train& train) {
  const bool goes_there = goes_to_broker(*train.packets.front());
  const float length = train.wire.broker.x - train.wire.producer.x;
  const PacketLook how = look_of(train, length);
  float limit = length;  // how far the next may have come
  for (const Packet* packet : train.packets) {
    const PacketText text = text_of(*packet, how);
    const float own = length_of(text);
    const float gone = goes_there ? packet->position : 1 - packet->position;
    // The whole box is on the wire.
    const float wanted = own / 2 + std::max(0.0F, length - own) * gone;
    const float along = std::max(std::min(wanted, limit - own / 2), own / 2);
    limit = along - own / 2;
    const float share = (goes_there ? along : length - along) / std::max(length, 1.0F);
    const std::array<Point, 2> line{train.wire.producer, train.wire.broker};
    Point at = point_along(line, share);
    at.y += goes_there ? -apart(how) : apart(how);
    draw_packet_at(stage, at, *packet, text);
  }
}

}  // namespace

void draw_packets(Stage& stage, const PipelineView& view, const PictureLayout& layout) {
  for (const Train& train : trains_of(view, layout)) draw_train(stage, train);
}

}  // namespace linger::viz
