#include "sim/scenario_folder.h"

#include <algorithm>

namespace linger::sim {

namespace fs = std::filesystem;

namespace {

constexpr const char* kEnding = ".toml";
constexpr const char* kChineseEnding = ".zh.toml";

}  // namespace

bool is_scenario_file(const fs::path& path) {
  return path.extension() == kEnding && !path.filename().string().ends_with(kChineseEnding);
}

fs::path chinese_texts_of(const fs::path& scenario) {
  return fs::path{scenario}.replace_extension(kChineseEnding);
}

std::vector<fs::path> scenarios_below(const fs::path& folder, std::error_code& error) {
  std::vector<fs::path> files;
  fs::recursive_directory_iterator entry{folder, error};
  for (; !error && entry != fs::recursive_directory_iterator{}; entry.increment(error)) {
    std::error_code ignored;
    if (is_scenario_file(entry->path()) && entry->is_regular_file(ignored)) {
      files.push_back(entry->path());
    }
  }
  if (error) return {};
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace linger::sim
