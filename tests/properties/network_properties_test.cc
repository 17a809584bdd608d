// Laws of the wires and the brokers, for any link, any segmentation and any bytes.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "core/protocol.h"
#include "core/record_batch.h"
#include "sim/network.h"
#include "sim/server_side.h"
#include "support/record_batches.h"
#include "support/server_side_driver.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::ByteVector;
using core::CorrelationId;

constexpr ClientSocket kSocket{ProducerIndex{0}, NodeId{0}};
constexpr TopicPartition kOrders0{TopicId{0}, 0};

Duration any_duration(int longest) {
  return Duration{*rc::gen::inRange(0, longest)};
}

LinkSpec any_link() {
  LinkSpec link;
  link.latency = any_duration(5'000);
  link.jitter = any_duration(20'000);
  link.segment = Bytes{*rc::gen::inRange(1, 100)};
  link.connect = any_duration(1'000);
  if (*rc::gen::arbitrary<bool>()) link.bandwidth = Bytes{*rc::gen::inRange(1'000, 500'000)};
  return link;
}

ServerSideDriver::Setup two_brokers(const LinkSpec& link) {
  ServerSideDriver::Setup setup;
  setup.cluster.brokers = 2;
  TopicSpec orders;
  orders.name = "orders";
  orders.leaders = {NodeId{0}, NodeId{1}};
  setup.cluster.topics = {orders};
  setup.cluster.service_time = any_duration(500);
  setup.cluster.replication_time = any_duration(500);
  setup.network.link = link;
  setup.topics = {"orders"};
  return setup;
}

// --- The wires ---

// One connection, seen from both ends, without a broker behind it.
struct Wire {
  explicit Wire(const LinkSpec& link) : network{{link, {}}, 1} {
    act([&] { connection = network.open(kSocket, {NodeId{0}, Bytes{200}}, now, effects); });
    run();
  }

  template <class Action>
  void act(Action action) {
    action();
    for (Scheduled& scheduled : std::exchange(effects.scheduled, {})) {
      pending.emplace(std::pair{scheduled.at, order++}, std::move(scheduled.event));
    }
    for (const ClientNotice& notice : std::exchange(effects.to_clients, {})) hear(notice);
    for (const BrokerNotice& notice : std::exchange(effects.to_brokers, {})) {
      if (const auto* bytes = std::get_if<BytesReceived>(&notice.what)) {
        RC_ASSERT(!ended);
        const core::ByteSpan span = bytes->bytes.span();
        arrived.insert(arrived.end(), span.begin(), span.end());
      }
      ended = ended || std::holds_alternative<StreamEnded>(notice.what);
    }
  }
  void hear(const ClientNotice& notice) {
    if (const auto* connected = std::get_if<SocketConnected>(&notice.what)) room = connected->room;
    if (const auto* more = std::get_if<SocketHasRoom>(&notice.what)) room += more->more;
    RC_ASSERT(room <= Bytes{200});
  }
  void run_until(Instant end) {
    while (!pending.empty() && pending.begin()->first.first <= end) {
      const auto next = pending.extract(pending.begin());
      now = next.key().first;
      act([&] { deliver(next.mapped()); });
    }
    now = end;
  }
  void run() {
    while (!pending.empty()) run_until(pending.begin()->first.first);
  }
  void deliver(const WireEvent& event) {
    std::visit(
        [&](const auto& due) {
          if constexpr (requires { network.on(due, now, effects); }) {
            network.on(due, now, effects);
          }
        },
        event);
  }

  Network network;
  ConnectionId connection;
  Instant now{};
  Effects effects;
  std::int64_t order = 0;
  std::map<std::pair<Instant, std::int64_t>, WireEvent> pending;
  Bytes room;
  ByteVector arrived;
  bool ended = false;
};

RC_GTEST_PROP(NetworkProperties, BytesComeOutInTheOrderTheyWentIn, ()) {
  Wire wire{any_link()};
  RC_ASSERT(wire.room == Bytes{200});
  ByteVector sent;
  for (int i = *rc::gen::inRange(0, 40); i > 0; --i) {
    const std::int64_t size = std::min(wire.room.count(), *rc::gen::inRange<std::int64_t>(0, 150));
    ByteVector bytes;
    for (std::int64_t k = 0; k < size; ++k) {
      bytes.push_back(static_cast<core::Byte>(sent.size() + bytes.size()));
    }
    sent.insert(sent.end(), bytes.begin(), bytes.end());
    wire.room -= Bytes{size};
    wire.act([&] {
      wire.network.send(wire.connection, Direction::ToBroker, SharedBytes{bytes}, wire.now,
                        wire.effects);
    });
    wire.run_until(wire.now + any_duration(3'000));
    RC_ASSERT(std::equal(wire.arrived.begin(), wire.arrived.end(), sent.begin()));
  }
  const bool closes = *rc::gen::arbitrary<bool>();
  if (closes) {
    wire.act(
        [&] { wire.network.close(wire.connection, ClosedBy::Client, "", wire.now, wire.effects); });
  }
  wire.run();
  RC_ASSERT(wire.arrived == sent);
  RC_ASSERT(wire.ended == closes);
  if (!closes) RC_ASSERT(wire.room == Bytes{200});
}

// --- Requests ---

struct Sent {
  core::RequestHeader header;
  ByteVector frame;
};

Sent any_request(std::int32_t correlation) {
  core::RequestHeader header{core::ApiKey::Metadata, 12, CorrelationId{correlation}, "test"};
  core::Request request = core::MetadataRequest{};
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      break;
    case 1:
      header.api_key = core::ApiKey::ApiVersions;
      header.api_version = 4;
      request = core::ApiVersionsRequest{"java", "3.9.0"};
      break;
    case 2:
      header.api_key = core::ApiKey::InitProducerId;
      header.api_version = 5;
      request = core::InitProducerIdRequest{};
      break;
    default: {
      const ByteVector batch =
          batch_bytes({.records = *rc::gen::inRange(1, 5),
                       .producer = {1000, 0},
                       .sequence = *rc::gen::inRange(0, 6),
                       .value_size = static_cast<std::size_t>(*rc::gen::inRange(0, 200))});
      header = produce_header(correlation, *rc::gen::inRange<std::int16_t>(3, 12));
      const auto acks = *rc::gen::inRange<std::int16_t>(-1, 2);
      const std::int32_t partition = *rc::gen::weightedElement<std::int32_t>({{20, 0}, {1, 1}});
      return {header,
              core::encode_request(header, produce_request("orders", partition, batch, acks))};
    }
  }
  return {header, core::encode_request(header, request)};
}

std::vector<Sent> any_requests(int most) {
  std::vector<Sent> requests;
  for (int i = *rc::gen::inRange(0, most); i > 0; --i) requests.push_back(any_request(i));
  return requests;
}

// All that the broker answers if it gets these requests over such a link.
ByteVector answers(const ServerSideDriver::Setup& setup, const std::vector<Sent>& requests,
                   bool one_by_one) {
  ServerSideDriver run{setup};
  run.open(kSocket);
  run.run();
  for (const Sent& request : requests) {
    run.send(kSocket, request.frame);
    if (one_by_one) run.run();
  }
  run.run();
  return run.heard(kSocket).bytes;
}

RC_GTEST_PROP(NetworkProperties, AnySegmentationGivesTheSameAnswers, ()) {
  ServerSideDriver::Setup setup = two_brokers(any_link());
  const std::vector<Sent> requests = any_requests(8);
  const ByteVector expected = answers(setup, requests, true);
  setup.network.link = any_link();
  RC_ASSERT(answers(setup, requests, false) == expected);
  RC_TAG(expected.empty() ? "nothing answered" : "answered");
}

RC_GTEST_PROP(NetworkProperties, ARunOnFromACopyIsTheSameRun, ()) {
  ServerSideDriver run{two_brokers(any_link())};
  run.open(kSocket);
  run.run();
  for (const Sent& request : any_requests(8)) run.send(kSocket, request.frame);
  run.run_until(run.now() + any_duration(20'000));
  ServerSideDriver copy = run;
  run.run();
  copy.run();
  RC_ASSERT(copy.heard(kSocket).bytes == run.heard(kSocket).bytes);
  RC_ASSERT(copy.heard(kSocket).last_bytes_at == run.heard(kSocket).last_bytes_at);
  RC_ASSERT(copy.log(kOrders0).end_offset() == run.log(kOrders0).end_offset());
}

// --- The log ---

void assert_dense(const PartitionLog& log) {
  std::int64_t next = 0;
  for (std::size_t i = 0; i < log.batch_count(); ++i) {
    const core::Decoded<core::RecordBatch> batch = core::decode_batch(log.batch(i).bytes.span());
    RC_ASSERT(batch.ok());
    RC_ASSERT(batch.value().header.base_offset == next);
    next += static_cast<std::int64_t>(batch.value().records.size());
  }
  RC_ASSERT(next == log.end_offset());
}

// A producer that sends batches 0, 1, 2, … of an epoch, and some of the last five again.
RC_GTEST_PROP(NetworkProperties, ADuplicateAmongTheLastFiveIsNeverAppendedTwice, ()) {
  ServerSideDriver run{two_brokers(LinkSpec{})};
  run.open(kSocket);
  run.run();
  std::vector<std::tuple<ByteVector, std::int64_t>> sent;  // and its offset
  std::int32_t next_sequence = 0;
  std::size_t answered = 0;
  int retries = 0;
  const int count = *rc::gen::inRange(1, 60);
  for (std::int32_t i = 0; i < count; ++i) {
    const auto age = static_cast<std::size_t>(*rc::gen::inRange(0, 6));
    const bool is_retry = age > 0 && age <= sent.size();
    if (!is_retry) {
      const std::int32_t records = *rc::gen::inRange(1, 4);
      sent.emplace_back(
          batch_bytes({.records = records, .producer = {1000, 0}, .sequence = next_sequence}),
          run.log(kOrders0).end_offset());
      next_sequence += records;
    }
    const auto& [batch, offset] = sent[sent.size() - std::max<std::size_t>(is_retry ? age : 1, 1)];
    const std::int64_t before = run.log(kOrders0).end_offset();
    run.request(kSocket, produce_header(i), produce_request("orders", 0, batch, -1));
    run.run();
    const auto response =
        std::get<core::ProduceResponse>(run.response(kSocket, produce_header(i), answered++));
    RC_ASSERT(response.topics[0].partitions[0].error_code == 0);
    RC_ASSERT(response.topics[0].partitions[0].base_offset == offset);
    if (is_retry) RC_ASSERT(run.log(kOrders0).end_offset() == before);
    retries += is_retry ? 1 : 0;
  }
  RC_CLASSIFY(retries > 0, "with retries");
  RC_ASSERT(run.log(kOrders0).end_offset() == next_sequence);
  assert_dense(run.log(kOrders0));
}

// --- Anything at all ---

ByteVector spoiled(ByteVector frame) {
  for (int i = *rc::gen::inRange(0, 4); i > 0 && !frame.empty(); --i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, frame.size());
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        frame[at] = *rc::gen::arbitrary<core::Byte>();
        break;
      case 1:
        frame.erase(frame.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      default:
        frame.insert(frame.begin() + static_cast<std::ptrdiff_t>(at), core::Byte{0});
    }
  }
  return frame;
}

RC_GTEST_PROP(NetworkProperties, NoBytesHarmABroker, ()) {
  ServerSideDriver run{two_brokers(any_link())};
  run.open(kSocket);
  run.run();
  for (const Sent& request : any_requests(6)) run.send(kSocket, spoiled(request.frame));
  run.run();
  assert_dense(run.log(kOrders0));
  RC_TAG(run.servers().brokers()[0].connections().empty() ? "closed" : "open");
}

Fault any_fault() {
  const NodeId broker{*rc::gen::inRange(0, 2)};
  std::optional<Duration> lasts;
  if (*rc::gen::arbitrary<bool>()) lasts = any_duration(20'000);
  const PartitionName partition{"orders", *rc::gen::inRange(0, 2)};
  const auto times = *rc::gen::inRange<std::int32_t>(1, 3);
  const bool flag = *rc::gen::arbitrary<bool>();
  switch (*rc::gen::inRange(0, 8)) {
    case 7:
      return RefuseAuthentication{broker, lasts, flag};
    case 0:
      return AddLatency{broker, any_duration(5'000), lasts};
    case 1:
      return Disconnect{broker};
    case 2:
      return RefuseConnections{broker, lasts};
    case 3:
      return FallSilent{broker, lasts};
    case 4:
      return FailProduce{partition, core::ErrorCode::NotLeaderOrFollower, times, flag};
    case 5:
      return LoseResponse{partition, times, flag};
    default:
      return ChangeLeader{partition, flag ? std::optional{broker} : std::nullopt};
  }
}

RC_GTEST_PROP(NetworkProperties, WhateverHappensNothingIsLeftOnceAllSocketsAreClosed, ()) {
  ServerSideDriver run{two_brokers(any_link())};
  const std::vector<ClientSocket> sockets{kSocket, ServerSideDriver::socket(1),
                                          ServerSideDriver::socket(0, 1)};
  for (int i = *rc::gen::inRange(0, 60); i > 0; --i) {
    const ClientSocket socket = *rc::gen::elementOf(sockets);
    const bool is_there = run.servers().network().find(socket).has_value();
    switch (*rc::gen::inRange(0, 6)) {
      case 0:
        if (!is_there) run.open(socket);
        break;
      case 1:
        run.close(socket);
        break;
      case 2:
        run.apply(any_fault());
        break;
      case 3:
        run.run_until(run.now() + any_duration(5'000));
        break;
      default:
        run.send(socket, any_request(i).frame);
    }
  }
  for (const ClientSocket socket : sockets) run.close(socket);
  run.run();
  RC_ASSERT(run.servers().network().connections().empty());
  for (const Broker& broker : run.servers().brokers()) RC_ASSERT(broker.connections().empty());
  assert_dense(run.log(kOrders0));
}

}  // namespace
}  // namespace linger::sim
