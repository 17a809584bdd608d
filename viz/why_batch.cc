// Why a batch was drained or passed over, retried, expired, failed.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "sim/decision_flip.h"
#include "sim/drain_flip.h"
#include "sim/event_text.h"
#include "sim/expiry_flip.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/text.h"
#include "viz/why_changes.h"
#include "viz/why_link.h"
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
  // Until it was decided whether to retry it.
  const sim::TraceEvent* opened = nullptr;
  const sim::TraceEvent* answered = nullptr;        // the answer that was decided about
  const sim::TraceEvent* retried_before = nullptr;  // the attempt before
  const sim::TraceEvent* ended_before = nullptr;    // it had expired, or was completed, before
};

BatchStory story_of(const Scene& scene, BatchRef ref) {
  BatchStory story;
  const sim::TraceEvent* last_answer = nullptr;
  for (const std::size_t position : scene.index.events_of(ref)) {
    if (position >= scene.position()) break;
    const sim::TraceEvent& event = scene.timeline.trace()[position];
    if (event.as<core::BatchDrained>() != nullptr) story.drained = &event;
    const auto* split = event.as<core::BatchSplit>();
    const bool is_piece = split != nullptr && split->batch != ref.batch;
    if (is_piece || event.as<core::BatchOpened>() != nullptr) story.opened = &event;
    if (event.as<core::RequestCompleted>() != nullptr) last_answer = &event;
    if (event.as<core::RetryDecision>() != nullptr) {
      story.decided = &event;
      story.answered = last_answer;
      story.retried_before = story.retried;
      story.ended_before = story.expired != nullptr ? story.expired : story.completed;
    }
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

// The one clock that ran out, and what had set it going.
Term expiry_term(const Scene& scene, const BatchStory& story, const core::BatchExpired& expired,
                 const core::ProducerConfig& config) {
  const bool since_kip_91 = scene.world().scenario->rules.has(core::Rule::Kip91DeliveryTimeout);
  Term term{
      since_kip_91 ? tr("delivery timeout passed") : tr("request timeout passed"),
      Truth::True,
      true,
      tr("it was {} old", duration_text(expired.age)),
      since_kip_91 ? fmt::format("delivery.timeout.ms = {}", config.delivery_timeout.count())
                   : fmt::format("request.timeout.ms = {}", config.request_timeout.count()),
      since_kip_91 ? "RecordAccumulator.expiredBatches" : "RecordAccumulator.abortExpiredBatches",
      since_kip_91 ? "KIP-91" : "KAFKA-3388"};
  const bool counts_from_retry = !since_kip_91 && story.retried != nullptr;
  link(scene, counts_from_retry ? story.retried : story.opened, term);
  return term;
}

std::string flip_text(const sim::RetryFlip& flip) {
  if (!flip.then) return tr("turned round alone: it hangs on the sequences of then");
  const bool is_same = !flip.changes_outcome;
  switch (sim::outcome_of(*flip.then)) {
    case sim::RetryOutcome::Split:
      return is_same ? tr("turned round alone: split all the same")
                     : tr("turned round alone: split");
    case sim::RetryOutcome::TriedAgain:
      return is_same ? tr("turned round alone: tried again all the same")
                     : tr("turned round alone: tried again");
    case sim::RetryOutcome::GivenUp:
      return is_same ? tr("turned round alone: given up all the same")
                     : tr("turned round alone: given up");
  }
  return "";
}

struct RetryWords {
  std::string what;
  std::string setting;
  const char* rule;
  const sim::TraceEvent* changed;  // what last changed the term
};

RetryWords words_of(sim::RetryTerm term, const core::RetryDecision& decision,
                    const BatchStory& story, const core::ProducerConfig& config) {
  switch (term) {
    case sim::RetryTerm::Split:
      return {tr("too large for the broker, and of more than one record"), "", "KIP-126",
              story.answered};
    case sim::RetryTerm::AlreadyDone:
      return {tr("it expired or was aborted while it was in flight"), "", "KAFKA-5957",
              story.ended_before};
    case sim::RetryTerm::DeliveryTimeoutPassed:
      return {tr("since the batch was opened"),
              fmt::format("delivery.timeout.ms = {}", config.delivery_timeout.count()), "KIP-91",
              story.opened};
    case sim::RetryTerm::AttemptsLeft:
      return {tr("{} failed so far", number_text(decision.attempts)),
              fmt::format("retries = {}", config.retries), "", story.retried_before};
    case sim::RetryTerm::Retriable:
      return {std::string{core::name(decision.error)}, "", "", story.answered};
  }
  return {};
}

// Whether the outcome hangs on it, as the sender asks: the first of them that stands in the way.
std::optional<sim::RetryTerm> deciding_term(const core::RetryDecision& decision) {
  if (decision.split) return sim::RetryTerm::Split;
  if (decision.already_done) return sim::RetryTerm::AlreadyDone;
  if (decision.delivery_timeout_passed) return sim::RetryTerm::DeliveryTimeoutPassed;
  if (!decision.attempts_left) return sim::RetryTerm::AttemptsLeft;
  if (!decision.retriable) return sim::RetryTerm::Retriable;
  return std::nullopt;
}

// In the order in which the sender asks.
std::vector<Term> retry_terms(const Scene& scene, const BatchStory& story,
                              const core::ProducerConfig& config) {
  const auto& decision = *story.decided->as<core::RetryDecision>();
  const auto decides = deciding_term(decision);
  std::vector<Term> terms;
  for (const sim::RetryFlip& flip : sim::flip_terms(decision, config)) {
    RetryWords words = words_of(flip.term, decision, story, config);
    Term term{tr(word(flip.term)),
              holds(flip.term, decision) ? Truth::True : Truth::False,
              decides == flip.term,
              std::move(words.what),
              std::move(words.setting),
              "Sender.canRetry",
              words.rule};
    const bool is_asked =
        flip.term != sim::RetryTerm::Retriable || sim::asks_for_error(decision, config);
    if (!is_asked) term.value = Truth::NotEvaluated;
    term.flip = flip_text(flip);
    term.is_the_one = flip.changes_outcome;
    link(scene, words.changed, term);
    terms.push_back(std::move(term));
  }
  return terms;
}

std::string flip_text(const sim::DrainOutcome& then) {
  return then.is_taken ? tr("turned round alone: a pass now would take it")
                       : tr("turned round alone: a pass now would leave it all the same");
}

void add_place_in_deque(const Scene& scene, BatchRef ref, const WhyDetails* details,
                        WhyView& view) {
  const core::ProducerBatch* batch = find_batch(scene, ref);
  if (batch == nullptr) return;
  const auto* queue = accumulator_of(scene, ref.producer).queue(batch->partition);
  if (queue == nullptr) return;
  const auto at = std::find(queue->batches.begin(), queue->batches.end(), ref.batch);
  if (at == queue->batches.end()) return;
  WhySection place;
  place.question = tr("why is it not sent yet?");
  place.tone = WhyTone::Waits;
  const BatchWaits waits = waits_of(scene, ref);
  place.until = waits.backoff ? waits.backoff : waits.linger;
  if (at == queue->batches.begin()) {
    place.answer =
        tr("it is the head of its deque: the decision on the partition is the one on it");
  } else {
    place.answer = tr("it stands behind others in its deque: the head goes first");
    place.terms.push_back({tr("head of the deque"), Truth::False, true,
                           tr("{} is", batch_label(queue->batches.front())), "",
                           "RecordAccumulator.drain"});
    const LastChange change{scene.timeline.trace(), scene.index, scene.position()};
    link(scene, change.entered_deque({ref.producer, queue->batches.front()}), place.terms.back());
    if (details != nullptr) add_details(details->place, place.terms);
  }
  view.sections.push_back(std::move(place));
}

// Of a batch that was sent: what its partition was found to be, and why the drain took it.
void add_drained(const Scene& scene, const BatchStory& story, const WhyDetails* details,
                 WhyView& view) {
  const bool is_known = details != nullptr && details->drained.step == story.drained->step;
  if (is_known) {
    const DrainedWhy& why = details->drained;
    WhySection ready;
    ready.question = tr("why was {} ready?", why.partition);
    ready.answer = why.ready;
    ready.step = story.drained->step;
    ready.at = sim::instant_text(story.drained->at);
    ready.terms = why.guards;
    ready.terms.insert(ready.terms.end(), why.terms.begin(), why.terms.end());
    view.sections.push_back(std::move(ready));
  }
  WhySection drained =
      told_by(scene, *story.drained,
              is_known ? tr("why was it drained?") : tr("when was it last sent?"), WhyTone::Plain);
  if (is_known) drained.terms = details->drained.drain;
  view.sections.push_back(std::move(drained));
}

}  // namespace

std::vector<TermDetail> details_of_place(const Scene& scene, BatchRef ref) {
  const auto then = sim::drained_as_head(scene.world(), ref.producer, ref.batch);
  if (!then) return {};
  TermDetail detail;
  detail.term = tr("head of the deque");
  detail.flip = flip_text(*then);
  detail.is_the_one = then->is_taken;
  const core::ProducerBatch& batch = *find_batch(scene, ref);
  const auto& queue = *accumulator_of(scene, ref.producer).queue(batch.partition);
  const LastChange change{scene.timeline.trace(), scene.index, scene.position()};
  link(scene, change.entered_deque({ref.producer, queue.batches.front()}), detail);
  return {std::move(detail)};
}

// In the world just before, at the instant of then.
std::vector<TermDetail> details_of_expiry(const Scene& scene, BatchRef ref) {
  const BatchStory story = story_of(scene, ref);
  if (story.expired == nullptr) return {};
  sim::World world = scene.timeline.world_at(story.expired->step);
  world.now = story.expired->at;
  const auto flipped = sim::flip_expiry(world, ref.producer, ref.batch);
  if (!flipped) return {};
  const Term term = expiry_term(scene, story, *story.expired->as<core::BatchExpired>(),
                                process_of(scene, ref.producer).producer.config());
  TermDetail detail{term.name, term.changed_in, term.changed, "", flipped->changes_outcome()};
  detail.flip = flipped->then ? tr("turned round alone: it would expire all the same")
                              : tr("turned round alone: it would wait on");
  return {std::move(detail)};
}

namespace {

// What made a batch fail: its clock, an answer, or that all of them were aborted.
const sim::TraceEvent* reason_of(const Scene& scene, core::ProducerIndex producer,
                                 const BatchStory& story) {
  if (story.expired != nullptr) return story.expired;
  if (story.decided != nullptr && !story.decided->as<core::RetryDecision>()->retry) {
    return story.decided;
  }
  const EventPositions& kinds = scene.index.kinds();
  auto aborted = kinds.last<core::BatchesAborted>(producer, scene.position());
  if (!aborted) aborted = kinds.last<core::CloseStarted>(producer, scene.position());
  return aborted ? &scene.timeline.trace()[*aborted] : story.decided;
}

}  // namespace

void add_batch_sections(const Scene& scene, BatchRef ref, const WhyDetails* known, WhyView& view) {
  const WhyDetails* details =
      known != nullptr && known->selection == scene.selection ? known : nullptr;
  const core::ProducerConfig& config = process_of(scene, ref.producer).producer.config();
  const BatchStory story = story_of(scene, ref);
  view.title = tr("batch {} of {}", ref.batch.value(),
                  scene.names.topics.text(entry_of(scene, ref).partition));
  add_place_in_deque(scene, ref, details, view);
  if (story.completed != nullptr) {
    const auto& completed = *story.completed->as<core::BatchCompleted>();
    WhySection end = told_by(scene, *story.completed, tr("what became of it?"),
                             completed.error ? WhyTone::Bad : WhyTone::Good);
    if (completed.error) {
      end.terms.push_back({std::string{core::name(completed.error->exception)}, Truth::True, true,
                           core::text(*completed.error), "", "Sender.failBatch"});
      link(scene, reason_of(scene, ref.producer, story), end.terms.back());
    }
    view.sections.push_back(std::move(end));
  }
  if (story.expired != nullptr) {
    const auto& expired = *story.expired->as<core::BatchExpired>();
    WhySection why = told_by(scene, *story.expired, tr("why did it expire?"), WhyTone::Bad);
    why.terms.push_back(expiry_term(scene, story, expired, config));
    if (details != nullptr) add_details(details->expiry, why.terms);
    view.sections.push_back(std::move(why));
  }
  if (story.decided != nullptr) {
    const auto& decision = *story.decided->as<core::RetryDecision>();
    WhySection why =
        told_by(scene, *story.decided,
                decision.retry ? tr("why was it retried?") : tr("why was it not retried?"),
                decision.retry ? WhyTone::Waits : WhyTone::Bad);
    why.terms = retry_terms(scene, story, config);
    view.sections.push_back(std::move(why));
  }
  if (story.drained != nullptr) add_drained(scene, story, details, view);
}

}  // namespace linger::viz
