#include "viz/viewer_state.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"
#include "sim/text_file.h"
#include "viz/fault_view.h"
#include "viz/guide_view.h"
#include "viz/keys.h"
#include "viz/language.h"
#include "viz/mistake.h"
#include "viz/motion.h"
#include "viz/panel_stack.h"
#include "viz/pipeline_view.h"
#include "viz/run_files.h"
#include "viz/text.h"
#include "viz/time_axis.h"
#include "viz/unsaved.h"
#include "viz/viewer_bookmarks.h"
#include "viz/viewer_branches.h"
#include "viz/viewer_editor.h"
#include "viz/viewer_explore.h"
#include "viz/viewer_hand.h"
#include "viz/viewer_language.h"
#include "viz/viewer_lesson.h"
#include "viz/viewer_moves.h"
#include "viz/viewer_prompt.h"
#include "viz/viewer_search.h"
#include "viz/viewer_sweep.h"

namespace linger::viz {
namespace {

constexpr float kSmallestZoom = 0.5F;
constexpr float kLargestZoom = 3;
constexpr float kZoomStep = 1.25F;

bool is_whole_millisecond(core::Instant at) {
  return at.time_since_epoch() % core::Milliseconds{1} == core::Duration{0};
}

class Handler {
 public:
  explicit Handler(ViewerState& state) : state_{state} {}

  // --- Time ---

