#include "sim/law_watch.h"

#include <algorithm>
#include <utility>

#include "core/rules.h"
#include "sim/law_words.h"
#include "sim/read_committed.h"

namespace linger::sim {
namespace {

// Why acknowledgements may come in another order; empty: they may not.
std::string_view why_no_order(const core::ProducerConfig& config, const Scenario& scenario) {
  if (config.max_in_flight_requests_per_connection == 1) {
    return scenario.rules.has(core::Rule::Kafka3197MutePartition) ? "" : "before KAFKA-3197";
  }
  if (!config.enable_idempotence) return "several in flight without idempotence";
  const bool takes_any = scenario.cluster.unknown_producer == UnknownProducer::Any;
  return takes_any ? "brokers take any first sequence" : "";
}

// Where a batch was appended, or may have been, and gets an error that lets it be sent again.
std::optional<TopicPartition> refused_after_its_append(const TraceEvent& event) {
  if (const auto* written = event.as<BatchWritten>()) {
    const bool is_refused = written->error != core::ErrorCode::None;
    if (written->outcome != AppendOutcome::Refused && is_refused) return written->partition;
  }
  if (const auto* retried = event.as<core::BatchRetried>()) {
    const bool may_be_there = retried->error == core::ErrorCode::RequestTimedOut ||
                              retried->error == core::ErrorCode::NotEnoughReplicasAfterAppend;
    if (may_be_there) return retried->partition;
  }
  return std::nullopt;
}

}  // namespace

Broken MutedIsNotDrained::see(const TraceEvent& event, const World&) {
  if (const auto* change = event.as<core::PartitionMuted>()) {
    const PartitionOf partition{*event.producer, change->partition};
    if (change->muted) {
      muted_.insert(partition);
    } else {
      muted_.erase(partition);
    }
  }
  if (const auto* drained = event.as<core::BatchDrained>()) {
    if (muted_.contains({*event.producer, drained->partition})) {
      return batch_text(drained->batch) + " was";
    }
  }
  return std::nullopt;
}

Broken CallbacksInOrder::see(const TraceEvent& event, const World& world) {
  if (const auto* appended = event.as<core::RecordAppended>()) {
    places_[appended->record] = appended_[{*event.producer, appended->partition}]++;
    return std::nullopt;
  }
  if (const auto partition = refused_after_its_append(event)) refused_late_.insert(*partition);
  const auto* completed = event.as<core::RecordCompleted>();
  if (completed == nullptr || completed->error) return std::nullopt;
  const std::int64_t place = places_.at(completed->record);
  const auto [last, is_first] =
      last_.try_emplace({*event.producer, completed->partition}, place, completed->record);
  if (is_first) return std::nullopt;
  const auto before = std::exchange(last->second, {place, completed->record});
  if (before.first <= place) return std::nullopt;
  std::string_view spared_by = why_no_order(config_of(*event.producer, world), *world.scenario);
  if (spared_by.empty()) {
    spared_by = why_sequences_begin_again(*event.producer, completed->partition, world);
  }
  if (refused_late_.contains(completed->partition)) spared_by = "a batch was appended and refused";
  return Breach{record_text(completed->record) + " was told after " + record_text(before.second),
                spared_by};
}

core::Milliseconds FateInTime::promised(const core::ProducerConfig& config) {
  if (config.delivery_timeout != core::kForever) return config.delivery_timeout;
  return std::max(core::Milliseconds{120'000}, config.linger + config.request_timeout);
}

// Only a batch that was drained before can have come to lie behind one that is younger.
bool FateInTime::may_lie_behind_a_younger_one(const BatchOf& batch, core::Millis look,
                                              const core::ProducerConfig& config) const {
  if (config.enable_idempotence || config.max_in_flight_requests_per_connection == 1) return false;
  const TopicPartition partition = opened_.at(batch).partition;
  const auto is_younger = [&](const BatchOf& other) {
    const Opened& opened = opened_.at(other);
    return other.first == batch.first && opened.partition == partition &&
           opened.at + config.delivery_timeout > look;
  };
  return std::any_of(without_fate_.begin(), without_fate_.end(), is_younger) ||
         std::any_of(told_since_look_.begin(), told_since_look_.end(), is_younger);
}

std::string_view FateInTime::why_late(const BatchOf& batch, core::Millis look,
                                      const World& world) const {
  const core::RuleSet& rules = world.scenario->rules;
  if (!rules.has(core::Rule::Kip91DeliveryTimeout)) return "before KIP-91";
  const core::ProducerConfig& config = config_of(batch.first, world);
  const bool may_trip =
      config.transactional_id && !rules.has(core::Rule::Kafka14831FailureToldOnce);
  if (may_trip) return "before KAFKA-14831";
  return may_lie_behind_a_younger_one(batch, look, config) ? "a retry lies behind a younger batch"
                                                           : "";
}

// Whatever was due at the last look has its fate now.
Broken FateInTime::look(ProducerIndex producer, const World& world, core::Millis now) {
  Looks& looks = looks_[producer];
  const core::Millis last = looks.last;
  looks = {now, last};
  const core::Milliseconds most = promised(config_of(producer, world));
  Broken breach;
  for (const BatchOf& batch : without_fate_) {
    if (batch.first != producer) continue;
    const core::Millis deadline = opened_.at(batch).at + most;
    if (deadline > last) continue;
    breach = Breach{batch_text(batch.second) + " is without it " +
                        std::to_string((now - deadline).count()) + " ms later",
                    why_late(batch, last, world)};
    if (breach->spared_by.empty()) break;
  }
  std::erase_if(told_since_look_, [&](const BatchOf& one) { return one.first == producer; });
  return breach;
}

// The first look behind the deadline may be the one that tells it.
Broken FateInTime::told(const TraceEvent& event, const core::RecordCompleted& completed,
                        const World& world) {
  if (!completed.batch) return std::nullopt;
  const auto since = opened_.find({*event.producer, *completed.batch});
  if (since == opened_.end()) return std::nullopt;
  const core::Millis deadline = since->second.at + promised(config_of(*event.producer, world));
  const core::Millis before = looks_[*event.producer].before;
  if (before < deadline) return std::nullopt;
  const core::Millis now = world.producer_time(event.at);
  return Breach{record_text(completed.record) + " had it " +
                    std::to_string((now - deadline).count()) + " ms later",
                why_late(since->first, before, world)};
}

Broken FateInTime::see(const TraceEvent& event, const World& world) {
  if (!event.producer) return std::nullopt;
  if (event.as<core::SleepDecision>() != nullptr) {
    return look(*event.producer, world, world.producer_time(event.at));
  }
  if (const auto* opened = event.as<core::BatchOpened>()) {
    const BatchOf batch{*event.producer, opened->batch};
    opened_[batch] = {opened->partition, world.producer_time(event.at)};
    without_fate_.insert(batch);
  } else if (const auto* split = event.as<core::BatchSplit>()) {
    const Opened whole = opened_.at({*event.producer, split->batch});
    for (const core::BatchId part : split->into) {
      opened_[{*event.producer, part}] = whole;
      without_fate_.insert({*event.producer, part});
    }
    without_fate_.erase({*event.producer, split->batch});
  } else if (const auto* done = event.as<core::BatchCompleted>()) {
    without_fate_.erase({*event.producer, done->batch});
    const BatchOf batch{*event.producer, done->batch};
    if (opened_.contains(batch)) told_since_look_.insert(batch);
  } else if (const auto* completed = event.as<core::RecordCompleted>()) {
    return told(event, *completed, world);
  }
  return std::nullopt;
}

bool ExpiresByItsCase::is_of_its_time(const Scenario& scenario) {
  return scenario.rules.has(core::Rule::Kafka3388ExpiryReasons) &&
         !scenario.rules.has(core::Rule::Kip91DeliveryTimeout);
}

Broken ExpiresByItsCase::see(const TraceEvent& event, const World& world) {
  if (!is_of_its_time(*world.scenario) || !event.producer ||
      event.as<core::SleepDecision>() == nullptr) {
    return std::nullopt;
  }
  const auto [looked, is_first] =
      looked_.try_emplace(*event.producer, world.producer_time(event.at));
  const core::Millis last = std::exchange(looked->second, world.producer_time(event.at));
  if (is_first) return std::nullopt;
  const core::KafkaProducer& producer = producer_of(*event.producer, world);
  const core::ProducerConfig& config = producer.config();
  const core::RecordAccumulator& accumulator = producer.accumulator();
  for (const TopicPartition partition : accumulator.partitions()) {
    const auto* queue = accumulator.queue(partition);
    if (accumulator.is_muted(partition) || queue == nullptr || queue->batches.empty()) continue;
    const core::ProducerBatch& front = accumulator.batches.at(queue->batches.front());
    const bool is_full = front.is_full() || queue->batches.size() > 1;
    core::Millis since = front.created + config.linger;
    if (front.is_retried) since = front.last_attempt + config.retry_backoff;
    if (!front.is_retried && is_full) since = std::min(since, front.last_append);
    if (last - since <= config.request_timeout) continue;
    return batch_text(front.id) + " waits still";
  }
  return std::nullopt;
}

// Where the books change without a word, the world after the step tells.
Broken DoubtHoldsBack::see(const TraceEvent& event, const World& world) {
  if (const auto* doubt = event.as<core::SequenceUnresolved>()) {
    const PartitionOf partition{*event.producer, doubt->partition};
    if (doubt->resolved) {
      in_doubt_.erase(partition);
    } else {
      in_doubt_.insert(partition);
    }
  }
  if (in_doubt_.empty()) return std::nullopt;
  const auto* drained = event.as<core::BatchDrained>();
  if (drained == nullptr || drained->attempts > 0) return std::nullopt;
  if (!in_doubt_.contains({*event.producer, drained->partition})) return std::nullopt;
  const core::TransactionManager& transactions =
      *producer_of(*event.producer, world).transactions();
  if (!transactions.unresolved().contains(drained->partition)) return std::nullopt;
  return batch_text(drained->batch) + " did, with sequence " + std::to_string(drained->sequence);
}

Broken RetriesKeepTheOrder::see(const TraceEvent& event, const World& world) {
  const auto* drained = event.as<core::BatchDrained>();
  if (drained == nullptr || drained->sequence < 0 || drained->attempts == 0) return std::nullopt;
  Broken broken;
  producer_of(*event.producer, world)
      .accumulator()
      .batches.for_each([&](const core::ProducerBatch& other) {
        const bool is_before = other.partition == drained->partition && !other.is_done() &&
                               other.builder.has_sequence() &&
                               other.builder.producer() == drained->producer &&
                               other.builder.base_sequence() < drained->sequence;
        if (!is_before) return;
        broken =
            batch_text(drained->batch) + " was, before batch " + std::to_string(other.id.value());
      });
  if (!broken) return std::nullopt;
  const bool has_right_books = world.scenario->rules.has(core::Rule::Kafka13794InFlightByIdentity);
  if (!has_right_books) broken->spared_by = "before KAFKA-13794";
  const std::string_view again =
      why_sequences_begin_again(*event.producer, drained->partition, world);
  if (!again.empty()) broken->spared_by = again;
  return broken;
}

Broken NothingIsRefused::see(const TraceEvent& event, const World& world) {
  if (went_wrong_) return std::nullopt;
  const ClusterSpec& cluster = world.scenario->cluster;
  // Brokers of the model store no compressed format 0, which those of Produce 1 are sent.
  std::string_view spared_by;
  if (!cluster.max_versions.empty()) spared_by = "brokers that announce other versions";
  if (const auto* written = event.as<BatchWritten>()) {
    const bool blames_the_producer = written->error == core::ErrorCode::OutOfOrderSequenceNumber ||
                                     written->error == core::ErrorCode::CorruptMessage ||
                                     written->error == core::ErrorCode::InvalidRecord;
    if (!blames_the_producer) return std::nullopt;
    return Breach{"broker " + std::to_string(written->broker.value()) + " answers " +
                      std::string{core::name(written->error)},
                  cluster.produce_rules.empty() ? spared_by : "rules of the scenario"};
  }
  const auto* closed = event.as<ConnectionClosed>();
  const auto* completed = event.as<core::BatchCompleted>();
  went_wrong_ = closed != nullptr || event.as<FaultApplied>() != nullptr ||
                event.as<ConnectionRefused>() != nullptr ||
                event.as<core::BatchRetried>() != nullptr ||
                (completed != nullptr && completed->error);
  if (closed == nullptr || closed->by != ClosedBy::Broker) return std::nullopt;
  return Breach{"broker " + std::to_string(closed->broker.value()) + " closes: " + closed->why,
                spared_by};
}

std::set<core::RecordId> seen_by_readers_of_committed(const World& world) {
  std::set<core::RecordId> seen;
  const Cluster& cluster = world.servers.cluster();
  for (const TopicId topic : cluster.topics()) {
    for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) {
      const Partition& partition = *cluster.find({topic, i});
      const std::int64_t end = last_stable_offset(partition);
      for (const LoggedRecord& record : partition.log.records()) {
        if (record.id && record.offset < end && !is_aborted(partition, record.batch)) {
          seen.insert(*record.id);
        }
      }
    }
  }
  return seen;
}

Broken TransactionsAreWhole::judge(const Transaction& transaction,
                                   const std::set<core::RecordId>& seen,
                                   std::string_view spared_by) {
  const auto is_seen = [&](core::RecordId record) { return seen.contains(record); };
  const auto count = std::count_if(transaction.records.begin(), transaction.records.end(), is_seen);
  const bool is_all = count == std::ssize(transaction.records);
  const bool holds = (transaction.end != End::Aborted && is_all) ||
                     (transaction.end != End::Committed && count == 0);
  if (holds) return std::nullopt;
  return Breach{std::to_string(count) + " of its " + std::to_string(transaction.records.size()) +
                    " records are seen, beginning with " + record_text(transaction.records.front()),
                spared_by};
}

void TransactionsAreWhole::note_ending(const TraceEvent& event) {
  const auto* sent = event.as<core::TransactionRequestSent>();
  const auto* changed = event.as<core::TransactionStateChanged>();
  if (sent == nullptr && changed == nullptr) return;
  Ending& ending = endings_[*event.producer];
  if (changed != nullptr && changed->to == core::TransactionState::InTransaction) {
    ending.by_commit = ending.by_abort = false;
  }
  if (changed != nullptr && changed->to == core::TransactionState::AbortingTransaction) {
    ending.by_abort = true;
  }
  if (sent != nullptr && sent->contents->committed == true) ending.by_commit = true;
  ending.was_by_both = ending.was_by_both || (ending.by_commit && ending.by_abort);
}

// What nothing spares comes first.
Broken TransactionsAreWhole::judge_all(const World& world) const {
  const core::RuleSet& rules = world.scenario->rules;
  const bool remembers_calls = rules.has(core::Rule::Kafka13412SendChecksAfterAppend);
  const bool verifies = world.scenario->cluster.coordination.verifies_writes;
  std::string_view spares_all = verifies ? "" : "before brokers verified writes";
  if (appends_what_it_refuses(*world.scenario)) {
    spares_all = "batches that are appended and refused for good";
  }
  const std::set<core::RecordId> seen = seen_by_readers_of_committed(world);
  Broken breach;
  for (const auto& [producer, begun] : begun_) {
    const auto ending = endings_.find(producer);
    const bool is_overtaken =
        !remembers_calls && ending != endings_.end() && ending->second.was_by_both;
    for (const Transaction& transaction : begun) {
      Broken found = judge(transaction, seen, is_overtaken ? "before KAFKA-13412" : spares_all);
      if (found && found->spared_by.empty()) return found;
      if (!breach) breach = std::move(found);
    }
  }
  return breach;
}

Broken TransactionsAreWhole::see(const TraceEvent& event, const World& world) {
  note_ending(event);
  if (const auto* ended = event.as<core::TransactionalCallEnded>()) {
    const bool is_done =
        ended->outcome == core::CallOutcome::Ok || ended->outcome == core::CallOutcome::Done;
    if (!is_done) return std::nullopt;
    std::vector<Transaction>& begun = begun_[*event.producer];
    if (ended->call == core::TransactionMethod::BeginTransaction) begun.push_back({});
    if (begun.empty()) return std::nullopt;
    if (ended->call == core::TransactionMethod::CommitTransaction)
      begun.back().end = End::Committed;
    if (ended->call == core::TransactionMethod::AbortTransaction) begun.back().end = End::Aborted;
  }
  if (begun_.empty()) return std::nullopt;
  if (const auto* appended = event.as<core::RecordAppended>()) {
    const auto of_producer = begun_.find(*event.producer);
    if (of_producer == begun_.end() || of_producer->second.empty()) return std::nullopt;
    of_producer->second.back().records.push_back(appended->record);
  }
  if (const auto* failed = event.as<core::SendFailed>()) {
    for (Transaction& transaction : begun_[*event.producer]) {
      std::erase(transaction.records, failed->record);
    }
  }
  const auto* over = event.as<RunEnded>();
  if (over == nullptr || over->why != "idle") return std::nullopt;
  if (world.servers.cluster().transactions.is_ending_a_transaction()) return std::nullopt;
  return judge_all(world);
}

void LawWatch::take_in(const TraceEvent& event, const World& world, std::vector<BrokenLaw>& broken,
                       std::vector<BrokenLaw>* spared) {
  const auto follow = [&](auto& law) {
    const Broken breach = law.see(event, world);
    if (breach) note(law.kName, *breach, world.steps, event.at, broken, spared);
  };
  std::apply([&](auto&... law) { (follow(law), ...); }, laws_);
}

void LawWatch::add_to(core::StateKey& key, const World& world) const {
  const auto add = [&](const auto& law) {
    if constexpr (requires { law.add_to(key, world); }) law.add_to(key, world);
  };
  std::apply([&](const auto&... law) { (add(law), ...); }, laws_);
}

std::vector<std::string_view> LawWatch::names() {
  return std::apply([](const auto&... law) { return std::vector{law.kName...}; }, Laws{});
}

}  // namespace linger::sim
