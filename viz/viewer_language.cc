#include "viz/viewer_language.h"

#include <variant>
#include <vector>

#include "sim/lesson_run.h"
#include "sim/text_file.h"
#include "sim/trace_text.h"
#include "viz/characters.h"
#include "viz/glossary.h"
#include "viz/language.h"
#include "viz/mistake.h"
#include "viz/said.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

void note_characters_of(const sim::LessonTexts& texts) {
  note_characters(texts.title);
  note_characters(texts.text);
  for (const std::string& said : texts.narration) note_characters(said);
  for (const sim::QuestionTexts& question : texts.questions) {
    note_characters(question.text);
    note_characters(question.because);
    for (const std::string& choice : question.choices) note_characters(choice);
  }
  for (const sim::WhatIfTexts& what_if : texts.what_ifs) {
    note_characters(what_if.text);
    note_characters(what_if.because);
  }
}

void learn_this_lesson(ViewerState& state) {
  const std::string& file = state.branches[0].timeline.scenario().file;
  if (state.chinese_texts || file.empty() || !sim::has_chinese_texts(file)) return;
  auto texts = sim::chinese_texts(file);
  if (const auto* errors = std::get_if<std::vector<sim::ParseError>>(&texts)) {
    say(state, mistake_text(errors->front()));
    return;
  }
  state.chinese_texts = std::get<sim::LessonTexts>(std::move(texts));
  note_characters_of(*state.chinese_texts);
}

}  // namespace

const sim::LessonTexts& lesson_texts(const ViewerState& state) {
  const bool is_chinese = language() == Language::Chinese && state.chinese_texts;
  return is_chinese ? *state.chinese_texts : state.english_texts;
}

std::string choice_text(const ViewerState& state, std::size_t question, std::size_t choice) {
  const std::string& text = lesson_texts(state).questions[question].choices[choice];
  const std::string& value = state.lesson.outcome.questions[question].choices[choice].value;
  return sim::filled_in(text, text.empty() ? std::string{tr(value)} : value);
}

std::string branch_name(const ViewerState& state, std::size_t branch) {
  const Branch& named = state.branches[branch];
  if (branch == 0) return tr("as written");
  if (named.what_if) return lesson_texts(state).what_ifs[*named.what_if].text;
  if (named.done_at) {
    return tr("{} at {}", tr_said(named.name), sim::instant_text(*named.done_at));
  }
  const bool has_chinese = !named.chinese_name.empty();
  return has_chinese && language() == Language::Chinese ? named.chinese_name : named.name;
}

void learn_lesson_texts(ViewerState& state) {
  if (language() == Language::English) return;
  learn_this_lesson(state);
  for (LessonFile& lesson : state.lessons) {
    if (!lesson.chinese_title.empty()) continue;
    const auto heading = sim::chinese_heading(lesson.file);
    if (!heading) continue;
    lesson.chinese_title = heading->title;
    lesson.chinese_text = heading->text;
    // Those of its other texts, too, so that no font is made again when it is opened.
    note_characters(heading->whole);
  }
}

void note_characters_of_glossary(const ViewerState& state) {
  if (!state.can_speak_chinese) return;
  for (const GlossaryTerm& term : glossary()) {
    note_characters(term.chinese);
    if (language() == Language::Chinese) note_characters(term.in_chinese);
  }
}

void change_language(ViewerState& state) {
  const bool is_english = language() == Language::English;
  if (is_english && !state.can_speak_chinese) {
    say(state, tr("no Chinese font was found: install WenQuanYi Micro Hei or Noto Sans CJK"));
    return;
  }
  set_language(is_english ? Language::Chinese : Language::English);
  state.chosen_language = language();
  state.why.reset();  // it is told anew
  say(state, tr("the viewer speaks English"));
  learn_lesson_texts(state);
}

}  // namespace linger::viz
