// `linger sweep`, as a user runs it.
#include <gtest/gtest.h>

#include <string>

#include "linger_fixture.h"

namespace linger {
namespace {

// Three records a millisecond apart, over connections that stand already.
class SweepCommand : public Linger {
 protected:
  SweepCommand() { place_.write("warm.toml", std::string{"warm = true\n"} + kGood); }
};

TEST_F(SweepCommand, RunsTheScenarioWithEachValue) {
  const CommandResult result = linger("sweep warm.toml --vary linger.ms=0,5");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(result.out.starts_with("linger.ms  acknowledged  failed  refused  requests"))
      << result.out;
  EXPECT_TRUE(
      has(result.out, "\n        0             3       0        0         3              1.0"))
      << result.out;
  EXPECT_TRUE(
      has(result.out, "\n        5             3       0        0         1              3.0"))
      << result.out;
}

TEST_F(SweepCommand, WritesFiguresAsCsvWithEachValueOfOneAndEachOfTheOther) {
  const CommandResult result =
      linger("sweep warm.toml --vary linger.ms=0,5 --vary batch.size=1,16384 --csv -");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(result.out.starts_with("linger.ms,batch.size,sent,acknowledged,failed,"))
      << result.out;
  for (const char* line : {"\n0,1,3,3,0,0,0,3,3,", "\n0,16384,3,3,0,0,0,3,3,",
                           "\n5,1,3,3,0,0,0,3,3,", "\n5,16384,3,3,0,0,0,1,3,"}) {
    EXPECT_TRUE(has(result.out, line)) << line << "\n" << result.out;
  }
}

TEST_F(SweepCommand, SaysTheSameWithOneJobAsWithMany) {
  const std::string sweep = "sweep warm.toml --vary linger.ms=0,1,2,3,4,5 --csv - --jobs ";
  EXPECT_EQ(linger(sweep + "1").out, linger(sweep + "4").out);
}

TEST_F(SweepCommand, WritesTheCsvToAFileAndShowsTheTable) {
  const CommandResult result = linger("sweep warm.toml --vary linger.ms=0 --csv out.csv");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(has(result.out, "records a batch")) << result.out;
  EXPECT_TRUE(place_.read("out.csv").starts_with("linger.ms,sent,")) << place_.read("out.csv");
}

TEST_F(SweepCommand, OtherSettingsMayBeGivenAsWithRun) {
  const CommandResult result =
      linger("sweep warm.toml --vary batch.size=1,16384 --set linger.ms=0 --csv -");
  EXPECT_TRUE(has(result.out, "\n16384,3,3,0,0,0,3,3,")) << result.out << result.err;
}

TEST_F(SweepCommand, RefusesWhatItCannotVary) {
  expect_refused("sweep warm.toml --vary linger.ms --csv out.csv", "'linger.ms' varies nothing");
  expect_refused("sweep warm.toml --vary linger.ms=1,,2", "has an empty value");
  expect_refused("sweep warm.toml --vary linger.ms=1,1", "the value 1 stands there twice");
  expect_refused("sweep warm.toml --vary linger.ms=1 --vary linger.ms=2", "is varied twice");
  expect_refused("sweep warm.toml --vary a=1 --vary b=1 --vary c=1", "more than two settings");
  expect_refused("sweep warm.toml --vary linger.ms=1,soon --csv out.csv", "soon");
  expect_refused("sweep none.toml --vary linger.ms=1", "none.toml");
}

}  // namespace
}  // namespace linger
