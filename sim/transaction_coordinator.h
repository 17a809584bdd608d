// The transaction coordinators of a cluster: what they do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error_code.h"
#include "core/id.h"
#include "core/protocol_messages.h"
#include "core/time.h"
#include "sim/broker_context.h"
#include "sim/transaction_log.h"
#include "sim/transaction_metadata.h"

namespace linger::sim {

// Acts on the cluster's transaction log for a moment. Every transition goes the same way:
//
//   pending ── log_time ──▶ stands in the log ──▶ told, and what follows from it
//                              PrepareCommit ── marker_time ──▶ markers ──▶ CompleteCommit
//
// Markers that a partition cannot take now are tried again. A transaction that is open longer than
// its timeout is aborted at the next check, under an epoch that its producer does not have.
//
// In Kafka: TransactionCoordinator, TransactionStateManager, TransactionMarkerChannelManager.
// Differs: the brokers that coordinate and lead reach one another at once; ids do not expire. The
// log is one value: its replicas tell who may lead and what an append waits for, but a replica has
// all or, out of sync, does not lead, so that no unclean election loses any of it.
class TransactionCoordinator {
 public:
  explicit TransactionCoordinator(BrokerContext& in);

  // What was made of a request. Its answer waits until it stands in the log.
  struct Outcome {
    core::ErrorCode error = core::ErrorCode::None;
    core::ProducerIdAndEpoch producer{};  // of InitProducerId
    Duration logged_after{};
  };

  // Requires: the broker that was asked coordinates the id; the partitions exist.
  Outcome handle(const core::InitProducerIdRequest& request);
  Outcome handle(const core::AddPartitionsToTxnRequest& request);
  Outcome handle(const core::AddOffsetsToTxnRequest& request);
  Outcome handle(const core::EndTxnRequest& request);

  // Does the batch belong to the id's open transaction? NONE, or what its leader answers.
  core::ErrorCode verify(std::string_view transactional_id, core::ProducerIdAndEpoch producer,
                         TopicPartition partition) const;

  // --- What was scheduled is due ---

  void on(const TransitionLogged& event);
  void on(const MarkersDue& event);
  void on(const ExpiryCheckDue& event);

  // --- The log's replicas, where it has any ---

  // The controller has missed a broker: another replica that is in sync leads its part of the log,
  // loads it, and goes on; if there is none, nobody does.
  void broker_is_gone(NodeId broker);
  void broker_is_back(NodeId broker);
  // Else what is appended is refused.
  bool has_enough_in_sync(const CoordinatorSeat& seat) const;

  // --- Faults ---

  void move(const MoveCoordinator& fault);
  void fence(const std::string& transactional_id, std::int32_t times = 1);
  void expire(const std::string& transactional_id);

 private:
  TransactionEntry& write(const std::string& id) { return log_.entries.at(id).write(); }
  const TransactionEntry& find_or_create(const std::string& id, Duration timeout);
  // Why the request may not even be looked at.
  core::ErrorCode refusal(std::string_view id, core::ProducerIdAndEpoch producer) const;
  void fence_once(const std::string& id);
  // Another producer has initialised the id. Requires: no transaction is open or ending.
  TransactionMetadata next_of(const TransactionMetadata& known);
  Outcome add(const std::string& id, AddRequest request);
  Outcome decided(const std::string& id, TransactionDecision decision);
  bool is_log_failing(std::string_view id) const;
  Duration time_to_log(const CoordinatorSeat& seat) const;
  bool is_gone(const CoordinatorSeat& seat) const;
  void elect(std::int32_t partition);
  // What was not in the log yet is lost; markers are sent anew once it is loaded.
  void go_on(std::int32_t partition);
  std::vector<std::int32_t> moving(const MoveCoordinator& fault) const;
  Outcome not_logged(const std::string& id, const TransactionMetadata& next);
  void begin(const std::string& id, TransactionMetadata next);
  void apply(const std::string& id);
  void write_markers(const std::string& id);
  bool write_marker(TopicPartition partition, const TransactionMetadata& metadata);
  bool write_group_marker(const std::string& group, const TransactionMetadata& metadata);
  void schedule_markers(const std::string& id, Duration delay);
  void schedule_expiry(const std::string& id, Instant earliest);

  BrokerContext& in_;
  TransactionLog& log_;
  const CoordinationSpec& spec_;
};

}  // namespace linger::sim
