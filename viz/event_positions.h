// Where the producers' events stand in a trace: by kind, and by what they are about.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "core/event.h"
#include "core/id.h"
#include "sim/trace.h"

namespace linger::viz {

// What an event can be about: nothing, a partition, a node, what a call is held by.
using EventSubject =
    std::variant<std::monostate, core::TopicPartition, core::NodeId, core::BlockedOn>;

class EventPositions {
 public:
  // Requires: positions come in their order.
  void add(const sim::TraceEvent& event, std::size_t position);

  // Of a producer's events of one kind; of those about the subject, if there is one. A readiness
  // decision is about its partition, and about the node that leads it.
  template <class Event>
  std::span<const std::size_t> of(core::ProducerIndex producer, EventSubject about = {}) const {
    return find({producer, kKind<Event>, about});
  }
  // The last of these before a position of the trace.
  template <class Event>
  std::optional<std::size_t> last(core::ProducerIndex producer, std::size_t before,
                                  EventSubject about = {}) const {
    return last_before(of<Event>(producer, about), before);
  }
  static std::optional<std::size_t> last_before(std::span<const std::size_t> positions,
                                                std::size_t before);

  // The last decision that found another partition of the node ready.
  std::optional<std::size_t> last_ready_beside(core::ProducerIndex producer, core::NodeId node,
                                               core::TopicPartition partition,
                                               std::size_t before) const;

 private:
  template <class Event, class... Kinds>
  static constexpr std::size_t place_in(const std::variant<Kinds...>*) {
    std::size_t place = 0;
    bool is_found = false;
    ((is_found = is_found || std::is_same_v<Event, Kinds>, place += is_found ? 0 : 1), ...);
    return place;
  }
  template <class Event>
  static constexpr std::size_t kKind =
      place_in<Event>(static_cast<const core::EventKinds*>(nullptr));

  struct Key {
    core::ProducerIndex producer;
    std::size_t kind = 0;
    EventSubject about;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Ready {
    std::size_t position = 0;
    core::TopicPartition partition;
    std::optional<std::size_t> other;  // the last before it of another partition
  };

  std::span<const std::size_t> find(const Key& key) const;
  template <class Event>
  void add_one(core::ProducerIndex producer, const Event& event, std::size_t position);

  std::unordered_map<Key, std::vector<std::size_t>, KeyHash> positions_;
  std::map<std::pair<core::ProducerIndex, core::NodeId>, std::vector<Ready>> ready_;
};

}  // namespace linger::viz
