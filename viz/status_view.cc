#include "viz/status_view.h"

#include <chrono>
#include <filesystem>

#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/text.h"
#include "viz/viewer_language.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

std::string title_of(const ViewerState& state) {
  const sim::Scenario& scenario = state.scenario();
  if (!scenario.lesson.title.empty()) return lesson_texts(state).title;
  if (!scenario.file.empty()) return std::filesystem::path{scenario.file}.stem().string();
  return tr("a scenario without a name");
}

// A question was answered, and the run has yet to show what is right.
bool waits_for_answer(const ViewerState& state) {
  const auto here = place_in_lesson(state);
  if (!here) return false;
  for (std::size_t i = 0; i < state.lesson.answers.size(); ++i) {
    if (phase_of(state.lesson, i, *here) == QuestionPhase::Waiting) return true;
  }
  return false;
}

std::string hint_of(const ViewerState& state) {
  if (!shows_start(state)) return "";
  const auto open = open_question(state);
  if (!open && waits_for_answer(state)) return tr("press Enter: the run shows what is right");
  if (!open) return tr("press Space");
  const std::size_t choices = state.lesson.outcome.questions[*open].choices.size();
  return tr("a question first: 1–{} answers it", choices);
}

// As everywhere, but what is long is easier to read in groups: "14 000.000 ms".
std::string clock_text(core::Instant at) {
  const std::string text = sim::instant_text(at);
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return text;
  return number_text(std::chrono::floor<core::Milliseconds>(at.time_since_epoch()).count()) +
         text.substr(point);
}

std::string outcome_of(const sim::World& world) {
  const sim::RecordCounts& counts = world.counts;
  std::string text = tr("{} of {} acknowledged", number_text(counts.acknowledged),
                        count_text(counts.sent, "record"));
  if (counts.failed > 0) text = tr("{}, {} failed", text, number_text(counts.failed));
  if (counts.refused > 0) text = tr("{}, {} refused", text, number_text(counts.refused));
  return text;
}

}  // namespace

bool shows_start(const ViewerState& state) {
  const bool is_edited = state.editor && state.editor->is_open;
  return !state.is_playing && !is_edited && state.error.empty() && state.timeline().cursor() == 0;
}

StatusView status_view(const ViewerState& state) {
  const sim::World& world = state.world();
  StatusView view;
  view.title = title_of(state);
  view.lesson = lesson_texts(state).text;
  view.time = clock_text(state.shown_at);
  view.step = state.timeline().cursor();
  view.step_text =
      tr("step {} of {}", number_text(view.step), number_text(state.timeline().frontier()));
  view.is_playing = state.is_playing;
  view.is_over = state.timeline().is_over();
  view.can_go_back = view.step > 0;
  view.speed = speed_text(state.speed);
  view.hint = hint_of(state);
  view.asks = open_question(state).has_value();
  if (state.skip) view.skipped = tr("skipped {} of waiting", duration_text(state.skip->skipped));
  if (state.message) view.message = state.message->text;
  view.error = state.error;
  if (view.is_over) view.outcome = outcome_of(world);
  view.sent = world.counts.sent;
  view.acknowledged = world.counts.acknowledged;
  view.failed = world.counts.failed + world.counts.refused;
  view.pending = view.sent - view.acknowledged - view.failed;
  for (std::size_t i = 0; i < state.branches.size(); ++i) {
    view.branches.push_back(branch_name(state, i));
  }
  view.branch = state.branch;
  return view;
}

// --- Narration ---

NarrationView narration_view(const ViewerState& state) {
  const Scene now = scene(state);
  const std::vector<sim::Narration>& narration = state.scenario().narration;
  NarrationView view;
  view.count = static_cast<int>(narration.size());
  const auto reached = now.index.moments_before(MomentKind::Narration, now.position());
  view.number = static_cast<int>(reached.size());
  if (!reached.empty()) {
    const sim::TraceEvent& event = state.timeline().trace()[reached.back().position];
    const auto index = event.as<sim::NarrationReached>()->index;
    view.text = lesson_texts(state).narration[static_cast<std::size_t>(index)];
    view.reached_at = sim::instant_text(event.at);
    view.is_new = event.at == state.shown_at;
  }
  std::optional<core::Instant> next;
  for (std::size_t i = 0; i < narration.size(); ++i) {
    const auto at = narration[i].moment.at;
    if (!at || state.world().narration_done[i]) continue;
    if (!next || *at < *next) next = at;
  }
  if (next) view.next = tr("next at {}", sim::instant_text(*next));
  return view;
}

}  // namespace linger::viz
