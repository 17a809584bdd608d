// Cuts a query into words, numbers, texts and signs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/query.h"
#include "sim/query_parser.h"

namespace linger::sim {

enum class TokenKind : std::uint8_t { Name, Literal, Sign, End };

struct Token {
  TokenKind kind = TokenKind::End;
  std::string text;  // a name, or a sign: "<="; empty at the end
  Value value;       // of a literal
  std::int32_t column = 1;
};

// The last token is the end. `true`, `false`, `none` and `forever` are literals; `and`, `or` and
// `not` are signs.
std::variant<std::vector<Token>, QueryError> tokens_of(std::string_view query);

}  // namespace linger::sim
