#include "viz/editor_panel.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "screen_fixture.h"
#include "sim/text_file.h"
#include "viz/run_files.h"

namespace linger::viz {
namespace {

namespace fs = std::filesystem;

class EditorPanel : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path{::testing::TempDir()} / "linger_editor_panel" / test->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write_whole(own(), std::string{kLinger});
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string own() const { return (folder_ / "mine.toml").string(); }
  ViewerState viewer() const {
    auto state = std::get<ViewerState>(open_viewer(own()));
    handle(state, SeekTime{at(7ms)});
    return state;
  }
  static constexpr KeyChord kApply{Key::Enter, {.control = true}};

  fs::path folder_;
};

TEST_F(EditorPanel, AWordIsTypedAppliedAndTakenBackByKeysAlone) {
  Screen screen{viewer()};
  screen.press({key_of('S'), {.shift = true}});
  screen.settle();
  EXPECT_TRUE(screen.shows("as it runs")) << screen.all_text();
  screen.backend.type("# mine Q");
  screen.press(Key::Enter);
  EXPECT_FALSE(screen.state.wants_to_quit) << "letters are no keys here";
  EXPECT_EQ(screen.state.editor->text, "# mine Q\n" + std::string{kLinger});
  EXPECT_TRUE(screen.shows("changed, and not applied yet")) << screen.all_text();
  screen.press(kApply);
  EXPECT_EQ(sim::read_text_file(own()), "# mine Q\n" + std::string{kLinger});
  EXPECT_EQ(screen.state.shown_at, at(7ms));
  screen.backend.type("more");
  screen.settle();
  EXPECT_EQ(screen.state.editor->text, "# mine Q\nmore" + std::string{kLinger})
      << "the field has the keyboard still, and the caret stays where it was";
  screen.press({key_of('Z'), {.control = true, .shift = true}});
  screen.press({key_of('Z'), {.control = true, .shift = true}});
  EXPECT_EQ(screen.state.editor->text, kLinger);
  screen.press(Key::Escape);
  EXPECT_FALSE(screen.state.editor->is_open);
  EXPECT_EQ(screen.state.editor->text, kLinger) << "Escape loses nothing";
}

TEST_F(EditorPanel, AMistakeIsShownAtItsLineWithItsFixAndClickedOn) {
  Screen screen{viewer()};
  screen.press({key_of('S'), {.shift = true}});
  screen.settle();
  screen.backend.type("speed = 3");
  screen.press(Key::Enter);
  screen.press(kApply);
  EXPECT_TRUE(screen.shows("line 1: ")) << screen.all_text();
  ASSERT_FALSE(screen.state.editor->errors.empty());
  const int revision = screen.state.editor->revision;
  for (const Label& label : screen.backend.labels()) {
    if (label.text.find("line 1: ") != 0) continue;
    screen.backend.click(label.rect.centre());
    break;
  }
  screen.settle();
  EXPECT_GT(screen.state.editor->revision, revision);
  EXPECT_EQ(sim::read_text_file(own()), kLinger);
}

TEST_F(EditorPanel, TheMouseAppliesAndCloses) {
  Screen screen{viewer()};
  screen.press({key_of('S'), {.shift = true}});
  screen.settle();
  screen.backend.type("# by mouse");
  screen.press(Key::Enter);
  screen.click("apply (Ctrl+Enter)");
  EXPECT_EQ(sim::read_text_file(own()), "# by mouse\n" + std::string{kLinger});
  screen.click("close (Escape)");
  EXPECT_FALSE(screen.state.editor->is_open);
}

}  // namespace
}  // namespace linger::viz
