// What a reader of Chinese reads, wherever it comes from.
#include "viz/viewer_language.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "language_fixture.h"
#include "screen_fixture.h"
#include "viz/editor_view.h"
#include "viz/event_list_view.h"
#include "viz/hand_view.h"
#include "viz/moves_view.h"
#include "viz/prompt_view.h"
#include "viz/run_files.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

class InChinese : public ::testing::Test {
 protected:
  void SetUp() override { set_language(Language::Chinese); }
  void TearDown() override { set_language(Language::English); }
};

std::string lesson_called(const std::string& name) {
  return std::string{LINGER_SOURCE_DIR} + "/scenarios/" + name + ".toml";
}

std::string last_said(const ViewerState& state) {
  return state.message ? state.message->text : "";
}

TEST_F(InChinese, AMistakeInTheEditorIsTold) {
  const auto folder = std::filesystem::path{::testing::TempDir()} / "linger_chinese_editor";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string own = (folder / "mine.toml").string();
  write_whole(own, std::string{kLinger});
  Screen screen{std::get<ViewerState>(open_viewer(own))};
  handle(screen.state, EditLesson{});
  handle(screen.state, TypeInEditor{std::string{kLinger} + "[[fault]]\ndisconect = 0\n"});
  handle(screen.state, ApplyEdit{});
  screen.settle();
  EXPECT_TRUE(screen.shows("[[fault]] 没有键“disconect”")) << screen.all_text();
  EXPECT_TRUE(screen.shows("是“disconnect”吗？")) << screen.all_text();
  set_language(Language::English);
  EXPECT_EQ(editor_view(screen.state).mistakes.front().message, "[[fault]] does not say when");
  std::filesystem::remove_all(folder);
}

TEST_F(InChinese, AMistakeInTheLineIsTold) {
  ViewerState state = viewer_of(kLinger);
  const auto typed = [&state](PromptKind kind, const std::string& text) {
    state.prompt = Prompt{kind, line_of(text), 0};
    const PromptView view = prompt_view(state);
    return view.error + "; " + view.fix;
  };
  EXPECT_EQ(typed(PromptKind::RunUntil, "batch(1).stat"), "“batch”没有“stat”; 是“state”吗？");
  EXPECT_TRUE(typed(PromptKind::Change, "era 2.9").starts_with("没有时代“2.9”; "));
  EXPECT_EQ(typed(PromptKind::Change, "disconnect = 7"),
            "没有 broker 7; 只有 broker 0；写 [cluster] brokers = 2 就有第二个");
  EXPECT_EQ(typed(PromptKind::Sweep, "linger.ms=5,5"), "值 5 写了两次; 例如 linger.ms=0,5,20");
}

TEST_F(InChinese, WhatWasRefusedIsTold) {
  ViewerState state = viewer_of(kLinger);
  handle(state, ForkWith{"lingre.ms=5"});
  EXPECT_EQ(last_said(state),
            "--set lingre.ms=5：错误：没有客户端有配置 lingre.ms\n  建议：linger.ms\n");
  handle(state, RunUntil{"records.failed = 1"});
  EXPECT_EQ(last_said(state), "查询语言没有符号“=”：请写“==”");
  handle(state, RunSweep{"linger.ms"});
  EXPECT_NE(last_said(state).find("没有变化的值"), std::string::npos) << last_said(state);
}

