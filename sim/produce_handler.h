// What a broker does with a produce request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/id.h"
#include "core/protocol_messages.h"
#include "core/time.h"
#include "sim/broker_context.h"
#include "sim/cluster.h"
#include "sim/sim_event.h"

namespace linger::sim {

struct ProduceOrigin {
  NodeId broker;
  ConnectionId connection;
  CorrelationId correlation;
  std::int16_t version = 0;
  std::int64_t number = 0;  // see ProduceRules
  ProducerIndex producer;
};

// What becomes of the answer; the later in this list, the worse.
enum class ResponseFate { Sent, LostAndClosed, LostInSilence };

// An answer that is complete but for what may happen until the followers have the batches, which is
// of interest with acks=all.
struct PendingProduce {
  // A partition that has no error yet.
  struct Undecided {
    TopicPartition partition;
    std::size_t topic_index = 0;      // in the response
    std::size_t partition_index = 0;  // in the response's topic
    Instant appended_at{};            // of a duplicate, the first time
    std::int64_t end_offset = 0;      // behind the last record
  };

  core::ProduceResponse response;
  std::vector<Undecided> undecided;
  ResponseFate fate = ResponseFate::Sent;
  std::optional<Duration> delay;  // before it leaves, if not the usual one
  bool mutes = false;             // the connection, while the answer's throttle time lasts
};

// Appends the batches, each partition by itself: one's error does not touch the others.
//
// Checked in this order; the first failure decides:
//   acks is -1, 0 or 1                               INVALID_REQUIRED_ACKS, for all
//   transactional batches come with a transactional id  TRANSACTIONAL_ID_AUTHORIZATION_FAILED
//   what a ProduceRule says
//   the partition exists                             UNKNOWN_TOPIC_OR_PARTITION
//   exactly one batch of format 2                    INVALID_RECORD
//   zstd from version 7 only                         UNSUPPORTED_COMPRESSION_TYPE
//   this broker leads it                             NOT_LEADER_OR_FOLLOWER
//   with acks=all, enough replicas are in sync       NOT_ENOUGH_REPLICAS
//   the coordinator knows it belongs to a transaction  TRANSACTION_ABORTABLE, … (KIP-890)
//   the batch as it is, compressed, fits             MESSAGE_TOO_LARGE
//   its checksum                                     CORRUPT_MESSAGE
//   offset 0, counts, no control batch, sequence     INVALID_RECORD
//   how far its timestamps are from the broker's     INVALID_TIMESTAMP
//   what is known of the producer id                 see ProducerStateManager
//
// Up to version 2 there is a message set of format 0 or 1 instead: then each message (a wrapper
// with all that is in it) has to fit, and whatever else is wrong is CORRUPT_MESSAGE.
//
// In Kafka: KafkaApis.handleProduceRequest, ReplicaManager.appendRecords, LogValidator. Differs:
// records are stored in the format they come in; compressed messages of format 0 are refused;
// nobody needs permission; a leader asks the coordinator in no time, so that no marker comes in
// between.
PendingProduce handle_produce(const core::ProduceRequest& request, const ProduceOrigin& origin,
                              BrokerContext& in);

bool has_errors(const core::ProduceResponse& response);

// What is undecided gets its answer if the followers have it: where they have logs of their own,
// below the high watermark; else all at once, so long after the last append.
void decide_where_replicated(PendingProduce& produce, const Cluster& cluster, Instant now);

// When that will be without anything else happening; none if nobody knows.
std::optional<Instant> replicated_at(const PendingProduce& produce, const Cluster& cluster);

// What is undecided and led by the broker no more gets NOT_LEADER_OR_FOLLOWER, and is decided. The
// batch stays in the log, unless the topic is gone: that is UNKNOWN_TOPIC_OR_PARTITION.
void fail_where_not_leading(PendingProduce& produce, NodeId broker, const Cluster& cluster);

// What is undecided gets REQUEST_TIMED_OUT. The batch stays in the log.
void time_out(PendingProduce& produce);

// KIP-951: who leads, beside each NOT_LEADER_OR_FOLLOWER, and where that is.
void add_leader_hints(core::ProduceResponse& response, const Cluster& cluster);

}  // namespace linger::sim
