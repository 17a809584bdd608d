#include "viz/consumer_panel.h"

#include <array>
#include <string>

#include "viz/language.h"
#include "viz/list_panel.h"

namespace linger::viz {
namespace {

constexpr std::array kConsumerColumns{Column{"offset", 66, 0}, Column{"record", 70, 0},
                                      Column{"producer", 100, 1}, Column{"what is odd", 0, 0}};

std::string oddity_of(const ConsumerRow& row) {
  std::string text = row.mark_text;
  if (!row.missing_text.empty()) text += (text.empty() ? "" : "; ") + row.missing_text;
  return text;
}

Icon icon_of(const ConsumerRow& row) {
  if (row.mark == ConsumerMark::Duplicate) return Icon::Stack;
  return row.mark == ConsumerMark::Reordered ? Icon::Loop : Icon::Warning;
}

void draw_row(Stage& stage, const ConsumerRow& row, Rect area) {
  ImDrawList& list = *stage.list;
  draw_row_ground(list, area, false, row.is_selected);
  if (row.begins_batch) {
    list.AddLine({area.left, area.top}, {area.right, area.top}, with_alpha(ink::kBorder, 0.7F),
                 units(1));
  }
  std::vector<Rect> cells = column_places(area, kConsumerColumns);
  cut_left(cells[0], units(4));
  draw_cell(list, cells[0], std::to_string(row.offset),
            {.style = TextStyle::Small, .colour = ink::kTextWeak});
  draw_cell(list, cells[1], row.label);
  draw_cell(list, cells[2], row.producer, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  const std::string oddity = oddity_of(row);
  if (!oddity.empty()) {
    const ImU32 colour = look(Meaning::Failed).colour;
    draw_cell_icon(list, cells[3], icon_of(row), colour);
    draw_cell(list, cells[3], oddity, {.style = TextStyle::Small, .colour = colour});
  }
  const std::string tooltip =
      tr("offset {}: {}{}{}", row.offset, row.label, oddity.empty() ? "" : "\n", oddity);
  if (row.record) {
    offer(stage, area, tooltip, Select{*row.record});
  } else {
    explain(stage, area, tooltip);
  }
}

void draw_finding(ImDrawList& list, Rect& head, std::int64_t count, const std::string& text) {
  if (count == 0) return;
  const Size size = chip_size(text);
  if (size.width > head.width()) return;
  draw_chip(list, {head.left, head.centre().y - size.height / 2}, Meaning::Failed, text);
  cut_left(head, size.width + gap());
}

void draw_findings(ImDrawList& list, const ConsumerLogView& view, Rect head) {
  draw_finding(list, head, view.duplicates, tr("{} duplicate", view.duplicates));
  draw_finding(list, head, view.reordered, tr("{} out of order", view.reordered));
  draw_finding(list, head, view.missing, tr("{} missing", view.missing));
  if (view.duplicates + view.reordered + view.missing > 0) return;
  const std::string_view text =
      view.end_offset == 0 ? tr("nothing to read yet") : tr("in order, each once");
  const Size size = chip_size(text);
  if (size.width > head.width()) return;
  draw_chip(list, {head.left, head.centre().y - size.height / 2},
            view.end_offset == 0 ? Meaning::NotEvaluated : Meaning::Acknowledged, text);
}

}  // namespace

void draw_consumer_panel(Stage& stage, const ConsumerRows& rows, Rect area) {
  fill(*stage.list, area, ink::kSurface, rounding());
  const ListFrame frame = list_frame(area);
  draw_list_titles(*stage.list, frame, kConsumerColumns);
  ConsumerLogView view;
  {
    const ScopedArea scope{"consumer rows", frame.rows, ScopedArea::Look::Bare,
                           ScopedArea::Scrolls::Yes};
    Stage inner{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
    view = rows(rows_in_sight());
    for (std::size_t i = 0; i < view.rows.size(); ++i) {
      draw_row(inner, view.rows[i], row_place(view.first + static_cast<std::int64_t>(i)));
    }
    end_rows(view.end_offset);
    take_over(stage, inner);
  }
  const Rect rest =
      draw_list_head(*stage.list, frame.head, tr("A consumer of {} reads", view.name));
  draw_findings(*stage.list, view, rest);
}

}  // namespace linger::viz
