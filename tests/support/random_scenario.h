// Small scenarios at random, for rapidcheck. What shrinks is the plan: fewer threads, fewer and
// smaller sends, fewer faults, plainer settings.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario_writer.h"
#include "support/small_world.h"

namespace linger::sim {

inline std::ostream& operator<<(std::ostream& os, const SmallScenario& scenario) {
  return os << "\n" << scenario_text(scenario.build());
}

namespace random_scenario {

// One of these; the first is the plainest.
template <class T>
T one_of(std::vector<T> values) {
  const auto index = *rc::gen::inRange<std::size_t>(0, values.size());
  return values[index];
}
inline std::string text_of(std::int64_t number) {
  return std::to_string(number);
}

// Without callbacks that break things and without faults, everything a program may do.
inline AppAction any_send(std::int32_t partitions) {
  SendAs what;
  const auto partition = *rc::gen::inRange<std::int32_t>(-1, partitions);
  what.partition = partition < 0 ? std::nullopt : std::optional{partition};
  what.count = *rc::gen::inRange<std::int64_t>(1, 8);
  what.size = one_of<std::int64_t>({5, 60, 200, 700});
  what.every = one_of<Duration>({0ms, 1ms, 7ms, 300us});
  what.wait = one_of<int>({0, 0, 0, 1}) == 1;
  what.callback = one_of<std::optional<core::CallbackId>>(
      {std::nullopt, core::CallbackId{0}, core::CallbackId{1}});
  return send(what);
}
inline AppAction any_action(std::int32_t partitions) {
  switch (*rc::gen::inRange(0, 8)) {
    case 5:
      return FlushAction{};
    case 6:
      return SleepAction{one_of<Duration>({1ms, 20ms, 150ms})};
    default:
      return any_send(partitions);
  }
}
inline std::vector<AppAction> any_program(std::int32_t partitions) {
  std::vector<AppAction> program;
  const auto actions = *rc::gen::inRange(1, 5);
  for (int i = 0; i < actions; ++i) program.push_back(any_action(partitions));
  switch (*rc::gen::inRange(0, 6)) {
    case 4:
      program.push_back(CloseAction{});
      break;
    case 5:
      program.push_back(CloseAction{core::Milliseconds{one_of<std::int64_t>({0, 10, 100})}});
      break;
    default:
      break;
  }
  return program;
}

// Times are short, so that runs are: what would take a minute takes a second.
inline core::GivenSettings any_settings() {
  core::GivenSettings settings;
  const bool idempotent = *rc::gen::arbitrary<bool>();
  const std::int64_t linger = one_of<std::int64_t>({0, 1, 5, 20});
  const std::int64_t request_timeout = one_of<std::int64_t>({400, 60});
  settings["enable.idempotence"] = idempotent ? "true" : "false";
  settings["linger.ms"] = text_of(linger);
  settings["request.timeout.ms"] = text_of(request_timeout);
  settings["delivery.timeout.ms"] =
      text_of(linger + request_timeout + one_of<std::int64_t>({600, 0, 100}));
  settings["batch.size"] = one_of<std::string>({"16384", "1000", "250", "1"});
  settings["buffer.memory"] = one_of<std::string>({"33554432", "33554432", "20000", "2000"});
  settings["max.request.size"] = one_of<std::string>({"1048576", "2000", "500"});
  settings["max.block.ms"] = one_of<std::string>({"500", "30", "0"});
  settings["max.in.flight.requests.per.connection"] =
      text_of(*rc::gen::inRange<std::int64_t>(1, 6));
  settings["acks"] = idempotent ? "all" : one_of<std::string>({"all", "1", "0"});
  settings["retries"] = one_of<std::string>({"2147483647", "2", idempotent ? "1" : "0"});
  settings["retry.backoff.ms"] = one_of<std::string>({"10", "50"});
  settings["retry.backoff.max.ms"] = one_of<std::string>({"10", "100"});
  settings["partitioner.availability.timeout.ms"] = one_of<std::string>({"0", "20"});
  return settings;
}

inline Fault any_fault(const SmallScenario& scenario) {
  const NodeId broker{*rc::gen::inRange<std::int32_t>(0, scenario.brokers)};
  const auto partitions = static_cast<std::int32_t>(scenario.leaders.size());
  const PartitionName partition = named(*rc::gen::inRange<std::int32_t>(0, partitions));
  const auto lasts = std::optional{one_of<Duration>({10ms, 100ms, 700ms})};
  const std::int32_t times = *rc::gen::inRange<std::int32_t>(1, 4);
  using core::ErrorCode;
  switch (*rc::gen::inRange(0, 8)) {
    case 7:
      return RefuseAuthentication{broker, lasts, *rc::gen::arbitrary<bool>()};
    case 0:
      return Disconnect{broker};
    case 1:
      return AddLatency{broker, one_of<Duration>({5ms, 100ms}), lasts};
    case 2:
      return RefuseConnections{broker, lasts};
    case 3:
      return FallSilent{broker, lasts};
    case 4:
      return LoseResponse{partition, times, *rc::gen::arbitrary<bool>()};
    case 5:
      return ChangeLeader{partition, broker};
    default:
      return FailProduce{
          partition,
          one_of<ErrorCode>({ErrorCode::NotEnoughReplicas, ErrorCode::NotLeaderOrFollower,
                             ErrorCode::MessageTooLarge, ErrorCode::InvalidRecord,
                             ErrorCode::RequestTimedOut, ErrorCode::OutOfOrderSequenceNumber,
                             ErrorCode::TopicAuthorizationFailed}),
          times, *rc::gen::arbitrary<bool>()};
  }
}

inline SmallScenario calm_world() {
  SmallScenario scenario;
  scenario.brokers = *rc::gen::inRange<std::int32_t>(1, 4);
  const auto partitions = *rc::gen::inRange<std::int32_t>(1, 7);
  scenario.leaders.clear();
  for (std::int32_t i = 0; i < partitions; ++i) scenario.leaders.push_back(i % scenario.brokers);
  scenario.settings = any_settings();
  scenario.link.latency = one_of<Duration>({1ms, 5ms, 250us, 20ms});
  scenario.warm = one_of<int>({1, 0}) == 1;
  scenario.seed = *rc::gen::inRange<std::uint64_t>(1, 1'000);
  const auto threads = *rc::gen::inRange(1, 4);
  for (int i = 0; i < threads; ++i) scenario.programs.push_back(any_program(partitions));
  scenario.callbacks = {callback({}), callback({.takes = 3ms, .throws = "RuntimeException"})};
  scenario.callbacks[1].name = "throws";
  scenario.limit = 60s;
  return scenario;
}

inline SmallScenario troubled_world() {
  SmallScenario scenario = calm_world();
  scenario.jitter = *rc::gen::arbitrary<bool>();
  scenario.link.jitter = one_of<Duration>({0ms, 2ms});
  scenario.link.segment = Bytes{one_of<std::int64_t>({65'536, 1'460, 100})};
  if (*rc::gen::inRange(0, 4) == 3) scenario.link.bandwidth = Bytes{100'000};
  scenario.callbacks[0].sends_to = one_of<std::optional<std::string>>({std::nullopt, "t"});
  const auto faults = *rc::gen::inRange(0, 5);
  for (int i = 0; i < faults; ++i) {
    const Duration at = std::chrono::milliseconds{*rc::gen::inRange(0, 150)};
    scenario.faults.emplace_back(at, any_fault(scenario));
  }
  return scenario;
}

}  // namespace random_scenario

// Nothing goes wrong in it but what the producer does to itself.
inline rc::Gen<SmallScenario> calm_scenarios() {
  return rc::gen::resize(rc::kNominalSize,
                         rc::gen::exec([] { return random_scenario::calm_world(); }));
}

// Faults of all kinds at any time, wires of any speed.
inline rc::Gen<SmallScenario> troubled_scenarios() {
  return rc::gen::resize(rc::kNominalSize,
                         rc::gen::exec([] { return random_scenario::troubled_world(); }));
}

}  // namespace linger::sim
