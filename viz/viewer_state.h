// The viewer as a value: a run, where it is looked at, and what a person has set.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "sim/explorer.h"
#include "sim/law_follow.h"
#include "sim/lesson_texts.h"
#include "sim/parse_error.h"
#include "sim/run_states.h"
#include "sim/scenario.h"
#include "sim/sweep.h"
#include "sim/timeline.h"
#include "sim/wire_tap.h"
#include "viz/event_list_view.h"
#include "viz/language.h"
#include "viz/lesson_editor.h"
#include "viz/lesson_path.h"
#include "viz/lesson_state.h"
#include "viz/moves_here.h"
#include "viz/progress.h"
#include "viz/run_so_far.h"
#include "viz/scene.h"
#include "viz/selection.h"
#include "viz/trace_index.h"
#include "viz/viewer_command.h"
#include "viz/why_details.h"

namespace linger::viz {

// Where two runs part: the events in their traces, none if one of them is over by then.
struct FirstDifference {
  core::Instant at{};
  std::optional<std::size_t> base;
  std::optional<std::size_t> fork;
  friend bool operator==(const FirstDifference&, const FirstDifference&) = default;
};

// A run and what is known of it. The first is the scenario as written; each what-if and each
// injected fault makes another.
struct Branch {
  std::string name;            // in English: "as written", "disconnect broker 0"
  std::string chinese_name{};  // of a move, whose words hang on the world of then; else empty
  std::optional<core::Instant> done_at;  // when that was, if it was done by hand
  sim::Timeline timeline;
  TraceIndex index;
  std::size_t parent = 0;                 // the branch it came from
  std::optional<std::size_t> what_if;     // of the lesson's, if it is one
  std::optional<FirstDifference> parted;  // from its parent, as far as is known
  RunSoFar so_far;                        // while it is compared
  std::optional<sim::WireTap> tap;        // while its bytes are shown
  std::optional<sim::LawFollow> laws;     // while they are shown, or stop moves
  int deeds = 0;                          // done in it by hand,
  int saved_deeds = 0;                    // of which so many are in a file
  core::Instant seen{};                   // how far somebody has looked
  std::int64_t seen_step = 0;
  std::optional<sim::RunStates> states{};  // while moves are shown
};

// The scenario with each of several values of one setting, or of two.
struct SweepPoint {
  std::vector<std::string> values;
  std::shared_ptr<const sim::Scenario> scenario;
  std::optional<sim::RunResult> result;  // once it has been run
  std::string failure;                   // a bug of this program
};
struct Sweep {
  std::vector<sim::SweepAxis> axes;
  std::vector<SweepPoint> points;
  std::size_t figure = 0;    // which of sweep_view.h is shown
  std::size_t chosen = 0;    // of the points
  std::size_t left_out = 0;  // combinations beyond those that are run
};

// An instant of a run that one wants to come back to.
struct Bookmark {
  std::size_t branch = 0;
  std::int64_t step = 0;  // the world after so many
  core::Instant at{};
  friend bool operator==(const Bookmark&, const Bookmark&) = default;
};

// What somebody who is new here has done by now.
struct FirstSteps {
  bool answered = false;
  bool stepped = false;
  bool asked_why = false;
  bool forked = false;
  friend bool operator==(const FirstSteps&, const FirstSteps&) = default;
};

// The line that is typed into.
struct Prompt {
  PromptKind kind = PromptKind::Actions;
  TextLine line;
  std::size_t chosen = 0;  // of its rows
  friend bool operator==(const Prompt&, const Prompt&) = default;
};

// Which speeds there are: virtual seconds for a second on the wall.
inline constexpr std::array kSpeeds{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1,  0.2,
                                    0.5,   1.0,   2.0,   5.0,  10.0, 20.0, 50.0, 100.0};
inline constexpr double kDefaultSpeed = 0.005;
// How many branches are kept, the scenario as written among them.
inline constexpr std::size_t kMostBranches = 16;

// What would be lost if the lesson were left.
struct UnsavedWork {
  int deeds = 0;                      // done by hand
  std::optional<std::string> text{};  // typed in the editor, and not applied
};

// Invariant: world().now <= shown_at, which is not after whatever happens next.
struct ViewerState {
  explicit ViewerState(std::shared_ptr<const sim::Scenario> scenario);

