// Whatever can be asked for is asked for with the keyboard: by a key, by a name in the list of all
// actions, by what is typed into a line, or by the letters on what can be clicked.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

#include "hint_fixture.h"
#include "lesson_fixture.h"
#include "viz/fault_view.h"
#include "viz/hand_view.h"
#include "viz/keys.h"
#include "viz/panel_stack.h"
#include "viz/prompt_view.h"

namespace linger::viz {
namespace {

template <class Command, std::size_t at = 0>
constexpr std::size_t index_of() {
  if constexpr (std::is_same_v<Command, std::variant_alternative_t<at, ViewerCommand>>) {
    return at;
  } else {
    return index_of<Command, at + 1>();
  }
}

template <std::size_t... at>
std::vector<std::string> names_of(std::index_sequence<at...>) {
  return {typeid(std::variant_alternative_t<at, ViewerCommand>).name()...};
}

// What nobody presses a key for, and why.
std::map<std::size_t, std::string> exceptions() {
  return {{index_of<SeekFraction>(), "a place on the scrub bar: any time is typed instead (/)"},
          {index_of<Browse>(), "a line of the list of lessons: Up and Down walk it (BrowseNext)"},
          {index_of<InjectNumbered>(), "a digit is PressNumber, which does this"}};
}

class Produced {
 public:
  void add(const ViewerCommand& command) { kinds_.insert(command.index()); }
  void add(const std::vector<KeyAction>& actions) {
    for (const KeyAction& action : actions) add(action.command);
  }
  void add(const std::vector<ViewerCommand>& commands) {
    for (const ViewerCommand& command : commands) add(command);
  }
  void add_rows(ViewerState state, PromptKind kind, const std::string& typed) {
    do_all(state, {OpenPrompt{kind}, TypeInPrompt{line_of(typed)}});
    for (const PromptRow& row : prompt_view(state).rows) add(row.command);
  }
  bool contains(std::size_t kind) const { return kinds_.contains(kind); }

