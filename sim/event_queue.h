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

class EventQueue {
 public:
  void push(Instant at, EventClass event_class, QueuedEvent event) {
    heap_.push_back(Entry{at, event_class, scheduled_++, std::move(event)});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }

  bool is_empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  // Requires: !is_empty().
  Instant next_at() const { return heap_.front().at; }
  EventClass next_class() const { return heap_.front().event_class; }

  QueuedEvent pop() {
    CHECK(!heap_.empty());
    std::pop_heap(heap_.begin(), heap_.end(), later);
    QueuedEvent event = std::move(heap_.back().event);
    heap_.pop_back();
    return event;
  }

  // One of those in the queue, good until the queue changes.
  struct Place {
    std::size_t index = 0;
    Instant at{};
    EventClass event_class = EventClass::Wire;
    std::int64_t order = 0;
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
      visit(Place{i, heap_[i].at, heap_[i].event_class, heap_[i].order}, heap_[i].event);
    }
  }
  // Out of its turn.
  QueuedEvent take(const Place& place) {
    CHECK(place.index < heap_.size() && heap_[place.index].order == place.order);
    std::swap(heap_[place.index], heap_.back());
    QueuedEvent event = std::move(heap_.back().event);
    heap_.pop_back();
    std::make_heap(heap_.begin(), heap_.end(), later);
    return event;
  }

  // Calls visit(at, event) for each, in no particular order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Entry& entry : heap_) visit(entry.at, entry.event);
  }

 private:
  struct Entry {
    Instant at{};
    EventClass event_class = EventClass::Wire;
    std::int64_t order = 0;
    QueuedEvent event;
  };
  static bool later(const Entry& a, const Entry& b) {
    if (a.at != b.at) return a.at > b.at;
    if (a.event_class != b.event_class) return a.event_class > b.event_class;
    return a.order > b.order;
  }

  std::vector<Entry> heap_;
  std::int64_t scheduled_ = 0;
};

}  // namespace linger::sim
