#include "sim/query_names.h"

#include <array>

#include <fmt/format.h>

#include "core/check.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

using enum WorldName;
using enum ArgumentKind;
using Type = ValueType;

constexpr std::string_view kRecordStates = "sending|queued|acknowledged|failed|refused";
constexpr std::string_view kBatchStates =
    "open|waiting|in flight|retrying|succeeded|failed|aborted";
constexpr std::string_view kTransactionStates =
    "UNINITIALIZED|INITIALIZING|READY|IN_TRANSACTION|COMMITTING_TRANSACTION|ABORTING_TRANSACTION|"
    "ABORTABLE_ERROR|FATAL_ERROR";
constexpr std::string_view kConnectionStates =
    "disconnected|connecting|checking api versions|ready|authentication failed";
constexpr std::string_view kCoordinatorStates =
    "none|Empty|Ongoing|PrepareCommit|PrepareAbort|CompleteCommit|CompleteAbort";
constexpr std::string_view kBlockedOn =
    "metadata|memory|flush|future|sender exit|user code|transaction";

constexpr std::array kWorldNames{
    WorldNameInfo{Now, "", Nothing, "now", Type::Time, "", false, "the time since the run began"},
    WorldNameInfo{Step, "", Nothing, "step", Type::Integer, "", false, "steps of the world so far"},

    WorldNameInfo{RecordsSent, "records", Nothing, "sent", Type::Integer, "", true,
                  "records given to send()"},
    WorldNameInfo{RecordsAcknowledged, "records", Nothing, "acknowledged", Type::Integer, "", true,
                  "completed without an error"},
    WorldNameInfo{RecordsFailed, "records", Nothing, "failed", Type::Integer, "", true,
                  "completed with an error"},
    WorldNameInfo{RecordsRefused, "records", Nothing, "refused", Type::Integer, "", true,
                  "send() threw"},
    WorldNameInfo{RecordsPending, "records", Nothing, "pending", Type::Integer, "", true,
                  "sent, and none of these yet"},
    WorldNameInfo{WorldName::RecordsLost, "records", Nothing, "lost", Type::Integer, "", true,
                  "acknowledged, and in no leader's log"},
    WorldNameInfo{RecordStatus, "record", Number, "state", Type::Text, kRecordStates, true,
                  "sending: send() has not returned"},
    WorldNameInfo{RecordPartition, "record", Number, "partition", Type::Text, "", true,
                  "'orders-0', once chosen"},
    WorldNameInfo{RecordBatch, "record", Number, "batch", Type::Integer, "", true,
                  "the batch it is in"},
    WorldNameInfo{RecordOffset, "record", Number, "offset", Type::Integer, "", true,
                  "as acknowledged; -1 with acks=0"},
    WorldNameInfo{RecordError, "record", Number, "error", Type::Text, "", true,
                  "the exception it failed with: 'TimeoutException'"},
    WorldNameInfo{RecordSentAt, "record", Number, "sent_at", Type::Time, "", true,
                  "when send() was called"},
    WorldNameInfo{RecordCompletedAt, "record", Number, "completed_at", Type::Time, "", true,
                  "when its fate was known"},

    WorldNameInfo{BatchesOpened, "batches", Nothing, "opened", Type::Integer, "", true,
                  "batches so far; the last one is batch(batches.opened - 1)"},
    WorldNameInfo{BatchesIncomplete, "batches", Nothing, "incomplete", Type::Integer, "", true,
                  "opened and not completed: what flush() waits for"},
    WorldNameInfo{BatchesQueued, "batches", Nothing, "queued", Type::Integer, "", true,
                  "in the deques"},
    WorldNameInfo{BatchesInFlight, "batches", Nothing, "in_flight", Type::Integer, "", true,
                  "in requests that are not answered"},
    WorldNameInfo{BatchStatus, "batch", Number, "state", Type::Text, kBatchStates, true,
                  "waiting: full and in its deque; retrying: back in its deque"},
    WorldNameInfo{BatchPartition, "batch", Number, "partition", Type::Text, "", true, "'orders-0'"},
    WorldNameInfo{BatchRecords, "batch", Number, "records", Type::Integer, "", true,
                  "records in it"},
    WorldNameInfo{BatchBytes, "batch", Number, "bytes", Type::Integer, "", true,
                  "its size: an estimate while it is open"},
    WorldNameInfo{BatchAttempts, "batch", Number, "attempts", Type::Integer, "", true,
                  "sendings that failed"},
    WorldNameInfo{BatchSequence, "batch", Number, "sequence", Type::Integer, "", true,
                  "its first sequence number; -1: none yet"},
    WorldNameInfo{BatchAge, "batch", Number, "age", Type::Time, "", true, "since it was opened"},

    WorldNameInfo{PartitionDeque, "partition", Partition, "deque", Type::Integer, "", true,
                  "batches in its deque"},
    WorldNameInfo{PartitionInFlight, "partition", Partition, "in_flight", Type::Integer, "", true,
                  "its batches in requests that are not answered"},
    WorldNameInfo{PartitionMuted, "partition", Partition, "muted", Type::Boolean, "", true,
                  "nothing more of it is sent for now"},
    WorldNameInfo{PartitionLeader, "partition", Partition, "leader", Type::Integer, "", true,
                  "the broker that the producer believes to lead it"},
    WorldNameInfo{PartitionLeaderEpoch, "partition", Partition, "leader_epoch", Type::Integer, "",
                  true, "as the producer knows it"},
    WorldNameInfo{PartitionNextSequence, "partition", Partition, "next_sequence", Type::Integer, "",
                  true, "which the next batch will get"},

    WorldNameInfo{PoolTotal, "pool", Nothing, "total", Type::Integer, "", true, "buffer.memory"},
    WorldNameInfo{PoolAvailable, "pool", Nothing, "available", Type::Integer, "", true,
                  "bytes that are free, in buffers or not"},
    WorldNameInfo{PoolNonPooled, "pool", Nothing, "non_pooled", Type::Integer, "", true,
                  "of these, the bytes in no buffer"},
    WorldNameInfo{PoolFreeBuffers, "pool", Nothing, "free_buffers", Type::Integer, "", true,
                  "idle buffers of batch.size"},
    WorldNameInfo{PoolWaiters, "pool", Nothing, "waiters", Type::Integer, "", true,
                  "threads that wait for memory"},
    WorldNameInfo{PoolLost, "pool", Nothing, "lost", Type::Integer, "", true,
                  "bytes lost for good (KAFKA-4840)"},

    WorldNameInfo{RequestsSent, "requests", Nothing, "sent", Type::Integer, "", true,
                  "produce requests so far"},
    WorldNameInfo{RequestsInFlight, "requests", Nothing, "in_flight", Type::Integer, "", true,
                  "requests of any kind that are not answered"},
    WorldNameInfo{NodeConnection, "node", Number, "connection", Type::Text, kConnectionStates, true,
                  "to the broker, as the producer sees it"},
    WorldNameInfo{NodeInFlight, "node", Number, "in_flight", Type::Integer, "", true,
                  "requests to the broker that are not answered"},

    WorldNameInfo{ProducerId, "producer", Nothing, "id", Type::Integer, "", true,
                  "of an idempotent producer; -1: none yet"},
    WorldNameInfo{ProducerEpoch, "producer", Nothing, "epoch", Type::Integer, "", true,
                  "the epoch of that id"},
    WorldNameInfo{ProducerStatus, "producer", Nothing, "state", Type::Text,
                  "running|closing|closed", true, "of its sender"},
    WorldNameInfo{ProducerTransactionState, "producer", Nothing, "transaction_state", Type::Text,
                  kTransactionStates, true,
                  "of its transaction manager, if it has a transactional.id"},
    WorldNameInfo{ProducerTransactionPartitions, "producer", Nothing, "transaction_partitions",
                  Type::Integer, "", true, "partitions that are part of its transaction"},
    WorldNameInfo{ProducerFlushing, "producer", Nothing, "flushing", Type::Boolean, "", true,
                  "some thread is in flush()"},
    WorldNameInfo{ProducerBlockedThreads, "producer", Nothing, "blocked_threads", Type::Integer, "",
                  true, "application threads that wait inside a call"},
    WorldNameInfo{ThreadStatus, "thread", Name, "state", Type::Text,
                  "running|blocked|sleeping|ended", false, "of an application thread"},
    WorldNameInfo{ThreadBlockedOn, "thread", Name, "blocked_on", Type::Text, kBlockedOn, false,
                  "what it waits for"},

    WorldNameInfo{LogRecords, "log", Partition, "records", Type::Integer, "", false,
                  "records in the partition's log"},
    WorldNameInfo{LogBatches, "log", Partition, "batches", Type::Integer, "", false,
                  "batches in the log"},
    WorldNameInfo{LogHighWatermark, "log", Partition, "high_watermark", Type::Integer, "", false,
                  "offsets below are replicated"},
    WorldNameInfo{LogLeader, "log", Partition, "leader", Type::Integer, "", false,
                  "the broker that does lead it"},
    WorldNameInfo{LogDuplicates, "log", Partition, "duplicates", Type::Integer, "", false,
                  "records that stand in the log for another time"},
    WorldNameInfo{LogIsInOrder, "log", Partition, "is_in_order", Type::Boolean, "", false,
                  "first occurrences stand in the order of send()"},
    WorldNameInfo{LogEndOffset, "log", Partition, "end_offset", Type::Integer, "", false,
                  "which the next record will get: records and markers"},
    WorldNameInfo{LogStartOffset, "log", Partition, "start_offset", Type::Integer, "", false,
                  "records below were deleted"},
    WorldNameInfo{LogMarkers, "log", Partition, "markers", Type::Integer, "", false,
                  "commit and abort markers in the log"},
    WorldNameInfo{LogLastStableOffset, "log", Partition, "last_stable_offset", Type::Integer, "",
                  false, "read_committed readers see nothing from here on"},
    WorldNameInfo{LogReadCommitted, "log", Partition, "read_committed", Type::Integer, "", false,
                  "records that a read_committed reader sees"},
    WorldNameInfo{LogLeaderEpoch, "log", Partition, "leader_epoch", Type::Integer, "", false,
                  "how often its leader has changed"},
    WorldNameInfo{LogInSync, "log", Partition, "in_sync", Type::Integer, "", false,
                  "replicas that are in sync, the leader among them"},
    WorldNameInfo{LogLost, "log", Partition, "lost", Type::Integer, "", false,
                  "records acknowledged, and not in the log of who leads"},
    WorldNameInfo{TransactionStatus, "transaction", Key, "state", Type::Text, kCoordinatorStates,
                  false, "of the transactional id, as its coordinator knows it"},
    WorldNameInfo{TransactionProducerId, "transaction", Key, "producer_id", Type::Integer, "",
                  false, "of the transactional id; none: nobody initialised it"},
    WorldNameInfo{TransactionEpoch, "transaction", Key, "epoch", Type::Integer, "", false,
                  "the newest: whoever has an older one is fenced"},
    WorldNameInfo{TransactionPartitions, "transaction", Key, "partitions", Type::Integer, "", false,
                  "that belong to the transaction"},
    WorldNameInfo{WorldName::TransactionCoordinator, "transaction", Key, "coordinator",
                  Type::Integer, "", false, "the broker that coordinates it"},
    WorldNameInfo{GroupCommitted, "group", Key, "committed", Type::Integer, "", false,
                  "partitions with a committed offset"},
    WorldNameInfo{GroupPending, "group", Key, "pending", Type::Integer, "", false,
                  "offsets that wait for the end of a transaction"},
    WorldNameInfo{WorldName::GroupCoordinator, "group", Key, "coordinator", Type::Integer, "",
                  false, "the broker that coordinates it"},
    WorldNameInfo{BrokerStatus, "broker", Number, "state", Type::Text, "up|silent|down|paused",
                  false, "of the broker"},
    WorldNameInfo{BrokerConnections, "broker", Number, "connections", Type::Integer, "", false,
                  "open connections to it"},
    WorldNameInfo{BrokerQueued, "broker", Number, "queued", Type::Integer, "", false,
                  "requests it has and did not answer"},
};

