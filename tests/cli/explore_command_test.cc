// `linger explore`, as a user runs it.
#include <gtest/gtest.h>

#include <string>

#include "linger_fixture.h"

namespace linger {
namespace {

class ExploreCommand : public Linger {
 protected:
  ExploreCommand() { place_.write("small.toml", kSmall); }

  static constexpr const char* kSmall = R"(warm = true

[[topic]]
name = "t"

[producer]
batch.size = 1
retry.backoff.ms = 1
enable.idempotence = false

[[thread]]
name = "A"
run = [ { send = "t", count = 3 } ]
)";
};

TEST_F(ExploreCommand, SaysThatAllWasVisited) {
  const CommandResult result = linger("explore small.toml --always \"log('t-0').is_in_order\"");
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_TRUE(has(result.out, " states, ")) << result.out;
  EXPECT_TRUE(result.out.ends_with("all of them were visited, and every law holds in each\n"))
      << result.out;
}

TEST_F(ExploreCommand, WritesTheShortestWayAsAScenarioThatRunsTheSame) {
  const CommandResult result = linger(
      "explore small.toml --always \"log('t-0').is_in_order\" --out found.toml "
      "--may 'fail_produce = { partition = \"t-0\", error = \"NOT_ENOUGH_REPLICAS\" }'");
  EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
  EXPECT_TRUE(has(result.out, "log('t-0').is_in_order: ")) << result.out;
  EXPECT_TRUE(has(result.out, "linger run found.toml --laws")) << result.out;
  EXPECT_TRUE(has(result.out, "linger-view found.toml --step ")) << result.out;
  EXPECT_TRUE(
      has(result.out,
          " --toggle moves "
          "--may 'fail_produce = { partition = \"t-0\", error = \"NOT_ENOUGH_REPLICAS\" }'\n"))
      << result.out;
  const CommandResult again = linger("run found.toml --laws");
  EXPECT_EQ(again.exit_code, 1) << again.out << again.err;
  EXPECT_TRUE(has(again.out + again.err, "log('t-0').is_in_order")) << again.out << again.err;
}

// What stands behind "see it:", as a user copies it.
std::string viewer_command_in(const std::string& out) {
  const std::string before = "see it:  ";
  const std::size_t begin = out.find(before);
  if (begin == std::string::npos) return "";
  const std::size_t from = begin + before.size();
  return out.substr(from, out.find('\n', from) - from);
}

TEST_F(ExploreCommand, PrintsTheCommandThatShowsTheStepInTheViewer) {
  const CommandResult result =
      linger("explore small.toml --always 'records.acknowledged < 2' --out 'what was found.toml'");
  EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
  const std::string command = viewer_command_in(result.out);
  EXPECT_TRUE(has(command, "'what was found.toml' --step ")) << result.out;
  EXPECT_TRUE(command.ends_with(" --toggle laws --toggle moves")) << command;
  if (command.starts_with("linger-view ")) GTEST_SKIP() << "no viewer was built beside linger";
  const CommandResult shown = place_.run(command + " --screenshot seen.png");
  if (shown.exit_code == 3) GTEST_SKIP() << shown.err;
  EXPECT_EQ(shown.exit_code, 0) << command << "\n" << shown.out << shown.err;
  EXPECT_TRUE(place_.read("seen.png").starts_with("\x89PNG"));
}

TEST_F(ExploreCommand, SaysAtWhichBoundItStopped) {
  const CommandResult result = linger("explore small.toml --states 20");
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_TRUE(has(result.out, "stopped at 20 states: there are more\n")) << result.out;
}

TEST_F(ExploreCommand, RefusesWhatItCannotExplore) {
  expect_refused("explore small.toml --fault 'when = \"count(batch_drained) > 0\", disconnect = 0'",
                 "faults that wait for something in the trace cannot be explored yet");
  expect_refused("explore small.toml --always 'count(batch_drained) > 0'",
                 "which states do not tell");
  expect_refused("explore small.toml --always \"log('u-0').records == 0\"", "u-0");
  expect_refused("explore small.toml --may 'disconnect = 7'", "--may 'disconnect = 7'");
  expect_refused("explore small.toml --faults 2", "nobody says which faults may strike");
}

}  // namespace
}  // namespace linger
