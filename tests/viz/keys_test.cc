#include "viz/keys.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace linger::viz {
namespace {

TEST(Keys, EveryChordIsThereOnce) {
  std::set<std::string> chords;
  for (const KeyAction& action : key_actions()) {
    EXPECT_TRUE(chords.insert(text(action.chord)).second) << text(action.chord);
  }
}

TEST(Keys, EveryActionHasANameAndASentence) {
  for (const KeyAction& action : key_actions()) {
    EXPECT_FALSE(action.name.empty()) << text(action.chord);
    EXPECT_TRUE(action.description.ends_with('.')) << action.name;
  }
}

TEST(Keys, AChordIsWrittenAsItIsPressed) {
  EXPECT_EQ(text(KeyChord{Key::Space, {}}), "Space");
  EXPECT_EQ(text(KeyChord{Key::Right, {.shift = true}}), "Shift+Right");
  EXPECT_EQ(text(KeyChord{Key::Left, {.control = true}}), "Ctrl+Left");
  EXPECT_EQ(text(KeyChord{Key::Slash, {.shift = true}}), "?");
  EXPECT_EQ(text(KeyChord{key_of('N'), {}}), "N");
  EXPECT_EQ(text(KeyChord{Key::F1, {}}), "F1");
}

TEST(Keys, TheDispatcherAndTheButtonsReadTheSameTable) {
  EXPECT_EQ(command_for({Key::Space, {}}), ViewerCommand{PlayPause{}});
  EXPECT_EQ(command_for({Key::Right, {.shift = true}}), ViewerCommand{StepPass{Way::Forward}});
  EXPECT_EQ(command_for({key_of('7'), {}}), ViewerCommand{PressNumber{7}});
  EXPECT_FALSE(command_for({Key::F12, {}}));
  EXPECT_EQ(key_text(JumpTo{JumpTarget::Retry, Way::Back}), "Shift+R");
  EXPECT_EQ(key_text(SeekStep{3}), "");
  for (const KeyAction& action : key_actions()) {
    EXPECT_EQ(command_for(action.chord), action.command) << text(action.chord);
    EXPECT_NE(key_text(action.command), "") << action.name;
  }
}

TEST(Keys, TheListOfLessonsHasKeysOfItsOwn) {
  std::set<std::string> chords;
  for (const KeyAction& action : browser_key_actions()) {
    EXPECT_TRUE(chords.insert(text(action.chord)).second) << text(action.chord);
    EXPECT_TRUE(action.description.ends_with('.')) << action.name;
  }
  EXPECT_TRUE(chords.contains("Enter"));
}

TEST(Keys, EveryPanelAndEveryJumpHasAKey) {
  for (int panel = 0; panel < kPanelCount; ++panel) {
    EXPECT_NE(key_text(TogglePanel{static_cast<Panel>(panel)}), "") << panel;
  }
  for (int target = 0; target <= static_cast<int>(JumpTarget::Narration); ++target) {
    for (const Way way : {Way::Forward, Way::Back}) {
      EXPECT_NE(key_text(JumpTo{static_cast<JumpTarget>(target), way}), "") << target;
    }
  }
}

}  // namespace
}  // namespace linger::viz
