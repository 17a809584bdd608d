#include "sim/query_parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/event_vocabulary.h"
#include "sim/nearest.h"
#include "sim/query_lexer.h"
#include "sim/query_node.h"
#include "sim/query_path.h"
#include "sim/query_types.h"

namespace linger::sim {

namespace {

// Far more than a person writes, and few enough that no recursion over the tree can run away.
constexpr std::size_t kLongestQuery = 2'000;
constexpr int kDeepestNesting = 50;

struct NamedTally {
  std::string_view name;
  TallyKind kind;
};
constexpr std::array kTallies{
    NamedTally{"count", TallyKind::Count}, NamedTally{"sum", TallyKind::Sum},
    NamedTally{"max", TallyKind::Max},     NamedTally{"min", TallyKind::Min},
    NamedTally{"first", TallyKind::First}, NamedTally{"last", TallyKind::Last}};

struct NamedOperator {
  std::string_view sign;
  BinaryOperator op;
};
constexpr std::array kComparisons{NamedOperator{"==", BinaryOperator::Equal},
                                  NamedOperator{"!=", BinaryOperator::NotEqual},
                                  NamedOperator{"<", BinaryOperator::Less},
                                  NamedOperator{"<=", BinaryOperator::LessOrEqual},
                                  NamedOperator{">", BinaryOperator::Greater},
                                  NamedOperator{">=", BinaryOperator::GreaterOrEqual}};
constexpr std::array kSums{NamedOperator{"+", BinaryOperator::Add},
                           NamedOperator{"-", BinaryOperator::Subtract}};
constexpr std::array kProducts{NamedOperator{"*", BinaryOperator::Multiply},
                               NamedOperator{"/", BinaryOperator::Divide},
                               NamedOperator{"%", BinaryOperator::Modulo}};
constexpr std::array kOr{NamedOperator{"or", BinaryOperator::Or}};
constexpr std::array kAnd{NamedOperator{"and", BinaryOperator::And}};

// Recursive descent, loosest binding first. Every function returns null once there is an error.
class Parser {
 public:
  explicit Parser(std::vector<Token> tokens)
      : tokens_{std::move(tokens)}, vocabulary_{event_vocabulary()} {}

  std::variant<QueryNodePtr, QueryError> run() {
    QueryNodePtr root = expression();
    if (root && token().kind != TokenKind::End) {
      fail(token().column, fmt::format("'{}' is not expected here", token().text),
           "join two conditions with 'and' or 'or'");
    }
    if (error_) return *error_;
    return root;
  }

 private:
  const Token& token() const { return tokens_[at_]; }
  bool is_sign(std::string_view sign) const {
    return token().kind == TokenKind::Sign && token().text == sign;
  }
  bool take_sign(std::string_view sign) {
    if (!is_sign(sign)) return false;
    ++at_;
    return true;
  }
  std::nullptr_t fail(std::int32_t column, std::string message, std::string fix = "") {
    if (!error_) error_ = QueryError{column, std::move(message), std::move(fix)};
    return nullptr;
  }
  std::nullptr_t fail_here(std::string_view wanted) {
    const std::string found = token().kind == TokenKind::End ? "the end" : "'" + token().text + "'";
    return fail(token().column, fmt::format("{} where {} should stand", found, wanted));
  }
  bool expect(std::string_view sign) {
    if (take_sign(sign)) return true;
    fail_here(fmt::format("'{}'", sign));
    return false;
  }

  QueryNodePtr expression() {
    if (++depth_ > kDeepestNesting) return fail(token().column, "this is nested too deeply");
    QueryNodePtr node = either();
    --depth_;
    return node;
  }
  QueryNodePtr either() {
    return chain(kOr, [this] { return both(); });
  }
  QueryNodePtr both() {
    return chain(kAnd, [this] { return negation(); });
  }
  QueryNodePtr negation() {
    return unary("not", UnaryOperator::Not, [this] { return comparison(); });
  }
  QueryNodePtr comparison() {
    QueryNodePtr left = sum();
    const auto op = left ? take_operator(kComparisons) : std::nullopt;
    if (!op) return left;
    left = binary(*op, left, sum());
    if (!left) return nullptr;
    const std::int32_t column = token().column;
    if (take_operator(kComparisons)) {
      return fail(column, "one comparison cannot follow another",
                  "write both out, and join them with 'and'");
    }
    return left;
  }
  QueryNodePtr sum() {
    return chain(kSums, [this] { return product(); });
  }
  QueryNodePtr product() {
    return chain(kProducts, [this] { return amount(); });
  }
  QueryNodePtr amount() {
    return unary("-", UnaryOperator::Negate, [this] { return primary(); });
  }

  template <class Operators>
  std::optional<std::pair<BinaryOperator, std::int32_t>> take_operator(const Operators& operators) {
    for (const NamedOperator& named : operators) {
      const std::int32_t column = token().column;
      if (take_sign(named.sign)) return std::pair{named.op, column};
    }
    return std::nullopt;
  }

