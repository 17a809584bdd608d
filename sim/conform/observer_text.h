// The words in which an observation writes what the model has as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "core/client_error.h"
#include "core/event.h"
#include "core/record_format.h"
#include "sim/scenario.h"

namespace linger::sim::conform {

std::int64_t milliseconds_of(Instant at);
std::string wait_text(core::Milliseconds wait);                     // "inf" for ever
std::string words_joined(std::string message);                      // blanks become underscores
std::string error_text(core::ErrorCode error);                      // "NOT_LEADER"
std::string outcome_text(core::RequestOutcome outcome);             // "ok", "acks0", …
std::string state_text(core::BatchState state);                     // "SUCCEEDED"
std::string identity_text(core::ProducerIdAndEpoch producer);       // "1000/0"
std::string ranges_text(const std::vector<std::int64_t>& numbers);  // "0-7,9"

bool is_exhausted(core::Exception exception);  // a wait for memory that was too long
bool is_forced_abort(const core::ClientError& error);
// Of a record that was too large for max.request.size or the pool: how large it is.
std::optional<std::int64_t> refused_size(const core::ClientError& error);
// Why a send was refused that told no callback.
std::string refusal_text(const core::ClientError& error);
// Of the `number`-th record.
Bytes upper_bound(const SendAction& send, std::int64_t number, const core::RecordFormat& format);

// Does such an event show that a drain is over?
template <class E>
constexpr bool ends_a_drain() {
  return !(std::is_same_v<E, core::DrainDecision> || std::is_same_v<E, core::BatchDrained> ||
           std::is_same_v<E, core::SequencesReset> || std::is_same_v<E, core::Logged>);
}

}  // namespace linger::sim::conform
