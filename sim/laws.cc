#include "sim/laws.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/rules.h"
#include "sim/law_words.h"
#include "sim/wakeup_law.h"

namespace linger::sim {

namespace {

std::string amount(std::string_view what, core::Bytes bytes) {
  return std::string{what} + " " + std::to_string(bytes.count());
}

// free + held by batches + gathered by waiters + lost = buffer.memory
Broken pool_books_balance(const World& world) {
  for (const ProducerProcess& process : world.processes) {
    const core::RecordAccumulator& accumulator = process.producer.accumulator();
    const core::BufferPool& pool = accumulator.pool();
    core::Bytes held;
    accumulator.batches.for_each([&held](const core::ProducerBatch& batch) {
      if (batch.is_incomplete && !batch.is_split) held += batch.builder.capacity();
    });
    const core::Bytes sum = pool.available() + held + pool.gathered_by_waiters() + pool.lost();
    if (sum != pool.total()) {
      return amount("available", pool.available()) + amount(", held", held) +
             amount(", gathered", pool.gathered_by_waiters()) + amount(", lost", pool.lost()) +
             amount(": not", pool.total());
    }
  }
  return std::nullopt;
}

// What a thread had gathered that gave up waiting, or what it got for an append that failed, comes
// back to the pool.
Broken no_memory_is_lost(const World& world) {
  const core::RuleSet& rules = world.scenario->rules;
  for (const ProducerProcess& process : world.processes) {
    const core::Bytes lost = process.producer.accumulator().pool().lost();
    if (lost == core::Bytes{0}) continue;
    const bool keeps_appends = rules.has(core::Rule::Kafka4741AppendReturnsBuffer);
    const bool keeps_gathered = rules.has(core::Rule::Kafka4840PoolReturnsMemory);
    std::string_view spared_by;
    if (!keeps_appends) spared_by = "before KAFKA-4741";
    if (!keeps_gathered) spared_by = "before KAFKA-4840";
    if (!keeps_appends && !keeps_gathered) spared_by = "before KAFKA-4840 and KAFKA-4741";
    return Breach{amount("lost", lost), spared_by};
  }
  return std::nullopt;
}

Broken no_more_in_flight_than_allowed(const World& world) {
  for (const ProducerProcess& process : world.processes) {
    const std::int32_t limit = process.producer.config().max_in_flight_requests_per_connection;
    if (process.producer.client().in_flight_count() <= limit) continue;  // to all of them
    for (std::int32_t node = -world.scenario->cluster.brokers;
         node < world.scenario->cluster.brokers; ++node) {
      const std::int32_t count = process.producer.client().in_flight_count(NodeId{node});
      if (count > limit) {
        return std::to_string(count) + " in flight to node " + std::to_string(node) +
               ", allowed are " + std::to_string(limit);
      }
    }
  }
  return std::nullopt;
}

Broken batches_keep_their_limits(const World& world) {
  Broken broken;
  for (const ProducerProcess& process : world.processes) {
    process.producer.accumulator().batches.for_each([&](const core::ProducerBatch& batch) {
      const bool fits = batch.builder.size() <= batch.builder.capacity() ||
                        batch.builder.format().is_compressed();  // nobody knows it beforehand
      const bool counted =
          static_cast<std::size_t>(batch.builder.record_count()) == batch.records.size();
      if (!fits || !counted) {
        broken = "batch " + std::to_string(batch.id.value()) +
                 " is larger than its buffer, or "
                 "holds other records than it counts";
      }
    });
  }
  return broken;
}

Broken deque_is_in_order(const core::KafkaProducer& producer, const Deque& deque,
                         const core::RuleSet& rules) {
  std::optional<core::BatchId> last_new;
  std::int32_t last_sequence = -1;
  for (const core::BatchId id : deque.batches) {
    const core::ProducerBatch& batch = producer.accumulator().batches.at(id);
    const bool is_new = batch.attempts == 0 && !batch.is_split;
    if (is_new && last_new && id < *last_new)
      return "a later batch stands before batch " + std::to_string(id.value());
    if (is_new) last_new = id;
    const std::int32_t sequence = batch.builder.base_sequence();
    if (sequence >= 0 && sequence < last_sequence) {
      const bool has_right_books = rules.has(core::Rule::Kafka13794InFlightByIdentity);
      return Breach{"batch " + std::to_string(id.value()) + " stands behind a later sequence",
                    has_right_books ? "" : "before KAFKA-13794"};
    }
    if (sequence < 0 && batch.attempts > 0 && producer.transactions() != nullptr) {
      return "batch " + std::to_string(id.value()) + " was sent without a sequence";
    }
    last_sequence = std::max(last_sequence, sequence);
  }
  return std::nullopt;
}

// Batches that were never sent lie in the order in which they were opened; with idempotence, those
// that have a sequence lie before them, in its order. (Before KAFKA-13794 a batch could be missing
// in the books when sequences began again, and kept its old one.)
Broken deques_are_in_order(const World& world) {
  Broken broken;
  for (const ProducerProcess& process : world.processes) {
    for_each_deque(process.producer.accumulator(), [&](TopicPartition, const Deque& deque) {
      if (broken && broken->spared_by.empty()) return;
      Broken found = deque_is_in_order(process.producer, deque, world.scenario->rules);
      if (found) broken = std::move(found);
    });
  }
  return broken;
}

// A batch is done when its fate is told: nothing of it may wait to be sent again.
Broken nothing_done_waits(const World& world) {
  Broken broken;
  for (const ProducerProcess& process : world.processes) {
    const core::RecordAccumulator& accumulator = process.producer.accumulator();
    for_each_deque(accumulator, [&](TopicPartition, const Deque& deque) {
      for (const core::BatchId id : deque.batches) {
        if (broken || !accumulator.batches.at(id).is_done()) continue;
        broken = "batch " + std::to_string(id.value()) + " is done, and waits to be sent";
      }
    });
  }
  return broken;
}

// guaranteeMessageOrder: where one request may be in flight, a partition has one batch there, no
// matter how many brokers it had for leaders meanwhile. What has expired counts no longer.
Broken one_batch_of_a_partition_at_a_time(const World& world) {
  const bool mutes = world.scenario->rules.has(core::Rule::Kafka3197MutePartition);
  Broken broken;
  for (const ProducerProcess& process : world.processes) {
    const core::KafkaProducer& producer = process.producer;
    if (producer.config().max_in_flight_requests_per_connection > 1) continue;
    producer.sender().in_flight_batches().for_each(
        [&](TopicPartition, const std::vector<core::BatchId>& batches) {
          if (batches.size() < 2) return;
          broken = Breach{"batch " + std::to_string(batches[1].value()) +
                              " is in flight beside batch " + std::to_string(batches[0].value()),
                          mutes ? "" : "before KAFKA-3197"};
        });
  }
  return broken;
}

Broken no_record_is_told_twice(const World& world) {
  for (std::size_t i = 0; i < world.records.size(); ++i) {
    if (world.records[i].completions > 1) {
      return "record " + std::to_string(i) + " was completed more than once";
    }
  }
  return std::nullopt;
}

// When nothing holds a record any more, it has a fate.
Broken every_record_has_a_fate(const World& world) {
  for (std::size_t i = 0; i < world.records.size(); ++i) {
    const RecordEntry& entry = world.records[i];
    const ProducerProcess& process =
        world.processes[static_cast<std::size_t>(entry.producer.value())];
    if (entry.status != RecordStatus::Pending || process.has_exited) continue;
    const bool is_held =
        entry.batch && process.producer.accumulator().batches.contains(*entry.batch);
    if (!is_held && process.producer.sender().is_alive()) {
      return "record " + std::to_string(i) + " was forgotten";
    }
  }
  return std::nullopt;
}

Broken memory_is_free_when_nothing_is_left(const World& world) {
  for (const ProducerProcess& process : world.processes) {
    const core::RecordAccumulator& accumulator = process.producer.accumulator();
    if (accumulator.has_incomplete() || accumulator.pool().waiter_count() > 0) continue;
    const core::BufferPool& pool = accumulator.pool();
    if (pool.available() + pool.lost() != pool.total()) {
      return amount("nothing is left, and available is", pool.available());
    }
  }
  return std::nullopt;
}

// Calls visit(at, partition) for each that there is.
template <class Visit>
void for_each_partition(const World& world, Visit visit) {
  const Cluster& cluster = world.servers.cluster();
  for (const TopicId topic : cluster.topics()) {
    for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) {
      visit(TopicPartition{topic, i}, *cluster.find({topic, i}));
    }
  }
}

template <class... Kinds>
bool has_fault(const Scenario& scenario) {
  return std::any_of(scenario.faults.begin(), scenario.faults.end(), [](const auto& scheduled) {
    return (std::holds_alternative<Kinds>(scheduled.fault) || ...);
  });
}

// Why a broker may forget a producer of which it has batches.
std::string_view why_producers_may_be_forgotten(const Scenario& scenario) {
  const bool takes_any = scenario.cluster.unknown_producer == UnknownProducer::Any;
  if (!takes_any && has_fault<DeleteRecords>(scenario)) return "records that are deleted";
  if (has_fault<SkewClock>(scenario)) return "clocks that are wrong";
  const bool expires = scenario.cluster.producer_id_expiration < scenario.limit - Instant{};
  return expires ? "producer ids that expire" : "";
}

// Why a record that its leader acknowledged may be gone: where a replica may lead that does not
// have it, and where a batch of the scenario gives up its sequence to another.
std::string_view why_what_is_acknowledged_may_be_lost(const Scenario& scenario) {
  const ReplicationSpec& replication = scenario.cluster.replication;
  if (replication.unclean_elections) return "unclean elections";
  if (replication.truncates_to_high_watermark) return "before KIP-101";
  if (!scenario.cluster.produce_rules.empty()) return "rules of the scenario that answer produce";
  if (appends_what_it_refuses(scenario)) return "batches that are appended and refused for good";
  if (has_fault<DeleteTopic>(scenario)) return "topics that are deleted";
  return {};
}

// What a leader acknowledged stands in the log where it said; with replicas that have logs of their
// own, what all in-sync replicas acknowledged.
Broken what_is_acknowledged_is_in_the_log(const World& world) {
  std::vector<bool> is_there(world.records.size());
  std::set<TopicPartition> replicated;
  for_each_partition(world, [&](TopicPartition at, const Partition& partition) {
    if (partition.is_replicated()) replicated.insert(at);
    for (const LoggedRecord& record : partition.log.records()) {
      if (!record.id) continue;
      const auto id = static_cast<std::size_t>(record.id->value());
      const RecordEntry& entry = world.records[id];
      if (entry.partition == at && entry.offset == record.offset) is_there[id] = true;
    }
  });
  Broken broken;
  for (std::size_t i = 0; i < world.records.size(); ++i) {
    const RecordEntry& entry = world.records[i];
    if (entry.status != RecordStatus::Acknowledged || entry.offset < 0 || is_there[i]) continue;
    const auto& producer = world.processes[static_cast<std::size_t>(entry.producer.value())];
    const bool is_of_all = producer.producer.config().acks == core::Acks::All;
    std::string_view spared_by = why_what_is_acknowledged_may_be_lost(*world.scenario);
    if (spared_by.empty()) {
      spared_by = why_sequences_begin_again(entry.producer, entry.partition, world);
    }
    if (!is_of_all && replicated.contains(entry.partition)) spared_by = "acks=1";
    broken = Breach{"record " + std::to_string(i) + " was acknowledged, and is not at offset " +
                        std::to_string(entry.offset),
                    spared_by};
    if (spared_by.empty()) break;
  }
  return broken;
}

// Whoever has an id and an epoch writes its sequences one behind another: none is left out, and
// none stands there for another time.
Broken sequences_in_logs_have_no_gap(const World& world) {
  Broken broken;
  for_each_partition(world, [&](TopicPartition, const Partition& partition) {
    std::map<std::int64_t, const core::RecordBatchHeader*> last;  // by producer id
    for (std::size_t i = 0; i < partition.log.batch_count(); ++i) {
      const core::RecordBatchHeader& header = partition.log.batch(i).header;
      if (header.is_control() || !header.producer_id_and_epoch.is_valid()) continue;
      const core::RecordBatchHeader*& before = last[header.producer_id_and_epoch.producer_id];
      if (before != nullptr && before->producer_id_and_epoch == header.producer_id_and_epoch &&
          header.base_sequence != core::advance_sequence(before->last_sequence(), 1)) {
        broken = Breach{"sequence " + std::to_string(header.base_sequence) + " stands behind " +
                            std::to_string(before->last_sequence()),
                        why_producers_may_be_forgotten(*world.scenario)};
      }
      before = &header;
    }
  });
  return broken;
}

// Why a thread's records may stand in a log in another order than it sent them; empty: they may
// not.
std::string_view why_no_order_in_logs(const RecordEntry& late, const World& world) {
  const auto producer = static_cast<std::size_t>(late.producer.value());
  const core::ProducerConfig& config = world.processes[producer].producer.config();
  const Scenario& scenario = *world.scenario;
  if (config.enable_idempotence) {
    if (scenario.cluster.unknown_producer == UnknownProducer::Any) {
      const std::string_view forgotten = why_producers_may_be_forgotten(scenario);
      return forgotten.empty() ? "brokers take any first sequence" : forgotten;
    }
    const std::string_view again = why_sequences_begin_again(late.producer, late.partition, world);
    if (!again.empty()) return again;
  } else {
    if (config.max_in_flight_requests_per_connection > 1) {
      return "several in flight without idempotence";
    }
    if (!scenario.rules.has(core::Rule::Kafka3197MutePartition)) return "before KAFKA-3197";
    if (config.acks == core::Acks::None) return "acks=0";
  }
  if (late.status == RecordStatus::Failed) return "what has failed may be written later";
  return {};
}

// First copies alone: whoever sends a record again may find another one behind the first.
Broken logs_keep_the_order(const World& world) {
  Broken broken;
  for_each_partition(world, [&](TopicPartition, const Partition& partition) {
    std::vector<bool> is_there(world.records.size());
    std::map<core::ThreadId, core::RecordId> last;
    for (const LoggedRecord& record : partition.log.records()) {
      if (!record.id || is_there[static_cast<std::size_t>(record.id->value())]) continue;
      is_there[static_cast<std::size_t>(record.id->value())] = true;
      const RecordEntry& entry = world.records[static_cast<std::size_t>(record.id->value())];
      const auto [before, is_first] = last.try_emplace(entry.thread, *record.id);
      if (is_first || before->second < *record.id) {
        before->second = *record.id;
        continue;
      }
      if (broken && broken->spared_by.empty()) continue;
      broken = Breach{"record " + std::to_string(record.id->value()) + " stands behind record " +
                          std::to_string(before->second.value()),
                      why_no_order_in_logs(entry, world)};
    }
  });
  return broken;
}

constexpr std::array kLawsOfAStep{
    Law{"the pool's books balance", pool_books_balance},
    Law{"no memory is lost", no_memory_is_lost},
    Law{"no more requests in flight than allowed", no_more_in_flight_than_allowed},
    Law{"batches keep their limits", batches_keep_their_limits},
    Law{"deques are in order", deques_are_in_order},
    Law{"nothing that is done waits", nothing_done_waits},
    Law{"one batch of a partition at a time", one_batch_of_a_partition_at_a_time},
    Law{"nobody who could go on is forgotten", nobody_is_forgotten},
};

constexpr std::array kLawsOfARun{
    Law{"no record is told its fate twice", no_record_is_told_twice},
    Law{"every record has a fate, or is held", every_record_has_a_fate},
    Law{"all memory is free when nothing is left", memory_is_free_when_nothing_is_left},
    Law{"what is acknowledged is in the log", what_is_acknowledged_is_in_the_log},
    Law{"sequences in the logs have no gap", sequences_in_logs_have_no_gap},
    Law{"logs keep the order of each thread", logs_keep_the_order},
};

}  // namespace

