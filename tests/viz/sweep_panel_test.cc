#include "viz/sweep_panel.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "screen_fixture.h"
#include "sim/sweep.h"
#include "sim/text_file.h"
#include "viz/run_files.h"

namespace linger::viz {
namespace {

constexpr KeyChord kSweepKey{key_of('W'), {.shift = true}};

void run_points(Screen& screen) {
  while (screen.state.sweep && !sweep_view(screen.state).progress.empty()) {
    advance(screen.state, 0.01);
  }
  screen.settle();
}

TEST(SweepPanel, AClickOnAPointOpensItsRun) {
  Screen screen{viewer_of(kLinger)};
  screen.press(kSweepKey);
  screen.backend.type("linger.ms=0,5");
  screen.press(Key::Enter);
  run_points(screen);
  EXPECT_TRUE(screen.shows("time to acknowledgement, median")) << screen.all_text();
  screen.press(Key::Tab);
  EXPECT_TRUE(screen.shows("99th percentile")) << screen.all_text();
  screen.click("0", At::TheLeft);
  EXPECT_EQ(screen.state.current().name, "linger.ms=0");
}

TEST(SweepPanel, ArrowsChooseAPointAndEnterOpensItsRun) {
  Screen screen{viewer_of(kLinger)};
  handle(screen.state, RunSweep{"linger.ms=0,5,20 batch.size=200,16384"});
  run_points(screen);
  screen.press(Key::Right);
  screen.press(Key::Right);
  screen.press(Key::Right);  // there is none further right
  screen.press(Key::Down);
  screen.press(Key::Left);
  screen.press(Key::Enter);
  EXPECT_FALSE(screen.state.sweep);
  EXPECT_EQ(screen.state.current().name, "linger.ms=5, batch.size=16384");
}

TEST(SweepPanel, AKeyWritesWhatTheCommandWrites) {
  const std::filesystem::path folder =
      std::filesystem::path{testing::TempDir()} / "linger_sweep_panel";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  ASSERT_TRUE(write_whole((folder / "linger.toml").string(), std::string{kLinger}));
  Screen screen{opened((folder / "linger.toml").string())};
  handle(screen.state, RunSweep{"linger.ms=0,5 batch.size=200,16384"});
  screen.settle();
  const std::string csv = (folder / "linger-1.csv").string();
  constexpr KeyChord kSave{key_of('C'), {.control = true}};
  screen.press(kSave);
  EXPECT_FALSE(sim::read_text_file(csv)) << "the runs are not made yet";
  EXPECT_NE(screen.state.message->text.find("not all runs"), std::string::npos);
  run_points(screen);
  screen.press(kSave);

  const auto axes = std::get<std::vector<sim::SweepAxis>>(
      sim::parse_sweep({"linger.ms=0,5", "batch.size=200,16384"}, "--vary"));
  std::vector<sim::RunResult> results;
  for (const auto& values : sim::sweep_points(axes)) {
    results.push_back(sim::run(std::make_shared<const sim::Scenario>(std::get<sim::Scenario>(
        sim::with_sweep_values(*sim::shared_scenario(kLinger), axes, values)))));
  }
  std::vector<sim::SweptRun> runs;
  for (std::size_t i = 0; i < results.size(); ++i) {
    runs.push_back({sim::sweep_points(axes)[i], &results[i]});
  }
  EXPECT_EQ(sim::read_text_file(csv), sim::sweep_csv(axes, runs));
  EXPECT_TRUE(screen.state.sweep) << "it goes on";
  std::filesystem::remove_all(folder);
}

TEST(SweepPanel, ThereIsRoomForWhatItSays) {
  for (const Size display : {kSmallDisplay, kLargeDisplay}) {
    for (const char* axes : {"linger.ms=0,1,2,5,10,20,50,100",
                             "linger.ms=0,2,5,10,20 batch.size=500,1000,4000,16384"}) {
      Screen screen{viewer_of(kLinger), display};
      handle(screen.state, RunSweep{axes});
      run_points(screen);
      expect_read_in_full(screen);
    }
  }
}

TEST(SweepPanel, EscapeClosesIt) {
  Screen screen{viewer_of(kLinger)};
  handle(screen.state, RunSweep{"linger.ms=0,5"});
  screen.settle();
  screen.press(Key::Escape);
  EXPECT_FALSE(screen.state.sweep);
}

// --- Two columns ---

TEST(ColumnsPanel, ShowsTwoPicturesAndLeadsFromOneToTheOther) {
  Screen screen{viewer_at(kLinger, 3ms), kLargeDisplay};
  do_all(screen.state, {ForkWith{"linger.ms=20"}, SeekTime{at(6ms)}});
  screen.press({key_of('B'), {.shift = true}});
  EXPECT_TRUE(screen.shows("they part at ")) << screen.all_text();
  int pictures = 0;
  for (const Label& label : screen.backend.labels()) pictures += label.text == "DEQUES" ? 1 : 0;
  EXPECT_EQ(pictures, 2);
  const auto left = screen.place_of("thread A", At::TheLeft);
  const auto right = screen.place_of("thread A", At::TheRight);
  ASSERT_TRUE(left && right);
  EXPECT_GT(right->left - left->left, 800);
  screen.click("as written", At::First);
  EXPECT_EQ(screen.state.branch, 0U);
}

TEST(ColumnsPanel, IsReadInFull) {
  for (const Size display : {kSmallDisplay, kLargeDisplay}) {
    Screen screen{viewer_at(kRetry, 14ms), display};
    do_all(screen.state,
           {ForkWith{"retry.backoff.ms=5"}, TogglePanel{Panel::Comparison}, ToggleColumns{}});
    screen.settle();
    expect_read_in_full(screen);
  }
}

}  // namespace
}  // namespace linger::viz
