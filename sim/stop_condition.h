// How far to run: until a time, an event of a kind, a condition, or a value that changes.
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "core/time.h"
#include "sim/query.h"
#include "sim/query_evaluator.h"
#include "sim/query_parser.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// A condition stops where it comes to hold; anything else where its value is another one.
struct StopCondition {
  Query query;
  bool is_condition = false;
  friend bool operator==(const StopCondition&, const StopCondition&) = default;
};

// Or a time: then nothing need happen there.
using StopPoint = std::variant<core::Instant, StopCondition>;

// "12ms"; "batch_expired", the next event of that kind; "pool.available < 1000"; or
// "batch(3).state", which stops where the batch comes to another state.
std::variant<StopPoint, QueryError> parse_stop(std::string_view text);

// Looks out for a condition, from a world on. What holds already has to cease first.
class StopWatch {
 public:
  StopWatch(StopCondition condition, const World& world, std::span<const TraceEvent> past);

  // After a step, with what happened in it: whether to stop here.
  std::variant<bool, EvalError> look(const World& world, std::span<const TraceEvent> happened);

 private:
  LookupResult value_in(const World& world) const;

  StopCondition condition_;
  QueryMemory memory_;
  LookupResult last_;
};

}  // namespace linger::sim
