#include "viz/prompt_panel.h"

#include <gtest/gtest.h>

#include "screen_fixture.h"

namespace linger::viz {
namespace {

constexpr KeyChord kAllActions{key_of('P'), {.control = true}};

TEST(PromptPanel, FindsAnActionByALetterOrTwo) {
  Screen screen{viewer_of(kLinger)};
  screen.press(kAllActions);
  EXPECT_TRUE(screen.shows("Do what?"));
  screen.backend.type("next ev");
  screen.settle();
  EXPECT_TRUE(screen.shows("Lets the next thing happen.")) << screen.all_text();
  screen.press(Key::Enter);
  EXPECT_EQ(screen.state.timeline().cursor(), 1);
  EXPECT_FALSE(screen.state.prompt);
}

TEST(PromptPanel, LettersAreNoKeysWhileSomethingIsTyped) {
  Screen screen{viewer_of(kLinger)};
  screen.press({Key::Slash, {}});
  screen.backend.type("Q V");
  screen.press('Q');
  screen.press(Key::Space);
  EXPECT_FALSE(screen.state.wants_to_quit);
  EXPECT_FALSE(screen.state.is_playing);
  EXPECT_EQ(screen.state.prompt->line.text, "Q V");
  screen.press(Key::Backspace);
  screen.press(Key::Home);
  screen.press(Key::Delete);
  EXPECT_EQ(screen.state.prompt->line.text, " ");
  screen.press(Key::Escape);
  EXPECT_FALSE(screen.state.prompt);
}

TEST(PromptPanel, RunsUntilWhatIsTyped) {
  Screen screen{viewer_of(kRetry)};
  screen.press({Key::Slash, {}});
  screen.backend.type("batch(0).attempts > 1");
  screen.press(Key::Enter);
  EXPECT_EQ(screen.state.shown_at, at(28ms));
}

TEST(PromptPanel, ShowsAMistakeWhereItIsTyped) {
  Screen screen{viewer_of(kRetry)};
  screen.press({Key::Slash, {}});
  screen.backend.type("batch(0).attemps > 1");
  screen.settle();
  EXPECT_TRUE(screen.shows("attemps")) << screen.all_text();
  EXPECT_TRUE(screen.shows("'attempts'")) << screen.all_text();
  screen.press(Key::Enter);
  EXPECT_TRUE(screen.state.prompt);
}

TEST(PromptPanel, ARowIsClicked) {
  Screen screen{viewer_of(kRetry)};
  screen.press({Key::Slash, {}});
  screen.click("batch_retried");
  EXPECT_EQ(screen.state.shown_at, at(4ms));
}

TEST(PromptPanel, IsReadInFull) {
  for (const Size display : {kSmallDisplay, kLargeDisplay}) {
    Screen screen{viewer_at(kRetry, 14ms), display};
    handle(screen.state, Select{batch(0)});
    for (const KeyChord& chord : {kAllActions, KeyChord{Key::Slash, {}}}) {
      screen.press(chord);
      for (const Label& label : screen.backend.labels()) {
        EXPECT_FALSE(label.is_ellipsized && label.rect.top < 600) << label.text;
      }
      screen.press(Key::Escape);
    }
  }
}

TEST(PromptPanel, ALongTitleLeavesRoomForItsKeys) {
  Screen screen{viewer_of(kLinger)};
  handle(screen.state, OpenPrompt{PromptKind::CopyTo});
  screen.settle();
  const auto title = screen.place_of("Copy the lesson to a file of your own");
  const auto keys = screen.place_of("Enter does it, Esc closes this");
  ASSERT_TRUE(title && keys) << screen.all_text();
  EXPECT_LE(title->right, keys->left);
}

}  // namespace
}  // namespace linger::viz
