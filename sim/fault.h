// What can be done to brokers and wires: the same from a scenario and by hand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/error_code.h"
#include "core/id.h"
#include "core/time.h"

namespace linger::sim {

// A partition by its name, as scenarios write it: "orders-3".
struct PartitionName {
  std::string topic;
  std::int32_t partition = 0;
  friend bool operator==(const PartitionName&, const PartitionName&) = default;
};

// Segments to and from the broker take this much longer, for a while or for good.
struct AddLatency {
  core::NodeId broker;
  core::Duration extra{};
  std::optional<core::Duration> lasts;
  friend bool operator==(const AddLatency&, const AddLatency&) = default;
};
// Open connections to the broker break; bytes on the wire are lost. New ones may be opened.
struct Disconnect {
  core::NodeId broker;
  friend bool operator==(const Disconnect&, const Disconnect&) = default;
};
// New connections are refused.
struct RefuseConnections {
  core::NodeId broker;
  std::optional<core::Duration> lasts;
  friend bool operator==(const RefuseConnections&, const RefuseConnections&) = default;
};
// The broker takes bytes and never answers; it does nothing with what it gets.
struct FallSilent {
  core::NodeId broker;
  std::optional<core::Duration> lasts;
  friend bool operator==(const FallSilent&, const FallSilent&) = default;
};
// The next produce requests for the partition are answered with this error; nothing is appended
// unless `append` says so.
struct FailProduce {
  PartitionName partition;
  core::ErrorCode error = core::ErrorCode::None;
  std::int32_t times = 1;
  bool append = false;
  friend bool operator==(const FailProduce&, const FailProduce&) = default;
};
// The next produce requests for the partition are appended, and the answer never sent; then the
// connection breaks, or stays and says nothing.
struct LoseResponse {
  PartitionName partition;
  std::int32_t times = 1;
  bool disconnect = true;
  friend bool operator==(const LoseResponse&, const LoseResponse&) = default;
};
// Another broker leads the partition, or none; the epoch grows by one, or to the one given.
struct ChangeLeader {
  PartitionName partition;
  std::optional<core::NodeId> leader;
  std::optional<std::int32_t> epoch{};
  friend bool operator==(const ChangeLeader&, const ChangeLeader&) = default;
};

// The broker's process ends: open connections break, and new ones are refused until it starts.
// Differs: it goes on leading what it led.
struct StopBroker {
  core::NodeId broker;
  friend bool operator==(const StopBroker&, const StopBroker&) = default;
};
struct StartBroker {
  core::NodeId broker;
  friend bool operator==(const StartBroker&, const StartBroker&) = default;
};
// From now on the answers to produce requests leave so long after the requests were served.
struct DelayAnswers {
  core::Duration delay{};
  friend bool operator==(const DelayAnswers&, const DelayAnswers&) = default;
};

using Fault = std::variant<AddLatency, Disconnect, RefuseConnections, FallSilent, FailProduce,
                           LoseResponse, ChangeLeader, StopBroker, StartBroker, DelayAnswers>;

// "disconnect broker 1"
std::string text(const Fault& fault);

}  // namespace linger::sim
