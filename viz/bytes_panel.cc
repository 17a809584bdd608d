#include "viz/bytes_panel.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "viz/language.h"
#include "viz/list_panel.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

constexpr float kFrameRow = 44;
constexpr float kSizeByteWidth = 24;
constexpr float kRecordShare = 0.42F;

Meaning meaning_of(ByteState state) {
  switch (state) {
    case ByteState::Waiting:
      return Meaning::PoolFree;
    case ByteState::OnTheWire:
      return Meaning::InFlight;
    case ByteState::Arrived:
      return Meaning::Acknowledged;
    case ByteState::Lost:
      return Meaning::Failed;
  }
  return Meaning::PoolFree;
}

// Each state has a pattern of its own.
void draw_bytes(ImDrawList& list, Rect area, ByteState state) {
  const Look& l = look(meaning_of(state));
  if (state != ByteState::Waiting) fill(list, area, with_alpha(l.colour, 0.4F));
  if (state == ByteState::OnTheWire || state == ByteState::Lost) {
    draw_hatch(list, area, l.hatch, with_alpha(l.colour, 0.8F));
  }
  outline(list, area, l.colour, 0, units(1));
}

void draw_size_bytes(Stage& stage, const FrameRow& row, Rect area) {
  ImDrawList& list = *stage.list;
  for (const SizeByte& byte : row.size_bytes) {
    const Rect box = centred(cut_left(area, units(kSizeByteWidth)), units(19));
    const Look& l = look(meaning_of(byte.state));
    const bool has_come = byte.state == ByteState::Arrived;
    if (has_come) fill(list, box, with_alpha(l.colour, 0.4F));
    outline(list, box, l.colour, 0, units(1));
    draw_text(list, box, byte.hex,
              {.style = TextStyle::Small,
               .colour = has_come ? ink::kTextStrong : ink::kTextWeak,
               .align = Align::Centre});
    explain(stage, box, std::string{word(byte.state)});
  }
}

void draw_frame_parts(Stage& stage, const FrameRow& row, Rect bar) {
  const auto size = static_cast<float>(std::max<std::int64_t>(row.size, 1));
  for (const FramePart& part : row.parts) {
    const Rect area{bar.left + bar.width() * static_cast<float>(part.begin) / size, bar.top,
                    bar.left + bar.width() * static_cast<float>(part.end) / size, bar.bottom};
    draw_bytes(*stage.list, area, part.state);
    if (part.segment >= 0) {
      draw_fitting(*stage.list, area, {std::to_string(part.segment)},
                   {.style = TextStyle::Small, .align = Align::Centre});
    }
    explain(stage, area, part.text);
  }
}

std::string arrived_text(const FrameRow& row) {
  if (row.arrived == row.size) return number_text(row.size) + " B";
  return tr("{} of {} B", number_text(row.arrived), number_text(row.size));
}

