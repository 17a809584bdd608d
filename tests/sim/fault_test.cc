#include "sim/fault.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "sim/fault_table.h"
#include "sim/fault_toml.h"
#include "sim/scenario_parser.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::NodeId;

TEST(Fault, IsToldAsASentence) {
  EXPECT_EQ(text(Disconnect{NodeId{1}}), "disconnect broker 1");
  EXPECT_EQ(text(AddLatency{NodeId{1}, 50ms, 2s}), "add 50ms latency to broker 1 for 2s");
  EXPECT_EQ(text(RefuseConnections{NodeId{0}, {}}), "refuse connections to broker 0");
  EXPECT_EQ(text(FallSilent{NodeId{2}, 10s}), "silence broker 2 for 10s");
  EXPECT_EQ(text(ChangeLeader{{"orders", 3}, NodeId{2}}),
            "change the leader of orders-3 to broker 2");
  EXPECT_EQ(text(ChangeLeader{{"orders", 3}, {}}), "change the leader of orders-3 to nobody");
}

TEST(Fault, TellsWhichWay) {
  EXPECT_EQ(text(AddLatency{NodeId{1}, 50ms, {}, Way::ToBroker}),
            "add 50ms latency to broker 1, on the way there");
  EXPECT_EQ(text(AddLatency{NodeId{1}, 50ms, 2s, Way::ToClient}),
            "add 50ms latency to broker 1, on the way back for 2s");
}

TEST(Fault, TellsHowManyRequestsItIsFor) {
  EXPECT_EQ(text(FailProduce{{"orders", 0}, core::ErrorCode::NotLeaderOrFollower, 1, false}),
            "fail the next produce request for orders-0 with NOT_LEADER_OR_FOLLOWER");
  EXPECT_EQ(
      text(FailProduce{{"orders", 0}, core::ErrorCode::RequestTimedOut, 2, true}),
      "fail the next 2 produce requests for orders-0 with REQUEST_TIMED_OUT after the append");
  EXPECT_EQ(text(LoseResponse{{"orders", 0}, 1, true}),
            "lose the response to the next produce request for orders-0 and disconnect");
  EXPECT_EQ(text(LoseResponse{{"orders", 0}, 3, false}),
            "lose the response to the next 3 produce requests for orders-0 and stay silent");
}

TEST(Fault, MayFailAllRequestsForAWhile) {
  const core::ErrorCode error = core::ErrorCode::NotEnoughReplicas;
  EXPECT_EQ(text(FailProduce{{"orders", 0}, error, {}, false, 2s}),
            "fail all produce requests for orders-0 with NOT_ENOUGH_REPLICAS for 2s");
}

std::string key_of(const Fault& fault) {
  return std::string{info(fault).key};
}

TEST(FaultVocabulary, HasEachKeyOnce) {
  std::set<std::string> keys;
  for (const Fault& kind : fault_vocabulary()) {
    EXPECT_TRUE(keys.insert(key_of(kind)).second) << key_of(kind);
    EXPECT_FALSE(info(kind).meaning.empty()) << key_of(kind);
  }
  EXPECT_EQ(keys.size(), std::variant_size_v<FaultKinds>);
}

std::string scenario_with(const std::string& fault) {
  return "[cluster]\nbrokers = 3\n[topic]\nname = \"orders\"\npartitions = 2\n"
         "[thread]\nname = \"A\"\nrun = [{ send = \"orders\" }]\n"
         "[fault]\nat = \"1ms\"\n" +
         fault + "\n";
}

// With all its fields, as in the documentation; and back again.
TEST(FaultVocabulary, IsReadAndWrittenInTheSameWords) {
  for (const Fault& kind : fault_vocabulary()) {
    const ParsedScenario parsed = parse_scenario(scenario_with(fault_example(kind)), "f.toml");
    const auto* errors = std::get_if<std::vector<ParseError>>(&parsed);
    ASSERT_EQ(errors, nullptr) << text(*errors);
    const Fault fault = std::get<Scenario>(parsed).faults.at(0).fault;
    EXPECT_EQ(fault.index(), kind.index());
    const FaultToml written = fault_toml(fault);
    const ParsedScenario again =
        parse_scenario(scenario_with(written.key + " = " + written.value), "f.toml");
    ASSERT_TRUE(std::holds_alternative<Scenario>(again)) << written.value;
    EXPECT_EQ(std::get<Scenario>(again).faults.at(0).fault, fault) << written.value;
    EXPECT_FALSE(text(fault).empty());
  }
}

TEST(FaultVocabulary, IsTheSameOnTheCommandLine) {
  const ParsedScenario parsed = parse_scenario(scenario_with("disconnect = 1"), "f.toml");
  const Scenario& scenario = std::get<Scenario>(parsed);
  for (const Fault& kind : fault_vocabulary()) {
    const std::string example = fault_example(kind);
    const ParsedScenario file = parse_scenario(scenario_with(example), "f.toml");
    const auto typed = parse_fault("at = \"1ms\", " + example, "--fault", scenario);
    ASSERT_TRUE(std::holds_alternative<ScheduledFault>(typed)) << example;
    EXPECT_EQ(std::get<ScheduledFault>(typed).fault, std::get<Scenario>(file).faults.at(0).fault);
  }
}

// --- Each is used somewhere ---

// "AddLatency"
template <class T>
std::string type_name() {
  const std::string function = __PRETTY_FUNCTION__;
  const std::size_t begin = function.find("T = ") + 4;
  const std::string name = function.substr(begin, function.find_first_of(";]", begin) - begin);
  return name.substr(name.rfind(':') + 1);
}

std::string text_below(const std::string& folder, const std::string& extension) {
  std::string all;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator{LINGER_SOURCE_DIR + folder}) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(extension) || name == "fault_test.cc") continue;
    std::ifstream file{entry.path()};
    all.append(std::istreambuf_iterator<char>{file}, {});
  }
  return all;
}

TEST(FaultVocabulary, IsUsedInATestOrAScenario) {
  const std::string tests = text_below("/tests", "_test.cc");
  const std::string scenarios = text_below("/scenarios", ".toml");
  for (const Fault& kind : fault_vocabulary()) {
    const std::string name =
        std::visit([](const auto& one) { return type_name<std::decay_t<decltype(one)>>(); }, kind);
    const bool is_tested = tests.find(name + "{") != std::string::npos ||
                           tests.find("\"" + key_of(kind) + " = ") != std::string::npos;
    const bool is_shown = scenarios.find("\n" + key_of(kind) + " = ") != std::string::npos;
    EXPECT_TRUE(is_tested || is_shown) << name;
  }
}

// When it fails, put the table it prints in the place of the one in scenarios/README.md.
TEST(FaultVocabulary, IsInTheReadme) {
  std::ifstream file{std::string{LINGER_SOURCE_DIR} + "/scenarios/README.md"};
  const std::string readme{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_NE(readme.find(fault_table()), std::string::npos) << fault_table();
}

}  // namespace
}  // namespace linger::sim
