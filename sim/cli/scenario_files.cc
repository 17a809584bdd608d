#include "sim/cli/scenario_files.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

namespace linger::sim::cli {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> files_below(const fs::path& directory, std::error_code& error) {
  std::vector<std::string> files;
  fs::recursive_directory_iterator entry{directory, error};
  for (; !error && entry != fs::recursive_directory_iterator{}; entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().extension() == ".toml" && entry->is_regular_file(ignored)) {
      files.push_back(entry->path().lexically_normal().string());
    }
  }
  return files;
}

}  // namespace

std::variant<std::vector<std::string>, std::vector<ParseError>> find_scenarios(
    const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  std::vector<ParseError> errors;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error)) {
      errors.push_back({path, 0, 0, "there is no such file or directory", "check its path"});
    } else if (!fs::is_directory(path, error)) {
      files.push_back(path);
    } else {
      std::vector<std::string> below = files_below(path, error);
      if (error) errors.push_back({path, 0, 0, "cannot be read: " + error.message(), ""});
      if (!error && below.empty()) {
        errors.push_back({path, 0, 0, "there is no scenario in this directory",
                          "scenarios are files whose names end in .toml"});
      }
      std::move(below.begin(), below.end(), std::back_inserter(files));
    }
  }
  if (!errors.empty()) return errors;
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

}  // namespace linger::sim::cli
