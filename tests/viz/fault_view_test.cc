#include "viz/fault_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <variant>

#include "viewer_fixture.h"

namespace linger::viz {
namespace {

TEST(FaultView, AimsAtWhatIsSelected) {
  ViewerState state = viewer_of(kMemory);
  EXPECT_EQ(fault_view(state).broker, "broker 0");
  EXPECT_EQ(fault_view(state).partition, "orders-0");
  handle(state, Select{lane(2)});
  EXPECT_EQ(fault_view(state).partition, "orders-2");
  ASSERT_EQ(fault_view(state).buttons.size(), 9U);
  EXPECT_EQ(fault_view(state).buttons[0].what, "disconnect broker 0");
  EXPECT_EQ(fault_view(state).buttons[7].what, "change the leader of orders-2 to nobody");
}

TEST(FaultView, AnotherBrokerCanLeadIfThereIsOne) {
  const ViewerState state = viewer_of(kRetry);
  EXPECT_EQ(fault_view(state).buttons[7].what, "change the leader of orders-0 to broker 1");
}

TEST(FaultView, EveryButtonDoesSomethingThatCanBeSeen) {
  for (int number = 1; number <= 9; ++number) {
    ViewerState state = viewer_at(kRetry, 1ms);
    const std::size_t before = fault_view(state).done.size();
    handle(state, InjectNumbered{number});
    EXPECT_EQ(fault_view(state).done.size(), before + 1) << number;
    EXPECT_TRUE(fault_view(state).pending.empty()) << number;
    handle(state, ToEnd{});
    EXPECT_EQ(state.error, "") << number;
  }
}

TEST(FaultView, ListsWhatTheScenarioHasInStore) {
  std::string toml{kRetry};
  toml.replace(toml.find("at = \"0ms\""), 10, "at = \"9ms\"");
  ViewerState state = viewer_of(toml);
  ASSERT_EQ(fault_view(state).pending.size(), 1U);
  EXPECT_TRUE(fault_view(state).pending[0].ends_with("at 9.000 ms"));
  handle(state, SeekTime{at(9ms)});
  EXPECT_TRUE(fault_view(state).pending.empty());
  EXPECT_EQ(fault_view(state).done.size(), 1U);
}

// --- Every kind ---

constexpr std::string_view kThreeBrokers = R"(
warm = true
[cluster]
brokers = 3
[[topic]]
name = "orders"
leaders = [0, 1, 2]
[network]
latency = "2ms"
[[thread]]
name = "A"
run = [{ send = "orders", partition = 1, value_size = 100, count = 3, every = "1ms" }]
)";

TEST(FaultView, OffersEveryKindOfTheVocabularyByNines) {
  ViewerState state = viewer_at(kThreeBrokers, 1ms);
  std::set<std::string> offered;
  const int pages = fault_view(state).pages;
  for (int page = 1; page < pages; ++page) {
    handle(state, NextFaults{});
    const FaultView view = fault_view(state);
    EXPECT_EQ(view.page, page);
    EXPECT_LE(view.buttons.size(), 9U);
    for (const FaultButton& button : view.buttons) {
      EXPECT_TRUE(offered.insert(button.name).second) << button.name;
    }
  }
  // There is no transaction to aim at.
  const std::set<std::string> without_target{"fence", "expire_transaction"};
  for (const sim::Fault& kind : sim::fault_vocabulary()) {
    const std::string key{sim::info(kind).key};
    EXPECT_EQ(offered.contains(key), !without_target.contains(key)) << key;
  }
  handle(state, NextFaults{});
  EXPECT_EQ(fault_view(state).page, 0);
}

TEST(FaultView, EveryKindIsInjectedAndSavedAsItWas) {
  const int pages = fault_view(viewer_of(kThreeBrokers)).pages;
  for (int page = 1; page < pages; ++page) {
    for (int number = 1; number <= 9; ++number) {
      ViewerState state = viewer_at(kThreeBrokers, 1ms);
      state.fault_page = page;
      const FaultView view = fault_view(state);
      if (number > static_cast<int>(view.buttons.size())) break;
      handle(state, InjectNumbered{number});
      ASSERT_EQ(state.branches.size(), 2U);
      ASSERT_EQ(state.scenario().faults.size(), 1U);
      const sim::Fault injected = state.scenario().faults[0].fault;
      EXPECT_EQ(sim::text(injected), view.buttons[static_cast<std::size_t>(number - 1)].what);

      const std::string path = ::testing::TempDir() + "fault_view_test.toml";
      handle(state, SaveScenario{path});
      const auto again = open_viewer(path);
      std::filesystem::remove(path);
      ASSERT_TRUE(std::holds_alternative<ViewerState>(again)) << view.page_text << number;
      const auto& faults = std::get<ViewerState>(again).scenario().faults;
      ASSERT_EQ(faults.size(), 1U);
      EXPECT_EQ(sim::text(faults[0].fault), sim::text(injected));
    }
  }
}

constexpr std::string_view kTwoProducers = R"(
warm = true
[[topic]]
name = "orders"
leaders = [0]
[[producer]]
name = "one"
transactional.id = "first"
[[producer]]
name = "two"
transactional.id = "second"
[[producer]]
name = "plain"
[[thread]]
name = "A"
producer = "one"
run = [{ init_transactions = true }]
[[thread]]
name = "B"
producer = "two"
run = [{ init_transactions = true }]
[[thread]]
name = "C"
producer = "plain"
run = [{ send = "orders" }]
)";

