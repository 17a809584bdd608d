#include "viz/theme.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include "core/check.h"
#include "viz/platform/fonts.h"
#include "viz/platform/imgui_versions.h"

namespace linger::viz {
namespace {

// After Okabe and Ito's palette, which people with any kind of colour blindness tell apart; the
// dark ones are lightened to stand out from a dark background.
constexpr std::array<Look, kMeaningCount> kLooks{{
    {rgb(0xC6E6FA), Icon::Dot, Hatch::None, "record"},
    {rgb(0x56B4E9), Icon::HalfSquare, Hatch::None, "batch filling"},
    {rgb(0xF0E442), Icon::Triangle, Hatch::Upright, "batch ready"},
    {rgb(0xE69F00), Icon::Chevrons, Hatch::Rising, "in flight"},
    {rgb(0xFF9ED2), Icon::Loop, Hatch::Dots, "retrying"},
    {rgb(0xFF6430), Icon::Cross, Hatch::Crossed, "failed"},
    {rgb(0x1FC090), Icon::Check, Hatch::None, "acknowledged"},
    {rgb(0x7E8BA0), Icon::Barred, Hatch::Falling, "muted"},
    {rgb(0x76859A), Icon::HollowSquare, Hatch::None, "free"},
    {rgb(0x4C9FD8), Icon::Square, Hatch::None, "used"},
    {rgb(0xDCCBFA), Icon::HollowDiamond, Hatch::Dots, "non-pooled"},
    {rgb(0xD8C08A), Icon::Stack, Hatch::None, "broker"},
    {rgb(0x9DAABB), Icon::Line, Hatch::None, "wire"},
    {rgb(0x1FC090), Icon::CheckDisc, Hatch::None, "true"},
    {rgb(0xC9D1DC), Icon::CrossRing, Hatch::None, "false"},
    {rgb(0x8793A5), Icon::DashRing, Hatch::Falling, "not evaluated"},
}};

struct StyleOfText {
  Face face;
  float design_pixels;
};
constexpr std::array<StyleOfText, kTextStyleCount> kTextStyles{{
    {Face::Sans, 18},
    {Face::Sans, 15},
    {Face::Bold, 18},
    {Face::Bold, 22},
    {Face::Bold, 30},
    {Face::Mono, 17},
}};

// The share of light a colour gives off, 0 to 1, as WCAG defines it.
float luminance(ImU32 colour) {
  const auto linear = [colour](int shift) {
    const float part = static_cast<float>((colour >> shift) & 0xff) / 255.0F;
    return part <= 0.04045F ? part / 12.92F : std::pow((part + 0.055F) / 1.055F, 2.4F);
  };
  return 0.2126F * linear(IM_COL32_R_SHIFT) + 0.7152F * linear(IM_COL32_G_SHIFT) +
         0.0722F * linear(IM_COL32_B_SHIFT);
}

void set_colour(ImGuiStyle& style, ImGuiCol item, ImU32 colour) {
  style.Colors[item] = ImGui::ColorConvertU32ToFloat4(colour);
}

void set_colours(ImGuiStyle& style) {
  const ImU32 accent = look(Meaning::BatchFilling).colour;
  set_colour(style, ImGuiCol_Text, ink::kTextStrong);
  set_colour(style, ImGuiCol_TextDisabled, ink::kTextWeak);
  set_colour(style, ImGuiCol_WindowBg, ink::kSurface);
  set_colour(style, ImGuiCol_PopupBg, ink::kRaised);
  set_colour(style, ImGuiCol_Border, ink::kBorder);
  for (const ImGuiCol item :
       {ImGuiCol_FrameBg, ImGuiCol_Button, ImGuiCol_Header, ImGuiCol_Tab, ImGuiCol_TableHeaderBg}) {
    set_colour(style, item, ink::kRaised);
  }
  for (const ImGuiCol item : {ImGuiCol_FrameBgHovered, ImGuiCol_ButtonHovered,
                              ImGuiCol_HeaderHovered, ImGuiCol_TabHovered}) {
    set_colour(style, item, rgb(0x35485F));
  }
  for (const ImGuiCol item :
       {ImGuiCol_FrameBgActive, ImGuiCol_ButtonActive, ImGuiCol_HeaderActive, ImGuiCol_TabActive}) {
    set_colour(style, item, rgb(0x2F6690));
  }
  for (const ImGuiCol item :
       {ImGuiCol_TitleBg, ImGuiCol_TitleBgCollapsed, ImGuiCol_MenuBarBg, ImGuiCol_ScrollbarBg}) {
    set_colour(style, item, ink::kBackground);
  }
  set_colour(style, ImGuiCol_TitleBgActive, rgb(0x1D3448));
  for (const ImGuiCol item : {ImGuiCol_CheckMark, ImGuiCol_SliderGrab, ImGuiCol_SliderGrabActive,
                              ImGuiCol_PlotHistogram, ImGuiCol_PlotLines}) {
    set_colour(style, item, accent);
  }
  set_colour(style, ImGuiCol_TextSelectedBg, rgb(0x2F6690));
  set_colour(style, ImGuiCol_NavHighlight, ink::kFocus);
}

void set_spacing(ImGuiStyle& style) {
  style.WindowPadding = {10, 10};
  style.FramePadding = {8, 4};
  style.ItemSpacing = {10, 7};
  style.ItemInnerSpacing = {7, 5};
  style.CellPadding = {7, 4};
  style.ScrollbarSize = 14;
  style.WindowRounding = 6;
  style.ChildRounding = 5;
  style.PopupRounding = 5;
  style.FrameRounding = 5;
  style.TabRounding = 5;
  style.GrabRounding = 5;
  style.WindowBorderSize = 1;
  style.FrameBorderSize = 1;
}

// The characters of UTF-8 text. A broken byte stands for itself, which no font covers.
std::vector<char32_t> codepoints(std::string_view text) {
  std::vector<char32_t> characters;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continues = (byte & 0xC0) == 0x80 && !characters.empty();
    if (continues) {
      characters.back() = (characters.back() << 6) | (byte & 0x3F);
    } else {
      characters.push_back(byte < 0xC0 ? byte : byte < 0xE0 ? byte & 0x1FU : byte & 0x0FU);
    }
  }
  return characters;
}

float design_size(TextStyle style) {
  return kTextStyles[static_cast<std::size_t>(style)].design_pixels;
}

}  // namespace

