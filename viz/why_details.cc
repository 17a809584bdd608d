#include "viz/why_details.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

#include "sim/decision_flip.h"
#include "sim/term_flip.h"
#include "viz/language.h"
#include "viz/text.h"
#include "viz/why_changes.h"
#include "viz/why_drain.h"
#include "viz/why_link.h"

namespace linger::viz {
namespace {

std::string flip_text(const sim::TermFlip& flip) {
  if (!flip.then) return tr("cannot be turned round alone");
  const bool is_sent = sim::would_be_sent(*flip.then);
  if (flip.changes_outcome) {
    return is_sent ? tr("turned round alone: it would be sent")
                   : tr("turned round alone: it would not be sent");
  }
  return is_sent ? tr("turned round alone: sent all the same")
                 : tr("turned round alone: not sent all the same");
}

std::string flip_text(const sim::NodeFlip& flip) {
  const bool is_ready = flip.then->ready;
  if (flip.changes_outcome) {
    return is_ready ? tr("turned round alone: data would go")
                    : tr("turned round alone: no data would go");
  }
  return is_ready ? tr("turned round alone: data goes all the same")
                  : tr("turned round alone: no data all the same");
}

std::string sleep_of(const sim::SleepFlip& flip) {
  if (!flip.changes_outcome) return tr("the same");
  const core::Milliseconds timeout = flip.then->timeout;
  if (timeout == core::Milliseconds{0}) return tr("no wait");
  if (timeout == core::kForever) return tr("waits until something happens");
  return tr("waits {}", duration_text(timeout));
}

std::string flip_text(const sim::SleepFlip& flip, bool is_bound) {
  if (!flip.then) return tr("no bound now");
  return is_bound ? tr("without it: {}", sleep_of(flip)) : tr("with it: {}", sleep_of(flip));
}

template <class Flip>
TermDetail detail_of(const Flip& flip, std::string text) {
  TermDetail detail;
  detail.term = tr(word(flip.term));
  detail.flip = std::move(text);
  detail.is_the_one = flip.changes_outcome;
  return detail;
}

}  // namespace

TermDetail detail_of(const sim::TermFlip& flip) {
  return detail_of(flip, flip_text(flip));
}

void add_details(const std::vector<TermDetail>& details, std::vector<Term>& terms) {
  for (Term& term : terms) {
    const auto found =
        std::find_if(details.begin(), details.end(),
                     [&term](const TermDetail& detail) { return detail.term == term.name; });
    if (found == details.end()) continue;
    term.changed_in = found->changed_in;
    term.changed = found->changed;
    term.flip = found->flip;
    term.is_the_one = found->is_the_one;
  }
}

namespace {

void add_sleep(const Scene& scene, const LastChange& change, WhyDetails& details) {
  const core::ProducerIndex producer = details.lane.producer;
  const core::Sender& sender = process_of(scene, producer).producer.sender();
  const core::SleepDecision& sleep = sender.last_sleep();
  for (const sim::SleepFlip& flip : sim::flip_terms(sleep)) {
    TermDetail detail = detail_of(flip, flip_text(flip, holds(flip.term, sleep)));
    link(scene, change.of(flip.term, producer), detail);
    details.sleep.push_back(std::move(detail));
  }
  for (const auto& [node, decision] : sender.last_node_decisions()) {
    for (const sim::NodeFlip& flip : sim::flip_terms(decision)) {
      TermDetail detail = detail_of(flip, flip_text(flip));
      link(scene, change.of(flip.term, producer, node), detail);
      details.nodes[node].push_back(std::move(detail));
    }
  }
}

void add_selected(const Scene& scene, WhyDetails& details) {
  details.selection = scene.selection;
  if (const auto* thread = std::get_if<core::ThreadId>(&scene.selection)) {
    details.call = details_of_call(scene, *thread);
  }
  const bool is_request = std::holds_alternative<RequestRef>(scene.selection);
  const auto batch = is_request ? std::nullopt : selected_batch(scene);
  if (!batch) return;
  details.place = details_of_place(scene, *batch);
  details.expiry = details_of_expiry(scene, *batch);
  details.drained = why_drained(scene, *batch);
}

}  // namespace

WhyDetails why_details(const Scene& scene, std::size_t branch, LaneRef lane) {
  WhyDetails details;
  details.branch = branch;
  details.step = scene.timeline.cursor();
  details.lane = lane;
  const LastChange change{scene.timeline.trace(), scene.index, scene.position()};
  const sim::FlippedTerms flipped = sim::flip_terms(scene.world(), lane.producer, lane.partition);
  // What is shown is the last look, which may have been at a batch that has gone since.
  const auto* queue = accumulator_of(scene, lane.producer).queue(lane.partition);
  const bool has_gone = !flipped.now.batch && queue != nullptr && queue->last_decision;
  const core::ReadinessDecision& look = has_gone ? *queue->last_decision : flipped.now;
  for (int i = 0; i < sim::kReadinessTerms; ++i) {
    // Without a batch there is nothing to turn round.
    TermDetail detail;
    const auto term = static_cast<sim::ReadinessTerm>(i);
    detail.term = tr(word(term));
    if (!flipped.flips.empty()) detail = detail_of(flipped.flips[static_cast<std::size_t>(i)]);
    link(scene, change.of(term, lane, look), detail);
    details.terms.push_back(std::move(detail));
  }
  ExplainedDrain drain = explained_drain(scene.world(), lane);
  details.drain_now = std::move(drain.now);
  details.drain = std::move(drain.terms);
  for (std::size_t i = 0; i < details.drain.size(); ++i) {
    link(scene, change.of(drain.which[i], lane, drain.node, drain.batch), details.drain[i]);
  }
  add_sleep(scene, change, details);
  add_selected(scene, details);
  return details;
}

namespace {

// Whose thread, sender or request is selected.
std::optional<core::ProducerIndex> selected_producer(const Scene& scene) {
  if (const auto* request = std::get_if<RequestRef>(&scene.selection)) return request->producer;
  const auto* thread = std::get_if<core::ThreadId>(&scene.selection);
  if (thread == nullptr) return std::nullopt;
  if (thread->value() < 0) return core::ProducerIndex{-1 - thread->value()};
  const auto& threads = scene.world().threads;
  const auto index = static_cast<std::size_t>(thread->value());
  if (index >= threads.size()) return std::nullopt;
  return core::ProducerIndex{static_cast<std::int32_t>(threads[index].producer)};
}

}  // namespace

std::optional<LaneRef> lane_to_explain(const Scene& scene) {
  const auto in_focus = lane_in_focus(scene);
  const auto producer = selected_producer(scene);
  if (!producer || (in_focus && in_focus->producer == *producer)) return in_focus;
  if (static_cast<std::size_t>(producer->value()) >= scene.world().processes.size()) {
    return in_focus;
  }
  const auto partitions = accumulator_of(scene, *producer).partitions();
  return LaneRef{*producer, partitions.empty() ? core::TopicPartition{} : *partitions.begin()};
}

void add_details(const WhyDetails& details, ReadinessView& view) {
  if (details.lane != view.lane) return;
  add_details(details.terms, view.guards);
  add_details(details.terms, view.terms);
}

void add_details(const WhyDetails& details, DrainView& view) {
  view.now = details.drain_now;
  view.terms = details.drain;
}

void add_details(const WhyDetails& details, core::ProducerIndex producer, SleepView& view) {
  if (details.lane.producer == producer) add_details(details.sleep, view.rows);
}

void add_details(const WhyDetails& details, core::ProducerIndex producer, NodeView& view) {
  const auto known = details.nodes.find(view.node);
  if (details.lane.producer != producer || known == details.nodes.end()) return;
  add_details(known->second, view.terms);
}

}  // namespace linger::viz
