#include "sim/stepper.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "sim/broker_answers.h"
#include "sim/ledger_keeper.h"
#include "sim/random_faults.h"

namespace linger::sim {

namespace {

template <class List>
bool has_trigger(const List& list) {
  return std::any_of(list.begin(), list.end(),
                     [](const auto& one) { return one.moment.when.has_value(); });
}

}  // namespace

Stepper::Stepper(World& world, TraceSink& trace)
    : world_{world},
      trace_{trace},
      journal_{trace.journal},
      has_triggers_{has_trigger(world.scenario->faults) || has_trigger(world.scenario->narration)} {
  journal_.clear();  // a step that ended in a failed check may have left something
}

bool Stepper::is_before(const Due& a, const Due& b) {
  if (a.at != b.at) return a.at < b.at;
  if (a.event_class != b.event_class) return a.event_class < b.event_class;
  if (a.turn != b.turn) return a.turn < b.turn;
  return a.index < b.index;
}

std::optional<Stepper::Due> Stepper::next(const World& world) {
  if (!world.scenario->order.empty()) {
    if (const auto by_order = next_by_order(world)) return by_order;
  }
  std::optional<Due> first;
  const auto offer = [&](const Due& due) {
    if (!first || is_before(due, *first)) first = due;
  };
  if (!world.events.is_empty()) {
    offer({world.events.next_at(), world.events.next_class(), 0});
  }
  if (const OutsideInput* input = next_input(world)) offer({input->at, EventClass::Outside, 0});
  for (std::size_t i = 0; i < world.threads.size(); ++i) {
    const AppThread& thread = world.threads[i];
    const bool may_be_first = thread.due && (!first || *thread.due <= first->at);
    if (may_be_first) offer({*thread.due, EventClass::Application, i, thread.turn_now()});
    for (const AppThread::WatchedCall& watched : thread.watched) {
      const Turn turn{Turn::Why::Acts, thread.turn};
      if (watched.due) offer({*watched.due, EventClass::Application, i, turn});
    }
  }
  for (std::size_t i = 0; i < world.processes.size(); ++i) {
    const SenderThread& sender = world.processes[i].sender;
    if (!sender.due) continue;
    offer({*sender.due, sender.is_spinning ? EventClass::SpinningSender : EventClass::Sender, i});
  }
  return first;
}

void Stepper::take(const Due& due) {
  world_.now = std::max(world_.now, due.at);
  if (world_.steps == 0) announce_producers();
  happen(due);
  carry_all();
  wake_blocked_threads();
  wake_senders();
  check_triggers(happened_);
  ++world_.steps;
}

void Stepper::happen(const Due& due) {
  switch (due.event_class) {
    case EventClass::Application:
      run_thread(world_.threads[due.index]);
      break;
    case EventClass::SpinningSender:
    case EventClass::Sender:
      run_sender(due.index);
      break;
    case EventClass::Outside:
      hear_outside();
      break;
    case EventClass::Intervention:
    case EventClass::Narration:
    case EventClass::Wire: {
      const QueuedEvent event = due.place ? world_.events.take(*due.place) : world_.events.pop();
      if (const auto* wire = std::get_if<WireEvent>(&event)) {
        Effects effects;
        world_.servers.deliver(*wire, world_.now, effects);
        apply(std::move(effects));
      } else {
        intervene(event);
      }
      break;
    }
  }
}

// --- Interventions ---

void Stepper::intervene(const QueuedEvent& event) {
  if (const auto* fault = std::get_if<FaultDue>(&event)) apply_fault(fault->index);
  if (const auto* narration = std::get_if<NarrationDue>(&event)) reach_narration(narration->index);
}

void Stepper::apply_fault(std::size_t index) {
  const Fault fault = world_.scenario->faults[index].fault;
  world_.fault_done[index] = true;
  record(std::nullopt, FaultApplied{text(fault)});
  if (const auto* exit = std::get_if<ExitProcess>(&fault)) {
    return exit_process(producer_named(exit->producer.name));
  }
  Effects effects;
  world_.servers.apply(fault, world_.now, effects);
  apply(std::move(effects));
}

std::size_t Stepper::producer_named(const std::string& name) const {
  const std::vector<ProducerSpec>& producers = world_.scenario->producers;
  const auto is_it = [&](const ProducerSpec& producer) { return producer.name == name; };
  const auto at = std::find_if(producers.begin(), producers.end(), is_it);
  CHECK(at != producers.end());
  return static_cast<std::size_t>(at - producers.begin());
}

void Stepper::reach_narration(std::size_t index) {
  world_.narration_done[index] = true;
  record(std::nullopt, NarrationReached{static_cast<std::int32_t>(index)});
}

// Faults and narration that wait for a condition happen after the step in which it came true.
void Stepper::check_triggers(const std::vector<TraceEvent>& happened) {
  const Scenario& scenario = *world_.scenario;
  const auto holds_now = [&](const Query& query, QueryMemory& memory) {
    if (uses_trace(query)) {
      for (const TraceEvent& event : happened) remember(query, event, scenario.topics, memory);
    }
    const QueryContext context{lookup_in(world_), {}, &memory, scenario.topics};
    const auto result = holds(query, context);
    const bool* is_true = std::get_if<bool>(&result);
    return is_true != nullptr && *is_true;
  };
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const auto& when = scenario.faults[i].moment.when;
    if (!when || world_.fault_done[i]) continue;
    if (!holds_now(*when, world_.fault_memory[i])) continue;
    world_.fault_done[i] = true;
    world_.events.push(world_.now, EventClass::Intervention, FaultDue{i});
  }
  for (std::size_t i = 0; i < scenario.narration.size(); ++i) {
    const auto& when = scenario.narration[i].moment.when;
    if (!when || world_.narration_done[i]) continue;
    if (!holds_now(*when, world_.narration_memory[i])) continue;
    world_.narration_done[i] = true;
    world_.events.push(world_.now, EventClass::Narration, NarrationDue{i});
  }
}

