#include "viz/file_watch.h"

#include <system_error>
#include <utility>

namespace linger::viz {

bool FileWatch::has_changed(const std::string& file) {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(file, error);
  if (error) return false;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) return false;
  const bool is_another_file = std::exchange(file_, file) != file;
  const bool is_otherwise = std::exchange(written_, written) != written;
  const bool is_larger = std::exchange(size_, size) != size;
  return !is_another_file && (is_otherwise || is_larger);
}

}  // namespace linger::viz
