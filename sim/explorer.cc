#include "sim/explorer.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <variant>

#include "core/check.h"
#include "sim/digest_set.h"
#include "sim/explorable.h"
#include "sim/law_watch.h"
#include "sim/query_evaluator.h"
#include "sim/runner.h"
#include "sim/world_key.h"

namespace linger::sim {
namespace {

constexpr std::int64_t kBetweenReports = 4096;  // transitions

// With the faults that may strike behind its own.
std::shared_ptr<const Scenario> with_candidates(Scenario scenario,
                                                const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) scenario.faults.push_back({Moment{}, fault, 0});
  return std::make_shared<const Scenario>(std::move(scenario));
}

class Explorer {
 public:
  Explorer(const std::shared_ptr<const Scenario>& scenario, const ExploreOptions& options)
      : options_{options},
        first_fault_{scenario->faults.size()},
        scenario_{with_candidates(*scenario, options.faults)} {
    for (const Expectation& expectation : scenario_->expectations) {
      if (!uses_trace(expectation.query)) expected_.push_back(&expectation.query);
    }
  }

  Exploration run() {
    auto first = std::make_unique<Open>(Open{World{scenario_}, {}, add({}, 0), 0, 0});
    meet(*first);
    open_.push_back(std::move(first));
    while (!open_.empty() && !is_over_) {
      std::unique_ptr<Open> from = std::move(open_.front());
      open_.pop_front();
      figures().steps = from->steps;
      if (from->steps == options_.most_steps) {
        result_.end = ExploreEnd::MostSteps;
        continue;
      }
      expand(std::move(from));
    }
    figures().waiting = std::ssize(open_);
    return std::move(result_);
  }

 private:
  // How a state was reached, for as long as anybody may ask for the way.
  struct Reached {
    std::uint32_t from = 0;
    Move by;
  };
  // A world whose moves are still to be tried.
  struct Open {
    World world;
    LawWatch watch;
    std::uint32_t reached = 0;
    std::int64_t steps = 0;
    int struck = 0;
  };

  ExploreProgress& figures() { return result_.figures; }

  std::uint32_t add(const Move& by, std::uint32_t from) {
    reached_.push_back({from, by});
    return static_cast<std::uint32_t>(reached_.size() - 1);
  }

  void expand(std::unique_ptr<Open> from) {
    const std::vector<Move> moves = moves_in(from->world, options_, from->struck);
    const std::uint32_t reached = from->reached;
    if (!moves.empty() && moves.front().is_departure) ++result_.departures;
    for (std::size_t i = 0; i < moves.size() && !is_over_; ++i) {
      const bool is_last = i + 1 == moves.size();
      try_move(is_last ? std::move(from) : copied(*from), reached, moves[i]);
    }
  }

  // Into a world that is not needed any more: its memory is there already.
  std::unique_ptr<Open> copied(const Open& from) {
    if (spare_.empty()) return std::make_unique<Open>(from);
    std::unique_ptr<Open> copy = std::move(spare_.back());
    spare_.pop_back();
    *copy = from;
    return copy;
  }

  void try_move(std::unique_ptr<Open> to, std::uint32_t from, const Move& move) {
    ++to->steps;
    to->struck += move.fault ? 1 : 0;
    std::optional<BrokenLaw> broken;
    try {
      make(move, first_fault_, to->world, trace_);
      broken = judge(*to);
    } catch (const core::CheckFailure& failure) {
      broken = BrokenLaw{"the model's own checks hold", failure.what(), to->steps, to->world.now};
    }
    trace_.events.clear();
    ++figures().transitions;
    if (broken) return end_with(*std::move(broken), from, move);
    report();
    const bool is_new = meet(*to);
    if (is_new) to->reached = add(move, from);
    if (is_new && to->world.ended) ++result_.ends;
    if (is_new && !to->world.ended) {
      open_.push_back(std::move(to));
    } else {
      spare_.push_back(std::move(to));
    }
  }

