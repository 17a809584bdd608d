#include "viz/readiness_panel.h"

#include <algorithm>
#include <string>

#include "viz/language.h"
#include "viz/parts_panel.h"
#include "viz/said.h"

namespace linger::viz {
namespace {

constexpr float kTermRow = 22;

using core::ReadinessVerdict;

Meaning meaning_of(Truth truth) {
  switch (truth) {
    case Truth::True:
      return Meaning::True;
    case Truth::False:
      return Meaning::False;
    case Truth::NotEvaluated:
      return Meaning::NotEvaluated;
  }
  return Meaning::NotEvaluated;
}

Meaning meaning_of(const ReadinessView& view) {
  if (!view.was_looked_at) return Meaning::NotEvaluated;
  switch (view.verdict) {
    case ReadinessVerdict::EmptyDeque:
      return Meaning::NotEvaluated;
    case ReadinessVerdict::NoLeader:
      return Meaning::Failed;
    case ReadinessVerdict::NodeAlreadyReady:
    case ReadinessVerdict::Ready:
      return Meaning::BatchReady;
    case ReadinessVerdict::Muted:
      return Meaning::Muted;
    case ReadinessVerdict::BackingOff:
      return Meaning::Retrying;
    case ReadinessVerdict::Waiting:
      return Meaning::BatchFilling;
  }
  return Meaning::NotEvaluated;
}

void draw_partition(Flow& flow, const ReadinessView& view) {
  const Rect line = flow.take(line_height(TextStyle::Heading));
  draw_text(flow.list(), line, view.partition, {.style = TextStyle::Heading});
  if (view.decided_at.empty()) return;
  draw_text(flow.list(), line, tr("at {}", view.decided_at),
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
}

void draw_headline(Flow& flow, const ReadinessView& view) {
  const Look& l = look(meaning_of(view));
  const float for_badge = units(34);
  const auto lines =
      wrapped(tr_said(view.headline), flow.width() - for_badge - units(10), TextStyle::Strong, 3);
  const float text = line_height(TextStyle::Strong) * count_of(lines.size());
  Rect box = flow.take(std::max(text, units(26)) + units(12));
  ImDrawList& list = flow.list();
  fill(list, box, with_alpha(l.colour, 0.16F), rounding());
  outline(list, box, l.colour, rounding(), units(1.5F));
  const Rect badge = cut_left(box, for_badge);
  if (view.until) {
    draw_countdown(list, {.centre = badge.centre(), .size = units(24)},
                   {.remaining = view.until->fraction, .meaning = meaning_of(view)});
  } else {
    draw_icon(list, l.icon, {.centre = badge.centre(), .size = units(17)}, l.colour);
  }
  draw_lines(list, centred(box, text), lines, {.style = TextStyle::Strong});
}

std::string describe(const Term& term) {
  std::string text = tr_said(term.what);
  if (!term.time.empty()) text += "\n" + term.time;
  if (!term.setting.empty()) text += "\n" + term.setting;
  text += "\n" + term.source;
  if (!term.rule.empty()) text += ", " + term.rule;
  if (!term.flip.empty()) text += "\n" + tr_said(term.flip);
  if (!term.changed.empty()) {
    text += tr("\n{}\nClick to go there.", tr_said(term.changed));
  }
  return text;
}

// The name and the setting on a line, what there is to say about it below.
void draw_term(Stage& stage, Flow& flow, const Term& term, bool tells_what) {
  const bool is_asked = term.value != Truth::NotEvaluated;
  const Look& l = look(meaning_of(term.value));
  const ImU32 colour = is_asked ? ink::kTextStrong : ink::kTextWeak;
  const float indent = units(26);
  // Of a term that does not hold, the numbers are of interest, if it has any.
  const bool is_worth_telling = term.value == Truth::True || term.decides || !term.setting.empty();
  const bool has_what = tells_what && is_asked && is_worth_telling && !term.what.empty();
  const auto what = wrapped(has_what ? tr_said(term.what) : "", flow.width() - indent - units(4),
                            TextStyle::Small, 2);
  // What would make the difference is told without being asked.
  const auto flip = wrapped(term.is_the_one ? tr_said(term.flip) : "",
                            flow.width() - indent - units(4), TextStyle::Small, 2);
  const std::size_t lines = what.size() + flip.size();
  const float height = units(kTermRow) + line_height(TextStyle::Small) * count_of(lines) +
                       (lines > 0 ? units(3) : 0);
  Rect area = flow.take(height);
  ImDrawList& list = flow.list();
  if (term.decides) {
    fill(list, area, with_alpha(ink::kTextStrong, 0.1F), units(4));
    fill(list, {area.left, area.top, area.left + units(3), area.bottom}, ink::kTextStrong);
  }
  explain(stage, area, describe(term));
  if (term.changed_in) offer(stage, area, describe(term), SeekStep{*term.changed_in + 1});
  Rect line = cut_top(area, units(kTermRow));
  const Rect icon = cut_left(line, indent);
  draw_icon(list, l.icon, {.centre = icon.centre(), .size = units(14)}, l.colour);
  const std::string name = tr_said(term.name);
  draw_text(list, line, name,
            {.style = term.decides ? TextStyle::Strong : TextStyle::Body, .colour = colour});
  cut_left(line, text_width(name, TextStyle::Strong) + gap());
  cut_right(line, units(4));
  const std::string& value = term.time.empty() ? term.setting : term.time;
  if (is_asked && text_width(value, TextStyle::Small) <= line.width()) {
    draw_text(list, line, value,
              {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  }
  cut_left(area, indent);
  cut_top(area,
          draw_lines(list, area, what, {.style = TextStyle::Small, .colour = ink::kTextWeak}));
  draw_lines(list, area, flip,
             {.style = TextStyle::Small, .colour = look(Meaning::BatchReady).colour});
}

void draw_terms(Stage& stage, Flow& flow, const ReadinessView& view) {
  if (!view.was_looked_at) return;
  flow.title(tr("any of these ends the look"));
  for (const Term& term : view.guards) draw_term(stage, flow, term, term.value == Truth::True);
  flow.title(tr("any of these is enough"));
  for (const Term& term : view.terms) draw_term(stage, flow, term, true);
}

void draw_fact(Flow& flow, const std::string& name, const std::string& text,
               const std::string& at) {
  flow.title(name);
  const float width = text_width(at, TextStyle::Small);
  flow.text(tr_said(text), {.style = TextStyle::Small});
  if (width > 0) flow.text(tr("at {}", at), {.style = TextStyle::Small, .colour = ink::kTextWeak});
}

void draw_drain(Stage& stage, Flow& flow, const DrainView& drain) {
  draw_fact(flow, tr("the drain"), drain.headline, drain.at);
  if (drain.terms.empty()) return;
  flow.text(tr_said(drain.now), {.style = TextStyle::Small});
  for (const Term& term : drain.terms) draw_term(stage, flow, term, term.decides);
}

void draw_sleep(Stage& stage, Flow& flow, const SleepView& sleep) {
  flow.title(tr("how long the sender may sleep"));
  flow.text(tr_said(sleep.headline), {.style = TextStyle::Small});
  for (const Term& row : sleep.rows) draw_term(stage, flow, row, row.decides);
}

Meaning meaning_of(WhyTone tone) {
  switch (tone) {
    case WhyTone::Good:
      return Meaning::Acknowledged;
    case WhyTone::Bad:
      return Meaning::Failed;
    case WhyTone::Waits:
      return Meaning::Retrying;
    case WhyTone::Plain:
      return Meaning::Record;
  }
  return Meaning::Record;
}

// A question, its answer in a box, and what the answer was made of.
void draw_section(Stage& stage, Flow& flow, const WhySection& section) {
  flow.title(tr_said(section.question));
  const Look& l = look(meaning_of(section.tone));
  const float for_badge = units(30);
  const auto lines =
      wrapped(tr_said(section.answer), flow.width() - for_badge - units(8), TextStyle::Body, 5);
  const float text = line_height(TextStyle::Body) * count_of(lines.size());
  const float for_time = section.at.empty() ? 0 : line_height(TextStyle::Small);
  Rect box = flow.take(std::max(text + for_time, units(22)) + units(10));
  ImDrawList& list = flow.list();
  fill(list, box, with_alpha(l.colour, 0.14F), rounding());
  outline(list, box, with_alpha(l.colour, is_over(box) ? 1.0F : 0.6F), rounding(), units(1));
  if (section.step) offer(stage, box, tr("Click to go there."), SeekStep{*section.step + 1});
  const Rect badge = cut_left(box, for_badge);
  if (section.until) {
    draw_countdown(list, {.centre = badge.centre(), .size = units(20)},
                   {.remaining = section.until->fraction, .meaning = meaning_of(section.tone)});
  } else {
    draw_icon(list, l.icon, {.centre = badge.centre(), .size = units(14)}, l.colour);
  }
  cut_top(box, units(4));
  cut_top(box, draw_lines(list, box, lines, {}));
  if (!section.at.empty()) {
    draw_text(list, cut_top(box, for_time), section.at,
              {.style = TextStyle::Small, .colour = ink::kTextWeak});
  }
  flow.space(2);
  for (const Term& term : section.terms) draw_term(stage, flow, term, true);
}

void draw_why(Stage& stage, Flow& flow, const WhyView& view) {
  if (view.title.empty()) return;
  flow.text(tr_said(view.title), {.style = TextStyle::Heading});
  for (const WhySection& section : view.sections) draw_section(stage, flow, section);
}

}  // namespace

std::optional<ViewerCommand> draw_readiness_panel(const DecisionViews& views) {
  Flow flow;
  Stage stage{.list = &flow.list(), .command = {}, .tooltip = {}};
  draw_why(stage, flow, views.why);
  if (!views.has_partition) {
    if (views.why.title.empty()) {
      flow.text(tr("No partition is known yet."), {.colour = ink::kTextWeak});
    }
    show_tooltip(stage);
    return stage.command;
  }
  if (!views.why.title.empty()) flow.space(8);
  draw_partition(flow, views.readiness);
  draw_headline(flow, views.readiness);
  draw_terms(stage, flow, views.readiness);
  draw_drain(stage, flow, views.drain);
  draw_sleep(stage, flow, views.sleep);
  for (const NodeView& node : views.nodes) {
    flow.title(tr("may data go to {}?", node.name));
    flow.text(tr_said(node.headline), {.style = TextStyle::Small});
    for (const Term& term : node.terms) draw_term(stage, flow, term, term.decides);
  }
  show_tooltip(stage);
  return stage.command;
}

}  // namespace linger::viz
