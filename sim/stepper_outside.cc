// What a world and its real brokers have to do with each other.
#include <utility>
#include <variant>

#include "core/check.h"
#include "sim/stepper.h"

namespace linger::sim {

namespace {

// A bootstrap address does not say which broker is there.
NodeId broker_at(NodeId node) {
  return node.value() < 0 ? core::kNoNode : node;
}

}  // namespace

const OutsideInput* Stepper::next_input(const World& world) {
  if (!world.scenario->live) return nullptr;
  const auto& inputs = world.scenario->live->inputs;
  if (!inputs || world.inputs_taken >= inputs->size()) return nullptr;
  return &(*inputs)[world.inputs_taken];
}

void Stepper::hear_outside() {
  const OutsideInput* next = next_input(world_);
  CHECK(next != nullptr);
  const OutsideInput input = *next;
  ++world_.inputs_taken;
  if (std::holds_alternative<Interrupted>(input.what)) {
    interrupt();
    return;
  }
  const auto& notice = std::get<ClientNotice>(input.what);
  if (!world_.outside.accept(notice)) return;
  record_notice(notice);
  tell(notice);
}

void Stepper::record_notice(const ClientNotice& notice) {
  const auto producer = notice.socket.producer;
  const NodeId node = notice.socket.node;
  const NodeId broker = broker_at(node);
  if (std::holds_alternative<SocketConnected>(notice.what)) {
    record(producer, ConnectionOpened{notice.connection, node, broker});
  } else if (std::holds_alternative<SocketConnectFailed>(notice.what)) {
    record(producer, ConnectionRefused{node, "no connection"});
  } else if (const auto* received = std::get_if<SocketReceived>(&notice.what)) {
    const Bytes size = received->bytes.size();
    record(producer, SegmentSent{notice.connection, broker, Direction::ToClient, size, world_.now});
    record(producer, SegmentArrived{notice.connection, broker, Direction::ToClient, size});
  } else if (std::holds_alternative<SocketEnded>(notice.what)) {
    record(producer, ConnectionClosed{notice.connection, broker, ClosedBy::Broker, ""});
  } else if (std::holds_alternative<SocketReset>(notice.what)) {
    record(producer, ConnectionClosed{notice.connection, broker, ClosedBy::Network, "reset"});
  }
}

// What the producer's sockets have for real brokers goes to whoever drives the run.
void Stepper::carry_outside(std::size_t index) {
  core::NetworkClient& network = process(index).producer.network();
  const auto producer = core::ProducerIndex{static_cast<std::int32_t>(index)};
  for (const NodeId node : network.nodes_with_written()) {
    const ClientSocket socket{producer, node};
    core::ByteVector bytes = network.take_written(node);
    const auto connection = world_.outside.find(socket);
    if (!connection) continue;
    record(producer, SegmentSent{*connection, broker_at(node), Direction::ToBroker,
                                 Bytes{static_cast<std::int64_t>(bytes.size())}, world_.now});
    command({socket, *connection, WriteToSocket{std::move(bytes)}});
  }
  for (core::ConnectionIntent& intent : network.take_connection_intents()) {
    if (auto* connect = std::get_if<core::ConnectIntent>(&intent)) {
      const ClientSocket socket{producer, connect->node};
      command({socket, world_.outside.open(socket),
               OpenSocket{std::move(connect->host), connect->port,
                          process(index).producer.config().send_buffer}});
    } else {
      close_outside({producer, std::get<core::CloseIntent>(intent).node});
    }
  }
}

void Stepper::close_outside(ClientSocket socket) {
  const auto connection = world_.outside.find(socket);
  if (!connection) return;
  world_.outside.close(socket);
  command({socket, *connection, CloseSocket{}});
}

void Stepper::command(OutsideCommand command) {
  if (trace_.keeps_commands) trace_.commands.push_back(std::move(command));
}

// As when a Java process is told to end: its shutdown hooks run beside its threads. A thread that
// is inside a call goes on until the call is over.
void Stepper::interrupt() {
  for (AppThread& thread : world_.threads) {
    if (world_.scenario->threads[static_cast<std::size_t>(thread.id.value())].on_interrupt) {
      if (!std::exchange(thread.is_woken, true)) {
        thread.call = AppThread::BetweenActions{};
        thread.due = world_.now;
      }
      continue;
    }
    thread.is_to_end = true;
    const bool is_inside_call = !std::holds_alternative<AppThread::BetweenActions>(thread.call);
    if (!is_inside_call && !thread.has_ended()) end_thread(thread);
  }
}

// --- The beginning and the end, and what is injected between them ---

void Stepper::announce_producers() {
  for (std::size_t i = 0; i < world_.processes.size(); ++i) {
    process(i).producer.announce(journal_);
    drain_journal(i);
  }
}

void Stepper::end(std::string why, Instant at) {
  world_.now = std::max(world_.now, at);
  record(std::nullopt, RunEnded{why});
  world_.ended = std::move(why);
  ++world_.steps;
}

void inject(World& world, Fault fault, Instant at) {
  CHECK(world.now < at);
  Scenario changed = *world.scenario;
  changed.faults.push_back({Moment{at, std::nullopt}, std::move(fault), 0});
  world.scenario = std::make_shared<const Scenario>(std::move(changed));
  world.fault_memory.emplace_back();
  world.fault_done.push_back(false);
  world.events.push(at, EventClass::Intervention, FaultDue{world.scenario->faults.size() - 1});
}

}  // namespace linger::sim
