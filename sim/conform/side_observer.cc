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
    has_told_ = false;
  } else {
    has_told_ |= was_told;
  }
  slept_.reset();
}

std::vector<std::string> SideObserver::finish(const World& world) {
  world_ = &world;
  for (const auto& [connection, waiting] : std::exchange(queues_, {})) {
    bool is_stuck = false;
    for (const core::CorrelationId correlation : waiting) {
      tell_served(correlation, answers_nothing() ? "none" : is_stuck ? "never(stuck)" : "never");
      is_stuck = true;
    }
  }
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
  const bool is_of_transactions =
      std::exchange(is_of_transactions_,
                    transactions != nullptr && transactions->has_in_flight_request());
  const bool looks =
      transactions == nullptr || (transactions->has_producer_id() && !is_of_transactions);
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
    is_news |= std::exchange(ready_, ready) != ready;
    if (is_news) {
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
  // Before record batches a request told its partitions as a HashMap of that size yields them.
  if (scenario_->era == core::Era::V0_10_2) {
    sent.order = by_hash(sent.order, core::InitialCapacity{sent.order.size()});
  }
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
  queues_[event.connection].push_back(event.correlation);
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
  if (event.api != core::ApiKey::InitProducerId || is_transactional()) return;
  tell(fmt::format("NET init-producer-id={}", event.broker.value()));
}

void SideObserver::note(const SegmentSent& event) {
  if (event.direction == Direction::ToClient) answer(event.connection, Answer::Sent);
}

void SideObserver::note(const ConnectionClosed& event) {
  if (event.by == ClosedBy::Broker) answer(event.connection, Answer::Closed);
}

// The oldest request is answered, behind those that wanted no answer: of these only the last can be
// the one for which a connection closes.
void SideObserver::answer(ConnectionId connection, Answer answer) {
  std::deque<core::CorrelationId>& queue = queues_[connection];
  const std::string how = fmt::format("{}@{}", answer == Answer::Sent ? "ok" : "disconnect", now_);
  while (!queue.empty()) {
    const core::CorrelationId correlation = queue.front();
    const bool wants_none = answers_nothing() && sent_.contains(correlation);
    const bool is_last = queue.size() == 1;
    if (wants_none && answer == Answer::Sent && is_last) return;
    queue.pop_front();
    const bool is_answered = !wants_none || is_last;
    tell_served(correlation, is_answered ? how : "none");
    if (!wants_none) return;
  }
}

void SideObserver::tell_served(core::CorrelationId correlation, const std::string& how) {
  const Served& served = served_.at(correlation);
  if (served.line.empty()) return;
  if (!served.outcome.empty()) {
    return tell_at(served.at, fmt::format("{} reply={} {}", served.line, how, served.outcome));
  }
  tell_at(served.at, fmt::format("{} reply={} parts={}", served.line, how,
                                 parts_text(correlation, served)));
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
  served.outcome =
      fmt::format("err={}{} applied={} state={} pid_epoch={}", error_text(event.error), only,
                  int{event.acted}, word(event.state), identity_text(event.producer));
}

void SideObserver::tell_transaction_totals() {
  if (!producer().config().transactional_id) return;
  const auto total = [this](const char* name, const std::string& value) {
    lines_.push_back(fmt::format("- TXNEND {}={}", name, value));
  };
  total("calls_ok", std::to_string(calls_done_));
  total("calls_err", std::to_string(calls_failed_));
  total("calls_pending", std::to_string(calls_ - calls_done_ - calls_failed_));
  const TransactionEntry* entry =
      world_->servers.cluster().transactions.find(*producer().config().transactional_id);
  const TransactionMetadata metadata = entry == nullptr ? TransactionMetadata{} : entry->metadata;
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
