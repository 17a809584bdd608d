#include "viz/platform/null_backend.h"

#include <imgui.h>

#include <utility>

#include "core/check.h"
#include "viz/platform/drawn_text.h"
#include "viz/platform/imgui_versions.h"
#include "viz/platform/session.h"

namespace linger::viz {
namespace {

constexpr double kFrameSeconds = 1.0 / 60;

}  // namespace

struct NullBackend::State {
  Session session;
  Size display;
  FrameFunction function;

  ImGuiIO& io() const {
    session.make_current();
    return ImGui::GetIO();
  }
};

NullBackend::NullBackend(Size display, FrameFunction function) : state_{std::make_unique<State>()} {
  state_->function = std::move(function);
  state_->session.theme().is_recording = true;
  resize(display);
  ImGuiIO& io = state_->io();
  // ImGui counts vertices with 16 bits, and aborts beyond unless told that the renderer can offset.
  io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
  prepare_keys(io);
}

NullBackend::~NullBackend() = default;

bool NullBackend::draw() {
  if (state_->session.fit({.size = state_->display}) == Session::Fonts::Reloaded) {
    ImGui::GetIO().Fonts->Build();
  }
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {state_->display.width, state_->display.height};
  io.DeltaTime = static_cast<float>(kFrameSeconds);
  return state_->session.draw(state_->function,
                              {.display = state_->display, .seconds = kFrameSeconds});
}

void NullBackend::draw_frames(int count) {
  for (int i = 0; i < count; ++i) draw();
}

void NullBackend::resize(Size display) {
  CHECK(display.width > 0 && display.height > 0);
  state_->display = display;
}

void NullBackend::move_mouse(Point to) {
  feed_mouse_position(state_->io(), to);
  draw();
}

void NullBackend::press(MouseButton button) {
  feed_mouse_button(state_->io(), button, true);
  draw();
}

void NullBackend::release(MouseButton button) {
  feed_mouse_button(state_->io(), button, false);
  draw();
}

void NullBackend::click(Point at, MouseButton button) {
  move_mouse(at);
  press(button);
  release(button);
}

bool NullBackend::click_on(std::string_view text) {
  const std::optional<SeenText> seen = find(text);
  if (seen) click(seen->rect.centre());
  return seen.has_value();
}

void NullBackend::drag(Point from, Point to) {
  move_mouse(from);
  press();
  move_mouse(to);
  release();
}

void NullBackend::turn_wheel(float notches) {
  feed_wheel(state_->io(), notches);
  draw();
}

void NullBackend::press_key(Key key, Modifiers modifiers) {
  feed_modifiers(state_->io(), modifiers);
  feed_key(state_->io(), key, true);
  draw();
  feed_key(state_->io(), key, false);
  feed_modifiers(state_->io(), {});
  draw();
}

void NullBackend::type(std::string_view utf8) {
  state_->io().AddInputCharactersUTF8(std::string{utf8}.c_str());
  draw();
}

std::vector<SeenText> NullBackend::seen_texts() const {
  const ImGuiIO& io = state_->io();
  const ImDrawData* data = ImGui::GetDrawData();
  if (data == nullptr) return {};
  return drawn_texts(*data, *io.Fonts);
}

std::optional<SeenText> NullBackend::find(std::string_view text) const {
  for (SeenText& seen : seen_texts()) {
    if (seen.is_visible && seen.text.find(text) != std::string::npos) return std::move(seen);
  }
  return std::nullopt;
}

const std::vector<Rect>& NullBackend::explained_areas() const {
  return state_->session.theme().explained;
}

const std::vector<Label>& NullBackend::labels() const {
  return state_->session.theme().labels;
}

int NullBackend::vertex_count() const {
  state_->session.make_current();
  const ImDrawData* data = ImGui::GetDrawData();
  return data == nullptr ? 0 : data->TotalVtxCount;
}

}  // namespace linger::viz
