// How somebody has set the viewer up, and the file that keeps it from one day to the next.
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "viz/language.h"
#include "viz/platform/window_place.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// What is kept: panels, zoom, speed, motion, language, whether the first steps are done, where the
// window stood last.
struct Preferences {
  std::bitset<kPanelCount> panels;
  float zoom = 1;
  double speed = kDefaultSpeed;
  bool pauses_at_narration = true;
  bool reduces_motion = false;
  bool stops_at_broken_law = false;
  bool knows_first_steps = false;
  std::optional<Language> language;   // if somebody chose it here
  std::optional<WindowPlace> window;  // which is no part of a viewer's state
  std::vector<std::string> unread;    // lines that make no sense here; they are kept as they are
  friend bool operator==(const Preferences&, const Preferences&) = default;
};

Preferences preferences_of(const ViewerState& state);
void follow_preferences(ViewerState& state, const Preferences& preferences);

// A line for each: "zoom 1.25", "window 100 60 1280 720", "panel ledger of records: shown".
std::string preferences_text(const Preferences& preferences);
// Whatever the text is: what cannot be read stays as it is in `usual`.
Preferences parse_preferences(std::string_view text, const Preferences& usual);

// linger/view in $XDG_STATE_HOME, or in .local/state at home; empty if there is neither.
std::string preferences_file();

}  // namespace linger::viz
