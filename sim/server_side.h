// Everything that producers talk to: wires, brokers, the cluster's data.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/id.h"
#include "core/time.h"
#include "core/topic_names.h"
#include "sim/broker.h"
#include "sim/cluster.h"
#include "sim/controller.h"
#include "sim/fault.h"
#include "sim/network.h"
#include "sim/scenario.h"
#include "sim/wire_event.h"

namespace linger::sim {

// Passes on between network and brokers, so that whoever owns it has three things to do with the
// effects: put `scheduled` into the event queue, tell `to_clients` to the producers' selectors, and
// trace `happened`.
//
//   producers ── open, send, close ──▶ ServerSide ──▶ scheduled ──▶ deliver ──▶ to_clients
class ServerSide {
 public:
  ServerSide(const ClusterSpec& cluster, NetworkSpec network, core::TopicNames names,
             std::uint64_t seed);
  // Followers begin to fetch. Once, when the run begins: at that time, in milliseconds since 1970.
  void begin(std::int64_t epoch_ms, Effects& effects);

  // --- What the producers' sockets want ---

  struct Address {
    std::string_view host;
    std::int32_t port = 0;
  };
  struct SocketSettings {
    Bytes send_buffer = kSystemSendBuffer;  // send.buffer.bytes; negative: as the system has it
  };
  // Requires: the socket has no connection.
  void open(ClientSocket socket, Address address, SocketSettings settings, Instant now,
            Effects& effects);
  // As if the connection had been opened before the run. Returns the room in the socket.
  Bytes assume_open(ClientSocket socket, NodeId broker, SocketSettings settings);
  std::int64_t next_producer_id() { return cluster_.next_producer_id(); }
  // Of a socket without a connection: nothing.
  void send(ClientSocket socket, core::ByteVector bytes, Instant now, Effects& effects);
  void close(ClientSocket socket, Instant now, Effects& effects);

  // --- What was scheduled is due ---

  void deliver(const WireEvent& event, Instant now, Effects& effects);

  // --- What somebody does to it ---

  // A fault that names a broker or a partition that does not exist does nothing.
  void apply(const Fault& fault, Instant now, Effects& effects);

  // Which records a batch holds, see PartitionLog.
  void annotate(TopicPartition partition, std::int64_t base_offset,
                std::vector<core::RecordId> records);

  const Network& network() const { return network_; }
  const Cluster& cluster() const { return cluster_; }
  const std::vector<Broker>& brokers() const { return brokers_; }

 private:
  template <class NetworkEvent>
  void handle(const NetworkEvent& event, Instant now, Effects& effects) {
    network_.on(event, now, effects);
  }
  void handle(const ServiceDone& event, Instant now, Effects& effects);
  void handle(const AcknowledgementDue& event, Instant now, Effects& effects);
  void handle(const AnswerDue& event, Instant now, Effects& effects);
  void handle(const SilenceEnds& event, Instant now, Effects& effects);
  void handle(const LoggedAnswerDue& event, Instant now, Effects& effects);
  void handle(const TransitionLogged& event, Instant now, Effects& effects);
  void handle(const MarkersDue& event, Instant now, Effects& effects);
  void handle(const ExpiryCheckDue& event, Instant now, Effects& effects);
  void handle(const ReplicaFetchArrives& event, Instant now, Effects& effects);
  void handle(const ReplicaFetchWaitEnds& event, Instant now, Effects& effects);
  void handle(const ReplicaFetchAnswered& event, Instant now, Effects& effects);
  void handle(const ReplicaLagCheck& event, Instant now, Effects& effects);
  void handle(const StallEnds& event, Instant now, Effects& effects);
  void handle(const PauseEnds& event, Instant now, Effects& effects);
  void handle(const BrokerSessionExpires& event, Instant now, Effects& effects);
  void settle(Instant now, Effects& effects);
  // True: the broker's process stands still, and the event is due again when it goes on.
  bool waits_for_pause(NodeId broker, WireEvent event, Instant now, Effects& effects);
  void broker_left(NodeId broker, Instant now, Effects& effects);
  void broker_returned(NodeId broker, Controller::Return how, Instant now, Effects& effects);
  // After replicas or leaders have changed.
  void look_at_waiting(Instant now, Effects& effects);

  void apply_to(const AddLatency& fault, Instant now, Effects& effects);
  void apply_to(const Disconnect& fault, Instant now, Effects& effects);
  void apply_to(const RefuseConnections& fault, Instant now, Effects& effects);
  void apply_to(const RefuseAuthentication& fault, Instant now, Effects& effects);
  void apply_to(const FallSilent& fault, Instant now, Effects& effects);
  void apply_to(const FailProduce& fault, Instant now, Effects& effects);
  void apply_to(const LoseResponse& fault, Instant now, Effects& effects);
  void apply_to(const ChangeLeader& fault, Instant now, Effects& effects);
  void apply_to(const StopBroker& fault, Instant now, Effects& effects);
  void apply_to(const StartBroker& fault, Instant now, Effects& effects);
  void apply_to(const DelayAnswers& fault, Instant now, Effects& effects);
  void apply_to(const AddJitter& fault, Instant now, Effects& effects);
  void apply_to(const LimitBandwidth& fault, Instant now, Effects& effects);
  void apply_to(const LimitSegments& fault, Instant now, Effects& effects);
  void apply_to(const DropSegments& fault, Instant now, Effects& effects);
  void apply_to(const AcceptNothing& fault, Instant now, Effects& effects);
  void apply_to(const DropIdle& fault, Instant now, Effects& effects);
  void apply_to(const Advertise& fault, Instant now, Effects& effects);
  void apply_to(const CloseAbove& fault, Instant now, Effects& effects);
  void apply_to(const Stranger& fault, Instant now, Effects& effects);
  void apply_to(const CutRequest& fault, Instant now, Effects& effects);
  void apply_to(const CutAnswer& fault, Instant now, Effects& effects);
  void apply_to(const AnswerGarbage& fault, Instant now, Effects& effects);
  void apply_to(const FailMetadata& fault, Instant now, Effects& effects);
  // That is the affair of whoever holds the producers.
  void apply_to(const ExitProcess&, Instant, Effects&) {}
  void apply_to(const ShrinkIsr& fault, Instant now, Effects& effects);
  void apply_to(const SlowFollower& fault, Instant now, Effects& effects);
  void apply_to(const StallFollower& fault, Instant now, Effects& effects);
  void apply_to(const SlowBroker& fault, Instant now, Effects& effects);
  void apply_to(const PauseBroker& fault, Instant now, Effects& effects);
  void apply_to(const SkewClock& fault, Instant now, Effects& effects);
  void apply_to(const LimitProduceRate& fault, Instant now, Effects& effects);
  void apply_to(const CreateTopic& fault, Instant now, Effects& effects);
  void apply_to(const DeleteTopic& fault, Instant now, Effects& effects);
  void apply_to(const DeleteRecords& fault, Instant now, Effects& effects);
  void apply_to(const MoveCoordinator& fault, Instant now, Effects& effects);
  void apply_to(const FailTransactionLog& fault, Instant now, Effects& effects);
  void apply_to(const FenceProducer& fault, Instant now, Effects& effects);
  void apply_to(const ExpireTransaction& fault, Instant now, Effects& effects);
  void apply_to(const DelayCoordination& fault, Instant now, Effects& effects);

  Broker* find_broker(NodeId id);  // nullptr if there is none

  Cluster cluster_;
  Network network_;
  std::vector<Broker> brokers_;
  std::int32_t strangers_ = 0;  // so far
};

}  // namespace linger::sim
