// The viewer as a value: a run, where it is looked at, and what a person has set.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "sim/parse_error.h"
#include "sim/scenario.h"
#include "sim/timeline.h"
#include "viz/event_list_view.h"
#include "viz/scene.h"
#include "viz/selection.h"
#include "viz/trace_index.h"
#include "viz/viewer_command.h"

namespace linger::viz {

// A run and what is known of it. The first is the scenario as written; each injected fault makes
// another.
struct Branch {
  std::string name;  // "as written", "disconnect broker 0 at 12.0 ms"
  sim::Timeline timeline;
  TraceIndex index;
};

// Which speeds there are: virtual seconds for a second on the wall.
inline constexpr std::array kSpeeds{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1,  0.2,
                                    0.5,   1.0,   2.0,   5.0,  10.0, 20.0, 50.0, 100.0};
inline constexpr double kDefaultSpeed = 0.005;
// How many branches are kept, the scenario as written among them.
inline constexpr std::size_t kMostBranches = 8;

// Invariant: world().now <= shown_at, which is not after whatever happens next.
struct ViewerState {
  explicit ViewerState(std::shared_ptr<const sim::Scenario> scenario);

  std::vector<Branch> branches;  // never empty
  std::size_t branch = 0;
  core::Instant shown_at{};

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
  bool shows_help = false;
  float zoom = 1;
  bool wants_to_quit = false;

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
  std::string error;  // why the run cannot go on; the world is the last good one

  std::vector<std::string> lessons;  // files that NextLesson walks through

  Branch& current() { return branches[branch]; }
  const sim::Timeline& timeline() const { return branches[branch].timeline; }
  const sim::World& world() const { return timeline().world(); }
  const sim::Scenario& scenario() const { return timeline().scenario(); }
  bool is_shown(Panel panel) const { return panels[static_cast<std::size_t>(panel)]; }
};

// Brings the trace's index and the shown instant up to date with the timeline, which was moved.
enum class Motion { Step, Jump };  // a step shows alone what happened in it
void settle(ViewerState& state, Motion motion);
// Moves the timeline. When one of our CHECKs fails on the way, goes back to the last good world,
// and tells why in `error`. False then.
bool move_timeline(ViewerState& state, const std::function<void(sim::Timeline&)>& move);

// What the views are computed from. Holds as long as the state does not change.
Scene scene(const ViewerState& state);

// Does what a person asks for. Nothing else changes a state, but advance().
void handle(ViewerState& state, const ViewerCommand& command);

// Lets so many seconds pass on the wall. While playing, virtual time flows at its speed; stretches
// in which nothing happens are skipped; it stops at the end, and at narration.
void advance(ViewerState& state, double seconds);

// A viewer at the beginning of a scenario, paused; or what is wrong with the file.
std::variant<ViewerState, std::vector<sim::ParseError>> open_viewer(const std::string& path);

}  // namespace linger::viz