  // False if it was met before.
  bool meet(const Open& open) {
    const core::StateKey::Digest key = met_as(open.world, open.watch, open.struck, options_.far);
    if (!met_.insert(key)) return false;
    result_.latest = std::max(result_.latest, open.world.now);
    if (++figures().states < options_.most_states) return true;
    is_over_ = true;
    result_.end = ExploreEnd::MostStates;
    return true;
  }

  std::optional<BrokenLaw> judge(Open& open) {
    std::vector<BrokenLaw> broken;
    for (const TraceEvent& event : trace_.events) {
      open.watch.take_in(event, open.world, broken);
    }
    if (!broken.empty()) return std::move(broken.front());
    if (auto law = broken_of(laws_of_a_step(), open.world)) return law;
    for (const Query& query : options_.always) {
      if (auto law = broken_of(query, open.world)) return law;
    }
    if (!open.world.ended) return std::nullopt;
    for (const Query* query : expected_) {
      if (auto law = broken_of(*query, open.world)) return law;
    }
    return broken_of(laws_of_a_run(), open.world);
  }

  static std::optional<BrokenLaw> broken_of(std::span<const Law> laws, const World& world) {
    for (const Law& law : laws) {
      const Broken breach = law.broken(world);
      if (breach && breach->spared_by.empty()) {
        return BrokenLaw{std::string{law.name}, breach->what, world.steps, world.now};
      }
    }
    return std::nullopt;
  }
  static std::optional<BrokenLaw> broken_of(const Query& query, const World& world) {
    const QueryContext context{lookup_in(world), {}, nullptr, world.scenario->topics};
    const auto result = holds(query, context);
    const bool* is_so = std::get_if<bool>(&result);
    if (is_so != nullptr && *is_so) return std::nullopt;
    return BrokenLaw{query.text(), explain_values(query, context), world.steps, world.now};
  }

  void end_with(BrokenLaw broken, std::uint32_t from, const Move& move) {
    is_over_ = true;
    result_.end = ExploreEnd::LawBroken;
    result_.broken = std::move(broken);
    result_.way.push_back(move);
    for (std::uint32_t at = from; at != 0; at = reached_[at].from) {
      result_.way.push_back(reached_[at].by);
    }
    std::reverse(result_.way.begin(), result_.way.end());
  }

  void report() {
    if (!options_.goes_on || figures().transitions % kBetweenReports != 0) return;
    figures().waiting = std::ssize(open_);
    if (options_.goes_on(figures())) return;
    is_over_ = true;
    result_.end = ExploreEnd::Stopped;
  }

  const ExploreOptions& options_;
  std::size_t first_fault_;
  std::shared_ptr<const Scenario> scenario_;
  std::vector<const Query*> expected_;
  DigestSet met_;
  std::vector<Reached> reached_;
  std::deque<std::unique_ptr<Open>> open_;
  std::vector<std::unique_ptr<Open>> spare_;
  TraceSink trace_;
  bool is_over_ = false;
  Exploration result_;
};

// Whoever comes first in this scenario if nobody says otherwise.
std::optional<Lane> usual_next(const World& world) {
  const std::vector<Coming> all = coming(world);
  if (all.empty()) return std::nullopt;
  return all.front().lane;
}

// When each fault of the way struck.
std::vector<ScheduledFault> struck_faults(const Scenario& explored, const ExploreOptions& options,
                                          const std::vector<Move>& way) {
  World world{with_candidates(explored, options.faults)};
  TraceSink trace;
  trace.is_on = false;
  std::vector<ScheduledFault> struck;
  for (const Move& move : way) {
    if (move.fault) {
      struck.push_back({Moment{world.now, std::nullopt}, options.faults[*move.fault], 0});
    }
    try {
      make(move, explored.faults.size(), world, trace);
    } catch (const core::CheckFailure&) {  // the last one, if that is what was found
    }
  }
  return struck;
}

// Fills in the order of the scenario in which the faults are written; returns when it ends.
Instant note_order(Scenario& scenario, std::size_t first_fault, const std::vector<Move>& way) {
  World world{std::make_shared<const Scenario>(scenario)};
  TraceSink trace;
  trace.is_on = false;
  std::int32_t next_fault = static_cast<std::int32_t>(first_fault);
  for (const Move& move : way) {
    Lane lane = move.next;
    if (move.fault) lane = {Lane::Kind::Fault, next_fault++, {}};
    const auto usual = usual_next(world);
    if (move.is_end || !usual) {
      step(world, trace);
      continue;
    }
    if (*usual != lane) scenario.order.push_back({world.steps, lane});
    try {
      step(world, lane, trace);
    } catch (const core::CheckFailure&) {
    }
  }
  return world.now;
}

}  // namespace

