// The wires as a packet capture: what would have passed the producers' network cards.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"
#include "sim/tcp_packet.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// Taken where the producers are: what they send is there when it leaves, what they are sent when it
// arrives; what was lost on its way to them never is.
//
//   World world{scenario};
//   TraceSink sink;
//   sink.keeps_traffic = true;
//   Capture capture{*scenario};
//   while (step(world, sink)) capture.add(world, sink.take_traffic());
//   file << capture.take();
//
// Producer n is 10.1.0.(n + 1), broker n 10.2.0.(n + 1) at port 9092 + n. A segment of the network
// is a packet, or several if it is larger than IP allows. Acknowledgements ride on what is sent
// anyway, so there are no packets of their own; nothing is sent twice. Connections that stood
// before the run have no handshake.
class Capture {
 public:
  explicit Capture(const Scenario& scenario);

  // Requires: it is called after each step, with the traffic of that step.
  void add(const World& world, const std::vector<Traffic>& traffic);
  // The next part of a pcapng file; the first one has its header.
  std::string take() { return std::exchange(file_, {}); }

 private:
  // One TCP connection.
  struct Flow {
    TcpEndpoint client;
    TcpEndpoint broker;
    std::uint32_t client_sequence = 0;       // of the next byte that the client sends
    std::uint32_t broker_sequence = 0;       // of the next byte that the client receives
    std::uint32_t arrived = 0;               // at the broker: what it acknowledges
    std::deque<std::uint32_t> acknowledged;  // by each segment that is on its way to the client
    bool is_established = false;
    bool is_over = false;
  };
  enum class Sender { Client, Broker };
  enum class Signal { Syn, Ack, Fin, Reset };

  void learn_connections(const World& world);
  void add(const Traffic& traffic);
  void leave(const WireEvent& event, Instant at);
  void arrive_at_broker(const SegmentArrived& arrived);
  void tell(const ClientNotice& notice, Instant at);
  void open(Flow& flow, Instant at);
  void send_data(Flow& flow, Sender sender, core::ByteSpan bytes, Instant at);
  void send_signal(Flow& flow, Sender sender, Signal signal, Instant at);
  void send(Flow& flow, Sender sender, const TcpSegment& segment, Instant at);
  static TcpSegment next_segment(const Flow& flow, Sender sender);
  Flow* find(ConnectionId connection);

  std::int64_t epoch_us_;
  std::map<ConnectionId, Flow> flows_;
  std::string file_;
};

}  // namespace linger::sim