const Look& look(Meaning meaning) {
  return kLooks[static_cast<std::size_t>(meaning)];
}

ImU32 with_alpha(ImU32 colour, float alpha) {
  CHECK(alpha >= 0 && alpha <= 1);
  const auto level = static_cast<ImU32>(std::lround(alpha * 255.0F));
  return (colour & ~IM_COL32_A_MASK) | (level << IM_COL32_A_SHIFT);
}

ImU32 text_on(ImU32 colour) {
  const ImU32 dark = ink::kBackground;
  return contrast(colour, dark) >= contrast(colour, ink::kTextStrong) ? dark : ink::kTextStrong;
}

float contrast(ImU32 a, ImU32 b) {
  const auto [darker, lighter] = std::minmax({luminance(a), luminance(b)});
  return (lighter + 0.05F) / (darker + 0.05F);
}

ImFont* font(TextStyle style) {
  return ImGui::GetIO().Fonts->Fonts[static_cast<int>(style)];
}

float text_size(TextStyle style) {
  return std::round(units(design_size(style)));
}

float text_width(std::string_view text, TextStyle style) {
  if (text.empty()) return 0;
  return font(style)
      ->CalcTextSizeA(text_size(style), FLT_MAX, 0, text.data(), text.data() + text.size())
      .x;
}

bool is_bold(TextStyle style) {
  return kTextStyles[static_cast<std::size_t>(style)].face == Face::Bold;
}

bool is_covered(std::string_view text) {
  ImFont& body = *font(TextStyle::Body);
  return std::ranges::all_of(codepoints(text), [&body](char32_t character) {
    return character <= 0xFFFF && has_glyph(body, static_cast<ImWchar>(character));
  });
}

float units(float design_pixels) {
  return design_pixels * theme_state().scale;
}

float zoom() {
  return theme_state().zoom;
}
void set_zoom(float zoom) {
  theme_state().zoom = std::clamp(zoom, 0.5F, 3.0F);
}

void set_strong_contrast(bool is_strong) {
  theme_state().has_strong_contrast = is_strong;
}

ImU32 with_strong_contrast(ImU32 colour) {
  constexpr ImU32 kInk = ~static_cast<ImU32>(IM_COL32_A_MASK);
  const ImU32 alpha = colour & IM_COL32_A_MASK;
  const auto is = [colour](ImU32 other) { return (colour & kInk) == (other & kInk); };
  if (is(ink::kBackground) || is(ink::kSurface)) return (rgb(0x000000) & kInk) | alpha;
  if (is(ink::kRaised)) return (rgb(0x141414) & kInk) | alpha;
  if (is(ink::kBorder)) return (rgb(0xC8D0DC) & kInk) | alpha;
  if (is(ink::kTextWeak) || is(ink::kTextStrong)) return (rgb(0xFFFFFF) & kInk) | alpha;
  return colour;
}

ThemeState& theme_state() {
  void* state = ImGui::GetIO().UserData;
  CHECK(state != nullptr);
  return *static_cast<ThemeState*>(state);
}

void record_label(std::string_view text, Rect rect, bool is_ellipsized) {
  ThemeState& state = theme_state();
  if (state.is_recording) state.labels.push_back({std::string{text}, rect, is_ellipsized});
}

void record_explained(Rect area) {
  ThemeState& state = theme_state();
  if (state.is_recording) state.explained.push_back(area);
}

void load_theme(float scale, float pixel_ratio) {
  CHECK(scale > 0 && pixel_ratio > 0);
  theme_state().scale = scale;
  ImGuiStyle style;
  set_colours(style);
  set_spacing(style);
  style.ScaleAllSizes(scale);
  ImGui::GetStyle() = style;

  ImGuiIO& io = ImGui::GetIO();
  io.Fonts->Clear();
  theme_state().characters = used_characters();
  theme_state().chinese_ranges = ranges_of_used_characters();
  for (const StyleOfText& text : kTextStyles) {
    const float pixels = std::round(text.design_pixels * scale) * pixel_ratio;
    add_font(*io.Fonts, text.face, {.pixels = pixels}, theme_state().chinese_ranges);
  }
  io.FontGlobalScale = 1 / pixel_ratio;
}

}  // namespace linger::viz
