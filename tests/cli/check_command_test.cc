// `linger check`, as a user runs it.
#include <gtest/gtest.h>

#include <string>

#include "linger_fixture.h"

namespace linger {
namespace {

class CheckCommand : public Linger {
 protected:
  CheckCommand() {
    place_.write("all/b/second.toml", kGood);
    place_.write("all/a/first.toml", kGood);
    place_.write("all/README.md", "no scenario");
  }
};

TEST_F(CheckCommand, ListsEveryScenarioInTheOrderOfPaths) {
  const CommandResult result = linger("check all");
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_TRUE(result.out.starts_with("ok  all/a/first.toml   A small one  ")) << result.out;
  EXPECT_TRUE(has(result.out, "\nok  all/b/second.toml  A small one  ")) << result.out;
  EXPECT_TRUE(has(result.out, "  3 records  ")) << result.out;
  EXPECT_TRUE(result.out.ends_with("2 passed, 0 failed\n")) << result.out;
  EXPECT_EQ(result.err, "");
}

TEST_F(CheckCommand, SaysTheSameWithOneJobAsWithMany) {
  EXPECT_EQ(linger("check all --jobs 1").out, linger("check all --jobs 4").out);
}

TEST_F(CheckCommand, ChecksRandomScenariosAndEachShardItsPart) {
  const CommandResult whole = linger("check --random 40 --seed 7");
  EXPECT_EQ(whole.exit_code, 0) << whole.out << whole.err;
  EXPECT_EQ(whole.out, "40 random scenarios checked, 0 broke a law\n");
  EXPECT_EQ(linger("check --random 40 --seed 7 --shard 3/3 --jobs 1").out,
            "13 random scenarios checked, 0 broke a law\n");
}

TEST_F(CheckCommand, RefusesRandomScenariosThatMakeNoSense) {
  expect_refused("check --random 0", "--random");
  expect_refused("check --random 5 all", "excludes");
  expect_refused("check --random 5 --shard 4/3", "'4/3' is no part of a whole; such as 1/4, 4/4");
  expect_refused("check --random 5 --shard x", "'x' is no part of a whole");
  expect_refused("check --random 5 --out nowhere", "nowhere");
  expect_refused("check --seed 5 all", "--random");
}

TEST_F(CheckCommand, CountsAFileNamedTwiceOnce) {
  EXPECT_TRUE(linger("check all all/a/first.toml good.toml").out.ends_with("3 passed, 0 failed\n"));
}

TEST_F(CheckCommand, RefusesChineseTextsThatDoNotFitAndTakesNoneForAScenario) {
  place_.write("all/a/first.zh.toml", "[lesson]\ntitle = \"一个小场景\"\n");
  EXPECT_EQ(linger("check all").exit_code, 0);
  EXPECT_TRUE(linger("check all").out.ends_with("2 passed, 0 failed\n"));
  place_.write("all/a/first.zh.toml", "[lesson]\nname = \"一个小场景\"\n");
  const CommandResult result = linger("check all");
  EXPECT_EQ(result.exit_code, 2) << result.out << result.err;
  EXPECT_TRUE(has(result.out, "all/a/first.zh.toml:2:1: error: ")) << result.out;
}

TEST_F(CheckCommand, PlaysAScenarioInEachOfItsEras) {
  place_.write("all/c.toml", "era = [\"3.9\", \"0.10.2\"]\n" + std::string{kGood} +
                                 "[[expect]]\nera = \"0.10.2\"\nthat = \"records.failed == 2\"\n");
  const CommandResult result = linger("check all");
  EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
  EXPECT_TRUE(has(result.out, "\nok    all/c.toml in 3.9 ")) << result.out;
  EXPECT_TRUE(has(result.out, "\nFAIL  all/c.toml in 0.10.2 ")) << result.out;
  EXPECT_TRUE(result.out.ends_with("3 passed, 1 failed\n")) << result.out;
}

TEST_F(CheckCommand, SaysBelowTheLineWhatFails) {
  place_.write("all/c.toml", std::string{kGood} + "[[expect]]\nthat = \"records.failed == 2\"\n");
  const CommandResult result = linger("check all");
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_TRUE(has(result.out, "FAIL  all/c.toml")) << result.out;
  EXPECT_TRUE(has(result.out, "\n        all/c.toml:16: does not hold: records.failed == 2\n"))
      << result.out;
  EXPECT_TRUE(result.out.ends_with("2 passed, 1 failed\n")) << result.out;
}

TEST_F(CheckCommand, ChecksThatQuestionsHaveOneRightChoiceAndWhatIfsComeToWhatTheySay) {
  const std::string good = std::string{"warm = true\n"} + kGood;
  const std::string ask =
      "[[ask]]\nat = \"0ms\"\ntext = \"How many?\"\nanswer = \"records.sent\"\n";
  const std::string what_if = "[[what_if]]\ntext = \"?\"\nset = { linger.ms = 0 }\n";
  place_.write("all/c.toml",
               good + ask + "choices = [2, 3]\n" + what_if + "then = \"batches.opened == 3\"\n");
  EXPECT_EQ(linger("check all").exit_code, 0);
  place_.write("all/c.toml",
               good + ask + "choices = [2, 4]\n" + what_if + "then = \"batches.opened == 9\"\n");
  const CommandResult result = linger("check all");
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_TRUE(has(result.out,
                  "all/c.toml:17: question: none of its choices is right: the answer is "
                  "3\n"))
      << result.out;
  EXPECT_TRUE(has(result.out, "all/c.toml:22: what-if: does not come to what it says: "))
      << result.out;
}

TEST_F(CheckCommand, GoesOnBehindABrokenFile) {
  place_.write("all/a/broken.toml", "[[thread]\n");
  const CommandResult result = linger("check all");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(has(result.out, "FAIL  all/a/broken.toml")) << result.out;
  EXPECT_TRUE(has(result.out, "        all/a/broken.toml:1:")) << result.out;
  EXPECT_TRUE(result.out.ends_with("2 passed, 1 failed\n")) << result.out;
}

TEST_F(CheckCommand, QuietlyListsOnlyFailures) {
  place_.write("all/c.toml", std::string{kGood} + "[[expect]]\nthat = \"records.failed == 2\"\n");
  const CommandResult result = linger("check all --quiet");
  EXPECT_TRUE(result.out.starts_with("FAIL  all/c.toml")) << result.out;
}

TEST_F(CheckCommand, RefusesWhatHoldsNoScenario) {
  place_.write("none/README.md", "nothing here");
  expect_refused("check", "PATH");
  expect_refused("check none", "none: error: there is no scenario in this directory");
  expect_refused("check all missing", "missing: error: there is no such file or directory");
  expect_refused("check all --jobs 0", "--jobs");
}

}  // namespace
}  // namespace linger
