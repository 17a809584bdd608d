#include "viz/readiness_view.h"

#include <algorithm>
#include <string>

#include "sim/event_text.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

using core::ReadinessDecision;
using core::ReadinessVerdict;

constexpr const char* kReadySource = "RecordAccumulator.ready";
constexpr const char* kBatchReadySource = "RecordAccumulator.batchReady";

std::string setting(const char* key, core::Milliseconds value) {
  return std::string{key} + " = " + std::to_string(value.count());
}
std::string setting(const char* key, core::Bytes value) {
  return std::string{key} + " = " + std::to_string(value.count());
}
std::string setting(const char* key, std::int64_t value) {
  return std::string{key} + " = " + std::to_string(value);
}

Truth truth(bool holds) {
  return holds ? Truth::True : Truth::False;
}

// Reads a decision as the terms it was made of.
class DecisionReader {
 public:
  DecisionReader(const core::KafkaProducer& producer, const ReadinessDecision& decision)
      : decision_{decision}, producer_{producer}, accumulator_{producer.accumulator()} {}

  // Each ends the look if it holds: what comes after it is not asked any more.
  std::vector<Term> guards() const {
    std::vector<Term> guards{
        guard(tr("empty deque"), ReadinessVerdict::EmptyDeque,
              tr("nothing waits for this partition")),
        guard(tr("no leader"), ReadinessVerdict::NoLeader, tr("nobody known to send to")),
        guard(tr("node already ready"), ReadinessVerdict::NodeAlreadyReady,
              tr("another partition of the leader is ready: its whole node is drained")),
        guard(tr("muted"), ReadinessVerdict::Muted,
              tr("a batch is in flight, and order is to be kept"))};
    guards.back().setting = setting("max.in.flight.requests.per.connection",
                                    producer_.config().max_in_flight_requests_per_connection);
    bool has_ended = false;
    for (Term& term : guards) {
      if (has_ended) term.value = Truth::NotEvaluated;
      has_ended = has_ended || term.value == Truth::True;
    }
    guards.push_back(backing_off());
    return guards;
  }

  std::vector<Term> terms() const {
    std::vector<Term> terms{
        full(),
        expired(),
        term(tr("exhausted"), decision_.exhausted, waiters_text(),
             setting("buffer.memory", accumulator_.settings().buffer_memory)),
        term(tr("closed"), decision_.closed, tr("close() was called"), ""),
        term(tr("flushing"), decision_.flushing, tr("a flush() is in progress"), ""),
    };
    if (producer_.config().transactional_id) {
      terms.push_back(
          term(tr("completing"), decision_.completing, tr("a transaction is being ended"), ""));
      terms.back().rule = "KIP-98";
    }
    return terms;
  }

  bool has_terms() const {
    return decision_.verdict == ReadinessVerdict::Ready ||
           decision_.verdict == ReadinessVerdict::Waiting ||
           decision_.verdict == ReadinessVerdict::BackingOff;
  }

  std::string headline() const {
    switch (decision_.verdict) {
      case ReadinessVerdict::EmptyDeque:
        return tr("nothing to send");
      case ReadinessVerdict::NoLeader:
        return tr("not ready: no leader is known");
      case ReadinessVerdict::NodeAlreadyReady:
        return tr("not asked: its node is ready already");
      case ReadinessVerdict::Muted:
        return tr("not ready: muted while a batch is in flight");
      case ReadinessVerdict::BackingOff:
        return tr("not ready: backs off after a failed sending");
      case ReadinessVerdict::Waiting:
        return tr("not ready: waits for linger.ms, or to be full");
      case ReadinessVerdict::Ready:
        return tr("ready: {}", true_terms());
    }
    return "";
  }

