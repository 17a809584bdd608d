// One event of each kind, its fields filled or not.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/trace.h"

namespace linger::sim {

// Gives every field a value that is not its default, through the event's own visit().
class FieldFiller {
 public:
  template <class T>
  void operator()(const char*, const T& field) {
    fill(const_cast<T&>(field));  // the event is the caller's own, and not const
  }

 private:
  void fill(bool& value) { value = true; }
  template <std::integral Integer>
  void fill(Integer& value) {
    value = 3;
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void fill(Enum& value) { value = static_cast<Enum>(1); }
  void fill(core::ErrorCode& value) { value = core::ErrorCode::NotLeaderOrFollower; }
  void fill(core::ApiKey& value) { value = core::ApiKey::Metadata; }
  template <class Tag, class Rep>
  void fill(core::Id<Tag, Rep>& id) {
    id = core::Id<Tag, Rep>{3};
  }
  void fill(core::TopicId& topic) { topic = core::TopicId{0}; }
  void fill(core::Bytes& value) { value = core::Bytes{3}; }
  void fill(core::Milliseconds& value) { value = core::Milliseconds{3}; }
  void fill(core::Instant& value) { value = core::Instant{core::Duration{3}}; }
  void fill(core::TopicPartition& value) { value = {core::TopicId{0}, 3}; }
  void fill(core::ProducerIdAndEpoch& value) { value = {3, 3}; }
  void fill(core::ClientError& value) {
    value = {core::Exception::TimeoutException, "a \"message\"\n", core::Exception::KafkaException};
  }
  void fill(std::string& value) { value = "text"; }
  void fill(std::vector<core::BatchId>& value) { value = {core::BatchId{3}, core::BatchId{4}}; }
  template <class T>
  void fill(std::optional<T>& value) {
    value.emplace();
    fill(*value);
  }
};

template <class Event>
TraceEvent sample(bool is_filled) {
  Event event{};
  FieldFiller filler;
  if (is_filled) event.visit(filler);
  return {Instant{Duration{12'345}}, 7, core::ProducerIndex{0}, std::move(event)};
}

template <class Variant, std::size_t... Index>
void append_samples(std::vector<TraceEvent>& events, bool is_filled,
                    std::index_sequence<Index...>) {
  (events.push_back(sample<std::variant_alternative_t<Index, Variant>>(is_filled)), ...);
}

inline std::vector<TraceEvent> samples(bool is_filled) {
  std::vector<TraceEvent> events;
  append_samples<core::EventKinds>(
      events, is_filled, std::make_index_sequence<std::variant_size_v<core::EventKinds>>{});
  append_samples<SimEventKinds>(events, is_filled,
                                std::make_index_sequence<std::variant_size_v<SimEventKinds>>{});
  return events;
}

}  // namespace linger::sim
