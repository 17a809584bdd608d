// Pictures of a run, without a window.
#pragma once

#include <filesystem>
#include <optional>

#include "core/time.h"
#include "viz/platform/image.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// The viewer as it is.
std::optional<PlatformError> write_screenshot(const ViewerState& state, PixelSize size,
                                              const std::filesystem::path& path);

// Writes the picture that is wanted, and says where it is.
void keep_picture(ViewerState& state, const RgbaImage& image);

struct FrameSeries {
  std::filesystem::path folder;
  PixelSize size;
  core::Duration every{};
};
struct WrittenFrames {
  int count = 0;
  bool is_whole_run = true;  // else there were too many
};
// The run from where it is to its end. Where nothing happens for long, pictures are left out.
std::variant<WrittenFrames, PlatformError> write_frames(ViewerState& state,
                                                        const FrameSeries& series);

}  // namespace linger::viz
