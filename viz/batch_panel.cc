#include "viz/batch_panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

ImU32 faded(ImU32 colour, const BatchBox& batch) {
  return batch.is_arriving ? with_alpha(colour, 0.3F) : colour;
}

void draw_body(ImDrawList& list, Rect area, const BatchBox& batch) {
  const Look& l = look(meaning_of(batch.look));
  const float round = std::min(units(6), area.height() / 3);
  fill(list, area, batch.is_arriving ? with_alpha(ink::kRaised, 0.5F) : ink::kRaised, round);
  const float share = std::clamp(batch.fill, 0.0F, 1.0F);
  // However little there is in it, it is not empty.
  const float least = batch.records > 0 ? units(4) : 0;
  Rect filled = area;
  filled.right = area.left + std::max(area.width() * share, std::min(least, area.width()));
  const bool is_full = filled.right >= area.right - round;
  if (filled.width() >= 1) {
    list.AddRectFilled({filled.left, filled.top}, {filled.right, filled.bottom},
                       with_alpha(l.colour, batch.is_arriving ? 0.15F : 0.42F), round,
                       is_full ? ImDrawFlags_RoundCornersAll : ImDrawFlags_RoundCornersLeft);
    if (!batch.is_arriving) {
      draw_hatch(list, filled.inset(round * 0.3F), l.hatch, with_alpha(l.colour, 0.22F));
    }
  }
  outline(list, area, faded(l.colour, batch), round, units(2));
  if (batch.is_selected)
    outline(list, area.inset(-units(4)), ink::kFocus, round + units(4), units(2.5F));
}

// One for each record, at the bottom; "+" if there is no room for all.
void draw_pips(ImDrawList& list, Rect area, const BatchBox& batch) {
  const float side = units(5);
  const float step = side + units(3);
  const auto room = static_cast<std::int32_t>((area.width() + units(3)) / step);
  const std::int32_t count = std::min(batch.records, std::max(room, 0));
  const float top = area.bottom - side;
  for (std::int32_t i = 0; i < count; ++i) {
    const float left = area.left + static_cast<float>(i) * step;
    fill(list, {left, top, left + side, area.bottom}, faded(look(Meaning::Record).colour, batch),
         units(1.5F));
  }
}

struct Wait {
  const Remaining* remaining = nullptr;
  Meaning meaning = Meaning::BatchFilling;
};

Wait wait_of(const BatchBox& batch) {
  if (batch.waits.backoff) return {&*batch.waits.backoff, Meaning::Retrying};
  if (batch.waits.linger) return {&*batch.waits.linger, Meaning::BatchFilling};
  return {};
}

// The ring that empties while the batch waits; or the icon of what it is.
void draw_badge(ImDrawList& list, Rect area, const BatchBox& batch) {
  const float size = std::min(area.width(), area.height());
  const IconPlace place{.centre = area.centre(), .size = size};
  const Wait wait = wait_of(batch);
  if (wait.remaining != nullptr) {
    draw_countdown(list, place, {.remaining = wait.remaining->fraction, .meaning = wait.meaning});
    return;
  }
  const Look& l = look(meaning_of(batch.look));
  draw_icon(list, l.icon, {.centre = place.centre, .size = size * 0.8F}, faded(l.colour, batch));
}

std::string second_line(const BatchBox& batch) {
  return count_text(batch.records, "record");
}

std::string third_line(const BatchBox& batch) {
  if (batch.waits.backoff) return tr("in {}", batch.waits.backoff->text());
  if (batch.sequence >= 0) return batch.sequence_text;
  return bytes_text(batch.size);
}

std::string attempts_text(const BatchBox& batch) {
  return batch.attempts == 0 ? "" : fmt::format("{}×", batch.attempts);
}

// How often it was sent in vain, at the lower corner: what it waits for stands at the upper one.
void draw_attempts(ImDrawList& list, Rect area, const BatchBox& batch) {
  const std::string text = attempts_text(batch);
  if (text.empty()) return;
  const Size size = chip_size(text);
  draw_chip(list, {area.right - size.width + units(5), area.bottom - size.height * 0.55F},
            Meaning::Retrying, text);
}

void draw_large(ImDrawList& list, Rect area, const BatchBox& batch) {
  Rect room = area.inset(units(8));
  draw_pips(list, room, batch);
  cut_bottom(room, units(8));
  const ImU32 strong = batch.is_arriving ? ink::kTextWeak : ink::kTextStrong;
  Rect top = cut_top(room, room.height() * 0.4F);
  draw_badge(list, cut_right(top, top.height()), batch);
  draw_text(list, top, batch.label, {.style = TextStyle::Heading, .colour = strong});
  draw_text(list, cut_top(room, room.height() / 2), second_line(batch),
            {.style = TextStyle::Small, .colour = strong});
  draw_text(list, room, third_line(batch), {.style = TextStyle::Small, .colour = strong});
  draw_attempts(list, area, batch);
}

