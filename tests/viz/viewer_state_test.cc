#include "viz/viewer_state.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "core/random.h"
#include "viewer_fixture.h"
#include "viz/fault_view.h"
#include "viz/inspector_view.h"
#include "viz/ledger_view.h"
#include "viz/pipeline_view.h"
#include "viz/readiness_view.h"
#include "viz/status_view.h"

namespace linger::viz {
namespace {

// --- Time ---

TEST(ViewerState, BeginsPausedBeforeEverything) {
  const ViewerState state = viewer_of(kLinger);
  EXPECT_FALSE(state.is_playing);
  EXPECT_EQ(state.timeline().cursor(), 0);
  EXPECT_EQ(state.shown_at, core::Instant{});
  EXPECT_EQ(status_view(state).hint, "press Space");
}

TEST(ViewerState, KnowsTheRunAheadSoThatTheScrubBarIsWhole) {
  const ViewerState state = viewer_of(kLinger);
  EXPECT_GT(state.timeline().frontier(), 10);
  EXPECT_GT(state.branches[0].index.end(), at(9ms));
}

TEST(ViewerState, StepsByEventByPassAndByMillisecond) {
  ViewerState state = viewer_of(kLinger);
  handle(state, StepEvent{Way::Forward});
  EXPECT_EQ(state.timeline().cursor(), 1);
  handle(state, StepEvent{Way::Back});
  EXPECT_EQ(state.timeline().cursor(), 0);

  do_all(state, {StepMillisecond{}, StepMillisecond{}, StepMillisecond{}});
  EXPECT_EQ(state.shown_at, at(3ms));
  handle(state, StepMillisecond{Way::Back});
  EXPECT_EQ(state.shown_at, at(2ms));

  const auto pass = [&state] { return state.world().processes[0].producer.sender().passes(); };
  const std::int64_t before = pass();
  handle(state, StepPass{Way::Forward});
  EXPECT_GT(pass(), before);
  handle(state, StepPass{Way::Back});
  EXPECT_EQ(pass(), before);
}

TEST(ViewerState, AMillisecondBackFromBetweenTwoIsTheOneBefore) {
  ViewerState state = viewer_at(kLinger, 3'400us);
  handle(state, StepMillisecond{Way::Back});
  EXPECT_EQ(state.shown_at, at(3ms));
  handle(state, StepMillisecond{Way::Forward});
  EXPECT_EQ(state.shown_at, at(4ms));
}

TEST(ViewerState, JumpsToWhereSomethingHappensAndBack) {
  ViewerState state = viewer_of(kRetry);
  handle(state, JumpTo{JumpTarget::Retry, Way::Forward});
  const core::Instant first = state.shown_at;
  handle(state, JumpTo{JumpTarget::Retry, Way::Forward});
  EXPECT_GT(state.shown_at, first);
  handle(state, JumpTo{JumpTarget::Retry, Way::Back});
  EXPECT_EQ(state.shown_at, first);
  const auto events = state.timeline().events_of(state.timeline().cursor() - 1);
  EXPECT_TRUE(std::any_of(events.begin(), events.end(), [](const sim::TraceEvent& event) {
    return event.as<core::BatchRetried>() != nullptr;
  }));
}

TEST(ViewerState, StaysWhereItIsIfThereIsNothingToJumpTo) {
  ViewerState state = viewer_at(kLinger, 3ms);
  const std::int64_t cursor = state.timeline().cursor();
  handle(state, JumpTo{JumpTarget::Expiry, Way::Forward});
  EXPECT_EQ(state.timeline().cursor(), cursor);
  ASSERT_TRUE(state.message);
  EXPECT_EQ(state.message->text, "no expiry comes any more");
}

TEST(ViewerState, TheScrubBarLeadsAnywhere) {
  ViewerState state = viewer_of(kLinger);
  handle(state, SeekFraction{1});
  EXPECT_TRUE(state.timeline().is_over());
  handle(state, SeekFraction{0.5});
  const double half = state.branches[0].index.axis(state.shown_at);
  EXPECT_NEAR(half, 0.5, 0.01);
  handle(state, ToStart{});
  EXPECT_EQ(state.timeline().cursor(), 0);
}

TEST(ViewerState, SpeedGoesInStepsBetweenTheSlowestAndTheFastest) {
  ViewerState state = viewer_of(kLinger);
  handle(state, SetSpeed{0.01});
  handle(state, ChangeSpeed{Way::Forward});
  EXPECT_DOUBLE_EQ(state.speed, 0.02);
  do_all(state, {ChangeSpeed{Way::Back}, ChangeSpeed{Way::Back}});
  EXPECT_DOUBLE_EQ(state.speed, 0.005);
  for (int i = 0; i < 40; ++i) handle(state, ChangeSpeed{Way::Forward});
  EXPECT_DOUBLE_EQ(state.speed, 100);
  for (int i = 0; i < 40; ++i) handle(state, ChangeSpeed{Way::Back});
  EXPECT_DOUBLE_EQ(state.speed, kSpeeds.front());
}

// --- Play ---

TEST(ViewerState, PlayedTimeFlowsAtItsSpeedAlsoBetweenEvents) {
  ViewerState state = viewer_of(kLinger);
  do_all(state, {SetSpeed{0.01}, PlayPause{}});
  for (int i = 0; i < 10; ++i) advance(state, 0.035);
  EXPECT_EQ(state.shown_at, at(3'500us));
  EXPECT_EQ(state.world().now, at(2ms));
  handle(state, PlayPause{});
  advance(state, 0.1);
  EXPECT_EQ(state.shown_at, at(3'500us));
}

TEST(ViewerState, PlayStopsAtTheEndOfTheRun) {
  ViewerState state = viewer_of(kLinger);
  do_all(state, {SetSpeed{1}, PlayPause{}});
  for (int i = 0; i < 50; ++i) advance(state, 0.02);
  EXPECT_TRUE(state.timeline().is_over());
  EXPECT_FALSE(state.is_playing);
  EXPECT_EQ(state.shown_at, state.world().now);
  EXPECT_EQ(status_view(state).outcome, "3 of 3 records acknowledged");
}

TEST(ViewerState, PlaySkipsWhatWouldBeALongWait) {
  ViewerState state = viewer_of(kExpiry);
  handle(state, PlayPause{});
  double seconds = 0;
  bool has_told = false;
  while (state.is_playing && seconds < 60) {
    advance(state, 0.02);
    seconds += 0.02;
    has_told = has_told || !status_view(state).skipped.empty();
  }
  // 200 ms at 0.005 would take 40 seconds.
  EXPECT_TRUE(state.timeline().is_over());
  EXPECT_LT(seconds, 15);
  EXPECT_TRUE(has_told);
}

TEST(ViewerState, PlayStopsWhereTheLessonSpeaksIfItIsToldTo) {
  const std::string toml = std::string{kLinger} + "[[say]]\nat = \"3ms\"\ntext = \"Look.\"\n";
  for (const bool stops : {true, false}) {
    ViewerState state = viewer_of(toml);
    if (!stops) handle(state, TogglePauseAtNarration{});
    handle(state, PlayPause{});
    for (int i = 0; i < 50; ++i) advance(state, 0.02);
    EXPECT_EQ(state.is_playing, !stops);
    EXPECT_EQ(state.shown_at, stops ? at(3ms) : at(5ms));
    EXPECT_EQ(narration_view(state).text, "Look.");
  }
}

TEST(ViewerState, WhatIsShownNeverLeavesTheStepItIsAt) {
  ViewerState state = viewer_of(kRetry);
  do_all(state, {SetSpeed{0.05}, PlayPause{}});
  while (state.is_playing) {
    advance(state, 0.013);
    EXPECT_GE(state.shown_at, state.world().now);
    const auto next = sim::next_due(state.world());
    EXPECT_LE(state.shown_at, next.value_or(core::Instant::max()));
  }
}

// --- The same step is the same picture ---

struct Everything {
  PipelineView pipeline;
  std::vector<ReadinessView> readiness;
  std::optional<BatchInspectorView> inspector;
  RecordLedgerView ledger;
  ConsumerLogView consumer;
  EventListView events;
  friend bool operator==(const Everything&, const Everything&) = default;
};

Everything everything(const ViewerState& state) {
  const Scene now = scene(state);
  Everything all{pipeline_view(now),
                 {},
                 batch_inspector_view(now),
                 record_ledger_view(now, RecordFilter::All, {}),
                 consumer_log_view(now, {core::TopicId{0}, 0}, {}),
                 event_list_view(now, kAllStreams, {.first = 0, .count = 1'000})};
  for (const Lane& lane : all.pipeline.producers[0].lanes) {
    all.readiness.push_back(readiness_view(now, lane.ref));
  }
  return all;
}

TEST(ViewerState, AWalkToAndFroShowsWhatAFreshRunShowsThere) {
  ViewerState walker = viewer_of(kRetry);
  handle(walker, Select{batch(0)});
  core::Random random{7, core::RandomStream::Applications};
  const std::int64_t steps = walker.timeline().frontier();
  for (int i = 0; i < 40; ++i) {
    const auto kind = random.uniform(0, 3);
    if (kind == 0) handle(walker, SeekStep{random.uniform(0, steps)});
    if (kind == 1) handle(walker, StepEvent{Way::Back});
    if (kind == 2) handle(walker, StepEvent{Way::Forward});
    if (kind == 3) handle(walker, JumpTo{JumpTarget::Retry, Way::Back});
    handle(walker, SeekStep{walker.timeline().cursor()});

    ViewerState fresh = viewer_of(kRetry);
    do_all(fresh, {Select{batch(0)}, SeekStep{walker.timeline().cursor()}});
    ASSERT_EQ(everything(walker), everything(fresh)) << "at step " << walker.timeline().cursor();
  }
}

TEST(ViewerState, ABranchWalkedToAndFroShowsWhatItShowedAtFirst) {
  ViewerState state = viewer_at(kRetry, 3ms);
  handle(state, InjectFault{sim::Disconnect{core::NodeId{0}}});
  const std::int64_t cursor = state.timeline().cursor();
  handle(state, SeekTime{at(30ms)});
  const Everything at_first = everything(state);

  // To before the fault, step by step over it, and on.
  handle(state, ToStart{});
  while (state.timeline().cursor() < cursor + 2) handle(state, StepEvent{Way::Forward});
  handle(state, SeekTime{at(30ms)});
  EXPECT_EQ(everything(state), at_first);
}

// --- Faults and branches ---

TEST(ViewerState, AFaultInjectedNowHappensNow) {
  ViewerState state = viewer_at(kLinger, 6ms);
  ASSERT_EQ(pipeline_view(scene(state)).packets.size(), 1U);
  handle(state, InjectFault{sim::Disconnect{core::NodeId{0}}});
  EXPECT_EQ(state.shown_at, at(6ms));
  EXPECT_TRUE(pipeline_view(scene(state)).packets.empty());
  EXPECT_EQ(fault_view(state).done.at(0), "disconnect broker 0 at 6.000 ms");
}

TEST(ViewerState, TheRunAsItWasStaysABranchBesideTheOther) {
  ViewerState state = viewer_at(kLinger, 6ms);
  handle(state, InjectNumbered{1});
  ASSERT_EQ(state.branches.size(), 2U);
  EXPECT_EQ(state.branch, 1U);
  handle(state, NextBranch{});
  EXPECT_EQ(state.branch, 0U);
  EXPECT_EQ(state.shown_at, at(6ms));
  EXPECT_EQ(pipeline_view(scene(state)).packets.size(), 1U);
}

TEST(ViewerState, ManyBranchesAreKeptAndTheScenarioAsWrittenAmongThem) {
  ViewerState state = viewer_at(kLinger, 1ms);
  for (std::size_t i = 0; i < kMostBranches + 2; ++i) handle(state, InjectNumbered{5});
  EXPECT_EQ(state.branches.size(), kMostBranches);
  EXPECT_EQ(state.branches[0].name, "as written");
  handle(state, ShowBranch{0});
  EXPECT_TRUE(state.scenario().faults.empty());
}

TEST(ViewerState, WhatIsSavedRunsTheSameAgain) {
  ViewerState state = viewer_at(kLinger, 6ms);
  handle(state, InjectNumbered{7});
  const std::string path = ::testing::TempDir() + "viewer_state_test.toml";
  handle(state, SaveScenario{path});
  auto opened = open_viewer(path);
  std::filesystem::remove(path);
  ASSERT_TRUE(std::holds_alternative<ViewerState>(opened));
  auto& again = std::get<ViewerState>(opened);
  do_all(state, {ToEnd{}});
  do_all(again, {ToEnd{}});
  EXPECT_EQ(record_ledger_view(scene(again), RecordFilter::All, {}),
            record_ledger_view(scene(state), RecordFilter::All, {}));
  EXPECT_EQ(again.shown_at, state.shown_at);
}

TEST(ViewerState, AFileThatMakesNoSenseIsToldAndChangesNothing) {
  ViewerState state = viewer_at(kLinger, 2ms);
  handle(state, OpenScenario{"/no/such/file.toml"});
  EXPECT_EQ(state.shown_at, at(2ms));
  EXPECT_TRUE(state.message.has_value());
}

TEST(ViewerState, LessonsFollowOneAnother) {
  const std::string folder = ::testing::TempDir();
  ViewerState state = viewer_of(kLinger);
  for (const char* name : {"first.toml", "second.toml"}) {
    LessonFile lesson;
    lesson.file = folder + name;
    state.lessons.push_back(lesson);
    std::ofstream{state.lessons.back().file} << kLinger;
  }
  handle(state, NextLesson{Way::Forward});
  EXPECT_EQ(state.scenario().file, state.lessons[0].file);
  handle(state, NextLesson{Way::Forward});
  EXPECT_EQ(state.scenario().file, state.lessons[1].file);
  handle(state, NextLesson{Way::Back});
  EXPECT_EQ(state.scenario().file, state.lessons[0].file);
  for (const LessonFile& lesson : state.lessons) std::filesystem::remove(lesson.file);
}

// Two lessons in files of their own.
class TwoLessons : public ::testing::Test {
 protected:
  // Tests run beside one another.
  static std::string test_name() {
    return ::testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  TwoLessons() {
    for (const char* name : {"one.toml", "two.toml"}) {
      LessonFile lesson;
      lesson.file = ::testing::TempDir() + test_name() + "_" + name;
      std::ofstream{lesson.file} << kLinger;
      lessons_.push_back(lesson);
    }
  }
  ~TwoLessons() override {
    for (const LessonFile& lesson : lessons_) std::filesystem::remove(lesson.file);
  }
  ViewerState first() const {
    ViewerState state = std::get<ViewerState>(open_viewer(lessons_[0].file));
    state.lessons = lessons_;
    return state;
  }
  bool is_in_second(const ViewerState& state) const {
    return state.scenario().file == lessons_[1].file;
  }

  std::vector<LessonFile> lessons_;
};

TEST_F(TwoLessons, WhatWasDoneByHandIsNotLostWithoutAWord) {
  for (const Way way : {Way::Forward, Way::Back}) {
    ViewerState state = first();
    do_all(state, {SeekTime{at(2ms)}, InjectNumbered{1}, NextLesson{way}});
    EXPECT_FALSE(is_in_second(state));
    EXPECT_EQ(state.branches.size(), 2U);
    ASSERT_TRUE(state.message);
    EXPECT_NE(state.message->text.find("not saved"), std::string::npos) << state.message->text;
    handle(state, NextLesson{way});
    EXPECT_TRUE(is_in_second(state));
  }
}

TEST_F(TwoLessons, WhoDidMoreSinceIsToldAgain) {
  ViewerState state = first();
  do_all(state, {SeekTime{at(2ms)}, InjectNumbered{1}, NextLesson{Way::Forward}});
  do_all(state, {ShowBranch{0}, InjectNumbered{2}, NextLesson{Way::Forward}});
  EXPECT_FALSE(is_in_second(state));
  handle(state, Quit{});
  EXPECT_TRUE(state.wants_to_quit) << "it was told";
}

TEST_F(TwoLessons, WhatIsSavedMayBeLeft) {
  ViewerState state = first();
  const std::string path = ::testing::TempDir() + test_name() + "_saved_before_leaving.toml";
  do_all(state, {SeekTime{at(2ms)}, InjectNumbered{1}, SaveScenario{path}});
  handle(state, NextLesson{Way::Forward});
  EXPECT_TRUE(is_in_second(state));
  std::filesystem::remove(path);
}

TEST_F(TwoLessons, WhatWasOnlyLookedAtMayBeLeft) {
  ViewerState state = first();
  do_all(state, {ToEnd{}, ForkWith{"linger.ms=20"}, NextLesson{Way::Forward}});
  EXPECT_TRUE(is_in_second(state));
}

TEST_F(TwoLessons, WhatIsTypedAndNotAppliedIsNotLostWithoutAWord) {
  ViewerState state = first();
  do_all(state, {EditLesson{}, TypeInEditor{"# mine", 0}, Quit{}});
  EXPECT_FALSE(state.wants_to_quit);
  ASSERT_TRUE(state.message);
  EXPECT_NE(state.message->text.find("not applied"), std::string::npos) << state.message->text;
  handle(state, Quit{});
  EXPECT_TRUE(state.wants_to_quit);
}

TEST_F(TwoLessons, WhoTypedMoreSinceIsToldAgain) {
  ViewerState state = first();
  do_all(state, {EditLesson{}, TypeInEditor{"# mine", 0}, Quit{}, TypeInEditor{"# mine, too", 0}});
  handle(state, Quit{});
  EXPECT_FALSE(state.wants_to_quit);
  handle(state, Quit{});
  EXPECT_TRUE(state.wants_to_quit) << "it was told";
}

TEST(ViewerState, APresentationSaysThatItShowsOneThing) {
  ViewerState state = viewer_at(kLinger, 2ms);
  const auto says = [&state] { return state.message ? state.message->text : ""; };
  handle(state, TogglePresentation{});
  for (const Panel panel : {Panel::Lesson, Panel::Inspector, Panel::Ledger, Panel::Future}) {
    handle(state, TogglePanel{panel});
    EXPECT_EQ(says(), "a presentation shows one thing at a time: F5 ends it");
    EXPECT_FALSE(state.is_shown(panel));
  }
  handle(state, TogglePanel{Panel::Plots});
  EXPECT_EQ(says(), "");
  EXPECT_TRUE(state.is_shown(Panel::Plots));
  do_all(state, {TogglePresentation{}, TogglePanel{Panel::Inspector}});
  EXPECT_EQ(says(), "");
  EXPECT_TRUE(state.is_shown(Panel::Inspector));
}

// --- When one of our own checks fails ---

TEST(ViewerState, StopsOnTheLastGoodWorldWhenACheckFails) {
  sim::Scenario scenario = sim::scenario_of(kLinger);
  scenario.network.link.segment = core::Bytes{0};  // which the parser would not let pass
  ViewerState state{std::make_shared<const sim::Scenario>(scenario)};
  EXPECT_EQ(state.error, "");

  handle(state, ToEnd{});
  ASSERT_NE(state.error, "");
  EXPECT_FALSE(state.is_playing);
  const std::int64_t good = state.timeline().cursor();
  EXPECT_EQ(state.timeline().frontier(), good);
  handle(state, StepEvent{Way::Back});
  EXPECT_EQ(state.error, "");
  do_all(state, {StepEvent{Way::Forward}, StepEvent{Way::Forward}});
  EXPECT_EQ(state.timeline().cursor(), good);
  EXPECT_NE(state.error, "");
}

// --- Looking ---

TEST(ViewerState, TabWalksThroughTheBatchesTheProducerHas) {
  ViewerState state = viewer_at(kMemory, 2ms);
  handle(state, SelectNextBatch{Way::Forward});
  EXPECT_EQ(state.selection, Selection{batch(0)});
  handle(state, SelectNextBatch{Way::Forward});
  EXPECT_EQ(state.selection, Selection{batch(1)});
  handle(state, SelectNextBatch{Way::Forward});
  EXPECT_EQ(state.selection, Selection{batch(0)});
  handle(state, SelectNextBatch{Way::Back});
  EXPECT_EQ(state.selection, Selection{batch(1)});
  handle(state, Escape{});
  EXPECT_EQ(state.selection, Selection{});
}

TEST(ViewerState, PartitionsAreWalkedThroughToo) {
  ViewerState state = viewer_of(kMemory);
  handle(state, SelectNextPartition{Way::Back});
  EXPECT_EQ(state.selection, Selection{lane(3)});
  handle(state, SelectNextPartition{Way::Forward});
  EXPECT_EQ(state.selection, Selection{lane(0)});
}

TEST(ViewerState, EscapeClosesTheHelpFirst) {
  ViewerState state = viewer_of(kLinger);
  do_all(state, {Select{lane()}, ToggleHelp{}, Escape{}});
  EXPECT_FALSE(state.shows_help);
  EXPECT_EQ(state.selection, Selection{lane()});
}

TEST(ViewerState, PanelsStreamsFiltersAndZoomAreTurned) {
  ViewerState state = viewer_of(kLinger);
  const bool shown = state.is_shown(Panel::Ledger);
  do_all(state, {TogglePanel{Panel::Ledger}, ToggleStream{core::Stream::Network},
                 NextRecordFilter{}, ChangeZoom{Way::Forward}, Quit{}});
  EXPECT_EQ(state.is_shown(Panel::Ledger), !shown);
  EXPECT_FALSE(state.streams[static_cast<std::size_t>(core::Stream::Network)]);
  EXPECT_EQ(state.record_filter, RecordFilter::Pending);
  EXPECT_GT(state.zoom, 1);
  EXPECT_TRUE(state.wants_to_quit);
}

}  // namespace
}  // namespace linger::viz
