#include "core/idempotence_checks.h"

#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace linger::core {
namespace {

constexpr std::int32_t kMostRetries = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t kMaxInFlightForIdempotence = 5;

ConfigError transactions_without_idempotence() {
  return {.key = "transactional.id",
          .message = "Cannot set a transactional.id without also enabling idempotence.",
          .fix =
              "leave out enable.idempotence, and whatever switches it off: acks other than all, "
              "retries=0, more than 5 requests in flight"};
}

ConfigError no_retries_for_idempotence() {
  return {.key = "retries",
          .message = "Must set retries to non-zero when using the idempotent producer.",
          .fix = "leave out retries: delivery.timeout.ms ends the attempts"};
}

ConfigError weak_acks_for_idempotence() {
  return {.key = "acks",
          .message =
              "Must set acks to all in order to use the idempotent producer. Otherwise we "
              "cannot guarantee idempotence.",
          .fix = "acks=all, or enable.idempotence=false"};
}

ConfigError too_many_in_flight_for_idempotence(Raised raised) {
  return {.key = "max.in.flight.requests.per.connection",
          .message =
              "Must set max.in.flight.requests.per.connection to at most 5 to use the "
              "idempotent producer.",
          .fix = "at most 5: brokers keep the last 5 batches of a producer to recognise duplicates",
          .raised = raised};
}

// A setting with which idempotence cannot be, and what the log says if it gives way.
struct Conflict {
  bool holds;
  ConfigError error;
  LogLevel level;
  std::string text;
};

std::array<Conflict, 3> conflicts_with_idempotence(const ProducerConfig& config) {
  const std::string disabled = "Idempotence will be disabled because ";
  const std::int32_t in_flight = config.max_in_flight_requests_per_connection;
  return {
      {{config.retries == 0, no_retries_for_idempotence(), LogLevel::Info,
        disabled + "retries is set to 0."},
       {config.acks != Acks::All, weak_acks_for_idempotence(), LogLevel::Info,
        disabled + "acks is set to " + std::to_string(static_cast<int>(config.acks)) +
            ", not set to 'all'."},
       {in_flight > kMaxInFlightForIdempotence, too_many_in_flight_for_idempotence(Raised::Raw),
        LogLevel::Warn,
        disabled + "max.in.flight.requests.per.connection is set to " + std::to_string(in_flight) +
            ", which is greater than 5. Please note that in v4.0.0 and onward, this will "
            "become an error."}}};
}

// On by default: it gives way to settings that contradict it, unless it was written down itself.
void settle_idempotence_by_default(ConfigDraft& draft) {
  ProducerConfig& config = draft.resolved.config;
  if (config.enable_idempotence) {
    for (const Conflict& conflict : conflicts_with_idempotence(config)) {
      if (!conflict.holds) continue;
      if (draft.is_given("enable.idempotence")) {
        draft.raise(conflict.error);
      } else {
        draft.warn(conflict.level, conflict.text);
        config.enable_idempotence = false;
      }
    }
  }
  if (!config.enable_idempotence && draft.is_given("transactional.id")) {
    draft.raise(transactions_without_idempotence());
  }
}

void settle_retries_and_acks_for_idempotence(ConfigDraft& draft) {
  ProducerConfig& config = draft.resolved.config;
  if (!draft.is_given("retries")) {
    config.retries = kMostRetries;
  } else if (config.retries == 0) {
    draft.raise(no_retries_for_idempotence());
  }
  if (!draft.is_given("acks")) {
    config.acks = Acks::All;
    draft.warn(LogLevel::Info, "Overriding the default acks to all since idempotence is enabled.");
  } else if (config.acks != Acks::All) {
    draft.raise(weak_acks_for_idempotence());
  }
}

// On only if written down, or if transactions need it: then it overrides other defaults.
void settle_idempotence_on_demand(ConfigDraft& draft) {
  ProducerConfig& config = draft.resolved.config;
  const bool is_written_down = draft.is_given("enable.idempotence");
  const bool is_transactional = draft.is_given("transactional.id");
  if (is_transactional && is_written_down && !config.enable_idempotence) {
    draft.raise(transactions_without_idempotence());
    return;
  }
  if (is_transactional && !is_written_down) {
    draft.warn(
        LogLevel::Info,
        "Overriding the default enable.idempotence to true since transactional.id is specified.");
  }
  config.enable_idempotence = is_transactional || (is_written_down && config.enable_idempotence);
  if (config.enable_idempotence) settle_retries_and_acks_for_idempotence(draft);
}

void settle_single_request_in_flight(ConfigDraft& draft) {
  const std::string key = "max.in.flight.requests.per.connection";
  ProducerConfig& config = draft.resolved.config;
  if (!draft.is_given(key)) {
    config.max_in_flight_requests_per_connection = 1;
    draft.warn(LogLevel::Info,
               "Overriding the default " + key + " to 1 since idempontence is enabled.");
  } else if (config.max_in_flight_requests_per_connection != 1) {
    draft.raise({.key = key,
                 .message = "Must set " + key +
                            " to 1 in orderto use the idempotent producer. Otherwise we cannot "
                            "guarantee idempotence.",
                 .fix = "1: only KAFKA-5494 (1.0.0) allows more",
                 .raised = Raised::Wrapped});
  }
}

}  // namespace

void settle_idempotence(ConfigDraft& draft) {
  if (!draft.resolved.rules.has(Rule::Kip98ProducerId)) return;
  if (draft.resolved.rules.has(Rule::Kafka13598IdempotenceReallyOn)) {
    settle_idempotence_by_default(draft);
  } else {
    settle_idempotence_on_demand(draft);
  }
}

void check_requests_in_flight(ConfigDraft& draft) {
  const RuleSet rules = draft.resolved.rules;
  const ProducerConfig& config = draft.resolved.config;
  if (!config.enable_idempotence || rules.has(Rule::Kafka13598IdempotenceReallyOn)) return;
  if (!rules.has(Rule::Kafka5494FiveInFlight)) {
    settle_single_request_in_flight(draft);
  } else if (config.max_in_flight_requests_per_connection > kMaxInFlightForIdempotence) {
    draft.raise(too_many_in_flight_for_idempotence(Raised::Wrapped));
  }
}

}  // namespace linger::core
