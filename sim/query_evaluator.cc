#include "sim/query_evaluator.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "core/check.h"
#include "sim/event_vocabulary.h"
#include "sim/query_arithmetic.h"
#include "sim/query_node.h"
#include "sim/query_types.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

bool is_none(const Value& value) {
  return std::holds_alternative<None>(value);
}
bool is_true(const Value& value) {
  return value == Value{true};
}

// What a node is worth. Within the condition of a tally the event is what names speak of.
class Evaluator {
 public:
  Evaluator(const Lookup* lookup, const QueryMemory* memory, const core::TopicNames& topics)
      : lookup_{lookup}, memory_{memory}, topics_{topics} {}

  void look_at(const TraceEvent& event) { event_ = &event; }

  LookupResult operator()(const QueryNode& node) const {
    if (const auto* tally = std::get_if<TallyNode>(&node.what)) return worth(*tally, node.type);
    return std::visit([this](const auto& what) { return worth(what); }, node.what);
  }

 private:
  LookupResult worth(const LiteralNode& node) const { return node.value; }

  LookupResult worth(const EventFieldNode& node) const {
    CHECK(event_ != nullptr);
    return field_value(*event_, node.field, topics_);
  }

  LookupResult worth(const TallyNode& node, ValueType type = ValueType::Nothing) const {
    CHECK(memory_ != nullptr && node.slot < memory_->tallies.size());
    const QueryMemory::Tally& tally = memory_->tallies[node.slot];
    if (tally.overflowed) return EvalError{"a sum() of the trace is beyond 64 bits", ""};
    if (node.kind == TallyKind::Count) return Value{tally.count};
    const bool is_empty_sum = node.kind == TallyKind::Sum && is_none(tally.value);
    if (is_empty_sum && type == ValueType::Integer) return Value{std::int64_t{0}};
    if (is_empty_sum && type == ValueType::Time) return Value{core::Duration{}};
    return tally.value;
  }

  LookupResult worth(const UnaryNode& node) const {
    LookupResult operand = (*this)(*node.operand);
    if (std::holds_alternative<EvalError>(operand)) return operand;
    const Value& value = std::get<Value>(operand);
    if (node.op == UnaryOperator::Not) return Value{!is_true(value)};
    if (auto result = negated(value)) return *std::move(result);
    return EvalError{fmt::format("-({}) is beyond 64 bits", value_text(value)), ""};
  }

  LookupResult worth(const BinaryNode& node) const {
    LookupResult left = (*this)(*node.left);
    if (std::holds_alternative<EvalError>(left)) return left;
    const Value& a = std::get<Value>(left);
    if (node.op == BinaryOperator::And && !is_true(a)) return Value{false};
    if (node.op == BinaryOperator::Or && is_true(a)) return Value{true};
    LookupResult right = (*this)(*node.right);
    if (std::holds_alternative<EvalError>(right)) return right;
    const Value& b = std::get<Value>(right);
    if (node.op == BinaryOperator::And || node.op == BinaryOperator::Or) return Value{is_true(b)};
    if (auto result = calculate(node.op, a, b)) return *std::move(result);
    return EvalError{
        fmt::format("{} {} {} has no result", value_text(a), sign(node.op), value_text(b)), ""};
  }

  LookupResult worth(const WorldNode& node) const {
    CHECK(lookup_ != nullptr && *lookup_);
    WorldReference reference{node.name, std::nullopt, 0, {}, ""};
    if (node.producer) {
      const LookupResult producer = (*this)(*node.producer);
      if (std::holds_alternative<EvalError>(producer)) return producer;
      const auto* name = std::get_if<std::string>(&std::get<Value>(producer));
      if (name == nullptr) return Value{None{}};
      reference.producer = *name;
    }
    if (node.argument) {
      const LookupResult argument = (*this)(*node.argument);
      if (std::holds_alternative<EvalError>(argument)) return argument;
      if (is_none(std::get<Value>(argument))) return Value{None{}};
      if (const auto error = fill(reference, std::get<Value>(argument))) return *error;
    }
    return checked(reference, (*lookup_)(reference));
  }

