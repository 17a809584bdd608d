// The viewer in both languages and at both sizes: nothing is cut off, nothing is written over
// something else, and a lesson is played in Chinese with the keyboard alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>

#include "language_fixture.h"
#include "screen_fixture.h"
#include "text_over_text.h"
#include "viz/language.h"
#include "viz/platform/fonts.h"
#include "viz/run_files.h"
#include "viz/viewer_language.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

std::string lesson_file(const std::string& name) {
  return std::string{LINGER_SOURCE_DIR} + "/scenarios/" + name + ".toml";
}

// Tests that press every key leave another language behind: each begins in English.
class EnglishAtStart : public testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo&) override { set_language(Language::English); }
};
const bool is_english_at_start = [] {
  testing::UnitTest::GetInstance()->listeners().Append(new EnglishAtStart);
  return true;
}();

ViewerState opened_in_language(const std::string& name) {
  EXPECT_TRUE(is_english_at_start);
  ViewerState state = opened(lesson_file(name));
  learn_lesson_texts(state);
  return state;
}

using Setting = std::tuple<std::string, Size, Language>;
class TwoLanguages : public testing::TestWithParam<Setting> {};

TEST_P(TwoLanguages, AreReadInFullFromTheFirstQuestionToTheEnd) {
  const auto& [name, display, spoken] = GetParam();
  if (spoken == Language::Chinese && chinese_font().path.empty()) {
    GTEST_SKIP() << "this system has no font with Chinese glyphs (Debian: fonts-wqy-microhei)";
  }
  const Speaking in_language{spoken};
  Screen screen{opened_in_language(name), display};
  expect_read_in_full(screen);
  screen.state.lesson.asks = false;
  for (const double part : {0.2, 0.5, 0.8, 1.0}) {
    handle(screen.state, SeekTime{screen.state.branches[0].index.instant_at(part)});
    screen.settle();
    expect_read_in_full(screen);
  }
  for (const Panel panel :
       {Panel::Readiness, Panel::Inspector, Panel::Faults, Panel::Hand, Panel::Moves}) {
    handle(screen.state, TogglePanel{panel});
    screen.settle();
    expect_read_in_full(screen);
  }
}

TEST_P(TwoLanguages, LetNoTextLieOverAnother) {
  const auto& [name, display, spoken] = GetParam();
  if (spoken == Language::Chinese && chinese_font().path.empty()) {
    GTEST_SKIP() << "this system has no font with Chinese glyphs (Debian: fonts-wqy-microhei)";
  }
  const Speaking in_language{spoken};
  Screen screen{opened_in_language(name), display};
  screen.state.lesson.asks = false;
  handle(screen.state, SeekTime{screen.state.branches[0].index.instant_at(1.0)});
  screen.settle();
  expect_no_text_over_another(screen.backend.seen_texts());
}

std::string setting_name(const testing::TestParamInfo<Setting>& info) {
  const auto& [name, display, spoken] = info.param;
  std::string text = name + "_" + std::to_string(static_cast<int>(display.width)) + "_" +
                     std::string{code_of(spoken)};
  std::ranges::replace(text, '/', '_');
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Pictures, TwoLanguages,
    testing::Combine(testing::Values("sending/one_record", "batching/a_batch_fills",
                                     "order/overtaken_retry", "memory/exhausted_pool",
                                     "transactions/fencing"),
                     testing::Values(kSmallDisplay, kLargeDisplay),
                     testing::Values(Language::English, Language::Chinese)),
    setting_name);

TEST(ChineseLesson, IsPlayedWithTheKeyboardAlone) {
  if (chinese_font().path.empty()) {
    GTEST_SKIP() << "this system has no font with Chinese glyphs (Debian: fonts-wqy-microhei)";
  }
  const Speaking in_chinese{Language::Chinese};
  Screen screen{opened_in_language("batching/a_batch_fills")};
  std::size_t asked = 0;
  for (int i = 0; i < 50 && !screen.state.timeline().is_over(); ++i) {
    if (open_question(screen.state)) {
      ++asked;
      EXPECT_TRUE(has_chinese(lesson_texts(screen.state).questions[asked - 1].text));
      screen.press('1');
    }
    screen.press(Key::Enter);
    screen.press(Key::Enter);
    if (!open_question(screen.state)) screen.press(Key::End);
  }
  EXPECT_TRUE(screen.state.timeline().is_over());
  EXPECT_EQ(asked, 2U);
  EXPECT_TRUE(has_chinese(screen.all_text()));
}

TEST(ChineseLesson, AKeyChangesTheLanguageAndBack) {
  if (chinese_font().path.empty()) {
    GTEST_SKIP() << "this system has no font with Chinese glyphs (Debian: fonts-wqy-microhei)";
  }
  const Speaking in_english{Language::English};
  Screen screen{opened(lesson_file("batching/a_batch_fills"))};
  EXPECT_FALSE(has_chinese(screen.all_text()));
  screen.press(Key::F7);
  EXPECT_TRUE(screen.shows("批次"));
  EXPECT_TRUE(screen.shows("一个批次"));
  screen.press(Key::F7);
  EXPECT_FALSE(has_chinese(screen.all_text()));
}

TEST(TwoLanguages, AHandoutIsInTheLanguageInUse) {
  const std::string english =
      exported(opened_in_language("sending/one_record"), RunExport::Handout);
  const Speaking chinese{Language::Chinese};
  const std::string other = exported(opened_in_language("sending/one_record"), RunExport::Handout);
  EXPECT_FALSE(has_chinese(english)) << english;
  for (std::size_t begin = other.find("\n## "); begin != std::string::npos;
       begin = other.find("\n## ", begin + 1)) {
    EXPECT_TRUE(has_chinese(other.substr(begin, other.find('\n', begin + 1) - begin))) << other;
  }
}

}  // namespace
}  // namespace linger::viz
