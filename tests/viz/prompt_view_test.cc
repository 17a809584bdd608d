#include "viz/prompt_view.h"

#include <gtest/gtest.h>

#include <string>

#include "lesson_fixture.h"
#include "viz/fuzzy.h"
#include "viz/keys.h"
#include "viz/panel_stack.h"

namespace linger::viz {
namespace {

void type(ViewerState& state, const std::string& text) {
  handle(state, TypeInPrompt{line_of(text)});
}

const PromptRow& chosen(const PromptView& view) {
  for (const PromptRow& row : view.rows) {
    if (row.is_chosen) return row;
  }
  throw std::invalid_argument{"no row is chosen"};
}

TEST(TextLine, IsEditedByWholeCharacters) {
  TextLine line = line_of("é2");
  line = moved_left(line);
  line = erased_before(line);
  EXPECT_EQ(line, (TextLine{"2", 0}));
  line = inserted(line, "時");
  EXPECT_EQ(line, (TextLine{"時2", 3}));
  EXPECT_EQ(erased_after(line).text, "時");
  EXPECT_EQ(erased_before(erased_before(line)).text, "2");
  EXPECT_EQ(moved_right(moved_right(line)).caret, 4U);
}

TEST(Fuzzy, TheLettersStandInTheirOrder) {
  EXPECT_TRUE(fuzzy_match("nsp", "next sender pass"));
  EXPECT_FALSE(fuzzy_match("psn", "next sender pass"));
  EXPECT_GT(fuzzy_match("ret", "next retry"), fuzzy_match("ret", "faster, then late"));
  EXPECT_EQ(fuzzy_match("", "anything"), 0);
}

TEST(Prompt, FindsEveryActionByItsName) {
  for (const KeyAction& action : key_actions()) {
    ViewerState state = viewer_of(kLinger);
    handle(state, OpenPrompt{PromptKind::Actions});
    type(state, std::string{action.name});
    const PromptView view = prompt_view(state);
    EXPECT_TRUE(std::any_of(view.rows.begin(), view.rows.end(), [&](const PromptRow& row) {
      return row.command == action.command && row.key.find(text(action.chord)) != std::string::npos;
    })) << action.name;
  }
}

TEST(Prompt, DoesWhatIsChosenAndCloses) {
  ViewerState state = viewer_of(kLinger);
  handle(state, OpenPrompt{PromptKind::Actions});
  type(state, "next ev");
  EXPECT_EQ(chosen(prompt_view(state)).text, "next event");
  handle(state, AcceptPrompt{});
  EXPECT_EQ(state.timeline().cursor(), 1);
  EXPECT_FALSE(state.prompt);
}

TEST(Prompt, BringsAPanelToTheTopAsItsKeyDoes) {
  ViewerState state = viewer_of(kLinger);
  do_all(state, {TogglePanel{Panel::Inspector}, OpenPrompt{PromptKind::Actions}});
  type(state, "why");
  handle(state, AcceptPrompt{});
  EXPECT_EQ(front_panel(state), Panel::Readiness);
}

TEST(Prompt, WhoIsStillTypingHasMadeNoMistake) {
  ViewerState state = viewer_of(kLinger);
  const auto typed = [&state](std::string_view text) {
    state.prompt = Prompt{PromptKind::Change, line_of(std::string{text}), 0};
    return prompt_view(state);
  };
  EXPECT_EQ(typed("linger").error, "");
  EXPECT_FALSE(typed("linger").rows.empty());
  EXPECT_EQ(typed("linger.ms=").error, "");
  EXPECT_NE(typed("linger.ms=").fix, "") << "but what is wanted is told";
  EXPECT_NE(typed("linger.ms=soon").error, "");
  EXPECT_NE(typed("xyzzy").error, "");
  EXPECT_EQ(typed("xyzzy").fix, "such as linger.ms=5");
}

TEST(Prompt, UpAndDownGoRound) {
  ViewerState state = viewer_of(kLinger);
  handle(state, OpenPrompt{PromptKind::Actions});
  const std::size_t rows = prompt_view(state).rows.size();
  handle(state, ChooseInPrompt{Way::Back});
  EXPECT_TRUE(prompt_view(state).rows[rows - 1].is_chosen);
  handle(state, ChooseInPrompt{Way::Forward});
  EXPECT_TRUE(prompt_view(state).rows[0].is_chosen);
}

TEST(Prompt, EscapeClosesItAndNothingElse) {
  ViewerState state = viewer_at(kLinger, 2ms);
  do_all(state, {Select{batch(0)}, OpenPrompt{PromptKind::RunUntil}, Escape{}});
  EXPECT_FALSE(state.prompt);
  EXPECT_EQ(state.selection, Selection{batch(0)});
}

// --- Run until ---

ViewerState ran_until(std::string_view toml, const std::string& what,
                      core::Duration from = core::Duration{}) {
  ViewerState state = viewer_at(toml, from);
  handle(state, OpenPrompt{PromptKind::RunUntil});
  type(state, what);
  handle(state, AcceptPrompt{});
  return state;
}

TEST(RunUntil, GoesToATimeAnEventAConditionOrAChange) {
  EXPECT_EQ(ran_until(kRetry, "12ms").shown_at, at(12ms));
  EXPECT_EQ(ran_until(kRetry, "batch_retried").shown_at, at(4ms));
  EXPECT_EQ(ran_until(kRetry, "batch_retried", 4ms).shown_at, at(28ms));
  EXPECT_EQ(ran_until(kRetry, "batch(0).attempts > 1").shown_at, at(28ms));
  EXPECT_EQ(ran_until(kMemory, "pool.available < 1000").shown_at, at(1ms));
  EXPECT_EQ(ran_until(kLinger, "batch(0).state", 1ms).shown_at, at(5ms));
}

TEST(RunUntil, StaysWhereItIsAndSaysSoIfTheRunNeverComesThere) {
  const ViewerState state = ran_until(kLinger, "batch_expired", 2ms);
  EXPECT_EQ(state.shown_at, at(2ms));
  ASSERT_TRUE(state.message);
  EXPECT_NE(state.message->text.find("never comes"), std::string::npos);
}

TEST(RunUntil, IsHeldByAQuestion) {
  const ViewerState state = ran_until(asking(), "batch_drained");
  EXPECT_EQ(state.shown_at, at(1'500us));
}

TEST(RunUntil, TellsAMistakeWhereItIsTypedAndGoesNowhere) {
  ViewerState state = ran_until(kLinger, "pool.availabel < 3", 2ms);
  EXPECT_EQ(state.shown_at, at(2ms));
  ASSERT_TRUE(state.prompt) << "one may put it right";
  const PromptView view = prompt_view(state);
  EXPECT_FALSE(view.error.empty());
  EXPECT_EQ(view.error_column, 6);
  EXPECT_NE(view.fix.find("available"), std::string::npos) << view.fix;
}

TEST(RunUntil, OffersWhatIsSelectedAndTheNamesOfTheLanguage) {
  ViewerState state = viewer_at(kLinger, 2ms);
  do_all(state, {Select{batch(0)}, OpenPrompt{PromptKind::RunUntil}});
  EXPECT_EQ(prompt_view(state).rows[0].text, "batch(0).state");
  type(state, "1 + pool.wai");
  const PromptView view = prompt_view(state);
  EXPECT_EQ(chosen(view).text, "1 + pool.waiters");
  handle(state, AcceptPrompt{});
  ASSERT_TRUE(state.prompt) << "a name completes what was typed";
  EXPECT_EQ(state.prompt->line.text, "1 + pool.waiters");
}

TEST(Prompt, OffersNoChangeThatIsSoAlready) {
  const auto offers = [](std::string_view scenario, std::string_view change) {
    ViewerState state = viewer_of(scenario);
    handle(state, OpenPrompt{PromptKind::Change});
    const PromptView view = prompt_view(state);
    return std::ranges::any_of(view.rows, [&](const PromptRow& row) { return row.text == change; });
  };
  std::string none{kLinger};
  const std::string_view five = "linger.ms = 5";
  none.replace(none.find(five), five.size(), "linger.ms = 0");
  EXPECT_TRUE(offers(kLinger, "linger.ms=0"));
  std::string unset = none;
  unset.erase(unset.find("linger.ms = 0"), 13);
  EXPECT_FALSE(offers(unset, "linger.ms=0")) << "as it is by default";
  EXPECT_FALSE(offers(none, "linger.ms=0"));
  EXPECT_TRUE(offers(none, "linger.ms=20"));
  EXPECT_TRUE(offers(none, "disconnect = 0"));
}

}  // namespace
}  // namespace linger::viz
