// What a person at the viewer asks for. handle() in viewer_state.h does it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "core/event.h"
#include "core/time.h"
#include "sim/fault.h"
#include "viz/selection.h"

namespace linger::viz {

enum class Way { Forward, Back };

// Where a jump may land: just after the next thing of that kind.
enum class JumpTarget { Send, Drain, Retry, Expiry, Completion, Fault, Narration };

// What can be shown or hidden beside the picture.
enum class Panel { Inspector, Readiness, Ledger, Consumer, Events, Faults, Narration };
inline constexpr int kPanelCount = 7;

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
// Closes the help if it is shown, else clears the selection.
struct Escape {
  friend bool operator==(const Escape&, const Escape&) = default;
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
struct ChangeZoom {
  Way way = Way::Forward;  // Forward is larger
  friend bool operator==(const ChangeZoom&, const ChangeZoom&) = default;
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
struct ShowBranch {
  std::size_t index = 0;
  friend bool operator==(const ShowBranch&, const ShowBranch&) = default;
};
struct NextBranch {
  friend bool operator==(const NextBranch&, const NextBranch&) = default;
};
struct SaveScenario {
  std::string path;  // empty: beside the scenario, under a new name
  friend bool operator==(const SaveScenario&, const SaveScenario&) = default;
};
struct OpenScenario {
  std::string path;
  friend bool operator==(const OpenScenario&, const OpenScenario&) = default;
};
// The lesson beside this one, by name.
struct NextLesson {
  Way way = Way::Forward;
  friend bool operator==(const NextLesson&, const NextLesson&) = default;
};
struct Quit {
  friend bool operator==(const Quit&, const Quit&) = default;
};

using ViewerCommand =
    std::variant<PlayPause, SetSpeed, ChangeSpeed, StepEvent, StepPass, StepMillisecond, JumpTo,
                 SeekStep, SeekTime, SeekFraction, ToStart, ToEnd, TogglePauseAtNarration, Select,
                 SelectNextBatch, SelectNextPartition, Escape, ToggleHelp, TogglePanel,
                 SetRecordFilter, NextRecordFilter, ToggleStream, ChangeZoom, InjectFault,
                 InjectNumbered, ShowBranch, NextBranch, SaveScenario, OpenScenario, NextLesson,
                 Quit>;

}  // namespace linger::viz
