#include "viz/hints_panel.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace linger::viz {
namespace {

std::optional<std::size_t> hint_of(std::string_view letters) {
  const std::size_t count = theme_state().hints.places.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (hint_text(i, count) == letters && !letters.empty()) return i;
  }
  return std::nullopt;
}

}  // namespace

void begin_hints(bool are_shown) {
  ClickHints& hints = theme_state().hints;
  hints.are_shown = are_shown;
  hints.clicked = std::exchange(hints.wanted, std::nullopt);
  hints.places.clear();
}

bool are_hints_shown() {
  return theme_state().hints.are_shown;
}

std::string hint_text(std::size_t index, std::size_t count) {
  const std::size_t letters = kHintLetters.size();
  if (count <= letters) return std::string(1, kHintLetters[index]);
  if (index >= letters * letters) return "";
  return {kHintLetters[index / letters], kHintLetters[index % letters]};
}

bool has_hint_with(std::string_view letters) {
  const std::size_t count = theme_state().hints.places.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (hint_text(i, count).starts_with(letters)) return true;
  }
  return false;
}

bool click_hinted(std::string_view letters) {
  const auto hint = hint_of(letters);
  theme_state().hints.wanted = hint;
  return hint.has_value();
}

void draw_hints(ImDrawList& list, std::string_view typed) {
  const std::vector<Rect>& places = theme_state().hints.places;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string letters = hint_text(i, places.size());
    if (letters.empty() || !letters.starts_with(typed)) continue;
    const Rect& place = places[i];
    const float half = text_size(TextStyle::Small) * 0.72F;
    const Rect key =
        draw_key(list, {place.left, std::min(place.top + half, place.centre().y)}, letters);
    outline(list, key, ink::kFocus, units(4), units(1));
  }
}

void begin_scrolling(const std::array<int, 2>& pages) {
  ThemeState& theme = theme_state();
  for (std::size_t i = 0; i < pages.size(); ++i) {
    theme.pages_to_scroll[i] = pages[i] - theme.pages_scrolled[i];
  }
  theme.pages_scrolled = pages;
}

}  // namespace linger::viz
