#include "viz/flights_panel.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace linger::viz {
namespace {

Meaning meaning_of(FlightKind kind) {
  switch (kind) {
    case FlightKind::Append:
      return Meaning::Record;
    case FlightKind::Drain:
      return Meaning::InFlight;
    case FlightKind::Retry:
      return Meaning::Retrying;
    case FlightKind::Acknowledge:
      return Meaning::Acknowledged;
    case FlightKind::Expire:
    case FlightKind::Fail:
      return Meaning::Failed;
    case FlightKind::Write:
    case FlightKind::Replicate:
      return Meaning::Broker;
    case FlightKind::TakeMemory:
      return Meaning::PoolUsed;
    case FlightKind::ReturnMemory:
      return Meaning::PoolFree;
  }
  return Meaning::Record;
}

// What goes against the stream flies over it in an arc, so that it can be told from what goes
// along.
float arc_height(FlightKind kind) {
  switch (kind) {
    case FlightKind::Retry:
      return 90;
    case FlightKind::Acknowledge:
    case FlightKind::Expire:
    case FlightKind::Fail:
      return 130;
    case FlightKind::Append:
    case FlightKind::Drain:
    case FlightKind::Write:
    case FlightKind::Replicate:
    case FlightKind::TakeMemory:
    case FlightKind::ReturnMemory:
      return 0;
  }
  return 0;
}

bool is_of_memory(FlightKind kind) {
  return kind == FlightKind::TakeMemory || kind == FlightKind::ReturnMemory;
}

constexpr std::size_t kPathPoints = 25;
using Path = std::array<Point, kPathPoints>;

// A quadratic curve over a point above the middle.
Path path_of(Point from, Point to, float height) {
  const Point over{(from.x + to.x) / 2, std::min(from.y, to.y) - height};
  Path path{};
  for (std::size_t i = 0; i < kPathPoints; ++i) {
    const float t = static_cast<float>(i) / static_cast<float>(kPathPoints - 1);
    const Point middle = height > 0 ? over : Point{(from.x + to.x) / 2, (from.y + to.y) / 2};
    const float a = (1 - t) * (1 - t);
    const float b = 2 * t * (1 - t);
    path[i] = {a * from.x + b * middle.x + t * t * to.x, a * from.y + b * middle.y + t * t * to.y};
  }
  return path;
}

// Where it came along, fading towards where it began.
void draw_trail(ImDrawList& list, const Path& path, float progress, ImU32 colour) {
  constexpr int kPieces = 12;
  for (int i = 0; i < kPieces; ++i) {
    const float from = progress * static_cast<float>(i) / kPieces;
    const float to = progress * static_cast<float>(i + 1) / kPieces;
    const float alpha = 0.6F * static_cast<float>(i + 1) / kPieces;
    list.AddLine(vec_of(point_along(path, from)), vec_of(point_along(path, to)),
                 with_alpha(colour, alpha), units(3));
  }
}

Rect draw_flight(ImDrawList& list, const Flight& flight, Point from, Point to) {
  const Meaning meaning = meaning_of(flight.kind);
  const Path path = path_of(from, to, units(arc_height(flight.kind)));
  const float progress = std::clamp(flight.progress, 0.0F, 1.0F);
  draw_trail(list, path, progress, look(meaning).colour);
  const Rect box = draw_packet(list, point_along(path, progress), meaning, flight.label);
  if (flight.is_selected) outline(list, box.inset(-units(3)), ink::kFocus, units(5), units(2));
  return box;
}

bool tells_error(const Flight& flight) {
  return !flight.detail.empty() &&
         (flight.kind == FlightKind::Expire || flight.kind == FlightKind::Fail ||
          flight.kind == FlightKind::Retry);
}

bool overlap(const Rect& a, const Rect& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// The errors below what flies. Where several would cover one another, one is enough.
class Notes {
 public:
  void draw(ImDrawList& list, const Flight& flight, Rect box) {
    const float width = text_width(flight.detail, TextStyle::Small) + units(12);
    const Rect note{box.centre().x - width / 2, box.bottom + units(2), box.centre().x + width / 2,
                    box.bottom + units(24)};
    const auto is_covered = [&note](const Rect& other) { return overlap(note, other); };
    if (std::ranges::any_of(drawn_, is_covered)) return;
    drawn_.push_back(note);
    fill(list, note, with_alpha(ink::kBackground, 0.85F), units(4));
    draw_text(list, note, flight.detail,
              {.style = TextStyle::Small,
               .colour = look(meaning_of(flight.kind)).colour,
               .align = Align::Centre});
  }

 private:
  std::vector<Rect> drawn_;
};

}  // namespace

void draw_flights(ImDrawList& list, const PipelineView& view, const PictureLayout& layout) {
  const bool has_pools = !layout.pools.empty() && !is_empty(layout.pools.front().area);
  Notes notes;
  const auto draw = [&](bool of_memory) {
    for (const Flight& flight : view.flights) {
      if (is_of_memory(flight.kind) != of_memory) continue;
      if (of_memory && !has_pools) continue;
      const Rect box = draw_flight(list, flight, place_of(flight.from, view, layout),
                                   place_of(flight.to, view, layout));
      if (tells_error(flight)) notes.draw(list, flight, box);
    }
  };
  draw(true);
  draw(false);  // what becomes of a batch is told above what becomes of its memory
}

}  // namespace linger::viz
