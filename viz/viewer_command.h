// What a person at the viewer asks for. handle() in viewer_state.h does it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/event.h"
#include "core/time.h"
#include "sim/fault.h"
#include "sim/scenario.h"
#include "viz/selection.h"
#include "viz/text_line.h"

namespace linger::viz {

enum class Way { Forward, Back };
enum class Towards { Left, Right, Up, Down };

// What scrolls: the panel at the right, or all that is beside and below the picture.
enum class Scrolling { SidePanel, Lists };

// Where a jump may land: just after the next thing of that kind.
enum class JumpTarget { Send, Drain, Retry, Expiry, Completion, Fault, Narration, Anything };

// What can be shown or hidden beside the picture.
enum class Panel {
  Inspector,
  Readiness,
  Ledger,
  Consumer,
  Events,
  Faults,
  Narration,
  Lesson,
  Comparison,
  BatchChart,
  Sequence,
  Plots,
  Bytes,
  Runs,
  Future,
  Hand,
  Laws,
  Moves
};
inline constexpr int kPanelCount = 18;

// What can be typed into the line that lies over the picture.
enum class PromptKind { Actions, RunUntil, Change, Sweep, Glossary, CopyTo };

// Which records the ledger lists.
enum class RecordFilter { All, Pending, Acknowledged, Failed, OfSelection };

// --- Time ---

struct PlayPause {
  friend bool operator==(const PlayPause&, const PlayPause&) = default;
};
struct SetSpeed {
  double speed = 1;  // virtual seconds for a second of the clock on the wall
  friend bool operator==(const SetSpeed&, const SetSpeed&) = default;
};
struct ChangeSpeed {
  Way way = Way::Forward;  // Forward is faster
  friend bool operator==(const ChangeSpeed&, const ChangeSpeed&) = default;
};
struct StepEvent {
  Way way = Way::Forward;
  friend bool operator==(const StepEvent&, const StepEvent&) = default;
};
struct StepPass {  // of a sender
  Way way = Way::Forward;
  friend bool operator==(const StepPass&, const StepPass&) = default;
};
struct StepMillisecond {
  Way way = Way::Forward;
  friend bool operator==(const StepMillisecond&, const StepMillisecond&) = default;
};
struct JumpTo {
  JumpTarget target = JumpTarget::Send;
  Way way = Way::Forward;
  friend bool operator==(const JumpTo&, const JumpTo&) = default;
};
struct SeekStep {  // to the world after so many steps
  std::int64_t step = 0;
  friend bool operator==(const SeekStep&, const SeekStep&) = default;
};
struct SeekTime {
  core::Instant at{};
  friend bool operator==(const SeekTime&, const SeekTime&) = default;
};
struct SeekFraction {  // of the scrub bar, 0 to 1
  double fraction = 0;
  friend bool operator==(const SeekFraction&, const SeekFraction&) = default;
};
struct ToStart {
  friend bool operator==(const ToStart&, const ToStart&) = default;
};
struct ToEnd {
  friend bool operator==(const ToEnd&, const ToEnd&) = default;
};
// As it was typed: "12ms", "batch_expired", "pool.available < 1000".
struct RunUntil {
  std::string what;
  friend bool operator==(const RunUntil&, const RunUntil&) = default;
};
// Marks the instant that is shown, in the run that is shown; or takes the mark away.
struct ToggleBookmark {
  friend bool operator==(const ToggleBookmark&, const ToggleBookmark&) = default;
};
struct ToNextBookmark {
  Way way = Way::Forward;
  friend bool operator==(const ToNextBookmark&, const ToNextBookmark&) = default;
};
struct ToBookmark {
  std::size_t index = 0;
  friend bool operator==(const ToBookmark&, const ToBookmark&) = default;
};
struct TogglePauseAtNarration {
  friend bool operator==(const TogglePauseAtNarration&, const TogglePauseAtNarration&) = default;
};

// --- What is looked at ---

struct Select {
  Selection what;
  friend bool operator==(const Select&, const Select&) = default;
};
struct SelectNextBatch {
  Way way = Way::Forward;
  friend bool operator==(const SelectNextBatch&, const SelectNextBatch&) = default;
};
struct SelectNextPartition {
  Way way = Way::Forward;
  friend bool operator==(const SelectNextPartition&, const SelectNextPartition&) = default;
};
// Closes the help or the list of lessons if it is shown, else clears the selection.
struct Escape {
  friend bool operator==(const Escape&, const Escape&) = default;
};
// Letters on all that can be clicked: typed, they are the click.
struct ToggleHints {
  friend bool operator==(const ToggleHints&, const ToggleHints&) = default;
};
struct TypeHint {
  std::string letters;  // all that were typed by now
  friend bool operator==(const TypeHint&, const TypeHint&) = default;
};
struct ScrollPage {
  Scrolling what = Scrolling::SidePanel;
  Way way = Way::Forward;  // Forward is down
  friend bool operator==(const ScrollPage&, const ScrollPage&) = default;
};
struct ToggleHelp {
  friend bool operator==(const ToggleHelp&, const ToggleHelp&) = default;
};
struct TogglePanel {
  Panel panel = Panel::Inspector;
  friend bool operator==(const TogglePanel&, const TogglePanel&) = default;
};
struct SetRecordFilter {
  RecordFilter filter = RecordFilter::All;
  friend bool operator==(const SetRecordFilter&, const SetRecordFilter&) = default;
};
struct NextRecordFilter {
  friend bool operator==(const NextRecordFilter&, const NextRecordFilter&) = default;
};
struct ToggleStream {  // in the event list
  core::Stream stream = core::Stream::Application;
  friend bool operator==(const ToggleStream&, const ToggleStream&) = default;
};
// Large type, strong contrast, and one thing at a time.
struct TogglePresentation {
  friend bool operator==(const TogglePresentation&, const TogglePresentation&) = default;
};
// Nothing flies from place to place.
struct ToggleReducedMotion {
  friend bool operator==(const ToggleReducedMotion&, const ToggleReducedMotion&) = default;
};
struct ToggleStopAtBrokenLaw {
  friend bool operator==(const ToggleStopAtBrokenLaw&, const ToggleStopAtBrokenLaw&) = default;
};
// English or Chinese.
struct ChangeLanguage {
  friend bool operator==(const ChangeLanguage&, const ChangeLanguage&) = default;
};
// Puts the first steps away; or brings them back.
struct DismissGuide {
  friend bool operator==(const DismissGuide&, const DismissGuide&) = default;
};
struct ChangeZoom {
  Way way = Way::Forward;  // Forward is larger
  friend bool operator==(const ChangeZoom&, const ChangeZoom&) = default;
};

struct ChangeStretch {     // of time, in the charts
  Way way = Way::Forward;  // Forward is shorter, and drawn larger
  friend bool operator==(const ChangeStretch&, const ChangeStretch&) = default;
};

// --- The line to type into ---

struct OpenPrompt {
  PromptKind kind = PromptKind::Actions;
  friend bool operator==(const OpenPrompt&, const OpenPrompt&) = default;
};
struct TypeInPrompt {
  TextLine line;  // all that stands there now
  friend bool operator==(const TypeInPrompt&, const TypeInPrompt&) = default;
};
struct ChooseInPrompt {  // the row below or above
  Way way = Way::Forward;
  friend bool operator==(const ChooseInPrompt&, const ChooseInPrompt&) = default;
};
// Does what a row offers, or what was typed.
struct AcceptPrompt {
  std::optional<std::size_t> row;  // none: the one that is chosen
  friend bool operator==(const AcceptPrompt&, const AcceptPrompt&) = default;
};

// --- The lesson ---

// A digit: it answers the question that is open, or counts a hand for the answer; else it opens the
// what-if or injects the fault of that number, whichever list lies on top.
struct PressNumber {
  int number = 1;
  friend bool operator==(const PressNumber&, const PressNumber&) = default;
};
// To the question that is open. Choices are counted from 0.
struct AnswerQuestion {
  std::size_t choice = 0;
  friend bool operator==(const AnswerQuestion&, const AnswerQuestion&) = default;
};
struct SkipQuestion {
  friend bool operator==(const SkipQuestion&, const SkipQuestion&) = default;
};
enum class Hand { Raised, TakenBack };
struct CountHand {
  std::size_t choice = 0;
  Hand hand = Hand::Raised;
  friend bool operator==(const CountHand&, const CountHand&) = default;
};
// Closes the count of hands, and plays on to where the run has shown the answer; once more, goes
// there at once.
struct GoOn {
  friend bool operator==(const GoOn&, const GoOn&) = default;
};
// The hand that was counted last, or out of a branch to the run as written.
struct TakeBack {
  friend bool operator==(const TakeBack&, const TakeBack&) = default;
};
struct ToggleTeaching {
  friend bool operator==(const ToggleTeaching&, const ToggleTeaching&) = default;
};
struct ToggleQuestions {
  friend bool operator==(const ToggleQuestions&, const ToggleQuestions&) = default;
};
struct AskAgain {  // forgets all answers to this lesson
  friend bool operator==(const AskAgain&, const AskAgain&) = default;
};
// The run with something otherwise, as a branch beside the run as written.
struct OpenWhatIf {
  std::size_t index = 0;
  friend bool operator==(const OpenWhatIf&, const OpenWhatIf&) = default;
};
// Where the two runs that are compared part.
struct ToFirstDifference {
  friend bool operator==(const ToFirstDifference&, const ToFirstDifference&) = default;
};
struct ToggleBrowser {
  friend bool operator==(const ToggleBrowser&, const ToggleBrowser&) = default;
};
// In the list of lessons: the one at a place of the path, or in the line above or below.
struct Browse {
  std::size_t index = 0;
  friend bool operator==(const Browse&, const Browse&) = default;
};
struct BrowseNext {
  Way way = Way::Forward;
  friend bool operator==(const BrowseNext&, const BrowseNext&) = default;
};
struct BrowseTopic {
  Way way = Way::Forward;
  friend bool operator==(const BrowseTopic&, const BrowseTopic&) = default;
};
struct OpenBrowsed {
  friend bool operator==(const OpenBrowsed&, const OpenBrowsed&) = default;
};

// --- What is done to the run ---

// The run as it was stays as a branch that one can go back to.
struct InjectFault {
  sim::Fault fault;
  friend bool operator==(const InjectFault&, const InjectFault&) = default;
};
// The number-th button of the fault panel, from 1.
struct InjectNumbered {
  int number = 1;
  friend bool operator==(const InjectNumbered&, const InjectNumbered&) = default;
};
// Faults are offered by nines: those of use most often, then every kind there is.
struct NextFaults {
  friend bool operator==(const NextFaults&, const NextFaults&) = default;
};
// Selects it, and offers the faults.
struct AimFaults {
  Selection what;
  friend bool operator==(const AimFaults&, const AimFaults&) = default;
};
// The run with something otherwise from its beginning, or with a fault from now on, as it is typed:
// "linger.ms=20", "era 2.8", "KIP-951=off", "disconnect = 1".
struct ForkWith {
  std::string change;
  friend bool operator==(const ForkWith&, const ForkWith&) = default;
};
// Two pictures beside each other, on one clock.
struct ToggleColumns {
  friend bool operator==(const ToggleColumns&, const ToggleColumns&) = default;
};
// The run with each of several values: "linger.ms=0,5,20 batch.size=1000,16384".
struct RunSweep {
  std::string axes;
  friend bool operator==(const RunSweep&, const RunSweep&) = default;
};
struct NextFigure {
  Way way = Way::Forward;
  friend bool operator==(const NextFigure&, const NextFigure&) = default;
};
// The point beside the one that is chosen.
struct ChooseSweepPoint {
  Towards to = Towards::Right;
  friend bool operator==(const ChooseSweepPoint&, const ChooseSweepPoint&) = default;
};
struct OpenSweepPoint {
  std::optional<std::size_t> index;  // none: the one that is chosen
  friend bool operator==(const OpenSweepPoint&, const OpenSweepPoint&) = default;
};
// A line for each of its runs, in a file beside the scenario.
struct ExportSweep {
  friend bool operator==(const ExportSweep&, const ExportSweep&) = default;
};
// Does something in the application's place, by a thread of its own.
struct ActByHand {
  sim::AppAction action;
  std::size_t producer = 0;
  friend bool operator==(const ActByHand&, const ActByHand&) = default;
};
// Undoes what was done last by hand in this run: an act, or a fault.
struct UndoByHand {
  friend bool operator==(const UndoByHand&, const UndoByHand&) = default;
};
// One of the moves that there are in the world that is shown: its next step is that one.
struct TakeMove {
  std::size_t index = 0;  // in MovesHere
  friend bool operator==(const TakeMove&, const TakeMove&) = default;
};
struct ShowBranch {
  std::size_t index = 0;
  friend bool operator==(const ShowBranch&, const ShowBranch&) = default;
};
struct NextBranch {
  friend bool operator==(const NextBranch&, const NextBranch&) = default;
};
// Closes the branch that is shown; the run as written stays.
struct CloseBranch {
  friend bool operator==(const CloseBranch&, const CloseBranch&) = default;
};
struct SaveScenario {
  std::string path;  // empty: beside the scenario, under a new name
  friend bool operator==(const SaveScenario&, const SaveScenario&) = default;
};
// What is written down for other programs, beside the scenario: all of it but the handout until the
// instant that is shown. See sim/run_export.h.
enum class RunExport { SequenceSvg, Perfetto, RecordsCsv, Handout };
struct ExportRun {
  RunExport what = RunExport::SequenceSvg;
  friend bool operator==(const ExportRun&, const ExportRun&) = default;
};
// All that is on the screen, as a PNG beside the scenario.
struct SavePicture {
  friend bool operator==(const SavePicture&, const SavePicture&) = default;
};
struct OpenScenario {
  std::string path;
  friend bool operator==(const OpenScenario&, const OpenScenario&) = default;
};
// The next lesson of the path.
struct NextLesson {
  Way way = Way::Forward;
  friend bool operator==(const NextLesson&, const NextLesson&) = default;
};
// Opens the text of the lesson, to be edited; one that comes with the program is copied first.
struct EditLesson {
  friend bool operator==(const EditLesson&, const EditLesson&) = default;
};
struct CopyLesson {
  std::string path;
  friend bool operator==(const CopyLesson&, const CopyLesson&) = default;
};
struct TypeInEditor {
  std::string text;       // all that stands there now
  std::size_t caret = 0;  // in bytes
  friend bool operator==(const TypeInEditor&, const TypeInEditor&) = default;
};
// Saves it, and runs it until the instant that is shown.
struct ApplyEdit {
  friend bool operator==(const ApplyEdit&, const ApplyEdit&) = default;
};
struct UndoEdit {
  friend bool operator==(const UndoEdit&, const UndoEdit&) = default;
};
struct GoToMistake {
  std::optional<std::size_t> index;  // none: the one after that
  friend bool operator==(const GoToMistake&, const GoToMistake&) = default;
};
// Its file was changed by another program.
struct ReloadLesson {
  friend bool operator==(const ReloadLesson&, const ReloadLesson&) = default;
};
struct Quit {
  friend bool operator==(const Quit&, const Quit&) = default;
};

using ViewerCommand = std::variant<
    PlayPause, SetSpeed, ChangeSpeed, StepEvent, StepPass, StepMillisecond, JumpTo, SeekStep,
    SeekTime, SeekFraction, ToStart, ToEnd, RunUntil, ToggleBookmark, ToNextBookmark, ToBookmark,
    TogglePauseAtNarration, Select, SelectNextBatch, SelectNextPartition, Escape, ToggleHints,
    TypeHint, ScrollPage, ToggleHelp, TogglePanel, SetRecordFilter, NextRecordFilter, ToggleStream,
    TogglePresentation, ToggleReducedMotion, ToggleStopAtBrokenLaw, ChangeLanguage, DismissGuide,
    ChangeZoom, ChangeStretch, OpenPrompt, TypeInPrompt, ChooseInPrompt, AcceptPrompt, PressNumber,
    AnswerQuestion, SkipQuestion, CountHand, GoOn, TakeBack, ToggleTeaching, ToggleQuestions,
    AskAgain, OpenWhatIf, ToFirstDifference, ToggleBrowser, Browse, BrowseNext, BrowseTopic,
    OpenBrowsed, ForkWith, ToggleColumns, RunSweep, NextFigure, ChooseSweepPoint, OpenSweepPoint,
    ExportSweep, ActByHand, UndoByHand, TakeMove, InjectFault, InjectNumbered, NextFaults,
    AimFaults, ShowBranch, NextBranch, CloseBranch, SaveScenario, ExportRun, SavePicture,
    OpenScenario, NextLesson, EditLesson, CopyLesson, TypeInEditor, ApplyEdit, UndoEdit,
    GoToMistake, ReloadLesson, Quit>;

}  // namespace linger::viz
