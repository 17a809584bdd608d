#include "sim/query.h"

#include <fmt/format.h>

#include "sim/units.h"

namespace linger::sim {

namespace {

struct ValueWriter {
  std::string operator()(None) const { return "none"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(core::Duration value) const { return duration_text(value); }
  std::string operator()(const std::string& value) const {
    std::string text = "'";
    for (const char c : value) text += c == '\'' ? std::string{"''"} : std::string{c};
    return text + "'";
  }
};

}  // namespace

std::string value_text(const Value& value) {
  return std::visit(ValueWriter{}, value);
}

std::string value_type_text(ValueType type) {
  switch (type) {
    case ValueType::Nothing:
      return "none";
    case ValueType::Boolean:
      return "true or false";
    case ValueType::Integer:
      return "an integer";
    case ValueType::Time:
      return "a duration";
    case ValueType::Text:
      return "a text";
  }
  return {};
}

}  // namespace linger::sim
