// Clicks by letters.
#pragma once

#include <optional>
#include <string>

#include "screen_fixture.h"
#include "viz/hints_panel.h"
#include "viz/theme.h"

namespace linger::viz {

inline void type_letters(Screen& screen, const std::string& letters) {
  for (const char letter : letters) screen.press(letter);
}

// The letters of the smallest place around a text that is on the screen.
inline std::string letters_on(const Screen& screen, std::string_view text, At at = At::First) {
  const auto place = screen.place_of(text, at);
  const std::vector<Rect>& places = theme_state().hints.places;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; place && i < places.size(); ++i) {
    const bool is_around = places[i].contains(place->centre());
    const auto size = [&places](std::size_t k) { return places[k].width() * places[k].height(); };
    if (is_around && (!found || size(i) <= size(*found))) found = i;
  }
  return found ? hint_text(*found, places.size()) : "";
}

inline void click_by_letters(Screen& screen, std::string_view text, At at = At::First) {
  screen.press(Key::F4);
  const std::string letters = letters_on(screen, text, at);
  ASSERT_FALSE(letters.empty()) << text << " cannot be clicked\n" << screen.all_text();
  type_letters(screen, letters);
  EXPECT_FALSE(screen.state.hints) << "it was clicked";
}

}  // namespace linger::viz
