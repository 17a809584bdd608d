#include "viz/why_details.h"

#include <algorithm>
#include <span>
#include <utility>
#include <variant>

#include "sim/decision_flip.h"
#include "sim/event_text.h"
#include "sim/term_flip.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/text.h"
#include "viz/why_changes.h"
#include "viz/why_drain.h"

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

// A term's detail, and which events change the term.
struct Sought {
  std::optional<std::int64_t>* changed_in;
  std::string* changed;
  ChangesTerm changes;
};

// Each event that last changed one of them, in one look back.
void find_changes(const Scene& scene, std::vector<Sought> sought) {
  const auto past = scene.timeline.past();
  for (auto event = past.rbegin(); event != past.rend() && !sought.empty(); ++event) {
    std::erase_if(sought, [&](const Sought& one) {
      if (!one.changes(*event)) return false;
      *one.changed_in = event->step;
      *one.changed =
          sim::instant_text(event->at) + ": " + sim::describe(*event, scene.names).sentence;
      return true;
    });
  }
}

template <class Flip>
TermDetail detail_of(const Flip& flip, std::string text) {
  TermDetail detail;
  detail.term = tr(word(flip.term));
  detail.flip = std::move(text);
  detail.is_the_one = flip.changes_outcome;
  return detail;
}

template <class Detail>
void seek(std::vector<Sought>& sought, Detail& detail, ChangesTerm changes) {
  sought.push_back({&detail.changed_in, &detail.changed, std::move(changes)});
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

}  // namespace

WhyDetails why_details(const Scene& scene, std::size_t branch, LaneRef lane) {
  WhyDetails details;
  details.branch = branch;
  details.step = scene.timeline.cursor();
  details.lane = lane;
  const core::Sender& sender = process_of(scene, lane.producer).producer.sender();
  std::vector<Sought> sought;

  const sim::FlippedTerms flipped = sim::flip_terms(scene.world(), lane.producer, lane.partition);
  for (const sim::TermFlip& flip : flipped.flips) {
    details.terms.push_back(detail_of(flip, flip_text(flip)));
  }
  for (std::size_t i = 0; i < flipped.flips.size(); ++i) {
    seek(sought, details.terms[i], changes_of(flipped.flips[i].term, lane, flipped.now));
  }
  const ExplainedDrain drain = explained_drain(scene, lane);
  details.drain_now = drain.now;
  details.drain = drain.terms;
  for (std::size_t i = 0; i < details.drain.size(); ++i) {
    seek(sought, details.drain[i], changes_of(drain.which[i], lane, drain.node, drain.batch));
  }
  const core::SleepDecision& sleep = sender.last_sleep();
  for (const sim::SleepFlip& flip : sim::flip_terms(sleep)) {
    details.sleep.push_back(detail_of(flip, flip_text(flip, holds(flip.term, sleep))));
  }
  for (std::size_t i = 0; i < details.sleep.size(); ++i) {
    seek(sought, details.sleep[i], changes_of(static_cast<sim::SleepTerm>(i), lane.producer));
  }
  for (const auto& [node, decision] : sender.last_node_decisions()) {
    std::vector<TermDetail>& of_node = details.nodes[node];
    for (const sim::NodeFlip& flip : sim::flip_terms(decision)) {
      of_node.push_back(detail_of(flip, flip_text(flip)));
    }
    for (std::size_t i = 0; i < of_node.size(); ++i) {
      seek(sought, of_node[i], changes_of(static_cast<sim::NodeTerm>(i), lane.producer, node));
    }
  }
  find_changes(scene, std::move(sought));
  return details;
}

std::optional<LaneRef> lane_to_explain(const Scene& scene) {
  const auto* thread = std::get_if<core::ThreadId>(&scene.selection);
  const auto in_focus = lane_in_focus(scene);
  if (thread == nullptr || thread->value() >= 0) return in_focus;
  const core::ProducerIndex producer{-1 - thread->value()};
  if (in_focus && in_focus->producer == producer) return in_focus;
  if (static_cast<std::size_t>(producer.value()) >= scene.world().processes.size()) return in_focus;
  const auto partitions = accumulator_of(scene, producer).partitions();
  return LaneRef{producer, partitions.empty() ? core::TopicPartition{} : *partitions.begin()};
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
