// Draws the whole viewer without a display, and looks at it as a person would.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "screen_fixture.h"
#include "sim/digest.h"
#include "sim/runner.h"
#include "sim/timeline.h"
#include "viz/fault_view.h"
#include "viz/layout.h"
#include "viz/side_panel.h"
#include "viz/status_view.h"
#include "viz/viewer_language.h"

namespace linger::viz {
namespace {

std::string lesson(const std::string& name) {
  return std::string{LINGER_SOURCE_DIR} + "/scenarios/" + name + ".toml";
}

// --- The first picture ---

TEST(Viewer, BeginsWithTheLessonAndHowToStart) {
  Screen screen{opened(lesson("sending/one_record"))};
  EXPECT_TRUE(screen.shows("One record's whole way"));
  EXPECT_TRUE(screen.backend.find("a question first: 1–3 answers it").has_value());
  EXPECT_FALSE(screen.state.is_playing);

  Screen other{opened(lesson("closing/flush_and_close"))};
  EXPECT_TRUE(other.backend.find("press Space").has_value()) << other.all_text();
}

TEST(Viewer, ShowsEachPartOfThePipeline) {
  Screen screen{viewer_at(kLinger, 2500us)};
  for (const char* part :
       {"APPLICATION", "DEQUES", "IN FLIGHT", "WIRES", "BROKERS AND LOGS", "thread A", "orders-0",
        "b0", "3 records", "Sender", "broker 0", "COMPLETIONS", "Buffer pool", "Why", "play"}) {
    EXPECT_TRUE(screen.shows(part)) << part << "\n" << screen.all_text();
  }
}

TEST(Viewer, TellsOfEachDequeWhatTheSenderFound) {
  Screen waiting{viewer_at(kLinger, 2ms)};
  EXPECT_TRUE(waiting.shows("waits 3.0 ms")) << waiting.all_text();
  Screen backing_off{viewer_at(kRetry, 14ms)};
  EXPECT_TRUE(backing_off.shows("backing off 10.0 ms")) << backing_off.all_text();
  Screen leaderless{viewer_at(kExpiry, 50ms)};
  EXPECT_TRUE(leaderless.shows("no leader")) << leaderless.all_text();
}

TEST(Viewer, ShowsARetriedBatchInItsDequeWithItsBackoff) {
  Screen screen{viewer_at(kRetry, 14ms)};
  EXPECT_TRUE(screen.shows("in 10.0 ms")) << screen.all_text();
  EXPECT_TRUE(screen.shows("1×"));
}

TEST(Viewer, ShowsAnExpiredBatchLeaveWithItsError) {
  Screen screen{viewer_at(kExpiry, 201ms)};
  EXPECT_TRUE(screen.shows("TimeoutException")) << screen.all_text();
}

TEST(Viewer, ShowsWhoWaitsForMemory) {
  Screen screen{viewer_at(kMemory, 10ms)};
  EXPECT_TRUE(screen.shows("A needs 1000 B")) << screen.all_text();
  EXPECT_TRUE(screen.shows("buffer.memory 2000 B"));
}

TEST(Viewer, SaysHowManyPartitionsAreHidden) {
  std::string toml = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
partitions = 32
[producer]
linger.ms = 50
[[thread]]
name = "A"
run = [
)";
  for (int i = 0; i < 32; ++i) {
    toml += "{ send = \"orders\", partition = " + std::to_string(i) + ", value_size = 10 },\n";
  }
  Screen screen{viewer_at(toml + "]\n", 10ms)};
  EXPECT_TRUE(screen.shows("more below")) << screen.all_text();
  const auto lane_name = screen.place_of("orders-0", At::TheLeft);
  ASSERT_TRUE(lane_name.has_value());
  screen.backend.move_mouse(lane_name->centre());
  screen.backend.turn_wheel(-3);
  screen.settle();
  EXPECT_TRUE(screen.shows("more above"));
}

// --- The mouse ---

TEST(Viewer, AClickOnABatchSelectsItAndOpensItsLife) {
  Screen screen{viewer_at(kLinger, 3ms)};
  screen.click("3 records");  // in the batch's box
  EXPECT_EQ(screen.state.selection, Selection{batch(0)});
  EXPECT_EQ(front_panel(screen.state), Panel::Inspector);
  EXPECT_TRUE(screen.shows("its life")) << screen.all_text();
  EXPECT_TRUE(screen.shows("batch 0 of orders-0")) << screen.all_text();
}

TEST(Viewer, AClickOnADequeShowsItsDecision) {
  Screen screen{viewer_at(kMemory, 3ms)};
  screen.press('I');
  screen.click("orders-1", At::TheLeft);  // brokers name it, too
  EXPECT_EQ(screen.state.selection, Selection{lane(1)});
  EXPECT_EQ(front_panel(screen.state), Panel::Readiness);
}

TEST(Viewer, TheMouseOverABatchTellsItsExactValues) {
  Screen screen{viewer_at(kLinger, 2ms)};
  const auto place = screen.place_of("3 records");
  ASSERT_TRUE(place.has_value()) << screen.all_text();
  screen.backend.move_mouse(place->centre());
  screen.settle();
  EXPECT_TRUE(screen.backend.find("of 16 KiB").has_value());
  EXPECT_TRUE(screen.backend.find("delivery.timeout.ms").has_value());
}

TEST(Viewer, AClickOnTheScrubBarGoesThere) {
  Screen screen{viewer_of(kRetry)};
  const auto tick = screen.place_of("20.0 ms");
  ASSERT_TRUE(tick.has_value()) << screen.all_text();
  screen.backend.click({tick->centre().x, tick->top - 2});
  screen.settle();
  EXPECT_NEAR(static_cast<double>(screen.state.shown_at.time_since_epoch().count()), 20'000, 500);
}

TEST(Viewer, TheTransportBarPlaysStepsAndJumps) {
  Screen screen{viewer_of(kRetry)};
  screen.click("next event");
  EXPECT_EQ(screen.state.timeline().cursor(), 1);
  screen.click("next retry");
  EXPECT_TRUE(std::holds_alternative<JumpTo>(screen.commands.back()));
  EXPECT_GE(screen.state.shown_at, at(4ms));
  screen.click("play");
  EXPECT_TRUE(screen.state.is_playing);
  screen.click("pause");
  EXPECT_FALSE(screen.state.is_playing);
}

TEST(Viewer, ARightClickJumpsBack) {
  Screen screen{viewer_at(kRetry, 60ms)};
  const auto place = screen.place_of("next retry");
  ASSERT_TRUE(place.has_value());
  screen.backend.click(place->centre(), MouseButton::Right);
  EXPECT_EQ(screen.commands.back(), (ViewerCommand{JumpTo{JumpTarget::Retry, Way::Back}}));
}

TEST(Viewer, AFaultButtonInjectsTheFaultAndKeepsTheOldRun) {
  Screen screen{viewer_at(kRetry, 3ms)};
  screen.press('F');
  screen.click("disconnect");
  EXPECT_EQ(screen.state.branches.size(), 2U);
  EXPECT_TRUE(screen.shows("branches (B)")) << screen.all_text();
}

TEST(Viewer, ARightClickOnABrokerOffersWhatCanGoWrongWithIt) {
  Screen screen{viewer_at(kRetry, 3ms)};
  const auto place = screen.place_of("broker 1");
  ASSERT_TRUE(place.has_value()) << screen.all_text();
  screen.backend.click(place->centre(), MouseButton::Right);
  screen.settle();
  EXPECT_EQ(front_panel(screen.state), Panel::Faults);
  EXPECT_EQ(screen.state.selection, Selection{core::NodeId{1}});
  screen.press('1');
  EXPECT_EQ(screen.state.branches.size(), 2U);
  EXPECT_EQ(branch_name(screen.state, 1), "disconnect broker 1 at 3.000 ms");
}

// Whatever the batch is in: its deque, a request in flight, a packet on a wire; and the wire, and
// the partition's log at its broker.
TEST(Viewer, ARightClickOnAPartitionARequestOrAWireOffersWhatCanGoWrong) {
  const auto right_click = [](Screen& screen, Point at) {
    screen.backend.click(at, MouseButton::Right);
    screen.settle();
    EXPECT_EQ(front_panel(screen.state), Panel::Faults);
    EXPECT_GT(fault_view(screen.state).pages, 3) << "every kind there is";
    return screen.state.selection;
  };
  // Nothing flies any more, and nothing is at the right.
  const auto quiet = [](core::Duration when) {
    ViewerState state = viewer_at(kLinger, when);
    handle(state, TogglePanel{Panel::Readiness});
    advance(state, 10);
    return state;
  };
  Screen deque{quiet(1ms)};
  EXPECT_EQ(right_click(deque, deque.place_of("orders-0", At::TheLeft).value().centre()),
            Selection{lane()});
  Screen log{quiet(1ms)};
  EXPECT_EQ(right_click(log, log.place_of("orders-0", At::TheRight).value().centre()),
            Selection{lane()});

  for (const bool is_on_the_wire : {false, true}) {
    Screen flying{quiet(6ms)};
    const Rect pool = flying.place_of("Buffer pool").value();
    std::vector<Point> places;
    for (const Label& label : flying.backend.labels()) {
      if (label.text == "b0" && label.rect.bottom < pool.top) places.push_back(label.rect.centre());
    }
    ASSERT_EQ(places.size(), 2U) << flying.all_text();
    std::ranges::sort(places, {}, &Point::x);
    EXPECT_TRUE(std::holds_alternative<RequestRef>(
        right_click(flying, is_on_the_wire ? places.back() : places.front())));
  }
  // A wire that nothing travels on, between the window of requests and the broker.
  Screen wire{quiet(1ms)};
  const Rect title = wire.place_of("WIRES").value();
  bool is_offered = false;
  for (float y = title.bottom; y < 500 && !is_offered; y += 10) {
    wire.backend.click({title.centre().x, y}, MouseButton::Right);
    is_offered = wire.state.selection == Selection{core::NodeId{0}};
  }
  EXPECT_TRUE(is_offered);
}

TEST(Viewer, ARowOfABatchsLifeLeadsThere) {
  Screen screen{viewer_at(kRetry, 30ms)};
  handle(screen.state, Select{batch(0)});
  screen.press('I');
  const std::int64_t before = screen.state.timeline().cursor();
  screen.click("0.000 ms");
  EXPECT_LT(screen.state.timeline().cursor(), before);
}

// --- The keys ---

// What a key asks for may first bring a panel to the top.
bool was_asked_for(const Screen& screen, const KeyAction& action) {
  const auto* toggle = std::get_if<TogglePanel>(&action.command);
  if (toggle != nullptr && is_side_panel(toggle->panel)) return !screen.commands.empty();
  return std::ranges::find(screen.commands, action.command) != screen.commands.end();
}

TEST(Viewer, EveryKeyDoesWhatTheTableSays) {
  for (const KeyAction& action : key_actions()) {
    const bool writes_a_file = std::holds_alternative<SaveScenario>(action.command) ||
                               std::holds_alternative<ExportRun>(action.command);
    if (writes_a_file) continue;
    Screen screen{viewer_at(kRetry, 3ms)};
    screen.commands.clear();
    screen.press(action.chord);
    EXPECT_TRUE(was_asked_for(screen, action)) << text(action.chord) << ": " << action.name;
  }
}

TEST(Viewer, SpacePlays) {
  Screen screen{viewer_of(kLinger)};
  screen.press(Key::Space);
  EXPECT_TRUE(screen.state.is_playing);
}

TEST(Viewer, AQuestionMarkShowsTheKeysAndEscapeHidesThem) {
  Screen screen{viewer_of(kLinger)};
  screen.press({Key::Slash, {.shift = true}});
  EXPECT_TRUE(screen.backend.find("Shift+Right").has_value());
  for (const KeyAction& action : key_actions()) {
    EXPECT_TRUE(screen.shows(text(action.chord))) << text(action.chord);
  }
  screen.press(Key::Escape);
  EXPECT_FALSE(screen.state.shows_help);
}

TEST(Viewer, AClickOnALogSelectsItsPartition) {
  Screen screen{viewer_at(kLinger, 20ms)};
  screen.click("end 3");
  EXPECT_EQ(screen.state.selection, Selection{lane()});
}

TEST(Viewer, WhereThereIsLittleRoomSomethingGivesWay) {
  const Scale scale{1};
  ShownParts shown{.guide = true};
  EXPECT_FALSE(is_empty(viewer_layout(kSmallDisplay, scale, shown).guide));
  shown.drawer = true;
  EXPECT_TRUE(is_empty(viewer_layout(kSmallDisplay, scale, shown).guide));
  EXPECT_FALSE(is_empty(viewer_layout(kSmallDisplay, scale, shown).drawer));
  EXPECT_FALSE(is_empty(viewer_layout({1280, 1024}, scale, shown).guide));
  shown.columns = true;
  EXPECT_TRUE(is_empty(viewer_layout(kSmallDisplay, scale, shown).drawer));
}

// Shift+S edits, it does not take back what S saved.
TEST(Viewer, TheHelpTellsAWayBackOnlyWhereItIsOne) {
  Screen screen{viewer_of(kLinger), kLargeDisplay};
  screen.press(Key::F1);
  EXPECT_TRUE(screen.shows("next send / back")) << screen.all_text();
  EXPECT_FALSE(screen.shows("save / back"));
  EXPECT_TRUE(screen.place_of("edit").has_value());
}

TEST(Viewer, PanelsAtTheRightLieOneOnAnother) {
  Screen screen{viewer_at(kLinger, 2ms)};
  EXPECT_EQ(front_panel(screen.state), Panel::Readiness);
  screen.press('I');
  EXPECT_EQ(front_panel(screen.state), Panel::Inspector);
  screen.press('W');  // it was hidden below
  EXPECT_EQ(front_panel(screen.state), Panel::Readiness);
  screen.press('F');
  screen.press('F');
  EXPECT_EQ(front_panel(screen.state), Panel::Readiness);
  screen.press('W');
  EXPECT_FALSE(front_panel(screen.state).has_value());
  EXPECT_FALSE(screen.shows("any of these is enough"));
}

// --- Lists ---

TEST(Viewer, TheLedgerTellsTheFateOfEachRecord) {
  Screen screen{viewer_at(kDuplicates, 200ms)};
  screen.press('L');
  EXPECT_TRUE(screen.shows("Records"));
  EXPECT_TRUE(screen.shows("2 sent, 0 pending, 2 acknowledged")) << screen.all_text();
}

TEST(Viewer, TheConsumersViewMarksDuplicates) {
  Screen screen{viewer_at(kDuplicates, 200ms)};
  screen.press('O');
  EXPECT_TRUE(screen.shows("A consumer of logs-0 reads")) << screen.all_text();
  EXPECT_TRUE(screen.shows("duplicate of offset 0")) << screen.all_text();
  EXPECT_TRUE(screen.shows("2 duplicate"));
}

TEST(Viewer, TheEventListLeavesOutAStreamThatIsSwitchedOff) {
  Screen screen{viewer_at(kLinger, 2ms)};
  screen.press('V');
  EXPECT_TRUE(screen.shows("what happened")) << screen.all_text();
  EXPECT_TRUE(screen.shows("2.000 ms"));
  screen.click("application", At::TheRight);  // in the heading, not in a row
  EXPECT_FALSE(screen.state.streams[static_cast<std::size_t>(core::Stream::Application)]);
}

// --- What goes wrong ---

TEST(Viewer, TellsWhereAFileIsWrong) {
  Screen screen{viewer_of(kLinger)};
  handle(screen.state, OpenScenario{lesson("there/is/none")});
  screen.settle();
  EXPECT_TRUE(screen.shows("none.toml")) << screen.all_text();
}

TEST(Viewer, TellsWhyARunCannotGoOn) {
  Screen screen{viewer_at(kLinger, 2ms)};
  screen.state.error = "stopped after step 9 at 2.000 ms: CHECK failed: available_ <= total_";
  screen.settle();
  EXPECT_TRUE(screen.shows("The run cannot go on"));
  EXPECT_TRUE(screen.shows("CHECK failed"));
}

// --- Any scenario ---

std::vector<core::Instant> some_instants(const ViewerState& state) {
  constexpr int kInstants = 12;
  std::vector<core::Instant> instants;
  for (int i = 0; i <= kInstants; ++i) {
    instants.push_back(state.branches[0].index.instant_at(static_cast<double>(i) / kInstants));
  }
  return instants;
}

void show_all_panels(ViewerState& state) {
  for (const Panel panel : {Panel::Ledger, Panel::Consumer, Panel::Events}) {
    handle(state, TogglePanel{panel});
  }
}

// The run goes on from the very world that was drawn, as if nobody had looked.
TEST(Viewer, LeavesTheTraceAsItIsThoughEachStepIsDrawn) {
  for (const std::string_view toml : {kLinger, kRetry, kExpiry, kDuplicates, kMemory}) {
    const sim::Digests unseen = sim::run(sim::shared_scenario(toml)).digests;
    Screen screen{viewer_of(toml)};
    show_all_panels(screen.state);
    const std::int64_t steps = screen.state.timeline().frontier();
    for (std::int64_t step = 0; step < steps; ++step) {
      handle(screen.state, SeekStep{step});
      screen.backend.draw();
      sim::Timeline rest = screen.state.timeline().fork();
      rest.run_to_end();
      sim::Digests seen;
      for (const sim::TraceEvent& event : rest.trace()) seen.add(event);
      ASSERT_EQ(seen, unseen) << "drawn after step " << step << " of " << toml;
    }
  }
}

class EveryScenario : public testing::TestWithParam<std::string> {
 protected:
  // What lessons ask has tests of its own.
  static ViewerState without_questions() {
    ViewerState state = opened(GetParam());
    state.lesson.asks = false;
    return state;
  }
};

TEST_P(EveryScenario, IsDrawnAtAnyInstantOnAnyDisplay) {
  for (const Size display : {kSmallDisplay, kLargeDisplay, Size{700, 400}}) {
    Screen screen{without_questions(), display};
    for (const core::Instant when : some_instants(screen.state)) {
      handle(screen.state, SeekTime{when});
      screen.backend.draw();
      EXPECT_TRUE((screen.shows("Buffer pool") || screen.shows("Pool")));
    }
    show_all_panels(screen.state);
    for (const core::Instant when : some_instants(screen.state)) {
      handle(screen.state, SeekTime{when});
      handle(screen.state, SelectNextBatch{});
      screen.backend.draw();
      EXPECT_TRUE(screen.shows("Records"));
    }
  }
}

TEST_P(EveryScenario, IsReadInFullOnTheFirstPicture) {
  Screen screen{without_questions()};
  for (const core::Instant when : some_instants(screen.state)) {
    handle(screen.state, SeekTime{when});
    screen.backend.draw();
    expect_read_in_full(screen, " at " + std::to_string(when.time_since_epoch().count()) + " us");
  }
}

TEST_P(EveryScenario, PlaysToItsEnd) {
  Screen screen{without_questions()};
  screen.state.pauses_at_narration = false;
  handle(screen.state, SetSpeed{0.05});
  handle(screen.state, PlayPause{});
  for (int frame = 0; frame < 4000 && screen.state.is_playing; ++frame) {
    advance(screen.state, 1.0 / 30);
    if (frame % 10 == 0) screen.backend.draw();
    // A run of many seconds is played as somebody does who has seen enough.
    if (frame % 500 == 499) handle(screen.state, ChangeSpeed{Way::Forward});
  }
  EXPECT_TRUE(screen.state.timeline().is_over());
}

std::string name_of(const testing::TestParamInfo<std::string>& info) {
  std::string name = std::filesystem::path{info.param}.stem().string();
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Scenarios, EveryScenario, testing::ValuesIn(scenario_files()), name_of);

}  // namespace
}  // namespace linger::viz
