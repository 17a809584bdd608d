// The tables of keys while something lies over the picture, or is typed into.
#include "viz/keys.h"

namespace linger::viz {
namespace {

constexpr Modifiers kNone{};
constexpr Modifiers kWithShift{.shift = true};
constexpr Modifiers kWithControl{.control = true};

constexpr bool kAlsoHeld = true;

std::vector<KeyAction> list_actions() {
  using enum KeyGroup;
  return {
      {{Key::Down, kNone},
       Lesson,
       "down",
       "Chooses the lesson below.",
       BrowseNext{Way::Forward},
       kAlsoHeld},
      {{Key::Up, kNone},
       Lesson,
       "up",
       "Chooses the lesson above.",
       BrowseNext{Way::Back},
       kAlsoHeld},
      {{Key::Right, kNone},
       Lesson,
       "next topic",
       "Goes to the topic below.",
       BrowseTopic{Way::Forward},
       kAlsoHeld},
      {{Key::Left, kNone},
       Lesson,
       "topic before",
       "Goes to the topic above.",
       BrowseTopic{Way::Back},
       kAlsoHeld},
      {{Key::Enter, kNone}, Lesson, "open", "Opens the lesson that is chosen.", OpenBrowsed{}},
      {{Key::Escape, kNone}, Lesson, "close", "Closes the list.", Escape{}},
      {{key_of('L'), kWithShift}, Lesson, "close", "Closes the list.", ToggleBrowser{}},
      {{key_of('Q'), kNone}, Viewer, "quit", "Leaves the viewer.", Quit{}},
  };
}

KeyAction towards(Key key, Towards to) {
  return {{key, kNone},         KeyGroup::Runs, "choose a point", "Chooses the point beside.",
          ChooseSweepPoint{to}, kAlsoHeld};
}

std::vector<KeyAction> sweep_actions() {
  using enum KeyGroup;
  return {
      towards(Key::Left, Towards::Left),
      towards(Key::Right, Towards::Right),
      towards(Key::Up, Towards::Up),
      towards(Key::Down, Towards::Down),
      {{Key::Enter, kNone}, Runs, "open", "Opens the run of the point.", OpenSweepPoint{}},
      {{Key::Tab, kNone}, Runs, "next figure", "Shows another figure.", NextFigure{Way::Forward}},
      {{Key::Tab, kWithShift},
       Runs,
       "figure before",
       "Shows the figure before.",
       NextFigure{Way::Back}},
      {{key_of('C'), kWithControl},
       Runs,
       "save as CSV",
       "Writes a line for each run.",
       ExportSweep{}},
      {{Key::Escape, kNone}, Runs, "close", "Closes the sweep.", Escape{}},
  };
}

std::vector<KeyAction> prompt_actions() {
  using enum KeyGroup;
  return {
      {{Key::Down, kNone},
       Viewer,
       "down",
       "Chooses the row below.",
       ChooseInPrompt{Way::Forward},
       kAlsoHeld},
      {{Key::Up, kNone},
       Viewer,
       "up",
       "Chooses the row above.",
       ChooseInPrompt{Way::Back},
       kAlsoHeld},
      {{Key::Enter, kNone}, Viewer, "do it", "Does what the chosen row says.", AcceptPrompt{}},
      {{Key::Escape, kNone}, Viewer, "close", "Closes the line.", Escape{}},
  };
}

std::vector<KeyAction> editor_actions() {
  using enum KeyGroup;
  return {
      {{Key::Enter, kWithControl},
       Lesson,
       "apply",
       "Saves the file, and runs it until this instant.",
       ApplyEdit{}},
      {{key_of('Z'), {.control = true, .shift = true}},
       Lesson,
       "undo",
       "The text as it was before it was last applied.",
       UndoEdit{}},
      {{Key::F8, kNone}, Lesson, "next mistake", "Goes to the next mistake.", GoToMistake{}},
      {{Key::Escape, kNone},
       Lesson,
       "close",
       "Closes the editor; what is typed is kept.",
       Escape{}},
  };
}

const std::vector<KeyAction> kListActions = list_actions();
const std::vector<KeyAction> kSweepActions = sweep_actions();
const std::vector<KeyAction> kPromptActions = prompt_actions();
const std::vector<KeyAction> kEditorActions = editor_actions();

}  // namespace

const std::vector<KeyAction>& browser_key_actions() {
  return kListActions;
}

const std::vector<KeyAction>& sweep_key_actions() {
  return kSweepActions;
}

const std::vector<KeyAction>& prompt_key_actions() {
  return kPromptActions;
}

const std::vector<KeyAction>& editor_key_actions() {
  return kEditorActions;
}

}  // namespace linger::viz