 private:
  Term guard(std::string name, ReadinessVerdict verdict, std::string what) const {
    const bool holds = decision_.verdict == verdict;
    return {name, truth(holds), holds, what, "", kReadySource};
  }
  // One of those of which one is enough.
  Term term(std::string name, bool holds, std::string what, std::string set) const {
    const bool decides = holds && decision_.verdict == ReadinessVerdict::Ready;
    return {name,
            has_terms() ? truth(holds) : Truth::NotEvaluated,
            has_terms() && decides,
            std::move(what),
            std::move(set),
            kBatchReadySource};
  }
  Term backing_off() const {
    const bool backs_off = decision_.backing_off;
    Term term{tr("backing off"),
              has_terms() ? truth(backs_off) : Truth::NotEvaluated,
              decision_.verdict == ReadinessVerdict::BackingOff,
              backoff_text(),
              "",
              kBatchReadySource};
    term.setting = setting("retry.backoff.ms", producer_.config().retry_backoff);
    term.rule = decision_.leader_changed ? "KIP-951" : "KIP-580";
    return term;
  }
  std::string backoff_text() const {
    if (decision_.leader_changed) return tr("a newer leader is known: no backoff (KIP-951)");
    if (!decision_.backing_off) return tr("not after a failed sending, or the wait is over");
    return tr("waited {} of {} since it failed (KIP-580)", duration_text(decision_.waited),
              duration_text(decision_.time_to_wait));
  }
  Term full() const {
    const auto* queue = accumulator_.queue(decision_.partition);
    const std::size_t count = queue == nullptr ? 0 : queue->batches.size();
    std::string what = count_text(static_cast<std::int64_t>(count), "batch in the deque");
    if (count != 1)
      what = tr("{} batches in the deque", number_text(static_cast<std::int64_t>(count)));
    if (count > 0) {
      const core::MemoryRecordsBuilder& head =
          accumulator_.batches.at(queue->batches.front()).builder;
      what +=
          tr(", the first holds {} of {}", bytes_text(head.size()), bytes_text(head.capacity()));
    }
    return term(tr("full"), decision_.full, what,
                setting("batch.size", accumulator_.settings().batch_size));
  }
  Term expired() const {
    const std::string what = tr("waited {} of {}", duration_text(decision_.waited),
                                duration_text(decision_.time_to_wait));
    const std::string set = decision_.backing_off
                                ? setting("retry.backoff.ms", producer_.config().retry_backoff)
                                : setting("linger.ms", accumulator_.settings().linger);
    Term result = term(tr("expired"), decision_.expired, what, set);
    if (decision_.verdict == ReadinessVerdict::Waiting) result.decides = true;
    return result;
  }
  std::string waiters_text() const {
    const std::int32_t waiters = accumulator_.pool().waiter_count();
    return waiters == 0 ? tr("no thread waits for memory")
                        : tr("{} wait for memory: all is sendable", count_text(waiters, "thread"));
  }
  std::string true_terms() const {
    std::string names;
    for (const Term& term : terms()) {
      if (term.value == Truth::True) names += (names.empty() ? "" : ", ") + term.name;
    }
    return names;
  }

  const ReadinessDecision& decision_;
  const core::KafkaProducer& producer_;
  const core::RecordAccumulator& accumulator_;
};

// The last event of type E about a lane, until the cursor.
template <class E>
const sim::TraceEvent* last_about(const Scene& scene, LaneRef lane) {
  const auto positions = scene.index.decisions_on(lane);
  auto at = std::lower_bound(positions.begin(), positions.end(), scene.position());
  while (at != positions.begin()) {
    const sim::TraceEvent& event = scene.timeline.trace()[*--at];
    if (event.as<E>() != nullptr) return &event;
  }
  return nullptr;
}

// When the sender last looked. A look that found what the one before it found is not in the trace.
std::optional<core::Instant> looked_at(const Scene& scene, LaneRef lane,
                                       const ReadinessDecision& decision) {
  if (decision.batch) {
    const core::ProducerBatch* batch = find_batch(scene, {lane.producer, *decision.batch});
    const bool is_known = batch != nullptr && decision.waited > core::Milliseconds{0};
    if (is_known) {
      const core::Instant at = instant_of(scene.world(), batch->last_attempt + decision.waited);
      if (at <= scene.at) return at;
    }
  }
  const sim::TraceEvent* event = last_about<ReadinessDecision>(scene, lane);
  if (event == nullptr) return std::nullopt;
  return event->at;
}

