// The viewer as a value: a run, where it is looked at, and what a person has set.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
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
const std::vector<double>& speeds();
inline constexpr double kDefaultSpeed = 0.005;

// Invariant: world().now <= shown_at, which is not after whatever happens next.
struct ViewerState {
  explicit ViewerState(std::shared_ptr<const sim::Scenario> scenario);

  std::vector<Branch> branches;  // never empty
  std::size_t branch = 0;
  core::Instant shown_at{};

  bool is_playing = false;
  double speed = kDefaultSpeed;
  bool pauses_at_narration = true;
  double still_for = 0;       // seconds on the wall since shown_at last moved
  double played_for = 0;      // since play was pressed: nobody needs to be told about Space any more

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

  const sim::Timeline& timeline() const { return branches[branch].timeline; }
  const sim::World& world() const { return timeline().world(); }
  const sim::Scenario& scenario() const { return timeline().scenario(); }
  bool is_shown(Panel panel) const { return panels[static_cast<std::size_t>(panel)]; }
};

// What the views are computed from. Holds as long as the state does not change.
Scene scene(const ViewerState& state);

// Does what a person asks for. Nothing else changes a state, but advance().
void handle(ViewerState& state, const ViewerCommand& command);

// Lets so many seconds pass on the wall. While playing, virtual time flows at its speed; stretches in
// which nothing happens are skipped; it stops at the end, and at narration.
void advance(ViewerState& state, double seconds);

// A viewer at the beginning of a scenario, paused; or what is wrong with the file.
std::variant<ViewerState, std::vector<sim::ParseError>> open_viewer(const std::string& path);

}  // namespace linger::viz
