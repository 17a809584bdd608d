// The scenarios in a folder.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace linger::sim {

// NAME.toml is a scenario; NAME.zh.toml beside it is what it says in another language.
bool is_scenario_file(const std::filesystem::path& path);
std::filesystem::path chinese_texts_of(const std::filesystem::path& scenario);

// The scenario files below a folder, sorted. Empty, and the error is set, if it cannot be read.
std::vector<std::filesystem::path> scenarios_below(const std::filesystem::path& folder,
                                                   std::error_code& error);

}  // namespace linger::sim
