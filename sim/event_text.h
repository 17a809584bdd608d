// The words for the enums in events, as the trace, the queries and the viewer write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/api.h"
#include "core/client_error.h"
#include "core/error_code.h"
#include "core/event.h"
#include "core/log_level.h"
#include "sim/sim_event.h"

namespace linger::sim {

// Empty for a value that the enum does not have.
std::string_view word(core::Stream stream);
std::string_view word(core::BlockedOn on);
std::string_view word(core::UserCallKind kind);
std::string_view word(core::PartitionChoice choice);
std::string_view word(core::Delivery delivery);
std::string_view word(core::BatchState state);
std::string_view word(core::MemorySource source);
std::string_view word(core::ConnectionState state);
std::string_view word(core::RequestOutcome outcome);
std::string_view word(core::ReadinessVerdict verdict);
std::string_view word(core::DrainVerdict verdict);
std::string_view word(core::SleepReason reason);
std::string_view word(core::LogLevel level);
std::string_view word(core::TransactionState state);
std::string_view word(core::TransactionMethod method);
std::string_view word(core::CallOutcome outcome);
std::string_view word(core::CoordinatorType type);
std::string_view word(Direction direction);
std::string_view word(ClosedBy by);
std::string_view word(AppendOutcome outcome);
std::string_view word(BrokerState state);
std::string_view word(TransactionState state);
std::string_view word(MarkerType type);

// Kafka's own names: "Produce", "NOT_LEADER_OR_FOLLOWER", "TimeoutException".
inline std::string_view word(core::ApiKey api) {
  return core::api_name(api);
}
inline std::string_view word(core::ErrorCode error) {
  return core::name(error);
}
inline std::string_view word(core::Exception exception) {
  return core::name(exception);
}

// All words of an enum; of the error codes, those that are errors.
template <class Enum>
std::vector<std::string> words_of() {
  std::vector<std::string> words;
  for (int i = 0; !word(static_cast<Enum>(i)).empty(); ++i) {
    words.emplace_back(word(static_cast<Enum>(i)));
  }
  return words;
}
template <>
std::vector<std::string> words_of<core::ApiKey>();
template <>
std::vector<std::string> words_of<core::ErrorCode>();
template <>
std::vector<std::string> words_of<core::Exception>();

}  // namespace linger::sim
