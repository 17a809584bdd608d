#include "viz/viewer_state.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <utility>

#include "core/check.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"
#include "sim/trace_text.h"
#include "viz/pipeline_view.h"
#include "viz/status_view.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

// How much of a run is known at once, so that the scrub bar shows where things are.
constexpr std::int64_t kLookAhead = 10'000;
// How many steps are run at a time while something is looked for.
constexpr int kSearchStride = 512;

constexpr float kSmallestZoom = 0.5F;
constexpr float kLargestZoom = 3;
constexpr float kZoomStep = 1.25F;

// --- Moving ---

// To the last world that was whole.
void restore(sim::Timeline& timeline) {
  const std::int64_t good = timeline.cursor();
  if (good == 0) {
    timeline = sim::Timeline{timeline.world().scenario};
    return;
  }
  timeline.seek(good - 1);
  timeline.seek(good);
}

// Runs on, as far as the scrub bar is to know, and comes back.
void look_ahead(ViewerState& state) {
  sim::Timeline& timeline = state.current().timeline;
  const std::int64_t cursor = timeline.cursor();
  try {
    timeline.seek(std::max(timeline.frontier(), cursor + kLookAhead));
  } catch (const core::CheckFailure&) {
    // It is told when somebody goes there.
    restore(timeline);
  }
  timeline.seek(cursor);
  state.current().index.extend(timeline);
}

bool is_whole_millisecond(core::Instant at) {
  return at.time_since_epoch() % core::Milliseconds{1} == core::Duration{0};
}

class Handler {
 public:
  explicit Handler(ViewerState& state) : state_{state} {}

  // --- Time ---

  void operator()(const PlayPause&) {
    const bool can_play = !state_.timeline().is_over() && state_.error.empty();
    state_.is_playing = !state_.is_playing && can_play;
    state_.played_for = 0;
    state_.skip.reset();
  }
  void operator()(const SetSpeed& set) {
    state_.speed = std::clamp(set.speed, kSpeeds.front(), kSpeeds.back());
  }
  void operator()(const ChangeSpeed& change) {
    if (change.way == Way::Forward) {
      const auto faster = std::upper_bound(kSpeeds.begin(), kSpeeds.end(), state_.speed);
      if (faster != kSpeeds.end()) state_.speed = *faster;
    } else {
      const auto not_slower = std::lower_bound(kSpeeds.begin(), kSpeeds.end(), state_.speed);
      if (not_slower != kSpeeds.begin()) state_.speed = *std::prev(not_slower);
    }
  }
  void operator()(const StepEvent& step) {
    const bool is_forward = step.way == Way::Forward;
    move(Motion::Step, [is_forward](sim::Timeline& timeline) {
      is_forward ? timeline.step_forward() : timeline.step_back();
    });
  }
  void operator()(const StepPass& step) { jump({MomentKind::SenderPass}, step.way, "sender pass"); }
  void operator()(const StepMillisecond& step) {
    const auto whole = std::chrono::floor<core::Milliseconds>(state_.shown_at.time_since_epoch());
    core::Milliseconds to = whole + core::Milliseconds{1};
    if (step.way == Way::Back) {
      to = is_whole_millisecond(state_.shown_at) ? whole - core::Milliseconds{1} : whole;
    }
    seek_time(core::Instant{to});
  }
  void operator()(const JumpTo& jump_to) {
    jump(kinds_of(jump_to.target), jump_to.way, word(jump_to.target));
  }
  void operator()(const SeekStep& seek) {
    const std::int64_t step = std::max<std::int64_t>(seek.step, 0);
    move(Motion::Step, [step](sim::Timeline& timeline) { timeline.seek(step); });
  }
  void operator()(const SeekTime& seek) { seek_time(seek.at); }
  void operator()(const SeekFraction& seek) {
    seek_time(state_.current().index.instant_at(seek.fraction));
  }
  void operator()(const ToStart&) {
    move(Motion::Jump, [](sim::Timeline& timeline) { timeline.seek(0); });
  }
  void operator()(const ToEnd&) {
    move(Motion::Jump, [](sim::Timeline& timeline) { timeline.run_to_end(); });
  }
  void operator()(const TogglePauseAtNarration&) {
    state_.pauses_at_narration = !state_.pauses_at_narration;
    say(state_.pauses_at_narration ? "play stops at narration" : "play goes on at narration");
  }