  std::vector<Branch> branches;  // never empty
  std::size_t branch = 0;
  std::vector<Bookmark> bookmarks;  // by branch and instant
  std::size_t last_fork = 0;        // the branch that was shown last, other than the run as written
  core::Instant shown_at{};

  LessonState lesson;
  sim::LessonTexts english_texts;                 // of the run as written
  std::optional<sim::LessonTexts> chinese_texts;  // the same, once they were asked for
  std::optional<Language> chosen_language;        // by somebody who is here
  bool can_speak_chinese = true;                  // its glyphs can be drawn

  bool is_playing = false;
  double speed = kDefaultSpeed;
  bool pauses_at_narration = true;
  double still_for = 0;         // seconds on the wall since shown_at last moved
  double played_for = 0;        // seconds on the wall since play was last pressed
  std::int64_t fresh_from = 0;  // see Scene

  Selection selection;
  std::bitset<kPanelCount> panels;  // shown, by Panel
  StreamSet streams = kAllStreams;
  RecordFilter record_filter = RecordFilter::All;
  std::optional<Prompt> prompt;
  std::optional<LessonEditor> editor;  // lies over the picture while it is open
  std::optional<Sweep> sweep;          // lies over the picture
  bool shows_columns = false;          // the two runs that are compared, beside each other
  std::optional<std::string> hints;    // while all that can be clicked has letters: those typed
  bool shows_help = false;
  bool shows_browser = false;
  std::size_t browsed = 0;  // the lesson that is chosen there
  int fault_page = 0;       // see FaultView
  // By how many pages each of them was scrolled with keys, in all.
  std::array<int, 2> pages_scrolled{};
  float zoom = 1;
  int time_halvings = 0;        // of the axis, in the charts
  bool presents = false;        // large type, one thing at a time
  bool reduces_motion = false;  // nothing flies
  bool stops_at_broken_law = false;
  std::optional<FirstSteps> guide;  // while they are shown
  UnsavedWork unsaved_told;         // to somebody who wanted to leave it
  bool wants_to_quit = false;
  std::optional<std::string> wanted_picture;  // its path, until whoever has the screen wrote it

  // What play jumped over, and how long ago, in seconds on the wall.
  struct Skip {
    core::Duration skipped{};
    double age = 0;
  };
  std::optional<Skip> skip;
  struct Message {
    std::string text;
    double age = 0;
  };
  std::optional<Message> message;
  std::optional<WhyDetails> why;   // of the partition in focus, while nothing moves
  std::optional<MovesHere> moves;  // while they are shown and nothing moves
  sim::ExploreOptions explored;    // what may strike, and who comes before whom, as in the explorer
  std::string error;               // why the run cannot go on; the world is the last good one

  std::string source;               // the text of the scenario's file; empty: there is none
  std::vector<LessonFile> lessons;  // the path that NextLesson walks
  Progress progress;                // whoever opens the viewer keeps it

  Branch& current() { return branches[branch]; }
  const sim::Timeline& timeline() const { return branches[branch].timeline; }
  const sim::World& world() const { return timeline().world(); }
  const sim::Scenario& scenario() const { return timeline().scenario(); }
  bool is_shown(Panel panel) const { return panels[static_cast<std::size_t>(panel)]; }
};

// What the views are computed from. Holds as long as the state does not change.
Scene scene(const ViewerState& state);
// The same of another branch, where its timeline stands.
Scene scene_of(const ViewerState& state, std::size_t branch);

// Does what a person asks for. Nothing else changes a state, but advance().
void handle(ViewerState& state, const ViewerCommand& command);

// Lets so many seconds pass on the wall. While playing, virtual time flows at its speed; stretches
// in which nothing happens are skipped; it stops at questions, at the end, and at narration.
void advance(ViewerState& state, double seconds);

// A viewer at the beginning of a scenario, paused; or what is wrong with the file.
std::variant<ViewerState, std::vector<sim::ParseError>> open_viewer(const std::string& path);

}  // namespace linger::viz
