// What a mouse clicks, letters click; and keys scroll.
#include "viz/hints_panel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "hint_fixture.h"
#include "lesson_fixture.h"
#include "sim/text_file.h"
#include "viz/panel_stack.h"
#include "viz/pictures.h"
#include "viz/run_files.h"
#include "viz/sequence_view.h"

namespace linger::viz {
namespace {

TEST(Hints, LettersAreFewAndNoTwoPlacesHaveTheSame) {
  EXPECT_EQ(hint_text(0, 26), "F");
  EXPECT_EQ(hint_text(0, 27), "FF");
  EXPECT_EQ(hint_text(676, 700), "") << "there are no more";
  std::set<std::string> all;
  for (std::size_t i = 0; i < 676; ++i) EXPECT_TRUE(all.insert(hint_text(i, 676)).second);
}

TEST(Hints, AThreadIsSelectedByItsLetters) {
  Screen screen{viewer_at(kLinger, 3ms)};
  click_by_letters(screen, "thread A");
  EXPECT_EQ(screen.state.selection, Selection{core::ThreadId{0}});
}

TEST(Hints, LettersThatAreNobodysAreNotTaken) {
  Screen screen{viewer_at(kLinger, 3ms)};
  screen.press(Key::F4);
  ASSERT_GT(theme_state().hints.places.size(), kHintLetters.size()) << "two letters each";
  screen.press(kHintLetters.back());
  EXPECT_EQ(screen.state.hints, "") << "nothing begins with it";
  screen.press('F');
  EXPECT_EQ(screen.state.hints, "F");
  screen.press(Key::Backspace);
  EXPECT_EQ(screen.state.hints, "");
  screen.press(Key::Escape);
  EXPECT_FALSE(screen.state.hints);
  EXPECT_EQ(screen.state.timeline().cursor(), viewer_at(kLinger, 3ms).timeline().cursor())
      << "F was no key for faults";
  EXPECT_FALSE(screen.state.is_shown(Panel::Faults));
}

TEST(Hints, WhatMovesStandsStillForThem) {
  Screen screen{viewer_at(kLinger, 3ms)};
  screen.press(Key::Space);
  ASSERT_TRUE(screen.state.is_playing);
  screen.press(Key::F4);
  EXPECT_FALSE(screen.state.is_playing);
}

TEST(Hints, AnEventANoteAndAnArrowAreFollowed) {
  Screen events{viewer_at(kRetry, 14ms), kLargeDisplay};
  events.press('V');
  const auto rows = event_list_view(scene(events.state), kAllStreams, {}).rows;
  const auto newest = std::find_if(rows.rbegin(), rows.rend(), [](const EventRow& row) {
    return !std::holds_alternative<std::monostate>(row.about);
  });
  ASSERT_TRUE(newest != rows.rend());
  click_by_letters(events, newest->text);
  EXPECT_EQ(events.state.selection, newest->about);

  ViewerState asked = viewer_of(asking());
  do_all(asked, {ToggleQuestions{}, ToEnd{}});
  bring_to_front(asked, Panel::Lesson);
  Screen lesson{std::move(asked), kLargeDisplay};
  click_by_letters(lesson, "3.000 ms", At::TheRight);
  EXPECT_EQ(lesson.state.shown_at, at(3ms));

  Screen arrows{viewer_at(kRetry, 14ms), kLargeDisplay};
  arrows.press('K');
  click_by_letters(arrows, sequence_view(scene(arrows.state), {}).arrows.front().label);
  EXPECT_TRUE(std::holds_alternative<RequestRef>(arrows.state.selection));
}

// --- A picture ---

TEST(SavePicture, AKeyWritesWhatIsOnTheScreenBesideTheScenario) {
  const std::filesystem::path folder =
      std::filesystem::path{testing::TempDir()} / "linger_save_picture";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string file = (folder / "linger.toml").string();
  ASSERT_TRUE(write_whole(file, std::string{kLinger}));
  Screen screen{opened(file)};
  screen.press({key_of('S'), {.control = true}});
  ASSERT_TRUE(screen.state.wanted_picture) << "whoever has the screen is asked for it";
  const RgbaImage image =
      image_of_rows_from_below({.width = 1, .height = 2}, {10, 20, 30, 40, 50, 60, 70, 80});
  EXPECT_EQ(image.pixels, (std::vector<std::uint8_t>{50, 60, 70, 255, 10, 20, 30, 255}));
  keep_picture(screen.state, image);
  EXPECT_FALSE(screen.state.wanted_picture);
  const std::string png = (folder / "linger-1.png").string();
  EXPECT_EQ(screen.state.message->text, "saved as " + png);
  EXPECT_TRUE(sim::read_text_file(png).value_or("").starts_with("\x89PNG"));
  keep_picture(screen.state, image);
  EXPECT_FALSE(std::filesystem::exists(folder / "linger-2.png")) << "nobody wanted another";
  std::filesystem::remove_all(folder);
}

// --- Scrolling ---

// The first record of the ledger that is in sight: its names stand furthest to the left.
std::string first_record(const Screen& screen) {
  const Label* first = nullptr;
  for (const Label& label : screen.backend.labels()) {
    const bool is_record = label.text.size() > 1 && label.text[0] == 'r' &&
                           label.text.find_first_not_of("0123456789", 1) == std::string::npos;
    if (!is_record) continue;
    const bool is_further_left = first == nullptr || label.rect.left < first->rect.left - 1;
    const bool is_above = first != nullptr && label.rect.left < first->rect.left + 1 &&
                          label.rect.top < first->rect.top;
    if (is_further_left || is_above) first = &label;
  }
  return first == nullptr ? "" : first->text;
}

TEST(Scrolling, KeysScrollListsUpAndDown) {
  std::string toml{kLinger};
  toml.replace(toml.find("count = 3"), 9, "count = 200");
  ViewerState state = viewer_of(toml);
  do_all(state, {ToEnd{}, TogglePanel{Panel::Ledger}});
  Screen screen{std::move(state)};
  const std::string at_the_end = first_record(screen);
  screen.press({Key::PageUp, {.shift = true}});
  const std::string before = first_record(screen);
  EXPECT_NE(before, at_the_end) << screen.all_text();
  screen.press({Key::PageUp, {.shift = true}});
  EXPECT_NE(first_record(screen), before);
  screen.press({Key::PageDown, {.shift = true}});
  EXPECT_EQ(first_record(screen), before);
}

TEST(Scrolling, KeysScrollTheSidePanel) {
  ViewerState state = viewer_at(kRetry, 14ms);
  bring_to_front(state, Panel::Faults);
  Screen screen{std::move(state)};
  screen.press('=');
  const auto before = screen.place_of("disconnect");
  screen.state.zoom = 1.6F;
  screen.settle();
  const auto large = screen.place_of("disconnect");
  ASSERT_TRUE(before && large);
  screen.press({Key::PageDown, {.control = true}});
  const auto after = screen.place_of("disconnect");
  EXPECT_TRUE(!after || after->top < large->top);
  screen.press({Key::PageUp, {.control = true}});
  ASSERT_TRUE(screen.place_of("disconnect"));
  EXPECT_FLOAT_EQ(screen.place_of("disconnect")->top, large->top);
}

}  // namespace
}  // namespace linger::viz
