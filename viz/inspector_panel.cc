#include "viz/inspector_panel.h"

#include <algorithm>
#include <string>

#include "viz/batch_panel.h"
#include "viz/language.h"
#include "viz/parts_panel.h"

namespace linger::viz {
namespace {

constexpr float kTimeColumn = 100;
constexpr float kRecordColumn = 46;

ImU32 colour_of(const PhaseSpan& span, const BatchInspectorView& view) {
  const bool is_done = span.phase == sim::BatchPhase::Done;
  return look(is_done ? meaning_of(view.look) : phase_meaning(span.phase)).colour;
}

void draw_state(Flow& flow, const BatchInspectorView& view) {
  flow.text(view.title, {.style = TextStyle::Heading});
  flow.text(view.subtitle, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  flow.space(4);
  const Rect line = flow.take(chip_size(view.state).height);
  draw_chip(flow.list(), {line.left, line.top}, meaning_of(view.look), view.state);
  if (!view.error.empty()) {
    flow.space(3);
    flow.text(view.error, {.style = TextStyle::Small, .colour = look(Meaning::Failed).colour});
  }
}

// The stretches of its life side by side, to scale.
void draw_phases(Stage& stage, Flow& flow, const BatchInspectorView& view) {
  if (view.phases.empty()) return;
  flow.space(6);
  const Rect bar = flow.take(units(26));
  for (const PhaseSpan& span : view.phases) {
    Rect area = bar;
    area.left = bar.left + bar.width() * span.begin;
    area.right = std::max(bar.left + bar.width() * span.end, area.left + units(2));
    const ImU32 colour = colour_of(span, view);
    fill(flow.list(), area, with_alpha(colour, 0.45F));
    outline(flow.list(), area, colour, 0, units(1.5F));
    const std::string_view name = tr(sim::word(span.phase));
    if (text_width(name, TextStyle::Small) + units(6) <= area.width()) {
      draw_text(flow.list(), area, name, {.style = TextStyle::Small, .align = Align::Centre});
    }
    explain(stage, area, span.text);
  }
}

void draw_life_row(Stage& stage, Flow& flow, const LifeRow& row) {
  const float indent = units(kTimeColumn);
  const float width = flow.width() - indent;
  const auto what = wrapped(row.what, width, TextStyle::Small, 4);
  const auto why = wrapped(row.why, width, TextStyle::Small, 3);
  const float height =
      line_height(TextStyle::Small) * count_of(what.size() + why.size()) + units(5);
  Rect area = flow.take(height);
  ImDrawList& list = flow.list();
  if (row.is_at_cursor) fill(list, area, with_alpha(ink::kTextStrong, 0.14F), units(3));
  if (is_over(area)) outline(list, area, ink::kBorder, units(3), units(1));
  offer(stage, area,
        row.time + "\n" + row.what + (row.why.empty() ? "" : "\n" + row.why) + "\n" +
            std::string{tr("Click to go there.")},
        SeekStep{row.step + 1});
  cut_top(area, units(2));
  const Rect time = cut_left(area, indent);
  draw_text(list,
            {time.left + units(3), time.top, time.right, time.top + line_height(TextStyle::Small)},
            row.time, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  const float used = draw_lines(
      list, area, what,
      {.style = TextStyle::Small, .colour = row.is_decision ? ink::kTextWeak : ink::kTextStrong});
  cut_top(area, used);
  draw_lines(list, area, why, {.style = TextStyle::Small, .colour = ink::kTextWeak});
}

void draw_record(Stage& stage, Flow& flow, const InspectedRecord& record) {
  Rect area = flow.take(line_height(TextStyle::Small) + units(2));
  ImDrawList& list = flow.list();
  if (record.is_selected) outline(list, area, ink::kFocus, units(3), units(1.5F));
  offer(
      stage, area,
      tr("record {} of thread {}, {}\n{}{}", record.label, record.thread, record.size,
         record.status, record.error.empty() ? "" : ": " + record.error) +
          (record.timestamp < 0 ? "" : tr("\nRecordMetadata.timestamp() is {}", record.timestamp)),
      Select{record.record});
  cut_left(area, units(4));
  draw_text(list, cut_left(area, units(kRecordColumn)), record.label, {.style = TextStyle::Small});
  const std::string fate = record.offset >= 0     ? tr("offset {}", record.offset)
                           : record.error.empty() ? record.status
                                                  : record.error;
  draw_text(list, area, fate,
            {.style = TextStyle::Small,
             .colour = record.error.empty() ? ink::kTextWeak : look(Meaning::Failed).colour});
}

void draw_header(Stage& stage, Flow& flow, const BatchInspectorView& view) {
  flow.title(tr("its bytes: {}", view.header_from));
  for (const HeaderField& field : view.header) {
    const Rect area = flow.take(line_height(TextStyle::Small));
    draw_text(flow.list(), area, tr(field.name),
              {.style = TextStyle::Small, .colour = ink::kTextWeak});
    draw_text(flow.list(), area, field.value, {.style = TextStyle::Small, .align = Align::Right});
    explain(stage, area, tr("bytes {} to {}", field.offset, field.offset + field.size - 1));
  }
}

}  // namespace

std::optional<ViewerCommand> draw_inspector_panel(const std::optional<BatchInspectorView>& view) {
  Flow flow;
  if (!view) {
    flow.text(tr("Click a batch, or press Tab, to see its whole life."),
              {.colour = ink::kTextWeak});
    return std::nullopt;
  }
  Stage stage{.list = &flow.list(), .command = {}, .tooltip = {}};
  draw_state(flow, *view);
  draw_phases(stage, flow, *view);
  flow.title(tr("its life"));
  for (const LifeRow& row : view->life) draw_life_row(stage, flow, row);
  flow.title(tr("its records"));
  for (const InspectedRecord& record : view->records) draw_record(stage, flow, record);
  draw_header(stage, flow, *view);
  show_tooltip(stage);
  return stage.command;
}

}  // namespace linger::viz
