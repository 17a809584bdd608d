// What a query is worth, given a world and what has happened in it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/topic_names.h"
#include "sim/query.h"
#include "sim/query_names.h"
#include "sim/trace.h"

namespace linger::sim {

struct EvalError {
  std::string message;
  std::string fix;  // may be empty
  friend bool operator==(const EvalError&, const EvalError&) = default;
};

// Whatever exists answers with its value; what does not exist yet, or no longer, is None. An error
// is for what can never exist: a partition of no topic, a broker of no cluster.
using LookupResult = std::variant<Value, EvalError>;
using Lookup = std::function<LookupResult(const WorldReference&)>;

// What a query has to remember of the trace for its count(), first() and the like: one tally for
// each, in the order in which they stand in the query. A plain value: a world that has triggers
// keeps one for each trigger, and so needs no trace.
struct QueryMemory {
  struct Tally {
    std::int64_t count = 0;
    Value value;  // of sum, max, min, first, last
    bool overflowed = false;
    friend bool operator==(const Tally&, const Tally&) = default;
  };
  std::vector<Tally> tallies;
  friend bool operator==(const QueryMemory&, const QueryMemory&) = default;
};

// Adds an event to what the query remembers. Requires: the memory is empty or this query's.
void remember(const Query& query, const TraceEvent& event, const core::TopicNames& topics,
              QueryMemory& memory);

struct QueryContext {
  Lookup lookup;
  std::span<const TraceEvent> trace;    // all that has happened; not looked at if there is a memory
  const QueryMemory* memory = nullptr;  // what remember() made of it
  core::TopicNames topics;
};

// Requires: query.root() != nullptr.
LookupResult evaluate(const Query& query, const QueryContext& context);

// True or false: none counts as false. Requires: the query is a condition.
std::variant<bool, EvalError> holds(const Query& query, const QueryContext& context);

// The query and its comparisons with their values: "records.acknowledged == 10 : 9 == 10".
std::string explain_values(const Query& query, const QueryContext& context);

// Does it ask for anything of the trace?
bool uses_trace(const Query& query);

}  // namespace linger::sim
