#include "viz/platform/session.h"

#include <algorithm>
#include <cmath>

#include "viz/platform/fonts.h"
#include "viz/platform/imgui_versions.h"

namespace linger::viz {
namespace {

// Smaller than this, text cannot be read; the panels scroll instead.
constexpr float kSmallestScale = 0.75F;

// In steps of an eighth, so that fonts are not made again for each pixel a window is dragged.
float scale_for(const Display& display, float zoom) {
  const float fit = std::min(display.size.width / kDesignDisplay.width,
                             display.size.height / kDesignDisplay.height);
  const float scale = std::max(fit, kSmallestScale * display.content_scale) * zoom;
  return std::max(std::floor(scale * 8), 1.0F) / 8;
}

// What has been drawn, with stronger inks. Each colour keeps how see-through it is.
void strengthen(const ImDrawData& data) {
  for (int i = 0; i < list_count(data); ++i) {
    for (ImDrawVert& vertex : data.CmdLists[i]->VtxBuffer) {
      vertex.col = with_strong_contrast(vertex.col);
    }
  }
}

}  // namespace

Session::Session() : context_{ImGui::CreateContext()} {
  make_current();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // a layout remembered from another run would change the picture
  io.LogFilename = nullptr;
  io.UserData = &theme_;
}

Session::~Session() {
  ImGui::DestroyContext(context_);
}

Session::Fonts Session::fit(const Display& display) {
  make_current();
  if (fits(display)) return Fonts::Kept;
  pixel_ratio_ = display.pixel_ratio;
  load_theme(scale_for(display, theme_.zoom), display.pixel_ratio);
  return Fonts::Reloaded;
}

bool Session::draw(const FrameFunction& function, const Frame& frame) {
  theme_.labels.clear();
  theme_.explained.clear();
  ImGui::NewFrame();
  const bool goes_on = function(frame);
  ImGui::Render();
  if (theme_.has_strong_contrast) strengthen(*ImGui::GetDrawData());
  return goes_on;
}

bool Session::fits(const Display& display) const {
  const bool has_size = scale_for(display, theme_.zoom) == theme_.scale;
  return has_size && display.pixel_ratio == pixel_ratio_ && theme_.characters == used_characters();
}

}  // namespace linger::viz