  // operand { operator operand }
  template <class Operators, class Operand>
  QueryNodePtr chain(const Operators& operators, Operand operand) {
    QueryNodePtr left = operand();
    while (left) {
      const auto op = take_operator(operators);
      if (!op) break;
      left = binary(*op, left, operand());
    }
    return left;
  }

  template <class Operand>
  QueryNodePtr unary(std::string_view sign, UnaryOperator op, Operand operand) {
    const std::int32_t column = token().column;
    if (!take_sign(sign)) return operand();
    if (++depth_ > kDeepestNesting) return fail(column, "this is nested too deeply");
    QueryNodePtr node = unary(sign, op, operand);
    --depth_;
    if (!node) return nullptr;
    const auto type = result_type(op, node->type);
    if (const auto* error = std::get_if<TypeError>(&type)) {
      return fail(column, error->message, error->fix);
    }
    return make(UnaryNode{op, node}, std::get<ValueType>(type), column);
  }

  QueryNodePtr binary(std::pair<BinaryOperator, std::int32_t> op, const QueryNodePtr& left,
                      const QueryNodePtr& right) {
    if (!left || !right) return nullptr;
    const auto type = result_type(op.first, left->type, right->type);
    if (const auto* error = std::get_if<TypeError>(&type)) {
      return fail(op.second, error->message, error->fix);
    }
    if (!is_one_of_the_words(*left, *right) || !is_one_of_the_words(*right, *left)) return nullptr;
    return make(BinaryNode{op.first, left, right}, std::get<ValueType>(type), left->column);
  }

  // An enum is compared with a text that it can be: batch(3).state == 'in flight'.
  bool is_one_of_the_words(const QueryNode& named, const QueryNode& other) {
    const auto* literal = std::get_if<LiteralNode>(&other.what);
    if (literal == nullptr) return true;
    const auto* text = std::get_if<std::string>(&literal->value);
    if (text == nullptr) return true;
    const std::vector<std::string> words = words_of_node(named);
    if (words.empty() || std::find(words.begin(), words.end(), *text) != words.end()) return true;
    fail(other.column, fmt::format("this is never '{}'", *text), suggestion(*text, words));
    return false;
  }
  std::vector<std::string> words_of_node(const QueryNode& node) const {
    if (const auto* world = std::get_if<WorldNode>(&node.what)) return words_of_name(world->name);
    if (const auto* field = std::get_if<EventFieldNode>(&node.what)) {
      return kind_ ? words_of_field(*kind_, field->field) : std::vector<std::string>{};
    }
    const auto* tally = std::get_if<TallyNode>(&node.what);
    if (tally == nullptr || tally->field.empty()) return {};
    return words_of_field(vocabulary_[tally->event], tally->field);
  }

  QueryNodePtr primary() {
    const Token& first = token();
    if (first.kind == TokenKind::Literal) {
      ++at_;
      return make(LiteralNode{first.value}, type_of(first.value), first.column);
    }
    if (first.kind == TokenKind::Name) return kind_ ? event_field() : name();
    if (!take_sign("(")) return fail_here("a value");
    QueryNodePtr inner = expression();
    if (!inner || !expect(")")) return nullptr;
    return inner;
  }

  QueryNodePtr name() {
    const bool is_call = tokens_[at_ + 1].text == "(" && tokens_[at_ + 1].kind == TokenKind::Sign;
    for (const NamedTally& tally : kTallies) {
      if (is_call && token().text == tally.name) return tally_of(tally);
    }
    return world_name();
  }

  // A name alone, inside the condition of a tally.
  QueryNodePtr event_field() {
    const Token& field = token();
    ++at_;
    if (is_sign("(") || is_sign(".")) {
      return fail(field.column, "inside the call stand fields of the event and literals alone",
                  fmt::format("such as {}", query_fields(*kind_).back().name));
    }
    const auto type = type_of_field(*kind_, field);
    if (!type) return nullptr;
    return make(EventFieldNode{field.text}, *type, field.column);
  }

  std::optional<ValueType> type_of_field(const EventKind& kind, const Token& field) {
    std::vector<std::string> names;
    for (const EventField& known : query_fields(kind)) {
      if (known.name == field.text) return known.type;
      names.push_back(known.name);
    }
    fail(field.column, fmt::format("'{}' has no field '{}'", kind.name, field.text),
         suggestion(field.text, names));
    return std::nullopt;
  }

