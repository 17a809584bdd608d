// Every scenario in scenarios/: its expectations hold, each of them can fail, it asks and offers
// what the run bears out, and its trace is the one it always gave, whatever the compiler, the
// optimisation or the sanitizers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/codec_mark.h"
#include "sim/digest.h"
#include "sim/lesson_run.h"
#include "sim/lesson_texts.h"
#include "sim/query_parser.h"
#include "sim/runner.h"
#include "sim/scenario_folder.h"
#include "sim/scenario_overrides.h"
#include "sim/scenario_parser.h"

namespace linger::sim {
namespace {

namespace fs = std::filesystem;

const fs::path kSource{LINGER_SOURCE_DIR};
const std::string kFolder = "scenarios/";
const fs::path kDigests = kSource / "tests" / "golden" / "digests.txt";

// As the top of the file names them. Each test is a process of its own that lists all lessons, so
// that none is parsed for that.
std::vector<std::string> releases_of(const fs::path& file) {
  std::vector<std::string> releases;
  std::ifstream lines{file};
  for (std::string line; std::getline(lines, line) && !line.starts_with('[');) {
    if (!line.starts_with("era ")) continue;
    std::istringstream words{line};
    for (std::string word; std::getline(words, word, '"') && std::getline(words, word, '"');) {
      releases.push_back(word);
    }
  }
  return releases;
}

// A path, and behind an @ the release if the scenario holds in several: "scenarios/a/b.toml@2.8".
void add_in_its_releases(const std::string& path, std::vector<std::string>& lessons) {
  const std::vector<std::string> releases = releases_of(kSource / path);
  lessons.push_back(path);
  for (std::size_t i = 1; i < releases.size(); ++i) lessons.push_back(path + "@" + releases[i]);
}

std::vector<std::string> files() {
  std::vector<std::string> paths;
  std::error_code error;
  for (const fs::path& file : scenarios_below(kSource / kFolder, error)) {
    paths.push_back(fs::relative(file, kSource).generic_string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> lessons() {
  std::vector<std::string> lessons;
  for (const std::string& file : files()) add_in_its_releases(file, lessons);
  return lessons;
}

Scenario load(const std::string& lesson) {
  const std::size_t at = lesson.find('@');
  const std::string release = at == std::string::npos ? "" : lesson.substr(at + 1);
  const ParsedScenario parsed = load_scenario((kSource / lesson.substr(0, at)).string(), release);
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&parsed)) {
    ADD_FAILURE() << text(errors->front());
    return {};
  }
  return std::get<Scenario>(parsed);
}

RunResult play(Scenario scenario) {
  return run(std::make_shared<const Scenario>(std::move(scenario)), {.checks_laws = true});
}

std::map<std::string, std::string> golden_digests() {
  std::map<std::string, std::string> digests;
  std::ifstream file{kDigests};
  for (std::string path, digest; file >> path >> digest;) digests[path] = digest;
  return digests;
}

class Lesson : public testing::TestWithParam<std::string> {};

TEST_P(Lesson, HoldsWhatItPromises) {
  const Scenario scenario = load(GetParam());
  if (!scenario.releases.empty()) {
    const std::string file = GetParam().substr(0, GetParam().find('@'));
    EXPECT_EQ(releases_of(kSource / file), scenario.releases);
  }
  const RunResult result = play(scenario);
  EXPECT_FALSE(result.verdicts.empty()) << "a lesson without an expectation checks nothing";
  for (const Verdict& verdict : result.verdicts) {
    EXPECT_TRUE(verdict.holds) << GetParam() << ":" << verdict.line << ": " << verdict.values;
  }
  for (const BrokenLaw& law : result.broken_laws) ADD_FAILURE() << law.name << ": " << law.what;
}

TEST_P(Lesson, HasNoExpectationThatHoldsTurnedRound) {
  Scenario altered = load(GetParam());
  for (Expectation& expectation : altered.expectations) {
    const std::string query = "not (" + expectation.query.text() + ")";
    expectation.query = std::get<Query>(parse_condition(query));
  }
  const RunResult result = play(std::move(altered));
  EXPECT_FALSE(result.is_good());
  for (const Verdict& verdict : result.verdicts) {
    EXPECT_FALSE(verdict.holds) << GetParam() << ":" << verdict.line << ": " << verdict.values;
  }
}

TEST_P(Lesson, IsToldWithMomentsThatAreReached) {
  const Scenario scenario = load(GetParam());
  EXPECT_FALSE(scenario.lesson.title.empty());
  EXPECT_FALSE(scenario.lesson.text.empty());
  EXPECT_FALSE(scenario.narration.empty());
  std::vector<bool> reached(scenario.narration.size());
  run(std::make_shared<const Scenario>(scenario), {}, [&](const TraceEvent& event) {
    if (const auto* told = event.as<NarrationReached>()) {
      reached[static_cast<std::size_t>(told->index)] = true;
    }
  });
  for (std::size_t i = 0; i < reached.size(); ++i) {
    EXPECT_TRUE(reached[i]) << "never told: " << scenario.narration[i].text;
  }
}

TEST_P(Lesson, AsksAndOffersSomethingAndTheRunAnswers) {
  const auto scenario = std::make_shared<const Scenario>(load(GetParam()));
  EXPECT_FALSE(scenario->questions.empty()) << "this lesson asks nothing";
  EXPECT_FALSE(scenario->what_ifs.empty()) << "this lesson offers no what-if";
  for (const LessonMistake& mistake : check_lesson(scenario)) {
    ADD_FAILURE() << GetParam() << ":" << mistake.line << ": " << mistake.what;
  }
}

// What is right is what the run comes to: a choice that is given another's condition is not.
TEST_P(Lesson, HasQuestionsWhoseAnswersAreNotWrittenDown) {
  const Scenario scenario = load(GetParam());
  Scenario altered = scenario;
  for (Question& question : altered.questions) {
    std::rotate(question.choices.begin(), question.choices.begin() + 1, question.choices.end());
  }
  const auto usual = lesson_outcome(std::make_shared<const Scenario>(scenario));
  const auto turned = lesson_outcome(std::make_shared<const Scenario>(altered));
  for (std::size_t i = 0; i < scenario.questions.size(); ++i) {
    ASSERT_TRUE(usual.questions[i].right_choice() && turned.questions[i].right_choice());
    EXPECT_EQ(*usual.questions[i].right_choice(),
              (*turned.questions[i].right_choice() + 1) % scenario.questions[i].choices.size());
  }
}

// With UPDATE_GOLDEN=1 in the environment the digests are written instead of compared.
TEST_P(Lesson, GivesTheTraceItAlwaysGave) {
  const Scenario scenario = load(GetParam());
  const std::string digest = digest_text(play(scenario).digests.whole());
  // What a codec makes of some bytes is its library's affair: no digest holds everywhere.
  if (!codec_mark(scenario).empty()) {
    EXPECT_EQ(digest, digest_text(play(scenario).digests.whole())) << "two runs differ";
    return;
  }
  auto golden = golden_digests();
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    golden[GetParam()] = digest;
    std::ofstream file{kDigests};
    for (const auto& [path, value] : golden) file << path << ' ' << value << '\n';
    return;
  }
  EXPECT_EQ(digest, golden[GetParam()])
      << "if the trace is meant to change, run with UPDATE_GOLDEN=1 and say in the commit why";
}

// The files themselves, whatever releases they hold in.
class LessonFile : public testing::TestWithParam<std::string> {};

// What it shows may be otherwise then, or not at all.
TEST_P(LessonFile, ComesToAnEndWithTheClientOfEachRelease) {
  int played = 0;
  for (const core::Preset& preset : core::presets()) {
    const auto altered = with_overrides(load(GetParam()), {.era = std::string{preset.name}});
    const auto* overridden = std::get_if<Overridden>(&altered);
    if (overridden == nullptr) continue;  // its settings do not fit
    const RunResult result = run(std::make_shared<const Scenario>(overridden->scenario));
    EXPECT_NE(result.why, "limit") << preset.name;
    ++played;
  }
  EXPECT_GT(played, 1);
}

TEST_P(LessonFile, SaysTheSameInChinese) {
  const auto texts = chinese_texts((kSource / GetParam()).string());
  const auto* errors = std::get_if<std::vector<ParseError>>(&texts);
  EXPECT_EQ(errors, nullptr) << text(*errors);
}

// The table in README.md is the path from easy to hard: all lessons, in their order.
TEST(Lessons, StandInTheReadmeInTheirOrder) {
  std::vector<std::pair<std::int32_t, std::string>> path;
  for (const std::string& file : files()) {
    const std::string name = file.substr(kFolder.size(), file.size() - kFolder.size() - 5);
    path.emplace_back(load(file).lesson.order, name);
  }
  std::sort(path.begin(), path.end());
  std::vector<std::string> in_order;
  for (const auto& [order, name] : path) {
    EXPECT_GT(order, 0) << name << " has no place on the path";
    in_order.push_back(name);
  }
  std::vector<std::string> in_readme;
  std::ifstream readme{kSource / "README.md"};
  for (std::string line; std::getline(readme, line);) {
    const bool is_row = line.starts_with("| `") && line.find("/") < line.find("` |");
    if (is_row) in_readme.push_back(line.substr(3, line.find("` |") - 3));
  }
  EXPECT_EQ(in_readme, in_order);
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  const std::size_t at = info.param.find('@');
  std::string name = fs::path{info.param.substr(0, at)}.stem().string();
  if (at != std::string::npos) name += "_in_" + info.param.substr(at + 1);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Lesson, testing::ValuesIn(lessons()), test_name);
INSTANTIATE_TEST_SUITE_P(Scenarios, LessonFile, testing::ValuesIn(files()), test_name);

}  // namespace
}  // namespace linger::sim
