// Every accepted record has its fate in time, whatever is crashed.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "sim/runner.h"
#include "support/crashes.h"
#include "support/replicated_world.h"

namespace linger::sim {
namespace {

// A producer of the release, whose records are soon overdue.
SmallScenario hasty(const std::string& release, const Choose& choose) {
  SmallScenario scenario = any_crashes(choose);
  const bool is_idempotent = release != "0.10.2" && choose(0, 2) == 0;
  scenario.release = release;
  scenario.settings["enable.idempotence"] = is_idempotent ? "true" : "false";
  scenario.settings["acks"] = is_idempotent || choose(0, 2) == 0 ? "all" : "1";
  scenario.settings["max.in.flight.requests.per.connection"] = std::to_string(choose(1, 6));
  scenario.settings["request.timeout.ms"] = std::to_string(choose(100, 400));
  scenario.settings["delivery.timeout.ms"] = std::to_string(choose(450, 1'500));
  scenario.settings["retries"] = "1000";
  if (release == "0.10.2") {
    scenario.settings.erase("enable.idempotence");
    scenario.settings.erase("delivery.timeout.ms");
  }
  scenario.end = 12s;
  return scenario;
}

class Delivery : public testing::TestWithParam<std::string> {};

TEST_P(Delivery, EveryRecordHasItsFateInTimeWhateverIsCrashed) {
  const std::string release = GetParam();
  EXPECT_TRUE(rc::check("every record has its fate in time, whatever is crashed", [&] {
    const RunResult result = run(hasty(release, chosen_by_rapidcheck).shared(),
                                 {.until = std::nullopt, .checks_laws = true});
    RC_CLASSIFY(result.summary.records.failed > 0, "some expire");
    RC_CLASSIFY(result.summary.records.acknowledged > 0, "some are acknowledged");
    if (!result.broken_laws.empty()) {
      RC_FAIL(result.broken_laws.front().name + ": " + result.broken_laws.front().what);
    }
    RC_ASSERT(result.summary.pending == 0);
  }));
}

INSTANTIATE_TEST_SUITE_P(Eras, Delivery, testing::Values("3.9", "2.8", "0.10.2"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::erase(name, '.');
                           return "Of" + name;
                         });

}  // namespace
}  // namespace linger::sim
