// Reads the query language, and checks every name and type in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "sim/query.h"

namespace linger::sim {

struct QueryError {
  std::int32_t column = 1;  // in the query, from 1
  std::string message;
  std::string fix;  // may be empty
  friend bool operator==(const QueryError&, const QueryError&) = default;
};

std::variant<Query, QueryError> parse_query(std::string_view text);

// The same for a query that must be true or false: an expectation, a trigger.
std::variant<Query, QueryError> parse_condition(std::string_view text);

}  // namespace linger::sim
