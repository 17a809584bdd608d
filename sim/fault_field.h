// What the faults are made of. Each fault tells its key, what one aims it at, and its fields once:
// the reader, the writer, the command line, the viewer and the tests go by that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/time.h"

namespace linger::sim {

// A partition by its name, as scenarios write it: "orders-3".
struct PartitionName {
  std::string topic;
  std::int32_t partition = 0;
  friend bool operator==(const PartitionName&, const PartitionName&) = default;
};

// A topic by its name, whether it exists or not.
struct TopicName {
  std::string name;
  friend bool operator==(const TopicName&, const TopicName&) = default;
};

// Which way on a wire.
enum class Way : std::uint8_t { Both, ToBroker, ToClient };

struct Bandwidth {
  core::Bytes each_second{1'000'000};
  friend bool operator==(const Bandwidth&, const Bandwidth&) = default;
};

// What a broker's port answers instead of Kafka's protocol.
enum class Garbage : std::uint8_t { Http, TlsAlert, NegativeSize };

// What somebody writes to a broker's port who takes it for something else.
enum class StrangerSays : std::uint8_t { HttpGet, HttpPost, HttpHead, TlsHello };

// A producer by its name.
struct ProducerName {
  std::string name;
  friend bool operator==(const ProducerName&, const ProducerName&) = default;
};

// What one points at to let it happen.
enum class FaultTarget : std::uint8_t { Broker, Wire, Request, Partition, Process };

struct FaultInfo {
  std::string_view key;  // in TOML, and on the command line
  FaultTarget target = FaultTarget::Broker;
  std::string_view meaning;  // what happens, in a line
};

// A field of a fault. The first field may stand alone, without a table, if no other must be given:
// refuse = 1 is refuse = { broker = 1 }.
struct FieldInfo {
  std::string_view key;
  std::string_view example;  // in TOML
  std::int64_t least = 0;    // of an integer
};

}  // namespace linger::sim