// "exit two", "fence second" where they are offered.
std::set<std::string> faults_of_processes(ViewerState state, const Selection& what) {
  handle(state, Select{what});
  std::set<std::string> all;
  for (const FaultButton& button : every_fault(state)) {
    if (const auto* exit = std::get_if<sim::ExitProcess>(&button.fault)) {
      all.insert("exit " + exit->producer.name);
    } else if (const auto* fence = std::get_if<sim::FenceProducer>(&button.fault)) {
      all.insert("fence " + fence->transactional_id);
    }
  }
  return all;
}

TEST(FaultView, FaultsOfAProcessAimAtTheProducerOfWhatIsSelected) {
  using Faults = std::set<std::string>;
  const ViewerState state = viewer_at(kTwoProducers, 1ms);
  const auto of = [](std::int32_t producer) {
    return LaneRef{core::ProducerIndex{producer}, {core::TopicId{0}, 0}};
  };
  EXPECT_EQ(faults_of_processes(state, {}), (Faults{"exit one", "fence first"}));
  EXPECT_EQ(faults_of_processes(state, of(1)), (Faults{"exit two", "fence second"}));
  EXPECT_EQ(faults_of_processes(state, core::ThreadId{1}), (Faults{"exit two", "fence second"}));
  EXPECT_EQ(faults_of_processes(state, sim::sender_thread_of(1)),
            (Faults{"exit two", "fence second"}));
  EXPECT_EQ(faults_of_processes(state, core::RecordId{0}), (Faults{"exit plain"}))
      << "it has no transactions";
}

TEST(FaultView, PointingAtABrokerAimsAndBringsThemUp) {
  ViewerState state = viewer_of(kThreeBrokers);
  handle(state, AimFaults{core::NodeId{2}});
  EXPECT_TRUE(state.is_shown(Panel::Faults));
  EXPECT_EQ(fault_view(state).broker, "broker 2");
  EXPECT_EQ(fault_view(state).partition, "orders-2");
}

TEST(FaultView, PointingAtARequestAimsAtItsBrokerAndItsPartition) {
  ViewerState state = viewer_at(kThreeBrokers, 1ms);
  const auto& in_flight = state.world().processes[0].producer.client().in_flight();
  const RequestRef request{core::ProducerIndex{0},
                           in_flight.requests(core::NodeId{1}).front().correlation};
  handle(state, AimFaults{request});
  EXPECT_TRUE(state.is_shown(Panel::Faults));
  EXPECT_EQ(fault_view(state).broker, "broker 1");
  EXPECT_EQ(fault_view(state).partition, "orders-1");
  // It is no other broker's, though the partition moves away.
  handle(state, InjectFault{sim::ChangeLeader{{"orders", 1}, core::NodeId{2}}});
  EXPECT_EQ(fault_view(state).broker, "broker 1");
}

}  // namespace
}  // namespace linger::viz
