#include "viz/viewer_editor.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "sim/text_file.h"
#include "viewer_fixture.h"
#include "viz/editor_view.h"
#include "viz/file_watch.h"
#include "viz/prompt_view.h"
#include "viz/run_files.h"
#include "viz/status_view.h"
#include "viz/viewer_language.h"

namespace linger::viz {
namespace {

namespace fs = std::filesystem;

const std::string kOwnLesson = std::string{kLinger} + "# a remark that stays\n";

// A lesson that comes with the program, in a folder of the test's own.
class LessonEditing : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path{::testing::TempDir()} / "linger_editing" / test->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "scenarios" / "batching");
    write_whole(shipped(), kOwnLesson);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string shipped() const { return (folder_ / "scenarios/batching/some.toml").string(); }
  std::string own() const { return (folder_ / "mine.toml").string(); }
  static std::string text_in(const std::string& file) {
    return sim::read_text_file(file).value_or("");
  }
  ViewerState opened_at(core::Duration when) const {
    auto viewer = std::get<ViewerState>(open_viewer(shipped()));
    handle(viewer, SeekTime{at(when)});
    return viewer;
  }
  ViewerState editing_at(core::Duration when) const {
    ViewerState state = opened_at(when);
    handle(state, CopyLesson{own()});
    return state;
  }
  static std::string with_linger(const std::string& milliseconds) {
    std::string text = kOwnLesson;
    const std::string setting = "linger.ms = 5";
    return text.replace(text.find(setting), setting.size(), "linger.ms = " + milliseconds);
  }
  static core::Milliseconds linger_of(const ViewerState& state) {
    return state.world().processes[0].producer.config().linger;
  }

  fs::path folder_;
};

TEST_F(LessonEditing, AskingToEditALessonOfTheProgramAsksWhereToCopyIt) {
  ViewerState state = opened_at(2ms);
  handle(state, EditLesson{});
  ASSERT_TRUE(state.prompt);
  EXPECT_EQ(state.prompt->kind, PromptKind::CopyTo);
  EXPECT_EQ(fs::path{state.prompt->line.text}.filename().string().find("some"), 0U);
  handle(state, TypeInPrompt{line_of(own())});
  handle(state, AcceptPrompt{});
  EXPECT_FALSE(state.prompt);
  EXPECT_EQ(text_in(own()), kOwnLesson) << "with its remarks";
  EXPECT_EQ(state.scenario().file, own());
  EXPECT_EQ(state.shown_at, at(2ms));
  ASSERT_TRUE(state.editor);
  EXPECT_TRUE(state.editor->is_open);
  EXPECT_EQ(editor_view(state).text, kOwnLesson);
  EXPECT_EQ(editor_view(state).status, "as it runs");
}

TEST_F(LessonEditing, ACopyIsToldInChineseAsTheLessonWas) {
  write_whole(shipped(), kOwnLesson + "[lesson]\ntitle = \"A wait\"\n");
  write_whole((folder_ / "scenarios/batching/some.zh.toml").string(),
              "[lesson]\ntitle = \"等待\"\n");
  ViewerState state = editing_at(3ms);
  set_language(Language::Chinese);
  learn_lesson_texts(state);
  EXPECT_EQ(lesson_texts(state).title, "等待");
  set_language(Language::English);
  EXPECT_EQ(lesson_texts(state).title, "A wait");
}

TEST_F(LessonEditing, ACopyReplacesNothing) {
  ViewerState state = opened_at(2ms);
  write_whole(own(), "precious");
  handle(state, EditLesson{});
  handle(state, TypeInPrompt{line_of(own())});
  EXPECT_EQ(prompt_view(state).error, "that file is there already");
  handle(state, AcceptPrompt{});
  handle(state, CopyLesson{own()});
  EXPECT_EQ(text_in(own()), "precious");
  EXPECT_EQ(state.scenario().file, shipped());
}

TEST_F(LessonEditing, OnesOwnFileIsEditedAsItIs) {
  write_whole(own(), kOwnLesson);
  auto state = std::get<ViewerState>(open_viewer(own()));
  handle(state, EditLesson{});
  EXPECT_FALSE(state.prompt);
  ASSERT_TRUE(state.editor);
  EXPECT_TRUE(state.editor->is_open);
}

TEST_F(LessonEditing, WhatIsAppliedIsSavedAndRunsAtTheSameInstant) {
  ViewerState state = editing_at(7ms);
  handle(state, TypeInEditor{with_linger("50")});
  EXPECT_EQ(text_in(own()), kOwnLesson) << "not before it is applied";
  EXPECT_EQ(editor_view(state).status, "changed, and not applied yet");
  handle(state, ApplyEdit{});
  EXPECT_EQ(text_in(own()), with_linger("50"));
  EXPECT_EQ(linger_of(state), 50ms);
  EXPECT_EQ(state.shown_at, at(7ms));
  EXPECT_TRUE(state.editor->is_open);
  EXPECT_EQ(editor_view(state).status, "as it runs");
  // It shows what a fresh run of the file shows.
  auto fresh = std::get<ViewerState>(open_viewer(own()));
  handle(fresh, SeekTime{at(7ms)});
  EXPECT_EQ(fresh.timeline().cursor(), state.timeline().cursor());
}

