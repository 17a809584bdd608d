#include "viz/viewer_editor.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "sim/lesson_texts.h"
#include "sim/scenario_folder.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"
#include "sim/text_file.h"
#include "viz/language.h"
#include "viz/mistake.h"
#include "viz/panel_stack.h"
#include "viz/progress.h"
#include "viz/run_files.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

using Mistakes = std::vector<sim::ParseError>;

constexpr std::size_t kMostUndone = 100;

std::variant<std::shared_ptr<const sim::Scenario>, Mistakes> read_lesson(const std::string& text,
                                                                         const std::string& file) {
  sim::ParsedScenario parsed = sim::parse_scenario(text, file);
  if (auto* mistakes = std::get_if<Mistakes>(&parsed)) return std::move(*mistakes);
  return std::make_shared<const sim::Scenario>(std::get<sim::Scenario>(std::move(parsed)));
}

// The place of a mistake in the text.
std::size_t offset_of(const std::string& text, const sim::ParseError& mistake) {
  std::size_t at = 0;
  for (std::int32_t line = 1; line < mistake.line && at < text.size(); ++line) {
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  }
  const std::size_t end = std::min(text.find('\n', at), text.size());
  const auto column = static_cast<std::size_t>(std::max(mistake.column, 1) - 1);
  return std::min(at + column, end);
}

void set_text(LessonEditor& editor, std::string text, std::size_t caret) {
  editor.text = std::move(text);
  editor.caret = std::min(caret, editor.text.size());
  ++editor.revision;
}

// Another run of the same file, where this one is shown. No question that was passed stops it.
void show_run_of(ViewerState& state, std::shared_ptr<const sim::Scenario> scenario,
                 std::string text) {
  const core::Instant at = state.shown_at;
  const bool has_begun = state.timeline().cursor() > 0;
  const auto editor = std::move(state.editor);
  replace_run(state, ViewerState{std::move(scenario)});
  state.source = std::move(text);
  state.editor = editor;
  const bool asks = std::exchange(state.lesson.asks, false);
  if (has_begun) move_to(state, at);
  state.lesson.asks = asks;
  arrive(state);
}

void tell_mistakes(LessonEditor& editor, Mistakes mistakes) {
  editor.errors = std::move(mistakes);
  editor.next_error = 0;
  editor.caret = offset_of(editor.text, editor.errors.front());
  ++editor.revision;
}

}  // namespace

bool is_ones_own(const std::string& file) {
  if (file.empty()) return false;
  const auto folder = std::filesystem::path{file}.parent_path();
  return std::ranges::none_of(folder, [](const auto& part) { return part == "scenarios"; });
}

std::string path_of_copy(const ViewerState& state) {
  const std::string progress = progress_file();
  sim::Scenario named;
  named.file = state.scenario().file;
  if (!progress.empty()) {
    const auto folder = std::filesystem::path{progress}.parent_path() / "lessons";
    const auto name = std::filesystem::path{named.file.empty() ? "lesson.toml" : named.file};
    named.file = (folder / name.filename()).string();
  }
  return free_path(named, ".toml");
}

void edit_lesson(ViewerState& state) {
  if (state.editor && state.editor->is_open) return;
  if (!is_ones_own(state.scenario().file) || state.source.empty()) {
    state.prompt = Prompt{PromptKind::CopyTo, line_of(path_of_copy(state)), 0};
    return;
  }
  if (!state.editor) {
    state.editor.emplace();
    state.editor->applied = state.source;
    set_text(*state.editor, state.source, 0);
  }
  state.is_playing = false;
  state.editor->is_open = true;
}

void copy_lesson(ViewerState& state, const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    say(state, tr("{} is there already: choose another name", path));
    return;
  }
  std::filesystem::create_directories(std::filesystem::path{path}.parent_path(), error);
  const std::string text = state.source.empty()
                               ? sim::scenario_text(state.branches[0].timeline.scenario())
                               : state.source;
  if (!write_whole(path, text)) {
    say(state, tr("cannot write {}", path));
    return;
  }
  const std::string original = state.scenario().file;
  if (!original.empty() && sim::has_chinese_texts(original)) {
    std::filesystem::copy_file(sim::chinese_texts_of(original), sim::chinese_texts_of(path), error);
  }
  auto read = read_lesson(text, path);
  if (const auto* mistakes = std::get_if<Mistakes>(&read)) {
    say(state, mistake_text(*mistakes));
    return;
  }
  state.editor.reset();
  show_run_of(state, std::get<std::shared_ptr<const sim::Scenario>>(read), text);
  state.editor.emplace();
  state.editor->applied = text;
  set_text(*state.editor, text, 0);
  state.editor->is_open = true;
  say(state, tr("this is your own now: {}", path));
}

