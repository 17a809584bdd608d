// The trace: everything observable, in the order in which it happened.
#pragma once

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/event.h"
#include "core/id.h"
#include "core/journal.h"
#include "core/time.h"
#include "sim/growing_list.h"
#include "sim/outside.h"
#include "sim/sim_event.h"
#include "sim/wire_event.h"

namespace linger::sim {

template <class E, class Variant>
inline constexpr bool kIsKindOf = false;
template <class E, class... Kinds>
inline constexpr bool kIsKindOf<E, std::variant<Kinds...>> = (std::is_same_v<E, Kinds> || ...);

// One thing that happened. `step` is the world's step it happened in; several may share it.
struct TraceEvent {
  template <class What>
  TraceEvent(Instant when, std::int64_t in_step, std::optional<ProducerIndex> of, What&& happened)
      : at{when}, step{in_step}, producer{of}, what{std::forward<What>(happened)} {}

  Instant at{};
  std::int64_t step = 0;
  std::optional<ProducerIndex> producer;  // whose event it is; none for brokers and the like
  std::variant<core::Event, SimEvent> what;

  // The event as type E, or null.
  template <class E>
  const E* as() const {
    using Kinds = std::conditional_t<kIsKindOf<E, core::EventKinds>, core::Event, SimEvent>;
    const Kinds* kinds = std::get_if<Kinds>(&what);
    return kinds == nullptr ? nullptr : std::get_if<E>(kinds);
  }
};

// Calls visitor(event) with the concrete event.
template <class Visitor>
decltype(auto) visit_event(const TraceEvent& event, Visitor&& visitor) {
  return std::visit([&](const auto& variant) { return std::visit(visitor, variant); }, event.what);
}

// What wires and brokers did at a time, with the bytes.
struct Traffic {
  Instant at{};
  Effects effects;
};

// Where a step of the world says what happened.
class TraceSink {
 public:
  std::vector<TraceEvent> take() { return events.take(); }

  std::vector<OutsideCommand> take_commands() { return std::exchange(commands, {}); }
  std::vector<Traffic> take_traffic() { return std::exchange(traffic, {}); }

  bool is_on = true;
  GrowingList<TraceEvent> events;
  // Where the producers say what they do; empty between steps. Its memory is used again.
  core::Journal journal;
  bool keeps_traffic = false;  // for a capture
  std::vector<Traffic> traffic;
  bool keeps_commands = false;  // for real brokers
  std::vector<OutsideCommand> commands;
};

}  // namespace linger::sim
