#include "viz/ledger_panel.h"

#include <array>
#include <string>

#include "viz/language.h"
#include "viz/list_panel.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

using sim::RecordStatus;

constexpr std::array kLedgerColumns{
    Column{"record", 62, 0}, Column{"thread", 64, 8}, Column{"partition", 96, 5},
    Column{"batch", 56, 3},  Column{"fate", 132, 0},  Column{"failed tries", 92, 4},
    Column{"offset", 60, 1}, Column{"after", 84, 6},  Column{"error", 0, 2}};

Meaning meaning_of(RecordStatus status) {
  switch (status) {
    case RecordStatus::Sending:
      return Meaning::Record;
    case RecordStatus::Pending:
      return Meaning::BatchFilling;
    case RecordStatus::Acknowledged:
      return Meaning::Acknowledged;
    case RecordStatus::Failed:
    case RecordStatus::Refused:
      return Meaning::Failed;
  }
  return Meaning::Record;
}

std::string describe(const RecordRow& row) {
  std::string text = tr("record {}: {}", row.label, row.status_word);
  if (!row.producer.empty()) text += tr("\nof producer {}", row.producer);
  if (!row.error.empty()) text += "\n" + row.error;
  if (row.timestamp >= 0) text += tr("\nRecordMetadata.timestamp() is {}", row.timestamp);
  if (row.was_told_twice) text += tr("\nIts fate was told more than once.");
  text += tr("\nClick to select it.");
  return text;
}

void draw_row(Stage& stage, const RecordRow& row, Rect area) {
  ImDrawList& list = *stage.list;
  draw_row_ground(list, area, false, row.is_selected);
  std::vector<Rect> cells = column_places(area, kLedgerColumns);
  cut_left(cells[0], units(4));
  const Look& l = look(meaning_of(row.status));
  draw_cell(list, cells[0], row.label);
  draw_cell(list, cells[1], row.thread);
  draw_cell(list, cells[2], row.partition);
  draw_cell(list, cells[3], row.batch_label);
  draw_cell_icon(list, cells[4], l.icon, l.colour);
  draw_cell(list, cells[4], row.status_word);
  draw_cell(list, cells[5], row.attempts == 0 ? "" : std::to_string(row.attempts),
            {.style = TextStyle::Small, .colour = look(Meaning::Retrying).colour});
  draw_cell(list, cells[6], row.offset_text);
  draw_cell(list, cells[7], row.latency, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  draw_cell(list, cells[8], row.was_told_twice ? tr("told twice! {}", row.error) : row.error,
            {.style = TextStyle::Small, .colour = look(Meaning::Failed).colour});
  offer(stage, area, describe(row), Select{row.record});
}

void draw_counts(Stage& stage, const RecordLedgerView& view, Rect head) {
  ImDrawList& list = *stage.list;
  const std::string filter = tr("show: {}", word(view.filter));
  const Size size = chip_size(filter);
  if (size.width > head.width()) return;
  const Rect chip = draw_chip_at_right(list, {head.right, head.centre().y - size.height / 2},
                                       Meaning::False, filter);
  offer(stage, chip, tr("Chooses which records are listed (G)."), NextRecordFilter{});
  cut_right(head, size.width + gap());
  const std::string counts =
      tr("{} sent, {} pending, {} acknowledged, {} failed, {} refused", view.sent, view.pending,
         view.acknowledged, view.failed, view.refused);
  if (text_width(counts, TextStyle::Small) > head.width()) return;
  draw_text(list, head, counts, {.style = TextStyle::Small, .colour = ink::kTextWeak});
}

}  // namespace

void draw_ledger_panel(Stage& stage, const LedgerRows& rows, Rect area) {
  fill(*stage.list, area, ink::kSurface, rounding());
  const ListFrame frame = list_frame(area);
  draw_list_titles(*stage.list, frame, kLedgerColumns);
  RecordLedgerView view;
  {
    const ScopedArea scope{"ledger rows", frame.rows, ScopedArea::Look::Bare,
                           ScopedArea::Scrolls::Yes};
    Stage inner{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
    view = rows(rows_in_sight());
    for (std::size_t i = 0; i < view.rows.size(); ++i) {
      draw_row(inner, view.rows[i], row_place(view.first + static_cast<std::int64_t>(i)));
    }
    end_rows(view.total);
    take_over(stage, inner);
  }
  draw_counts(stage, view, draw_list_head(*stage.list, frame.head, tr("Records")));
}

}  // namespace linger::viz
