// The requests a producer sends: Kafka's numbers, names and versions.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/compression.h"

namespace linger::core {

// Kafka's numbers. A broker may announce others; they are values of this type without a name.
enum class ApiKey : std::int16_t {
  Produce = 0,
  Metadata = 3,
  FindCoordinator = 10,
  ApiVersions = 18,
  InitProducerId = 22,
  AddPartitionsToTxn = 24,
  AddOffsetsToTxn = 25,
  EndTxn = 26,
  TxnOffsetCommit = 28,
};

// Whose coordinator is looked for.
enum class CoordinatorType : std::int8_t { Group = 0, Transaction = 1 };

// Versions first to last, both included. {0, -1} holds none.
struct VersionRange {
  std::int16_t first = 0;
  std::int16_t last = -1;
  constexpr bool is_empty() const { return last < first; }
  constexpr bool contains(std::int16_t version) const {
    return first <= version && version <= last;
  }
  friend constexpr bool operator==(const VersionRange&, const VersionRange&) = default;
};

// In Kafka: ApiKeys, and the ranges the request builders allow.
struct Api {
  ApiKey key{};
  std::string_view name{};
  VersionRange implemented{};       // by protocol.h
  std::int16_t flexible_from = 0;   // compact lengths and tagged fields (KIP-482)
  std::int16_t throttled_from = 0;  // the client waits out throttle times, not the broker (KIP-219)
  VersionRange client_0_10_2{};     // what the producer of this era may send; empty: never
  VersionRange client_2_8{};
  VersionRange client_3_9{};
};

inline constexpr std::array kApis{
    //   key, name, implemented, flexible, throttled, clients of 0.10.2, 2.8 and 3.9
    Api{ApiKey::Produce, "Produce", {0, 11}, 9, 6, {2, 2}, {2, 9}, {2, 11}},
    Api{ApiKey::Metadata, "Metadata", {0, 12}, 9, 6, {0, 2}, {0, 11}, {0, 12}},
    Api{ApiKey::FindCoordinator, "FindCoordinator", {0, 6}, 3, 2, {}, {0, 3}, {0, 6}},
    Api{ApiKey::ApiVersions, "ApiVersions", {0, 4}, 3, 2, {0, 0}, {0, 3}, {0, 4}},
    Api{ApiKey::InitProducerId, "InitProducerId", {0, 5}, 2, 1, {}, {0, 4}, {0, 5}},
    Api{ApiKey::AddPartitionsToTxn, "AddPartitionsToTxn", {0, 3}, 3, 1, {}, {0, 3}, {0, 3}},
    Api{ApiKey::AddOffsetsToTxn, "AddOffsetsToTxn", {0, 4}, 3, 1, {}, {0, 3}, {0, 4}},
    Api{ApiKey::EndTxn, "EndTxn", {0, 4}, 3, 1, {}, {0, 3}, {0, 4}},
    Api{ApiKey::TxnOffsetCommit, "TxnOffsetCommit", {0, 4}, 3, 1, {}, {0, 3}, {0, 4}},
};

// Which format a version carries. In Kafka: ProduceRequest.requiredMagicForVersion.
constexpr Magic magic_of_produce_version(std::int16_t version) {
  if (version >= 3) return Magic::V2;
  return version == 2 ? Magic::V1 : Magic::V0;
}

// Record batches of format 2 travel in Produce requests of this version and later, message sets of
// format 1 in version 2 exactly.
inline constexpr std::int16_t kFirstProduceVersionOfFormat2 = 3;
inline constexpr std::int16_t kFirstProduceVersionWithZstd = 7;

// nullptr if it is none of ours.
constexpr const Api* find_api(ApiKey key) {
  for (const Api& api : kApis) {
    if (api.key == key) return &api;
  }
  return nullptr;
}

// "Produce"; "unknown" if it is none of ours.
constexpr std::string_view api_name(ApiKey key) {
  const Api* api = find_api(key);
  return api == nullptr ? "unknown" : api->name;
}

constexpr bool is_flexible(ApiKey key, std::int16_t version) {
  const Api* api = find_api(key);
  return api != nullptr && version >= api->flexible_from;
}

}  // namespace linger::core
