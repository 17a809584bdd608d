// What the panels have in common: places on the screen that are drawn on, pointed at and clicked.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "viz/layout.h"
#include "viz/platform/draw.h"
#include "viz/theme.h"
#include "viz/viewer_command.h"

namespace linger::viz {

Scale scale_of_display();

// A part of the screen with its own clipping, scrolling and mouse, until the end of the scope.
class ScopedArea {
 public:
  enum class Look { Bare, Surface };
  enum class Scrolls { No, Yes };
  ScopedArea(const char* name, Rect area, Look look = Look::Bare, Scrolls scrolls = Scrolls::No);
  ~ScopedArea();
  ScopedArea(const ScopedArea&) = delete;
  ScopedArea& operator=(const ScopedArea&) = delete;
};

// A picture that is being drawn: where to, and what the mouse does in it. Whatever is drawn later
// lies above, and takes the mouse from what is below.
struct Stage {
  ImDrawList* list = nullptr;
  std::optional<ViewerCommand> command;
  std::string tooltip;
};
// Explains an area of the current window to whom points at it.
void explain(Stage& stage, Rect area, std::string tooltip);
// And does what is said when it is clicked.
void offer(Stage& stage, Rect area, std::string tooltip, ViewerCommand command);
// And offers what can be done to it to the right mouse button.
void offer_faults(Stage& stage, Rect area, const Selection& what);
// What was asked for in a part that is drawn for itself.
void take_over(Stage& stage, const Stage& part);
// Once all is drawn.
void show_tooltip(const Stage& stage);

// While the mouse is over it, or pressed over it, in the current window.
bool is_over(Rect area);
bool is_clicked(Rect area, ImGuiMouseButton button = ImGuiMouseButton_Left);

// Text in lines of at most this width, broken between words. The last one ends in "…" if there were
// more than `most`.
std::vector<std::string> wrapped(std::string_view text, float width, TextStyle style,
                                 std::size_t most);
// From the top of the area; returns how high they are.
float draw_lines(ImDrawList& list, Rect area, const std::vector<std::string>& lines,
                 const TextLook& look);
float line_height(TextStyle style);

// The first of several texts that fits as a whole; none, if none does.
void draw_fitting(ImDrawList& list, Rect area, std::initializer_list<std::string_view> texts,
                  const TextLook& look);
// "+7", "99+": how many there is no room for.
std::string hidden_text(std::size_t hidden);

void fill(ImDrawList& list, Rect area, ImU32 colour, float round = 0);
void outline(ImDrawList& list, Rect area, ImU32 colour, float round, float width);

// A chip whose right edge is at `top_right`.
Rect draw_chip_at_right(ImDrawList& list, Point top_right, Meaning meaning, std::string_view text);
// A key as it is on the keyboard. Returns its place.
Rect draw_key(ImDrawList& list, Point left_middle, std::string_view key);
float key_width(std::string_view key);

// Lines one below the other within ImGui's layout, so that they scroll.
class Flow {
 public:
  Flow() : list_{*ImGui::GetWindowDrawList()} {}
  ImDrawList& list() const { return list_; }
  float width() const { return ImGui::GetContentRegionAvail().x; }
  // The next piece, as wide as there is room.
  Rect take(float height);
  void space(float design_pixels) { take(units(design_pixels)); }
  // As many lines as it needs.
  Rect text(std::string_view text, const TextLook& look = {}, float indent = 0);
  void title(std::string_view text);

 private:
  ImDrawList& list_;
};

}  // namespace linger::viz
