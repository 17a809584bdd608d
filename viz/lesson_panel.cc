#include "viz/lesson_panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "viz/keys.h"
#include "viz/language.h"
#include "viz/parts_panel.h"

namespace linger::viz {
namespace {

constexpr TextLook kWeak{.style = TextStyle::Small, .colour = ink::kTextWeak};
constexpr std::size_t kMostLinesOfChoice = 4;

// A row with a key at its left, as high as its text needs.
struct KeyedRow {
  Rect area;
  Rect text;
  std::vector<std::string> lines;
};
KeyedRow take_row(Flow& flow, const std::string& text, float right) {
  KeyedRow row;
  const float width = flow.width() - units(44) - right;
  row.lines = wrapped(text, width, TextStyle::Body, kMostLinesOfChoice);
  row.area = flow.take(line_height(TextStyle::Body) * count_of(row.lines.size()) + units(10));
  flow.space(4);
  row.text = row.area;
  cut_left(row.text, units(38));
  cut_right(row.text, right);
  return row;
}
void draw_row(Flow& flow, const KeyedRow& row, int number, const TextLook& look) {
  draw_key(flow.list(), {row.area.left + units(6), row.area.centre().y}, std::to_string(number));
  const float height = line_height(TextStyle::Body) * count_of(row.lines.size());
  draw_lines(flow.list(), centred(row.text, height), row.lines, look);
}

ImU32 colour_of(Meaning meaning) {
  return look(meaning).colour;
}

// More or fewer hands, and how many there are.
void draw_hands(Stage& stage, const ChoiceView& choice, bool is_open, Rect area) {
  ImDrawList& list = *stage.list;
  const auto index = static_cast<std::size_t>(choice.number - 1);
  if (is_open) {
    const auto button = [&](Rect place, const char* sign, const std::string& what, Hand hand) {
      const Rect box = centred(place, units(24)).inset(units(1));
      fill(list, box, is_over(box) ? rgb(0x35485F) : ink::kRaised, units(4));
      outline(list, box, ink::kBorder, units(4), units(1));
      draw_text(list, box, sign, {.style = TextStyle::Strong, .align = Align::Centre});
      offer(stage, box, what, CountHand{index, hand});
    };
    button(cut_right(area, units(24)), "+", tr("One hand more."), Hand::Raised);
    button(cut_right(area, units(24)), "–", tr("One hand less."), Hand::TakenBack);
  }
  draw_text(list, area, std::to_string(choice.hands),
            {.style = TextStyle::Strong, .align = Align::Centre});
}

void draw_choice(Stage& stage, Flow& flow, const QuestionView& question, const ChoiceView& choice) {
  const bool is_open = question.phase == QuestionPhase::Open;
  const bool is_known = question.phase == QuestionPhase::Known;
  const float for_hands = question.counts_hands ? units(is_open ? 84 : 40) : 0;
  const float for_mark = is_known ? units(24) : 0;
  const KeyedRow row = take_row(flow, choice.text, for_hands + for_mark);
  ImDrawList& list = flow.list();
  fill(list, row.area, is_open && is_over(row.area) ? rgb(0x35485F) : ink::kRaised, rounding());
  if (choice.share > 0) {
    Rect bar = row.area;
    fill(list, cut_left(bar, bar.width() * choice.share),
         with_alpha(colour_of(Meaning::Record), 0.25F), rounding());
  }
  const bool is_wrong = is_known && choice.is_chosen && !choice.is_right;
  const ImU32 edge = choice.is_right    ? colour_of(Meaning::True)
                     : is_wrong         ? colour_of(Meaning::Failed)
                     : choice.is_chosen ? ink::kFocus
                                        : with_alpha(ink::kBorder, 0.8F);
  outline(list, row.area, edge, rounding(), units(choice.is_chosen || choice.is_right ? 2 : 1));
  if (is_open && !question.counts_hands) {
    offer(stage, row.area, "", AnswerQuestion{static_cast<std::size_t>(choice.number - 1)});
  }
  draw_row(flow, row, choice.number, {});
  Rect right = row.area;
  if (is_known && (choice.is_right || is_wrong)) {
    const Rect mark = cut_right(right, for_mark);
    const Meaning meaning = choice.is_right ? Meaning::Acknowledged : Meaning::Failed;
    draw_icon(list, look(meaning).icon, {.centre = mark.centre(), .size = units(15)}, edge);
  } else {
    cut_right(right, for_mark);
  }
  if (question.counts_hands) draw_hands(stage, choice, is_open, cut_right(right, for_hands));
}

// What was right, and what could be otherwise, comes into sight when it is told, however long the
// question is; and the next question from its beginning.
class Sight {
 public:
  explicit Sight(const LessonView& view) : told_{told_by(view)} {}
  void from_here() { top_ = ImGui::GetCursorPosY(); }
  void until_here() {
    ImGuiStorage& kept = *ImGui::GetStateStorage();
    const ImGuiID id = ImGui::GetID("what was told");
    if (kept.GetInt(id, 0) == told_) return;
    kept.SetInt(id, told_);
    const float lowest = ImGui::GetCursorPosY() + units(8) - ImGui::GetWindowHeight();
    ImGui::SetScrollY(top_ ? std::max(std::min(lowest, *top_ - units(4)), 0.0F) : 0.0F);
  }

