#include "viz/parts_panel.h"

#include <imgui_internal.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "viz/language.h"

namespace linger::viz {
namespace {

ImVec2 top_left(const Rect& r) {
  return {r.left, r.top};
}
ImVec2 bottom_right(const Rect& r) {
  return {r.right, r.bottom};
}

constexpr float kShareOfPage = 0.8F;  // by which a key scrolls, so that one sees where one was
constexpr float kTooltipWidth = 28;   // in letters, about
constexpr std::size_t kMostTooltipLines = 40;

// Whether the letters of this place were typed. Notes it as one that can be clicked.
bool is_hinted(const Rect& area) {
  constexpr float kLeastInSight = 4;
  ClickHints& hints = theme_state().hints;
  if (!hints.are_shown) return false;
  const ImVec2 least = ImGui::GetWindowDrawList()->GetClipRectMin();
  const ImVec2 most = ImGui::GetWindowDrawList()->GetClipRectMax();
  const Rect seen{std::max(area.left, least.x), std::max(area.top, least.y),
                  std::min(area.right, most.x), std::min(area.bottom, most.y)};
  if (seen.width() < kLeastInSight || seen.height() < kLeastInSight) return false;
  hints.places.push_back(seen);
  return hints.clicked == hints.places.size() - 1;
}

// --- Where a line may end: at a blank, and in Chinese, which has none, almost anywhere ---

// What closes stands at no line's beginning, what opens at no line's end.
constexpr std::u32string_view kNeverFirst = U"，。；：？！、）】》”’…—·％";
constexpr std::u32string_view kNeverLast = U"（【《“‘";
constexpr char32_t kFirstWide = 0x2E80;

bool is_wide(char32_t c) {
  return c >= kFirstWide || kNeverFirst.find(c) != std::u32string_view::npos ||
         kNeverLast.find(c) != std::u32string_view::npos;
}

bool may_end_line_between(char32_t before, char32_t after) {
  if (kNeverLast.find(before) != std::u32string_view::npos) return false;
  if (kNeverFirst.find(after) != std::u32string_view::npos) return false;
  if (before == ' ' || after == ' ') return true;
  return language() == Language::Chinese && (is_wide(before) || is_wide(after));
}

// Of the text's first line, in bytes.
std::size_t line_length(std::string_view text, float width, TextStyle style) {
  const float ratio = text_size(style) / font(style)->FontSize;
  const char* end = text.data() + text.size();
  std::size_t fits = 0;
  float used = 0;
  char32_t before = 0;
  for (const char* at = text.data(); at < end && *at != '\n';) {
    unsigned int character = 0;
    const int bytes = ImTextCharFromUtf8(&character, at, end);
    const auto done = static_cast<std::size_t>(at - text.data());
    if (done > 0 && may_end_line_between(before, character)) fits = done;
    used += font(style)->GetCharAdvance(static_cast<ImWchar>(character)) * ratio;
    if (used > width && character != ' ')
      return fits > 0 ? fits : std::max(done, static_cast<std::size_t>(bytes));
    at += bytes;
    before = character;
  }
  return std::min(text.find('\n'), text.size());
}

}  // namespace

Scale scale_of_display() {
  return Scale{.unit = units(1)};
}

ScopedArea::ScopedArea(const char* name, Rect area, Look look, Scrolls scrolls) {
  const bool has_surface = look == Look::Surface;
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::PushStyleColor(ImGuiCol_ChildBg, has_surface ? ink::kSurface : IM_COL32_BLACK_TRANS);
  ImGui::PushStyleVar(ImGuiStyleVar_ChildBorderSize, 0);
  ImGuiWindowFlags flags = has_surface ? ImGuiWindowFlags_AlwaysUseWindowPadding : 0;
  if (scrolls == Scrolls::No) {
    flags |= ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
  }
  ImGui::BeginChild(name, {std::max(area.width(), 1.0F), std::max(area.height(), 1.0F)}, false,
                    flags);
  const int pages = theme_state().pages_to_scroll[std::string_view{name} == "side" ? 0 : 1];
  if (scrolls == Scrolls::No || pages == 0) return;
  const float by = static_cast<float>(pages) * area.height() * kShareOfPage;
  ImGui::SetScrollY(std::clamp(ImGui::GetScrollY() + by, 0.0F, ImGui::GetScrollMaxY()));
}

ScopedArea::~ScopedArea() {
  ImGui::EndChild();
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
}

bool is_over(Rect area) {
  return ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(top_left(area), bottom_right(area));
}

bool is_clicked(Rect area, ImGuiMouseButton button) {
  if (button == ImGuiMouseButton_Left && is_hinted(area)) return true;
  return is_over(area) && ImGui::IsMouseClicked(button);
}

void explain(Stage& stage, Rect area, std::string tooltip) {
  record_explained(area);
  if (is_over(area)) stage.tooltip = std::move(tooltip);
}

void offer(Stage& stage, Rect area, std::string tooltip, ViewerCommand command) {
  explain(stage, area, std::move(tooltip));
  if (is_clicked(area)) stage.command = std::move(command);
}

void offer_faults(Stage& stage, Rect area, const Selection& what) {
  if (is_clicked(area, ImGuiMouseButton_Right)) stage.command = AimFaults{what};
}

void take_over(Stage& stage, const Stage& part) {
  if (part.command) stage.command = part.command;
  if (!part.tooltip.empty()) stage.tooltip = part.tooltip;
}

void show_tooltip(const Stage& stage) {
  if (stage.tooltip.empty()) return;
  const float width = ImGui::GetFontSize() * kTooltipWidth;
  ImGui::BeginTooltip();
  for (const std::string& line :
       wrapped(stage.tooltip, width, TextStyle::Body, kMostTooltipLines)) {
    ImGui::TextUnformatted(line.c_str());
  }
  ImGui::EndTooltip();
}

std::vector<std::string> wrapped(std::string_view text, float width, TextStyle style,
                                 std::size_t most) {
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < most) {
    if (lines.size() + 1 == most) {  // draw_text shortens it if need be
      lines.emplace_back(text);
      break;
    }
    const std::size_t length = std::max<std::size_t>(line_length(text, width, style), 1);
    const std::string_view line = text.substr(0, length);
    lines.emplace_back(line.substr(0, line.find_last_not_of(' ') + 1));
    text.remove_prefix(length);
    while (text.starts_with(' ') || text.starts_with('\n')) text.remove_prefix(1);
  }
  return lines;
}

