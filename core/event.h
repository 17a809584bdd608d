// Everything the producer does that can be seen, as values: what happened, and what was decided.
//
// Each event names itself, the stream it belongs to, and its fields, once: the trace's JSON, its
// text, its digests and the viewer all read them through visit(). A decision is the very struct the
// producer acted on.
#pragma once

#include <variant>

#include "core/application_events.h"
#include "core/decision_events.h"
#include "core/event_words.h"
#include "core/network_events.h"
#include "core/producer_events.h"
#include "core/transaction_events.h"

namespace linger::core {

using EventKinds =
    std::variant<ReadinessDecision, NodeDecision, DrainDecision, RetryDecision, SleepDecision,
                 SendCalled, PartitionChosen, SendReturned, SendFailed, CallBlocked, CallResumed,
                 UserCallStarted, UserCallEnded, FlushStarted, FlushEnded, CloseStarted, CloseEnded,
                 RecordCompleted, MemoryAllocated, MemoryReleased, WaiterGathered, BatchOpened,
                 RecordAppended, BatchClosedForAppends, BatchDrained, BatchRetried, BatchSplit,
                 BatchExpired, BatchCompleted, LateAnswerIgnored, PartitionMuted, ProducerIdSet,
                 SequencesReset, SequenceUnresolved, TransactionStateChanged, TransitionRefused,
                 TransactionalCallStarted, TransactionalCallEnded, TransactionRequestSent,
                 TransactionRequestAnswered, SenderBackedOff, BatchesAborted, SenderPassStarted,
                 SenderSlept, SenderStopped, Logged, ConnectionChanged, RequestSent, RequestWritten,
                 RequestCompleted, BytesMoved, MetadataUpdateRequested, MetadataUpdated,
                 LeaderLearned, NodeThrottled>;

// Copying, moving and destroying so many kinds costs a compiler seconds: it is done once, in
// event.cc, and not wherever an event is added to a list.
struct Event : EventKinds {
  using EventKinds::EventKinds;
  Event(const Event&);
  Event(Event&&) noexcept;
  Event& operator=(const Event&);
  Event& operator=(Event&&) noexcept;
  ~Event();
};

}  // namespace linger::core