void draw_frame_row(Stage& stage, const FrameRow& row, Rect area) {
  ImDrawList& list = *stage.list;
  const bool to_broker = row.direction == sim::Direction::ToBroker;
  offer(stage, area, row.label, Select{row.request});
  draw_row_ground(list, area, false, row.is_selected);
  Rect rest = area;
  cut_left(rest, units(6));
  Rect top = cut_top(rest, area.height() / 2);
  draw_text(list, cut_left(top, units(18)), to_broker ? "→" : "←", {.style = TextStyle::Strong});
  Rect right = cut_right(top, units(120));
  cut_right(right, units(6));
  draw_text(list, right, arrived_text(row),
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  draw_text(list, top, row.label, {.style = TextStyle::Small});
  draw_size_bytes(stage, row, cut_left(rest, units(kSizeByteWidth * 4)));
  cut_left(rest, units(8));
  cut_right(rest, units(6));
  draw_frame_parts(stage, row, centred(rest, units(17)));
}

void draw_wire_choices(Stage& stage, const WireBytesView& view, Rect head) {
  for (auto choice = view.choices.rbegin(); choice != view.choices.rend(); ++choice) {
    const Size size = chip_size(choice->label);
    if (size.width > head.width()) return;
    const Rect chip =
        draw_chip_at_right(*stage.list, {head.right, head.centre().y - size.height / 2},
                           choice->is_shown ? Meaning::InFlight : Meaning::Wire, choice->label);
    if (choice->is_shown) outline(*stage.list, chip, ink::kFocus, size.height / 2, units(1));
    if (choice->last) {
      offer(stage, chip, tr("Click to look at this connection."), Select{*choice->last});
    }
    cut_right(head, size.width + units(5));
  }
}

// What the patterns mean.
void draw_byte_legend(ImDrawList& list, Rect room) {
  for (const ByteState state :
       {ByteState::Waiting, ByteState::OnTheWire, ByteState::Arrived, ByteState::Lost}) {
    const std::string_view name = word(state);
    const float width = units(24) + text_width(name, TextStyle::Small);
    if (width > room.width()) return;
    Rect place = cut_left(room, width);
    draw_bytes(list, centred(cut_left(place, units(18)), units(15)), state);
    cut_left(place, units(5));
    place.right += 1;
    draw_text(list, place, name, {.style = TextStyle::Small, .colour = ink::kTextWeak});
    cut_left(room, units(10));
  }
}

void draw_wire_frames(Stage& stage, const WireRows& rows, Rect area) {
  Rect rest = area;
  const Rect head = cut_top(rest, units(26));
  const Rect legend = cut_top(rest, units(24));
  WireBytesView view;
  {
    const ScopedArea scope{"wire bytes", rest, ScopedArea::Look::Bare, ScopedArea::Scrolls::Yes};
    Stage inner{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
    const RowHeight height{units(kFrameRow)};
    view = rows(rows_in_sight(height));
    for (std::size_t i = 0; i < view.rows.size(); ++i) {
      draw_frame_row(inner, view.rows[i],
                     row_place(view.first + static_cast<std::int64_t>(i), height));
    }
    end_rows(view.total, height);
    take_over(stage, inner);
  }
  draw_wire_choices(stage, view, draw_list_head(*stage.list, head, tr("Frames on a wire")));
  draw_byte_legend(*stage.list, legend);
  if (view.total == 0) {
    draw_text(*stage.list, rest, tr("Nothing was sent yet."),
              {.colour = ink::kTextWeak, .align = Align::Centre});
  }
}

void draw_record_bytes(Stage& stage, const RecordBytesView& view, Rect area) {
  Rect rest = area;
  draw_list_head(*stage.list, cut_top(rest, units(26)), tr("A record's bytes"));
  if (!view.is_there) {
    draw_text(*stage.list, rest, tr("No record was appended yet."),
              {.colour = ink::kTextWeak, .align = Align::Centre});
    return;
  }
  const ScopedArea scope{"record bytes", rest, ScopedArea::Look::Bare, ScopedArea::Scrolls::Yes};
  Stage inner{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
  Flow flow;
  flow.text(view.title, {.style = TextStyle::Strong});
  flow.text(view.from, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  flow.space(4);
  for (const ByteField& field : view.fields) {
    Rect line = flow.take(line_height(TextStyle::Small) + units(3));
    explain(inner, line,
            tr("{}\nat byte {}, {}\n{}", field.name, number_text(field.offset),
               count_text(field.size, "byte"), field.value));
    if (is_over(line)) fill(flow.list(), line, with_alpha(ink::kTextStrong, 0.08F), units(3));
    cut_left(line, units(3));
    draw_text(flow.list(), cut_left(line, units(128)), field.name,
              {.style = TextStyle::Small, .colour = ink::kTextWeak});
    Rect bytes = line;
    const float value = text_width(field.value, TextStyle::Small) + 1;
    const float hex = text_width(field.hex, TextStyle::Small) + 1;
    // Where both do not fit on a line, the bytes have the next.
    if (hex + gap() + value > line.width()) {
      draw_text(flow.list(), line, field.value, {.style = TextStyle::Small, .align = Align::Right});
      bytes = flow.take(line_height(TextStyle::Small) + units(3));
      cut_left(bytes, units(16));
    } else {
      draw_text(flow.list(), cut_right(line, value), field.value, {.style = TextStyle::Small});
    }
    draw_text(flow.list(), bytes, field.hex,
              {.style = TextStyle::Small, .colour = look(Meaning::Record).colour});
  }
  take_over(stage, inner);
}

}  // namespace

void draw_bytes_panel(Stage& stage, const WireRows& wire, const RecordBytesView& record,
                      Rect area) {
  fill(*stage.list, area, ink::kSurface, rounding());
  Rect rest = area.inset(units(8));
  const Rect right = cut_right(rest, rest.width() * kRecordShare);
  cut_right(rest, units(14));
  draw_wire_frames(stage, wire, rest);
  stage.list->AddLine({right.left - units(7), right.top}, {right.left - units(7), right.bottom},
                      with_alpha(ink::kBorder, 0.6F), units(1));
  draw_record_bytes(stage, record, right);
}

}  // namespace linger::viz
