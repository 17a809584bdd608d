// When a batch has waited too long in its deque, and what its records are told.
#pragma once

#include <cstdint>
#include <optional>

#include "core/client_error.h"
#include "core/producer_batch.h"
#include "core/time.h"

namespace linger::core {

// Which clock runs out.
enum class ExpiryClock : std::uint8_t {
  None,          // before KIP-19: a batch waits for ever
  LastAttempt,   // KIP-19: request.timeout.ms from its creation or last attempt plus linger.ms
  Three,         // KAFKA-3388: request.timeout.ms from one of three events
  FromCreation,  // KIP-91: delivery.timeout.ms, whether it waits or is in flight
};

struct ExpirySettings {
  ExpiryClock clock = ExpiryClock::FromCreation;
  Milliseconds delivery_timeout{};
  Milliseconds request_timeout{};
  Milliseconds linger{};
  Milliseconds retry_backoff{};
};

// Since when a batch has waited, and how long: what its records are told.
struct BatchExpiry {
  ExpiryClock clock = ExpiryClock::FromCreation;
  std::optional<ExpiryReason> reason;  // of Three
  Milliseconds waited{};
};

enum class PlaceInDeque : std::uint8_t { Last, BeforeOthers };

// Nullopt: it has not expired. Before KIP-91 the request timeout has to be exceeded, since then
// delivery.timeout.ms only has to be reached.
// In Kafka: ProducerBatch.hasReachedDeliveryTimeout, before KIP-91 RecordBatch.maybeExpire.
std::optional<BatchExpiry> expiry_of(const ProducerBatch& batch, PlaceInDeque place,
                                     const ExpirySettings& settings, Millis now);

// `partition`: as Kafka prints it, "orders-3".
ClientError error_of(const BatchExpiry& expiry, std::int32_t record_count,
                     std::string_view partition);

}  // namespace linger::core