  void operator()(const PlayPause&) {
    if (!state_.is_playing && open_question(state_)) {
      ask_for_answer(state_);
      return;
    }
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
    move_by_hand(state_, Motion::Step, [is_forward](sim::Timeline& timeline) {
      is_forward ? timeline.step_forward() : timeline.step_back();
    });
  }
  void operator()(const StepPass& step) {
    jump_to_moment(state_, {MomentKind::SenderPass}, step.way, tr("sender pass"));
  }
  void operator()(const StepMillisecond& step) {
    const auto whole = std::chrono::floor<core::Milliseconds>(state_.shown_at.time_since_epoch());
    core::Milliseconds to = whole + core::Milliseconds{1};
    if (step.way == Way::Back) {
      to = is_whole_millisecond(state_.shown_at) ? whole - core::Milliseconds{1} : whole;
    }
    move_to(state_, core::Instant{to});
  }
  void operator()(const JumpTo& jump_to) {
    jump_to_moment(state_, kinds_of(jump_to.target), jump_to.way, word(jump_to.target));
  }
  void operator()(const SeekStep& seek) {
    const std::int64_t step = std::max<std::int64_t>(seek.step, 0);
    move_by_hand(state_, Motion::Step, [step](sim::Timeline& timeline) { timeline.seek(step); });
  }
  void operator()(const SeekTime& seek) { move_to(state_, seek.at); }
  void operator()(const SeekFraction& seek) {
    move_to(state_, state_.current().index.instant_at(seek.fraction));
  }
  void operator()(const ToStart&) {
    move_by_hand(state_, Motion::Jump, [](sim::Timeline& timeline) { timeline.seek(0); });
  }
  void operator()(const ToEnd&) {
    move_by_hand(state_, Motion::Jump, [](sim::Timeline& timeline) { timeline.run_to_end(); });
  }
  void operator()(const RunUntil& until) { run_until_typed(state_, until.what); }
  void operator()(const ToggleBookmark&) { toggle_bookmark(state_); }
  void operator()(const ToNextBookmark& next) { go_to_next_bookmark(state_, next.way); }
  void operator()(const ToBookmark& to) { go_to_bookmark(state_, to.index); }
  void operator()(const TogglePauseAtNarration&) {
    state_.pauses_at_narration = !state_.pauses_at_narration;
    say(state_, state_.pauses_at_narration ? tr("play stops at narration")
                                           : tr("play goes on at narration"));
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
    if (state_.hints) {
      state_.hints.reset();
    } else if (state_.prompt) {
      state_.prompt.reset();
    } else if (state_.editor && state_.editor->is_open) {
      close_editor(state_);
    } else if (state_.sweep) {
      state_.sweep.reset();
    } else if (state_.shows_help) {
      state_.shows_help = false;
    } else if (state_.shows_browser) {
      state_.shows_browser = false;
    } else {
      state_.selection = {};
    }
  }
  void operator()(const ToggleHints&) {
    state_.shows_help = false;
    if (state_.hints) {
      state_.hints.reset();
    } else {
      state_.hints = "";
      state_.is_playing = false;  // what moves is hard to name
    }
  }
  void operator()(const TypeHint& typed) {
    if (state_.hints) state_.hints = typed.letters;
  }
  void operator()(const ScrollPage& scroll) {
    int& pages = state_.pages_scrolled[static_cast<std::size_t>(scroll.what)];
    pages += scroll.way == Way::Forward ? 1 : -1;
  }
  void operator()(const ToggleHelp&) { state_.shows_help = !state_.shows_help; }
  void operator()(const TogglePanel& toggle) {
    const bool is_seen = !state_.presents || is_seen_in_presentation(state_, toggle.panel);
    if (!is_seen) {
      say(state_, tr("a presentation shows one thing at a time: {} ends it",
                     key_text(TogglePresentation{})));
      if (!state_.is_shown(toggle.panel)) return;
    }
    state_.panels.flip(static_cast<std::size_t>(toggle.panel));
    put_other_charts_away(state_, toggle.panel);
    follow_beside(state_);
    follow_wires(state_);
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
  void operator()(const TogglePresentation&) { state_.presents = !state_.presents; }
  void operator()(const ToggleReducedMotion&) {
    state_.reduces_motion = !state_.reduces_motion;
    say(state_, state_.reduces_motion ? tr("nothing flies") : tr("things fly from place to place"));
  }
  void operator()(const ToggleStopAtBrokenLaw&) {
    state_.stops_at_broken_law = !state_.stops_at_broken_law;
    say(state_, state_.stops_at_broken_law ? tr("a move stops where a law breaks")
                                           : tr("moves go on where a law breaks"));
  }
  void operator()(const ChangeLanguage&) { change_language(state_); }
  void operator()(const DismissGuide&) {
    if (state_.guide) {
      state_.guide.reset();
    } else {
      state_.guide = FirstSteps{};
    }
  }
  void operator()(const ChangeZoom& change) {
    const float factor = change.way == Way::Forward ? kZoomStep : 1 / kZoomStep;
    state_.zoom = std::clamp(state_.zoom * factor, kSmallestZoom, kLargestZoom);
  }

  void operator()(const ChangeStretch& change) {
    const int more = change.way == Way::Forward ? 1 : -1;
    state_.time_halvings = std::clamp(state_.time_halvings + more, 0, kMostHalvings);
  }

  // --- The line to type into ---

  void operator()(const OpenPrompt& open) {
    state_.prompt = Prompt{open.kind, {}, 0};
    if (open.kind == PromptKind::Glossary) note_characters_of_glossary(state_);
  }
  void operator()(const TypeInPrompt& typed) { type_in_prompt(state_, typed.line); }
  void operator()(const ChooseInPrompt& choose) { choose_in_prompt(state_, choose.way); }
  void operator()(const AcceptPrompt& accept) { accept_prompt(state_, accept.row); }

  // --- The lesson ---

  void operator()(const PressNumber& press) {
    const auto index = static_cast<std::size_t>(press.number - 1);
    if (open_question(state_)) {
      // Nobody answers what something else lies over.
      if (front_panel(state_) != Panel::Lesson) return ask_for_answer(state_);
      if (state_.lesson.is_teaching) return (*this)(CountHand{index, Hand::Raised});
      return (*this)(AnswerQuestion{index});
    }
    const auto front = front_panel(state_);
    if (front == Panel::Faults) return (*this)(InjectNumbered{press.number});
    if (front == Panel::Hand) return act_numbered(state_, press.number);
    if (front == Panel::Moves) return take_move(state_, index);
    if (front == Panel::Lesson) return (*this)(OpenWhatIf{index});
    say(state_, tr("a number answers a question, opens a what-if ({}), or injects a fault ({})",
                   key_of(Panel::Lesson), key_of(Panel::Faults)));
  }
  void operator()(const AnswerQuestion& answer) { answer_question(state_, answer.choice); }
  void operator()(const SkipQuestion&) { skip_question(state_); }
  void operator()(const CountHand& count) { count_hand(state_, count); }
  void operator()(const GoOn&) {
    if (settle_hands(state_) && !go_ahead(state_)) (*this)(PlayPause{});
  }
  void operator()(const TakeBack&) {
    if (take_hand_back(state_)) return;
    if (state_.branch == 0) {
      say(state_, tr("this is the run as written"));
    } else {
      show_branch(state_, state_.current().parent);
    }
  }
  void operator()(const ToggleTeaching&) { toggle_teaching(state_); }
  void operator()(const ToggleQuestions&) { toggle_questions(state_); }
  void operator()(const AskAgain&) { ask_again(state_); }
  void operator()(const OpenWhatIf& open) { open_what_if(state_, open.index); }
  void operator()(const ToFirstDifference&) { go_to_first_difference(state_); }
  void operator()(const ToggleBrowser&) {
    state_.shows_browser = !state_.shows_browser && !state_.lessons.empty();
    if (state_.lessons.empty()) say(state_, tr("there are no other lessons"));
    const auto here = this_lesson();
    if (here != state_.lessons.end()) {
      state_.browsed = static_cast<std::size_t>(here - state_.lessons.begin());
    }
  }
  void operator()(const Browse& browse) { state_.browsed = browse.index; }
  void operator()(const BrowseNext& next) {
    const BrowserView view = browser_view(state_.lessons, state_.progress, {"", state_.browsed});
    state_.browsed = browsed_next(view, state_.browsed, next.way);
  }
  void operator()(const BrowseTopic& next) {
    const BrowserView view = browser_view(state_.lessons, state_.progress, {"", state_.browsed});
    state_.browsed = browsed_topic(view, state_.browsed, next.way);
  }
  void operator()(const OpenBrowsed&) {
    if (state_.browsed >= state_.lessons.size()) return;
    (*this)(OpenScenario{std::string{state_.lessons[state_.browsed].file}});
  }

  // --- What is done to the run ---

  void operator()(const ForkWith& fork) { fork_with(state_, fork.change); }
  void operator()(const ToggleColumns&) { toggle_columns(state_); }
  void operator()(const RunSweep& sweep) { begin_sweep(state_, sweep.axes); }
  void operator()(const NextFigure& next) { show_next_figure(state_, next.way); }
  void operator()(const ChooseSweepPoint& choose) { choose_sweep_point(state_, choose.to); }
  void operator()(const OpenSweepPoint& open) { open_sweep_point(state_, open.index); }
  void operator()(const ExportSweep&) {
    if (const auto text = swept_csv(state_)) {
      write_beside(free_path(state_.scenario(), ".csv"), *text);
    }
  }
  void operator()(const ActByHand& deed) { act_by_hand(state_, deed.action, deed.producer); }
  void operator()(const UndoByHand&) { undo_by_hand(state_); }
  void operator()(const TakeMove& take) { take_move(state_, take.index); }
  void operator()(const InjectFault& inject) { inject_fault(state_, inject.fault); }
  void operator()(const InjectNumbered& inject) {
    for (const FaultButton& button : fault_view(state_).buttons) {
      if (button.number != inject.number) continue;
      (*this)(InjectFault{button.fault});
      return;
    }
  }
  void operator()(const NextFaults&) {
    bring_to_front(state_, Panel::Faults);
    state_.fault_page = (state_.fault_page + 1) % fault_view(state_).pages;
  }
  void operator()(const AimFaults& aim) {
    state_.selection = aim.what;
    bring_to_front(state_, Panel::Faults);
  }
  void operator()(const ShowBranch& show) { show_branch(state_, show.index); }
  void operator()(const CloseBranch&) { close_branch(state_); }
  void operator()(const NextBranch&) {
    if (state_.branches.size() == 1) {
      say(state_, tr("there is one run: a what-if or a fault makes another"));
      return;
    }
    (*this)(ShowBranch{(state_.branch + 1) % state_.branches.size()});
  }
  void operator()(const SaveScenario& save) {
    // At the frontier, all that was injected is known.
    sim::Timeline whole = state_.timeline();
    whole.seek(whole.frontier());
    const bool is_written =
        write_beside(save.path.empty() ? free_path(state_.scenario(), ".toml") : save.path,
                     sim::scenario_text(whole.scenario()));
    if (is_written) note_saved(state_);
  }
  void operator()(const ExportRun& wanted) {
    write_beside(free_path(state_.scenario(), file_ending(wanted.what)),
                 exported(state_, wanted.what));
  }
  void operator()(const SavePicture&) {
    state_.wanted_picture = free_path(state_.scenario(), ".png");
  }
  void operator()(const OpenScenario& open) {
    auto opened = open_viewer(open.path);
    if (const auto* errors = std::get_if<std::vector<sim::ParseError>>(&opened)) {
      say(state_, mistake_text(*errors));
      return;
    }
    if (!may_leave(state_)) {
      state_.shows_browser = false;  // it would lie over what is said
      return;
    }
    replace_run(state_, std::get<ViewerState>(std::move(opened)));
  }
  void operator()(const NextLesson& next) {
    const std::vector<LessonFile>& lessons = state_.lessons;
    if (lessons.empty()) {
      say(state_, tr("there are no other lessons"));
      return;
    }
    const auto here = this_lesson();
    std::size_t to = 0;
    if (here != lessons.end()) {
      const auto at = static_cast<std::size_t>(here - lessons.begin());
      to = (at + (next.way == Way::Forward ? 1 : lessons.size() - 1)) % lessons.size();
    }
    (*this)(OpenScenario{std::string{lessons[to].file}});
  }
  void operator()(const EditLesson&) { edit_lesson(state_); }
  void operator()(const CopyLesson& copy) { copy_lesson(state_, copy.path); }
  void operator()(const TypeInEditor& typed) { type_in_editor(state_, typed.text, typed.caret); }
  void operator()(const ApplyEdit&) { apply_edit(state_); }
  void operator()(const UndoEdit&) { undo_edit(state_); }
  void operator()(const GoToMistake& go) { go_to_mistake(state_, go.index); }
  void operator()(const ReloadLesson&) { reload_lesson(state_); }
  void operator()(const Quit&) { state_.wants_to_quit = may_leave(state_); }

 private:
  std::vector<LessonFile>::const_iterator this_lesson() const {
    const std::vector<LessonFile>& lessons = state_.lessons;
    return std::find_if(lessons.begin(), lessons.end(), [this](const LessonFile& lesson) {
      return lesson.file == state_.scenario().file;
    });
  }
  bool write_beside(const std::string& path, const std::string& text) {
    const bool is_written = write_whole(path, text);
    say(state_, is_written ? tr("saved as {}", path) : tr("cannot write {}", path));
    return is_written;
  }
  static std::string key_of(Panel panel) { return key_text(TogglePanel{panel}); }

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

  ViewerState& state_;
};

}  // namespace

ViewerState::ViewerState(std::shared_ptr<const sim::Scenario> scenario)
    : lesson{begin_lesson(scenario)}, english_texts{sim::texts_of(*scenario)} {
  for (const Panel panel : {Panel::Narration, Panel::Readiness}) {
    panels.set(static_cast<std::size_t>(panel));
  }
  if (!scenario->questions.empty() || !scenario->what_ifs.empty()) {
    panels.set(static_cast<std::size_t>(Panel::Lesson));
  }
  branches.push_back({.name = "as written",
                      .done_at = {},
                      .timeline = sim::Timeline{std::move(scenario)},
                      .index = {},
                      .parent = 0,
                      .what_if = {},
                      .parted = {},
                      .so_far = {},
                      .tap = {},
                      .laws = {},
                      .deeds = 0,
                      .seen = {}});
  look_ahead(*this);
  arrive(*this);
  learn_lesson_texts(*this);
}

Scene scene(const ViewerState& state) {
  return scene_of(state, state.branch);
}

Scene scene_of(const ViewerState& state, std::size_t branch) {
  const Branch& of = state.branches[branch];
  const double still_for = state.reduces_motion ? kFlightSeconds : state.still_for;
  sim::TraceNames names = sim::names_of(of.timeline.scenario());
  // A run with another setting says nothing; all others say what the lesson says.
  const std::vector<std::string>& narration = lesson_texts(state).narration;
  if (names.narration.size() == narration.size()) names.narration = narration;
  return {of.timeline, of.index,  state.selection,  state.shown_at,
          state.speed, still_for, state.fresh_from, std::move(names)};
}

void handle(ViewerState& state, const ViewerCommand& command) {
  state.message.reset();  // about what was done before
  std::visit(Handler{state}, command);
  follow_laws(state);
  look_into_why(state);
  look_into_moves(state);
  note_first_steps(state);
}

std::variant<ViewerState, std::vector<sim::ParseError>> open_viewer(const std::string& path) {
  sim::ParsedScenario parsed = sim::load_scenario(path);
  if (auto* errors = std::get_if<std::vector<sim::ParseError>>(&parsed)) return std::move(*errors);
  ViewerState state{
      std::make_shared<const sim::Scenario>(std::get<sim::Scenario>(std::move(parsed)))};
  state.source = sim::read_text_file(path).value_or("");
  return state;
}

}  // namespace linger::viz
