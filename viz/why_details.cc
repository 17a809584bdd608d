#include "viz/why_details.h"

#include <algorithm>
#include <utility>

#include "sim/event_text.h"
#include "sim/term_flip.h"
#include "sim/trace_text.h"
#include "viz/language.h"

namespace linger::viz {
namespace {

using sim::ReadinessTerm;

// Whether an event is one that changes a term.
class ChangeReader {
 public:
  ChangeReader(LaneRef lane, const core::ReadinessDecision& decision)
      : lane_{lane}, decision_{decision} {}

  bool changes(ReadinessTerm term, const sim::TraceEvent& event) const {
    if (event.producer && *event.producer != lane_.producer) return false;
    switch (term) {
      case ReadinessTerm::NoLeader:
        return event.as<core::MetadataUpdated>() != nullptr ||
               is_here(event.as<core::LeaderLearned>());
      case ReadinessTerm::NodeAlreadyReady:
        return makes_node_ready(event);
      case ReadinessTerm::Muted:
        return is_here(event.as<core::PartitionMuted>());
      case ReadinessTerm::BackingOff:
      case ReadinessTerm::Expired:
        return is_head(event.as<core::BatchOpened>()) || is_head(event.as<core::BatchRetried>());
      case ReadinessTerm::Full:
        return is_here(event.as<core::BatchClosedForAppends>()) ||
               is_here(event.as<core::BatchOpened>());
      case ReadinessTerm::Exhausted:
        return is_of_memory(event.as<core::CallBlocked>()) ||
               is_of_memory(event.as<core::CallResumed>());
      case ReadinessTerm::Closed:
        return event.as<core::CloseStarted>() != nullptr;
      case ReadinessTerm::Flushing:
        return event.as<core::FlushStarted>() != nullptr || event.as<core::FlushEnded>() != nullptr;
      case ReadinessTerm::Completing:
        return event.as<core::TransactionStateChanged>() != nullptr;
    }
    return false;
  }

 private:
  template <class Event>
  bool is_here(const Event* event) const {
    return event != nullptr && event->partition == lane_.partition;
  }
  template <class Event>
  bool is_head(const Event* event) const {
    return event != nullptr && event->batch == decision_.batch;
  }
  template <class Event>
  static bool is_of_memory(const Event* event) {
    return event != nullptr && event->on == core::BlockedOn::Memory;
  }
  bool makes_node_ready(const sim::TraceEvent& event) const {
    const auto* other = event.as<core::ReadinessDecision>();
    return other != nullptr && other->partition != lane_.partition &&
           other->verdict == core::ReadinessVerdict::Ready && other->leader == decision_.leader;
  }

  LaneRef lane_;
  const core::ReadinessDecision& decision_;
};

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

}  // namespace

WhyDetails why_details(const Scene& scene, std::size_t branch, LaneRef lane) {
  WhyDetails details{branch, scene.timeline.cursor(), lane, {}};
  const sim::FlippedTerms flipped = sim::flip_terms(scene.world(), lane.producer, lane.partition);
  if (flipped.flips.empty()) return details;
  for (const sim::TermFlip& flip : flipped.flips) {
    TermDetail detail;
    detail.term = tr(word(flip.term));
    detail.flip = flip_text(flip);
    detail.is_the_one = flip.changes_outcome;
    details.terms.push_back(std::move(detail));
  }
  const ChangeReader reader{lane, flipped.now};
  const auto past = scene.timeline.past();
  std::size_t missing = details.terms.size();
  for (auto event = past.rbegin(); event != past.rend() && missing > 0; ++event) {
    for (std::size_t i = 0; i < details.terms.size(); ++i) {
      TermDetail& detail = details.terms[i];
      if (detail.changed_in || !reader.changes(flipped.flips[i].term, *event)) continue;
      detail.changed_in = event->step;
      detail.changed =
          sim::instant_text(event->at) + ": " + sim::describe(*event, scene.names).sentence;
      --missing;
    }
  }
  return details;
}

void add_details(const WhyDetails& details, ReadinessView& view) {
  if (details.lane != view.lane) return;
  for (std::vector<Term>* terms : {&view.guards, &view.terms}) {
    for (Term& term : *terms) {
      const auto found =
          std::find_if(details.terms.begin(), details.terms.end(),
                       [&term](const TermDetail& detail) { return detail.term == term.name; });
      if (found == details.terms.end()) continue;
      term.changed_in = found->changed_in;
      term.changed = found->changed;
      term.flip = found->flip;
      term.is_the_one = found->is_the_one;
    }
  }
}

}  // namespace linger::viz
