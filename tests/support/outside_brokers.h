// A live world whose brokers are simulated ones, on the other side of its inputs and commands: as
// live runs are, without sockets and without a clock.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/digest.h"
#include "sim/event_queue.h"
#include "sim/recording.h"
#include "sim/server_side.h"
#include "sim/world.h"

namespace linger::sim {

class OutsideBrokers {
 public:
  explicit OutsideBrokers(const Scenario& scenario)
      : inputs_{std::make_shared<std::vector<OutsideInput>>()},
        scenario_{std::make_shared<const Scenario>(live(scenario))},
        world_{scenario_},
        servers_{scenario.cluster, scenario.network, scenario.topics, scenario.seed} {
    sink_.keeps_commands = true;
  }

  // Until the world ends, or until then.
  void run(Instant until = Instant::max()) {
    for (;;) {
      const auto due = next_due(world_);
      if (!due) return;
      if (!events_.is_empty() && events_.next_at() < *due) {
        now_ = std::max(now_, events_.next_at());
        Effects effects;
        servers_.deliver(std::get<WireEvent>(events_.pop()), now_, effects);
        take(std::move(effects));
        continue;
      }
      if (*due > until) return;
      step(world_, sink_);
      for (TraceEvent& event : sink_.take()) trace_.push_back(std::move(event));
      now_ = std::max(now_, world_.now);
      for (OutsideCommand& command : sink_.take_commands()) obey(std::move(command));
    }
  }
  void interrupt() { hear(Interrupted{}); }

  const World& world() const { return world_; }
  const std::vector<TraceEvent>& trace() const { return trace_; }
  const Cluster& cluster() const { return servers_.cluster(); }
  Digests digests() const {
    Digests digests;
    for (const TraceEvent& event : trace_) digests.add(event);
    return digests;
  }
  Scenario recorded() const { return as_recorded(*scenario_, world_.inputs_taken, digests()); }

 private:
  Scenario live(const Scenario& scenario) {
    const core::NodeEndpoint first = Cluster::endpoint(NodeId{0});
    return as_live(scenario, {.bootstrap = {{first.host, first.port}},
                              .epoch_ms = scenario.epoch_ms,
                              .close_timeout = core::Milliseconds{10'000},
                              .inputs = inputs_})
        .scenario;
  }

  void hear(std::variant<ClientNotice, Interrupted> what) {
    Instant at = std::max(now_, world_.now + Duration{1});
    if (!inputs_->empty()) at = std::max(at, inputs_->back().at);
    inputs_->push_back({at, std::move(what)});
  }

  void take(Effects effects) {
    for (Scheduled& scheduled : effects.scheduled) {
      events_.push(scheduled.at, EventClass::Wire, std::move(scheduled.event));
    }
    for (ClientNotice& notice : effects.to_clients) {
      notice.connection = connections_.at(notice.socket);  // as the world numbers them
      hear(std::move(notice));
    }
  }

  void obey(OutsideCommand command) {
    Effects effects;
    if (const auto* open = std::get_if<OpenSocket>(&command.what)) {
      connections_.insert_or_assign(command.socket, command.connection);
      servers_.open(command.socket, {open->host, open->port}, {}, now_, effects);
    } else if (auto* write = std::get_if<WriteToSocket>(&command.what)) {
      servers_.send(command.socket, std::move(write->bytes), now_, effects);
    } else {
      servers_.close(command.socket, now_, effects);
    }
    take(std::move(effects));
  }

  std::shared_ptr<std::vector<OutsideInput>> inputs_;
  std::shared_ptr<const Scenario> scenario_;
  World world_;
  TraceSink sink_;
  std::vector<TraceEvent> trace_;
  ServerSide servers_;
  EventQueue events_;
  std::map<ClientSocket, ConnectionId> connections_;
  Instant now_{};
};

}  // namespace linger::sim