void type_in_editor(ViewerState& state, std::string text, std::size_t caret) {
  if (!state.editor) return;
  state.editor->caret = std::min(caret, text.size());
  state.editor->text = std::move(text);
  if (!state.editor->is_changed()) state.editor->errors.clear();  // what was wrong is gone
}

void apply_edit(ViewerState& state) {
  if (!state.editor) return;
  LessonEditor& editor = *state.editor;
  const std::string file = state.branches[0].timeline.scenario().file;
  auto read = read_lesson(editor.text, file);
  if (auto* mistakes = std::get_if<Mistakes>(&read)) {
    tell_mistakes(editor, std::move(*mistakes));
    return;
  }
  if (!write_whole(file, editor.text)) {
    say(state, tr("cannot write {}", file));
    return;
  }
  editor.errors.clear();
  if (editor.is_changed()) {
    editor.before.push_back(editor.applied);
    if (editor.before.size() > kMostUndone) editor.before.erase(editor.before.begin());
  }
  editor.applied = editor.text;
  ++editor.revision;
  show_run_of(state, std::get<std::shared_ptr<const sim::Scenario>>(read), editor.text);
  say(state, tr("saved, and run again"));
}

void undo_edit(ViewerState& state) {
  if (!state.editor) return;
  LessonEditor& editor = *state.editor;
  editor.errors.clear();
  // What was typed since goes first, then one application after the other.
  if (editor.is_changed()) {
    set_text(editor, editor.applied, editor.caret);
    return;
  }
  if (editor.before.empty()) {
    say(state, tr("nothing was changed before that"));
    return;
  }
  std::string text = std::move(editor.before.back());
  editor.before.pop_back();
  set_text(editor, std::move(text), editor.caret);
}

void close_editor(ViewerState& state) {
  if (!state.editor) return;
  state.editor->is_open = false;
  if (state.editor->is_changed()) {
    say(state, tr("what was typed is kept, and not applied yet"));
  }
}

void go_to_mistake(ViewerState& state, std::optional<std::size_t> index) {
  if (!state.editor || state.editor->errors.empty()) return;
  LessonEditor& editor = *state.editor;
  const std::size_t error = index.value_or(editor.next_error % editor.errors.size());
  if (error >= editor.errors.size()) return;
  editor.caret = offset_of(editor.text, editor.errors[error]);
  ++editor.revision;
  editor.next_error = error + 1;
}

void reload_lesson(ViewerState& state) {
  const std::string file = state.branches[0].timeline.scenario().file;
  const auto text = sim::read_text_file(file);
  if (!text || *text == state.source) return;
  const bool is_being_edited = state.editor && state.editor->is_changed();
  if (is_being_edited) {
    say(state, tr("{} was changed elsewhere: what is typed here stays, and replaces it if you "
                  "apply it",
                  file));
    return;
  }
  auto read = read_lesson(*text, file);
  if (const auto* mistakes = std::get_if<Mistakes>(&read)) {
    say(state, mistake_text(*mistakes));
    return;
  }
  if (state.editor) {
    state.editor->before.push_back(state.editor->applied);
    state.editor->applied = *text;
    state.editor->errors.clear();
    set_text(*state.editor, *text, state.editor->caret);
  }
  show_run_of(state, std::get<std::shared_ptr<const sim::Scenario>>(read), *text);
  say(state, tr("read again: {}", file));
}

void replace_run(ViewerState& state, ViewerState fresh) {
  fresh.speed = state.speed;
  fresh.pauses_at_narration = state.pauses_at_narration;
  const bool has_lesson = fresh.is_shown(Panel::Lesson);
  fresh.panels = state.panels;
  fresh.panels.reset(static_cast<std::size_t>(Panel::Comparison));
  fresh.panels.set(static_cast<std::size_t>(Panel::Lesson), has_lesson);
  if (has_lesson) bring_to_front(fresh, Panel::Lesson);
  fresh.streams = state.streams;
  fresh.zoom = state.zoom;
  fresh.pages_scrolled = state.pages_scrolled;
  fresh.presents = state.presents;
  fresh.reduces_motion = state.reduces_motion;
  fresh.stops_at_broken_law = state.stops_at_broken_law;
  fresh.guide = state.guide;
  fresh.chosen_language = state.chosen_language;
  fresh.can_speak_chinese = state.can_speak_chinese;
  fresh.lessons = state.lessons;
  fresh.progress = state.progress;
  fresh.lesson.asks = state.lesson.asks;
  fresh.lesson.is_teaching = state.lesson.is_teaching;
  fresh.fault_page = state.fault_page;
  fresh.explored.within = state.explored.within;
  if (fresh.scenario().file == state.scenario().file) fresh.explored = state.explored;
  state = std::move(fresh);
}

}  // namespace linger::viz
