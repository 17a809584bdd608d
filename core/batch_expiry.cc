#include "core/batch_expiry.h"

namespace linger::core {

namespace {

std::optional<BatchExpiry> if_exceeded(const ExpirySettings& settings, Milliseconds waited,
                                       std::optional<ExpiryReason> reason) {
  if (waited <= settings.request_timeout) return std::nullopt;
  return BatchExpiry{settings.clock, reason, waited};
}

std::optional<BatchExpiry> by_last_attempt(const ProducerBatch& batch,
                                           const ExpirySettings& settings, Millis now) {
  if (batch.is_full()) {
    const auto expiry = if_exceeded(settings, now - batch.last_append, std::nullopt);
    if (expiry) return expiry;
  }
  return if_exceeded(settings, now - batch.last_attempt - settings.linger, std::nullopt);
}

// A batch with others behind it counts as full.
std::optional<BatchExpiry> by_three_clocks(const ProducerBatch& batch, PlaceInDeque place,
                                           const ExpirySettings& settings, Millis now) {
  if (batch.is_retried) {
    return if_exceeded(settings, now - batch.last_attempt - settings.retry_backoff,
                       ExpiryReason::LastAttemptPlusBackoff);
  }
  if (place == PlaceInDeque::BeforeOthers || batch.is_full()) {
    const auto expiry = if_exceeded(settings, now - batch.last_append, ExpiryReason::LastAppend);
    if (expiry) return expiry;
  }
  return if_exceeded(settings, now - batch.created - settings.linger,
                     ExpiryReason::CreationPlusLinger);
}

}  // namespace

std::optional<BatchExpiry> expiry_of(const ProducerBatch& batch, PlaceInDeque place,
                                     const ExpirySettings& settings, Millis now) {
  switch (settings.clock) {
    case ExpiryClock::None:
      break;
    case ExpiryClock::LastAttempt:
      return by_last_attempt(batch, settings, now);
    case ExpiryClock::Three:
      return by_three_clocks(batch, place, settings, now);
    case ExpiryClock::FromCreation:
      if (!batch.has_reached_delivery_timeout(settings.delivery_timeout, now)) break;
      return BatchExpiry{settings.clock, std::nullopt, now - batch.created};
  }
  return std::nullopt;
}

ClientError error_of(const BatchExpiry& expiry, std::int32_t record_count,
                     std::string_view partition) {
  const ExpiredBatch batch{record_count, partition, expiry.waited};
  if (expiry.clock == ExpiryClock::LastAttempt) return batch_expired();
  return expiry.reason ? expiring_batch(batch, *expiry.reason) : expiring_batch(batch);
}

}  // namespace linger::core
