#include "viz/event_positions.h"

#include <algorithm>
#include <iterator>

namespace linger::viz {
namespace {

struct SubjectNumber {
  std::uint64_t operator()(std::monostate) const { return 0; }
  std::uint64_t operator()(core::TopicPartition partition) const {
    return static_cast<std::uint64_t>(partition.topic.value()) << 32U ^
           static_cast<std::uint64_t>(partition.partition);
  }
  std::uint64_t operator()(core::NodeId node) const {
    return static_cast<std::uint64_t>(node.value());
  }
  std::uint64_t operator()(core::BlockedOn on) const { return static_cast<std::uint64_t>(on); }
};

}  // namespace

std::size_t EventPositions::KeyHash::operator()(const Key& key) const {
  std::uint64_t number = std::visit(SubjectNumber{}, key.about);
  number = number * 8 + key.about.index();
  number = number * 128 + key.kind;
  number = number * 64 + static_cast<std::uint64_t>(key.producer.value());
  // Spreads what differs in a few low bits (Fibonacci hashing).
  return static_cast<std::size_t>(number * 0x9E3779B97F4A7C15ULL >> 16U);
}

template <class Event>
void EventPositions::add_one(core::ProducerIndex producer, const Event& event,
                             std::size_t position) {
  const auto about = [&](EventSubject subject) {
    positions_[{producer, kKind<Event>, subject}].push_back(position);
  };
  about({});
  if constexpr (requires {
                  requires std::is_same_v<decltype(event.partition), core::TopicPartition>;
                }) {
    about(event.partition);
  }
  if constexpr (requires { event.node; }) about(event.node);
  if constexpr (requires { event.on; }) about(event.on);
  if constexpr (std::is_same_v<Event, core::ReadinessDecision>) {
    if (!event.leader) return;
    about(*event.leader);
    if (event.verdict != core::ReadinessVerdict::Ready) return;
    std::vector<Ready>& ready = ready_[{producer, *event.leader}];
    Ready one{position, event.partition, std::nullopt};
    if (!ready.empty()) {
      const Ready& before = ready.back();
      one.other = before.partition == event.partition ? before.other : before.position;
    }
    ready.push_back(one);
  }
}

void EventPositions::add(const sim::TraceEvent& event, std::size_t position) {
  const auto* core_event = std::get_if<core::Event>(&event.what);
  if (core_event == nullptr || !event.producer) return;
  std::visit([&](const auto& one) { add_one(*event.producer, one, position); },
             static_cast<const core::EventKinds&>(*core_event));
}

std::span<const std::size_t> EventPositions::find(const Key& key) const {
  const auto found = positions_.find(key);
  if (found == positions_.end()) return {};
  return found->second;
}

std::optional<std::size_t> EventPositions::last_before(std::span<const std::size_t> positions,
                                                       std::size_t before) {
  const auto later = std::lower_bound(positions.begin(), positions.end(), before);
  if (later == positions.begin()) return std::nullopt;
  return *std::prev(later);
}

std::optional<std::size_t> EventPositions::last_ready_beside(core::ProducerIndex producer,
                                                             core::NodeId node,
                                                             core::TopicPartition partition,
                                                             std::size_t before) const {
  const auto found = ready_.find({producer, node});
  if (found == ready_.end()) return std::nullopt;
  const std::vector<Ready>& ready = found->second;
  const auto later = std::lower_bound(
      ready.begin(), ready.end(), before,
      [](const Ready& one, std::size_t position) { return one.position < position; });
  if (later == ready.begin()) return std::nullopt;
  const Ready& last = *std::prev(later);
  return last.partition == partition ? last.other : last.position;
}

}  // namespace linger::viz
