#include "sim/cli/scenario_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "sim/scenario_folder.h"

namespace linger::sim::cli {

namespace fs = std::filesystem;

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
      const std::vector<fs::path> below = scenarios_below(path, error);
      if (error) errors.push_back({path, 0, 0, "cannot be read: " + error.message(), ""});
      if (!error && below.empty()) {
        errors.push_back({path, 0, 0, "there is no scenario in this directory",
                          "scenarios are files whose names end in .toml"});
      }
      for (const fs::path& file : below) files.push_back(file.lexically_normal().string());
    }
  }
  if (!errors.empty()) return errors;
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

}  // namespace linger::sim::cli
