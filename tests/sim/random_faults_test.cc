#include "sim/random_faults.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/scenario_writer.h"
#include "support/scenario_mistakes.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

std::string two_a_second(const std::string& seed) {
  return "seed = " + seed + R"(
[cluster]
brokers = 2
[topic]
name = "orders"
[thread]
name = "A"
run = [{ send = "orders", count = 20, every = "100ms" }]
[random_fault]
rate = "10/s"
from = "100ms"
until = "10100ms"
of = [{ disconnect = 0 }, { refuse = { broker = 1, for = "50ms" } }]
)";
}

TEST(RandomFaults, ComeAtTheRateWithinTheTime) {
  const auto drawn = with_drawn_faults(shared_scenario(two_a_second("1")));
  EXPECT_TRUE(drawn->random_faults.empty());
  EXPECT_GT(drawn->faults.size(), 70u);
  EXPECT_LT(drawn->faults.size(), 130u);
  std::size_t disconnects = 0;
  for (const ScheduledFault& fault : drawn->faults) {
    EXPECT_GE(*fault.moment.at, Instant{100ms});
    EXPECT_LE(*fault.moment.at, Instant{10'100ms});
    disconnects += std::holds_alternative<Disconnect>(fault.fault) ? 1 : 0;
  }
  EXPECT_GT(disconnects, 20u);
  EXPECT_LT(disconnects, drawn->faults.size() - 20);
}

TEST(RandomFaults, AreAFunctionOfTheSeed) {
  const auto text_of = [](const std::string& seed) {
    return scenario_text(*with_drawn_faults(shared_scenario(two_a_second(seed))));
  };
  EXPECT_EQ(text_of("1"), text_of("1"));
  EXPECT_NE(text_of("1").substr(text_of("1").find("[[fault]]")),
            text_of("2").substr(text_of("2").find("[[fault]]")));
}

// What is saved has them one by one, and gives the same run.
TEST(RandomFaults, AreSavedAsTheFaultsThatWereDrawn) {
  const auto scenario = shared_scenario(two_a_second("3"));
  sim::Run original{scenario};
  const std::string saved = scenario_text(*original.world().scenario);
  EXPECT_EQ(saved.find("random_fault"), std::string::npos);
  EXPECT_EQ(run(shared_scenario(saved)).digests, run(scenario).digests);
}

TEST(RandomFaults, AreWrittenAsTheyAreRead) {
  const Scenario scenario = scenario_of(two_a_second("1"));
  const std::string text = scenario_text(scenario);
  EXPECT_NE(text.find("[[random_fault]]\nrate = \"10/s\"\nfrom = \"100ms\"\nuntil = \"10100ms\"\n"
                      "of = [{ disconnect = 0 }, { refuse = { broker = 1, for = \"50ms\" } }]\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(scenario_text(scenario_of(text)), text);
}

TEST(RandomFaults, TellWhatIsWrongWithThem) {
  EXPECT_EQ(
      mistakes_behind("[[random_fault]]\nrate = 3\nuntil = \"1s\"\nof = [{ disconnect = 0 }]\n"),
      "10:8: this is an integer, not a text / write it in quotes");
  EXPECT_EQ(mistakes_behind(
                "[[random_fault]]\nrate = \"often\"\nuntil = \"1s\"\nof = [{ disconnect = 0 }]\n"),
            "10:8: 'often' is no rate / so many in a time, such as \"2/s\", \"30/m\" or \"1/h\"");
  EXPECT_EQ(mistakes_behind("[[random_fault]]\nrate = \"1/s\"\nuntil = \"1s\"\nof = []\n"),
            "12:6: 'of' is a list of faults / such as of = [{ disconnect = 0 }]");
  EXPECT_EQ(
      mistakes_behind(
          "[[random_fault]]\nrate = \"9/s\"\nuntil = \"9h\"\nof = [{ disconnect = 0 }]\n"),
      "9:1: these are more faults than a run can hold / at most 10000: a lower rate, or less time");
}

}  // namespace
}  // namespace linger::sim
