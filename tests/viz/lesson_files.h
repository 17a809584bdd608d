// The lessons' files, and runs of them without a viewer around.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/scenario_folder.h"
#include "sim/scenario_parser.h"
#include "sim/timeline.h"
#include "viz/lesson_path.h"

namespace linger::viz {

inline std::vector<std::string> lesson_files() {
  std::vector<std::string> files;
  const std::filesystem::path top{LINGER_SOURCE_DIR};
  std::error_code error;
  for (const auto& file : sim::scenarios_below(top / "scenarios", error)) {
    files.push_back(file.string());
  }
  return files;
}

// Run so many steps, or to its end.
inline sim::Timeline run_of_lesson(const std::string& file, std::int64_t steps) {
  sim::ParsedScenario parsed = sim::load_scenario(file);
  if (const auto* errors = std::get_if<std::vector<sim::ParseError>>(&parsed)) {
    throw std::invalid_argument{sim::text(*errors)};
  }
  sim::Timeline run{
      std::make_shared<const sim::Scenario>(std::get<sim::Scenario>(std::move(parsed)))};
  run.seek(steps);
  return run;
}

inline std::string test_name_of(const testing::TestParamInfo<std::string>& info) {
  std::string name = lesson_key(info.param);
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

}  // namespace linger::viz
