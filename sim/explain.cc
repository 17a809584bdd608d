#include "sim/explain.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/event_text.h"
#include "sim/readable.h"
#include "sim/trace_names.h"

namespace linger::sim {

namespace {

using core::DrainVerdict;
using core::Milliseconds;
using core::ReadinessVerdict;
using core::SleepReason;

std::string text(Milliseconds time) {
  return time == core::kForever ? "none" : fmt::format("{} ms", time.count());
}

std::string in(Milliseconds time) {
  return time == core::kForever ? "never by itself" : fmt::format("in {} ms", time.count());
}

std::string batch_name(const std::optional<core::BatchId>& batch) {
  return batch ? fmt::format("batch {}", batch->value()) : "no batch";
}

std::string setting(std::string_view key, Milliseconds value) {
  return fmt::format("{} {}", key, value.count());
}

std::string setting(std::string_view key, core::Bytes value) {
  return fmt::format("{} {}", key, value.count());
}

std::string retry_backoff(const core::ProducerConfig& config) {
  return setting("retry.backoff.ms", config.retry_backoff);
}

// Only then did the look at the partition come as far as its terms.
bool has_terms(const core::ReadinessDecision& decision) {
  return decision.verdict == ReadinessVerdict::BackingOff ||
         decision.verdict == ReadinessVerdict::Waiting ||
         decision.verdict == ReadinessVerdict::Ready;
}

std::string wait_of(const core::ReadinessDecision& decision, const core::ProducerConfig& config) {
  if (decision.backing_off) {
    return fmt::format("waited {} ms of {} ms of backoff ({})", decision.waited.count(),
                       decision.time_to_wait.count(), retry_backoff(config));
  }
  return fmt::format("waited {} ms of {}", decision.waited.count(),
                     setting("linger.ms", decision.time_to_wait));
}

std::vector<std::string> reasons(const core::ReadinessDecision& decision,
                                 const core::ProducerConfig& config) {
  std::vector<std::string> reasons;
  if (decision.full) reasons.push_back("a batch is full");
  if (decision.expired) reasons.push_back(wait_of(decision, config));
  if (decision.exhausted) reasons.push_back("a thread waits for memory");
  if (decision.closed) reasons.push_back("the producer is closing");
  if (decision.flushing) reasons.push_back("a flush is in progress");
  if (decision.completing) reasons.push_back("a transaction is being ended");
  return reasons;
}

}  // namespace

// --- Sentences ---

std::string sentence(const core::ReadinessDecision& decision, const core::ProducerConfig& config) {
  switch (decision.verdict) {
    case ReadinessVerdict::EmptyDeque:
      return "nothing to send: its deque is empty";
    case ReadinessVerdict::NoLeader:
      return "not ready: no leader is known, metadata is asked for";
    case ReadinessVerdict::NodeAlreadyReady:
      return fmt::format("not looked at: another partition made broker {} ready already",
                         decision.leader->value());
    case ReadinessVerdict::Muted:
      return fmt::format(
          "not ready: muted until its batch in flight is answered "
          "(max.in.flight.requests.per.connection {})",
          config.max_in_flight_requests_per_connection);
    case ReadinessVerdict::BackingOff:
    case ReadinessVerdict::Waiting:
      return fmt::format("not ready: {}; next look {}", wait_of(decision, config),
                         in(decision.next_check));
    case ReadinessVerdict::Ready:
      return fmt::format("ready: {}", fmt::join(reasons(decision, config), ", "));
  }
  return "";
}

std::string sentence(const core::NodeDecision& decision) {
  if (decision.ready) {
    return fmt::format("takes data: connected, {} in flight", decision.in_flight);
  }
  std::string why = fmt::format("the connection is {}", word(decision.connection));
  if (decision.metadata_due) {
    why = "a metadata request goes first";
  } else if (decision.connection == core::ConnectionState::Ready && decision.throttled) {
    why = "the broker throttles this client";
  } else if (decision.connection == core::ConnectionState::Ready && !decision.channel_ready) {
    why = "the socket is not connected";
  } else if (decision.connection == core::ConnectionState::Ready && !decision.can_send_more) {
    why = fmt::format("no more than {} may be in flight, or the last request is not yet written",
                      decision.in_flight);
  }
  return fmt::format("takes no data: {}; next look {}", why, in(decision.delay));
}

std::string sentence(const core::DrainDecision& decision) {
  const std::string batch = batch_name(decision.batch);
  switch (decision.verdict) {
    case DrainVerdict::Taken:
      return fmt::format("{} taken: {} B for broker {}", batch, decision.batch_size.count(),
                         decision.node.value());
    case DrainVerdict::RequestFull:
      return fmt::format("{} left: {} B beside {} B would exceed max.request.size {}", batch,
                         decision.batch_size.count(), decision.size_so_far.count(),
                         decision.size_limit.count());
    case DrainVerdict::Muted:
      return batch + " left: its partition is muted";
    case DrainVerdict::EmptyDeque:
      return "nothing to take: the deque is empty";
    case DrainVerdict::NotReady:
      return batch + " left: its partition itself is not ready";
    case DrainVerdict::BackingOff:
      return batch + " left: its backoff is not over";
    case DrainVerdict::NotAllowed:
      return batch + " left: the transaction does not allow it";
    case DrainVerdict::NoProducerId:
      return batch + " left: there is no producer id yet";
    case DrainVerdict::StaleEpochInFlight:
      return batch + " left: a batch of an older epoch is in flight";
    case DrainVerdict::SequenceUnresolved:
      return batch + " left: it is not known whether an earlier sequence was written";
    case DrainVerdict::EarlierSequenceInFlight:
      return batch + " left: a retry waits for the batches in flight before it";
  }
  return "";
}

std::string sentence(const core::SleepDecision& decision) {
  const std::string time = text(decision.timeout);
  switch (decision.decided_by) {
    case SleepReason::ReadyNode:
      return "does not sleep: a node took data, there may be more";
    case SleepReason::NextReadyCheck:
      return fmt::format("sleeps {} at most: then a waiting partition can become ready", time);
    case SleepReason::NotReadyNode:
      return fmt::format("sleeps {} at most: then a node that took no data may take it", time);
    case SleepReason::NextExpiry:
      return fmt::format("sleeps {} at most: then a batch reaches delivery.timeout.ms", time);
    case SleepReason::TransactionManager:
      return fmt::format("sleeps {} at most: a transactional request waits", time);
    case SleepReason::Nothing:
      return "sleeps until something happens";
  }
  return "";
}

// --- Terms ---

std::vector<Term> terms(const core::ReadinessDecision& decision,
                        const core::ProducerConfig& config) {
  std::vector<Term> terms;
  if (decision.leader) {
    terms.push_back({"leader", fmt::format("broker {}", decision.leader->value()), "metadata"});
  }
  if (!has_terms(decision)) return terms;
  const auto add = [&](std::string name, bool value, std::string source) {
    terms.push_back({std::move(name), std::string{yes_or_no(value)}, std::move(source)});
  };
  const std::string waits_for =
      decision.backing_off ? retry_backoff(config) : setting("linger.ms", config.linger);
  add("full", decision.full, setting("batch.size", config.batch_size));
  add("expired", decision.expired, waits_for);
  terms.push_back({"  waited", text(decision.waited), ""});
  terms.push_back({"  time to wait", text(decision.time_to_wait), waits_for});
  add("exhausted", decision.exhausted, setting("buffer.memory", config.buffer_memory));
  add("closed", decision.closed, "close()");
  add("flushing", decision.flushing, "flush()");
  add("completing", decision.completing, "the end of a transaction");
  add("backing off", decision.backing_off, retry_backoff(config));
  add("leader changed", decision.leader_changed, "metadata: backoff is skipped");
  if (decision.verdict != ReadinessVerdict::Ready) {
    terms.push_back({"next look", in(decision.next_check), "time to wait - waited"});
  }
  return terms;
}

std::vector<Term> terms(const core::SleepDecision& decision, const core::ProducerConfig& config) {
  return {{"next ready check", text(decision.next_ready_check),
           setting("linger.ms", config.linger) + ", " + retry_backoff(config)},
          {"not ready delay", text(decision.not_ready_delay),
           setting("reconnect.backoff.ms", config.reconnect_backoff)},
          {"next expiry", text(decision.next_expiry),
           config.delivery_timeout == core::kForever
               ? ""
               : setting("delivery.timeout.ms", config.delivery_timeout)},
          {"timeout", text(decision.timeout),
           fmt::format("decided by: {}", word(decision.decided_by))}};
}

// --- Following a run ---

void DecisionKeeper::look(const World& world, const std::vector<TraceEvent>& happened) {
  const core::KafkaProducer& producer =
      world.processes[static_cast<std::size_t>(producer_.value())].producer;
  bool looked_at_all = false;
  for (const TraceEvent& event : happened) {
    if (event.producer != producer_) continue;
    if (event.as<core::SenderPassStarted>() != nullptr) pass_at_ = event.at;
    if (const auto* drain = event.as<core::DrainDecision>()) {
      drains_.insert_or_assign(drain->partition, Made<core::DrainDecision>{*drain, event.at});
    }
    // A pass that looked for data to send ends in a poll as long as it decided.
    if (const auto* poll = event.as<core::SenderSlept>()) {
      looked_at_all = poll->asked == producer.sender().last_sleep().timeout;
    }
  }
  for (const TopicPartition partition : producer.accumulator().partitions()) {
    const auto& decision = producer.accumulator().queue(partition)->last_decision;
    if (!decision) continue;
    const auto known = readiness_.find(partition);
    const bool is_new = known == readiness_.end() || known->second.decision != *decision;
    if (is_new || looked_at_all)
      readiness_.insert_or_assign(partition, Made<core::ReadinessDecision>{*decision, pass_at_});
  }
  for (const auto& [node, decision] : producer.sender().last_node_decisions()) {
    const auto known = nodes_.find(node);
    const bool is_new = known == nodes_.end() || known->second.decision != decision;
    if (is_new) nodes_.insert_or_assign(node, Made<core::NodeDecision>{decision, pass_at_});
  }
  const core::SleepDecision& sleep = producer.sender().last_sleep();
  if (looked_at_all && sleep != core::SleepDecision{})
    sleep_ = Made<core::SleepDecision>{sleep, pass_at_};
}

namespace {

std::string table_of(const std::vector<Term>& terms) {
  TextTable table;
  for (const Term& term : terms) table.add({term.name, term.value, term.source});
  return table.text("    ");
}

// What lies in the partition's deque by now, since a decision may be about what is gone.
std::string deque_text(const core::RecordAccumulator& accumulator, TopicPartition partition) {
  const auto& deque = accumulator.queue(partition)->batches;
  if (deque.empty()) return "empty";
  const core::ProducerBatch& head = accumulator.batches.at(deque.front());
  return fmt::format("{}; the first, batch {}, holds {} in {} B",
                     counted(static_cast<std::int64_t>(deque.size()), "batch", "batches"),
                     head.id.value(), counted(head.builder.record_count(), "record"),
                     head.builder.size().count());
}

std::string readiness_text(const DecisionKeeper& keeper, const core::KafkaProducer& producer,
                           const core::TopicNames& topics) {
  std::string text;
  for (const auto& [partition, made] : keeper.readiness()) {
    text +=
        fmt::format("\n{}  {}\n    decided at {} about {}\n", topics.text(partition),
                    sentence(made.decision, producer.config()),
                    readable_duration(made.at.time_since_epoch()), batch_name(made.decision.batch));
    text += table_of(terms(made.decision, producer.config()));
    const auto drain = keeper.drains().find(partition);
    if (drain != keeper.drains().end()) {
      text += fmt::format("    last drain, at {}: {}\n",
                          readable_duration(drain->second.at.time_since_epoch()),
                          sentence(drain->second.decision));
    }
    text += fmt::format("    its deque now: {}\n", deque_text(producer.accumulator(), partition));
  }
  if (keeper.readiness().empty()) text += "\nno partition has been looked at yet\n";
  return text;
}

std::string sender_text(const DecisionKeeper& keeper, const core::ProducerConfig& config) {
  std::string text;
  for (const auto& [node, made] : keeper.nodes()) {
    text += fmt::format("\nbroker {}  {}\n    since {}\n", node.value(), sentence(made.decision),
                        readable_duration(made.at.time_since_epoch()));
  }
  if (keeper.sleep()) {
    text += fmt::format("\nsender  {}\n    decided at {}\n", sentence(keeper.sleep()->decision),
                        readable_duration(keeper.sleep()->at.time_since_epoch()));
    text += table_of(terms(keeper.sleep()->decision, config));
  }
  return text;
}

}  // namespace

std::string explain_decisions(const std::shared_ptr<const Scenario>& scenario,
                              std::optional<Instant> at) {
  World world{scenario};
  TraceSink trace;
  std::vector<DecisionKeeper> keepers;
  for (std::size_t i = 0; i < scenario->producers.size(); ++i) {
    keepers.emplace_back(core::ProducerIndex{static_cast<std::int32_t>(i)});
  }
  for (auto due = next_due(world); due && (!at || *due <= *at); due = next_due(world)) {
    step(world, trace);
    const std::vector<TraceEvent> happened = trace.take();
    for (DecisionKeeper& keeper : keepers) keeper.look(world, happened);
  }
  const std::string when = readable_duration(at.value_or(world.now).time_since_epoch());
  std::string text;
  for (std::size_t i = 0; i < keepers.size(); ++i) {
    const core::KafkaProducer& producer = world.processes[i].producer;
    text += fmt::format("{}{} at {}\n", i == 0 ? "" : "\n", scenario->producers[i].name, when);
    text += readiness_text(keepers[i], producer, scenario->topics);
    text += sender_text(keepers[i], producer.config());
  }
  return text;
}

}  // namespace linger::sim
