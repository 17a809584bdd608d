#include "viz/deques_panel.h"

#include <algorithm>
#include <string>

#include "viz/batch_panel.h"
#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

using core::ReadinessVerdict;

Meaning meaning_of(const Lane& lane) {
  if (lane.is_muted) return Meaning::Muted;
  if (!lane.readiness) return Meaning::NotEvaluated;
  switch (lane.readiness->verdict) {
    case ReadinessVerdict::EmptyDeque:
      return Meaning::NotEvaluated;
    case ReadinessVerdict::NoLeader:
      return Meaning::Failed;
    case ReadinessVerdict::NodeAlreadyReady:
      return Meaning::BatchReady;
    case ReadinessVerdict::Muted:
      return Meaning::Muted;
    case ReadinessVerdict::BackingOff:
      return Meaning::Retrying;
    case ReadinessVerdict::Waiting:
      return Meaning::BatchFilling;
    case ReadinessVerdict::Ready:
      return Meaning::BatchReady;
  }
  return Meaning::NotEvaluated;
}

// Kafka calls a wait that is over "expired"; which one it was makes it clear.
std::string term_text(const std::string& term, const Lane& lane) {
  if (term != "expired" || lane.batches.empty()) return tr(term);
  return lane.batches.front().is_retried ? tr("backoff passed") : tr("linger passed");
}

std::string waiting_text(const Lane& lane) {
  const BatchBox* head = lane.batches.empty() ? nullptr : &lane.batches.front();
  if (head != nullptr && head->waits.backoff)
    return tr("backing off {}", head->waits.backoff->text());
  if (head != nullptr && head->waits.linger) return tr("waits {}", head->waits.linger->text());
  return lane.readiness->word;
}

std::string describe(const Lane& lane) {
  std::string text = tr("{}: {}", lane.name, lane.leader_text);
  if (lane.leader_is_stale) text += tr("\nanother broker leads it by now");
  if (lane.readiness) {
    text += tr("\nat the sender's last look: {}", lane.readiness->word);
    for (const std::string& term : lane.readiness->terms) text += tr(", {}", tr(term));
  }
  text += tr("\n{} in the deque, {} in flight",
             count_text(static_cast<std::int64_t>(lane.batches.size()), "batch"), lane.in_flight);
  if (lane.is_muted) text += tr("\nmuted: one of its batches is in flight, the next has to wait");
  text += tr("\nClick for the decision, term by term.");
  return text;
}

// The name, then who leads it if that is worth a word, then the verdict at the right.
void draw_lane_head(ImDrawList& list, const Lane& lane, Rect head) {
  const std::string verdict = verdict_text(lane);
  const Size size = chip_size(verdict);
  if (!verdict.empty() && size.width <= head.width()) {
    const float top = head.centre().y - size.height / 2;
    draw_chip_at_right(list, {head.right, top}, meaning_of(lane), verdict);
    cut_right(head, size.width + gap());
  }
  draw_text(list, head, lane.name, {.style = TextStyle::Strong});
  cut_left(head, text_width(lane.name, TextStyle::Strong) + gap());
  std::string leader;
  if (lane.leader) leader = tr("to {}", lane.leader_text);
  if (lane.leader_is_stale) leader = tr("leader moved");
  if (text_width(leader, TextStyle::Small) > head.width()) return;
  draw_text(list, head, leader, {.style = TextStyle::Small, .colour = ink::kTextWeak});
}

void draw_compact_head(ImDrawList& list, const Lane& lane, Rect head) {
  const Look& l = look(meaning_of(lane));
  const Rect icon = cut_right(head, units(22));
  draw_icon(list, l.icon, {.centre = icon.centre(), .size = units(14)}, l.colour);
  draw_text(list, head, lane.name);
}

// Towards the sender, at the right.
void draw_way_out(ImDrawList& list, Rect track) {
  const float x = track.right + units(1);
  const float y = track.centre().y;
  list.AddTriangleFilled({x, y - units(7)}, {x + units(8), y}, {x, y + units(7)}, ink::kBorder);
}

void draw_lane(Stage& stage, const Lane& lane, const LanePlace& place) {
  ImDrawList& list = *stage.list;
  offer(stage, place.area, describe(lane), Select{lane.ref});
  offer_faults(stage, place.area, lane.ref);
  fill(list, place.track, ink::kSurface, rounding());
  if (lane.is_muted) {
    draw_hatch(list, place.track, look(Meaning::Muted).hatch,
               with_alpha(look(Meaning::Muted).colour, 0.25F));
  }
  outline(list, place.track, lane.is_selected ? ink::kFocus : with_alpha(ink::kBorder, 0.6F),
          rounding(), lane.is_selected ? units(2) : units(1));
  draw_way_out(list, place.track);
  const bool is_compact = place.head.bottom > place.track.top + 1;
  is_compact ? draw_compact_head(list, lane, place.head) : draw_lane_head(list, lane, place.head);
  for (std::size_t i = 0; i < lane.batches.size(); ++i) {
    draw_batch(stage, place.batches[i], lane.batches[i]);
  }
  if (place.hidden == 0) return;
  Rect rest = place.track;
  draw_text(list, cut_left(rest, units(34)), hidden_text(static_cast<std::size_t>(place.hidden)),
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Centre});
}

