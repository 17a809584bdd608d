// From the words of a query to the names of the world: batch(3).attempts.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/event_vocabulary.h"
#include "sim/query_node.h"
#include "sim/query_parser.h"

namespace linger::sim {

// One of the parts that dots separate.
struct PathSegment {
  std::string name;
  std::int32_t column = 1;
  bool has_argument = false;
  QueryNodePtr argument;
};

// Requires: !path.empty().
std::variant<WorldNode, QueryError> resolve_path(const std::vector<PathSegment>& path);

// The texts that a name, or a field of an event, can be; empty: any.
std::vector<std::string> words_of_name(WorldName name);
std::vector<std::string> words_of_field(const EventKind& kind, const std::string& field);

}  // namespace linger::sim
