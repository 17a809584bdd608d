// One broker: requests in, responses out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/cow.h"
#include "core/id.h"
#include "core/network_receive.h"
#include "core/protocol.h"
#include "sim/broker_context.h"
#include "sim/client_quota_manager.h"
#include "sim/coordinator_handler.h"
#include "sim/produce_handler.h"
#include "sim/shared_bytes.h"
#include "sim/sim_event.h"
#include "sim/wire_event.h"

namespace linger::sim {

// Each connection is served by itself, one request at a time, in order:
//
//   bytes ──▶ frames ──▶ [ r3 r2 r1 ] ── service time ──▶ answer, close, or wait for the followers
//
// so responses leave in the order of the requests, at once or after a delay of their own, during
// which the requests behind are served. Bytes that make no sense close the connection, when their
// turn comes. A request that was received whole is served even if its client has closed meanwhile;
// when the connection breaks, only the one in service is.
//
// In Kafka: SocketServer, KafkaRequestHandler and KafkaApis. Differs: connections do not compete
// for handler threads; what waits is read from the socket already; idle connections stay.
class Broker {
 public:
  explicit Broker(NodeId id) : id_{id} {}
  NodeId id() const { return id_; }

  // --- What the network tells. Of a connection it does not know: nothing. ---

  void on(const BrokerNotice& notice, BrokerContext& in);

  // --- What was scheduled is due ---

  void on(const ServiceDone& event, BrokerContext& in);
  void on(const AcknowledgementDue& event, BrokerContext& in);
  void on(const AnswerDue& event, BrokerContext& in);
  void on(const LoggedAnswerDue& event, BrokerContext& in);

  // --- Faults ---

  // Whoever waits for followers is answered if they have it now, or this broker leads no more.
  void look_at_waiting(BrokerContext& in);
  // The power is gone, and with it all connections and what was being done.
  void forget_connections() { connections_.clear(); }

  ClientQuotaManager quota;
  // Requests take so much longer.
  void slow_down(Duration extra, std::optional<Instant> until) {
    slowdowns_.push_back({extra, until});
  }
  // Frames that are larger close their connection.
  void limit_frames(Bytes size, std::optional<Instant> until) { limits_.push_back({size, until}); }
  // The connection closes when so many bytes of the next frames have arrived.
  void cut_requests(Bytes after, std::int32_t times) { request_cuts_.push_back({after, times}); }
  // What leaves in the place of the next answers, before the connection closes.
  struct SpoiledAnswer {
    std::optional<Bytes> cut_after;  // so much of the answer itself
    SharedBytes garbage;             // or this instead
    std::int32_t times = 1;
    std::optional<Instant> until{};  // none: until it has met so many
  };
  void spoil_answers(SpoiledAnswer spoiled) { spoiled_answers_.push_back(std::move(spoiled)); }

  // --- What a view shows ---

  enum class Serving { Nothing, Request, AwaitingFollowers, AwaitingLog, Silent };
  struct ConnectionView {
    ConnectionId connection;
    Serving serving = Serving::Nothing;
    std::vector<core::RequestHeader> requests;  // received whole, oldest first
    Bytes partial;                              // of the next one
  };
  std::vector<ConnectionView> connections() const;

 private:
  friend class WorldWalk;

  struct Waiting {
    core::RequestHeader header;
    PendingProduce produce;
    Instant timeout{};  // of the request
  };
  struct LoggedAnswer {
    core::RequestHeader header;
    CoordinationAnswer answer;
  };
  struct Received {
    SharedBytes payload;
    std::int64_t number = 0;  // of its api's requests, see ProduceRules and RequestRules
  };
  // An answer that is held back, or the close that takes its place.
  struct Leaving {
    Instant at{};
    std::optional<SharedBytes> frame;
  };
  struct Connection {
    explicit Connection(ProducerIndex of);

    ProducerIndex producer;
    core::NetworkReceive receive;
    std::deque<Received> requests;  // the first is the one in service
    std::deque<Leaving> leaving;    // in the order of the requests, and of time
    Serving serving = Serving::Nothing;
    std::optional<Waiting> waiting;             // if it is AwaitingFollowers
    std::optional<LoggedAnswer> logged_answer;  // if it is AwaitingLog
    std::optional<std::string> ending;          // close after the last request, and why
    bool is_lost = false;                       // nobody is there to hear the answer
    Instant muted_until{};                      // nothing is served before
    std::int64_t served = 0;
  };
  enum class Lost { No, Yes };
  struct FrameLimit {
    Bytes size;
    std::optional<Instant> until;
  };
  struct Slowdown {
    Duration extra{};
    std::optional<Instant> until;
  };
  struct RequestCut {
    Bytes after;
    std::int32_t times = 1;
  };

  Connection* write(ConnectionId id);
  void lose(ConnectionId id, Connection& connection);
  void receive(ConnectionId id, Connection& connection, core::ByteSpan bytes, BrokerContext& in);
  std::int32_t largest_frame(Instant now) const;
  std::optional<std::size_t> bytes_until_cut(const Connection& connection) const;
  std::optional<SpoiledAnswer> take_spoiled_answer(Instant now);
  void enqueue(ConnectionId id, Connection& connection, core::ByteVector payload,
               BrokerContext& in);
  void serve_next(ConnectionId id, BrokerContext& in);
  Duration service_time(const BrokerContext& in) const;
  void serve(ConnectionId id, const Received& request, BrokerContext& in);
  void serve_produce(ConnectionId id, const core::RequestHeader& header,
                     const core::ProduceRequest& request, std::int64_t number, BrokerContext& in);
  void heed_quota(ConnectionId id, const core::RequestHeader& header, PendingProduce& produce,
                  BrokerContext& in);
  void answer_waiting(ConnectionId id, BrokerContext& in);
  void answer_produce(ConnectionId id, const core::RequestHeader& header, PendingProduce produce,
                      BrokerContext& in);
  void answer(ConnectionId id, const core::RequestHeader& header, const core::Response& response,
              BrokerContext& in, std::optional<Duration> delay = std::nullopt);
  void leave(ConnectionId id, std::optional<SharedBytes> frame, Duration delay, BrokerContext& in);
  void serve_coordination(ConnectionId id, const core::RequestHeader& header,
                          const core::Request& request, std::int64_t number, BrokerContext& in);
  void answer_coordination(ConnectionId id, const core::RequestHeader& header,
                           const CoordinationAnswer& coordination, BrokerContext& in);
  struct LostAnswer {
    ResponseFate fate = ResponseFate::LostInSilence;
    Duration delay{};  // until the connection is closed, if it is
  };
  void stop_answering(ConnectionId id, const LostAnswer& answer, BrokerContext& in);
  void tell_sent(ConnectionId id, const core::RequestHeader& header, core::ByteSpan frame,
                 Lost lost, BrokerContext& in);
  void request_done(ConnectionId id, BrokerContext& in);
  void close(ConnectionId id, std::string why, BrokerContext& in);

  NodeId id_;
  std::map<ConnectionId, core::Cow<Connection>> connections_;
  std::vector<FrameLimit> limits_;
  std::vector<Slowdown> slowdowns_;
  std::deque<RequestCut> request_cuts_;
  std::deque<SpoiledAnswer> spoiled_answers_;
};

}  // namespace linger::sim
