#include "viz/platform/image.h"

#include <cstddef>
#include <fstream>
#include <string>
#include <system_error>

#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>

#include "core/check.h"

namespace linger::viz {
namespace {

void append_bytes(void* context, void* data, int size) {
  const char* bytes = static_cast<const char*>(data);
  static_cast<std::string*>(context)->append(bytes, static_cast<std::size_t>(size));
}

std::string png_bytes(const RgbaImage& image) {
  const auto [width, height] = image.size;
  std::string png;
  const int written =
      stbi_write_png_to_func(append_bytes, &png, width, height, 4, image.pixels.data(), width * 4);
  CHECK(written != 0);
  return png;
}

bool write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file.good();
}

PlatformError cannot_write(const std::filesystem::path& path, const std::string& reason) {
  return {"cannot write " + path.string() + (reason.empty() ? "" : ": " + reason)};
}

}  // namespace

RgbaImage image_of_rows_from_below(PixelSize size, const std::vector<std::uint8_t>& pixels) {
  const std::size_t row = static_cast<std::size_t>(size.width) * 4;
  const auto rows = static_cast<std::size_t>(size.height);
  CHECK(pixels.size() == row * rows);
  RgbaImage image{.size = size, .pixels = {}};
  image.pixels.reserve(pixels.size());
  for (std::size_t y = rows; y-- > 0;) {
    const auto begin = pixels.begin() + static_cast<std::ptrdiff_t>(y * row);
    image.pixels.insert(image.pixels.end(), begin, begin + static_cast<std::ptrdiff_t>(row));
  }
  for (std::size_t i = 3; i < image.pixels.size(); i += 4) image.pixels[i] = 255;
  return image;
}

std::optional<PlatformError> write_png(const std::filesystem::path& path, const RgbaImage& image) {
  const auto [width, height] = image.size;
  CHECK(width > 0 && height > 0);
  CHECK(image.pixels.size() ==
        std::size_t{4} * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error) return cannot_write(path, error.message());

  std::filesystem::path temporary = path;
  temporary += ".part";
  if (!write_file(temporary, png_bytes(image))) {
    std::filesystem::remove(temporary, error);
    return cannot_write(path, "");
  }
  std::filesystem::rename(temporary, path, error);
  if (!error) return std::nullopt;
  std::error_code ignored;
  std::filesystem::remove(temporary, ignored);
  return cannot_write(path, error.message());
}

}  // namespace linger::viz
