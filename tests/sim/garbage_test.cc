// What the client makes of bytes that are no answer.
#include <gtest/gtest.h>

#include <string>

#include "support/scenarios.h"

namespace linger::sim {
namespace {

bool ends_with(const std::string& era, const std::string& scenario, const std::string& query) {
  const RunResult result = run_of("era = \"" + era + "\"\nwarm = true\n" + scenario +
                                  "\n[[expect]]\nthat = \"" + query + "\"\n");
  EXPECT_TRUE(result.broken_laws.empty());
  EXPECT_TRUE(result.verdicts.at(0).holds) << result.verdicts.at(0).values;
  return result.verdicts.at(0).holds;
}

// The next answer is that, and the producer can allocate so much at once.
std::string answered(const std::string& what, const std::string& heap) {
  return R"(
    [[topic]]
    name = "t"
    [producer]
    retries = 3
    heap = ")" + heap + R"("
    [[thread]]
    run = [ { send = "t", wait = true } ]
    [[fault]]
    at = "0ms"
    answer_garbage = { broker = 0, what = ")" + what + "\" }\n";
}

class Garbage : public testing::TestWithParam<const char*> {};

TEST_P(Garbage, ALengthThatTheHeapCannotHoldEndsTheSendersThread) {
  EXPECT_TRUE(ends_with(GetParam(), "end = \"10s\"\n" + answered("tls alert", "336MiB"),
                        "count(sender_stopped, died) == 1 and records.pending == 1"));
}

TEST_P(Garbage, ALengthThatItCanHoldIsWaitedForUntilTheConnectionEnds) {
  EXPECT_TRUE(ends_with(GetParam(), answered("tls alert", "337MiB"),
                        "count(sender_stopped) == 0 and records.acknowledged == 1"));
}

TEST_P(Garbage, ANegativeLengthIsAnUnexpectedErrorInTheLog) {
  const std::string era = GetParam();
  const std::string channel = era == "3.9" ? " (channelId=0)" : "";
  EXPECT_TRUE(ends_with(era, answered("negative size", "1GiB"),
                        "count(log, level == 'warn' and text == 'Unexpected error from broker-0" +
                            channel + "; closing connection: Invalid receive (size = -1)') == 1 "
                            "and records.acknowledged == 1"));
}

INSTANTIATE_TEST_SUITE_P(Eras, Garbage, testing::Values("3.9", "2.8", "0.10.2"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::erase(name, '.');
                           return "Of" + name;
                         });

}  // namespace
}  // namespace linger::sim