  // count(event), sum(event.field, condition), first(event, condition).field
  QueryNodePtr tally_of(const NamedTally& named) {
    TallyNode tally{named.kind, 0, "", nullptr, 0};
    const std::int32_t column = token().column;
    at_ += 2;  // the name and the parenthesis
    const auto event = event_kind();
    if (!event) return nullptr;
    tally.event = *event;
    const EventKind& kind = vocabulary_[tally.event];
    const bool has_inner_field = named.kind == TallyKind::Sum || named.kind == TallyKind::Max ||
                                 named.kind == TallyKind::Min;
    std::optional<ValueType> type = ValueType::Integer;
    if (has_inner_field && !(type = field_of(named, kind, tally.field))) return nullptr;
    if (take_sign(",") && !(tally.condition = condition_on(kind))) return nullptr;
    if (!expect(")")) return nullptr;
    const bool has_outer_field = named.kind == TallyKind::First || named.kind == TallyKind::Last;
    if (has_outer_field && !(type = field_of(named, kind, tally.field))) return nullptr;
    tally.slot = slots_++;
    return make(std::move(tally), *type, column);
  }

  std::optional<std::size_t> event_kind() {
    if (token().kind != TokenKind::Name) {
      fail_here("the name of an event");
      return std::nullopt;
    }
    const Token& event = tokens_[at_++];
    std::vector<std::string> names;
    for (const EventKind& kind : vocabulary_) {
      if (kind.name == event.text) return names.size();
      names.push_back(kind.name);
    }
    fail(event.column, fmt::format("there is no event '{}'", event.text),
         suggestion(event.text, names));
    return std::nullopt;
  }

  // ".bytes": of a number for sum, max and min; of any type for first and last.
  std::optional<ValueType> field_of(const NamedTally& tally, const EventKind& kind,
                                    std::string& field) {
    const std::string fix = fmt::format("such as {}({}.{})", tally.name, kind.name, "at");
    if (!take_sign(".") || token().kind != TokenKind::Name) {
      fail(token().column, fmt::format("{}() needs a field of the event", tally.name),
           tally.kind == TallyKind::First || tally.kind == TallyKind::Last
               ? fmt::format("such as {}({}).at", tally.name, kind.name)
               : fix);
      return std::nullopt;
    }
    const Token& name = tokens_[at_++];
    field = name.text;
    const auto type = type_of_field(kind, name);
    if (!type || tally.kind == TallyKind::First || tally.kind == TallyKind::Last) return type;
    if (*type == ValueType::Integer || *type == ValueType::Time) return type;
    fail(name.column, fmt::format("{}() takes numbers, and '{}' is {}", tally.name, name.text,
                                  value_type_text(*type)));
    return std::nullopt;
  }

  QueryNodePtr condition_on(const EventKind& kind) {
    kind_ = &kind;
    QueryNodePtr condition = expression();
    kind_ = nullptr;
    if (!condition) return nullptr;
    if (condition->type == ValueType::Boolean) return condition;
    return fail(condition->column, "this is not true or false", "compare it with something");
  }

  QueryNodePtr world_name() {
    std::vector<PathSegment> path;
    do {
      if (token().kind != TokenKind::Name) return fail_here("a name");
      PathSegment segment{token().text, token().column, false, nullptr};
      ++at_;
      if (take_sign("(")) {
        segment.has_argument = true;
        segment.argument = expression();
        if (!segment.argument || !expect(")")) return nullptr;
      }
      path.push_back(std::move(segment));
    } while (take_sign("."));
    auto resolved = resolve_path(path);
    if (auto* error = std::get_if<QueryError>(&resolved)) {
      return fail(error->column, error->message, error->fix);
    }
    WorldNode& node = std::get<WorldNode>(resolved);
    const ValueType type = info(node.name).type;
    return make(std::move(node), type, path.front().column);
  }

  template <class Node>
  static QueryNodePtr make(Node node, ValueType type, std::int32_t column) {
    return std::make_shared<const QueryNode>(QueryNode{std::move(node), type, column});
  }

  std::vector<Token> tokens_;
  std::vector<EventKind> vocabulary_;
  std::size_t at_ = 0;
  std::size_t slots_ = 0;
  int depth_ = 0;
  const EventKind* kind_ = nullptr;  // inside the condition of a tally: the event's
  std::optional<QueryError> error_;
};

std::variant<QueryNodePtr, QueryError> parse(std::string_view text) {
  if (text.size() > kLongestQuery) {
    return QueryError{1, fmt::format("a query has at most {} characters", kLongestQuery), ""};
  }
  auto tokens = tokens_of(text);
  if (auto* error = std::get_if<QueryError>(&tokens)) return *error;
  return Parser{std::move(std::get<std::vector<Token>>(tokens))}.run();
}

}  // namespace

std::variant<Query, QueryError> parse_query(std::string_view text) {
  auto parsed = parse(text);
  if (auto* error = std::get_if<QueryError>(&parsed)) return *error;
  return Query{std::string{text}, std::get<QueryNodePtr>(parsed)};
}

std::variant<Query, QueryError> parse_condition(std::string_view text) {
  auto parsed = parse_query(text);
  const auto* query = std::get_if<Query>(&parsed);
  if (query == nullptr || query->root()->type == ValueType::Boolean) return parsed;
  return QueryError{
      1, fmt::format("this is {}, not true or false", value_type_text(query->root()->type)),
      "compare it with something"};
}

}  // namespace linger::sim
