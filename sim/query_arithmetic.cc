#include "sim/query_arithmetic.h"

#include <limits>

#include "core/check.h"
#include "core/time.h"

namespace linger::sim {

namespace {

bool is_nothing(const Value& value) {
  return std::holds_alternative<None>(value);
}
bool is_time(const Value& value) {
  return std::holds_alternative<core::Duration>(value);
}

// The number in an integer or a duration.
std::int64_t count_of(const Value& value) {
  if (const auto* time = std::get_if<core::Duration>(&value)) return time->count();
  CHECK(std::holds_alternative<std::int64_t>(value));
  return std::get<std::int64_t>(value);
}

Value amount(std::int64_t count, bool is_duration) {
  if (is_duration) return core::Duration{count};
  return count;
}

std::optional<std::int64_t> sum_of(std::int64_t a, std::int64_t b) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (b > 0 ? a > Limits::max() - b : a < Limits::min() - b) return std::nullopt;
  return a + b;
}

std::optional<std::int64_t> difference_of(std::int64_t a, std::int64_t b) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (b < 0 ? a > Limits::max() + b : a < Limits::min() + b) return std::nullopt;
  return a - b;
}

std::optional<std::int64_t> product_of(std::int64_t a, std::int64_t b) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (a == 0 || b == 0) return 0;
  if ((a == -1 && b == Limits::min()) || (b == -1 && a == Limits::min())) return std::nullopt;
  if (a == -1 || b == -1) return a == -1 ? -b : -a;
  if ((a > 0) == (b > 0)) {
    if (a > 0 ? a > Limits::max() / b : a < Limits::max() / b) return std::nullopt;
  } else if (a > 0 ? b < Limits::min() / a : a < Limits::min() / b) {
    return std::nullopt;
  }
  return a * b;
}

bool divides(std::int64_t a, std::int64_t b) {
  return b != 0 && !(a == std::numeric_limits<std::int64_t>::min() && b == -1);
}

bool in_order(BinaryOperator op, std::int64_t a, std::int64_t b) {
  if (op == BinaryOperator::Less) return a < b;
  if (op == BinaryOperator::LessOrEqual) return a <= b;
  if (op == BinaryOperator::Greater) return a > b;
  return a >= b;
}

std::optional<Value> arithmetic(BinaryOperator op, const Value& left, const Value& right) {
  const std::int64_t a = count_of(left);
  const std::int64_t b = count_of(right);
  std::optional<std::int64_t> count;
  bool is_duration = is_time(left) || is_time(right);
  if (op == BinaryOperator::Add) count = sum_of(a, b);
  if (op == BinaryOperator::Subtract) count = difference_of(a, b);
  if (op == BinaryOperator::Multiply) count = product_of(a, b);
  if (op == BinaryOperator::Divide && divides(a, b)) count = a / b;
  if (op == BinaryOperator::Divide) is_duration = is_time(left) && !is_time(right);
  if (op == BinaryOperator::Modulo && divides(a, b)) count = a % b;
  if (!count) return std::nullopt;
  return amount(*count, is_duration);
}

}  // namespace

std::optional<Value> calculate(BinaryOperator op, const Value& left, const Value& right) {
  switch (op) {
    case BinaryOperator::Equal:
      return left == right;
    case BinaryOperator::NotEqual:
      return left != right;
    case BinaryOperator::Less:
    case BinaryOperator::LessOrEqual:
    case BinaryOperator::Greater:
    case BinaryOperator::GreaterOrEqual:
      if (is_nothing(left) || is_nothing(right)) return false;
      return in_order(op, count_of(left), count_of(right));
    case BinaryOperator::Add:
    case BinaryOperator::Subtract:
    case BinaryOperator::Multiply:
    case BinaryOperator::Divide:
    case BinaryOperator::Modulo:
      if (is_nothing(left) || is_nothing(right)) return Value{None{}};
      return arithmetic(op, left, right);
    case BinaryOperator::And:
    case BinaryOperator::Or:
      break;
  }
  CHECK(false);
}

std::optional<Value> negated(const Value& value) {
  if (is_nothing(value)) return Value{None{}};
  const auto count = difference_of(0, count_of(value));
  if (!count) return std::nullopt;
  return amount(*count, is_time(value));
}

}  // namespace linger::sim
