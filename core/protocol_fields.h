// What stands on the wire, for each message: its fields in order, and the versions that have them.
//
// One description serves both directions, so that writing and reading cannot drift apart. `Io` is
// MessageWriter or MessageReader (protocol_io.h); `io(field)` moves one field, in the form its type
// and the version ask for; `io.tags()` ends a structure in flexible versions and does nothing in
// others.
#pragma once

#include <type_traits>

#include "core/protocol_messages.h"

namespace linger::core {

// A message as this Io sees it: to be read from, or to be filled.
template <class Io, class Message>
using Of = std::conditional_t<Io::kWrites, const Message, Message>;

// --- ApiVersions ---

template <class Io>
void fields(Io& io, Of<Io, ApiVersionsRequest>& m) {
  if (io.version() < 3) return;
  io(m.client_software_name);
  io(m.client_software_version);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, ApiVersion>& m) {
  io(m.api_key);
  io(m.min_version);
  io(m.max_version);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, ApiVersionsResponse>& m) {
  io(m.error_code);
  if (m.error_code == kUnsupportedVersionError) io.fall_back_to_version_0();
  io(m.api_keys);
  if (io.version() >= 1) io(m.throttle_time);
  io.tags();
}

// --- Metadata ---

template <class Io>
void fields(Io& io, Of<Io, MetadataRequestTopic>& m) {
  if (io.version() >= 10) io(m.topic_id);
  io(m.name);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, MetadataRequest>& m) {
  if (io.version() == 0) io.null_as_empty(m.topics);
  if (io.version() >= 1) io(m.topics);
  if (io.version() >= 4) io(m.allow_auto_topic_creation);
  if (io.version() >= 8 && io.version() <= 10) io(m.include_cluster_authorized_operations);
  if (io.version() >= 8) io(m.include_topic_authorized_operations);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, MetadataResponseBroker>& m) {
  io(m.node_id);
  io(m.host);
  io(m.port);
  if (io.version() >= 1) io(m.rack);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, MetadataResponsePartition>& m) {
  io(m.error_code);
  io(m.partition_index);
  io(m.leader_id);
  if (io.version() >= 7) io(m.leader_epoch);
  io(m.replica_nodes);
  io(m.isr_nodes);
  if (io.version() >= 5) io(m.offline_replicas);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, MetadataResponseTopic>& m) {
  io(m.error_code);
  io(m.name);
  if (io.version() >= 10) io(m.topic_id);
  if (io.version() >= 1) io(m.is_internal);
  io(m.partitions);
  if (io.version() >= 8) io(m.topic_authorized_operations);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, MetadataResponse>& m) {
  if (io.version() >= 3) io(m.throttle_time);
  io(m.brokers);
  if (io.version() >= 2) io(m.cluster_id);
  if (io.version() >= 1) io(m.controller_id);
  io(m.topics);
  if (io.version() >= 8 && io.version() <= 10) io(m.cluster_authorized_operations);
  io.tags();
}

// --- Produce ---

template <class Io>
void fields(Io& io, Of<Io, ProduceRequestPartition>& m) {
  io(m.index);
  io.records(m.records);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, ProduceRequestTopic>& m) {
  io(m.name);
  io(m.partitions);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, ProduceRequest>& m) {
  if (io.version() >= 3) io(m.transactional_id);
  io(m.acks);
  io(m.timeout);
  io(m.topics);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, BatchIndexAndErrorMessage>& m) {
  io(m.batch_index);
  io(m.batch_index_error_message);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, LeaderIdAndEpoch>& m) {
  io(m.leader_id);
  io(m.leader_epoch);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, ProduceResponsePartition>& m) {
  io(m.index);
  io(m.error_code);
  io(m.base_offset);
  if (io.version() >= 2) io(m.log_append_time);
  if (io.version() >= 5) io(m.log_start_offset);
  if (io.version() >= 8) io(m.record_errors);
  if (io.version() >= 8) io(m.error_message);
  if (io.version() >= 10) {
    io.tags_with_0(m.current_leader);
  } else {
    io.tags();
  }
}

template <class Io>
void fields(Io& io, Of<Io, ProduceResponseTopic>& m) {
  io(m.name);
  io(m.partitions);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, NodeEndpoint>& m) {
  io(m.node_id);
  io(m.host);
  io(m.port);
  io(m.rack);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, ProduceResponse>& m) {
  io(m.topics);
  if (io.version() >= 1) io(m.throttle_time);
  if (io.version() >= 10) {
    io.tags_with_0(m.node_endpoints);
  } else {
    io.tags();
  }
}

// --- Producer ids and transactions ---

template <class Io>
void fields(Io& io, Of<Io, InitProducerIdRequest>& m) {
  io(m.transactional_id);
  io(m.transaction_timeout);
  if (io.version() >= 3) io(m.producer_id_and_epoch);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, InitProducerIdResponse>& m) {
  io(m.throttle_time);
  io(m.error_code);
  io(m.producer_id_and_epoch);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, FindCoordinatorRequest>& m) {
  if (io.version() < 4) io(io.only_one_of(m.coordinator_keys));
  if (io.version() >= 1) io(m.key_type);
  if (io.version() >= 4) io(m.coordinator_keys);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, Coordinator>& m) {
  io(m.key);
  io(m.node_id);
  io(m.host);
  io(m.port);
  io(m.error_code);
  io(m.error_message);
  io.tags();
}

// Up to version 3 the fields of the one coordinator are the body's own, in another order.
template <class Io>
void coordinator_fields_before_4(Io& io, Of<Io, Coordinator>& m) {
  io(m.error_code);
  if (io.version() >= 1) io(m.error_message);
  io(m.node_id);
  io(m.host);
  io(m.port);
}

template <class Io>
void fields(Io& io, Of<Io, FindCoordinatorResponse>& m) {
  if (io.version() >= 1) io(m.throttle_time);
  if (io.version() < 4) coordinator_fields_before_4(io, io.only_one_of(m.coordinators));
  if (io.version() >= 4) io(m.coordinators);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, AddPartitionsToTxnTopic>& m) {
  io(m.name);
  io(m.partitions);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, AddPartitionsToTxnRequest>& m) {
  io(m.transactional_id);
  io(m.producer_id_and_epoch);
  io(m.topics);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, PartitionResult>& m) {
  io(m.partition_index);
  io(m.error_code);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, TopicResult>& m) {
  io(m.name);
  io(m.partitions);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, AddPartitionsToTxnResponse>& m) {
  io(m.throttle_time);
  io(m.topics);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, AddOffsetsToTxnRequest>& m) {
  io(m.transactional_id);
  io(m.producer_id_and_epoch);
  io(m.group_id);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, AddOffsetsToTxnResponse>& m) {
  io(m.throttle_time);
  io(m.error_code);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, TxnOffsetCommitPartition>& m) {
  io(m.partition_index);
  io(m.committed_offset);
  if (io.version() >= 2) io(m.committed_leader_epoch);
  io(m.committed_metadata);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, TxnOffsetCommitTopic>& m) {
  io(m.name);
  io(m.partitions);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, TxnOffsetCommitRequest>& m) {
  io(m.transactional_id);
  io(m.group_id);
  io(m.producer_id_and_epoch);
  if (io.version() >= 3) {
    io(m.generation_id);
    io(m.member_id);
    io(m.group_instance_id);
  }
  io(m.topics);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, TxnOffsetCommitResponse>& m) {
  io(m.throttle_time);
  io(m.topics);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, EndTxnRequest>& m) {
  io(m.transactional_id);
  io(m.producer_id_and_epoch);
  io(m.committed);
  io.tags();
}

template <class Io>
void fields(Io& io, Of<Io, EndTxnResponse>& m) {
  io(m.throttle_time);
  io(m.error_code);
  io.tags();
}

}  // namespace linger::core