 private:
  std::set<std::size_t> kinds_;
};

// With a fork, a bookmark, another lesson, and a what-if on offer.
ViewerState at_work() {
  ViewerState state = viewer_of(asking());
  do_all(state, {ToggleQuestions{}, SeekTime{at(3ms)}, ToggleBookmark{},
                 InjectFault{sim::Disconnect{core::NodeId{0}}}});
  state.lessons = lesson_path({std::string{LINGER_SOURCE_DIR} + "/scenarios/retries/backoff.toml"});
  return state;
}

void add_palette(Produced& produced) {
  const ViewerState state = at_work();
  for (const char* typed : {"select thread", "faults on broker", "what if", "fault: silence",
                            "by hand: flush", "show run", "go to bookmark", "play at",
                            "list records", "read the lesson", "open lesson"}) {
    produced.add_rows(state, PromptKind::Actions, typed);
  }
  ViewerState moving = viewer_of(kLinger);
  handle(moving, TogglePanel{Panel::Moves});
  produced.add_rows(moving, PromptKind::Actions, "take move");
  ViewerState asked = viewer_of(asking());
  handle(asked, ToEnd{});
  produced.add_rows(asked, PromptKind::Actions, "answer 1");
  handle(asked, ToggleTeaching{});
  produced.add_rows(asked, PromptKind::Actions, "one hand");
}

void add_lines(Produced& produced) {
  const ViewerState state = at_work();
  produced.add_rows(state, PromptKind::RunUntil, "12ms");
  produced.add_rows(state, PromptKind::Change, "linger.ms=1");
  produced.add_rows(state, PromptKind::Sweep, "linger.ms=0,1");
  produced.add_rows(state, PromptKind::CopyTo, testing::TempDir() + "linger_every_command.toml");
}

// What is typed where there is something to type into.
void add_typed(Produced& produced) {
  Screen screen{viewer_at(kRetry, 14ms), kLargeDisplay};
  screen.press({Key::Slash, {}});
  screen.backend.type("1");
  screen.press(Key::Escape);
  screen.press('V');
  const auto rows = event_list_view(scene(screen.state), kAllStreams, {}).rows;
  click_by_letters(screen, rows.back().time, At::TheLeft);  // two letters, one after the other
  screen.press({key_of('U'), {.shift = true}});
  produced.add(screen.commands);
}

TEST(EveryCommand, IsGivenWithTheKeyboard) {
  Produced produced;
  for (const auto* actions : {&key_actions(), &browser_key_actions(), &sweep_key_actions(),
                              &prompt_key_actions(), &editor_key_actions()}) {
    produced.add(*actions);
  }
  add_palette(produced);
  add_lines(produced);
  add_typed(produced);
  // Letters typed into the field of a lesson's text: EditorPanel's tests do it.
  produced.add(TypeInEditor{});
  Screen notes{[] {
    ViewerState state = viewer_of(asking());
    do_all(state, {ToggleQuestions{}, ToEnd{}});
    bring_to_front(state, Panel::Lesson);
    return state;
  }()};
  click_by_letters(notes, "3.000 ms", At::TheRight);
  produced.add(notes.commands);

  const auto without = exceptions();
  constexpr std::size_t kCount = std::variant_size_v<ViewerCommand>;
  const auto names = names_of(std::make_index_sequence<kCount>());
  for (std::size_t kind = 0; kind < kCount; ++kind) {
    EXPECT_NE(produced.contains(kind), without.contains(kind)) << names[kind];
  }
}

// --- By name ---

ViewerState chosen_by_name(ViewerState state, const std::string& typed) {
  do_all(state, {OpenPrompt{PromptKind::Actions}, TypeInPrompt{line_of(typed)}, AcceptPrompt{}});
  return state;
}

TEST(EveryCommand, WhatIsInThePictureIsSelectedByItsName) {
  const ViewerState state = viewer_at(kRetry, 1ms);
  const auto selected = [&state](const std::string& typed) {
    return chosen_by_name(state, typed).selection;
  };
  EXPECT_EQ(selected("select thread A"), Selection{core::ThreadId{0}});
  EXPECT_EQ(selected("select the sender"), Selection{sim::sender_thread_of(0)});
  EXPECT_EQ(selected("select broker 1"), Selection{core::NodeId{1}});
  EXPECT_EQ(selected("select partition orders-0"), Selection{lane()});
  EXPECT_EQ(selected("select batch 0"), Selection{batch(0)});
  EXPECT_EQ(selected("select record 0"), Selection{core::RecordId{0}});
  const Selection request = selected("select request");
  ASSERT_TRUE(std::holds_alternative<RequestRef>(request));
  EXPECT_EQ(selected("select record 7"), Selection{}) << "there is no such record";
}

TEST(EveryCommand, OfSeveralProducersTheNameSaysWhose) {
  const ViewerState state = viewer_at(R"(
warm = true
[[topic]]
name = "orders"
[[producer]]
name = "one"
[[producer]]
name = "two"
[[thread]]
name = "A"
producer = "one"
run = [{ send = "orders" }]
[[thread]]
name = "B"
producer = "two"
run = [{ send = "orders" }]
)",
                                      1ms);
  EXPECT_EQ(chosen_by_name(state, "select partition orders-0 of producer two").selection,
            (Selection{LaneRef{core::ProducerIndex{1}, {core::TopicId{0}, 0}}}));
}

TEST(EveryCommand, AFaultOfAnyPageIsInjectedByItsName) {
  const ViewerState before = viewer_at(kLinger, 3ms);
  const std::vector<FaultButton> all = every_fault(before);
  const auto exit = std::ranges::find(all, "exit", &FaultButton::name);
  ASSERT_GT(exit - all.begin(), 9) << "no digit reaches it at once";
  const ViewerState state = chosen_by_name(before, "fault: " + exit->what);
  ASSERT_EQ(state.branches.size(), 2U);
  ASSERT_EQ(state.scenario().faults.size(), 1U);
  EXPECT_EQ(sim::info(state.scenario().faults[0].fault).key, "exit");
}

TEST(EveryCommand, EveryDeedByHandHasAName) {
  std::string toml{kLinger};
  toml.replace(toml.find("linger.ms = 5"), 13, "linger.ms = 5\ntransactional.id = \"t\"");
  ViewerState state = viewer_at(toml, 3ms);
  const HandView hand = hand_view(state);
  ASSERT_GT(hand.buttons.size(), 9U) << "more than there are digits";
  for (const HandButton& button : hand.buttons) {
    do_all(state,
           {OpenPrompt{PromptKind::Actions}, TypeInPrompt{line_of("by hand: " + button.name)}});
    EXPECT_EQ(prompt_view(state).rows.at(0).command,
              (ViewerCommand{ActByHand{button.action, button.producer}}))
        << button.name;
  }
}

}  // namespace
}  // namespace linger::viz
