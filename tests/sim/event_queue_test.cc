#include "sim/event_queue.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "core/random.h"

namespace linger::sim {
namespace {

// When it is due, its class, and how many were scheduled before: in this order it is to come.
using Scheduled = std::tuple<Instant, EventClass, std::size_t>;

// Faults, of which each says how many were scheduled before it.
class Pending {
 public:
  void schedule(Instant at, EventClass event_class) {
    queue_.push(at, event_class, FaultDue{scheduled_});
    expected_.push_back({at, event_class, scheduled_++});
  }
  // True if that comes which is to come first of what is left.
  bool next_is_right() {
    const auto first = std::min_element(expected_.begin(), expected_.end());
    const auto [at, event_class, index] = *first;
    expected_.erase(first);
    const bool is_told = queue_.next_at() == at && queue_.next_class() == event_class;
    return is_told && std::get<FaultDue>(queue_.pop()).index == index;
  }
  // Takes the one that was scheduled as the `index`-th out of its turn.
  void take(std::size_t index) {
    EventQueue::Place place;
    queue_.for_each_place([&](const EventQueue::Place& here, const QueuedEvent& event) {
      if (std::get<FaultDue>(event).index == index) place = here;
    });
    EXPECT_EQ(std::get<FaultDue>(queue_.take(place)).index, index);
    std::erase_if(expected_, [&](const Scheduled& one) { return std::get<2>(one) == index; });
  }
  std::size_t any(core::Random& random) const {
    return std::get<2>(expected_[static_cast<std::size_t>(random.below(expected_.size()))]);
  }
  bool is_empty() const { return queue_.is_empty(); }
  std::size_t size() const { return queue_.size(); }

 private:
  EventQueue queue_;
  std::vector<Scheduled> expected_;
  std::size_t scheduled_ = 0;
};

void schedule_any(Pending& pending, core::Random& random) {
  constexpr EventClass kClasses[] = {EventClass::Intervention, EventClass::Narration,
                                     EventClass::Wire};
  const Instant at{Duration{random.uniform(0, 20)}};
  pending.schedule(at, kClasses[random.below(3)]);
}

TEST(EventQueue, WhatIsDueComesByTimeThenByClassThenInTheOrderOfScheduling) {
  core::Random random{1, core::RandomStream::Exploration, 0};
  for (std::size_t size = 0; size < 70; ++size) {
    Pending pending;
    for (std::size_t i = 0; i < size; ++i) schedule_any(pending, random);
    while (!pending.is_empty()) ASSERT_TRUE(pending.next_is_right());
  }
}

TEST(EventQueue, KeepsItsOrderWhileEventsComeAndGo) {
  core::Random random{2, core::RandomStream::Exploration, 0};
  Pending pending;
  for (int i = 0; i < 20'000; ++i) {
    const bool is_full = pending.size() > 100;
    if (pending.is_empty() || (!is_full && random.below(2) == 0)) {
      schedule_any(pending, random);
    } else {
      ASSERT_TRUE(pending.next_is_right());
    }
  }
}

TEST(EventQueue, KeepsItsOrderWhenOneIsTakenOutOfItsTurn) {
  core::Random random{3, core::RandomStream::Exploration, 0};
  for (int round = 0; round < 200; ++round) {
    Pending pending;
    for (int i = 0; i < 20; ++i) schedule_any(pending, random);
    for (int i = 0; i < 5; ++i) pending.take(pending.any(random));
    while (!pending.is_empty()) ASSERT_TRUE(pending.next_is_right());
  }
}

}  // namespace
}  // namespace linger::sim
