// The whole viewer on a screen that nobody sees, with hands and eyes.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/scenario_folder.h"
#include "viewer_fixture.h"
#include "viz/keys.h"
#include "viz/platform/null_backend.h"
#include "viz/viewer_panel.h"

namespace linger::viz {

inline constexpr Size kSmallDisplay{1280, 720};
inline constexpr Size kLargeDisplay{1920, 1080};

// Which of several texts that say the same.
enum class At { First, TheLeft, TheRight };

class Screen {
 public:
  explicit Screen(ViewerState initial, Size display = kSmallDisplay)
      : state{std::move(initial)}, backend{display, [this](const Frame& frame) {
                                             const auto asked_for =
                                                 draw_viewer_panel(state, frame.display);
                                             for (const ViewerCommand& command : asked_for)
                                               handle(state, command);
                                             commands.insert(commands.end(), asked_for.begin(),
                                                             asked_for.end());
                                             return !state.wants_to_quit;
                                           }} {
    settle();
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  void settle() { backend.draw_frames(3); }
  void press(const KeyChord& chord) {
    backend.press_key(chord.key, chord.modifiers);
    settle();
  }
  void press(char letter) { press({key_of(letter), {}}); }
  void press(Key key) { press({key, {}}); }

  // Drawn by the helpers, whole or shortened; also below something else.
  bool shows(std::string_view text) const {
    for (const Label& label : backend.labels()) {
      if (label.text.find(text) != std::string::npos) return true;
    }
    return false;
  }
  // In full, or it is told in full to whom points at it.
  bool can_be_read(const Label& label) const {
    const auto& explained = backend.explained_areas();
    return !label.is_ellipsized || std::ranges::any_of(explained, [&](const Rect& area) {
      return area.contains(label.rect.centre());
    });
  }
  // Of a text that says exactly this.
  std::optional<Rect> place_of(std::string_view text, At at = At::First) const {
    std::optional<Rect> place;
    for (const Label& label : backend.labels()) {
      if (label.text != text) continue;
      const bool is_meant = !place || (at == At::TheLeft && label.rect.left < place->left) ||
                            (at == At::TheRight && label.rect.right > place->right);
      if (is_meant) place = label.rect;
    }
    return place;
  }
  void click(std::string_view text, At at = At::First) {
    const auto place = place_of(text, at);
    ASSERT_TRUE(place.has_value()) << text << " is not on the screen";
    backend.click(place->centre());
    settle();
  }
  std::string all_text() const {
    std::string all;
    for (const Label& label : backend.labels()) all += label.text + "\n";
    return all;
  }

  ViewerState state;
  std::vector<ViewerCommand> commands;  // all that was asked for
  NullBackend backend;
};

// Nothing that is shortened hides what it says.
inline void expect_read_in_full(const Screen& screen, const std::string& where = "") {
  for (const Label& label : screen.backend.labels()) {
    EXPECT_TRUE(screen.can_be_read(label)) << label.text << where;
  }
}

inline std::vector<std::string> scenario_files() {
  std::vector<std::string> files;
  const std::filesystem::path top{LINGER_SOURCE_DIR};
  std::error_code error;
  for (const auto& file : sim::scenarios_below(top / "scenarios", error)) {
    files.push_back(file.string());
  }
  return files;
}

inline ViewerState opened(const std::string& file) {
  auto viewer = open_viewer(file);
  if (auto* errors = std::get_if<std::vector<sim::ParseError>>(&viewer)) {
    throw std::invalid_argument{sim::text(*errors)};
  }
  return std::get<ViewerState>(std::move(viewer));
}

}  // namespace linger::viz
