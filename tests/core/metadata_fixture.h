// Metadata of two topics, and answers to give it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/metadata.h"
#include "known_names.h"

namespace linger::core {

inline constexpr TopicId kU{1};
inline constexpr Millis kStart{Milliseconds{1'000'000'000}};
inline constexpr std::int16_t kNewest = 12;

inline Metadata::Settings metadata_settings(Ratio jitter = {0, 1}) {
  Metadata::Settings settings;
  settings.refresh_backoff = ExponentialBackoff{{.initial = 100ms, .max = 1s, .jitter = jitter}};
  return settings;
}

struct LeaderAt {
  NodeId leader = kNode;
  std::int32_t epoch = 0;
};

inline MetadataResponseTopic topic(std::string name, std::vector<LeaderAt> partitions) {
  MetadataResponseTopic topic;
  topic.name = std::move(name);
  for (const LeaderAt& at : partitions) {
    MetadataResponsePartition partition;
    partition.partition_index = static_cast<std::int32_t>(topic.partitions.size());
    partition.leader_id = at.leader;
    partition.leader_epoch = at.epoch;
    partition.replica_nodes = partition.isr_nodes = {kNode, kOther};
    topic.partitions.push_back(std::move(partition));
  }
  return topic;
}

inline MetadataResponseTopic failed_topic(std::string name, ErrorCode error) {
  MetadataResponseTopic topic;
  topic.name = std::move(name);
  topic.error_code = wire_number(error);
  return topic;
}

inline MetadataResponse answer(std::vector<MetadataResponseTopic> topics) {
  MetadataResponse response;
  response.brokers = {{kNode, "zero", 9092, {}}, {kOther, "one", 9093, {}}};
  response.topics = std::move(topics);
  return response;
}

class MetadataFixture : public ::testing::Test {
 protected:
  explicit MetadataFixture(Ratio jitter = {0, 1})
      : metadata_{metadata_settings(jitter), TopicNames{{"t", "u"}}} {}

  // Asks and is answered at once.
  void refresh(const MetadataResponse& response, Millis now = kStart,
               std::int16_t version = kNewest) {
    metadata_.update(metadata_.new_request(now), response, version, now, journal_);
  }
  void request_update() { metadata_.request_update("test", journal_); }

  template <class E>
  std::vector<E> taken() {
    std::vector<E> found;
    for (const Event& event : journal_.take()) {
      if (const auto* one = std::get_if<E>(&event)) found.push_back(*one);
    }
    return found;
  }

  Metadata metadata_;
  Journal journal_;
};

}  // namespace linger::core
