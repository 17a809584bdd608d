// Colours by meaning, text sizes and spacing: how the viewer looks, in every panel alike.
#pragma once

#include <imgui.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "viz/platform/label.h"

namespace linger::viz {

// What a colour, an icon and a hatch stand for. Each meaning has all three, so that none is told by
// colour alone.
enum class Meaning {
  Record,
  BatchFilling,
  BatchReady,
  InFlight,
  Retrying,  // waiting out its backoff
  Failed,    // expired, or failed for good
  Acknowledged,
  Muted,
  PoolFree,
  PoolUsed,
  PoolNonPooled,  // memory the pool accounts for but keeps no buffer of
  Broker,
  Wire,
  True,  // a term of a decision
  False,
  NotEvaluated,
};
inline constexpr int kMeaningCount = 16;

enum class Icon {
  Dot,
  HalfSquare,
  Triangle,
  Chevrons,
  Loop,
  Cross,
  Check,
  Barred,
  HollowSquare,
  Square,
  HollowDiamond,
  Stack,
  Line,
  CheckDisc,
  CrossRing,
  DashRing,
  // Not meanings, but the viewer's own controls.
  Play,
  Pause,
  StepBack,
  StepForward,
  ToStart,
  ToEnd,
  Clock,
  Warning,
  Question,
};
inline constexpr int kIconCount = 25;

enum class Hatch { None, Rising, Falling, Crossed, Dots, Upright };

struct Look {
  ImU32 colour;
  Icon icon;
  Hatch hatch;
  const char* word;  // for a legend
};
const Look& look(Meaning meaning);

// 0xRRGGBB, opaque.
constexpr ImU32 rgb(std::uint32_t hex) {
  return IM_COL32((hex >> 16) & 0xff, (hex >> 8) & 0xff, hex & 0xff, 0xff);
}
// The same colour, see-through. Requires: 0 <= alpha <= 1.
ImU32 with_alpha(ImU32 colour, float alpha);
// Black or white, whichever reads better on `colour`.
ImU32 text_on(ImU32 colour);
// The WCAG contrast ratio of two opaque colours, 1 to 21.
float contrast(ImU32 a, ImU32 b);

namespace ink {
inline constexpr ImU32 kBackground = rgb(0x0D1117);
inline constexpr ImU32 kSurface = rgb(0x161C25);  // a panel
inline constexpr ImU32 kRaised = rgb(0x232D3A);   // a box or a control on a panel
inline constexpr ImU32 kBorder = rgb(0x566377);
inline constexpr ImU32 kTextStrong = rgb(0xF4F6FA);
inline constexpr ImU32 kTextWeak = rgb(0xB6C1CF);
inline constexpr ImU32 kFocus = rgb(0xFFFFFF);  // around what is selected
}  // namespace ink

enum class TextStyle { Body, Small, Strong, Heading, Title, Code };
inline constexpr int kTextStyleCount = 6;

// The font of a style, and its height in pixels. ImGui's own widgets use Body unless a font is
// pushed.
ImFont* font(TextStyle style);
float text_size(TextStyle style);
float text_width(std::string_view text, TextStyle style);
bool is_bold(TextStyle style);
// Whether each character has a glyph. Without the system's fonts, only Latin-1 has.
bool is_covered(std::string_view text);

// Uses a style's font for ImGui's widgets until the end of the scope.
class ScopedText {
 public:
  explicit ScopedText(TextStyle style) { ImGui::PushFont(font(style)); }
  ~ScopedText() { ImGui::PopFont(); }
  ScopedText(const ScopedText&) = delete;
  ScopedText& operator=(const ScopedText&) = delete;
};

// Sizes are designed for a display of 1280 by 720 and grow with it, so that a picture reads as well
// from the back row as on the desk: units(8) is 8 pixels there and 12 at 1920 by 1080.
inline constexpr Size kDesignDisplay{1280, 720};
float units(float design_pixels);
inline float gap() {
  return units(8);
}
inline float padding() {
  return units(10);
}
inline float rounding() {
  return units(5);
}
inline float stroke() {
  return units(1.5F);
}

// How much larger than designed everything is, as the user asks: 1 at first, 0.5 to 3. Takes effect
// with the next frame.
float zoom();
void set_zoom(float zoom);
// Whether weak inks are drawn strong and grounds black, for a projector. With the next frame.
void set_strong_contrast(bool is_strong);
// The ink that stands for this one then.
ImU32 with_strong_contrast(ImU32 colour);

// What can be clicked in a frame, while each place shows the letters that stand for a click on it.
struct ClickHints {
  bool are_shown = false;
  std::vector<Rect> places;            // what is in sight of each
  std::optional<std::size_t> wanted;   // to be clicked in the next frame
  std::optional<std::size_t> clicked;  // in this one
};

// One for each ImGui context; the platform owns it. Drawing code has no need of it.
struct ThemeState {
  float scale = 0;  // pixels for one design pixel, as loaded; 0 before fonts are loaded
  float zoom = 1;
  bool has_strong_contrast = false;
  std::u32string characters;            // beyond Latin letters, that the fonts were loaded with
  std::vector<ImWchar> chinese_ranges;  // the same; the font atlas points to it
  bool is_recording = false;
  std::vector<Label> labels;    // drawn in this frame, if recording
  std::vector<Rect> explained;  // the same of what tells more to whom points at it
  ClickHints hints;
  std::array<int, 2> pages_scrolled{};   // with keys, in all: the side panel, the lists
  std::array<int, 2> pages_to_scroll{};  // in this frame
};
ThemeState& theme_state();
// Called by the drawing helpers for each text they draw.
void record_label(std::string_view text, Rect rect, bool is_ellipsized);
void record_explained(Rect area);

// Sets colours, spacing and fonts of the current context. Between frames only: the renderer has to
// take the new font atlas. With `pixel_ratio` physical pixels for one of the display's.
void load_theme(float scale, float pixel_ratio);

}  // namespace linger::viz
