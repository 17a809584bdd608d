#include "viz/platform/offscreen.h"

#include <optional>
#include <string>
#include <utility>

#include "core/check.h"

#if LINGER_HAS_EGL

#include <EGL/egl.h>
#include <EGL/eglext.h>
#define GL_GLEXT_PROTOTYPES
#include <GL/glcorearb.h>
#include <imgui.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "viz/platform/imgui_backends.h"
#include "viz/platform/session.h"

namespace linger::viz {
namespace {

constexpr double kFrameSeconds = 1.0 / 60;

// An OpenGL context that draws to no surface. The display stays open for the next one, as EGL
// allows: closing it unloads a driver that does not give all its memory back.
class EglContext {
 public:
  EglContext() = default;
  EglContext(const EglContext&) = delete;
  EglContext& operator=(const EglContext&) = delete;
  ~EglContext() {
    if (display_ == EGL_NO_DISPLAY) return;
    eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    if (context_ != EGL_NO_CONTEXT) eglDestroyContext(display_, context_);
  }

  std::optional<PlatformError> open();
  void make_current() const { eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_); }

 private:
  EGLDisplay display_ = EGL_NO_DISPLAY;
  EGLContext context_ = EGL_NO_CONTEXT;
};

PlatformError egl_failed(const std::string& what) {
  std::array<char, 16> code{};
  std::snprintf(code.data(), code.size(), "0x%04x", static_cast<unsigned>(eglGetError()));
  return {"cannot draw pictures without a window: " + what + " failed (EGL error " + code.data() +
          "); are libegl1 and libgl1-mesa-dri installed?"};
}

std::optional<PlatformError> EglContext::open() {
  // A graphics card may round differently; the software renderer gives one picture everywhere.
  setenv("LIBGL_ALWAYS_SOFTWARE", "1", 0);
  const EGLDisplay display =
      eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
  if (display == EGL_NO_DISPLAY) return egl_failed("eglGetPlatformDisplay");
  if (eglInitialize(display, nullptr, nullptr) != EGL_TRUE) return egl_failed("eglInitialize");
  display_ = display;
  if (eglBindAPI(EGL_OPENGL_API) != EGL_TRUE) return egl_failed("eglBindAPI");

  constexpr std::array<EGLint, 5> kConfig{EGL_SURFACE_TYPE, EGL_DONT_CARE, EGL_RENDERABLE_TYPE,
                                          EGL_OPENGL_BIT, EGL_NONE};
  EGLConfig config = nullptr;
  EGLint found = 0;
  eglChooseConfig(display_, kConfig.data(), &config, 1, &found);
  if (found < 1) return egl_failed("eglChooseConfig");

  constexpr std::array<EGLint, 7> kVersion{EGL_CONTEXT_MAJOR_VERSION,
                                           3,
                                           EGL_CONTEXT_MINOR_VERSION,
                                           3,
                                           EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                           EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                           EGL_NONE};
  context_ = eglCreateContext(display_, config, EGL_NO_CONTEXT, kVersion.data());
  if (context_ == EGL_NO_CONTEXT) return egl_failed("eglCreateContext");
  make_current();
  return std::nullopt;
}

// What is drawn into instead of a window.
class Canvas {
 public:
  explicit Canvas(PixelSize size) : size_{size} {
    glGenRenderbuffers(1, &colours_);
    glBindRenderbuffer(GL_RENDERBUFFER, colours_);
    glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, size.width, size.height);
    glGenFramebuffers(1, &frame_);
    glBindFramebuffer(GL_FRAMEBUFFER, frame_);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colours_);
  }
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;
  ~Canvas() {
    glDeleteFramebuffers(1, &frame_);
    glDeleteRenderbuffers(1, &colours_);
  }

  bool is_complete() const {
    return glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
  }
  void clear() const {
    const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(ink::kBackground);
    glBindFramebuffer(GL_FRAMEBUFFER, frame_);
    glViewport(0, 0, size_.width, size_.height);
    glClearColor(colour.x, colour.y, colour.z, 1);
    glClear(GL_COLOR_BUFFER_BIT);
  }
  RgbaImage read() const;

 private:
  PixelSize size_;
  GLuint frame_ = 0;
  GLuint colours_ = 0;
};

