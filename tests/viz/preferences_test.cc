#include "viz/preferences.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "lesson_fixture.h"
#include "viz/kept_file.h"
#include "viz/panel_stack.h"

namespace linger::viz {
namespace {

TEST(Preferences, ALessonBeginsWithItsQuestionsWhateverLayOverThem) {
  Preferences preferences = preferences_of(viewer_of(asking()));
  preferences.panels.set(static_cast<std::size_t>(Panel::Inspector));
  ViewerState state = viewer_of(asking());
  follow_preferences(state, preferences);
  EXPECT_EQ(front_panel(state), Panel::Lesson);
}

TEST(Preferences, ComeBackAsTheyWereKept) {
  ViewerState state = viewer_of(kLinger);
  do_all(state, {TogglePanel{Panel::Ledger}, TogglePanel{Panel::Narration},
                 TogglePanel{Panel::Future}, ChangeZoom{}, SetSpeed{0.02}, ToggleReducedMotion{}});
  const Preferences kept = preferences_of(state);
  ViewerState another = viewer_of(kRetry);
  follow_preferences(another, parse_preferences(preferences_text(kept), preferences_of(another)));
  EXPECT_EQ(preferences_of(another), kept);
  EXPECT_TRUE(another.is_shown(Panel::Ledger));
  EXPECT_FALSE(another.is_shown(Panel::Narration));
  EXPECT_TRUE(another.reduces_motion);
  EXPECT_FALSE(another.guide) << "the first steps were put away";
}

TEST(Preferences, TheLanguageIsKeptIfSomebodyChoseIt) {
  ViewerState state = viewer_of(kLinger);
  EXPECT_EQ(preferences_text(preferences_of(state)).find("language"), std::string::npos);
  handle(state, ChangeLanguage{});
  EXPECT_EQ(language(), Language::Chinese);
  const Preferences kept = preferences_of(state);
  EXPECT_NE(preferences_text(kept).find("language zh\n"), std::string::npos);
  handle(state, ChangeLanguage{});
  EXPECT_EQ(language(), Language::English);
  EXPECT_EQ(parse_preferences(preferences_text(kept), preferences_of(state)).language,
            Language::Chinese);
}

TEST(Preferences, ALanguageWithoutGlyphsIsNotSpoken) {
  ViewerState state = viewer_of(kLinger);
  state.can_speak_chinese = false;
  handle(state, ChangeLanguage{});
  EXPECT_EQ(language(), Language::English);
  EXPECT_NE(state.message->text.find("Noto Sans CJK"), std::string::npos);
}

TEST(Preferences, TheWindowsPlaceComesBack) {
  Preferences kept = preferences_of(viewer_of(kLinger));
  kept.window = WindowPlace{.x = -1280, .y = 30, .width = 1000, .height = 700};
  const Preferences usual = preferences_of(viewer_of(kLinger));
  EXPECT_EQ(parse_preferences(preferences_text(kept), usual).window, kept.window);
  for (const char* nonsense : {"window 1 2 3\n", "window 1 2 0 700\n", "window 1 2 3 4 5\n",
                               "window a b c d\n", "windows 1 2 300 400\n"}) {
    const Preferences read = parse_preferences(nonsense, usual);
    EXPECT_FALSE(read.window) << nonsense;
    EXPECT_EQ(read.unread.size(), 1U) << nonsense;
  }
}

TEST(Preferences, AWindowIsPutBackOnlyWhereAMonitorHoldsAllOfIt) {
  const std::vector<WindowPlace> monitors{{0, 0, 1920, 1080}, {-1280, 0, 1280, 1024}};
  EXPECT_TRUE(fits_on({0, 0, 1920, 1080}, monitors));
  EXPECT_TRUE(fits_on({-1280, 24, 1280, 1000}, monitors));
  EXPECT_FALSE(fits_on({1, 0, 1920, 1080}, monitors)) << "a part would be outside";
  EXPECT_FALSE(fits_on({-100, 0, 300, 300}, monitors)) << "half on each";
  EXPECT_FALSE(fits_on({2000, 0, 800, 600}, monitors)) << "the monitor was taken away";
  EXPECT_FALSE(fits_on({0, 0, 10, 10}, monitors)) << "too small to be found";
  EXPECT_FALSE(fits_on({0, 0, 800, 600}, {}));
}

TEST(Preferences, WhatBelongsToARunIsNotKept) {
  ViewerState state = viewer_at(kLinger, 2ms);
  do_all(state, {TogglePanel{Panel::Faults}, ForkWith{"linger.ms=0"}});
  const Preferences kept = preferences_of(state);
  EXPECT_FALSE(kept.panels[static_cast<std::size_t>(Panel::Comparison)]);
  EXPECT_FALSE(kept.panels[static_cast<std::size_t>(Panel::Faults)]);
}

TEST(Preferences, LinesThatMakeNoSenseDoNoHarmAndStay) {
  const Preferences usual = preferences_of(viewer_of(kLinger));
  const Preferences read = parse_preferences(
      "zoom large\nzoom 0\nspeed -1\npanel of experts: shown\nreduced-motion maybe\n", usual);
  EXPECT_EQ(read.zoom, usual.zoom);
  EXPECT_EQ(read.speed, usual.speed);
  EXPECT_EQ(read.panels, usual.panels);
  EXPECT_EQ(read.unread.size(), 5U);
  EXPECT_NE(preferences_text(read).find("panel of experts: shown\n"), std::string::npos);
}

TEST(Preferences, WhoeverIsNewHereIsShownTheFirstSteps) {
  ViewerState state = viewer_of(kLinger);
  Preferences usual = preferences_of(state);
  usual.knows_first_steps = false;
  follow_preferences(state, parse_preferences("", usual));
  EXPECT_TRUE(state.guide);
  follow_preferences(state, parse_preferences("first-steps-done on\n", usual));
  EXPECT_FALSE(state.guide);
}

TEST(KeptFile, IsWrittenWholeOrNotAtAll) {
  const std::filesystem::path folder =
      std::filesystem::path{testing::TempDir()} / "linger_kept_file";
  const std::string file = (folder / "deep" / "view").string();
  EXPECT_TRUE(write_kept("zoom 2\n", file));
  EXPECT_EQ(read_kept(file), "zoom 2\n");
  EXPECT_FALSE(write_kept("zoom 2\n", folder.string())) << "a folder is not replaced";
  EXPECT_EQ(read_kept(folder.string()), "");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace linger::viz
