#include "viz/events_panel.h"

#include <array>
#include <string>
#include <variant>

#include "viz/keys.h"
#include "viz/language.h"
#include "viz/list_panel.h"

namespace linger::viz {
namespace {

using core::Stream;

constexpr std::array kEventColumns{Column{"time", 96, 0}, Column{"who", 108, 1},
                                   Column{"producer", 96, 3}, Column{"about", 90, 2},
                                   Column{"what happened", 0, 0}};

struct StreamLook {
  std::string_view word;
  Meaning meaning;
};
StreamLook look_of(Stream stream) {
  switch (stream) {
    case Stream::Application:
      return {tr("application"), Meaning::Record};
    case Stream::Producer:
      return {tr("producer"), Meaning::BatchFilling};
    case Stream::Network:
      return {tr("network"), Meaning::Wire};
    case Stream::Brokers:
      return {tr("brokers"), Meaning::Broker};
    case Stream::Decisions:
      return {tr("decisions"), Meaning::True};
  }
  return {"", Meaning::Record};
}

void draw_row(Stage& stage, const EventRow& row, Rect area) {
  ImDrawList& list = *stage.list;
  draw_row_ground(list, area, row.is_at_cursor, row.is_selected);
  std::vector<Rect> cells = column_places(area, kEventColumns);
  const Look& l = look(look_of(row.stream).meaning);
  if (std::holds_alternative<std::monostate>(row.about)) {
    explain(stage, area, row.text);
  } else {
    offer(stage, area, tr("{}\nClick to select what it is about.", row.text), Select{row.about});
  }
  offer(stage, cells[0], tr("Click to go there."), SeekStep{row.step + 1});
  cut_left(cells[0], units(4));
  draw_cell(list, cells[0], row.time, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  draw_cell_icon(list, cells[1], l.icon, l.colour);
  draw_cell(list, cells[1], row.stream_word, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  draw_cell(list, cells[2], row.producer, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  draw_cell(list, cells[3], row.subject);
  draw_cell(list, cells[4], row.text);
}

// A switch for each stream.
void draw_streams(Stage& stage, const EventListView& view, Rect head) {
  for (const Stream stream : {Stream::Decisions, Stream::Brokers, Stream::Network, Stream::Producer,
                              Stream::Application}) {
    const StreamLook how = look_of(stream);
    const Size size = chip_size(how.word);
    if (size.width > head.width()) return;
    const bool is_on = view.streams[static_cast<std::size_t>(stream)];
    const Rect chip =
        draw_chip_at_right(*stage.list, {head.right, head.centre().y - size.height / 2},
                           is_on ? how.meaning : Meaning::Muted, how.word);
    if (!is_on) fill(*stage.list, chip, with_alpha(ink::kSurface, 0.6F), size.height / 2);
    offer(stage, chip,
          tr("{} ({})", is_on ? tr("Listed. Click to leave out.") : tr("Left out. Click to list."),
             key_text(ToggleStream{stream})),
          ToggleStream{stream});
    cut_right(head, size.width + units(5));
  }
}

}  // namespace

void draw_events_panel(Stage& stage, const EventRows& rows, Rect area) {
  fill(*stage.list, area, ink::kSurface, rounding());
  const ListFrame frame = list_frame(area);
  draw_list_titles(*stage.list, frame, kEventColumns);
  EventListView view;
  {
    const ScopedArea scope{"event rows", frame.rows, ScopedArea::Look::Bare,
                           ScopedArea::Scrolls::Yes};
    Stage inner{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
    view = rows(rows_in_sight());
    for (std::size_t i = 0; i < view.rows.size(); ++i) {
      draw_row(inner, view.rows[i], row_place(view.first + static_cast<std::int64_t>(i)));
    }
    end_rows(view.total);
    take_over(stage, inner);
  }
  draw_streams(stage, view, draw_list_head(*stage.list, frame.head, tr("Events")));
}

}  // namespace linger::viz