// --- Between producers and wires ---

void Stepper::carry_all() {
  for (std::size_t i = 0; i < world_.processes.size(); ++i) {
    if (world_.scenario->live) {
      carry_outside(i);
    } else {
      carry(i);
    }
  }
}

// Takes to the wires what the producer's sockets have for them.
void Stepper::carry(std::size_t index) {
  core::NetworkClient& network = process(index).producer.network();
  const auto producer = core::ProducerIndex{static_cast<std::int32_t>(index)};
  Effects effects;
  for (const NodeId node : network.nodes_with_written()) {
    world_.servers.send({producer, node}, network.take_written(node), world_.now, effects);
  }
  for (const core::ConnectionIntent& intent : network.take_connection_intents()) {
    if (const auto* connect = std::get_if<core::ConnectIntent>(&intent)) {
      world_.servers.open({producer, connect->node}, {connect->host, connect->port},
                          {process(index).producer.config().send_buffer}, world_.now, effects);
    } else {
      world_.servers.close({producer, std::get<core::CloseIntent>(intent).node}, world_.now,
                           effects);
    }
  }
  apply(std::move(effects));
}

void Stepper::apply(Effects effects) {
  if (trace_.keeps_traffic) trace_.traffic.push_back({world_.now, effects});
  for (Scheduled& scheduled : effects.scheduled) {
    world_.events.push(scheduled.at, EventClass::Wire, std::move(scheduled.event));
  }
  for (Happened& happened : effects.happened) {
    if (happened.producer == kStranger) happened.producer.reset();
    record(happened.producer, std::move(happened.event));
  }
  for (const ClientNotice& notice : effects.to_clients) tell(notice);
}

void Stepper::tell(const ClientNotice& notice) {
  if (notice.socket.producer == kStranger) return;
  const auto index = static_cast<std::size_t>(notice.socket.producer.value());
  if (process(index).has_exited) return;
  core::NetworkClient& network = process(index).producer.network();
  const NodeId node = notice.socket.node;
  if (const auto* connected = std::get_if<SocketConnected>(&notice.what)) {
    if (connected->is_authenticated) {
      network.on_connected(node);
    } else {
      network.on_connected_unauthenticated(node);
    }
    network.on_writable(node, connected->room);
  } else if (const auto* room = std::get_if<SocketHasRoom>(&notice.what)) {
    network.on_writable(node, room->more);
  } else if (const auto* received = std::get_if<SocketReceived>(&notice.what)) {
    network.on_bytes(node, received->bytes.span());
  } else if (std::holds_alternative<SocketConnectFailed>(notice.what)) {
    network.on_connect_failed(node);
  } else if (std::holds_alternative<SocketEnded>(notice.what)) {
    network.on_end_of_stream(node);
  } else if (const auto* refused = std::get_if<SocketRefused>(&notice.what)) {
    network.on_authentication_refused(node, refused->why);
  } else {
    network.on_reset(node);
  }
}

// --- The trace ---

void Stepper::record(std::optional<core::ProducerIndex> producer, SimEvent event) {
  note(producer, std::move(event));
}

void Stepper::drain_journal(std::size_t producer) {
  const auto index = core::ProducerIndex{static_cast<std::int32_t>(producer)};
  for (core::Event& event : journal_.events()) note(index, std::move(event));
  journal_.clear();
}

