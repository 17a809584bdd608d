#include "viz/pool_panel.h"

#include <algorithm>
#include <string>

#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

void draw_part(ImDrawList& list, Rect area, Meaning meaning, float strength) {
  if (is_empty(area)) return;
  const Look& l = look(meaning);
  const Rect inner{area.left + units(1), area.top, area.right - units(1), area.bottom};
  fill(list, inner, with_alpha(l.colour, strength), units(3));
  draw_hatch(list, inner, l.hatch, with_alpha(l.colour, 0.25F));
  outline(list, inner, l.colour, units(3), units(1.5F));
}

void draw_label(ImDrawList& list, Rect area, std::string_view text) {
  if (text_width(text, TextStyle::Small) > area.width() - units(4)) return;
  draw_text(list, area, text, {.style = TextStyle::Small, .align = Align::Centre});
}

void draw_held(Stage& stage, const HeldBuffer& held, Rect area) {
  draw_part(*stage.list, area, Meaning::PoolUsed, 0.5F);
  if (held.is_selected)
    outline(*stage.list, area.inset(-units(2)), ink::kFocus, units(4), units(2));
  draw_label(*stage.list, area, held.label);
  offer(stage, area, tr("batch {} holds {}", held.label, bytes_text(held.size)),
        Select{held.batch});
}

void draw_bar(Stage& stage, const PoolView& pool, const PoolPlace& place) {
  ImDrawList& list = *stage.list;
  fill(list, place.bar, ink::kBackground, units(4));
  draw_part(list, place.non_pooled, Meaning::PoolNonPooled, 0.12F);
  draw_label(list, place.non_pooled, tr("non-pooled {}", bytes_text(pool.non_pooled)));
  explain(stage, place.non_pooled,
          tr("non-pooled: {} that no buffer has been made of", bytes_text(pool.non_pooled)));
  for (const Rect& buffer : place.free_buffers) draw_part(list, buffer, Meaning::PoolFree, 0.25F);
  explain(stage, place.free_list,
          tr("free list: {} of {}, ready for the next batches",
             count_text(pool.free_buffers, "buffer"), bytes_text(pool.poolable)));
  draw_part(list, place.gathered, Meaning::PoolUsed, 0.2F);
  draw_label(list, place.gathered, bytes_text(pool.gathered));
  explain(stage, place.gathered,
          tr("gathered by the first thread in line: {}", bytes_text(pool.gathered)));
  for (std::size_t i = 0; i < pool.held_by.size(); ++i) {
    if (!is_empty(place.held[i])) draw_held(stage, pool.held_by[i], place.held[i]);
  }
  if (pool.lost.count() == 0) return;
  draw_chip_at_right(list, {place.bar.right, place.bar.top}, Meaning::Failed,
                     tr("lost {}", bytes_text(pool.lost)));
}

// One part of the sum, as icon and words. Nothing if there is no room.
void draw_amount(ImDrawList& list, Rect& area, Meaning meaning, const std::string& text) {
  const float width = text_width(text, TextStyle::Small) + units(24);
  if (width > area.width()) return;
  Rect place = cut_left(area, width + gap() * 1.5F);
  const Rect icon = cut_left(place, units(19));
  draw_icon(list, look(meaning).icon, {.centre = icon.centre(), .size = units(12)},
            look(meaning).colour);
  draw_text(list, place, text, {.style = TextStyle::Small});
}

void draw_head(ImDrawList& list, const ProducerPart& part, const PoolPlace& place) {
  const PoolView& pool = part.pool;
  Rect head = place.head;
  std::string total = "buffer.memory " + bytes_text(pool.total);
  if (text_width(total, TextStyle::Body) > head.width()) total = bytes_text(pool.total);
  draw_text(list, head, total, {});
  cut_left(head, text_width(total, TextStyle::Body) + gap() * 2);
  if (!place.is_to_scale) {
    const std::string_view note = tr("not to scale");
    const Rect right = cut_right(head, text_width(note, TextStyle::Small) + 1);
    const bool has_room = head.width() > units(340);
    if (has_room) {
      draw_text(list, right, note, {.style = TextStyle::Small, .colour = ink::kTextWeak});
    } else {
      head.right = right.right;
    }
  }
  draw_amount(list, head, Meaning::PoolUsed, tr("{} in batches", bytes_text(pool.held)));
  draw_amount(list, head, Meaning::PoolFree,
              tr("{} free", count_text(pool.free_buffers, "buffer")));
}

std::string describe(const WaiterBox& waiter) {
  std::string text = tr("thread {} waits for memory\n{} of {} gathered", waiter.name,
                        bytes_text(waiter.gathered), bytes_text(waiter.needed));
  if (waiter.until) text += tr("\nmax.block.ms: {} left", waiter.until->text());
  return text;
}

void draw_waiter(Stage& stage, const WaiterBox& waiter, Rect area) {
  ImDrawList& list = *stage.list;
  fill(list, area, ink::kRaised, units(4));
  Rect gathered = area;
  gathered.right = area.left + area.width() * std::clamp(waiter.fraction, 0.0F, 1.0F);
  fill(list, gathered, with_alpha(look(Meaning::PoolUsed).colour, 0.45F), units(4));
  outline(list, area, ink::kTextStrong, units(4), units(1.5F));
  Rect room = area.inset(units(3));
  cut_left(room, units(4));
  if (waiter.until) {
    const Rect badge = cut_right(room, units(20));
    draw_countdown(list, {.centre = badge.centre(), .size = units(17)},
                   {.remaining = waiter.until->fraction, .meaning = Meaning::False});
  }
  draw_text(list, room, tr("{} needs {}", waiter.name, bytes_text(waiter.needed)),
            {.style = TextStyle::Small});
  explain(stage, area, describe(waiter));
}

void draw_waiters(Stage& stage, const ProducerPart& part, bool is_one_of_several, Rect area) {
  ImDrawList& list = *stage.list;
  Rect head = cut_top(area, units(24));
  const bool is_narrow = text_width(tr("Buffer pool"), TextStyle::Strong) > head.width();
  draw_text(list, head, is_narrow ? tr("Pool") : tr("Buffer pool"), {.style = TextStyle::Strong});
  cut_top(area, units(2));
  const auto& waiters = part.pool.waiters;
  if (waiters.empty()) {
    // Of several producers: whose it is.
    const std::string text{is_one_of_several ? part.name : tr("no thread waits")};
    if (text_width(text, TextStyle::Small) > area.width()) return;
    draw_text(list, cut_top(area, line_height(TextStyle::Small)), text,
              {.style = TextStyle::Small, .colour = ink::kTextWeak});
    return;
  }
  if (waiters.size() > 1) {
    draw_text(list, head, tr("{} wait", waiters.size()),
              {.style = TextStyle::Small, .align = Align::Right});
  }
  draw_waiter(stage, waiters.front(), cut_top(area, units(28)));
}

}  // namespace

void draw_pool(Stage& stage, const ProducerPart& part, bool is_one_of_several,
               const PoolPlace& place) {
  if (is_empty(place.area)) return;
  fill(*stage.list, place.area, ink::kSurface, rounding());
  draw_waiters(stage, part, is_one_of_several, place.waiters);
  draw_head(*stage.list, part, place);
  draw_bar(stage, part.pool, place);
}

}  // namespace linger::viz
