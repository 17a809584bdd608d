// A TOML document as a plain tree, each part with its place in the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/parse_error.h"

namespace linger::sim {

struct Position {
  std::int32_t line = 1;
  std::int32_t column = 1;
  friend auto operator<=>(const Position&, const Position&) = default;
};

struct TomlEntry;

struct TomlNode {
  enum class Kind : std::uint8_t { Table, Array, Text, Integer, Boolean, Other };

  Kind kind = Kind::Table;
  Position at;
  std::string text;  // of a Text; of Other, a fraction or a date, as it is written
  std::int64_t integer = 0;
  bool boolean = false;
  std::vector<TomlEntry> entries;  // of a Table, in the order of the file
  std::vector<TomlNode> items;     // of an Array
  // The text stands in the file as it is, from the place after `at`: nothing in it was escaped.
  bool is_literal = false;
};

struct TomlEntry {
  std::string key;
  Position at;
  TomlNode node;
};

std::variant<TomlNode, ParseError> read_toml(std::string_view text, const std::string& file);

// The table with its inner tables dissolved: linger = { ms = 5 } becomes "linger.ms" = 5.
TomlNode flattened(const TomlNode& table);

std::string kind_text(TomlNode::Kind kind);  // "a table"

}  // namespace linger::sim
