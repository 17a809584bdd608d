#include "viz/pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/platform/offscreen.h"
#include "viz/viewer_moves.h"
#include "viz/viewer_panel.h"

namespace linger::viz {
namespace {

// A wait of more pictures than this is left out, but for the last few.
constexpr int kLongestWait = 12;
constexpr int kLeadIn = 3;
constexpr int kMostFrames = 600;
// ImGui needs some frames until its layout has settled.
constexpr int kFramesOfAPicture = 3;

// What the keyboard and the mouse ask for does not matter: there is nobody.
FrameFunction drawing(const ViewerState& state) {
  return [&state](const Frame& frame) {
    draw_viewer_panel(state, frame.display);
    return true;
  };
}

// When the next picture is due: later, if nothing happens for long.
core::Instant next_picture(const ViewerState& state, core::Duration every) {
  const core::Instant next = state.shown_at + every;
  const auto due = state.timeline().next_at();
  if (!due || *due - next < every * kLongestWait) return next;
  const auto pictures_until_due = (*due - state.shown_at) / every;
  return state.shown_at + every * (pictures_until_due - kLeadIn);
}

std::string file_name(int number, core::Instant at) {
  std::string time = sim::instant_text(at);
  std::erase(time, ' ');
  return fmt::format("frame_{:04}_{}.png", number, time);
}

}  // namespace

std::optional<PlatformError> write_screenshot(const ViewerState& state, PixelSize size,
                                              const std::filesystem::path& path) {
  const auto rendered = render_offscreen(size, drawing(state), kFramesOfAPicture);
  if (const auto* error = std::get_if<PlatformError>(&rendered)) return *error;
  return write_png(path, std::get<RgbaImage>(rendered));
}

void keep_picture(ViewerState& state, const RgbaImage& image) {
  if (!state.wanted_picture) return;
  const std::string path = *std::exchange(state.wanted_picture, std::nullopt);
  const auto error = write_png(path, image);
  say(state, error ? tr("cannot write {}", path) : tr("saved as {}", path));
}

std::variant<WrittenFrames, PlatformError> write_frames(ViewerState& state,
                                                        const FrameSeries& series) {
  auto opened = OffscreenRenderer::open(series.size);
  if (const auto* error = std::get_if<PlatformError>(&opened)) return *error;
  auto& renderer = std::get<OffscreenRenderer>(opened);
  WrittenFrames written;
  while (written.count < kMostFrames) {
    const RgbaImage image = renderer.render(drawing(state), kFramesOfAPicture);
    const std::string name = file_name(++written.count, state.shown_at);
    if (auto error = write_png(series.folder / name, image)) return std::move(*error);
    if (state.timeline().is_over() || !state.error.empty()) return written;
    // Nobody answers: a question is seen once.
    while (open_question(state)) handle(state, SkipQuestion{});
    handle(state, SeekTime{next_picture(state, series.every)});
  }
  written.is_whole_run = false;
  return written;
}

}  // namespace linger::viz
