// What is due in the world, by time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/check.h"
#include "core/time.h"
#include "sim/lane.h"
#include "sim/sim_event.h"
#include "sim/wire_event.h"

namespace linger::sim {

struct FaultDue {
  std::size_t index = 0;  // in the scenario's list
};
struct NarrationDue {
  std::size_t index = 0;
};
using QueuedEvent = std::variant<FaultDue, NarrationDue, WireEvent>;
Lane lane_of(const QueuedEvent& event);

// At one instant faults come first, then what is told about them, so that it makes no difference
// when a fault was thought of; then what the wires and brokers have. (Applications come
// between the two and senders last: they are no queue's affair, see World. A sender that spins
// comes before the wires.) Within a class, events run in the order in which they were scheduled.
enum class EventClass : std::uint8_t {
  Intervention,
  Narration,
  Application,
  SpinningSender,
  Wire,
  Outside,  // what real brokers have, where they are real
  Sender
};

// What is ordered is small: when, and a place among the events, which stay where they are.
class EventQueue {
 public:
  void push(Instant at, EventClass event_class, QueuedEvent event) {
    const auto rank = std::int64_t{static_cast<std::uint8_t>(event_class)} << kOrderBits;
    heap_.push_back({at, rank | scheduled_++, put(std::move(event))});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }

  bool is_empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  // Requires: !is_empty().
  Instant next_at() const { return heap_.front().at; }
  EventClass next_class() const { return heap_.front().event_class(); }

  QueuedEvent pop() {
    CHECK(!heap_.empty());
    const std::size_t place = heap_.front().place;
    refill_front();
    return take_from(place);
  }

  // One of those in the queue, good until the queue changes.
  struct Place {
    std::size_t index = 0;
    Instant at{};
    EventClass event_class = EventClass::Wire;
    std::int64_t order = 0;  // within the class
    bool is_before(const Place& other) const {
      if (at != other.at) return at < other.at;
      if (event_class != other.event_class) return event_class < other.event_class;
      return order < other.order;
    }
  };
  // Calls visit(place, event) for each, in no particular order.
  template <class Visit>
  void for_each_place(Visit visit) const {
    for (std::size_t i = 0; i < heap_.size(); ++i) {
      const Entry& entry = heap_[i];
      visit(Place{i, entry.at, entry.event_class(), entry.rank}, events_[entry.place]);
    }
  }
  // The first of those of which it says so.
  template <class Predicate>
  std::optional<Place> first_place(Predicate is_meant) const {
    std::optional<Place> first;
    for_each_place([&](const Place& place, const QueuedEvent& event) {
      if (is_meant(place, event) && (!first || place.is_before(*first))) first = place;
    });
    return first;
  }
  // Out of its turn.
  QueuedEvent take(const Place& place) {
    CHECK(place.index < heap_.size() && heap_[place.index].rank == place.order);
    std::swap(heap_[place.index], heap_.back());
    QueuedEvent event = take_last();
    std::make_heap(heap_.begin(), heap_.end(), later);
    return event;
  }

  // Calls visit(at, event) for each, in no particular order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Entry& entry : heap_) visit(entry.at, events_[entry.place]);
  }

 private:
  static constexpr int kOrderBits = 56;
  struct Entry {
    Instant at{};
    std::int64_t rank = 0;  // the class, and then the order of scheduling
    std::size_t place = 0;  // among the events
    EventClass event_class() const { return static_cast<EventClass>(rank >> kOrderBits); }
  };

  static bool later(const Entry& a, const Entry& b) {
    const bool is_later = a.at > b.at;
    const bool is_at_once = a.at == b.at;
    const bool comes_behind = a.rank > b.rank;
    return is_later | (is_at_once & comes_behind);  // nothing to branch on
  }

  // The first entry leaves, as with std::pop_heap: the hole goes down to a leaf, to the child that
  // is due earlier, and the last entry goes up from there, most often not far. Which child that is
  // no processor can guess; it is computed, and so costs a third less.
  void refill_front() {
    const Entry last = heap_.back();
    heap_.pop_back();
    const std::size_t size = heap_.size();
    if (size == 0) return;
    std::size_t hole = 0;
    for (std::size_t child = 2; child < size; child = 2 * hole + 2) {
      child -= static_cast<std::size_t>(later(heap_[child], heap_[child - 1]));
      heap_[hole] = heap_[child];
      hole = child;
    }
    if (2 * hole + 1 < size) {  // an only child
      heap_[hole] = heap_[2 * hole + 1];
      hole = 2 * hole + 1;
    }
    for (; hole > 0 && later(heap_[(hole - 1) / 2], last); hole = (hole - 1) / 2) {
      heap_[hole] = heap_[(hole - 1) / 2];
    }
    heap_[hole] = last;
  }

  // Of the heap, which is to be one without it.
  QueuedEvent take_last() {
    const std::size_t place = heap_.back().place;
    heap_.pop_back();
    return take_from(place);
  }
  QueuedEvent take_from(std::size_t place) {
    free_.push_back(place);
    return std::move(events_[place]);
  }
  std::size_t put(QueuedEvent event) {
    if (free_.empty()) {
      events_.push_back(std::move(event));
      return events_.size() - 1;
    }
    const std::size_t place = free_.back();
    free_.pop_back();
    events_[place] = std::move(event);
    return place;
  }

  std::vector<Entry> heap_;
  std::vector<QueuedEvent> events_;
  std::vector<std::size_t> free_;  // places
  std::int64_t scheduled_ = 0;
};

}  // namespace linger::sim