void draw_fitting(ImDrawList& list, Rect area, std::initializer_list<std::string_view> texts,
                  const TextLook& look) {
  for (const std::string_view text : texts) {
    if (text_width(text, look.style) > area.width()) continue;
    draw_text(list, area, text, look);
    return;
  }
}

std::string hidden_text(std::size_t hidden) {
  constexpr std::size_t kMostTold = 99;
  return hidden > kMostTold ? std::to_string(kMostTold) + "+" : "+" + std::to_string(hidden);
}

float line_height(TextStyle style) {
  return text_size(style) * 1.3F;
}

float draw_lines(ImDrawList& list, Rect area, const std::vector<std::string>& lines,
                 const TextLook& look) {
  const float height = line_height(look.style);
  float top = area.top;
  for (const std::string& line : lines) {
    draw_text(list, {area.left, top, area.right, top + height}, line, look);
    top += height;
  }
  return top - area.top;
}

void fill(ImDrawList& list, Rect area, ImU32 colour, float round) {
  if (is_empty(area)) return;
  list.AddRectFilled(top_left(area), bottom_right(area), colour, round);
}

void outline(ImDrawList& list, Rect area, ImU32 colour, float round, float width) {
  if (is_empty(area)) return;
  list.AddRect(top_left(area), bottom_right(area), colour, round, 0, width);
}

Rect draw_chip_at_right(ImDrawList& list, Point top_right, Meaning meaning, std::string_view text) {
  return draw_chip(list, {top_right.x - chip_size(text).width, top_right.y}, meaning, text);
}

float key_width(std::string_view key) {
  return std::max(text_width(key, TextStyle::Small) + units(12), units(24));
}

Rect draw_key(ImDrawList& list, Point left_middle, std::string_view key) {
  const float half = text_size(TextStyle::Small) * 0.72F;
  const Rect area{left_middle.x, left_middle.y - half, left_middle.x + key_width(key),
                  left_middle.y + half};
  fill(list, area, ink::kBackground, units(4));
  outline(list, area, ink::kBorder, units(4), units(1));
  draw_text(list, area, key, {.style = TextStyle::Small, .align = Align::Centre});
  return area;
}

Rect Flow::take(float height) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Rect area{at.x, at.y, at.x + width(), at.y + height};
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
  ImGui::Dummy({area.width(), height});
  ImGui::PopStyleVar();
  return area;
}

Rect Flow::text(std::string_view text, const TextLook& look, float indent) {
  constexpr std::size_t kMostLines = 40;
  const auto lines = wrapped(text, width() - indent, look.style, kMostLines);
  Rect area = take(line_height(look.style) * count_of(lines.size()));
  cut_left(area, indent);
  draw_lines(list_, area, lines, look);
  return area;
}

void Flow::title(std::string_view text) {
  space(5);
  const Rect line = take(line_height(TextStyle::Small));
  draw_text(list_, line, text, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  const float y = line.centre().y;
  const float left = line.left + text_width(text, TextStyle::Small) + gap();
  if (left < line.right)
    list_.AddLine({left, y}, {line.right, y}, with_alpha(ink::kBorder, 0.6F), units(1));
}

}  // namespace linger::viz