// A producer that gives up such a batch may use its sequence once more, for what is a duplicate
// then.
bool appends_what_it_refuses(const Scenario& scenario) {
  return std::any_of(scenario.faults.begin(), scenario.faults.end(), [](const auto& scheduled) {
    const auto* fails = std::get_if<FailProduce>(&scheduled.fault);
    return fails != nullptr && fails->append && !core::is_retriable(fails->error);
  });
}

std::string_view why_sequences_begin_again(ProducerIndex producer, TopicPartition partition,
                                           const World& world) {
  for (std::size_t i = 0; i < world.records.size(); ++i) {
    const RecordEntry& entry = world.records[i];
    const bool is_unknown =
        entry.error && entry.error->exception == core::Exception::UnknownProducerIdException;
    if (is_unknown && entry.producer == producer && entry.partition == partition) {
      return "a producer that was not known begins again";
    }
  }
  return {};
}

void note(std::string_view law, const Breach& breach, std::int64_t step, Instant at,
          std::vector<BrokenLaw>& broken, std::vector<BrokenLaw>* spared) {
  std::vector<BrokenLaw>* const list = breach.spared_by.empty() ? &broken : spared;
  if (list == nullptr) return;
  const auto is_this = [&](const BrokenLaw& known) {
    return known.name == law && known.spared_by == breach.spared_by;
  };
  if (std::any_of(list->begin(), list->end(), is_this)) return;
  list->push_back({std::string{law}, breach.what, step, at, breach.spared_by});
}

void check(std::span<const Law> laws, const World& world, std::vector<BrokenLaw>& broken,
           std::vector<BrokenLaw>* spared) {
  for (const Law& law : laws) {
    const Broken breach = law.broken(world);
    if (breach) note(law.name, *breach, world.steps, world.now, broken, spared);
  }
}

std::span<const Law> laws_of_a_step() {
  return kLawsOfAStep;
}
std::span<const Law> laws_of_a_run() {
  return kLawsOfARun;
}

}  // namespace linger::sim
