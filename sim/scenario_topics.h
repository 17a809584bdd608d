// Which topics a scenario's cluster has, or will have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/scenario.h"

namespace linger::sim {

// Kafka's own keys of brokers about producer ids.
inline constexpr std::string_view kProducerIdExpiration = "producer.id.expiration.ms";
inline constexpr std::string_view kProducerIdExpiryCheck =
    "producer.id.expiration.check.interval.ms";

// In Kafka: Topic.validate.
bool is_legal_topic_name(std::string_view name);

// How many partitions the topic has, or will have once it is mentioned; none if it is missing.
std::optional<std::int32_t> partition_count(const std::string& topic, const ClusterSpec& cluster);

}  // namespace linger::sim
