#include "viz/guide_view.h"

#include <algorithm>

#include "viz/keys.h"
#include "viz/language.h"
#include "viz/viewer_moves.h"

namespace linger::viz {

GuideView guide_view(const ViewerState& state) {
  const FirstSteps& done = *state.guide;
  GuideView view;
  const auto add = [&view](std::string what, std::string why, ViewerCommand command,
                           std::string key, bool is_done) {
    view.steps.push_back(
        {std::move(what), std::move(key), std::move(why), std::move(command), is_done, false});
  };
  const auto open = open_question(state);
  if (done.answered || open) {
    const std::string keys =
        open ? "1–" + std::to_string(state.lesson.outcome.questions[*open].choices.size()) : "";
    // Play tells how to answer, while a question is open.
    add(tr("answer the question"), tr("A guess is enough: the run shows what is right."),
        PlayPause{}, keys, done.answered);
  }
  add(tr("let something happen"), tr("One event after the other, and back with the other arrow."),
      StepEvent{}, key_text(StepEvent{}), done.stepped);
  add(tr("ask why"), tr("Click a batch, a deque, a thread or the sender: why does it wait?"),
      SelectNextPartition{}, key_text(SelectNextPartition{}), done.asked_why);
  add(tr("try something else"), tr("The same run with another setting, beside this one."),
      OpenPrompt{PromptKind::Change}, key_text(OpenPrompt{PromptKind::Change}), done.forked);
  const auto next = std::find_if(view.steps.begin(), view.steps.end(),
                                 [](const GuideStep& step) { return !step.is_done; });
  if (next != view.steps.end()) {
    next->is_next = true;
  } else {
    view.end = tr("That is all there is to it. {} shows the keys, {} all lessons.",
                  key_text(ToggleHelp{}), key_text(ToggleBrowser{}));
  }
  return view;
}

void note_first_steps(ViewerState& state) {
  if (!state.guide) return;
  FirstSteps& done = *state.guide;
  done.stepped = done.stepped || state.timeline().cursor() > 0;
  done.asked_why = done.asked_why || !std::holds_alternative<std::monostate>(state.selection);
  done.forked = done.forked || state.branches.size() > 1;
  done.answered =
      done.answered || std::any_of(state.lesson.answers.begin(), state.lesson.answers.end(),
                                   [](const Answer& one) { return one.is_settled; });
}

}  // namespace linger::viz
