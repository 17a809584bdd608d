// `linger explain`, `linger eras` and the command itself, as a user runs them.
#include <gtest/gtest.h>

#include <string>

#include "linger_fixture.h"

namespace linger {
namespace {

using ExplainCommand = Linger;
using Command = Linger;

TEST_F(ExplainCommand, ShowsTheLastDecisionsBeforeAMoment) {
  const CommandResult result = linger("explain good.toml --at 8ms");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(has(result.out, "orders-0  ")) << result.out;
  EXPECT_TRUE(has(result.out, "linger.ms 5")) << result.out;
  EXPECT_TRUE(has(result.out, "batch.size 16384")) << result.out;
  EXPECT_TRUE(has(result.out, "sender  ")) << result.out;
}

TEST_F(ExplainCommand, ShowsWhereARecordsTimeWent) {
  const CommandResult result = linger("explain good.toml --record 1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(has(result.out, "record 1 to orders-0, sent by thread A")) << result.out;
  EXPECT_TRUE(has(result.out, "attempt 1")) << result.out;
  EXPECT_TRUE(has(result.out, "total")) << result.out;
}

TEST_F(ExplainCommand, RefusesBadInput) {
  expect_refused("explain", "FILE");
  expect_refused("explain good.toml --at soon", "--at soon: error:");
  expect_refused("explain good.toml --record 3", "good.toml: error: record 3 is not sent");
  expect_refused("explain good.toml --record 0 --at 0us --set linger.ms=x", "--set linger.ms=x");
  expect_refused("explain good.toml --record one", "--record one: error: 'one' is no record");
  expect_refused("explain missing.toml --at 1ms", "missing.toml: error:");
}

TEST_F(Command, HelpsOnStandardOutput) {
  for (const char* arguments :
       {"--help", "run --help", "check --help", "explain --help", "eras --help"}) {
    const CommandResult result = linger(arguments);
    EXPECT_EQ(result.exit_code, 0) << arguments;
    EXPECT_TRUE(has(result.out, "Usage:")) << arguments << result.out;
    EXPECT_EQ(result.err, "") << arguments;
  }
}

TEST_F(Command, KnowsItsVersion) {
  const CommandResult result = linger("--version");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(result.out.starts_with("linger 0.")) << result.out;
}

TEST_F(Command, WithoutASubcommandItKnowsShowsTheUsage) {
  expect_refused("", "Usage:");
  expect_refused("fly", "Usage:");
  expect_refused("chekc", "there is no subcommand 'chekc'; did you mean 'check'?");
  expect_refused("--fly", "Usage:");
}

TEST_F(Command, ListsRulesAndSettingsOfTheEras) {
  const CommandResult all = linger("eras");
  EXPECT_EQ(all.exit_code, 0) << all.err;
  EXPECT_TRUE(has(all.out, "KIP-480")) << all.out;
  EXPECT_TRUE(has(all.out, "delivery.timeout.ms")) << all.out;
  EXPECT_TRUE(has(all.out, "codecs: zlib ")) << all.out;
  EXPECT_FALSE(has(linger("eras --rules").out, "delivery.timeout.ms  "));
  EXPECT_FALSE(has(linger("eras --settings").out, "KIP-480"));
}

}  // namespace
}  // namespace linger
