// A property of one's own, as the README of the tests shows it, and what is printed of one that is
// false.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <variant>

#include "sim/scenario_parser.h"
#include "support/random_scenario.h"

namespace linger::sim {
namespace {

// A batch of several records fits the buffer it was opened with: batch.size, or more if its first
// record may need more.
RC_GTEST_PROP(BatchSize, IsKeptByEveryBatchOfSeveralRecords, ()) {
  const SmallScenario scenario = *troubled_scenarios();
  SmallRun run{scenario};
  run.run();

  std::map<core::BatchId, Bytes> room;
  for (const auto& [at, opened] : run.all<core::BatchOpened>()) {
    room[opened.batch] = std::max(opened.capacity, run.producer().config().batch_size);
  }
  int shared = 0;
  for (const auto& [at, drained] : run.all<core::BatchDrained>()) {
    shared += drained.records > 1 ? 1 : 0;
    RC_ASSERT(drained.records == 1 || drained.bytes <= room[drained.batch]);
  }
  RC_CLASSIFY(shared > 0, "records share a batch");
}

// What rapidcheck prints of a property that does not hold.
template <class Property>
std::string failure_of(const Property& property) {
  testing::internal::CaptureStderr();
  const bool holds = rc::check(property);
  const std::string printed = testing::internal::GetCapturedStderr();
  return holds ? "" : printed;
}

// The scenario in it: from its first line to the empty line behind.
std::string printed_scenario(const std::string& printed) {
  const std::size_t begin = printed.find("era = ");
  if (begin == std::string::npos) return "";
  const std::size_t end = printed.find("\n\n\n", begin);
  return printed.substr(begin, end - begin);
}

TEST(BatchSize, OfAFalsePropertyASmallScenarioIsPrintedThatShowsIt) {
  const std::string printed = failure_of([] {
    const SmallScenario scenario = *troubled_scenarios();
    SmallRun run{scenario};
    run.run();
    RC_ASSERT(run.all<core::BatchRetried>().empty());
  });
  ASSERT_NE(printed, "") << "nothing was ever retried";
  const std::string text = printed_scenario(printed);
  EXPECT_LE(std::ranges::count(text, '\n'), 80) << printed;
  const ParsedScenario read = parse_scenario(text, "printed.toml");
  ASSERT_TRUE(std::holds_alternative<Scenario>(read)) << printed;
  SmallRun again{std::make_shared<const Scenario>(std::get<Scenario>(read))};
  again.run();
  EXPECT_FALSE(again.all<core::BatchRetried>().empty()) << printed;
}

// --- The README ---

std::string file_of_tests(const std::string& name) {
  std::ifstream file{std::string{LINGER_SOURCE_DIR} + "/tests/" + name};
  return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(BatchSize, TheReadmeShowsThePropertyAsItStandsHere) {
  const std::string here = file_of_tests("properties/batch_size_properties_test.cc");
  const std::size_t begin = here.find("// A batch of several records fits");
  const std::string property = here.substr(begin, here.find("\n}\n", begin) - begin);
  EXPECT_NE(file_of_tests("README.md").find(property), std::string::npos) << property;
}

}  // namespace
}  // namespace linger::sim
