// The names a query may use for the state of the world: `pool.available`, `batch(3).attempts`.
// Whoever holds a world implements all of them, in one switch over WorldName.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/fault.h"
#include "sim/query.h"

namespace linger::sim {

// In the order of the table in query_names.cc, which says what each of them means.
enum class WorldName : std::uint8_t {
  Now,
  Step,
  RecordsSent,
  RecordsAcknowledged,
  RecordsFailed,
  RecordsRefused,
  RecordsPending,
  RecordsLost,
  RecordStatus,
  RecordPartition,
  RecordBatch,
  RecordOffset,
  RecordError,
  RecordSentAt,
  RecordCompletedAt,
  BatchesOpened,
  BatchesIncomplete,
  BatchesQueued,
  BatchesInFlight,
  BatchStatus,
  BatchPartition,
  BatchRecords,
  BatchBytes,
  BatchAttempts,
  BatchSequence,
  BatchAge,
  PartitionDeque,
  PartitionInFlight,
  PartitionMuted,
  PartitionLeader,
  PartitionLeaderEpoch,
  PartitionNextSequence,
  PoolTotal,
  PoolAvailable,
  PoolNonPooled,
  PoolFreeBuffers,
  PoolWaiters,
  PoolLost,
  RequestsSent,
  RequestsInFlight,
  NodeConnection,
  NodeInFlight,
  ProducerId,
  ProducerEpoch,
  ProducerStatus,
  ProducerTransactionState,
  ProducerTransactionPartitions,
  ProducerFlushing,
  ProducerBlockedThreads,
  ThreadStatus,
  ThreadBlockedOn,
  LogRecords,
  LogBatches,
  LogHighWatermark,
  LogLeader,
  LogDuplicates,
  LogIsInOrder,
  LogEndOffset,
  LogStartOffset,
  LogMarkers,
  LogLastStableOffset,
  LogReadCommitted,
  LogLeaderEpoch,
  LogInSync,
  LogLost,
  TransactionStatus,
  TransactionProducerId,
  TransactionEpoch,
  TransactionPartitions,
  TransactionCoordinator,
  GroupCommitted,
  GroupPending,
  GroupCoordinator,
  BrokerStatus,
  BrokerConnections,
  BrokerQueued,
};

enum class ArgumentKind : std::uint8_t { Nothing, Number, Partition, Name, Key };

struct WorldNameInfo {
  WorldName name;
  std::string_view object;  // "batch"; empty for `now` and `step`
  ArgumentKind argument;
  std::string_view field;  // "attempts"
  ValueType type;
  std::string_view words;  // the texts it can be, separated by "|"; empty: any
  bool of_producer;        // may be asked of one producer: producer('B').pool.available
  std::string_view meaning;
};

std::span<const WorldNameInfo> world_names();
const WorldNameInfo& info(WorldName name);
std::string world_name_text(const WorldNameInfo& info);  // "batch(n).attempts"

// All names as the table in scenarios/README.md has them.
std::string world_names_table();

// A name as a query mentions it, its argument evaluated.
struct WorldReference {
  WorldName name = WorldName::Now;
  std::optional<std::string> producer;  // none: the first; for records.* the whole run's
  std::int64_t number = 0;              // batch(n), record(n), node(n), broker(n)
  PartitionName partition;              // partition('orders-0'), log('orders-0')
  std::string text;                     // thread('A'), transaction('x'), group('g')
};

// As a query would write it, for messages: "batch(3).attempts".
std::string reference_text(const WorldReference& reference);

}  // namespace linger::sim
