#include "sim/live/live_run.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "sim/live/asio.h"
#include "sim/live/live_socket.h"
#include "sim/recording.h"
#include "sim/world.h"

namespace linger::sim::live {

namespace {

using Clock = std::chrono::steady_clock;

// Between two looks at the sockets.
constexpr int kStepsAtOnce = 200;
constexpr std::chrono::seconds kLongestFarewell{2};

std::int64_t epoch_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class LiveRun {
 public:
  LiveRun(Scenario scenario, const LiveOptions& options)
      : options_{options},
        inputs_{std::make_shared<std::vector<OutsideInput>>()},
        scenario_{std::make_shared<const Scenario>(prepared(std::move(scenario)))},
        world_{scenario_},
        summary_{*scenario_},
        signals_{io_, SIGINT, SIGTERM} {
    sink_.keeps_commands = true;
  }

  LiveResult run() {
    began_ = Clock::now();
    await_signal();
    while (!world_.ended && !is_given_up_) {
      const std::optional<Instant> due = step_what_is_due();
      if (due && *due > clock()) {
        io_.run_one_until(real_time(*due));
      }
      io_.poll();
    }
    say_farewell();
    return result();
  }

 private:
  Scenario prepared(Scenario scenario) {
    LiveScenario live = as_live(std::move(scenario), {.bootstrap = options_.bootstrap,
                                                      .epoch_ms = epoch_now(),
                                                      .close_timeout = options_.close_timeout,
                                                      .inputs = inputs_});
    for (const std::string& line : live.left_out) tell("left out: " + line);
    return std::move(live.scenario);
  }

  // --- Time ---

  Instant clock() const {
    const auto passed = std::chrono::duration_cast<Duration>(Clock::now() - began_);
    return Instant{passed * options_.speed.numerator / options_.speed.denominator};
  }
  Clock::time_point real_time(Instant at) const {
    const Duration passed =
        at.time_since_epoch() * options_.speed.denominator / options_.speed.numerator;
    return began_ + passed + std::chrono::microseconds{1};
  }

  // --- The world ---

  // Returns when something is due next.
  std::optional<Instant> step_what_is_due() {
    const Instant now = clock();
    for (int i = 0; i < kStepsAtOnce; ++i) {
      const std::optional<Instant> due = next_due(world_);
      if (!due || *due > now) return due;
      step(world_, sink_);
      take_events();
      for (OutsideCommand& command : sink_.take_commands()) obey(std::move(command));
    }
    return next_due(world_);
  }

  void take_events() {
    for (const TraceEvent& event : sink_.events) {
      digests_.add(event);
      summary_.add(event);
      if (options_.sink) options_.sink(event);
    }
    sink_.events.clear();
  }

  // The world hears of it after everything that it has done already.
  void hear(std::variant<ClientNotice, Interrupted> what) {
    Instant at = std::max(clock(), world_.now + Duration{1});
    if (!inputs_->empty()) at = std::max(at, inputs_->back().at);
    inputs_->push_back({at, std::move(what)});
  }

  // --- Sockets ---

  void obey(OutsideCommand command) {
    if (const auto* open = std::get_if<OpenSocket>(&command.what)) {
      const auto tell_world = [this, socket = command.socket,
                               connection = command.connection](LiveSocket::What what) {
        hear(ClientNotice{socket, connection, std::move(what)});
      };
      auto opened = std::make_shared<LiveSocket>(io_, tell_world);
      sockets_.insert_or_assign(command.connection, opened);
      return opened->open(*open);
    }
    const auto at = sockets_.find(command.connection);
    if (at == sockets_.end()) return;
    if (auto* write = std::get_if<WriteToSocket>(&command.what)) {
      at->second->write(std::move(write->bytes));
      return;
    }
    at->second->close();
    closing_.push_back(at->second);
    sockets_.erase(at);
  }

  void await_signal() {
    signals_.async_wait([this](const asio::error_code& error, int) {
      if (error) return;
      if (was_interrupted_) {
        is_given_up_ = true;
        return;
      }
      was_interrupted_ = true;
      tell("interrupted: closing; once more gives up");
      hear(Interrupted{});
      await_signal();
    });
  }

  // What was written last still leaves.
  void say_farewell() {
    signals_.cancel();
    for (auto& [connection, socket] : sockets_) {
      socket->close();
      closing_.push_back(socket);
    }
    sockets_.clear();
    const auto latest = Clock::now() + kLongestFarewell;
    const auto all_closed = [this] {
      return std::all_of(closing_.begin(), closing_.end(),
                         [](const auto& socket) { return socket->is_closed(); });
    };
    while (!all_closed() && Clock::now() < latest && !io_.stopped()) io_.run_one_until(latest);
  }

  LiveResult result() {
    LiveResult result;
    result.summary = summary_.finish(world_);
    result.digests = digests_;
    result.ended_at = world_.now;
    result.was_interrupted = was_interrupted_;
    result.why = world_.ended.value_or("given up");
    result.recorded = as_recorded(*scenario_, world_.inputs_taken, digests_);
    if (!world_.ended) {  // a replay ends here, and differs from the run in that it ends
      result.recorded.end = world_.now;
      result.recorded.live->digests.clear();
    }
    return result;
  }

  void tell(const std::string& line) const {
    if (options_.tell) options_.tell(line);
  }

  const LiveOptions& options_;
  std::shared_ptr<std::vector<OutsideInput>> inputs_;
  std::shared_ptr<const Scenario> scenario_;
  World world_;
  TraceSink sink_;
  SummaryBuilder summary_;
  Digests digests_;
  asio::io_context io_{1};
  asio::signal_set signals_;
  std::map<ConnectionId, std::shared_ptr<LiveSocket>> sockets_;
  std::vector<std::shared_ptr<LiveSocket>> closing_;
  Clock::time_point began_;
  bool was_interrupted_ = false;
  bool is_given_up_ = false;
};

}  // namespace

LiveResult run_live(Scenario scenario, const LiveOptions& options) {
  return LiveRun{std::move(scenario), options}.run();
}

}  // namespace linger::sim::live
