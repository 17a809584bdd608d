// Every screen of the viewer, in both languages and at both sizes: nothing is cut off without being
// told in full to whom points at it, and no text lies over another.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "screen_fixture.h"
#include "text_over_text.h"
#include "viz/language.h"
#include "viz/platform/fonts.h"
#include "viz/viewer_language.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

struct ScreenCase {
  std::string name;
  std::string lesson;
  std::function<void(Screen&)> prepare;  // the picture, without what lies over it
  std::function<void(Screen&)> cover = [](Screen&) {};
};

void go_to(Screen& screen, double part) {
  screen.state.lesson.asks = false;
  screen.state.reduces_motion = true;  // what flies passes over what stands there
  handle(screen.state, SeekTime{screen.state.branches[0].index.instant_at(part)});
  screen.settle();
}

// At the middle of its run, with a panel open.
ScreenCase panel_case(std::string name, std::string lesson, Panel panel) {
  return {std::move(name), std::move(lesson), [panel](Screen& screen) {
            go_to(screen, 0.5);
            handle(screen.state, SelectNextBatch{});
            if (!screen.state.is_shown(panel)) handle(screen.state, TogglePanel{panel});
          }};
}

ScreenCase covered_case(std::string name, std::string lesson, KeyChord chord,
                        std::string typed = "") {
  return {std::move(name), std::move(lesson), [](Screen& screen) { go_to(screen, 0.5); },
          [chord, typed](Screen& screen) {
            screen.press(chord);
            if (!typed.empty()) screen.backend.type(typed);
          }};
}

void to_first_question(Screen& screen) {
  for (int i = 0; i < 200 && !open_question(screen.state); ++i) {
    handle(screen.state, StepEvent{});
  }
  ASSERT_TRUE(open_question(screen.state));
}

std::vector<ScreenCase> every_screen() {
  const std::string retry = "retries/backoff";
  const std::string overtaken = "order/overtaken_retry";
  const std::string two_brokers = "memory/one_slow_broker";
  std::vector<ScreenCase> all{
      panel_case("inspector", overtaken, Panel::Inspector),
      panel_case("why", overtaken, Panel::Readiness),
      panel_case("why_with_two_brokers", two_brokers, Panel::Readiness),
      panel_case("ledger", retry, Panel::Ledger),
      panel_case("consumer", overtaken, Panel::Consumer),
      panel_case("events", overtaken, Panel::Events),
      panel_case("faults", "transactions/commit", Panel::Faults),
      panel_case("chart_of_batches", overtaken, Panel::BatchChart),
      panel_case("sequence", overtaken, Panel::Sequence),
      panel_case("plots", two_brokers, Panel::Plots),
      panel_case("bytes", "network/sticky_and_split_packets", Panel::Bytes),
      panel_case("runs", overtaken, Panel::Runs),
      panel_case("future", "expiry/delivery_timeout", Panel::Future),
      panel_case("hand", "transactions/commit", Panel::Hand),
      panel_case("laws", overtaken, Panel::Laws),
      panel_case("moves", overtaken, Panel::Moves),
      panel_case("replicas", "acks/the_leader_that_died", Panel::Inspector),
      covered_case("help", retry, {Key::Slash, {.shift = true}}),
      covered_case("palette", retry, {key_of('P'), {.control = true}}, "s"),
      covered_case("run_until", retry, {Key::Slash, {}}, "pool.available < "),
      covered_case("change", retry, {key_of('F'), {.control = true}}, "linger"),
      covered_case("glossary", retry, {Key::F3, {}}, "l"),
      covered_case("lessons", retry, {key_of('L'), {.shift = true}}),
  };
  all.push_back({"question", overtaken, to_first_question});
  all.push_back({"show_of_hands", overtaken, [](Screen& screen) {
                   handle(screen.state, ToggleTeaching{});
                   to_first_question(screen);
                   screen.press('1');
                   screen.press('2');
                   screen.press('2');
                 }});
  all.push_back({"answer", overtaken, [](Screen& screen) {
                   to_first_question(screen);
                   screen.press('1');
                   screen.press(Key::Enter);
                   screen.press(Key::Enter);
                 }});
  all.push_back({"what_if_compared", overtaken, [](Screen& screen) {
                   go_to(screen, 1.0);
                   handle(screen.state, OpenWhatIf{0});
                   handle(screen.state, ToEnd{});
                   handle(screen.state, TogglePanel{Panel::Comparison});
                 }});
  all.push_back({"two_columns", overtaken, [](Screen& screen) {
                   go_to(screen, 0.5);
                   handle(screen.state, ForkWith{"linger.ms=20"});
                   handle(screen.state, ToggleColumns{});
                 }});
  all.push_back({"presentation", overtaken, [](Screen& screen) {
                   to_first_question(screen);
                   handle(screen.state, TogglePresentation{});
                 }});
  all.push_back({"end", "metadata/bootstrap_works", [](Screen& screen) { go_to(screen, 1.0); }});
  return all;
}

using Setting = std::tuple<std::size_t, Size, Language>;

class EveryScreen : public testing::TestWithParam<Setting> {
 protected:
  void SetUp() override {
    if (language_of() == Language::Chinese && chinese_font().path.empty()) {
      GTEST_SKIP() << "this system has no font with Chinese glyphs (Debian: fonts-wqy-microhei)";
    }
    set_language(language_of());
  }
  void TearDown() override { set_language(Language::English); }
  static Language language_of() { return std::get<Language>(GetParam()); }
};

TEST_P(EveryScreen, IsReadInFull) {
  const ScreenCase shown = every_screen()[std::get<std::size_t>(GetParam())];
  ViewerState state =
      opened(std::string{LINGER_SOURCE_DIR} + "/scenarios/" + shown.lesson + ".toml");
  learn_lesson_texts(state);
  state.guide.reset();
  Screen screen{std::move(state), std::get<Size>(GetParam())};
  shown.prepare(screen);
  screen.settle();
  const std::size_t below = screen.backend.seen_texts().size();
  shown.cover(screen);
  screen.settle();
  for (const Label& label : screen.backend.labels()) {
    EXPECT_TRUE(screen.can_be_read(label)) << label.text;
  }
  const std::vector<SeenText> seen = screen.backend.seen_texts();
  ASSERT_FALSE(seen.empty());
  expect_no_text_over_another(seen, seen.size() > below ? below : 0);
}

std::string setting_name(const testing::TestParamInfo<Setting>& info) {
  const auto& [index, display, spoken] = info.param;
  return every_screen()[index].name + "_" + std::to_string(static_cast<int>(display.width)) + "_" +
         std::string{code_of(spoken)};
}

INSTANTIATE_TEST_SUITE_P(InBothLanguagesAndSizes, EveryScreen,
                         testing::Combine(testing::Range<std::size_t>(0, every_screen().size()),
                                          testing::Values(kSmallDisplay, kLargeDisplay),
                                          testing::Values(Language::English, Language::Chinese)),
                         setting_name);

}  // namespace
}  // namespace linger::viz