  static std::optional<EvalError> fill(WorldReference& reference, const Value& argument) {
    switch (info(reference.name).argument) {
      case ArgumentKind::Nothing:
        break;
      case ArgumentKind::Number:
        reference.number = std::get<std::int64_t>(argument);
        break;
      case ArgumentKind::Name:
      case ArgumentKind::Key:
        reference.text = std::get<std::string>(argument);
        break;
      case ArgumentKind::Partition: {
        const auto partition = parse_partition_name(std::get<std::string>(argument));
        if (const auto* error = std::get_if<UnitError>(&partition)) {
          return EvalError{error->message, error->fix};
        }
        reference.partition = std::get<PartitionName>(partition);
        break;
      }
    }
    return std::nullopt;
  }

  // Whoever looks up names keeps to the types in the table of names.
  static LookupResult checked(const WorldReference& reference, LookupResult result) {
    if (const auto* value = std::get_if<Value>(&result)) {
      CHECK(is_none(*value) || type_of(*value) == info(reference.name).type);
    }
    return result;
  }

  const Lookup* lookup_;
  const QueryMemory* memory_;
  const core::TopicNames& topics_;
  const TraceEvent* event_ = nullptr;
};

std::vector<const TallyNode*> tallies_of(const Query& query) {
  std::vector<const TallyNode*> tallies;
  for_each_node(*query.root(), [&](const QueryNode& node) {
    if (const auto* tally = std::get_if<TallyNode>(&node.what)) tallies.push_back(tally);
  });
  return tallies;
}

// A condition speaks of the event alone, so it cannot fail but by its arithmetic: then it is false.
bool counts(const TallyNode& node, const TraceEvent& event, const core::TopicNames& topics) {
  if (kind_of(event) != node.event) return false;
  if (!node.condition) return true;
  Evaluator evaluator{nullptr, nullptr, topics};
  evaluator.look_at(event);
  const LookupResult result = evaluator(*node.condition);
  const auto* value = std::get_if<Value>(&result);
  return value != nullptr && is_true(*value);
}

void add_to(QueryMemory::Tally& tally, TallyKind kind, const Value& value) {
  ++tally.count;
  if (kind == TallyKind::Last || (kind == TallyKind::First && tally.count == 1)) {
    tally.value = value;
  }
  if (kind == TallyKind::First || kind == TallyKind::Last || is_none(value)) return;
  if (is_none(tally.value)) {
    tally.value = value;
  } else if (kind == TallyKind::Sum) {
    auto sum = calculate(BinaryOperator::Add, tally.value, value);
    if (!sum) tally.overflowed = true;
    if (sum) tally.value = *std::move(sum);
  } else {
    const auto better = kind == TallyKind::Max ? BinaryOperator::Greater : BinaryOperator::Less;
    if (calculate(better, value, tally.value) == Value{true}) tally.value = value;
  }
}

void remember(const std::vector<const TallyNode*>& nodes, const TraceEvent& event,
              const core::TopicNames& topics, QueryMemory& memory) {
  for (const TallyNode* node : nodes) {
    if (!counts(*node, event, topics)) continue;
    const Value value = node->field.empty() ? Value{} : field_value(event, node->field, topics);
    add_to(memory.tallies[node->slot], node->kind, value);
  }
}

// The memory that a context has, or what its trace comes to.
QueryMemory memory_for(const Query& query, const QueryContext& context) {
  const std::vector<const TallyNode*> nodes = tallies_of(query);
  QueryMemory memory = context.memory == nullptr ? QueryMemory{} : *context.memory;
  memory.tallies.resize(nodes.size());
  if (context.memory != nullptr || nodes.empty()) return memory;
  for (const TraceEvent& event : context.trace) remember(nodes, event, context.topics, memory);
  return memory;
}

