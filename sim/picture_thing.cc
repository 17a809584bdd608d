#include "sim/picture_thing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "sim/query_lexer.h"
#include "sim/query_node.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

using ThingKind = PictureThing::Kind;

struct KindInfo {
  ThingKind kind;
  std::string_view word;
  bool of_producer;
};
constexpr std::array kKinds{
    KindInfo{ThingKind::Batch, "batch", true},    KindInfo{ThingKind::Partition, "partition", true},
    KindInfo{ThingKind::Broker, "broker", false}, KindInfo{ThingKind::Thread, "thread", false},
    KindInfo{ThingKind::Sender, "sender", true},  KindInfo{ThingKind::Request, "request", true}};

const KindInfo& info_of(ThingKind kind) {
  return *std::find_if(kKinds.begin(), kKinds.end(),
                       [kind](const KindInfo& info) { return info.kind == kind; });
}

constexpr std::string_view kExamples =
    "such as batch(0), partition('orders-0'), broker(1), thread('A'), request(2) or sender";

std::string quoted(const std::string& name) {
  std::string text = "'";
  for (const char c : name) text += c == '\'' ? std::string{"''"} : std::string(1, c);
  return text + "'";
}

// producer('B').batch(0): words with a literal in parentheses, or none.
class ThingReader {
 public:
  explicit ThingReader(std::span<const Token> tokens) : tokens_{tokens} {}

  std::variant<PictureThing, QueryError> run() {
    PictureThing thing;
    if (is_name("producer")) {
      const auto name = take_producer();
      if (!name) return error();
      thing.producer = *name;
    }
    const Token& word = tokens_[at_];
    const auto* const info =
        std::find_if(kKinds.begin(), kKinds.end(),
                     [&word](const KindInfo& known) { return known.word == word.text; });
    const bool is_known = word.kind == TokenKind::Name && info != kKinds.end();
    if (!is_known || (thing.producer && !info->of_producer)) return error();
    ++at_;
    thing.kind = info->kind;
    if (thing.kind != ThingKind::Sender && !take_argument(thing)) return error();
    if (tokens_[at_].kind != TokenKind::End) return error();
    return thing;
  }

 private:
  QueryError error() const {
    if (error_) return *error_;
    const Token& token = tokens_[at_];
    const std::string what = token.kind == TokenKind::End ? "the end" : "'" + token.text + "'";
    return {token.column, fmt::format("{} names nothing in the picture here", what),
            std::string{kExamples}};
  }
  bool is_name(std::string_view name) const {
    return tokens_[at_].kind == TokenKind::Name && tokens_[at_].text == name;
  }
  bool take_sign(std::string_view sign) {
    if (tokens_[at_].kind != TokenKind::Sign || tokens_[at_].text != sign) return false;
    ++at_;
    return true;
  }
  const Value* take_literal() {
    if (tokens_[at_].kind != TokenKind::Literal) return nullptr;
    return &tokens_[at_++].value;
  }

  std::optional<std::string> take_producer() {
    ++at_;
    if (!take_sign("(")) return std::nullopt;
    const Value* literal = take_literal();
    const auto* name = literal == nullptr ? nullptr : std::get_if<std::string>(literal);
    if (name == nullptr || !take_sign(")") || !take_sign(".")) return std::nullopt;
    return *name;
  }

  bool take_argument(PictureThing& thing) {
    if (!take_sign("(")) return false;
    const std::int32_t column = tokens_[at_].column;
    const Value* literal = take_literal();
    if (literal == nullptr || !set_argument(thing, *literal, column)) {
      if (literal != nullptr && !error_) --at_;
      return false;
    }
    return take_sign(")");
  }
  bool set_argument(PictureThing& thing, const Value& literal, std::int32_t column) {
    const auto* name = std::get_if<std::string>(&literal);
    const auto* number = std::get_if<std::int64_t>(&literal);
    if (thing.kind == ThingKind::Thread) {
      if (name != nullptr) thing.name = *name;
      return name != nullptr;
    }
    if (thing.kind != ThingKind::Partition) {
      if (number != nullptr) thing.number = *number;
      return number != nullptr;
    }
    if (name == nullptr) return false;
    auto partition = parse_partition_name(*name);
    if (const auto* wrong = std::get_if<UnitError>(&partition)) {
      error_ = QueryError{column, wrong->message, wrong->fix};
      return false;
    }
    thing.partition = std::get<PartitionName>(std::move(partition));
    return true;
  }

