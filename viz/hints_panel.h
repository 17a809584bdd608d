// All that can be clicked, clicked with the keyboard: each place shows letters, and typing them is
// the click.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "viz/parts_panel.h"

namespace linger::viz {

// The ones that are easiest to reach first.
inline constexpr std::string_view kHintLetters = "FJDKSLAGHRUEIWOQPTYVNCMXBZ";

// At the beginning of a frame, once the keys were looked at.
void begin_hints(bool are_shown);
bool are_hints_shown();

// The letters of one of so many places; empty if there are too many for it to have some.
std::string hint_text(std::size_t index, std::size_t count);
// Whether letters begin with these, of the frame before.
bool has_hint_with(std::string_view letters);
// Clicks the place whose letters these are, in this frame. False if they are nobody's.
bool click_hinted(std::string_view letters);

// Above all else: of those that begin with what was typed.
void draw_hints(ImDrawList& list, std::string_view typed);

// How far areas that scroll are to go with keys in this frame: what was asked for since the last,
// of the side panel and of the lists.
void begin_scrolling(const std::array<int, 2>& pages);

}  // namespace linger::viz
