// What a broker answers to the requests that ask about the cluster.
#pragma once

#include <vector>

#include "core/api.h"
#include "core/protocol.h"
#include "core/protocol_messages.h"
#include "sim/cluster.h"

namespace linger::sim {

// What it announces, by ascending key: a broker of 3.9, which knows many more requests, or what
// max_versions leaves of it.
std::vector<core::ApiVersion> api_versions(const ClusterSpec& cluster);
bool is_served(core::ApiKey key, std::int16_t version, const ClusterSpec& cluster);

core::ApiVersionsResponse answer_to(const core::RequestHeader& header,
                                    const core::ApiVersionsRequest& request,
                                    const Cluster& cluster);
// To one that asks in a version that is not served.
core::ApiVersionsResponse refusal_of_api_versions(const ClusterSpec& cluster);

// A topic asked for that does not exist is created if both the client and the broker want it, and
// found the next time.
core::MetadataResponse answer_to(const core::MetadataRequest& request, Cluster& cluster,
                                 Instant now = {});

// Of an idempotent producer. Requires: the request names no transactional id.
core::InitProducerIdResponse answer_to(const core::InitProducerIdRequest& request,
                                       Cluster& cluster);

}  // namespace linger::sim
