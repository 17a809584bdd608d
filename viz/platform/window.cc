#include "viz/platform/window.h"

#include <GLFW/glfw3.h>
#include <imgui.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "viz/platform/imgui_backends.h"
#include "viz/platform/input.h"
#include "viz/platform/key_queue.h"
#include "viz/platform/session.h"

namespace linger::viz {
namespace {

// A driver that does not wait for the screen would draw as fast as it can.
constexpr double kShortestFrame = 1.0 / 120;

PlatformError glfw_failed(const std::string& what) {
  const char* description = nullptr;
  glfwGetError(&description);
  return {description == nullptr ? what : what + ": " + description};
}

struct Glfw {
  bool is_ready = glfwInit() == GLFW_TRUE;
  Glfw() = default;
  Glfw(const Glfw&) = delete;
  Glfw& operator=(const Glfw&) = delete;
  ~Glfw() {
    if (is_ready) glfwTerminate();
  }
};

struct DestroyWindow {
  void operator()(GLFWwindow* window) const { glfwDestroyWindow(window); }
};
using Window = std::unique_ptr<GLFWwindow, DestroyWindow>;

using Area = WindowPlace;

// No larger than the screen has room for.
void shrink_to_screen(GLFWwindow* window) {
  Area room;
  GLFWmonitor* monitor = glfwGetPrimaryMonitor();
  if (monitor == nullptr) return;
  glfwGetMonitorWorkarea(monitor, &room.x, &room.y, &room.width, &room.height);
  Area area;
  glfwGetWindowSize(window, &area.width, &area.height);
  if (room.width <= 0 || (area.width <= room.width && area.height <= room.height)) return;
  glfwSetWindowPos(window, room.x, room.y);
  glfwSetWindowSize(window, std::min(area.width, room.width), std::min(area.height, room.height));
}

std::vector<Area> monitor_areas() {
  int count = 0;
  GLFWmonitor** monitors = glfwGetMonitors(&count);
  std::vector<Area> areas(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < areas.size(); ++i) {
    Area& area = areas[i];
    glfwGetMonitorWorkarea(monitors[i], &area.x, &area.y, &area.width, &area.height);
  }
  return areas;
}

void put_at(GLFWwindow* window, const Area& place) {
  glfwSetWindowPos(window, place.x, place.y);
  glfwSetWindowSize(window, place.width, place.height);
}

// None while it fills the screen, or is minimised.
std::optional<Area> place_of(GLFWwindow* window) {
  const bool is_elsewhere = glfwGetWindowMonitor(window) != nullptr ||
                            glfwGetWindowAttrib(window, GLFW_ICONIFIED) == GLFW_TRUE;
  if (is_elsewhere) return std::nullopt;
  Area area;
  glfwGetWindowPos(window, &area.x, &area.y);
  glfwGetWindowSize(window, &area.width, &area.height);
  return area;
}

Window open_window(const std::string& title, const std::optional<Area>& place) {
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  Window window{glfwCreateWindow(static_cast<int>(kDesignDisplay.width),
                                 static_cast<int>(kDesignDisplay.height), title.c_str(), nullptr,
                                 nullptr)};
  if (window == nullptr) return window;
  if (place && fits_on(*place, monitor_areas())) {
    put_at(window.get(), *place);
  } else {
    shrink_to_screen(window.get());
  }
  glfwMakeContextCurrent(window.get());
  glfwSwapInterval(1);
  return window;
}

Display display_of(GLFWwindow* window) {
  Area size;
  Area pixels;
  Point content_scale{1, 1};
  glfwGetWindowSize(window, &size.width, &size.height);
  glfwGetFramebufferSize(window, &pixels.width, &pixels.height);
  glfwGetWindowContentScale(window, &content_scale.x, &content_scale.y);
  const float ratio =
      static_cast<float>(pixels.width) / static_cast<float>(std::max(size.width, 1));
  return {.size = {static_cast<float>(size.width), static_cast<float>(size.height)},
          .pixel_ratio = ratio,
          .content_scale = content_scale.x / std::max(ratio, 1.0F)};
}

// Fills the screen with the window, and puts it back where it was.
class FullScreen {
 public:
  void toggle(GLFWwindow* window) {
    if (glfwGetWindowMonitor(window) != nullptr) {
      glfwSetWindowMonitor(window, nullptr, before_.x, before_.y, before_.width, before_.height, 0);
      return;
    }
    GLFWmonitor* monitor = monitor_under(window);
    if (monitor == nullptr) return;
    glfwGetWindowPos(window, &before_.x, &before_.y);
    glfwGetWindowSize(window, &before_.width, &before_.height);
    const GLFWvidmode* mode = glfwGetVideoMode(monitor);
    glfwSetWindowMonitor(window, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
  }

 private:
  // The screen that holds the window's centre: a teacher moves it to the projector first.
  static GLFWmonitor* monitor_under(GLFWwindow* window) {
    Area area;
    glfwGetWindowPos(window, &area.x, &area.y);
    glfwGetWindowSize(window, &area.width, &area.height);
    const int x = area.x + area.width / 2;
    const int y = area.y + area.height / 2;
    int count = 0;
    GLFWmonitor** monitors = glfwGetMonitors(&count);
    for (int i = 0; i < count; ++i) {
      Area screen;
      glfwGetMonitorWorkarea(monitors[i], &screen.x, &screen.y, &screen.width, &screen.height);
      const bool is_under = x >= screen.x && x < screen.x + screen.width && y >= screen.y &&
                            y < screen.y + screen.height;
      if (is_under) return monitors[i];
    }
    return glfwGetPrimaryMonitor();
  }

  Area before_;
};

bool is_modifier(int key) {
  return key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER;
}

void queue_key(GLFWwindow* window, int key, int scancode, int action, int modifiers) {
  if (action == GLFW_REPEAT) return;  // ImGui repeats held keys by itself
  static_cast<KeyQueue*>(glfwGetWindowUserPointer(window))
      ->push({.key = key,
              .scancode = scancode,
              .action = action,
              .modifiers = modifiers,
              .is_modifier = is_modifier(key)});
}

// ImGui's backends for GLFW and OpenGL, connected to a window.
class Backends {
 public:
  explicit Backends(GLFWwindow* window)
      : has_glfw_{ImGui_ImplGlfw_InitForOpenGL(window, true)},
        has_opengl_{ImGui_ImplOpenGL3_Init("#version 330 core")} {
    glfwSetWindowUserPointer(window, &keys_);
    glfwSetKeyCallback(window, queue_key);  // in place of ImGui's, which the queue calls
  }
  Backends(const Backends&) = delete;
  Backends& operator=(const Backends&) = delete;
  ~Backends() {
    if (has_opengl_) ImGui_ImplOpenGL3_Shutdown();
    if (has_glfw_) ImGui_ImplGlfw_Shutdown();
  }
  bool are_ready() const { return has_glfw_ && has_opengl_; }
  void forward_keys(GLFWwindow* window) {
    for (const KeyQueue::Event& event : keys_.take()) {
      ImGui_ImplGlfw_KeyCallback(window, event.key, event.scancode, event.action, event.modifiers);
    }
  }

