#include "sim/query_types.h"

#include <fmt/format.h>

namespace linger::sim {

namespace {

using Type = ValueType;

bool is_either(Type type, Type wanted) {
  return type == wanted || type == Type::Nothing;
}
bool are_both(Type left, Type right, Type wanted) {
  return is_either(left, wanted) && is_either(right, wanted);
}
bool is_amount(Type type) {
  return is_either(type, Type::Integer) || type == Type::Time;
}

TypeError mismatch(BinaryOperator op, Type left, Type right) {
  TypeError error{fmt::format("'{}' does not go between {} and {}", sign(op), value_type_text(left),
                              value_type_text(right)),
                  ""};
  const bool time_and_integer = (left == Type::Time && right == Type::Integer) ||
                                (left == Type::Integer && right == Type::Time);
  if (time_and_integer) error.fix = "give the integer a unit, such as 5ms";
  return error;
}

// Of + and -: two integers, or two durations.
std::variant<Type, TypeError> type_of_sum(BinaryOperator op, Type left, Type right) {
  if (are_both(left, right, Type::Integer)) return Type::Integer;
  if (are_both(left, right, Type::Time)) return Type::Time;
  return mismatch(op, left, right);
}

std::variant<Type, TypeError> type_of_product(BinaryOperator op, Type left, Type right) {
  if (!is_amount(left) || !is_amount(right)) return mismatch(op, left, right);
  const bool left_is_time = left == Type::Time;
  const bool right_is_time = right == Type::Time;
  if (!left_is_time && !right_is_time) return Type::Integer;
  if (op == BinaryOperator::Multiply && left_is_time != right_is_time) return Type::Time;
  if (op == BinaryOperator::Divide && left_is_time) {
    return right_is_time ? Type::Integer : Type::Time;
  }
  if (op == BinaryOperator::Modulo && left_is_time && right_is_time) return Type::Time;
  return mismatch(op, left, right);
}

}  // namespace

std::string_view sign(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::Or:
      return "or";
    case BinaryOperator::And:
      return "and";
    case BinaryOperator::Equal:
      return "==";
    case BinaryOperator::NotEqual:
      return "!=";
    case BinaryOperator::Less:
      return "<";
    case BinaryOperator::LessOrEqual:
      return "<=";
    case BinaryOperator::Greater:
      return ">";
    case BinaryOperator::GreaterOrEqual:
      return ">=";
    case BinaryOperator::Add:
      return "+";
    case BinaryOperator::Subtract:
      return "-";
    case BinaryOperator::Multiply:
      return "*";
    case BinaryOperator::Divide:
      return "/";
    case BinaryOperator::Modulo:
      return "%";
  }
  return {};
}

std::variant<Type, TypeError> result_type(UnaryOperator op, Type operand) {
  switch (op) {
    case UnaryOperator::Not:
      if (is_either(operand, Type::Boolean)) return Type::Boolean;
      return TypeError{fmt::format("'not' takes true or false, not {}", value_type_text(operand)),
                       ""};
    case UnaryOperator::Negate:
      if (is_amount(operand)) return operand;
      return TypeError{fmt::format("'-' takes a number, not {}", value_type_text(operand)), ""};
  }
  return Type::Nothing;
}

std::variant<Type, TypeError> result_type(BinaryOperator op, Type left, Type right) {
  switch (op) {
    case BinaryOperator::Or:
    case BinaryOperator::And:
      if (are_both(left, right, Type::Boolean)) return Type::Boolean;
      return mismatch(op, left, right);
    case BinaryOperator::Equal:
    case BinaryOperator::NotEqual:
      if (left == right || left == Type::Nothing || right == Type::Nothing) return Type::Boolean;
      return mismatch(op, left, right);
    case BinaryOperator::Less:
    case BinaryOperator::LessOrEqual:
    case BinaryOperator::Greater:
    case BinaryOperator::GreaterOrEqual:
      if (are_both(left, right, Type::Integer) || are_both(left, right, Type::Time)) {
        return Type::Boolean;
      }
      return mismatch(op, left, right);
    case BinaryOperator::Add:
    case BinaryOperator::Subtract:
      return type_of_sum(op, left, right);
    case BinaryOperator::Multiply:
    case BinaryOperator::Divide:
    case BinaryOperator::Modulo:
      return type_of_product(op, left, right);
  }
  return Type::Nothing;
}

}  // namespace linger::sim
