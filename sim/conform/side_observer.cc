#include "sim/conform/side_observer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/java_hash.h"
#include "core/transaction_errors.h"
#include "sim/conform/observer_text.h"
#include "sim/event_text.h"

namespace linger::sim::conform {

SideObserver::SideObserver(const World& world) : world_{&world}, scenario_{world.scenario.get()} {}

void SideObserver::take(const World& world, const std::vector<TraceEvent>& events, Told told) {
  world_ = &world;
  if (!events.empty()) now_ = milliseconds_of(events.front().at);
  const bool was_told = std::exchange(has_told_, told == Told::Something);
  for (const TraceEvent& event : events) {
    visit_event(event, [this](const auto& concrete) { note(concrete); });
  }
  tell_draws();
  if (slept_) {
    tell_pass(was_told);
    has_told_ = std::exchange(has_told_in_poll_, false);
  } else {
    has_told_ |= was_told;
  }
  slept_.reset();
}

std::vector<std::string> SideObserver::finish(const World& world) {
  world_ = &world;
  for (auto& [connection, at] : queues_) tell_unanswered(at, "never");
  tell_totals();
  tell_transaction_totals();
  return std::move(lines_);
}

void SideObserver::tell(std::string line) {
  has_told_ = true;
  lines_.push_back(fmt::format("{} {}", now_, line));
}

void SideObserver::tell_at(std::int64_t at, const std::string& line) {
  lines_.push_back(fmt::format("{} {}", at, line));
}

std::string SideObserver::partition_text(core::TopicPartition partition) const {
  return scenario_->topics.text(partition);
}

// --- Passes of the sender ---

void SideObserver::note(const core::BatchOpened& event) {
  const auto at = std::find(opened_.begin(), opened_.end(), event.partition);
  if (at == opened_.end()) opened_.push_back(event.partition);
}

void SideObserver::note(const SenderSpun&) {
  ++spins_;
  if (!std::exchange(has_spun_, true)) tell("SPIN note=poll(0)-without-progress");
}

std::vector<core::TopicPartition> SideObserver::by_hash(
    const std::vector<core::TopicPartition>& partitions, core::InitialCapacity capacity) const {
  std::vector<std::int32_t> hashes;
  for (const core::TopicPartition one : partitions) {
    hashes.push_back(core::java_hash(scenario_->topics.name(one.topic), one.partition));
  }
  std::vector<core::TopicPartition> sorted;
  for (const std::size_t at : core::java_hash_map_order(hashes, capacity)) {
    sorted.push_back(partitions[at]);
  }
  return sorted;
}

// The order in which a pass looks at partitions, see core::RecordAccumulator.
std::vector<core::TopicPartition> SideObserver::visits() const {
  if (!producer().accumulator().settings().maps_by_topic) {
    return by_hash(opened_, core::InitialCapacity{1});
  }
  std::vector<core::TopicId> topics;
  std::vector<std::int32_t> hashes;
  for (const core::TopicPartition partition : opened_) {
    if (std::find(topics.begin(), topics.end(), partition.topic) != topics.end()) continue;
    topics.push_back(partition.topic);
    hashes.push_back(core::java_hash(scenario_->topics.name(partition.topic)));
  }
  std::vector<core::TopicPartition> visits;
  for (const std::size_t at : core::java_hash_map_order(hashes, core::InitialCapacity{1})) {
    std::vector<core::TopicPartition> partitions;
    for (const core::TopicPartition partition : opened_) {
      if (partition.topic == topics[at]) partitions.push_back(partition);
    }
    std::sort(partitions.begin(), partitions.end());
    visits.insert(visits.end(), partitions.begin(), partitions.end());
  }
  return visits;
}

void SideObserver::tell_pass(bool was_told) {
  ++polls_;
  const core::TransactionManager* transactions = producer().transactions();
  // A pass that a request of transactions takes up does not come to look at partitions.
  const bool looks = transactions == nullptr ||
                     (transactions->has_producer_id() && !transactions->has_in_flight_request());
  bool is_news = was_told;
  if (std::exchange(is_in_pass_, false) && looks) {
    std::vector<std::int32_t> nodes;
    std::vector<std::string> unknown;
    for (const core::TopicPartition partition : visits()) {
      const auto look = looks_.find(partition);
      if (look == looks_.end()) continue;
      const std::string& topic = scenario_->topics.name(partition.topic);
      const bool is_unknown = look->second.verdict == core::ReadinessVerdict::NoLeader;
      if (is_unknown && std::find(unknown.begin(), unknown.end(), topic) == unknown.end()) {
        unknown.push_back(topic);
      }
      if (look->second.verdict != core::ReadinessVerdict::Ready) continue;
      const std::int32_t node = look->second.leader->value();
      if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
    }
    const std::string ready =
        fmt::format("{} [{}]", fmt::join(nodes, ","), fmt::join(unknown, ","));
    // The poll of a pass that waits for a coordinator's connection: it has looked at nothing.
    const bool awaits = is_transactional() && nodes.empty() && *slept_ == core::Milliseconds{0};
    if (!awaits) is_news |= std::exchange(ready_, ready) != ready;
    if (is_news && !awaits) {
      tell(fmt::format("READY nodes=[{}] next={} unknown=[{}]", fmt::join(nodes, ","),
                       wait_text(next_check_), fmt::join(unknown, ",")));
      for (const std::int32_t node : nodes) {
        const auto decision = nodes_.find(core::NodeId{node});
        if (decision == nodes_.end() || decision->second.ready) continue;
        tell(fmt::format("NOTREADY node={} delay={}", node, wait_text(decision->second.delay)));
      }
    }
  }
  if (*slept_ > core::Milliseconds{0}) has_spun_ = false;
  if (is_news || has_told_) tell(fmt::format("POLL timeout={}", wait_text(*slept_)));
}

void SideObserver::note(const core::PartitionMuted& event) {
  tell(fmt::format("{} tp={}", event.muted ? "MUTE" : "UNMUTE", partition_text(event.partition)));
}

void SideObserver::note(const core::ProducerIdSet& event) {
  tell(fmt::format("PID pid_epoch={}/{}", event.producer.producer_id, event.producer.epoch));
}

// --- The network ---

void SideObserver::note(const core::MetadataUpdateRequested&) {
  const core::Milliseconds wait =
      producer().metadata().time_to_next_update(world_->producer_time());
  tell(fmt::format("META requestUpdate=1 timeToNext={}", wait.count()));
}

void SideObserver::note(const core::MetadataUpdated& event) {
  if (event.failed) return;
  // The nodes of bootstrap.servers count as a version of their own here.
  tell(fmt::format("META update={} leaders=[{}]", event.version - 1, leaders_text()));
}

std::string SideObserver::leaders_text() const {
  const core::MetadataSnapshot& snapshot = producer().metadata().snapshot();
  std::vector<std::pair<std::string, std::int32_t>> names;
  for (const core::PartitionMetadata& partition : snapshot.partitions()) {
    names.emplace_back(scenario_->topics.name(partition.partition.topic),
                       partition.partition.partition);
  }
  std::sort(names.begin(), names.end());
  std::vector<std::string> texts;
  for (const auto& [topic, number] : names) {
    const core::TopicPartition partition{*scenario_->topics.find(topic), number};
    const auto leader = snapshot.leader_for(partition);
    const auto epoch = snapshot.leader_epoch(partition);
    texts.push_back(fmt::format("{}-{}:{}{}", topic, number,
                                leader ? std::to_string(leader->value()) : "none",
                                epoch ? fmt::format("@{}", *epoch) : ""));
  }
  return fmt::format("{}", fmt::join(texts, ","));
}

void SideObserver::note(const core::ConnectionChanged& event) {
  const std::int32_t node = event.node.value();
  if (event.state == core::ConnectionState::Connecting) tell(fmt::format("NET connect={}", node));
  if (event.state == core::ConnectionState::Ready) tell(fmt::format("NET connected={}", node));
  if (event.state != core::ConnectionState::Disconnected) return;
  const bool by_client =
      event.why.find("time") != std::string::npos || event.why.find("client") != std::string::npos;
  tell(fmt::format("NET {}={}", by_client ? "clientclose" : "disconnected", node));
}

void SideObserver::note(const core::RequestSent& event) {
  has_spun_ = false;
  if (event.api == core::ApiKey::Metadata) {
    tell(fmt::format("NET metadata-request={}", event.node.value()));
    has_told_in_poll_ = true;
  }
  if (event.api != core::ApiKey::Produce) return;
  Sent& sent = sent_[event.correlation];
  sent.number = ++produce_requests_;
  for (const core::BatchId id : event.batches) {
    const core::BatchTable& batches = producer().accumulator().batches;
    if (!batches.contains(id)) continue;
    const core::ProducerBatch& batch = batches.at(id);
    sent.parts.emplace(batch.partition, part_text(batch));
    sent.order.push_back(batch.partition);
  }
  // The broker of that era told the partitions of a request as a HashMap yields them.
  if (scenario_->era == core::Era::V0_10_2) sent.order = by_hash(sent.order, {});
}

void SideObserver::note(const core::RecordCompleted& event) {
  if (event.batch) ++(event.error ? failed_ : succeeded_);
}

void SideObserver::note(const core::SendFailed& event) {
  if (event.delivery == core::Delivery::Delivered) ++failed_;
}

// What the partitioner drew. An accumulator that chooses names the topic; the one number that
// begins a round robin is not told.
void SideObserver::tell_draws() {
  const core::RuleSet& rules = scenario_->rules;
  const core::Draws& draws = producer().partition_draws();
  const bool names_topic = rules.has(core::Rule::Kip794BuiltInPartitioner);
  const bool is_told = rules.has(core::Rule::Kip480StickyPartitioner) || names_topic;
  const std::string topic = names_topic ? fmt::format("topic={} ", drawn_for_) : "";
  for (; draws_ < draws.taken(); ++draws_) {
    if (is_told) tell(fmt::format("RANDOM {}value={}", topic, draws.pinned_at(draws_)));
  }
}

std::string SideObserver::part_text(const core::ProducerBatch& batch) const {
  std::vector<std::int64_t> ids;
  for (const core::AppendedRecord& record : batch.records) ids.push_back(numbers_.at(record.id));
  const core::ProducerIdAndEpoch producer = batch.builder.producer();
  const bool is_idempotent = producer.producer_id >= 0;
  return fmt::format("{}:n{}:sz{}:seq{}{}:ids[{}]", partition_text(batch.partition), ids.size(),
                     batch.builder.size().count(), batch.builder.base_sequence(),
                     is_idempotent ? fmt::format(":pid{}{}", identity_text(producer),
                                                 is_transactional() ? ":txn" : "")
                                   : "",
                     ranges_text(ids));
}

// --- The brokers ---

constexpr Bytes kSizeField{4};  // of a frame: the observations leave it out

void SideObserver::note(const RequestReceived& event) {
  Served& served = served_[event.correlation];
  served.at = now_;
  queues_[event.connection].waiting.push_back(event.correlation);
  has_told_ |= event.api != core::ApiKey::Metadata;  // its line stands here, if told later, too
  const auto sent = sent_.find(event.correlation);
  if (sent == sent_.end()) return;
  const int acks = static_cast<int>(producer().config().acks);
  served.line = fmt::format("BROKER req={} node={} acks={} wire={}", sent->second.number,
                            event.broker.value(), acks, (event.bytes - kSizeField).count());
}

namespace {

std::string outcome_of(const BatchWritten& event) {
  std::string text = error_text(event.error);
  if (event.outcome == AppendOutcome::Appended)
    return text + fmt::format(":appended@{}", event.base_offset);
  if (event.outcome == AppendOutcome::Duplicate) return text + ":dup";
  const bool is_of_sequence = event.error == core::ErrorCode::OutOfOrderSequenceNumber;
  return is_of_sequence ? text + ":seqcheck" : text;
}

}  // namespace

void SideObserver::note(const BatchWritten& event) {
  const auto served = served_.find(event.correlation);
  const auto sent = sent_.find(event.correlation);
  if (served == served_.end() || sent == sent_.end()) return;
  served->second.fates.emplace(event.partition, outcome_of(event));
}

std::string SideObserver::parts_text(core::CorrelationId correlation, const Served& served) const {
  const Sent& sent = sent_.at(correlation);
  std::vector<std::string> parts;
  for (const core::TopicPartition partition : sent.order) {
    const auto fate = served.fates.find(partition);
    if (fate == served.fates.end() && !served.fates.empty()) continue;
    parts.push_back(fmt::format("{}:{}", sent.parts.at(partition),
                                fate == served.fates.end() ? "NONE" : fate->second));
  }
  return fmt::format("{}", fmt::join(parts, "|"));
}

void SideObserver::note(const ResponseSent& event) {
  if (event.api == core::ApiKey::InitProducerId && !is_transactional()) {
    tell(fmt::format("NET init-producer-id={}", event.broker.value()));
  }
  if (event.lost) return;
  const Cluster& cluster = world_->servers.cluster();
  const bool is_produce = event.api == core::ApiKey::Produce;
  const Duration delay = is_produce ? cluster.produce_answer_delay() : cluster.answer_delay();
  AtBroker& at = queues_[event.connection];
  const std::int64_t earliest = at.answers.empty() ? 0 : at.answers.back().planned;
  at.answers.push_back(
      {event.correlation, event.bytes,
       std::max(earliest, now_ + std::chrono::floor<core::Milliseconds>(delay).count())});
}

// Answers that leave together may share a segment, and one may need several.
void SideObserver::note(const SegmentSent& event) {
  if (event.direction != Direction::ToClient) return;
  AtBroker& at = queues_[event.connection];
  at.sent += event.bytes;
  while (!at.answers.empty() && at.answers.front().bytes <= at.sent) {
    at.sent -= at.answers.front().bytes;
    tell_answered(at, at.answers.front().correlation, fmt::format("ok@{}", now_));
    at.answers.pop_front();
  }
}

void SideObserver::note(const ConnectionClosed& event) {
  if (event.by == ClosedBy::Broker) {
    tell_unanswered(queues_[event.connection], fmt::format("disconnect@{}", now_));
  }
}

// Whatever stands before it wanted no answer.
void SideObserver::tell_answered(AtBroker& at, core::CorrelationId correlation,
                                 const std::string& how) {
  while (!at.waiting.empty()) {
    const core::CorrelationId next = at.waiting.front();
    at.waiting.pop_front();
    tell_served(next, next == correlation ? how : "none");
    if (next == correlation) return;
  }
}

// Nothing more is answered. An answer that was on its way out is told with the time it would have
// left; behind a request that is not answered, nothing is looked at.
void SideObserver::tell_unanswered(AtBroker& at, const std::string& how) {
  for (const Answer& answer : std::exchange(at.answers, {})) {
    tell_answered(at, answer.correlation, fmt::format("ok@{}", answer.planned));
  }
  bool is_stuck = false;
  for (const core::CorrelationId correlation : std::exchange(at.waiting, {})) {
    const bool is_done = answers_nothing() && !served_.at(correlation).fates.empty();
    tell_served(correlation, is_done ? "none" : is_stuck ? "never(stuck)" : how);
    is_stuck |= !is_done;
  }
}

void SideObserver::tell_served(core::CorrelationId correlation, const std::string& how) {
  const Served& served = served_.at(correlation);
  if (served.line.empty()) return;
  if (!served.outcome.empty()) {
    return tell_at(served.at, fmt::format("{} reply={} {}", served.line, how, served.outcome));
  }
  tell_at(served.at,
          fmt::format("{} reply={} parts={}", served.line, how, parts_text(correlation, served)));
}

// --- Transactions ---

bool SideObserver::is_transactional() const {
  const core::TransactionManager* transactions = producer().transactions();
  return transactions != nullptr && transactions->is_transactional();
}

void SideObserver::note(const core::TransitionRefused& event) {
  tell(fmt::format("TXN invalid={}->{} now={} err={}", core::name(event.from), core::name(event.to),
                   core::name(event.now), core::name(event.error.exception, scenario_->era)));
}

void SideObserver::note(const core::TransactionalCallEnded& event) {
  const bool is_well =
      event.outcome == core::CallOutcome::Ok || event.outcome == core::CallOutcome::Done;
  ++(is_well ? calls_done_ : calls_failed_);
}

void SideObserver::note(const TransactionChanged& event) {
  const bool is_over = event.state == TransactionState::CompleteCommit ||
                       event.state == TransactionState::CompleteAbort;
  if (!is_over) return;
  tell(
      fmt::format("COORD state={} pid_epoch={}", word(event.state), identity_text(event.producer)));
}

void SideObserver::note(const CoordinatorAnswered& event) {
  ++coordination_[std::string{core::api_name(event.api)}];
  Served& served = served_[event.correlation];
  served.line = fmt::format("TXNBROKER api={} n={} node={}", core::api_name(event.api),
                            event.number, event.broker.value());
  const std::string only =
      event.partition ? fmt::format("({})", partition_text(*event.partition)) : "";
  // Also when it is a group whose coordinator was looked for.
  const TransactionMetadata transaction = transaction_metadata();
  served.outcome =
      fmt::format("err={}{} applied={} state={} pid_epoch={}", error_text(event.error), only,
                  int{event.acted}, word(transaction.state), identity_text(transaction.producer));
}

TransactionMetadata SideObserver::transaction_metadata() const {
  const TransactionEntry* entry =
      world_->servers.cluster().transactions.find(*producer().config().transactional_id);
  return entry == nullptr ? TransactionMetadata{} : entry->metadata;
}

void SideObserver::tell_transaction_totals() {
  if (!producer().config().transactional_id) return;
  const auto total = [this](const char* name, const std::string& value) {
    lines_.push_back(fmt::format("- TXNEND {}={}", name, value));
  };
  total("calls_ok", std::to_string(calls_done_));
  total("calls_err", std::to_string(calls_failed_));
  total("calls_pending", std::to_string(calls_ - calls_done_ - calls_failed_));
  const TransactionMetadata metadata = transaction_metadata();
  total("coordinator",
        fmt::format("{}@{}", word(metadata.state), identity_text(metadata.producer)));
  std::vector<std::string> requests;
  for (const auto& [api, count] : coordination_)
    requests.push_back(fmt::format("{}={}", api, count));
  total("requests", fmt::format("{{{}}}", fmt::join(requests, ",")));
}

// --- The end ---

void SideObserver::tell_totals() {
  const core::RecordAccumulator& accumulator = producer().accumulator();
  const core::BufferPool& pool = accumulator.pool();
  const auto total = [this](const char* name, const std::string& value) {
    lines_.push_back(fmt::format("- END {}={}", name, value));
  };
  total("cb_ok", std::to_string(succeeded_));
  total("cb_err", std::to_string(failed_));
  total("incomplete", std::to_string(accumulator.incomplete().size()));
  total("inflight", std::to_string(producer().client().in_flight_count()));
  total("produce_reqs", std::to_string(produce_requests_));
  total("polls", std::to_string(polls_));
  total("spins", std::to_string(spins_));
  total("mem", fmt::format("avail:{},unalloc:{},queued:{}", pool.available().count(),
                           pool.non_pooled().count(), pool.waiter_count()));
  const std::int64_t last = milliseconds_of(world_->last_activity);
  total("t", std::to_string(stopped_at_.value_or(why_ended_ == "idle" ? last : now_)));
  total("why", stopped_at_ ? "sender-returned" : why_ended_);
}

}  // namespace linger::sim::conform