 private:
  KeyQueue keys_;
  bool has_glfw_;
  bool has_opengl_;
};

bool draw_frame(Session& session, const Display& display, const FrameFunction& function,
                double seconds) {
  const Session::Fonts fonts = session.fit(display);
  ImGui_ImplOpenGL3_NewFrame();
  if (fonts == Session::Fonts::Reloaded) take_new_fonts();
  ImGui_ImplGlfw_NewFrame();
  const bool goes_on = session.draw(function, {.display = display.size, .seconds = seconds});
  const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(ink::kBackground);
  glViewport(0, 0, static_cast<int>(display.size.width * display.pixel_ratio),
             static_cast<int>(display.size.height * display.pixel_ratio));
  glClearColor(colour.x, colour.y, colour.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  return goes_on;
}

// Before the buffers are swapped.
RgbaImage picture_of(const Display& display) {
  const PixelSize size{.width = static_cast<int>(display.size.width * display.pixel_ratio),
                       .height = static_cast<int>(display.size.height * display.pixel_ratio)};
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(size.width) * 4 *
                                   static_cast<std::size_t>(size.height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, size.width, size.height, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
  return image_of_rows_from_below(size, pixels);
}

void run_frames(GLFWwindow* window, Session& session, Backends& backends,
                std::optional<Area>& place, const FrameFunction& function,
                const WindowPictures& pictures) {
  FullScreen full_screen;
  double last = glfwGetTime();
  bool goes_on = true;
  while (goes_on && glfwWindowShouldClose(window) == GLFW_FALSE) {
    const double since_last = glfwGetTime() - last;
    if (since_last < kShortestFrame) glfwWaitEventsTimeout(kShortestFrame - since_last);
    glfwPollEvents();
    const Display display = display_of(window);
    if (display.size.width < 1 || display.pixel_ratio <= 0) {  // minimised
      glfwWaitEvents();
      continue;
    }
    backends.forward_keys(window);
    if (const auto here = place_of(window)) place = here;
    const double now = glfwGetTime();
    goes_on = draw_frame(session, display, function, now - last);
    last = now;
    if (pictures.is_wanted && pictures.is_wanted()) pictures.take(picture_of(display));
    if (session.fits(display)) glfwSwapBuffers(window);
    if (is_shortcut_pressed(Key::F11)) full_screen.toggle(window);
  }
}

}  // namespace

std::optional<PlatformError> run_window(const std::string& title, std::optional<WindowPlace>& place,
                                        const FrameFunction& function,
                                        const WindowPictures& pictures) {
#if !defined(_WIN32) && !defined(__APPLE__)
  if (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr) {
    return PlatformError{"no display: neither DISPLAY nor WAYLAND_DISPLAY is set"};
  }
#endif
  const Glfw glfw;
  if (!glfw.is_ready) return glfw_failed("no display");
  const Window window = open_window(title, place);
  if (window == nullptr) return glfw_failed("no window with OpenGL 3.3");
  Session session;
  Backends backends{window.get()};
  if (!backends.are_ready()) return PlatformError{"ImGui's OpenGL backend did not start"};
  run_frames(window.get(), session, backends, place, function, pictures);
  return std::nullopt;
}

}  // namespace linger::viz
