#include "sim/event_text.h"

namespace linger::sim {

std::string_view word(core::Stream stream) {
  switch (stream) {
    case core::Stream::Application:
      return "application";
    case core::Stream::Producer:
      return "producer";
    case core::Stream::Network:
      return "network";
    case core::Stream::Brokers:
      return "brokers";
    case core::Stream::Decisions:
      return "decisions";
  }
  return {};
}

std::string_view word(core::BlockedOn on) {
  switch (on) {
    case core::BlockedOn::Metadata:
      return "metadata";
    case core::BlockedOn::Memory:
      return "memory";
    case core::BlockedOn::Flush:
      return "flush";
    case core::BlockedOn::Future:
      return "future";
    case core::BlockedOn::SenderExit:
      return "sender exit";
    case core::BlockedOn::UserCode:
      return "user code";
    case core::BlockedOn::EndlessLoop:
      return "endless loop";
    case core::BlockedOn::Transaction:
      return "transaction";
  }
  return {};
}

std::string_view word(core::UserCallKind kind) {
  switch (kind) {
    case core::UserCallKind::OnSend:
      return "on send";
    case core::UserCallKind::SerializeKey:
      return "serialize key";
    case core::UserCallKind::SerializeValue:
      return "serialize value";
    case core::UserCallKind::Partition:
      return "partition";
    case core::UserCallKind::OnAcknowledgement:
      return "on acknowledgement";
    case core::UserCallKind::Callback:
      return "callback";
  }
  return {};
}

std::string_view word(core::PartitionChoice choice) {
  switch (choice) {
    case core::PartitionChoice::Explicit:
      return "explicit";
    case core::PartitionChoice::KeyHash:
      return "key hash";
    case core::PartitionChoice::Sticky:
      return "sticky";
    case core::PartitionChoice::RoundRobin:
      return "round robin";
    case core::PartitionChoice::Custom:
      return "custom";
  }
  return {};
}

std::string_view word(core::Delivery delivery) {
  switch (delivery) {
    case core::Delivery::Delivered:
      return "delivered";
    case core::Delivery::Thrown:
      return "thrown";
  }
  return {};
}

std::string_view word(core::BatchState state) {
  switch (state) {
    case core::BatchState::Open:
      return "open";
    case core::BatchState::Aborted:
      return "aborted";
    case core::BatchState::Failed:
      return "failed";
    case core::BatchState::Succeeded:
      return "succeeded";
  }
  return {};
}

std::string_view word(core::MemorySource source) {
  switch (source) {
    case core::MemorySource::FreeList:
      return "free list";
    case core::MemorySource::NonPooled:
      return "non-pooled";
    case core::MemorySource::Heap:
      return "heap";
  }
  return {};
}

std::string_view word(core::ConnectionState state) {
  switch (state) {
    case core::ConnectionState::Disconnected:
      return "disconnected";
    case core::ConnectionState::Connecting:
      return "connecting";
    case core::ConnectionState::CheckingApiVersions:
      return "checking api versions";
    case core::ConnectionState::Ready:
      return "ready";
    case core::ConnectionState::AuthenticationFailed:
      return "authentication failed";
  }
  return {};
}

std::string_view word(core::RequestOutcome outcome) {
  switch (outcome) {
    case core::RequestOutcome::Ok:
      return "ok";
    case core::RequestOutcome::Disconnected:
      return "disconnected";
    case core::RequestOutcome::TimedOut:
      return "timed out";
    case core::RequestOutcome::VersionMismatch:
      return "version mismatch";
    case core::RequestOutcome::NoResponseExpected:
      return "no response expected";
  }
  return {};
}

std::string_view word(core::ReadinessVerdict verdict) {
  switch (verdict) {
    case core::ReadinessVerdict::EmptyDeque:
      return "empty deque";
    case core::ReadinessVerdict::NoLeader:
      return "no leader";
    case core::ReadinessVerdict::NodeAlreadyReady:
      return "node already ready";
    case core::ReadinessVerdict::Muted:
      return "muted";
    case core::ReadinessVerdict::BackingOff:
      return "backing off";
    case core::ReadinessVerdict::Waiting:
      return "waiting";
    case core::ReadinessVerdict::Ready:
      return "ready";
  }
  return {};
}

std::string_view word(core::DrainVerdict verdict) {
  switch (verdict) {
    case core::DrainVerdict::Taken:
      return "taken";
    case core::DrainVerdict::Muted:
      return "muted";
    case core::DrainVerdict::EmptyDeque:
      return "empty deque";
    case core::DrainVerdict::NotReady:
      return "not ready";
    case core::DrainVerdict::BackingOff:
      return "backing off";
    case core::DrainVerdict::RequestFull:
      return "request full";
    case core::DrainVerdict::NotAllowed:
      return "not allowed";
    case core::DrainVerdict::NoProducerId:
      return "no producer id";
    case core::DrainVerdict::StaleEpochInFlight:
      return "stale epoch in flight";
    case core::DrainVerdict::SequenceUnresolved:
      return "sequence unresolved";
    case core::DrainVerdict::EarlierSequenceInFlight:
      return "earlier sequence in flight";
  }
  return {};
}

std::string_view word(core::SleepReason reason) {
  switch (reason) {
    case core::SleepReason::ReadyNode:
      return "ready node";
    case core::SleepReason::NextReadyCheck:
      return "next ready check";
    case core::SleepReason::NotReadyNode:
      return "not ready node";
    case core::SleepReason::NextExpiry:
      return "next expiry";
    case core::SleepReason::TransactionManager:
      return "transaction manager";
    case core::SleepReason::Nothing:
      return "nothing";
  }
  return {};
}

std::string_view word(core::TransactionState state) {
  switch (state) {
    case core::TransactionState::Uninitialized:
      return "UNINITIALIZED";
    case core::TransactionState::Initializing:
      return "INITIALIZING";
    case core::TransactionState::Ready:
      return "READY";
    case core::TransactionState::InTransaction:
      return "IN_TRANSACTION";
    case core::TransactionState::CommittingTransaction:
      return "COMMITTING_TRANSACTION";
    case core::TransactionState::AbortingTransaction:
      return "ABORTING_TRANSACTION";
    case core::TransactionState::AbortableError:
      return "ABORTABLE_ERROR";
    case core::TransactionState::FatalError:
      return "FATAL_ERROR";
  }
  return {};
}

std::string_view word(core::TransactionMethod method) {
  switch (method) {
    case core::TransactionMethod::InitTransactions:
      return "initTransactions";
    case core::TransactionMethod::BeginTransaction:
      return "beginTransaction";
    case core::TransactionMethod::SendOffsetsToTransaction:
      return "sendOffsetsToTransaction";
    case core::TransactionMethod::CommitTransaction:
      return "commitTransaction";
    case core::TransactionMethod::AbortTransaction:
      return "abortTransaction";
  }
  return {};
}

std::string_view word(core::CallOutcome outcome) {
  switch (outcome) {
    case core::CallOutcome::Ok:
      return "ok";
    case core::CallOutcome::Done:
      return "done";
    case core::CallOutcome::Failed:
      return "failed";
    case core::CallOutcome::Threw:
      return "threw";
    case core::CallOutcome::TimedOut:
      return "timed out";
  }
  return {};
}

std::string_view word(core::CoordinatorType type) {
  switch (type) {
    case core::CoordinatorType::Group:
      return "group";
    case core::CoordinatorType::Transaction:
      return "transaction";
  }
  return {};
}

std::string_view word(core::LogLevel level) {
  switch (level) {
    case core::LogLevel::Debug:
      return "debug";
    case core::LogLevel::Info:
      return "info";
    case core::LogLevel::Warn:
      return "warn";
    case core::LogLevel::Error:
      return "error";
  }
  return {};
}

std::string_view word(Direction direction) {
  switch (direction) {
    case Direction::ToBroker:
      return "to broker";
    case Direction::ToClient:
      return "to client";
  }
  return {};
}

std::string_view word(ClosedBy by) {
  switch (by) {
    case ClosedBy::Client:
      return "client";
    case ClosedBy::Broker:
      return "broker";
    case ClosedBy::Network:
      return "network";
  }
  return {};
}

std::string_view word(AppendOutcome outcome) {
  switch (outcome) {
    case AppendOutcome::Appended:
      return "appended";
    case AppendOutcome::Duplicate:
      return "duplicate";
    case AppendOutcome::Refused:
      return "refused";
  }
  return {};
}

std::string_view word(BrokerState state) {
  switch (state) {
    case BrokerState::Up:
      return "up";
    case BrokerState::Silent:
      return "silent";
    case BrokerState::Down:
      return "down";
    case BrokerState::Paused:
      return "paused";
  }
  return {};
}

// Kafka's own names.
std::string_view word(TransactionState state) {
  switch (state) {
    case TransactionState::Empty:
      return "Empty";
    case TransactionState::Ongoing:
      return "Ongoing";
    case TransactionState::PrepareCommit:
      return "PrepareCommit";
    case TransactionState::PrepareAbort:
      return "PrepareAbort";
    case TransactionState::CompleteCommit:
      return "CompleteCommit";
    case TransactionState::CompleteAbort:
      return "CompleteAbort";
  }
  return {};
}

std::string_view word(MarkerType type) {
  switch (type) {
    case MarkerType::Abort:
      return "abort";
    case MarkerType::Commit:
      return "commit";
  }
  return {};
}

template <>
std::vector<std::string> words_of<core::ApiKey>() {
  std::vector<std::string> words;
  for (const core::Api& api : core::kApis) words.emplace_back(api.name);
  return words;
}

template <>
std::vector<std::string> words_of<core::ErrorCode>() {
  std::vector<std::string> words;
  for (const core::ErrorCodeInfo& info : core::error_codes()) {
    if (info.code != core::ErrorCode::None) words.emplace_back(info.name);
  }
  return words;
}

template <>
std::vector<std::string> words_of<core::Exception>() {
  constexpr int kLast = static_cast<int>(core::Exception::UnsupportedVersionException);
  std::vector<std::string> words;
  for (int i = 0; i <= kLast; ++i) words.emplace_back(word(static_cast<core::Exception>(i)));
  return words;
}

}  // namespace linger::sim
