// A picture in memory, and how it becomes a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "viz/platform/frame.h"

namespace linger::viz {

struct PixelSize {
  int width = 0;
  int height = 0;
  friend bool operator==(const PixelSize&, const PixelSize&) = default;
};

// Rows from the top, four bytes a pixel: red, green, blue, alpha.
struct RgbaImage {
  PixelSize size;
  std::vector<std::uint8_t> pixels;
  friend bool operator==(const RgbaImage&, const RgbaImage&) = default;
};

// Of rows from the bottom, as OpenGL reads them. Blending leaves traces in alpha, but a screen is
// opaque. Requires: pixels.size() == 4 * width * height.
RgbaImage image_of_rows_from_below(PixelSize size, const std::vector<std::uint8_t>& pixels);

// Writes beside `path` first and renames, so that whoever looks at `path` sees a whole file or
// none. Creates missing folders. Requires: pixels.size() == 4 * width * height, and not empty.
std::optional<PlatformError> write_png(const std::filesystem::path& path, const RgbaImage& image);

}  // namespace linger::viz
