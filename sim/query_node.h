// The tree of a parsed query.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "sim/query.h"
#include "sim/query_names.h"

namespace linger::sim {

using QueryNodePtr = std::shared_ptr<const QueryNode>;

struct LiteralNode {
  Value value;
};

// pool.available, batch(3).attempts, producer('B').batch(3).attempts
struct WorldNode {
  WorldName name = WorldName::Now;
  QueryNodePtr producer;  // null: not said
  QueryNodePtr argument;  // null: the name takes none
};

// A field of the event that count() and the like are looking at.
struct EventFieldNode {
  std::string field;
};

enum class TallyKind : std::uint8_t { Count, Sum, Max, Min, First, Last };

// count(batch_retried, attempts > 1), sum(batch_drained.bytes), first(batch_drained).at
struct TallyNode {
  TallyKind kind = TallyKind::Count;
  std::size_t event = 0;   // its kind, as in kind_of()
  std::string field;       // empty for Count
  QueryNodePtr condition;  // null: every event of the kind
  std::size_t slot = 0;    // its place in the query's memory
};

enum class UnaryOperator : std::uint8_t { Not, Negate };
struct UnaryNode {
  UnaryOperator op = UnaryOperator::Not;
  QueryNodePtr operand;
};

enum class BinaryOperator : std::uint8_t {
  Or,
  And,
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  Add,
  Subtract,
  Multiply,
  Divide,
  Modulo,
};
struct BinaryNode {
  BinaryOperator op = BinaryOperator::Or;
  QueryNodePtr left;
  QueryNodePtr right;
};

struct QueryNode {
  std::variant<LiteralNode, WorldNode, EventFieldNode, TallyNode, UnaryNode, BinaryNode> what;
  ValueType type = ValueType::Nothing;  // of its value, unless that is none
  std::int32_t column = 1;              // where it begins in the query's text
};

// Calls visit(const QueryNode&) for the node and all below it, in the order of the text.
void for_each_node(const QueryNode& node, const std::function<void(const QueryNode&)>& visit);

}  // namespace linger::sim