// How many lanes are above and below what is to be seen.
void draw_hidden_count(ImDrawList& list, const ProducerPlace& place) {
  int above = 0;
  int below = 0;
  for (const LanePlace& lane : place.lanes) {
    if (lane.area.centre().y < place.deques.top) ++above;
    if (lane.area.centre().y > place.deques.bottom) ++below;
  }
  const auto draw = [&](int count, const std::string& text, float y) {
    if (count == 0) return;
    const Size size = chip_size(text);
    draw_chip(list, {place.deques.centre().x - size.width / 2, y}, Meaning::False, text);
  };
  draw(above, tr("{} more above", above), place.deques.top);
  draw(below, tr("{} more below", below), place.deques.bottom - chip_size("").height);
}

}  // namespace

std::string verdict_text(const Lane& lane) {
  if (!lane.leader) return tr("no leader");
  if (lane.is_muted) return tr("muted");
  if (!lane.readiness || lane.batches.empty()) return "";
  switch (lane.readiness->verdict) {
    case ReadinessVerdict::EmptyDeque:
      return "";
    case ReadinessVerdict::NoLeader:
      return tr("no leader");
    case ReadinessVerdict::NodeAlreadyReady:
      return tr("goes along");
    case ReadinessVerdict::Muted:
      return tr("muted");
    case ReadinessVerdict::BackingOff:
    case ReadinessVerdict::Waiting:
      return waiting_text(lane);
    case ReadinessVerdict::Ready:
      break;
  }
  const auto& terms = lane.readiness->terms;
  if (terms.empty()) return tr("ready");
  return tr("ready: {}", term_text(terms.front(), lane));
}

void draw_deques(Stage& stage, const ProducerPart& part, ProducerPlace& place) {
  // A little wider than its column, so that nothing that stands out is cut; but not over the
  // sender, which may stand higher up than the column ends.
  const float bottom = std::min(place.deques.bottom, place.sender.top - units(8));
  const Rect window{place.deques.left - units(4), place.deques.top - units(6),
                    place.deques.right + units(10), bottom + units(4)};
  ImGui::PushID(part.index.value());
  {
    const bool has_more = place.deques_height > place.deques.height() + 1;
    const ScopedArea area{"deques", window, ScopedArea::Look::Bare, ScopedArea::Scrolls::Yes};
    scroll(place, ImGui::GetScrollY());
    Stage inner{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
    for (std::size_t i = 0; i < part.lanes.size(); ++i) {
      draw_lane(inner, part.lanes[i], place.lanes[i]);
    }
    if (has_more) ImGui::Dummy({1, place.deques_height + units(8)});
    draw_hidden_count(*inner.list, place);
    take_over(stage, inner);
  }
  ImGui::PopID();
}

void draw_sender(Stage& stage, const ProducerPart& part, Rect area) {
  ImDrawList& list = *stage.list;
  const SenderBox& sender = part.sender;
  fill(list, area, ink::kRaised, rounding());
  const ImU32 colour = sender.is_held_by_user_code ? look(Meaning::Broker).colour
                       : sender.is_stopped         ? ink::kBorder
                                                   : ink::kTextWeak;
  outline(list, area, colour, rounding(), units(1.5F));
  Rect room = area.inset(units(4));
  cut_left(room, units(4));
  cut_right(room, units(4));
  const Rect badge = cut_left(room, units(24));
  if (sender.until) {
    draw_countdown(list, {.centre = badge.centre(), .size = units(18)},
                   {.remaining = sender.until->fraction, .meaning = Meaning::False});
  } else {
    draw_icon(list, sender.is_stopped ? Icon::Square : Icon::Loop,
              {.centre = badge.centre(), .size = units(14)}, colour);
  }
  draw_text(list, room, tr("Sender"), {.style = TextStyle::Strong});
  cut_left(room, text_width(tr("Sender"), TextStyle::Strong) + gap());
  draw_text(list, room, sender.text, {.style = TextStyle::Small});
  const float used = text_width(sender.text, TextStyle::Small) + gap() * 2;
  if (used + text_width(part.identity, TextStyle::Small) <= room.width()) {
    draw_text(list, room, part.identity,
              {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  }
  if (sender.is_selected) outline(list, area, ink::kFocus, rounding(), units(2));
  offer(stage, area,
        tr("the producer's I/O thread: {}\n{}{}{}", sender.state, sender.text,
           part.identity.empty() ? "" : "\n", part.identity),
        Select{sender.thread});
}

}  // namespace linger::viz
