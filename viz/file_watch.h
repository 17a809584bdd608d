// Whether a file was changed by another program.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace linger::viz {

class FileWatch {
 public:
  // Since it was last asked about this file. False the first time, and where there is none.
  bool has_changed(const std::string& file);

 private:
  std::string file_;
  std::filesystem::file_time_type written_{};
  std::uintmax_t size_ = 0;
};

}  // namespace linger::viz
