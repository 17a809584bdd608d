#include "viz/kept_file.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace linger::viz {
namespace {

// A larger file is not one of ours.
constexpr std::uintmax_t kLargestFile = 1'000'000;

// A file that is there may only be replaced if it is one like ours.
bool may_replace(const std::filesystem::path& file) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) return true;
  if (!std::filesystem::is_regular_file(status)) return false;
  const auto size = std::filesystem::file_size(file, error);
  return !error && size <= kLargestFile;
}

}  // namespace

std::string read_kept(const std::string& file) {
  if (file.empty() || !may_replace(file)) return {};
  std::ifstream in{file, std::ios::binary};
  if (!in) return {};
  return {std::istreambuf_iterator<char>{in}, {}};
}

bool write_kept(std::string_view text, const std::string& file) {
  if (file.empty() || !may_replace(file)) return false;
  const std::filesystem::path path{file};
  const std::filesystem::path beside = file + ".new";
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  {
    std::ofstream out{beside, std::ios::binary | std::ios::trunc};
    out << text;
    out.close();
    if (!out) {
      std::filesystem::remove(beside, error);
      return false;
    }
  }
  std::filesystem::rename(beside, path, error);
  if (!error) return true;
  std::filesystem::remove(beside, error);
  return false;
}

}  // namespace linger::viz
