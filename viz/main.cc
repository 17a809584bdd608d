// linger-view: the viewer's window, or pictures of it.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/check.h"
#include "sim/explorable.h"
#include "sim/explorer.h"
#include "sim/scenario_folder.h"
#include "sim/scenario_parser.h"
#include "sim/text_file.h"
#include "viz/arguments.h"
#include "viz/file_watch.h"
#include "viz/kept_file.h"
#include "viz/keys.h"
#include "viz/language.h"
#include "viz/panel_stack.h"
#include "viz/pictures.h"
#include "viz/platform/fonts.h"
#include "viz/platform/window.h"
#include "viz/preferences.h"
#include "viz/progress.h"
#include "viz/viewer_language.h"
#include "viz/viewer_moves.h"
#include "viz/viewer_panel.h"
#include "viz/viewer_state.h"

namespace linger::viz {
namespace {

// At the scenario's file, whether another program has changed it.
constexpr double kSecondsBetweenLooks = 0.5;

using Errors = std::vector<sim::ParseError>;

// What the person asked for, with the overrides; or what is wrong with it.
std::variant<sim::Scenario, Errors> read_scenario(const Arguments& arguments) {
  sim::ParsedScenario parsed = sim::load_scenario(arguments.file);
  if (auto* scenario = std::get_if<sim::Scenario>(&parsed)) {
    auto changed = sim::with_overrides(std::move(*scenario), arguments.overrides);
    if (auto* errors = std::get_if<Errors>(&changed)) return std::move(*errors);
    auto& overridden = std::get<sim::Overridden>(changed);
    for (const std::string& warning : overridden.warnings) fmt::print(stderr, "{}\n", warning);
    return std::move(overridden.scenario);
  }
  return std::get<Errors>(std::move(parsed));
}

// The scenarios beside this one, in all topics if it stands in a topic's folder.
std::vector<std::string> lessons_beside(const std::filesystem::path& file) {
  std::filesystem::path folder = file.parent_path();
  if (folder.parent_path().filename() == "scenarios") folder = folder.parent_path();
  std::vector<std::string> lessons;
  std::error_code error;
  const auto here = folder.empty() ? std::filesystem::path{"."} : folder;
  for (const auto& lesson : sim::scenarios_below(here, error)) {
    lessons.push_back((folder / lesson.lexically_relative(here)).generic_string());
  }
  std::ranges::sort(lessons);
  return lessons;
}

// No question stops whoever says where to look; those on the way are open then.
void go_without_questions(ViewerState& state, const ViewerCommand& seek) {
  state.lesson.asks = false;
  handle(state, seek);
  state.lesson.asks = true;
  arrive(state);
}

// What the explorer may do, so that its moves are shown.
std::variant<sim::ExploreOptions, Errors> explored(const Arguments& arguments,
                                                   const sim::Scenario& scenario) {
  sim::ExploreOptions options;
  Errors errors;
  for (const std::string& text : arguments.may) {
    auto parsed = sim::parse_fault_that_may(text, fmt::format("--may '{}'", text), scenario);
    if (const auto* wrong = std::get_if<Errors>(&parsed)) {
      errors.insert(errors.end(), wrong->begin(), wrong->end());
    } else {
      options.faults.push_back(std::get<sim::Fault>(std::move(parsed)));
    }
  }
  options.most_faults = arguments.faults.value_or(options.faults.empty() ? 0 : 1);
  options.within = arguments.within;
  if (!errors.empty()) return errors;
  return options;
}

// As the system's messages are: the first of these that is set decides.
Language language_of_system() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view{value}.starts_with("zh") ? Language::Chinese : Language::English;
  }
  return Language::English;
}

// Without glyphs there is nothing to read: English, and a word on why.
void speak(Language wanted) {
  if (wanted == Language::Chinese && chinese_font().path.empty()) {
    fmt::print(stderr,
               "linger-view: no Chinese font was found, so the viewer speaks English; install "
               "WenQuanYi Micro Hei (fonts-wqy-microhei) or Noto Sans CJK\n");
    wanted = Language::English;
  }
  set_language(wanted);
}