 private:
  static int told_by(const LessonView& view) {
    std::string all = view.what_if ? view.what_if->text + view.what_if->because : "";
    if (view.question) all += view.question->text + view.question->because;
    const bool is_asked = view.question && view.question->phase == QuestionPhase::Open;
    for (const WhatIfView& what_if : view.what_ifs) {
      if (what_if.is_offered && !is_asked) all += what_if.text;
    }
    return static_cast<int>(std::hash<std::string>{}(all));
  }
  int told_;
  std::optional<float> top_;
};

void draw_question(Stage& stage, Flow& flow, const QuestionView& question, Sight& sight) {
  const std::string title =
      question.counts_hands
          ? tr("question {} of {}, {} hands", question.number, question.count, question.hands)
          : tr("question {} of {}", question.number, question.count);
  flow.title(title);
  flow.space(2);
  flow.text(question.text, {.style = TextStyle::Strong});
  flow.space(5);
  for (const ChoiceView& choice : question.choices) draw_choice(stage, flow, question, choice);
  if (!question.because.empty()) sight.from_here();
  if (!question.in_short.empty()) flow.text(question.in_short, {.style = TextStyle::Strong});
  if (!question.because.empty()) flow.text(question.because, {});
  flow.space(4);
}

// In short: what was asked, what was said, and what the run has, if that is known.
void draw_before(Flow& flow, const LessonView& view) {
  if (view.before.empty()) return;
  flow.title(tr("asked before"));
  flow.space(2);
  for (const QuestionView& question : view.before) {
    flow.text(question.text, {.style = TextStyle::Small});
    for (const ChoiceView& choice : question.choices) {
      if (choice.is_chosen && question.verdict.empty()) {
        flow.text(tr("you said: {}", choice.text), kWeak, units(10));
      }
    }
    if (!question.verdict.empty()) {
      flow.text(question.verdict, {.style = TextStyle::Strong}, units(10));
      flow.text(question.because, {.style = TextStyle::Small}, units(10));
    }
    flow.space(5);
  }
}

void draw_what_if(Flow& flow, const WhatIfOutcome& what_if) {
  flow.title(tr("in the picture"));
  flow.space(2);
  flow.text(what_if.text, {.style = TextStyle::Strong});
  if (!what_if.because.empty()) flow.text(what_if.because, {});
  flow.space(4);
}

void draw_what_ifs(Stage& stage, Flow& flow, const LessonView& view) {
  if (view.what_ifs.empty()) return;
  flow.title(tr("what if"));
  flow.space(2);
  std::size_t later = 0;
  for (const WhatIfView& what_if : view.what_ifs) {
    if (!what_if.is_offered) {
      ++later;
      continue;
    }
    const KeyedRow row = take_row(flow, what_if.text, units(8));
    fill(flow.list(), row.area, is_over(row.area) ? rgb(0x35485F) : ink::kRaised, rounding());
    outline(flow.list(), row.area, what_if.is_shown ? ink::kFocus : with_alpha(ink::kBorder, 0.8F),
            rounding(), units(what_if.is_open ? 2 : 1));
    offer(stage, row.area, tr("Runs it so, beside the run as written."), OpenWhatIf{what_if.index});
    draw_row(flow, row, what_if.number, {});
  }
  if (later == view.what_ifs.size()) {
    flow.text(tr("offered when the run has come to it"), kWeak);
  } else if (later > 0) {
    flow.text(later == 1 ? tr("{} more when the run has come to it", later)
                         : tr("{} more when the run has come to them", later),
              kWeak);
  }
}

void draw_notes(Stage& stage, Flow& flow, const LessonView& view) {
  if (view.notes.empty()) return;
  flow.title(tr("so far"));
  flow.space(2);
  for (const LessonNote& note : view.notes) {
    const Rect time = flow.take(line_height(TextStyle::Small));
    draw_text(flow.list(), time, note.at, kWeak);
    const Rect text = flow.text(note.text, {.style = TextStyle::Small}, units(10));
    fill(flow.list(), {time.left, text.top, time.left + units(3), text.bottom},
         note.is_new ? colour_of(Meaning::Record) : ink::kBorder, units(1));
    offer(stage, {time.left, time.top, time.right, text.bottom}, tr("Click to go there."),
          SeekTime{note.when});
    flow.space(5);
  }
}

void draw_state(Stage& stage, Flow& flow, const LessonView& view) {
  std::string text = view.score;
  const auto add = [&text](const std::string& what) {
    text = text.empty() ? what : tr("{}; {}", text, what);
  };
  if (view.is_teaching) add(tr("for a class ({})", key_text(ToggleTeaching{})));
  if (!view.asks) add(tr("asks nothing ({})", key_text(ToggleQuestions{})));
  if (text.empty()) return;
  const Rect place = flow.text(text, kWeak);
  if (view.is_teaching) offer(stage, place, tr("Click to be asked alone."), ToggleTeaching{});
}

}  // namespace

std::optional<ViewerCommand> draw_lesson_panel(const LessonView& view) {
  Flow flow;
  Sight sight{view};
  Stage stage{.list = &flow.list(), .command = {}, .tooltip = {}};
  draw_state(stage, flow, view);
  if (view.what_if) draw_what_if(flow, *view.what_if);
  if (view.question) draw_question(stage, flow, *view.question, sight);
  const bool is_asked = view.question && view.question->phase == QuestionPhase::Open;
  if (!is_asked) draw_what_ifs(stage, flow, view);
  sight.until_here();
  draw_before(flow, view);
  draw_notes(stage, flow, view);
  const bool has_more = view.question || view.what_if || !view.notes.empty();
  if (!has_more && !view.is_told_in_picture) {
    flow.text(view.text.empty() ? std::string{tr("This scenario tells nothing.")} : view.text, {});
  }
  show_tooltip(stage);
  return stage.command;
}

namespace {

constexpr std::size_t kMostLinesOfHint = 3;
constexpr float kAroundHint = 8;

std::vector<std::string> lines_of_hint(const LessonView& view, float width) {
  return wrapped(view.hint, width - units(kAroundHint) * 2, TextStyle::Small, kMostLinesOfHint);
}

std::string what_a_click_does(const ViewerCommand& command) {
  if (std::holds_alternative<SkipQuestion>(command)) return tr("Click to skip the question.");
  if (std::holds_alternative<TakeBack>(command))
    return tr("Click to go back to the run as written.");
  return tr("Click to go on.");
}

}  // namespace

float height_of_lesson_hint(const LessonView& view, float width) {
  if (view.hint.empty()) return 0;
  const float lines = count_of(lines_of_hint(view, width).size());
  return line_height(TextStyle::Small) * lines + units(kAroundHint);
}

std::optional<ViewerCommand> draw_lesson_hint(const LessonView& view, Rect area) {
  if (view.hint.empty()) return std::nullopt;
  Stage stage{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
  fill(*stage.list, area, is_over(area) ? rgb(0x35485F) : ink::kRaised, rounding());
  Rect room = area.inset(units(kAroundHint / 2));
  cut_left(room, units(kAroundHint / 2));
  draw_lines(*stage.list, room, lines_of_hint(view, area.width()), {.style = TextStyle::Small});
  if (view.click) offer(stage, area, what_a_click_does(*view.click), *view.click);
  show_tooltip(stage);
  return stage.command;
}

}  // namespace linger::viz
