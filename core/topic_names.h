// The topics a run may mention, numbered once. Everything else refers to a topic by its TopicId.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.h"
#include "core/id.h"

namespace linger::core {

// Immutable and cheap to copy. Ids are positions in the list given at construction.
class TopicNames {
 public:
  TopicNames() : TopicNames(std::vector<std::string>{}) {}
  explicit TopicNames(std::vector<std::string> names)
      : names_{std::make_shared<const std::vector<std::string>>(std::move(names))} {}

  std::size_t size() const { return names_->size(); }
  const std::string& name(TopicId topic) const {
    CHECK(topic.value() >= 0 && static_cast<std::size_t>(topic.value()) < names_->size());
    return (*names_)[static_cast<std::size_t>(topic.value())];
  }
  std::optional<TopicId> find(std::string_view name) const {
    const auto at = std::find(names_->begin(), names_->end(), name);
    if (at == names_->end()) return std::nullopt;
    return TopicId{static_cast<TopicId::rep>(at - names_->begin())};
  }
  // "orders-3", as Kafka prints a TopicPartition.
  std::string text(TopicPartition partition) const {
    return name(partition.topic) + "-" + std::to_string(partition.partition);
  }

 private:
  std::shared_ptr<const std::vector<std::string>> names_;
};

}  // namespace linger::core
