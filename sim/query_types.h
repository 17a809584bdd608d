// Which operands an operator takes, and the type of what it gives.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "sim/query_node.h"

namespace linger::sim {

struct TypeError {
  std::string message;
  std::string fix;
};

std::string_view sign(BinaryOperator op);  // "<="

std::variant<ValueType, TypeError> result_type(UnaryOperator op, ValueType operand);
std::variant<ValueType, TypeError> result_type(BinaryOperator op, ValueType left, ValueType right);

}  // namespace linger::sim
