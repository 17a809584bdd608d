// Every lesson as a file that a user plays, and what becomes of it when a promise of it is altered.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "linger_fixture.h"
#include "sim/scenario_folder.h"

namespace linger {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lessons() {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& file : sim::scenarios_below(LINGER_SOURCE_DIR "/scenarios", error)) {
    files.push_back(file.string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The lesson with one of its expectations turned round.
std::string turned_round(std::string toml) {
  const std::string begin = "\nthat = \"";
  const auto query = toml.find(begin) + begin.size();
  toml.insert(toml.find('"', query), ")");
  return toml.insert(query, "not (");
}

class LessonFile : public Linger, public testing::WithParamInterface<std::string> {};

TEST_P(LessonFile, ExitsWithOneIfAnExpectationIsTurnedRound) {
  std::ifstream file{GetParam(), std::ios::binary};
  const std::string toml{std::istreambuf_iterator<char>{file}, {}};
  place_.write("lesson.toml", toml);
  EXPECT_EQ(linger("check lesson.toml").exit_code, 0);
  place_.write("lesson.toml", turned_round(toml));
  const CommandResult result = linger("check lesson.toml --quiet");
  EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
  EXPECT_TRUE(has(result.out, "does not hold: not (")) << result.out << result.err;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = fs::path{info.param}.stem().string();
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Scenarios, LessonFile, testing::ValuesIn(lessons()), test_name);

}  // namespace
}  // namespace linger
