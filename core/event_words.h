// The words events are told in: streams, states, kinds.
#pragma once

namespace linger::core {

// Digests of a trace exist per stream, so that a new field in one leaves the others as they were.
enum class Stream { Application, Producer, Network, Brokers, Decisions };

// What an application thread, or the sender, can wait for.
enum class BlockedOn {
  Metadata,
  Memory,
  Flush,
  Future,
  SenderExit,
  UserCode,
  EndlessLoop,
  Transaction
};

// Code of the user's that the producer calls, and stops at until it is told the answer.
enum class UserCallKind {
  OnSend,        // ProducerInterceptor.onSend
  SerializeKey,  // Serializer.serialize
  SerializeValue,
  Partition,          // Partitioner.partition
  OnAcknowledgement,  // ProducerInterceptor.onAcknowledgement
  Callback,           // Callback.onCompletion
};

enum class PartitionChoice { Explicit, KeyHash, Sticky, RoundRobin, Custom };
enum class Delivery { Delivered, Thrown };  // through the failed future, or out of send() itself
enum class BatchState { Open, Aborted, Failed, Succeeded };
enum class MemorySource { FreeList, NonPooled, Heap };  // Heap: a split batch, not the pool's
enum class ConnectionState {
  Disconnected,
  Connecting,
  CheckingApiVersions,
  Ready,
  AuthenticationFailed
};

// In Kafka: TransactionManager.State.
enum class TransactionState {
  Uninitialized,
  Initializing,
  Ready,
  InTransaction,
  CommittingTransaction,
  AbortingTransaction,
  AbortableError,
  FatalError
};

// The methods of a transactional producer.
enum class TransactionMethod {
  InitTransactions,
  BeginTransaction,
  SendOffsetsToTransaction,
  CommitTransaction,
  AbortTransaction
};

// How a call of them ended: at once, when its result was there, with a failed result, by throwing
// at once, or at max.block.ms.
enum class CallOutcome { Ok, Done, Failed, Threw, TimedOut };

enum class RequestOutcome { Ok, Disconnected, TimedOut, VersionMismatch, NoResponseExpected };

}  // namespace linger::core
