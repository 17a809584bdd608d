// Whether a producer is idempotent, and what follows for acks, retries and requests in flight.
#pragma once

#include "core/config_checks.h"

namespace linger::core {

// On demand until KAFKA-13598, by default since. Raises raw. In Kafka: ProducerConfig, first
// maybeOverrideAcksAndRetries, then postProcessAndValidateIdempotenceConfigs.
void settle_idempotence(ConfigDraft& draft);

// Until KAFKA-13598 a check of the constructor. In Kafka: KafkaProducer.configureInflightRequests.
void check_requests_in_flight(ConfigDraft& draft);

}  // namespace linger::core