  // --- What is looked at ---

  void operator()(const Select& select) { state_.selection = select.what; }
  void operator()(const SelectNextBatch& next) {
    std::vector<BatchRef> batches;
    const Scene now = scene(state_);
    for (std::size_t i = 0; i < now.world().processes.size(); ++i) {
      const core::ProducerIndex producer{static_cast<std::int32_t>(i)};
      for (const core::BatchId batch : accumulator_of(now, producer).incomplete()) {
        batches.push_back({producer, batch});
      }
    }
    select_next(batches, next.way);
  }
  void operator()(const SelectNextPartition& next) {
    std::vector<LaneRef> refs;
    const Scene now = scene(state_);
    for (std::size_t i = 0; i < now.world().processes.size(); ++i) {
      for (const Lane& lane : lanes(now, core::ProducerIndex{static_cast<std::int32_t>(i)})) {
        refs.push_back(lane.ref);
      }
    }
    select_next(refs, next.way);
  }
  void operator()(const Escape&) {
    if (state_.shows_help) {
      state_.shows_help = false;
    } else {
      state_.selection = {};
    }
  }
  void operator()(const ToggleHelp&) { state_.shows_help = !state_.shows_help; }
  void operator()(const TogglePanel& toggle) {
    state_.panels.flip(static_cast<std::size_t>(toggle.panel));
  }
  void operator()(const SetRecordFilter& set) { state_.record_filter = set.filter; }
  void operator()(const NextRecordFilter&) {
    const int next = static_cast<int>(state_.record_filter) + 1;
    const int count = static_cast<int>(RecordFilter::OfSelection) + 1;
    state_.record_filter = static_cast<RecordFilter>(next % count);
  }
  void operator()(const ToggleStream& toggle) {
    state_.streams.flip(static_cast<std::size_t>(toggle.stream));
  }
  void operator()(const ChangeZoom& change) {
    const float factor = change.way == Way::Forward ? kZoomStep : 1 / kZoomStep;
    state_.zoom = std::clamp(state_.zoom * factor, kSmallestZoom, kLargestZoom);
  }

  // --- What is done to the run ---

  void operator()(const InjectFault& inject) {
    if (state_.timeline().is_over()) {
      say("the run is over: go back first");
      return;
    }
    const core::Instant at = std::max(state_.shown_at, state_.world().now + core::Duration{1});
    Branch branch{sim::text(inject.fault) + " at " + sim::instant_text(at), state_.timeline(), {}};
    branch.timeline.inject(inject.fault, at);
    if (state_.branches.size() == kMostBranches) state_.branches.erase(state_.branches.begin() + 1);
    state_.branches.push_back(std::move(branch));
    state_.branch = state_.branches.size() - 1;
    look_ahead(state_);
    move(Motion::Step, [at](sim::Timeline& timeline) { timeline.seek_time(at); });
    say("injected: " + sim::text(inject.fault));
  }
  void operator()(const InjectNumbered& inject) {
    for (const FaultButton& button : fault_view(state_).buttons) {
      if (button.number != inject.number) continue;
      (*this)(InjectFault{button.fault});
      return;
    }
  }
  void operator()(const ShowBranch& show) {
    if (show.index >= state_.branches.size()) return;
    const core::Instant at = state_.shown_at;
    state_.branch = show.index;
    seek_time(at);
    say("branch: " + state_.current().name);
  }
  void operator()(const NextBranch&) {
    if (state_.branches.size() == 1) {
      say("there is one branch: inject a fault to make another");
      return;
    }
    (*this)(ShowBranch{(state_.branch + 1) % state_.branches.size()});
  }
  void operator()(const SaveScenario& save) {
    const std::string path = save.path.empty() ? free_path() : save.path;
    // At the frontier, all that was injected is known.
    sim::Timeline whole = state_.timeline();
    whole.seek(whole.frontier());
    std::ofstream file{path};
    file << sim::scenario_text(whole.scenario());
    file.close();
    say(file ? "saved as " + path : "cannot write " + path);
  }
  void operator()(const OpenScenario& open) {
    auto opened = open_viewer(open.path);
    if (const auto* errors = std::get_if<std::vector<sim::ParseError>>(&opened)) {
      say(sim::text(*errors));
      return;
    }
    auto& fresh = std::get<ViewerState>(opened);
    fresh.speed = state_.speed;
    fresh.pauses_at_narration = state_.pauses_at_narration;
    fresh.panels = state_.panels;
    fresh.streams = state_.streams;
    fresh.zoom = state_.zoom;
    fresh.lessons = state_.lessons;
    state_ = std::move(fresh);
  }
  void operator()(const NextLesson& next) {
    const std::vector<std::string>& lessons = state_.lessons;
    if (lessons.empty()) {
      say("there are no other lessons");
      return;
    }
    const auto here = std::find(lessons.begin(), lessons.end(), state_.scenario().file);
    std::size_t to = 0;
    if (here != lessons.end()) {
      const auto at = static_cast<std::size_t>(here - lessons.begin());
      to = (at + (next.way == Way::Forward ? 1 : lessons.size() - 1)) % lessons.size();
    }
    (*this)(OpenScenario{lessons[to]});
  }
  void operator()(const Quit&) { state_.wants_to_quit = true; }