// An event is made where it stays: in the trace, if that is kept.
template <class Kinds>
void Stepper::note(std::optional<core::ProducerIndex> producer, Kinds&& what) {
  if (trace_.is_on) {
    take_in(trace_.events.emplace_back(world_.now, world_.steps, producer, std::move(what)));
  } else {
    take_in(TraceEvent{world_.now, world_.steps, producer, std::move(what)});
  }
}

void Stepper::take_in(const TraceEvent& event) {
  keep_in_ledger(world_, event);
  if (has_triggers_) happened_.push_back(event);
}

// --- The world's own functions ---

namespace {

// In the queue, or in the hands of the sender, which sleeps before it sends it again. After a fatal
// error nothing is sent any more.
bool has_request_left(const core::TransactionManager& transactions, const SenderThread& sender) {
  using core::TransactionState;
  if (transactions.has_fatal_error()) return false;
  const bool may_sleep_over_one = transactions.state() != TransactionState::Ready &&
                                  transactions.state() != TransactionState::Uninitialized;
  return transactions.has_pending_requests() ||
         (sender.state == SenderThread::State::Sleeping && may_sleep_over_one);
}

// Nothing is left to happen but what goes on for ever: metadata refreshes, idle connections.
bool is_idle(const World& world) {
  const bool threads_over = std::all_of(
      world.threads.begin(), world.threads.end(),
      [](const AppThread& thread) { return thread.has_ended() && thread.watched.empty(); });
  if (!threads_over || world.servers.cluster().transactions.is_ending_a_transaction()) return false;
  for (const ProducerProcess& process : world.processes) {
    // What a sender that has stopped left behind will never be answered.
    if (process.has_exited || !process.producer.sender().is_alive()) continue;
    if (process.producer.accumulator().has_incomplete()) return false;
    if (process.sender.user_code) return false;
    const core::TransactionManager* transactions = process.producer.transactions();
    if (transactions != nullptr && has_request_left(*transactions, process.sender)) return false;
    if (process.producer.client().in_flight_count() > 0) return false;
  }
  for (std::size_t i = 0; i < world.scenario->faults.size(); ++i) {
    if (world.scenario->faults[i].moment.at && !world.fault_done[i]) return false;
  }
  for (std::size_t i = 0; i < world.scenario->narration.size(); ++i) {
    if (world.scenario->narration[i].moment.at && !world.narration_done[i]) return false;
  }
  return true;
}

// A request that wants no answer may still arrive.
bool is_wire_due_now(const World& world) {
  return !world.events.is_empty() && world.events.next_class() == EventClass::Wire &&
         world.events.next_at() <= world.now;
}

struct End {
  Instant at{};
  const char* why = "";
};

// When the run ends if nothing else happens, and why. `is_idle`: as is_idle() says.
End end_of(const World& world, bool is_idle) {
  const Scenario& scenario = *world.scenario;
  End end{scenario.limit, "limit"};
  if (scenario.end) {
    if (*scenario.end < end.at) end = {*scenario.end, "end"};
  } else if (is_idle && !is_wire_due_now(world) &&
             world.last_activity + scenario.tail < end.at) {
    end = {world.last_activity + scenario.tail, "idle"};
  }
  return end;
}

}  // namespace

std::optional<Instant> next_due(const World& world) {
  if (world.ended) return std::nullopt;
  const Instant end = end_of(world, is_idle(world)).at;
  const auto due = Stepper::next(world);
  return std::max(world.now, due && due->at < end ? due->at : end);
}

namespace {

void take_or_end(World& world, const std::optional<Stepper::Due>& due, TraceSink& trace) {
  Stepper stepper{world, trace};
  const bool was_idle = is_idle(world);
  const End end = end_of(world, was_idle);
  if (!due || due->at >= end.at) {
    stepper.end(end.why, due ? end.at : std::min(end.at, world.now + world.scenario->tail));
    return;
  }
  stepper.take(*due);
  if (!was_idle || !is_idle(world)) world.last_activity = world.now;
}

}  // namespace

bool step(World& world, TraceSink& trace) {
  if (world.ended) return false;
  take_or_end(world, Stepper::next(world), trace);
  return true;
}

std::vector<Coming> coming(const World& world) {
  std::vector<Coming> all;
  if (world.ended) return all;
  const Instant end = end_of(world, is_idle(world)).at;
  for (const Stepper::LaneDue& next : Stepper::next_of_each_lane(world)) {
    if (next.due.at >= end) break;
    all.push_back({next.lane, std::max(world.now, next.due.at), next.due.is_departure});
  }
  return all;
}

void step(World& world, const Lane& lane, TraceSink& trace) {
  CHECK(!world.ended);
  for (const Stepper::LaneDue& next : Stepper::next_of_each_lane(world)) {
    if (next.lane == lane) return take_or_end(world, next.due, trace);
  }
  CHECK(false);
}

}  // namespace linger::sim