core::StateKey::Digest met_as(const World& world, const LawWatch& watch, int struck, Duration far) {
  const core::StateKey::Digest of_world = world_key(world, far);
  core::StateKey key{{world.now, world.producer_time(), far}};
  key.add(of_world.high, of_world.low, struck);
  watch.add_to(key, world);
  return key.digest();
}

Scenario as_explored(Scenario scenario) {
  scenario.narration.clear();
  scenario.questions.clear();
  scenario.what_ifs.clear();
  scenario.jitter = false;
  return scenario;
}

Exploration explore(const std::shared_ptr<const Scenario>& scenario,
                    const ExploreOptions& options) {
  CHECK(!why_not_explorable(*scenario));
  return Explorer{scenario, options}.run();
}

std::vector<Move> moves_in(const World& world, const ExploreOptions& options, int struck) {
  std::vector<Move> moves;
  if (world.ended) return moves;
  const std::vector<Coming> all = coming(world);
  const auto leaves = std::find_if(all.begin(), all.end(), [&](const Coming& one) {
    return one.is_departure && one.at == world.now;
  });
  if (leaves != all.end()) return {Move{std::nullopt, leaves->lane, false, true}};
  if (all.empty()) return {Move{std::nullopt, {}, true}};
  for (const Coming& one : all) {
    if (one.at - all.front().at <= options.within) moves.push_back({std::nullopt, one.lane});
  }
  if (struck == options.most_faults) return moves;
  for (std::size_t i = 0; i < options.faults.size(); ++i) moves.push_back({i, {}});
  return moves;
}

void make(const Move& move, std::size_t first_fault, World& world, TraceSink& trace) {
  if (move.fault) {
    const std::size_t fault = first_fault + *move.fault;
    world.events.push(world.now, EventClass::Intervention, FaultDue{fault});
    step(world, {Lane::Kind::Fault, static_cast<std::int32_t>(fault), {}}, trace);
  } else if (move.is_end) {
    step(world, trace);
  } else {
    step(world, move.next, trace);
  }
}

Scenario as_scenario(const Scenario& explored, const ExploreOptions& options,
                     const Exploration& exploration) {
  Scenario scenario = explored;
  for (ScheduledFault& struck : struck_faults(explored, options, exploration.way)) {
    scenario.faults.push_back(std::move(struck));
  }
  const Instant end = note_order(scenario, explored.faults.size(), exploration.way);
  const auto is_broken = [&](const Query& query) {
    return exploration.broken && query.text() == exploration.broken->name;
  };
  const auto always = std::find_if(options.always.begin(), options.always.end(), is_broken);
  if (always == options.always.end()) return scenario;
  scenario.expectations.insert(scenario.expectations.begin(),
                               {*always, "found by exploring all orders", 0});
  // At the end it may hold again.
  const RunResult result = run(std::make_shared<const Scenario>(scenario));
  if (result.verdicts.front().holds) scenario.end = end + Duration{1};
  return scenario;
}

}  // namespace linger::sim