// Where there is no room for all of it, the number alone, and smaller if need be.
void draw_narrow_label(ImDrawList& list, Rect area, const BatchBox& batch, TextStyle style) {
  const std::string_view label = batch.label;
  const bool is_small = text_width(label.substr(1), style) > area.width();
  draw_fitting(list, area, {label, label.substr(1)},
               {.style = is_small ? TextStyle::Small : style, .align = Align::Centre});
}

void draw_medium(ImDrawList& list, Rect area, const BatchBox& batch) {
  Rect room = area.inset(units(5));
  draw_pips(list, room, batch);
  cut_bottom(room, units(6));
  if (room.width() >= units(54)) {
    draw_badge(list, cut_right(room, std::min(room.height(), units(18))), batch);
  }
  if (text_width(batch.label, TextStyle::Strong) > room.width()) {
    draw_narrow_label(list, area.inset(units(3)), batch, TextStyle::Strong);
    return;
  }
  draw_text(list, room, batch.label, {.style = TextStyle::Strong});
  cut_left(room, text_width(batch.label, TextStyle::Strong) + units(5));
  const std::string attempts = attempts_text(batch);
  if (attempts.empty() || text_width(attempts, TextStyle::Small) > room.width()) return;
  draw_text(list, room, attempts,
            {.style = TextStyle::Small, .colour = look(Meaning::Retrying).colour});
}

// Narrow, but high: one thing below the other.
void draw_tall(ImDrawList& list, Rect area, const BatchBox& batch) {
  Rect room = area.inset(units(5));
  draw_pips(list, room, batch);
  cut_bottom(room, units(7));
  const TextLook small{.style = TextStyle::Small, .align = Align::Centre};
  draw_narrow_label(list, cut_top(room, units(22)), batch, TextStyle::Strong);
  const std::string attempts = attempts_text(batch);
  if (!attempts.empty()) draw_text(list, cut_bottom(room, units(18)), attempts, small);
  const float badge = std::min({units(24), room.width(), room.height()});
  draw_badge(list,
             {room.centre().x - badge / 2, room.centre().y - badge / 2, room.centre().x + badge / 2,
              room.centre().y + badge / 2},
             batch);
}

void draw_small(ImDrawList& list, Rect area, const BatchBox& batch) {
  const Rect room = area.inset(units(2));
  draw_narrow_label(list, room, batch, TextStyle::Small);
}

}  // namespace

Meaning phase_meaning(sim::BatchPhase phase) {
  switch (phase) {
    case sim::BatchPhase::Filling:
      return Meaning::BatchFilling;
    case sim::BatchPhase::Waiting:
      return Meaning::Muted;
    case sim::BatchPhase::InFlight:
      return Meaning::InFlight;
    case sim::BatchPhase::BackingOff:
      return Meaning::Retrying;
    case sim::BatchPhase::Done:
      return Meaning::Acknowledged;
  }
  return Meaning::BatchFilling;
}

Meaning meaning_of(BatchLook look) {
  switch (look) {
    case BatchLook::Filling:
      return Meaning::BatchFilling;
    case BatchLook::Waiting:
      return Meaning::BatchFilling;
    case BatchLook::Ready:
      return Meaning::BatchReady;
    case BatchLook::InFlight:
      return Meaning::InFlight;
    case BatchLook::BackingOff:
      return Meaning::Retrying;
    case BatchLook::Acknowledged:
      return Meaning::Acknowledged;
    case BatchLook::Failed:
      return Meaning::Failed;
  }
  return Meaning::BatchFilling;
}

std::string describe(const BatchBox& batch) {
  std::string text =
      tr("batch {}: {}\n{}, {} of {}", batch.label, batch.state,
         count_text(batch.records, "record"), bytes_text(batch.size), bytes_text(batch.capacity));
  if (batch.sequence >= 0) text += "\n" + batch.sequence_text;
  if (batch.attempts > 0) text += "\n" + count_text(batch.attempts, "failed attempt");
  if (batch.waits.linger) text += tr("\nlinger.ms: {} left", batch.waits.linger->text());
  if (batch.waits.backoff) text += tr("\nbackoff: {} left", batch.waits.backoff->text());
  if (batch.waits.delivery)
    text += tr("\ndelivery.timeout.ms: {} left", batch.waits.delivery->text());
  if (batch.is_split) text += tr("\nmade by splitting a larger batch");
  if (batch.was_reset) text += tr("\nits sequence was rewritten");
  text += tr("\nClick for its whole life.");
  return text;
}

void draw_batch(Stage& stage, Rect area, const BatchBox& batch) {
  if (is_empty(area)) return;
  ImDrawList& list = *stage.list;
  draw_body(list, area, batch);
  if (area.height() >= units(62) && area.width() >= units(94)) {
    draw_large(list, area, batch);
  } else if (area.height() >= units(62) && area.width() >= units(34)) {
    draw_tall(list, area, batch);
  } else if (area.height() >= units(28) && area.width() >= units(40)) {
    draw_medium(list, area, batch);
  } else {
    draw_small(list, area, batch);
  }
  offer(stage, area, describe(batch), Select{batch.ref});
}

}  // namespace linger::viz
