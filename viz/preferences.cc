#include "viz/preferences.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <sstream>

#include "viz/panel_stack.h"
#include "viz/progress.h"
#include "viz/text.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

constexpr std::string_view kLanguageWord = "language ";
constexpr std::string_view kPanelWord = "panel ";
constexpr std::string_view kPanelShown = ": shown";
constexpr std::string_view kPanelHidden = ": hidden";

// A panel that says what is asked, or what was done in a run, is for the scenario to show.
bool is_kept(Panel panel) {
  return !is_chart(panel) && panel != Panel::Lesson && panel != Panel::Comparison &&
         panel != Panel::Faults && panel != Panel::Hand && panel != Panel::Moves;
}

struct Switch {
  std::string_view name;
  bool Preferences::*value;
};
constexpr Switch kSwitches[] = {{"pause-at-narration", &Preferences::pauses_at_narration},
                                {"reduced-motion", &Preferences::reduces_motion},
                                {"stop-at-broken-law", &Preferences::stops_at_broken_law},
                                {"first-steps-done", &Preferences::knows_first_steps}};

std::optional<double> number_after(std::string_view line, std::string_view word) {
  if (!line.starts_with(word) || line.size() <= word.size() + 1) return std::nullopt;
  const std::string_view text = line.substr(word.size() + 1);
  double number = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && stopped == text.data() + text.size();
  if (!is_number || number <= 0) return std::nullopt;
  return number;
}

// Four whole numbers: where from, how wide, how high.
std::optional<WindowPlace> window_in(const std::string& line) {
  std::istringstream words{line};
  std::string word;
  WindowPlace place;
  std::string more;
  const bool is_window = (words >> word >> place.x >> place.y >> place.width >> place.height) &&
                         word == "window" && !(words >> more);
  if (!is_window || place.width <= 0 || place.height <= 0) return std::nullopt;
  return place;
}

bool read_switch(std::string_view line, Preferences& preferences) {
  for (const Switch& one : kSwitches) {
    if (!line.starts_with(one.name)) continue;
    const std::string_view value = line.substr(one.name.size());
    if (value != " on" && value != " off") continue;
    preferences.*(one.value) = value == " on";
    return true;
  }
  return false;
}

bool read_language(std::string_view line, Preferences& preferences) {
  for (const Language one : {Language::English, Language::Chinese}) {
    if (line != std::string{kLanguageWord} + std::string{code_of(one)}) continue;
    preferences.language = one;
    return true;
  }
  return false;
}

bool read_panel(std::string_view line, Preferences& preferences) {
  if (!line.starts_with(kPanelWord)) return false;
  for (int i = 0; i < kPanelCount; ++i) {
    const std::string name = std::string{kPanelWord} + std::string{name_of(static_cast<Panel>(i))};
    const bool is_shown = line == name + std::string{kPanelShown};
    const bool is_hidden = line == name + std::string{kPanelHidden};
    if (!is_shown && !is_hidden) continue;
    preferences.panels.set(static_cast<std::size_t>(i), is_shown);
    return true;
  }
  return false;
}

}  // namespace

Preferences preferences_of(const ViewerState& state) {
  Preferences preferences;
  preferences.panels = state.panels;
  preferences.zoom = state.zoom;
  preferences.speed = state.speed;
  preferences.pauses_at_narration = state.pauses_at_narration;
  preferences.reduces_motion = state.reduces_motion;
  preferences.stops_at_broken_law = state.stops_at_broken_law;
  preferences.knows_first_steps = !state.guide.has_value();
  preferences.language = state.chosen_language;
  for (int i = 0; i < kPanelCount; ++i) {
    if (!is_kept(static_cast<Panel>(i))) preferences.panels.reset(static_cast<std::size_t>(i));
  }
  return preferences;
}

void follow_preferences(ViewerState& state, const Preferences& preferences) {
  for (int i = 0; i < kPanelCount; ++i) {
    const auto index = static_cast<std::size_t>(i);
    if (is_kept(static_cast<Panel>(i))) state.panels.set(index, preferences.panels[index]);
  }
  // A lesson begins with what it says and asks, whatever lay over it when the window was closed.
  if (state.is_shown(Panel::Lesson)) bring_to_front(state, Panel::Lesson);
  handle(state, SetSpeed{preferences.speed});
  state.zoom = std::clamp(preferences.zoom, 0.5F, 3.0F);
  state.pauses_at_narration = preferences.pauses_at_narration;
  state.reduces_motion = preferences.reduces_motion;
  state.stops_at_broken_law = preferences.stops_at_broken_law;
  state.chosen_language = preferences.language;
  state.guide.reset();
  if (!preferences.knows_first_steps) state.guide = FirstSteps{};
  follow_laws(state);
}

std::string preferences_text(const Preferences& preferences) {
  std::ostringstream text;
  text << "zoom " << preferences.zoom << "\nspeed " << preferences.speed << '\n';
  if (preferences.language) text << kLanguageWord << code_of(*preferences.language) << '\n';
  if (const auto& place = preferences.window) {
    text << "window " << place->x << ' ' << place->y << ' ' << place->width << ' ' << place->height
         << '\n';
  }
  for (const Switch& one : kSwitches) {
    text << one.name << (preferences.*(one.value) ? " on\n" : " off\n");
  }
  for (int i = 0; i < kPanelCount; ++i) {
    if (!is_kept(static_cast<Panel>(i))) continue;
    text << kPanelWord << name_of(static_cast<Panel>(i))
         << (preferences.panels[static_cast<std::size_t>(i)] ? kPanelShown : kPanelHidden) << '\n';
  }
  for (const std::string& line : preferences.unread) text << line << '\n';
  return text.str();
}

Preferences parse_preferences(std::string_view text, const Preferences& usual) {
  Preferences preferences = usual;
  std::istringstream lines{std::string{text}};
  for (std::string line; std::getline(lines, line);) {
    if (const auto zoom = number_after(line, "zoom")) {
      preferences.zoom = static_cast<float>(*zoom);
    } else if (const auto speed = number_after(line, "speed")) {
      preferences.speed = *speed;
    } else if (const auto window = window_in(line)) {
      preferences.window = window;
    } else if (!read_switch(line, preferences) && !read_language(line, preferences) &&
               !read_panel(line, preferences) && !line.empty()) {
      preferences.unread.push_back(line);
    }
  }
  return preferences;
}

std::string preferences_file() {
  const std::string progress = progress_file();
  if (progress.empty()) return "";
  return (std::filesystem::path{progress}.parent_path() / "view").string();
}

}  // namespace linger::viz