 private:
  void say(std::string text) { state_.message = ViewerState::Message{std::move(text), 0}; }

  // Somebody who moves by hand does not want to be moved on.
  template <class Move>
  void move(Motion motion, Move what) {
    state_.is_playing = false;
    state_.skip.reset();
    move_timeline(state_, what);
    settle(state_, motion);
  }
  void seek_time(core::Instant at) {
    const core::Instant to = std::max(at, core::Instant{});
    move(Motion::Jump, [to](sim::Timeline& timeline) { timeline.seek_time(to); });
    if (state_.error.empty() && !state_.timeline().is_over()) {
      state_.shown_at = std::max(state_.world().now, to);
    }
  }

  static std::vector<MomentKind> kinds_of(JumpTarget target) {
    switch (target) {
      case JumpTarget::Send:
        return {MomentKind::Send};
      case JumpTarget::Drain:
        return {MomentKind::Drain};
      case JumpTarget::Retry:
        return {MomentKind::Retry};
      case JumpTarget::Expiry:
        return {MomentKind::Expiry};
      case JumpTarget::Completion:
        return {MomentKind::Success, MomentKind::Failure};
      case JumpTarget::Fault:
        return {MomentKind::Fault};
      case JumpTarget::Narration:
        return {MomentKind::Narration};
    }
    return {};
  }

  void jump(const std::vector<MomentKind>& kinds, Way way, std::string_view name) {
    const auto step = way == Way::Forward ? find_next(kinds) : find_last(kinds);
    if (!step) {
      say("no " + std::string{name} + (way == Way::Forward ? " comes any more" : " came before"));
      return;
    }
    move(Motion::Step, [to = *step + 1](sim::Timeline& timeline) { timeline.seek(to); });
  }
  // The step in which the next one happens. Runs on as far as needed, and comes back.
  std::optional<std::int64_t> find_next(const std::vector<MomentKind>& kinds) {
    const std::int64_t cursor = state_.timeline().cursor();
    std::optional<std::int64_t> found = known_next(kinds, cursor);
    bool goes_on = true;
    while (!found && goes_on) {
      goes_on = move_timeline(state_, [](sim::Timeline& timeline) {
        timeline.seek(timeline.frontier());
        for (int i = 0; i < kSearchStride && timeline.step_forward(); ++i) {
        }
      });
      goes_on = goes_on && !state_.timeline().is_over();
      state_.current().index.extend(state_.timeline());
      found = known_next(kinds, cursor);
    }
    move_timeline(state_, [cursor](sim::Timeline& timeline) { timeline.seek(cursor); });
    return found;
  }
  std::optional<std::int64_t> known_next(const std::vector<MomentKind>& kinds,
                                         std::int64_t cursor) const {
    std::optional<std::int64_t> next;
    for (const MomentKind kind : kinds) {
      const std::vector<TraceMoment>& moments = state_.branches[state_.branch].index.moments(kind);
      const auto at = std::lower_bound(
          moments.begin(), moments.end(), cursor,
          [](const TraceMoment& moment, std::int64_t from) { return moment.step < from; });
      if (at != moments.end() && (!next || at->step < *next)) next = at->step;
    }
    return next;
  }
  // The last step with one, before the step that led to the cursor.
  std::optional<std::int64_t> find_last(const std::vector<MomentKind>& kinds) const {
    std::optional<std::int64_t> last;
    const std::int64_t before = state_.timeline().cursor() - 1;
    for (const MomentKind kind : kinds) {
      const std::vector<TraceMoment>& moments = state_.branches[state_.branch].index.moments(kind);
      const auto at = std::lower_bound(
          moments.begin(), moments.end(), before,
          [](const TraceMoment& moment, std::int64_t end) { return moment.step < end; });
      if (at != moments.begin() && (!last || std::prev(at)->step > *last)) {
        last = std::prev(at)->step;
      }
    }
    return last;
  }

