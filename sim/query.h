// The one small language of expectations, triggers, breakpoints and answers: its values and its
// parsed form. Read by sim/query_parser.h, evaluated by sim/query_evaluator.h; its words are in
// sim/query_names.h and sim/event_vocabulary.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "core/time.h"

namespace linger::sim {

// What is not there: the error of a record that was acknowledged, a batch that was not yet opened.
struct None {
  friend bool operator==(None, None) = default;
};

// Points in time are durations since the run began; sizes are integers; partitions, enums and names
// are texts.
using Value = std::variant<None, bool, std::int64_t, core::Duration, std::string>;

// The type of a Value, in the order of its alternatives. Whatever has a type may also be none.
enum class ValueType { Nothing, Boolean, Integer, Time, Text };
inline ValueType type_of(const Value& value) {
  return static_cast<ValueType>(value.index());
}

std::string value_text(const Value& value);   // as the language writes it: 5ms, 'orders-0', none
std::string value_type_text(ValueType type);  // "a duration"

struct QueryNode;

// An expression that was parsed and checked: immutable, cheap to copy. Equal if its text is.
class Query {
 public:
  Query() = default;
  Query(std::string text, std::shared_ptr<const QueryNode> root)
      : text_{std::move(text)}, root_{std::move(root)} {}

  const std::string& text() const { return text_; }
  const QueryNode* root() const { return root_.get(); }

  friend bool operator==(const Query& a, const Query& b) { return a.text_ == b.text_; }

 private:
  std::string text_;
  std::shared_ptr<const QueryNode> root_;
};

}  // namespace linger::sim
