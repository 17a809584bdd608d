// A producer's connections and what is in flight on them.
#include <algorithm>
#include <string>

#include "sim/event_text.h"
#include "viz/language.h"
#include "viz/pipeline_view.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

RequestBox request_box(const Scene& scene, core::ProducerIndex producer,
                       const core::InFlightRequest& request) {
  RequestBox box;
  box.correlation = request.correlation;
  box.api = request.api;
  box.label = request_label(request.api, request.correlation);
  box.is_written = request.send_completed;
  box.expects_response = request.expect_response;
  box.is_internal = request.is_internal;
  const core::Instant sent = instant_of(scene.world(), request.sent);
  box.age = duration_text(std::max(scene.at - sent, core::Duration{0}));
  box.timeout = remaining(sent, sent + request.timeout, scene.at);
  box.is_selected = scene.selection == Selection{RequestRef{producer, request.correlation}};
  box.batches.reserve(request.batches.size());
  for (const core::InFlightBatch& carried : request.batches) {
    const BatchRef ref{producer, carried.batch};
    if (find_batch(scene, ref) == nullptr) continue;
    box.batches.push_back(batch_box(scene, ref));
    box.is_selected = box.is_selected || box.batches.back().is_selected;
  }
  return box;
}

void tell_waits(const Scene& scene, const core::ClusterConnectionStates& states,
                ConnectionBox& box) {
  const core::Millis now = scene.world().producer_time();
  if (states.is_blacked_out(box.node, now)) {
    const core::Millis until = now + states.connection_delay(box.node, now);
    box.reconnect = remaining(instant_of(scene.world(), states.last_connect_attempt(box.node)),
                              instant_of(scene.world(), until), scene.at);
  }
  const core::Milliseconds throttle = states.throttle_delay(box.node, now);
  if (throttle > core::Milliseconds{0}) {
    const core::Instant until = instant_of(scene.world(), now + throttle);
    box.throttle = remaining(scene.world().now, until, scene.at);
  }
}

core::Bytes waiting_in_socket(const Scene& scene, core::ProducerIndex producer, core::NodeId node) {
  const sim::ClientSocket socket{producer, node};
  for (const auto& connection : scene.world().servers.network().connections()) {
    if (connection.socket == socket) return connection.waiting_to_broker;
  }
  return {};
}

ConnectionBox connection_box(const Scene& scene, core::ProducerIndex producer, core::NodeId broker,
                             core::NodeId node) {
  const core::KafkaProducer& self = process_of(scene, producer).producer;
  const core::NetworkClient& client = self.client();
  ConnectionBox box;
  box.producer = producer;
  box.broker = broker;
  box.node = node;
  box.is_bootstrap = node.value() < 0;
  box.state = client.connections().state(node);
  box.word = client.connections().has_entry(node) ? tr(sim::word(box.state)) : tr("not connected");
  box.max_in_flight = self.config().max_in_flight_requests_per_connection;
  box.can_send_more = client.in_flight().can_send_more(node);
  if (client.in_flight_count(node) > 0) {
    const auto& requests = client.in_flight().requests(node);
    for (auto request = requests.rbegin(); request != requests.rend(); ++request) {
      box.in_flight.push_back(request_box(scene, producer, *request));
    }
  }
  tell_waits(scene, client.connections(), box);
  box.waiting_in_socket = waiting_in_socket(scene, producer, node);
  return box;
}

}  // namespace

std::vector<ConnectionBox> connection_boxes(const Scene& scene, core::ProducerIndex producer) {
  std::vector<ConnectionBox> boxes;
  const std::vector<core::NodeId> brokers = scene.world().servers.cluster().brokers();
  for (const core::NodeId broker : brokers) {
    boxes.push_back(connection_box(scene, producer, broker, broker));
  }
  const core::NetworkClient& client = process_of(scene, producer).producer.client();
  for (const core::NodeId broker : brokers) {
    const core::NodeId bootstrap{-1 - broker.value()};
    const bool is_in_use =
        client.connections().state(bootstrap) != core::ConnectionState::Disconnected;
    if (is_in_use) boxes.push_back(connection_box(scene, producer, broker, bootstrap));
  }
  return boxes;
}

}  // namespace linger::viz