bool is_comparison(BinaryOperator op) {
  return op >= BinaryOperator::Equal && op <= BinaryOperator::GreaterOrEqual;
}

// The conditions that and, or and not join, each with its values in the place of its names.
class Explainer {
 public:
  explicit Explainer(const Evaluator& evaluator) : evaluator_{evaluator} {}

  std::string operator()(const QueryNode& node) const {
    if (const auto* unary = std::get_if<UnaryNode>(&node.what);
        unary != nullptr && unary->op == UnaryOperator::Not) {
      return fmt::format("not ({})", (*this)(*unary->operand));
    }
    const auto* binary = std::get_if<BinaryNode>(&node.what);
    if (binary == nullptr) return value(node);
    if (is_comparison(binary->op)) {
      return fmt::format("{} {} {}", value(*binary->left), sign(binary->op), value(*binary->right));
    }
    if (binary->op == BinaryOperator::And || binary->op == BinaryOperator::Or) {
      return fmt::format("{} {} {}", part(*binary->left, binary->op), sign(binary->op),
                         part(*binary->right, binary->op));
    }
    return value(node);
  }

 private:
  std::string value(const QueryNode& node) const {
    const LookupResult result = evaluator_(node);
    if (const auto* error = std::get_if<EvalError>(&result)) {
      return fmt::format("[{}]", error->message);
    }
    return value_text(std::get<Value>(result));
  }
  std::string part(const QueryNode& node, BinaryOperator around) const {
    const auto* binary = std::get_if<BinaryNode>(&node.what);
    const bool differs = binary != nullptr && binary->op != around &&
                         (binary->op == BinaryOperator::And || binary->op == BinaryOperator::Or);
    return differs ? fmt::format("({})", (*this)(node)) : (*this)(node);
  }

  const Evaluator& evaluator_;
};

}  // namespace

void for_each_node(const QueryNode& node, const std::function<void(const QueryNode&)>& visit) {
  visit(node);
  const auto go_on = [&](const QueryNodePtr& child) {
    if (child) for_each_node(*child, visit);
  };
  if (const auto* world = std::get_if<WorldNode>(&node.what)) {
    go_on(world->producer);
    go_on(world->argument);
  } else if (const auto* tally = std::get_if<TallyNode>(&node.what)) {
    go_on(tally->condition);
  } else if (const auto* unary = std::get_if<UnaryNode>(&node.what)) {
    go_on(unary->operand);
  } else if (const auto* binary = std::get_if<BinaryNode>(&node.what)) {
    go_on(binary->left);
    go_on(binary->right);
  }
}

void remember(const Query& query, const TraceEvent& event, const core::TopicNames& topics,
              QueryMemory& memory) {
  const std::vector<const TallyNode*> nodes = tallies_of(query);
  memory.tallies.resize(nodes.size());
  remember(nodes, event, topics, memory);
}

LookupResult evaluate(const Query& query, const QueryContext& context) {
  CHECK(query.root() != nullptr);
  const QueryMemory memory = memory_for(query, context);
  return Evaluator{&context.lookup, &memory, context.topics}(*query.root());
}

std::variant<bool, EvalError> holds(const Query& query, const QueryContext& context) {
  const LookupResult result = evaluate(query, context);
  if (const auto* error = std::get_if<EvalError>(&result)) return *error;
  return is_true(std::get<Value>(result));
}

std::string explain_values(const Query& query, const QueryContext& context) {
  CHECK(query.root() != nullptr);
  const QueryMemory memory = memory_for(query, context);
  const Evaluator evaluator{&context.lookup, &memory, context.topics};
  return fmt::format("{} : {}", query.text(), Explainer{evaluator}(*query.root()));
}

bool uses_trace(const Query& query) {
  return query.root() && !tallies_of(query).empty();
}

}  // namespace linger::sim
