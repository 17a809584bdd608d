#include "sim/query_lexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "sim/units.h"

namespace linger::sim {

namespace {

bool is_query_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct Misspelt {
  std::string_view text;
  std::string_view meant;
};
constexpr std::array kMisspelt{Misspelt{"&&", "and"}, Misspelt{"||", "or"}, Misspelt{"=", "=="},
                               Misspelt{"<>", "!="}, Misspelt{"!", "not"}};
constexpr std::array<std::string_view, 6> kLongSigns{"==", "!=", "<=", ">=", "<", ">"};
constexpr std::string_view kShortSigns = "+-*/%().,";

class Lexer {
 public:
  explicit Lexer(std::string_view query) : query_{query} {}

  std::variant<std::vector<Token>, QueryError> run() {
    while (!error_) {
      while (at_ < query_.size() && is_space(query_[at_])) ++at_;
      if (at_ == query_.size()) break;
      read_token();
    }
    if (error_) return *error_;
    tokens_.push_back({TokenKind::End, "", {}, column(at_)});
    return std::move(tokens_);
  }

 private:
  void read_token() {
    if (is_letter(query_[at_])) return read_name();
    if (is_query_digit(query_[at_])) return read_number();
    if (query_[at_] == '\'') return read_text();
    read_sign();
  }

  void read_name() {
    const std::size_t start = at_;
    while (at_ < query_.size() && (is_letter(query_[at_]) || is_query_digit(query_[at_]))) ++at_;
    const std::string_view name = query_.substr(start, at_ - start);
    if (name == "and" || name == "or" || name == "not") return add(TokenKind::Sign, start);
    if (name == "true") return add_literal(start, true);
    if (name == "false") return add_literal(start, false);
    if (name == "none") return add_literal(start, None{});
    if (name == "forever") return add_literal(start, Duration::max());
    add(TokenKind::Name, start);
  }

  // An integer, a time, or a size, which is an integer: 12, 1.5s, 16KiB.
  void read_number() {
    const std::size_t start = at_;
    while (at_ < query_.size() && (is_query_digit(query_[at_]) || is_decimal_point())) ++at_;
    const std::size_t unit = at_;
    while (at_ < query_.size() && is_letter(query_[at_])) ++at_;
    const std::string_view number = query_.substr(start, at_ - start);
    if (at_ > unit && number.ends_with('B')) {
      const auto size = parse_size(number);
      if (const auto* bytes = std::get_if<Bytes>(&size)) return add_literal(start, bytes->count());
      return fail(start, std::get<UnitError>(size));
    }
    if (at_ > unit) {
      const auto duration = parse_duration(number);
      if (const auto* time = std::get_if<Duration>(&duration)) return add_literal(start, *time);
      return fail(start, std::get<UnitError>(duration));
    }
    std::int64_t value = 0;
    const auto [end, failure] =
        std::from_chars(number.data(), number.data() + number.size(), value);
    if (failure == std::errc{} && end == number.data() + number.size()) {
      return add_literal(start, value);
    }
    fail(start, {fmt::format("'{}' is no integer of 64 bits", number), ""});
  }

  bool is_decimal_point() const {
    return query_[at_] == '.' && at_ + 1 < query_.size() && is_query_digit(query_[at_ + 1]);
  }

  // 'in flight'; a quote inside is written twice.
  void read_text() {
    const std::size_t start = at_++;
    std::string value;
    for (; at_ < query_.size(); ++at_) {
      if (query_[at_] == '\'') {
        if (at_ + 1 == query_.size() || query_[at_ + 1] != '\'') break;
        ++at_;
      }
      value += query_[at_];
    }
    if (at_ == query_.size()) return fail(start, {"this text does not end", "close it with '"});
    ++at_;
    add_literal(start, std::move(value));
  }

  void read_sign() {
    const std::string_view rest = query_.substr(at_);
    const std::size_t start = at_;
    for (const std::string_view sign : kLongSigns) {
      if (!rest.starts_with(sign) || rest.starts_with("<>")) continue;
      at_ += sign.size();
      return add(TokenKind::Sign, start);
    }
    if (kShortSigns.find(rest.front()) != std::string_view::npos) {
      ++at_;
      return add(TokenKind::Sign, start);
    }
    for (const Misspelt& sign : kMisspelt) {
      if (!rest.starts_with(sign.text)) continue;
      return fail(start, {fmt::format("'{}' is no sign of this language", sign.text),
                          fmt::format("write '{}'", sign.meant)});
    }
    if (rest.front() == '"') {
      return fail(start, {"a text stands in single quotes", "such as 'orders-0'"});
    }
    fail(start, {"this is no sign of the language", ""});
  }

  void add(TokenKind kind, std::size_t start) {
    tokens_.push_back({kind, std::string{query_.substr(start, at_ - start)}, {}, column(start)});
  }
  void add_literal(std::size_t start, Value value) {
    tokens_.push_back({TokenKind::Literal, std::string{query_.substr(start, at_ - start)},
                       std::move(value), column(start)});
  }
  void fail(std::size_t start, UnitError error) {
    error_ = QueryError{column(start), std::move(error.message), std::move(error.fix)};
  }

  // Counts characters, not bytes: those that go on with a UTF-8 sequence are left out.
  std::int32_t column(std::size_t at) const {
    const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
    const std::string_view before = query_.substr(0, at);
    return 1 + static_cast<std::int32_t>(std::count_if(before.begin(), before.end(), begins));
  }

  std::string_view query_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
  std::optional<QueryError> error_;
};

}  // namespace

std::variant<std::vector<Token>, QueryError> tokens_of(std::string_view query) {
  return Lexer{query}.run();
}

}  // namespace linger::sim