TEST_F(InChinese, TheListOfEventsHasWhatTheLessonSays) {
  ViewerState state = opened(lesson_called("batching/a_batch_fills"));
  learn_lesson_texts(state);
  state.lesson.asks = false;
  handle(state, ToEnd{});
  ASSERT_TRUE(state.chinese_texts);
  const EventListView view = event_list_view(scene(state), kAllStreams, {0, 100'000});
  std::size_t told = 0;
  for (const std::string& text : state.chinese_texts->narration) {
    told += static_cast<std::size_t>(std::ranges::count(view.rows, text, &EventRow::text));
  }
  EXPECT_EQ(told, state.chinese_texts->narration.size());
  EXPECT_GT(told, 0U);
}

TEST_F(InChinese, ABranchIsCalledInTheLanguageInUse) {
  ViewerState state = viewer_at(kLinger, 3ms);
  do_all(state, {InjectNumbered{1}, ShowBranch{0}});
  const HandButton& button = hand_view(state).buttons.front();
  handle(state, ActByHand{button.action, button.producer});
  ASSERT_EQ(state.branches.size(), 3U);
  EXPECT_EQ(branch_name(state, 0), "按原样");
  EXPECT_EQ(branch_name(state, 1), "3.000 ms：断开 broker 0 的连接");
  EXPECT_EQ(branch_name(state, 2), "3.000 ms：发送一条记录：orders");
  set_language(Language::English);
  EXPECT_EQ(branch_name(state, 1), "disconnect broker 0 at 3.000 ms");
  EXPECT_EQ(branch_name(state, 2), "send a record: orders at 3.000 ms");
}

// What a move is called hangs on the world in which it was taken.
TEST_F(InChinese, ABranchOfAMoveIsCalledInTheLanguageInUse) {
  const std::string two_threads =
      std::string{kLinger} + "[[thread]]\nname = \"B\"\nrun = [{ send = \"orders\" }]\n";
  ViewerState state = viewer_of(two_threads);
  handle(state, TogglePanel{Panel::Moves});
  const auto rows = moves_view(state).rows;
  const auto other = std::ranges::find(rows, false, &MoveRow::is_own);
  ASSERT_NE(other, rows.end());
  const std::string in_chinese = other->words;
  handle(state, TakeMove{other->index});
  ASSERT_EQ(state.branches.size(), 2U);
  EXPECT_TRUE(has_chinese(branch_name(state, 1)));
  EXPECT_NE(branch_name(state, 1).find(in_chinese), std::string::npos) << branch_name(state, 1);
  handle(state, ChangeLanguage{});
  EXPECT_FALSE(has_chinese(branch_name(state, 1))) << branch_name(state, 1);
  EXPECT_NE(branch_name(state, 1).find(", after "), std::string::npos) << branch_name(state, 1);
  handle(state, ChangeLanguage{});
  EXPECT_TRUE(has_chinese(branch_name(state, 1))) << branch_name(state, 1);
}

// The sentences of Kafka and of the system, code, and the glossary, which is in both languages.
bool may_be_english(const std::string& text) {
  const auto holds = [&text](std::string_view part) {
    return text.find(part) != std::string::npos;
  };
  return holds("[Producer clientId=") || holds("Exception: ") || holds(" · ") ||
         holds("'in flight'");
}

TEST_F(InChinese, NoEnglishIsLeftInPanelsAndLines) {
  ViewerState opened_lesson = opened(lesson_called("order/overtaken_retry"));
  learn_lesson_texts(opened_lesson);
  opened_lesson.lesson.asks = false;
  Screen screen{std::move(opened_lesson), kLargeDisplay};
  const auto look = [&screen](const std::string& where) {
    screen.settle();
    for (const SeenText& seen : screen.backend.seen_texts()) {
      const bool is_left = has_english(seen.text) && !may_be_english(seen.text);
      EXPECT_FALSE(is_left) << where << ": " << seen.text;
    }
  };
  handle(screen.state, SeekTime{screen.state.branches[0].index.instant_at(0.6)});
  do_all(screen.state, {InjectNumbered{1}, InjectNumbered{2}});
  for (int panel = 0; panel < kPanelCount; ++panel) {
    handle(screen.state, TogglePanel{static_cast<Panel>(panel)});
    look("panel " + std::string{name_of(static_cast<Panel>(panel))});
  }
  for (const PromptKind kind : {PromptKind::Actions, PromptKind::RunUntil, PromptKind::Change,
                                PromptKind::Sweep, PromptKind::Glossary}) {
    for (const char* typed : {"", "a", "b", "li", "linger.ms=x"}) {
      screen.state.prompt = Prompt{kind, line_of(typed), 0};
      look(std::string{"typed: "} + typed);
    }
  }
  screen.state.prompt.reset();
  handle(screen.state, ToEnd{});
  look("the end");
}

}  // namespace
}  // namespace linger::viz
