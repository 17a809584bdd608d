#include "sim/sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "support/scenarios.h"

namespace linger::sim {
namespace {

std::vector<SweepAxis> axes_of(const std::vector<std::string>& texts) {
  return std::get<std::vector<SweepAxis>>(parse_sweep(texts, "--vary"));
}

TEST(Sweep, TheLastSettingRunsFastest) {
  const auto axes = axes_of({"linger.ms=0,5", "batch.size=1,2,3"});
  const auto points = sweep_points(axes);
  ASSERT_EQ(points.size(), 6U);
  EXPECT_EQ(points[1], (std::vector<std::string>{"0", "2"}));
  EXPECT_EQ(points[3], (std::vector<std::string>{"5", "1"}));
  EXPECT_EQ(sweep_settings(axes, points[3]),
            (std::vector<std::string>{"linger.ms=5", "batch.size=1"}));
}

TEST(Sweep, SaysWhatMakesNoSense) {
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"linger.ms"},
                                             {"=1"},
                                             {"linger.ms=1,,2"},
                                             {"linger.ms=1,1"},
                                             {"acks=1", "acks=0"},
                                             {"a=1", "b=1", "c=1"}}) {
    const auto parsed = parse_sweep(wrong, "--vary");
    ASSERT_TRUE(std::holds_alternative<std::vector<ParseError>>(parsed)) << wrong.back();
    EXPECT_FALSE(std::get<std::vector<ParseError>>(parsed).front().fix.empty());
  }
}

// What the thread does is the test's.
const std::string kOneThread = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[[thread]]
name = "A"
)";

TEST(Sweep, EachPointIsTheScenarioWithItsValues) {
  const auto scenario = shared_scenario(
      kOneThread +
      R"(run = [{ send = "orders", partition = 0, value_size = 100, count = 4, every = "1ms" }]
)");
  const auto axes = axes_of({"linger.ms=0,50"});
  std::vector<std::int64_t> requests;
  for (const auto& values : sweep_points(axes)) {
    const auto changed = with_sweep_values(*scenario, axes, values);
    const RunResult result = run(std::make_shared<const Scenario>(std::get<Scenario>(changed)));
    for (const SweepFigure& figure : sweep_figures()) {
      if (figure.name == "produce_requests") requests.push_back(figure.of(result).value());
    }
  }
  EXPECT_EQ(requests, (std::vector<std::int64_t>{4, 1}));
  EXPECT_TRUE(std::holds_alternative<std::vector<ParseError>>(
      with_sweep_values(*scenario, axes_of({"no.such.key=1"}), {"1"})));
}

// Fields of a line of CSV by the names of the first line.
std::string field(const std::string& csv, std::size_t line, const std::string& name) {
  const auto cells = [&](std::size_t wanted) {
    std::istringstream lines{csv};
    std::string text;
    for (std::size_t i = 0; i <= wanted; ++i) std::getline(lines, text);
    std::istringstream row{text};
    std::vector<std::string> all;
    for (std::string cell; std::getline(row, cell, ',');) all.push_back(cell);
    return all;
  };
  const auto names = cells(0);
  const auto at = std::find(names.begin(), names.end(), name) - names.begin();
  return cells(line).at(static_cast<std::size_t>(at));
}

TEST(Sweep, ARunInWhichNothingWasAcknowledgedHasNoLatency) {
  const auto scenario =
      shared_scenario(kOneThread + R"(run = [{ send = "orders", partition = 0, value_size = 100 }]
)");
  const auto axes = axes_of({"max.request.size=50,1000"});  // the record is larger than 50 bytes
  std::vector<RunResult> results;
  for (const auto& values : sweep_points(axes)) {
    const auto changed = with_sweep_values(*scenario, axes, values);
    results.push_back(run(std::make_shared<const Scenario>(std::get<Scenario>(changed))));
  }
  const std::string csv = sweep_csv(axes, {{{"50"}, &results[0]}, {{"1000"}, &results[1]}});
  for (const char* name : {"latency_median_us", "latency_p99_us", "latency_max_us"}) {
    EXPECT_EQ(field(csv, 1, name), "") << csv;
    EXPECT_NE(field(csv, 2, name), "") << csv;
  }
  EXPECT_EQ(field(csv, 1, "acknowledged"), "0");
}

}  // namespace
}  // namespace linger::sim