RgbaImage Canvas::read() const {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(size_.width) * 4 *
                                   static_cast<std::size_t>(size_.height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, size_.width, size_.height, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
  return image_of_rows_from_below(size_, pixels);
}

}  // namespace

struct OffscreenRenderer::State {
  explicit State(PixelSize pixels) : size{pixels} {}
  ~State() {
    if (!has_backend) return;
    make_current();
    ImGui_ImplOpenGL3_Shutdown();
  }
  void make_current() const {
    egl.make_current();
    session.make_current();
  }
  std::optional<PlatformError> open();
  void draw_frame(const FrameFunction& function);

  PixelSize size;
  EglContext egl;
  std::optional<Canvas> canvas;
  Session session;
  bool has_backend = false;
  bool goes_on = true;
};

std::optional<PlatformError> OffscreenRenderer::State::open() {
  if (std::optional<PlatformError> error = egl.open()) return error;
  canvas.emplace(size);
  if (!canvas->is_complete()) return PlatformError{"no picture of this size can be drawn"};
  has_backend = ImGui_ImplOpenGL3_Init("#version 330 core");
  if (!has_backend) return PlatformError{"OpenGL 3.3 is not available"};
  return std::nullopt;
}

void OffscreenRenderer::State::draw_frame(const FrameFunction& function) {
  const Size display{static_cast<float>(size.width), static_cast<float>(size.height)};
  const Session::Fonts fonts = session.fit({.size = display});
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {display.width, display.height};
  io.DeltaTime = static_cast<float>(kFrameSeconds);
  ImGui_ImplOpenGL3_NewFrame();
  if (fonts == Session::Fonts::Reloaded) take_new_fonts();
  goes_on = session.draw(function, {.display = display, .seconds = kFrameSeconds});
  canvas->clear();
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

std::variant<OffscreenRenderer, PlatformError> OffscreenRenderer::open(PixelSize size) {
  CHECK(size.width > 0 && size.height > 0);
  auto state = std::make_unique<State>(size);
  if (std::optional<PlatformError> error = state->open()) return *error;
  return OffscreenRenderer{std::move(state)};
}

RgbaImage OffscreenRenderer::render(const FrameFunction& function, int frames) {
  CHECK(frames >= 1);
  state_->make_current();
  state_->goes_on = true;
  for (int i = 0; i < frames && state_->goes_on; ++i) state_->draw_frame(function);
  return state_->canvas->read();
}

#else

namespace linger::viz {

struct OffscreenRenderer::State {};

std::variant<OffscreenRenderer, PlatformError> OffscreenRenderer::open(PixelSize) {
  return PlatformError{"cannot draw pictures without a window: this program was built without EGL"};
}

RgbaImage OffscreenRenderer::render(const FrameFunction&, int) {
  CHECK(false);
  return {};
}

#endif

OffscreenRenderer::OffscreenRenderer(std::unique_ptr<State> state) : state_{std::move(state)} {}
OffscreenRenderer::OffscreenRenderer(OffscreenRenderer&&) noexcept = default;
OffscreenRenderer& OffscreenRenderer::operator=(OffscreenRenderer&&) noexcept = default;
OffscreenRenderer::~OffscreenRenderer() = default;

std::variant<RgbaImage, PlatformError> render_offscreen(PixelSize size,
                                                        const FrameFunction& function, int frames) {
  std::variant<OffscreenRenderer, PlatformError> opened = OffscreenRenderer::open(size);
  if (const auto* error = std::get_if<PlatformError>(&opened)) return *error;
  return std::get<OffscreenRenderer>(opened).render(function, frames);
}

}  // namespace linger::viz
