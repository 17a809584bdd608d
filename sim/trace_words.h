// The sentence for each kind of event, and the phrases they share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "sim/sim_event.h"
#include "sim/trace_names.h"
#include "sim/trace_text.h"

namespace linger::sim {

// Phrases.
std::string partition_words(core::TopicPartition partition, const TraceNames& names);
// "broker 0", "bootstrap 1", "no broker"
std::string broker_words(std::optional<core::NodeId> node);
std::string thread_words(core::ThreadId thread, const TraceNames& names);  // "A", "thread 2"
std::string bytes_words(core::Bytes bytes);                                // "933 bytes"
std::string count_words(std::int64_t count, std::string_view noun);        // "1 record"
std::string time_words(core::Milliseconds time);                     // "5 ms", "without limit"
std::string batch_words(const std::vector<core::BatchId>& batches);  // "batch 3", "batches 3, 4"

// Decisions: trace_words_decisions.cc.
EventText words(const core::ReadinessDecision& event, const TraceNames& names);
EventText words(const core::NodeDecision& event, const TraceNames& names);
EventText words(const core::DrainDecision& event, const TraceNames& names);
EventText words(const core::RetryDecision& event, const TraceNames& names);
EventText words(const core::SleepDecision& event, const TraceNames& names);

// Applications: trace_words_application.cc.
EventText words(const core::SendCalled& event, const TraceNames& names);
EventText words(const core::PartitionChosen& event, const TraceNames& names);
EventText words(const core::SendReturned& event, const TraceNames& names);
EventText words(const core::SendFailed& event, const TraceNames& names);
EventText words(const core::CallBlocked& event, const TraceNames& names);
EventText words(const core::CallResumed& event, const TraceNames& names);
EventText words(const core::UserCallStarted& event, const TraceNames& names);
EventText words(const core::UserCallEnded& event, const TraceNames& names);
EventText words(const core::FlushStarted& event, const TraceNames& names);
EventText words(const core::FlushEnded& event, const TraceNames& names);
EventText words(const core::CloseStarted& event, const TraceNames& names);
EventText words(const core::CloseEnded& event, const TraceNames& names);
EventText words(const core::RecordCompleted& event, const TraceNames& names);

// Pool, accumulator and sender: trace_words_producer.cc.
EventText words(const core::MemoryAllocated& event, const TraceNames& names);
EventText words(const core::MemoryReleased& event, const TraceNames& names);
EventText words(const core::WaiterGathered& event, const TraceNames& names);
EventText words(const core::BatchOpened& event, const TraceNames& names);
EventText words(const core::RecordAppended& event, const TraceNames& names);
EventText words(const core::BatchClosedForAppends& event, const TraceNames& names);
EventText words(const core::BatchDrained& event, const TraceNames& names);
EventText words(const core::BatchRetried& event, const TraceNames& names);
EventText words(const core::BatchSplit& event, const TraceNames& names);
EventText words(const core::BatchExpired& event, const TraceNames& names);
EventText words(const core::BatchCompleted& event, const TraceNames& names);
EventText words(const core::LateAnswerIgnored& event, const TraceNames& names);
EventText words(const core::PartitionMuted& event, const TraceNames& names);
EventText words(const core::ProducerIdSet& event, const TraceNames& names);
EventText words(const core::SequencesReset& event, const TraceNames& names);
EventText words(const core::SequenceUnresolved& event, const TraceNames& names);
EventText words(const core::SenderBackedOff& event, const TraceNames& names);
EventText words(const core::BatchesAborted& event, const TraceNames& names);
EventText words(const core::SenderPassStarted& event, const TraceNames& names);
EventText words(const core::SenderSlept& event, const TraceNames& names);
EventText words(const core::SenderStopped& event, const TraceNames& names);
EventText words(const core::Logged& event, const TraceNames& names);

// Transactions: trace_words_transactions.cc.
EventText words(const core::TransactionStateChanged& event, const TraceNames& names);
EventText words(const core::TransitionRefused& event, const TraceNames& names);
EventText words(const core::TransactionalCallStarted& event, const TraceNames& names);
EventText words(const core::TransactionalCallEnded& event, const TraceNames& names);
EventText words(const core::TransactionRequestSent& event, const TraceNames& names);
EventText words(const core::TransactionRequestAnswered& event, const TraceNames& names);

// Network client, wires and brokers: trace_words_network.cc.
EventText words(const core::ConnectionChanged& event, const TraceNames& names);
EventText words(const core::RequestSent& event, const TraceNames& names);
EventText words(const core::RequestWritten& event, const TraceNames& names);
EventText words(const core::RequestCompleted& event, const TraceNames& names);
EventText words(const core::BytesMoved& event, const TraceNames& names);
EventText words(const core::MetadataUpdateRequested& event, const TraceNames& names);
EventText words(const core::MetadataUpdated& event, const TraceNames& names);
EventText words(const core::LeaderLearned& event, const TraceNames& names);
EventText words(const core::NodeThrottled& event, const TraceNames& names);
EventText words(const ConnectionOpened& event, const TraceNames& names);
EventText words(const ConnectionRefused& event, const TraceNames& names);
EventText words(const ConnectionClosed& event, const TraceNames& names);
EventText words(const SegmentSent& event, const TraceNames& names);
EventText words(const SegmentArrived& event, const TraceNames& names);
EventText words(const SegmentLost& event, const TraceNames& names);
EventText words(const RequestReceived& event, const TraceNames& names);
EventText words(const BatchWritten& event, const TraceNames& names);
EventText words(const ResponseSent& event, const TraceNames& names);
EventText words(const ClientThrottled& event, const TraceNames& names);
EventText words(const LeaderChanged& event, const TraceNames& names);
EventText words(const BrokerStateChanged& event, const TraceNames& names);

// Replicas: trace_words_replication.cc.
EventText words(const ReplicaFetched& event, const TraceNames& names);
EventText words(const HighWatermarkMoved& event, const TraceNames& names);
EventText words(const IsrChanged& event, const TraceNames& names);
EventText words(const LeaderElected& event, const TraceNames& names);
EventText words(const LogTruncated& event, const TraceNames& names);
EventText words(const RecordsLost& event, const TraceNames& names);

// Coordinators: trace_words_coordination.cc.
EventText words(const TransactionChanged& event, const TraceNames& names);
EventText words(const MarkerWritten& event, const TraceNames& names);
EventText words(const GroupMarkerWritten& event, const TraceNames& names);
EventText words(const CoordinatorAnswered& event, const TraceNames& names);
EventText words(const CoordinatorMoved& event, const TraceNames& names);

// The run: trace_words_application.cc.
EventText words(const FaultApplied& event, const TraceNames& names);
EventText words(const ThreadEnded& event, const TraceNames& names);
EventText words(const SenderSpun& event, const TraceNames& names);
EventText words(const NarrationReached& event, const TraceNames& names);
EventText words(const RunEnded& event, const TraceNames& names);

}  // namespace linger::sim
