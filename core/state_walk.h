// What of a producer decides what it may do from now on.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/id.h"
#include "core/kafka_producer.h"
#include "core/producer_config.h"
#include "core/state_key.h"

namespace linger::core {

// Takes a producer into a key. What is left out is settings, which never change; what follows from
// something else; what is only told (metrics, the last decisions, sizes and times of what is over);
// and what the bytes of records are, of which only the size decides anything.
//
// Whoever may see the parts of a class that nobody else sees makes this class a friend.
// Requires: no offsets in a transaction, and no user code that holds the sender's thread.
class StateWalk {
 public:
  // `records`: by what each record is known, by its id.
  StateWalk(StateKey& key, const std::vector<std::int64_t>& records)
      : key_{key}, records_{records} {}

  void walk(const KafkaProducer& producer);
  // Of the producer that was walked last.
  void walk(const SendCall& call);
  void walk(const FlushCall& call);
  void walk(const FutureCall& call);
  void walk(const CloseCall& call);
  void walk(const TransactionCall& call);
  // The record's own name; unlike an id it says the order of send() in its partition.
  void record(RecordId record) { key_.add(records_[static_cast<std::size_t>(record.value())]); }

 private:
  void walk(const RecordAccumulator& accumulator);
  void walk(const BuiltInPartitioner& partitioner);
  void walk(const ClassPartitioner& partitioner);
  void walk(const ProducerBatch& batch);
  void walk(const MemoryRecordsBuilder& builder);
  void walk(const BufferPool& pool);
  void walk(const Metadata& metadata);
  void walk(const MetadataSnapshot& snapshot);
  void walk(const NetworkClient& client);
  void walk(const ClusterConnectionStates& connections);
  void walk(const InFlightRequest& request);
  void walk(const Selector& selector);
  void walk(const KafkaChannel& channel);
  void walk(const NetworkSend& send);
  void walk(const Sender& sender);
  void walk(const TransactionManager& transactions);
  void walk_transaction(const TransactionManager& transactions);
  void walk(const TransactionalRequest& request);
  void walk(const AppendCall& call);
  void walk(const ProducerRecord& record);
  void walk_other_batches();
  void batch(BatchId id);
  void batches(const std::vector<BatchId>& ids);
  void result(ResultId id);
  void result(const std::optional<TransactionResultId>& id);
  void error(const std::optional<ClientError>& error);
  template <class Map>
  void deadlines(const Map& at);
  Milliseconds longest_backoff() const;

  StateKey& key_;
  const std::vector<std::int64_t>& records_;
  const ProducerConfig* config_ = nullptr;
  const RecordAccumulator* accumulator_ = nullptr;
  const Metadata* metadata_ = nullptr;
  const TransactionManager* transactions_ = nullptr;
  FirstMet batches_;
  FirstMet results_;
  FirstMet buffers_;
  FirstMet waiters_;
  FirstMet transaction_results_;
};

// Answers that stand behind one another, each with its size in front, without their correlation
// ids.
void add_responses(StateKey& key, ByteSpan stream);

}  // namespace linger::core