// The viewer where the person wants to look.
std::variant<ViewerState, Errors> opened(const Arguments& arguments) {
  auto read = read_scenario(arguments);
  if (auto* errors = std::get_if<Errors>(&read)) return std::move(*errors);
  const auto scenario =
      std::make_shared<const sim::Scenario>(std::get<sim::Scenario>(std::move(read)));
  std::vector<ViewerCommand> commands;
  for (const std::string& what : arguments.select) {
    auto selection = parse_selection(what, *scenario);
    if (auto* error = std::get_if<sim::ParseError>(&selection)) return Errors{std::move(*error)};
    commands.emplace_back(Select{std::get<Selection>(selection)});
  }
  for (const Panel panel : arguments.toggled) commands.emplace_back(TogglePanel{panel});
  if (arguments.shows_help) commands.emplace_back(ToggleHelp{});
  auto options = explored(arguments, *scenario);
  if (auto* errors = std::get_if<Errors>(&options)) return std::move(*errors);
  ViewerState state{scenario};
  state.explored = std::get<sim::ExploreOptions>(std::move(options));
  state.can_speak_chinese = !chinese_font().path.empty();
  // With something overridden the run is not the file's any more.
  if (arguments.overrides == sim::ScenarioOverrides{}) {
    state.source = sim::read_text_file(arguments.file).value_or("");
  }
  state.lessons = lesson_path(lessons_beside(arguments.file));
  learn_lesson_texts(state);
  for (const ViewerCommand& command : commands) handle(state, command);
  if (arguments.at) go_without_questions(state, SeekTime{*arguments.at});
  if (arguments.step) go_without_questions(state, SeekStep{*arguments.step});
  for (const KeyChord& key : arguments.pressed) handle(state, *command_for(key));
  if (selected_batch(scene(state))) {
    for (const ViewerCommand& command : show_side_panel(state, Panel::Inspector)) {
      handle(state, command);
    }
  }
  return state;
}

int show_error(const PlatformError& error, int exit_code) {
  fmt::print(stderr, "linger-view: {}\n", error.message);
  return exit_code;
}

int write_pictures(ViewerState& state, const Arguments& arguments) {
  const auto written = write_frames(
      state, {.folder = *arguments.frames, .size = arguments.size, .every = arguments.every});
  if (const auto* error = std::get_if<PlatformError>(&written))
    return show_error(*error, kNoDisplay);
  const auto& frames = std::get<WrittenFrames>(written);
  fmt::print("{} pictures in {}{}\n", frames.count, *arguments.frames,
             frames.is_whole_run ? "" : ": the run goes on; a longer --every shows more of it");
  return kDone;
}

int open_window(ViewerState& state) {
  const std::string file = progress_file();
  state.progress = load_progress(file);
  Progress kept = state.progress;
  const std::string view_file = preferences_file();
  Preferences usual = preferences_of(state);
  usual.knows_first_steps = !state.progress.lessons.empty();
  Preferences preferences = parse_preferences(read_kept(view_file), usual);
  follow_preferences(state, preferences);
  FileWatch watch;
  double since_look = 0;
  std::optional<WindowPlace> place = preferences.window;
  const WindowPictures pictures{
      .is_wanted = [&state] { return state.wanted_picture.has_value(); },
      .take = [&state](const RgbaImage& image) { keep_picture(state, image); }};
  const auto draw = [&](const Frame& frame) {
    advance(state, frame.seconds);
    if ((since_look += frame.seconds) > kSecondsBetweenLooks) {
      since_look = 0;
      if (watch.has_changed(state.branches[0].timeline.scenario().file)) {
        handle(state, ReloadLesson{});
      }
    }
    for (const ViewerCommand& command : draw_viewer_panel(state, frame.display)) {
      handle(state, command);
    }
    // Where it cannot be kept, it is there until the window is closed.
    if (kept != state.progress) save_progress(state.progress, file);
    kept = state.progress;
    Preferences now = preferences_of(state);
    now.unread = preferences.unread;
    now.window = place;
    if (now != preferences) write_kept(preferences_text(now), view_file);
    preferences = std::move(now);
    return !state.wants_to_quit;
  };
  const auto error = run_window("Linger", place, draw, pictures);
  return error ? show_error(*error, kNoDisplay) : kDone;
}

// What was chosen by somebody in the window counts there only.
Language wanted_language(const Arguments& arguments) {
  if (arguments.language) return *arguments.language;
  const bool is_picture = arguments.frames || arguments.screenshot;
  const auto kept = parse_preferences(is_picture ? "" : read_kept(preferences_file()), {});
  return kept.language.value_or(language_of_system());
}

int run(const Arguments& arguments) {
  speak(wanted_language(arguments));
  auto viewer = opened(arguments);
  if (const auto* errors = std::get_if<Errors>(&viewer)) {
    fmt::print(stderr, "{}", sim::text(*errors));
    return kBadInput;
  }
  auto& state = std::get<ViewerState>(viewer);
  if (arguments.frames) return write_pictures(state, arguments);
  if (!arguments.screenshot) return open_window(state);
  const auto error = write_screenshot(state, arguments.size, *arguments.screenshot);
  return error ? show_error(*error, kNoDisplay) : kDone;
}

}  // namespace
}  // namespace linger::viz

int main(int argc, char** argv) {
  using namespace linger::viz;
  const auto parsed = parse_arguments(argc, argv);
  if (const int* exit_code = std::get_if<int>(&parsed)) return *exit_code;
  try {
    return run(std::get<Arguments>(parsed));
  } catch (const linger::core::CheckFailure& failure) {
    fmt::print(stderr, "linger-view: {}: {}\n", std::get<Arguments>(parsed).file, failure.what());
    return kOurMistake;
  }
}
