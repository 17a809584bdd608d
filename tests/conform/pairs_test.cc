// Every pair of tests/conformance: what the real producer was seen to do, and what ours does.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "sim/conform/pair.h"
#include "sim/conform/scenario_reader.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"
#include "support/same_scenario.h"

namespace linger::sim::conform {
namespace {

namespace fs = std::filesystem;

// Pairs that do not agree yet, and why: the one place that says so. When one of them agrees, this
// test fails until its line is gone.
struct KnownDivergence {
  std::string_view pair;
  std::string_view cause;
};
constexpr std::array<KnownDivergence, 0> kKnown{};

std::string content_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

// Each test is a process of its own that lists all of them: none is read for that.
struct Case {
  std::string name;  // "3.9/acks0"
  fs::path stem;     // without ".scenario" or ".trace"
};
void PrintTo(const Case& tested, std::ostream* out) {
  *out << tested.name;
}

std::vector<Case> cases() {
  const fs::path top = fs::path{LINGER_SOURCE_DIR} / "tests" / "conformance";
  std::vector<Case> all;
  for (const auto& entry : fs::recursive_directory_iterator{top}) {
    if (entry.path().extension() != ".scenario") continue;
    fs::path stem = entry.path();
    stem.replace_extension("");
    all.push_back({stem.lexically_relative(top).generic_string(), stem});
  }
  std::sort(all.begin(), all.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
  return all;
}

Pair pair_of(const Case& tested) {
  const std::string stem = tested.stem.string();
  const std::string scenario = stem + ".scenario";
  return {stem, *era_of_folder(scenario), content_of(scenario), content_of(stem + ".trace")};
}

class ConformancePairs : public testing::TestWithParam<Case> {};

TEST_P(ConformancePairs, AgreesWithTheRealProducerUnlessListed) {
  const Case& tested = GetParam();
  const Played played = play(pair_of(tested));
  const bool agrees = played.verdict == Played::Verdict::Agrees;
  const auto known = std::find_if(kKnown.begin(), kKnown.end(), [&](const KnownDivergence& one) {
    return one.pair == tested.name;
  });
  if (known != kKnown.end()) {
    EXPECT_FALSE(agrees) << tested.name << " agrees: take it from the list";
  } else {
    EXPECT_TRUE(agrees) << played.text;
  }
}

// There is one kind of scenario: whatever an observation uses can be written as TOML.
TEST_P(ConformancePairs, IsTheSameScenarioWhenItIsWrittenAsToml) {
  const Pair pair = pair_of(GetParam());
  const auto read = read_scenario(pair.scenario, pair.name, pair.era);
  ASSERT_TRUE(std::holds_alternative<ObservedScenario>(read));
  const Scenario& scenario = std::get<ObservedScenario>(read).scenario;
  const std::string text = scenario_text(scenario);
  const ParsedScenario again = parse_scenario(text, "written.toml");
  const auto* errors = std::get_if<std::vector<ParseError>>(&again);
  ASSERT_EQ(errors, nullptr) << sim::text(*errors) << text;
  EXPECT_TRUE(are_same(std::get<Scenario>(again), scenario)) << text;
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '/' || c == '.'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Observed, ConformancePairs, testing::ValuesIn(cases()), name_of);

TEST(ConformancePairsList, NamesPairsThatExist) {
  const std::vector<Case> all = cases();
  for (const KnownDivergence& known : kKnown) {
    EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                            [&](const Case& tested) { return tested.name == known.pair; }))
        << known.pair << ": " << known.cause;
  }
}

}  // namespace
}  // namespace linger::sim::conform