  template <class Ref>
  void select_next(const std::vector<Ref>& refs, Way way) {
    if (refs.empty()) return;
    const auto* selected = std::get_if<Ref>(&state_.selection);
    const auto here =
        selected == nullptr ? refs.end() : std::find(refs.begin(), refs.end(), *selected);
    std::size_t next = way == Way::Forward ? 0 : refs.size() - 1;
    if (here != refs.end()) {
      const auto at = static_cast<std::size_t>(here - refs.begin());
      next = (at + (way == Way::Forward ? 1 : refs.size() - 1)) % refs.size();
    }
    state_.selection = refs[next];
  }

  // Beside the scenario's file, and not there yet.
  std::string free_path() const {
    const std::filesystem::path from =
        state_.scenario().file.empty() ? "scenario.toml" : state_.scenario().file;
    for (int number = 1;; ++number) {
      const std::filesystem::path path =
          from.parent_path() / (from.stem().string() + "-" + std::to_string(number) + ".toml");
      if (!std::filesystem::exists(path)) return path.string();
    }
  }

  ViewerState& state_;
};

}  // namespace

ViewerState::ViewerState(std::shared_ptr<const sim::Scenario> scenario) {
  branches.push_back({"as written", sim::Timeline{std::move(scenario)}, {}});
  for (const Panel panel : {Panel::Narration, Panel::Readiness}) {
    panels.set(static_cast<std::size_t>(panel));
  }
  look_ahead(*this);
}

Scene scene(const ViewerState& state) {
  return {state.timeline(), state.branches[state.branch].index,
          state.selection,  state.shown_at,
          state.speed,      state.still_for,
          state.fresh_from, sim::names_of(state.scenario())};
}

bool move_timeline(ViewerState& state, const std::function<void(sim::Timeline&)>& move) {
  sim::Timeline& timeline = state.current().timeline;
  try {
    move(timeline);
    state.error.clear();
    return true;
  } catch (const core::CheckFailure& failure) {
    restore(timeline);
    state.is_playing = false;
    state.error = "stopped after step " + std::to_string(timeline.cursor()) + " at " +
                  sim::instant_text(timeline.world().now) + ": " + failure.what();
    return false;
  }
}

void settle(ViewerState& state, Motion motion) {
  state.current().index.extend(state.timeline());
  state.shown_at = state.world().now;
  state.still_for = 0;
  const std::int64_t last_step = std::max<std::int64_t>(state.timeline().cursor() - 1, 0);
  state.fresh_from = motion == Motion::Step ? last_step : 0;
}

void handle(ViewerState& state, const ViewerCommand& command) {
  std::visit(Handler{state}, command);
}

std::variant<ViewerState, std::vector<sim::ParseError>> open_viewer(const std::string& path) {
  sim::ParsedScenario parsed = sim::load_scenario(path);
  if (auto* errors = std::get_if<std::vector<sim::ParseError>>(&parsed)) return std::move(*errors);
  return ViewerState{
      std::make_shared<const sim::Scenario>(std::get<sim::Scenario>(std::move(parsed)))};
}

}  // namespace linger::viz