  std::span<const Token> tokens_;
  std::size_t at_ = 0;
  std::optional<QueryError> error_;
};

// --- What a value names ---

std::optional<ThingKind> kind_of_field(std::string_view field) {
  if (field == "partition") return ThingKind::Partition;
  if (field == "batch") return ThingKind::Batch;
  if (field == "correlation") return ThingKind::Request;
  if (field == "node" || field == "broker" || field == "leader") return ThingKind::Broker;
  return std::nullopt;
}

std::optional<ThingKind> kind_of_name(WorldName name) {
  switch (name) {
    case WorldName::RecordPartition:
    case WorldName::BatchPartition:
      return ThingKind::Partition;
    case WorldName::RecordBatch:
      return ThingKind::Batch;
    case WorldName::PartitionLeader:
    case WorldName::LogLeader:
    case WorldName::TransactionCoordinator:
    case WorldName::GroupCoordinator:
      return ThingKind::Broker;
    default:
      return std::nullopt;
  }
}

const std::string* text_in(const QueryNodePtr& node) {
  const auto* literal = node ? std::get_if<LiteralNode>(&node->what) : nullptr;
  return literal == nullptr ? nullptr : std::get_if<std::string>(&literal->value);
}

}  // namespace

std::variant<PictureThing, QueryError> parse_picture_thing(std::string_view text) {
  const auto tokens = tokens_of(text);
  if (const auto* error = std::get_if<QueryError>(&tokens)) return *error;
  return ThingReader{std::get<std::vector<Token>>(tokens)}.run();
}

std::string text(const PictureThing& thing) {
  std::string text = thing.producer ? fmt::format("producer({}).", quoted(*thing.producer)) : "";
  text += info_of(thing.kind).word;
  switch (thing.kind) {
    case ThingKind::Sender:
      return text;
    case ThingKind::Thread:
      return text + fmt::format("({})", quoted(thing.name));
    case ThingKind::Partition:
      return text + fmt::format("({})", quoted(partition_text(thing.partition)));
    case ThingKind::Batch:
    case ThingKind::Broker:
    case ThingKind::Request:
      break;
  }
  return text + fmt::format("({})", thing.number);
}

std::optional<PictureThing> named_thing(const Query& answer, const Query& value,
                                        bool has_one_producer) {
  if (answer.root() == nullptr || value.root() == nullptr) return std::nullopt;
  const auto* literal = std::get_if<LiteralNode>(&value.root()->what);
  if (literal == nullptr) return std::nullopt;
  std::optional<ThingKind> kind;
  PictureThing thing;
  if (const auto* tally = std::get_if<TallyNode>(&answer.root()->what)) {
    const bool is_of_one = tally->kind == TallyKind::First || tally->kind == TallyKind::Last;
    if (is_of_one) kind = kind_of_field(tally->field);
  } else if (const auto* name = std::get_if<WorldNode>(&answer.root()->what)) {
    kind = kind_of_name(name->name);
    if (const std::string* producer = text_in(name->producer)) thing.producer = *producer;
  }
  if (!kind) return std::nullopt;
  thing.kind = *kind;
  const bool is_one_of_several = thing.kind == ThingKind::Batch || thing.kind == ThingKind::Request;
  if (is_one_of_several && !has_one_producer && !thing.producer) return std::nullopt;
  if (!info_of(thing.kind).of_producer || thing.kind == ThingKind::Partition)
    thing.producer.reset();
  if (thing.kind == ThingKind::Partition) {
    const auto* name = std::get_if<std::string>(&literal->value);
    auto partition = parse_partition_name(name == nullptr ? "" : *name);
    if (!std::holds_alternative<PartitionName>(partition)) return std::nullopt;
    thing.partition = std::get<PartitionName>(std::move(partition));
    return thing;
  }
  const auto* number = std::get_if<std::int64_t>(&literal->value);
  if (number == nullptr) return std::nullopt;
  thing.number = *number;
  return thing;
}

}  // namespace linger::sim
