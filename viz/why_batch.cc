// Why a batch was drained or passed over, retried, expired, failed.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "sim/event_text.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/text.h"
#include "viz/why_sections.h"

namespace linger::viz {
namespace {

// What was last said of a batch, kind by kind.
struct BatchStory {
  const sim::TraceEvent* drained = nullptr;
  const sim::TraceEvent* decided = nullptr;  // whether to retry it
  const sim::TraceEvent* retried = nullptr;
  const sim::TraceEvent* expired = nullptr;
  const sim::TraceEvent* completed = nullptr;
};

BatchStory story_of(const Scene& scene, BatchRef ref) {
  BatchStory story;
  for (const std::size_t position : scene.index.events_of(ref)) {
    if (position >= scene.position()) break;
    const sim::TraceEvent& event = scene.timeline.trace()[position];
    if (event.as<core::BatchDrained>() != nullptr) story.drained = &event;
    if (event.as<core::RetryDecision>() != nullptr) story.decided = &event;
    if (event.as<core::BatchRetried>() != nullptr) story.retried = &event;
    if (event.as<core::BatchExpired>() != nullptr) story.expired = &event;
    if (event.as<core::BatchCompleted>() != nullptr) story.completed = &event;
  }
  return story;
}

WhySection told_by(const Scene& scene, const sim::TraceEvent& event, std::string question,
                   WhyTone tone) {
  WhySection made;
  made.question = std::move(question);
  made.answer = sim::describe(event, scene.names).sentence;
  made.tone = tone;
  made.step = event.step;
  made.at = sim::instant_text(event.at);
  return made;
}

Term retry_term(std::string name, bool holds, bool decides, std::string what, std::string set,
                const char* rule) {
  return {name,
          holds ? Truth::True : Truth::False,
          decides,
          std::move(what),
          std::move(set),
          "Sender.completeBatch",
          rule};
}

// In the order in which the sender asks.
std::vector<Term> retry_terms(const core::RetryDecision& decision,
                              const core::ProducerConfig& config) {
  const std::string error{core::name(decision.error)};
  const std::string timeout =
      fmt::format("delivery.timeout.ms = {}", config.delivery_timeout.count());
  const bool may = !decision.split && !decision.already_done;
  const bool in_time = may && !decision.delivery_timeout_passed;
  return {
      retry_term(tr("split instead"), decision.split, decision.split,
                 tr("too large for the broker, and of more than one record"), "", "KIP-126"),
      retry_term(tr("done already"), decision.already_done, decision.already_done,
                 tr("it expired or was aborted while it was in flight"), "", ""),
      retry_term(tr("delivery timeout passed"), decision.delivery_timeout_passed,
                 may && decision.delivery_timeout_passed, tr("since the batch was opened"), timeout,
                 "KIP-91"),
      retry_term(tr("attempts left"), decision.attempts_left, in_time && !decision.attempts_left,
                 tr("{} failed so far", number_text(decision.attempts)),
                 fmt::format("retries = {}", config.retries), ""),
      retry_term(tr("retriable"), decision.retriable,
                 in_time && decision.attempts_left && !decision.retriable, error, "", ""),
  };
}

void add_place_in_deque(const Scene& scene, BatchRef ref, WhyView& view) {
  const core::ProducerBatch* batch = find_batch(scene, ref);
  if (batch == nullptr) return;
  const auto* queue = accumulator_of(scene, ref.producer).queue(batch->partition);
  if (queue == nullptr) return;
  const auto at = std::find(queue->batches.begin(), queue->batches.end(), ref.batch);
  if (at == queue->batches.end()) return;
  WhySection place;
  place.question = tr("why is it not sent yet?");
  place.tone = WhyTone::Waits;
  place.until = batch_box(scene, ref).backoff;
  if (!place.until) place.until = batch_box(scene, ref).linger;
  if (at == queue->batches.begin()) {
    place.answer =
        tr("it is the head of its deque: the decision on the partition is the one on it");
  } else {
    place.answer = tr("it stands behind others in its deque: the head goes first");
    place.terms.push_back({tr("head of the deque"), Truth::False, true,
                           tr("{} is", batch_label(queue->batches.front())), "",
                           "RecordAccumulator.drain"});
  }
  view.sections.push_back(std::move(place));
}

}  // namespace

void add_batch_sections(const Scene& scene, BatchRef ref, WhyView& view) {
  const core::ProducerConfig& config = process_of(scene, ref.producer).producer.config();
  const BatchStory story = story_of(scene, ref);
  view.title = tr("batch {} of {}", ref.batch.value(),
                  scene.names.topics.text(entry_of(scene, ref).partition));
  add_place_in_deque(scene, ref, view);
  if (story.completed != nullptr) {
    const auto& completed = *story.completed->as<core::BatchCompleted>();
    WhySection end = told_by(scene, *story.completed, tr("what became of it?"),
                             completed.error ? WhyTone::Bad : WhyTone::Good);
    if (completed.error) {
      end.terms.push_back({std::string{core::name(completed.error->exception)}, Truth::True, true,
                           core::text(*completed.error), "", "Sender.failBatch"});
    }
    view.sections.push_back(std::move(end));
  }
  if (story.expired != nullptr) {
    const auto& expired = *story.expired->as<core::BatchExpired>();
    WhySection why = told_by(scene, *story.expired, tr("why did it expire?"), WhyTone::Bad);
    why.terms.push_back({tr("delivery timeout passed"), Truth::True, true,
                         tr("it was {} old", duration_text(expired.age)),
                         fmt::format("delivery.timeout.ms = {}", config.delivery_timeout.count()),
                         "RecordAccumulator.expiredBatches", "KIP-91"});
    view.sections.push_back(std::move(why));
  }
  if (story.decided != nullptr) {
    const auto& decision = *story.decided->as<core::RetryDecision>();
    WhySection why =
        told_by(scene, *story.decided,
                decision.retry ? tr("why was it retried?") : tr("why was it not retried?"),
                decision.retry ? WhyTone::Waits : WhyTone::Bad);
    why.terms = retry_terms(decision, config);
    view.sections.push_back(std::move(why));
  }
  if (story.drained != nullptr) {
    view.sections.push_back(
        told_by(scene, *story.drained, tr("when was it last sent?"), WhyTone::Plain));
  }
}

}  // namespace linger::viz
