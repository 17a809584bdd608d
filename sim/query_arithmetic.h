// What the operators of the query language do with values.
#pragma once

#include <optional>

#include "sim/query.h"
#include "sim/query_node.h"

namespace linger::sim {

// nullopt: it has no result, since 64 bits do not hold it or it divides by zero. With none on
// either side a comparison by order is false, and a calculation none.
// Requires: the operator takes values of these types; it is not `and` or `or`.
std::optional<Value> calculate(BinaryOperator op, const Value& left, const Value& right);
std::optional<Value> negated(const Value& value);

}  // namespace linger::sim
