#include "sim/runner.h"

#include <algorithm>
#include <utility>

#include "sim/laws.h"

namespace linger::sim {

bool RunResult::is_good() const {
  return broken_laws.empty() && std::all_of(verdicts.begin(), verdicts.end(),
                                            [](const Verdict& verdict) { return verdict.holds; });
}

Run::Run(std::shared_ptr<const Scenario> scenario, RunOptions options, Sink sink)
    : options_{options},
      sink_{std::move(sink)},
      world_{std::move(scenario)},
      summary_{*world_.scenario},
      memories_(world_.scenario->expectations.size()) {
  for (std::size_t i = 0; i < memories_.size(); ++i) {
    if (uses_trace(world_.scenario->expectations[i].query)) remembering_.push_back(i);
  }
}

bool Run::step() {
  if (options_.until) {
    const std::optional<Instant> due = next_due(world_);
    if (!due || *due > *options_.until) return false;
  }
  if (!sim::step(world_, trace_)) return false;
  for (const TraceEvent& event : trace_.events) take_in(event);
  trace_.events.clear();
  if (options_.checks_laws) check_laws(laws_of_a_step());
  return true;
}

void Run::take_in(const TraceEvent& event) {
  ++result_.events;
  if (options_.makes_digests) result_.digests.add(event);
  summary_.add(event);
  const Scenario& scenario = *world_.scenario;
  for (const std::size_t i : remembering_) {
    remember(scenario.expectations[i].query, event, scenario.topics, memories_[i]);
  }
  if (options_.checks_laws) {
    watch_.take_in(event, world_, result_.broken_laws, &result_.spared_laws);
  }
  if (sink_) sink_(event);
}

void Run::check_laws(std::span<const Law> laws) {
  check(laws, world_, result_.broken_laws, &result_.spared_laws);
}

RunResult Run::finish() {
  result_.summary = summary_.finish(world_);
  result_.steps = world_.steps;
  result_.ended_at = world_.now;
  result_.was_cut = !world_.ended;
  result_.why = world_.ended.value_or("cut");
  if (result_.was_cut) return result_;
  if (options_.checks_laws) check_laws(laws_of_a_run());
  for (std::size_t i = 0; i < memories_.size(); ++i) {
    result_.verdicts.push_back(judge(world_.scenario->expectations[i], memories_[i]));
  }
  return result_;
}

Verdict Run::judge(const Expectation& expectation, const QueryMemory& memory) const {
  const QueryContext context{lookup_in(world_), {}, &memory, world_.scenario->topics};
  Verdict verdict{expectation.query.text(), expectation.because, expectation.line, false, ""};
  const auto result = holds(expectation.query, context);
  if (const auto* error = std::get_if<EvalError>(&result)) {
    verdict.values = error->message + (error->fix.empty() ? "" : "; " + error->fix);
  } else {
    verdict.holds = std::get<bool>(result);
    verdict.values = explain_values(expectation.query, context);
  }
  return verdict;
}

RunResult run(std::shared_ptr<const Scenario> scenario, RunOptions options, Run::Sink sink) {
  Run run{std::move(scenario), options, std::move(sink)};
  while (run.step()) {
  }
  return run.finish();
}

}  // namespace linger::sim