TEST_F(LessonEditing, WhatDoesNotParseIsToldWithItsLineAndNothingIsLost) {
  ViewerState state = editing_at(7ms);
  std::string wrong = kOwnLesson;
  wrong.replace(wrong.find("linger.ms"), 9, "lingre.ms");
  handle(state, TypeInEditor{wrong});
  handle(state, ApplyEdit{});
  const EditorView view = editor_view(state);
  ASSERT_EQ(view.mistakes.size(), 1U);
  EXPECT_EQ(view.mistakes[0].place, "line 12");
  EXPECT_NE(view.mistakes[0].fix.find("linger.ms"), std::string::npos) << view.mistakes[0].fix;
  EXPECT_EQ(view.text.substr(view.caret, 9), "lingre.ms") << "the caret is where it is wrong";
  EXPECT_EQ(view.text, wrong);
  EXPECT_EQ(text_in(own()), kOwnLesson);
  EXPECT_EQ(linger_of(state), 5ms);
  EXPECT_EQ(state.shown_at, at(7ms));
  handle(state, TypeInEditor{with_linger("6")});
  handle(state, ApplyEdit{});
  EXPECT_TRUE(editor_view(state).mistakes.empty());
  EXPECT_EQ(linger_of(state), 6ms);
}

TEST_F(LessonEditing, UndoBringsBackOneApplicationAfterTheOther) {
  ViewerState state = editing_at(7ms);
  for (const char* linger : {"6", "7"}) {
    handle(state, TypeInEditor{with_linger(linger)});
    handle(state, ApplyEdit{});
  }
  handle(state, TypeInEditor{"scribble"});
  handle(state, UndoEdit{});
  EXPECT_EQ(state.editor->text, with_linger("7")) << "what was typed since goes first";
  handle(state, UndoEdit{});
  EXPECT_EQ(state.editor->text, with_linger("6"));
  handle(state, ApplyEdit{});
  EXPECT_EQ(linger_of(state), 6ms);
  EXPECT_EQ(text_in(own()), with_linger("6"));
}

TEST_F(LessonEditing, ClosingKeepsWhatWasTyped) {
  ViewerState state = editing_at(7ms);
  handle(state, TypeInEditor{"half a thought"});
  handle(state, Escape{});
  EXPECT_FALSE(state.editor->is_open);
  handle(state, EditLesson{});
  EXPECT_EQ(editor_view(state).text, "half a thought");
}

TEST_F(LessonEditing, AFileThatAnotherProgramChangedIsReadAgainAtTheSameInstant) {
  ViewerState state = editing_at(7ms);
  FileWatch watch;
  EXPECT_FALSE(watch.has_changed(own()));
  EXPECT_FALSE(watch.has_changed(own()));
  write_whole(own(), with_linger("50"));
  EXPECT_TRUE(watch.has_changed(own()));
  EXPECT_FALSE(watch.has_changed(own()));
  handle(state, ReloadLesson{});
  EXPECT_EQ(linger_of(state), 50ms);
  EXPECT_EQ(state.shown_at, at(7ms));
  EXPECT_EQ(editor_view(state).text, with_linger("50"));
  handle(state, UndoEdit{});
  EXPECT_EQ(editor_view(state).text, kOwnLesson);
}

TEST_F(LessonEditing, WhatIsBeingEditedStaysWhenTheFileIsChangedElsewhere) {
  ViewerState state = editing_at(7ms);
  handle(state, TypeInEditor{with_linger("8")});
  write_whole(own(), with_linger("50"));
  handle(state, ReloadLesson{});
  EXPECT_EQ(editor_view(state).text, with_linger("8"));
  EXPECT_EQ(linger_of(state), 5ms);
  handle(state, ApplyEdit{});
  EXPECT_EQ(linger_of(state), 8ms);
}

TEST_F(LessonEditing, AnotherProgramsMistakeLeavesTheRunAsItWas) {
  ViewerState state = editing_at(7ms);
  write_whole(own(), "warm = maybe\n");
  handle(state, ReloadLesson{});
  EXPECT_EQ(linger_of(state), 5ms);
  EXPECT_NE(state.message->text.find("mine.toml:1:"), std::string::npos) << state.message->text;
}

TEST_F(LessonEditing, ACopyOfWhatHasNotBegunHasNotBegun) {
  auto state = std::get<ViewerState>(open_viewer(shipped()));
  handle(state, CopyLesson{own()});
  EXPECT_EQ(state.timeline().cursor(), 0);
  EXPECT_EQ(status_view(state).hint, "") << "nothing lies over what is edited";
  handle(state, Escape{});
  EXPECT_EQ(status_view(state).hint, "press Space");
}

TEST_F(LessonEditing, AMistakeThatIsGoneIsToldNoLonger) {
  ViewerState state = editing_at(7ms);
  handle(state, TypeInEditor{"lingre\n" + kOwnLesson});
  handle(state, ApplyEdit{});
  EXPECT_FALSE(editor_view(state).mistakes.empty());
  handle(state, TypeInEditor{kOwnLesson});
  EXPECT_TRUE(editor_view(state).mistakes.empty());
}

TEST_F(LessonEditing, WhoLeavesIsToldOnceThatWhatIsTypedIsLost) {
  ViewerState state = editing_at(7ms);
  handle(state, TypeInEditor{with_linger("50")});
  handle(state, Escape{});
  handle(state, Quit{});
  EXPECT_FALSE(state.wants_to_quit);
  EXPECT_TRUE(state.editor->is_open);
  EXPECT_TRUE(state.message);
  handle(state, Quit{});
  EXPECT_TRUE(state.wants_to_quit);
}

TEST_F(LessonEditing, WhoHasAppliedAllLeavesAtOnce) {
  ViewerState state = editing_at(7ms);
  handle(state, TypeInEditor{with_linger("50")});
  handle(state, ApplyEdit{});
  handle(state, Quit{});
  EXPECT_TRUE(state.wants_to_quit);
}

}  // namespace
}  // namespace linger::viz