constexpr bool is_in_order_of_the_enum() {
  for (std::size_t i = 0; i < kWorldNames.size(); ++i) {
    if (static_cast<std::size_t>(kWorldNames[i].name) != i) return false;
  }
  return kWorldNames.back().name == BrokerQueued;
}
static_assert(is_in_order_of_the_enum());

std::string_view placeholder(ArgumentKind argument) {
  switch (argument) {
    case Nothing:
      return "";
    case Number:
      return "(n)";
    case Partition:
      return "('t-0')";
    case Name:
      return "('A')";
    case Key:
      return "('x')";
  }
  return "";
}

// The type, or the texts it can be.
std::string type_in_table(const WorldNameInfo& info) {
  switch (info.type) {
    case Type::Nothing:
      return "none";
    case Type::Boolean:
      return "boolean";
    case Type::Integer:
      return "integer";
    case Type::Time:
      return "duration";
    case Type::Text:
      break;
  }
  if (info.words.empty()) return "text";
  std::string words;
  for (const char c : info.words) words += c == '|' ? std::string{"', '"} : std::string{c};
  return fmt::format("'{}'", words);
}

std::string argument_text(const WorldReference& reference) {
  switch (info(reference.name).argument) {
    case Nothing:
      return "";
    case Number:
      return fmt::format("({})", reference.number);
    case Partition:
      return fmt::format("('{}')", partition_text(reference.partition));
    case Name:
    case Key:
      return fmt::format("({})", value_text(reference.text));
  }
  return "";
}

}  // namespace

std::span<const WorldNameInfo> world_names() {
  return kWorldNames;
}

const WorldNameInfo& info(WorldName name) {
  CHECK(static_cast<std::size_t>(name) < kWorldNames.size());
  return kWorldNames[static_cast<std::size_t>(name)];
}

std::string world_name_text(const WorldNameInfo& info) {
  if (info.object.empty()) return std::string{info.field};
  return fmt::format("{}{}.{}", info.object, placeholder(info.argument), info.field);
}

std::string world_names_table() {
  std::string table = "| name | type | meaning |\n|---|---|---|\n";
  for (const WorldNameInfo& info : kWorldNames) {
    table += fmt::format("| `{}` | {} | {} |\n", world_name_text(info), type_in_table(info),
                         info.meaning);
  }
  return table;
}

std::string reference_text(const WorldReference& reference) {
  const WorldNameInfo& name = info(reference.name);
  if (name.object.empty()) return std::string{name.field};
  std::string text;
  if (reference.producer) {
    text = fmt::format("producer({}).", value_text(*reference.producer));
    if (name.object == "producer") return text + std::string{name.field};
  }
  return text + fmt::format("{}{}.{}", name.object, argument_text(reference), name.field);
}

}  // namespace linger::sim
