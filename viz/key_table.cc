// The table of keys while nothing lies over the picture.
#include <utility>

#include "viz/keys.h"

namespace linger::viz {
namespace {

constexpr Modifiers kPlain{};
constexpr Modifiers kShift{.shift = true};
constexpr Modifiers kControl{.control = true};

constexpr bool kRepeats = true;

std::vector<KeyAction> time_actions() {
  using enum KeyGroup;
  return {
      {{Key::Space, kPlain},
       Time,
       "play, pause",
       "Lets virtual time flow, or holds it.",
       PlayPause{}},
      {{Key::Right, kPlain},
       Time,
       "next event",
       "Lets the next thing happen.",
       StepEvent{Way::Forward},
       kRepeats},
      {{Key::Left, kPlain},
       Time,
       "event back",
       "Goes to before the last thing that happened.",
       StepEvent{Way::Back},
       kRepeats},
      {{Key::Right, kShift},
       Time,
       "next sender pass",
       "Goes to the sender's next pass.",
       StepPass{Way::Forward},
       kRepeats},
      {{Key::Left, kShift},
       Time,
       "sender pass back",
       "Goes to the sender's pass before.",
       StepPass{Way::Back},
       kRepeats},
      {{Key::Right, kControl},
       Time,
       "next millisecond",
       "Goes on to the next whole millisecond.",
       StepMillisecond{Way::Forward},
       kRepeats},
      {{Key::Left, kControl},
       Time,
       "millisecond back",
       "Goes back to the whole millisecond before.",
       StepMillisecond{Way::Back},
       kRepeats},
      {{Key::Period, kPlain},
       Time,
       "next millisecond",
       "Goes on to the next whole millisecond.",
       StepMillisecond{Way::Forward},
       kRepeats},
      {{Key::Comma, kPlain},
       Time,
       "millisecond back",
       "Goes back to the whole millisecond before.",
       StepMillisecond{Way::Back},
       kRepeats},
      {{Key::PageDown, kPlain},
       Time,
       "next thing of interest",
       "Goes to the next drain, answer, retry, expiry, fault, flush or narration.",
       JumpTo{JumpTarget::Anything, Way::Forward},
       kRepeats},
      {{Key::PageUp, kPlain},
       Time,
       "thing of interest before",
       "Goes back to the last drain, answer, retry, expiry, fault, flush or narration.",
       JumpTo{JumpTarget::Anything, Way::Back},
       kRepeats},
      {{Key::Up, kPlain}, Time, "faster", "Plays faster.", ChangeSpeed{Way::Forward}, kRepeats},
      {{Key::Down, kPlain}, Time, "slower", "Plays slower.", ChangeSpeed{Way::Back}, kRepeats},
      {{Key::Home, kPlain}, Time, "to the start", "Goes to before everything.", ToStart{}},
      {{Key::End, kPlain}, Time, "to the end", "Runs to the end.", ToEnd{}},
      {{Key::Slash, kPlain},
       Time,
       "run until…",
       "Runs until a time, an event, or a condition that you type.",
       OpenPrompt{PromptKind::RunUntil}},
      {{key_of('K'), kShift},
       Time,
       "bookmark",
       "Marks this instant of this run, or takes the mark away.",
       ToggleBookmark{}},
      {{key_of('K'), kControl},
       Time,
       "next bookmark",
       "Goes to the next bookmark, in whichever run it is.",
       ToNextBookmark{Way::Forward}},
      {{key_of('T'), kPlain},
       Time,
       "pause at narration",
       "Chooses whether play stops where the lesson says something.",
       TogglePauseAtNarration{}},
  };
}

KeyAction jump(char key, JumpTarget target, std::string_view name, std::string_view description) {
  return {{key_of(key), kPlain},        KeyGroup::Jumps, name, description,
          JumpTo{target, Way::Forward}, kRepeats};
}

KeyAction jump_back(char key, JumpTarget target, std::string_view name,
                    std::string_view description) {
  return {{key_of(key), kShift}, KeyGroup::Jumps,           name,
          description,           JumpTo{target, Way::Back}, kRepeats};
}

std::vector<KeyAction> jump_actions() {
  using enum JumpTarget;
  return {
      jump('N', Send, "next send", "Goes to where a thread next calls send()."),
      jump_back('N', Send, "send before", "Goes back to the last send()."),
      jump('D', Drain, "next drain", "Goes to where the sender next takes a batch."),
      jump_back('D', Drain, "drain before", "Goes back to the last drain."),
      jump('R', Retry, "next retry", "Goes to where a batch next goes back into its deque."),
      jump_back('R', Retry, "retry before", "Goes back to the last retry."),
      jump('E', Expiry, "next expiry", "Goes to where a batch next expires."),
      jump_back('E', Expiry, "expiry before", "Goes back to the last expiry."),
      jump('C', Completion, "next completion", "Goes to where a batch's fate is next known."),
      jump_back('C', Completion, "completion before", "Goes back to the last completion."),
      jump('X', Fault, "next fault", "Goes to the next fault."),
      jump_back('X', Fault, "fault before", "Goes back to the last fault."),
      jump('M', Narration, "next narration", "Goes to what the lesson says next."),
      jump_back('M', Narration, "narration before", "Goes back to what the lesson said before."),
  };
}

KeyAction panel_of(KeyGroup group, char key, Panel panel, std::string_view name,
                   std::string_view description) {
  return {{key_of(key), kPlain}, group, name, description, TogglePanel{panel}};
}
KeyAction panel(char key, Panel panel, std::string_view name, std::string_view description) {
  return panel_of(KeyGroup::Looking, key, panel, name, description);
}

KeyAction stream(char key, core::Stream stream, std::string_view name,
                 std::string_view description) {
  return {{key_of(key), kControl}, KeyGroup::Looking, name, description, ToggleStream{stream}};
}

KeyAction page(KeyChord chord, Scrolling what, Way way, std::string_view name,
               std::string_view description) {
  return {chord, KeyGroup::Looking, name, description, ScrollPage{what, way}, kRepeats};
}

std::vector<KeyAction> looking_actions() {
  using enum KeyGroup;
  return {
      {{Key::Tab, kPlain},
       Looking,
       "next batch",
       "Selects the next batch the producer has.",
       SelectNextBatch{Way::Forward},
       kRepeats},
      {{Key::Tab, kShift},
       Looking,
       "batch before",
       "Selects the batch before.",
       SelectNextBatch{Way::Back},
       kRepeats},
      {{key_of('P'), kPlain},
       Looking,
       "next partition",
       "Selects the next partition's deque.",
       SelectNextPartition{Way::Forward},
       kRepeats},
      {{key_of('P'), kShift},
       Looking,
       "partition before",
       "Selects the deque before.",
       SelectNextPartition{Way::Back},
       kRepeats},
      {{Key::Escape, kPlain},
       Looking,
       "clear",
       "Closes what lies over the picture, or selects nothing.",
       Escape{}},
      panel('I', Panel::Inspector, "inspector",
            "Shows or hides the selected batch's life, or a broker's or a partition's replicas."),
      panel('W', Panel::Readiness, "why", "Shows or hides the readiness decision, term by term."),
      panel('L', Panel::Ledger, "ledger", "Shows or hides what became of each record."),
      panel('O', Panel::Consumer, "consumer", "Shows or hides the log as a consumer reads it."),
      panel('V', Panel::Events, "event list", "Shows or hides what has happened, line by line."),
      {{key_of('U'), kShift},
       Looking,
       "what is due",
       "Shows or hides the timers that run, by when they are due.",
       TogglePanel{Panel::Future}},
      {{key_of('I'), kShift},
       Looking,
       "laws",
       "Shows or hides what must hold in this world, and whether it does.",
       TogglePanel{Panel::Laws}},
      {{key_of('I'), kControl},
       Looking,
       "stop at a broken law",
       "Chooses whether a move stops where a law breaks.",
       ToggleStopAtBrokenLaw{}},
      panel('H', Panel::Narration, "narration", "Shows or hides what the lesson says."),
      page({Key::PageDown, kControl}, Scrolling::SidePanel, Way::Forward, "scroll the panel",
           "Scrolls the panel at the right down."),
      page({Key::PageUp, kControl}, Scrolling::SidePanel, Way::Back, "scroll the panel",
           "Scrolls the panel at the right up."),
      page({Key::PageDown, kShift}, Scrolling::Lists, Way::Forward, "scroll the lists",
           "Scrolls lists, deques, logs and charts down."),
      page({Key::PageUp, kShift}, Scrolling::Lists, Way::Back, "scroll the lists",
           "Scrolls lists, deques, logs and charts up."),
      {{key_of('G'), kPlain},
       Looking,
       "filter records",
       "Chooses which records the ledger lists.",
       NextRecordFilter{}},
      stream('A', core::Stream::Application, "application events",
             "Lists or leaves out the application's events."),
      stream('R', core::Stream::Producer, "producer events",
             "Lists or leaves out the producer's events."),
      stream('N', core::Stream::Network, "network events",
             "Lists or leaves out the network's events."),
      stream('B', core::Stream::Brokers, "broker events",
             "Lists or leaves out the brokers' events."),
      stream('D', core::Stream::Decisions, "decisions",
             "Lists or leaves out the producer's decisions."),
      {{Key::Equal, kPlain},
       Looking,
       "larger",
       "Draws everything larger.",
       ChangeZoom{Way::Forward}},
      {{Key::Minus, kPlain},
       Looking,
       "smaller",
       "Draws everything smaller.",
       ChangeZoom{Way::Back}},
  };
}

KeyAction exports(char key, RunExport what, std::string_view name, std::string_view description) {
  return {{key_of(key), kControl}, KeyGroup::Charts, name, description, ExportRun{what}};
}

std::vector<KeyAction> chart_actions() {
  using enum KeyGroup;
  return {
      panel_of(Charts, 'J', Panel::BatchChart, "batches over time",
               "Shows or hides each batch's life as a bar, by partition."),
      panel_of(Charts, 'K', Panel::Sequence, "requests and answers",
               "Shows or hides who sent what to whom, as a sequence diagram."),
      panel_of(Charts, 'Y', Panel::Plots, "quantities over time",
               "Shows or hides plots of memory, waits, sizes, latencies and throughput."),
      panel_of(Charts, 'U', Panel::Bytes, "bytes",
               "Shows or hides the frames and segments on a wire, and a record's own bytes."),
      {{Key::Up, kControl},
       Charts,
       "stretch of time",
       "Shows a shorter stretch of time in the charts, drawn larger.",
       ChangeStretch{Way::Forward}},
      {{Key::Down, kControl},
       Charts,
       "stretch of time",
       "Shows a longer stretch of time in the charts.",
       ChangeStretch{Way::Back}},
      exports('E', RunExport::SequenceSvg, "save as SVG",
              "Writes the requests and answers until now as a sequence diagram."),
      exports('T', RunExport::Perfetto, "save for Perfetto",
              "Writes batches, connections, threads and counters until now as a trace."),
      exports('C', RunExport::RecordsCsv, "save as CSV",
              "Writes a line for each record until now, with its times and its fate."),
      exports('H', RunExport::Handout, "save a handout",
              "Writes the lesson on paper: text, questions, and the answers at the end."),
      {{key_of('S'), kControl},
       Charts,
       "save a picture",
       "Writes all that is on the screen as a PNG.",
       SavePicture{}},
  };
}

KeyAction number(int number, std::string_view name) {
  return {{key_of(static_cast<char>('0' + number)), kPlain},
          KeyGroup::Lesson,
          name,
          "Answers the question, or counts a hand; else does what has this number on top.",
          PressNumber{number}};
}

std::vector<KeyAction> lesson_actions() {
  using enum KeyGroup;
  return {
      number(1, "answer, or choose"),
      number(2, "answer, or choose"),
      number(3, "answer, or choose"),
      number(4, "answer, or choose"),
      number(5, "answer, or choose"),
      number(6, "from a longer list"),
      number(7, "from a longer list"),
      number(8, "from a longer list"),
      number(9, "from a longer list"),
      {{key_of('0'), kPlain}, Lesson, "skip", "Skips the question that is open.", SkipQuestion{}},
      {{Key::Enter, kPlain},
       Lesson,
       "go on",
       "Closes the count of hands, and lets the run show the answer; twice goes there at once.",
       GoOn{}},
      {{Key::Backspace, kPlain},
       Lesson,
       "take back",
       "Takes back the last hand; else goes back to the run that a branch came from.",
       TakeBack{}},
      panel_of(Lesson, 'A', Panel::Lesson, "lesson",
               "Shows or hides what the lesson says and asks, and its what-ifs."),
      {{key_of('L'), kShift},
       Lesson,
       "all lessons",
       "Shows the lessons by topic.",
       ToggleBrowser{}},
      {{Key::RightBracket, kPlain},
       Lesson,
       "next lesson",
       "Opens the next lesson.",
       NextLesson{Way::Forward}},
      {{Key::LeftBracket, kPlain},
       Lesson,
       "lesson before",
       "Opens the lesson before.",
       NextLesson{Way::Back}},
      {{key_of('T'), kShift},
       Lesson,
       "for a class",
       "Counts a show of hands for each answer, instead of taking one.",
       ToggleTeaching{}},
      {{key_of('A'), kShift},
       Lesson,
       "ask again",
       "Forgets the answers to this lesson, and begins it again.",
       AskAgain{}},
      {{key_of('Q'), kShift},
       Lesson,
       "questions",
       "Chooses whether the lesson asks.",
       ToggleQuestions{}},
  };
}

std::vector<KeyAction> run_actions() {
  using enum KeyGroup;
  return {
      panel_of(Runs, 'F', Panel::Faults, "faults",
               "Shows or hides the faults that can be injected."),
      panel_of(Runs, 'Z', Panel::Comparison, "compare",
               "Shows or hides two runs side by side, on one clock."),
      {{key_of('F'), kShift}, Runs, "more faults", "Offers the next nine faults.", NextFaults{}},
      {{key_of('Z'), kShift},
       Runs,
       "where they part",
       "Goes to the first difference of the two runs.",
       ToFirstDifference{}},
      {{key_of('F'), kControl},
       Runs,
       "another setting",
       "Runs it beside this one with a setting, an era, a rule or a fault that you type.",
       OpenPrompt{PromptKind::Change}},
      {{key_of('B'), kShift},
       Runs,
       "two columns",
       "Shows the two runs that are compared beside each other.",
       ToggleColumns{}},
      {{key_of('W'), kShift},
       Runs,
       "sweep",
       "Runs it with each of several values of a setting, or of two.",
       OpenPrompt{PromptKind::Sweep}},
      {{key_of('H'), kShift},
       Runs,
       "the application",
       "Shows or hides what you can do in the application's place: send, flush, close.",
       TogglePanel{Panel::Hand}},
      {{key_of('Z'), kControl},
       Runs,
       "undo",
       "Undoes what was done last by hand in this run.",
       UndoByHand{}},
      {{key_of('M'), kControl},
       Runs,
       "moves",
       "Shows or hides what may come next here, and lets you choose another.",
       TogglePanel{Panel::Moves}},
      {{key_of('O'), kShift},
       Runs,
       "tree of runs",
       "Shows or hides the runs, where each leaves the one it came from, and bookmarks.",
       TogglePanel{Panel::Runs}},
      {{key_of('B'), kPlain},
       Runs,
       "other run",
       "Shows the same instant in the next branch.",
       NextBranch{}},
      {{Key::Delete, kPlain}, Runs, "close run", "Closes the branch that is shown.", CloseBranch{}},
      {{key_of('S'), kPlain},
       Runs,
       "save",
       "Saves the scenario, with the faults that were injected.",
       SaveScenario{}},
      {{key_of('S'), kShift},
       Runs,
       "edit",
       "Copies the lesson to a file of your own, and edits it in place.",
       EditLesson{}},
  };
}

std::vector<KeyAction> viewer_actions() {
  using enum KeyGroup;
  return {
      {{Key::Slash, kShift}, Viewer, "help", "Shows or hides the keys.", ToggleHelp{}},
      {{Key::F1, kPlain}, Viewer, "help", "Shows or hides the keys.", ToggleHelp{}},
      {{Key::F4, kPlain},
       Viewer,
       "click by letters",
       "Shows letters on all that can be clicked; typed, they are the click.",
       ToggleHints{}},
      {{Key::F5, kPlain},
       Viewer,
       "present",
       "Large type, strong contrast, and one thing at a time.",
       TogglePresentation{}},
      {{Key::F6, kPlain},
       Viewer,
       "reduced motion",
       "Chooses whether things fly from place to place.",
       ToggleReducedMotion{}},
      {{Key::F7, kPlain},
       Viewer,
       "language",
       "Speaks Simplified Chinese, or English again.",
       ChangeLanguage{}},
      {{Key::F2, kPlain},
       Viewer,
       "first steps",
       "Shows or hides what to do first.",
       DismissGuide{}},
      {{Key::F3, kPlain},
       Viewer,
       "glossary",
       "Explains the terms, in both languages.",
       OpenPrompt{PromptKind::Glossary}},
      {{key_of('P'), kControl},
       Viewer,
       "all actions",
       "Finds anything that can be done or selected by its name.",
       OpenPrompt{PromptKind::Actions}},
      {{key_of('Q'), kPlain}, Viewer, "quit", "Leaves the viewer.", Quit{}},
  };
}

std::vector<KeyAction> all_actions() {
  std::vector<KeyAction> all;
  for (auto* actions : {&time_actions, &jump_actions, &looking_actions, &chart_actions,
                        &lesson_actions, &run_actions, &viewer_actions}) {
    for (KeyAction& action : actions()) all.push_back(std::move(action));
  }
  return all;
}

const std::vector<KeyAction> kActions = all_actions();

}  // namespace

const std::vector<KeyAction>& key_actions() {
  return kActions;
}

}  // namespace linger::viz