void tell_when(const Scene& scene, const ReadinessDecision& decision, ReadinessView& view) {
  const auto at = looked_at(scene, view.lane, decision);
  if (!at) return;
  view.decided_at = sim::instant_text(*at);
  const bool waits = decision.verdict == ReadinessVerdict::Waiting ||
                     decision.verdict == ReadinessVerdict::BackingOff;
  if (waits && decision.next_check < core::Milliseconds{1'000'000'000}) {
    view.until = remaining(*at, *at + decision.next_check, scene.at);
  }
}

}  // namespace

ReadinessView readiness_view(const Scene& scene, LaneRef lane) {
  ReadinessView view;
  view.lane = lane;
  view.partition = scene.names.topics.text(lane.partition);
  view.headline = tr("the sender has not looked at it yet");
  const auto* queue = accumulator_of(scene, lane.producer).queue(lane.partition);
  if (queue == nullptr || !queue->last_decision) return view;
  const ReadinessDecision& decision = *queue->last_decision;
  const DecisionReader reader{process_of(scene, lane.producer).producer, decision};
  view.was_looked_at = true;
  view.headline = reader.headline();
  view.verdict = decision.verdict;
  view.is_ready = decision.verdict == ReadinessVerdict::Ready;
  if (decision.batch) view.batch = BatchRef{lane.producer, *decision.batch};
  view.guards = reader.guards();
  view.terms = reader.terms();
  tell_when(scene, decision, view);
  return view;
}

ReadinessTerms readiness_terms(const core::KafkaProducer& producer,
                               const ReadinessDecision& decision) {
  const DecisionReader reader{producer, decision};
  return {reader.headline(), reader.guards(), reader.terms()};
}

// --- Drain ---

namespace {

std::string drain_headline(const core::DrainDecision& decision) {
  using core::DrainVerdict;
  switch (decision.verdict) {
    case DrainVerdict::Taken:
      return tr("taken for {}", broker_label(decision.node));
    case DrainVerdict::Muted:
      return tr("left: muted while a batch is in flight");
    case DrainVerdict::EmptyDeque:
      return tr("nothing to take");
    case DrainVerdict::NotReady:
      return tr("left: this partition itself is not ready");
    case DrainVerdict::BackingOff:
      return tr("left: it backs off");
    case DrainVerdict::RequestFull:
      return tr("left: with it the request would be larger than max.request.size ({} of {})",
                bytes_text(decision.size_so_far + decision.batch_size),
                bytes_text(decision.size_limit));
    case DrainVerdict::NotAllowed:
      return tr("left: the transaction does not allow it");
    case DrainVerdict::NoProducerId:
      return tr("left: there is no producer id yet");
    case DrainVerdict::StaleEpochInFlight:
      return tr("left: batches of the old producer epoch are in flight");
    case DrainVerdict::SequenceUnresolved:
      return tr("left: the outcome of an earlier sequence is unknown");
    case DrainVerdict::EarlierSequenceInFlight:
      return tr("left: an earlier sequence is in flight and comes first");
  }
  return "";
}

}  // namespace

DrainView drain_view(const Scene& scene, LaneRef lane) {
  DrainView view;
  view.headline = tr("the drain has not come here yet");
  const sim::TraceEvent* event = last_about<core::DrainDecision>(scene, lane);
  if (event == nullptr) return view;
  const auto& decision = *event->as<core::DrainDecision>();
  view.was_drained = true;
  view.headline = drain_headline(decision);
  view.verdict = decision.verdict;
  view.at = sim::instant_text(event->at);
  return view;
}

}  // namespace linger::viz
