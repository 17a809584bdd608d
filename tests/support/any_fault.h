// Any fault of the vocabulary, with any fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <rapidcheck.h>

#include "sim/fault.h"
#include "sim/fault_words.h"

namespace linger::sim {

// What the faults may name.
struct FaultPlace {
  std::int32_t brokers = 1;
  std::vector<PartitionName> partitions;
  std::vector<std::string> producers;
};

class AnyFields {
 public:
  explicit AnyFields(const FaultPlace& place) : place_{place} {}

  template <class T>
  void must(const FieldInfo& field, T& value) {
    draw(field, value);
  }
  template <class T>
  void may(const FieldInfo& field, T& value) {
    if (*rc::gen::arbitrary<bool>()) draw(field, value);
  }

 private:
  void draw(const FieldInfo&, core::NodeId& broker) {
    broker = core::NodeId{*rc::gen::inRange<std::int32_t>(0, place_.brokers)};
  }
  void draw(const FieldInfo&, PartitionName& partition) {
    partition = *rc::gen::elementOf(place_.partitions);
  }
  void draw(const FieldInfo&, TopicName& topic) {
    topic.name = (*rc::gen::elementOf(place_.partitions)).topic;
  }
  void draw(const FieldInfo&, ProducerName& producer) {
    producer.name = *rc::gen::elementOf(place_.producers);
  }
  void draw(const FieldInfo&, core::Duration& time) {
    time = core::Milliseconds{*rc::gen::inRange<std::int64_t>(1, 300)};
  }
  void draw(const FieldInfo&, core::ErrorCode& error) {
    using core::ErrorCode;
    error = *rc::gen::element(ErrorCode::NotEnoughReplicas, ErrorCode::NotLeaderOrFollower,
                              ErrorCode::LeaderNotAvailable, ErrorCode::InvalidRecord);
  }
  void draw(const FieldInfo& field, std::int32_t& number) {
    const auto least = static_cast<std::int32_t>(field.least);
    number = *rc::gen::inRange<std::int32_t>(least, least + 3);
  }
  void draw(const FieldInfo& field, core::Bytes& size) {
    size = core::Bytes{*rc::gen::inRange<std::int64_t>(field.least, 2'000)};
  }
  void draw(const FieldInfo&, Bandwidth& bandwidth) {
    bandwidth.each_second = core::Bytes{*rc::gen::inRange<std::int64_t>(10'000, 10'000'000)};
  }
  void draw(const FieldInfo&, bool& truth) { truth = *rc::gen::arbitrary<bool>(); }
  void draw(const FieldInfo&, std::string& host) { host = "elsewhere"; }
  template <class Word, class = std::enable_if_t<std::is_enum_v<Word>>>
  void draw(const FieldInfo&, Word& word) {
    const auto count = static_cast<std::int32_t>(words_of(word).size());
    word = static_cast<Word>(*rc::gen::inRange<std::int32_t>(0, count));
  }
  template <class T>
  void draw(const FieldInfo& field, std::optional<T>& value) {
    value.reset();
    if (!*rc::gen::arbitrary<bool>()) return;
    T drawn{};
    draw(field, drawn);
    value = drawn;
  }

  const FaultPlace& place_;
};

inline Fault any_fault_at(const FaultPlace& place) {
  const std::vector<Fault> kinds = fault_vocabulary();
  Fault fault = kinds[*rc::gen::inRange<std::size_t>(0, kinds.size())];
  AnyFields fields{place};
  std::visit([&](auto& one) { one.visit(one, fields); }, fault);
  return fault;
}

}  // namespace linger::sim
