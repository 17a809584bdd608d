#include "viz/why_drain.h"

#include <fmt/format.h>

#include <utility>

#include "viz/language.h"
#include "viz/said.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

using sim::DrainTerm;

struct DrainWords {
  std::string what;
  std::string setting;
  const char* rule;
};

DrainWords words_of(DrainTerm term, const core::ProducerConfig& config) {
  switch (term) {
    case DrainTerm::NothingReady:
      return {tr("only nodes of ready partitions are drained"), "", ""};
    case DrainTerm::NodeNotReady:
      return {tr("see below: may data go to it?"), "", ""};
    case DrainTerm::Muted:
      return {tr("a batch is in flight, and order is to be kept"),
              fmt::format("max.in.flight.requests.per.connection = {}",
                          config.max_in_flight_requests_per_connection),
              ""};
    case DrainTerm::NotReadyItself:
      return {tr("each partition goes alone"), "", "KAFKA-1445"};
    case DrainTerm::BackingOff:
      return {tr("it failed, and its wait is not over"),
              fmt::format("retry.backoff.ms = {}", config.retry_backoff.count()), "KIP-580"};
    case DrainTerm::RequestFull:
      return {tr("what was taken before it fills the request to the node"),
              fmt::format("max.request.size = {}", config.max_request_size.count()), ""};
    case DrainTerm::NotAllowed:
      return {tr("the partition is not in the transaction yet, or the transaction has failed"), "",
              "KIP-98"};
    case DrainTerm::NoProducerId:
      return {tr("without one there are no sequence numbers"), "enable.idempotence = true",
              "KIP-98"};
    case DrainTerm::StaleEpochInFlight:
      return {tr("batches of two epochs must not be in flight together"), "", "KIP-360"};
    case DrainTerm::SequenceUnresolved:
      return {tr("nobody knows what became of an earlier sequence"), "enable.idempotence = true",
              ""};
    case DrainTerm::EarlierSequenceInFlight:
      return {tr("a retry waits until it is the first in flight"), "", "KAFKA-5494"};
  }
  return {};
}

bool can_be_in_the_way(DrainTerm term, const core::KafkaProducer& producer) {
  if (term == DrainTerm::NotReadyItself) {
    return !producer.accumulator().settings().drains_whole_nodes;
  }
  const bool is_of_transactions = term >= DrainTerm::NotAllowed;
  return !is_of_transactions || producer.transactions() != nullptr;
}

std::string flip_text(const sim::DrainFlip& flip) {
  if (!flip.then) return tr("cannot be turned round alone");
  if (flip.changes_outcome) {
    return flip.then->is_taken ? tr("turned round alone: it would be taken")
                               : tr("turned round alone: it would be left");
  }
  return flip.then->is_taken ? tr("turned round alone: taken all the same")
                             : tr("turned round alone: left all the same");
}

}  // namespace

ExplainedDrain explained_drain(const sim::World& world, LaneRef lane) {
  ExplainedDrain explained;
  const core::KafkaProducer& producer =
      world.processes[static_cast<std::size_t>(lane.producer.value())].producer;
  const sim::FlippedDrain drain = sim::flip_drain(world, lane.producer, lane.partition);
  if (drain.flips.empty()) return explained;
  explained.node = *drain.node;
  explained.batch = producer.accumulator().queue(lane.partition)->batches.front();
  explained.is_taken = drain.now.is_taken;
  explained.now = tr("a pass now would take it");
  if (drain.now.left_by) {
    explained.now = tr("a pass now would leave it: {}", tr_said(word(*drain.now.left_by)));
  }
  const core::ProducerConfig& config = producer.config();
  for (std::size_t i = 0; i < drain.flips.size(); ++i) {
    const sim::DrainFlip& flip = drain.flips[i];
    if (!can_be_in_the_way(flip.term, producer)) continue;
    DrainWords words = words_of(flip.term, config);
    // What is asked after the one that leaves it is not asked.
    const bool is_asked = !drain.now.left_by || flip.term <= *drain.now.left_by;
    Truth value = drain.held[i] ? Truth::True : Truth::False;
    if (!is_asked) value = Truth::NotEvaluated;
    Term term{tr_said(word(flip.term)),
              value,
              drain.now.left_by == flip.term,
              std::move(words.what),
              std::move(words.setting),
              "RecordAccumulator.drain",
              words.rule};
    term.flip = flip_text(flip);
    term.is_the_one = flip.changes_outcome;
    explained.terms.push_back(std::move(term));
    explained.which.push_back(flip.term);
  }
  return explained;
}

}  // namespace linger::viz
