#include "sim/chosen_move.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "sim/stepper.h"
#include "sim/world_key.h"

namespace linger::sim {
namespace {

// Written down for a time, though it may strike at any moment.
bool may_strike(const ScheduledFault& scheduled, const std::vector<Fault>& faults) {
  return scheduled.moment.at &&
         std::find(faults.begin(), faults.end(), scheduled.fault) != faults.end();
}

// What is due of a kind, in its order, and not in the queue any more.
template <class Kind>
std::vector<std::pair<EventQueue::Place, Kind>> taken_out(EventQueue& events) {
  std::vector<std::pair<EventQueue::Place, Kind>> taken;
  const auto is_of_kind = [](const EventQueue::Place&, const QueuedEvent& event) {
    return std::holds_alternative<Kind>(event);
  };
  while (const auto first = events.first_place(is_of_kind)) {
    taken.emplace_back(*first, std::get<Kind>(events.take(*first)));
  }
  return taken;
}

// Without some of its faults: the others move up.
class Withdrawal {
 public:
  Withdrawal(World& world, Scenario& scenario, const std::vector<Fault>& faults) {
    for (std::size_t i = scenario.faults.size(); i-- > 0;) {
      if (world.fault_done[i] || !may_strike(scenario.faults[i], faults)) continue;
      const auto place = static_cast<std::ptrdiff_t>(i);
      scenario.faults.erase(scenario.faults.begin() + place);
      world.fault_done.erase(world.fault_done.begin() + place);
      world.fault_memory.erase(world.fault_memory.begin() + place);
      gone_.push_back(i);
    }
    if (gone_.empty()) return;
    for (const auto& [place, due] : taken_out<FaultDue>(world.events)) {
      if (is_gone(due.index)) continue;
      world.events.push(place.at, EventClass::Intervention, FaultDue{moved(due.index)});
    }
    for (OrderEntry& entry : scenario.order) entry = moved(entry);
  }

  OrderEntry moved(OrderEntry entry) const {
    if (entry.next.kind != Lane::Kind::Fault) return entry;
    const auto index = static_cast<std::size_t>(entry.next.number);
    entry.next.number = static_cast<std::int32_t>(moved(index));
    return entry;
  }

 private:
  bool is_gone(std::size_t index) const {
    return std::find(gone_.begin(), gone_.end(), index) != gone_.end();
  }
  std::size_t moved(std::size_t index) const {
    const auto before = std::count_if(gone_.begin(), gone_.end(),
                                      [index](std::size_t gone) { return gone < index; });
    return index - static_cast<std::size_t>(before);
  }

  std::vector<std::size_t> gone_;
};

void add_if_absent(std::vector<OrderEntry>& order, const OrderEntry& entry) {
  const auto at =
      std::lower_bound(order.begin(), order.end(), entry.step,
                       [](const OrderEntry& one, std::int64_t step) { return one.step < step; });
  if (at == order.end() || at->step != entry.step) order.insert(at, entry);
}

Lane add_fault(World& world, Scenario& scenario, const Fault& fault) {
  const std::size_t index = scenario.faults.size();
  scenario.faults.push_back({Moment{world.now, std::nullopt}, fault, 0});
  world.fault_memory.emplace_back();
  world.fault_done.push_back(false);
  world.events.push(world.now, EventClass::Intervention, FaultDue{index});
  return {Lane::Kind::Fault, static_cast<std::int32_t>(index), {}};
}

}  // namespace

std::optional<Lane> next_lane(const World& world) {
  const std::vector<Coming> all = coming(world);
  const std::vector<OrderEntry>& order = world.scenario->order;
  const auto written = std::find_if(order.begin(), order.end(), [&](const OrderEntry& entry) {
    return entry.step == world.steps;
  });
  if (written != order.end()) {
    const auto is_it = [&](const Coming& one) { return one.lane == written->next; };
    if (std::any_of(all.begin(), all.end(), is_it)) return written->next;
  }
  if (all.empty()) return std::nullopt;
  return all.front().lane;
}

void choose(World& world, const ChosenMove& choice, std::span<const OrderEntry> instant) {
  Scenario changed = *world.scenario;
  std::erase_if(changed.order, [&](const OrderEntry& entry) { return entry.step >= world.steps; });
  const Withdrawal withdrawal{world, changed, choice.may};
  std::optional<Lane> next = choice.next;
  if (choice.fault) {
    for (const OrderEntry& entry : instant) add_if_absent(changed.order, withdrawal.moved(entry));
    next = add_fault(world, changed, *choice.fault);
  } else if (next) {
    next = withdrawal.moved({world.steps, *next}).next;
  }
  world.scenario = std::make_shared<const Scenario>(changed);
  if (!next || next_lane(world) == next) return;
  changed.order.push_back({world.steps, *next});
  world.scenario = std::make_shared<const Scenario>(std::move(changed));
}

ExploredWorld explored_world(const World& world, const ExploreOptions& options) {
  ExploredWorld explored{world};
  World& copy = explored.world;
  Scenario changed = *world.scenario;
  for (const auto& [place, due] : taken_out<FaultDue>(copy.events)) {
    if (may_strike(changed.faults[due.index], options.faults)) continue;
    copy.events.push(place.at, EventClass::Intervention, due);
  }
  taken_out<NarrationDue>(copy.events);
  for (std::size_t i = 0; i < changed.faults.size(); ++i) {
    if (!may_strike(changed.faults[i], options.faults)) continue;
    explored.struck += copy.fault_done[i] ? 1 : 0;
    changed.faults[i].moment = {};
  }
  explored.first_fault = changed.faults.size();
  for (const Fault& fault : options.faults) changed.faults.push_back({Moment{}, fault, 0});
  copy.fault_done.resize(changed.faults.size());
  copy.fault_memory.resize(changed.faults.size());
  changed.narration.clear();
  copy.narration_done.clear();
  copy.narration_memory.clear();
  copy.scenario = std::make_shared<const Scenario>(std::move(changed));
  return explored;
}

std::vector<Move> moves_in(const ExploredWorld& explored, const ExploreOptions& options) {
  const int struck = std::min(explored.struck, options.most_faults);
  return moves_in(explored.world, options, struck);
}

Move own_move(const World& world, const ExploreOptions& options) {
  const std::optional<Lane> lane = next_lane(world);
  if (!lane) return {std::nullopt, {}, true};
  if (lane->kind != Lane::Kind::Fault) return {std::nullopt, *lane};
  const Fault& fault = world.scenario->faults[static_cast<std::size_t>(lane->number)].fault;
  const auto may = std::find(options.faults.begin(), options.faults.end(), fault);
  if (may == options.faults.end()) return {std::nullopt, *lane};
  return {static_cast<std::size_t>(may - options.faults.begin()), {}};
}

ChosenMove chosen_move_of(const Move& move, const ExploreOptions& options) {
  ChosenMove choice;
  choice.may = options.faults;
  if (move.fault) {
    choice.fault = options.faults[*move.fault];
  } else if (!move.is_end) {
    choice.next = move.next;
  }
  return choice;
}

bool is_same(const Move& a, const Move& b) {
  if (a.fault || b.fault) return a.fault == b.fault;
  return a.is_end == b.is_end && (a.is_end || a.next == b.next);
}

StateName state_name(const ExploredWorld& explored, const ExploreOptions& options) {
  return {world_key(explored.world, options.far), explored.struck};
}

}  // namespace linger::sim
