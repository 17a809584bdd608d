// What a broker does with a request about coordination.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/id.h"
#include "core/protocol_messages.h"
#include "core/time.h"
#include "sim/broker_context.h"
#include "sim/produce_handler.h"
#include "sim/sim_event.h"

namespace linger::sim {

// FindCoordinator, InitProducerId with a transactional id, AddPartitionsToTxn, AddOffsetsToTxn,
// TxnOffsetCommit, EndTxn.
bool is_about_coordination(const core::Request& request);

struct CoordinationOrigin {
  NodeId broker;
  ConnectionId connection;
  CorrelationId correlation;
  std::int16_t version = 0;
  std::int64_t number = 0;  // see RequestRules
};

// The answer leaves when what it tells stands in the transaction log.
struct WaitsForLog {
  std::string transactional_id;
  Duration time{};
  core::Response if_moved;    // instead, if another broker coordinates by then
  core::Response if_refused;  // instead, if too few replicas are in sync by then
};

struct CoordinationAnswer {
  core::Response response;
  ResponseFate fate = ResponseFate::Sent;
  std::optional<Duration> delay{};  // before it leaves, if not the usual one
  std::optional<WaitsForLog> waits_for_log{};
};

// Checked in this order; the first failure decides:
//   what a RequestRule says
//   this broker coordinates it           NOT_COORDINATOR; FindCoordinator may be asked of any
//   it has loaded what the log says      COORDINATOR_LOAD_IN_PROGRESS
//   the partitions exist                 UNKNOWN_TOPIC_OR_PARTITION; OPERATION_NOT_ATTEMPTED
//   what the coordinator says            see TransactionCoordinator, GroupTable
//
// Clients that do not know PRODUCER_FENCED are told INVALID_PRODUCER_EPOCH (KIP-588).
// In Kafka: KafkaApis. Differs: nobody needs permission.
CoordinationAnswer handle_coordination(const core::Request& request,
                                       const CoordinationOrigin& origin, BrokerContext& in);

}  // namespace linger::sim
