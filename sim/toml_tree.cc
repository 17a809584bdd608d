// The only file that sees the TOML library, which is slow to compile.
#include "sim/toml_tree.h"

#include <algorithm>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "sim/toml_depth.h"

namespace linger::sim {

namespace {

Position position_of(const toml::source_region& region, Position otherwise) {
  if (!region.begin) return otherwise;
  return {static_cast<std::int32_t>(region.begin.line),
          static_cast<std::int32_t>(region.begin.column)};
}

bool may_stand_in_key(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-';
}

// The lines of the file, and what stands at a position of it. Columns count characters.
class Source {
 public:
  explicit Source(std::string_view text) {
    while (true) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      lines_.push_back(text.substr(0, end));
      if (end == text.size()) break;
      text.remove_prefix(end + 1);
    }
  }

  std::string_view from(Position at) const {
    if (at.line < 1 || static_cast<std::size_t>(at.line) > lines_.size()) return {};
    std::string_view line = lines_[static_cast<std::size_t>(at.line) - 1];
    for (std::int32_t column = 1; column < at.column && !line.empty(); ++column) {
      do line.remove_prefix(1);
      while (!line.empty() && (static_cast<unsigned char>(line.front()) & 0xc0) == 0x80);
    }
    return line;
  }
  // Where the key begins whose last part stands at a position: `linger.ms`, not `ms`. In a header
  // each part is a key of its own.
  Position start_of_key(Position last_part) const {
    const std::string_view before_it = before(last_part);
    const std::size_t first = before_it.find_first_not_of(" \t");
    if (first != std::string_view::npos && before_it[first] == '[') return last_part;
    std::size_t start = before_it.size();
    while (start > 0 && (may_stand_in_key(before_it[start - 1]) || before_it[start - 1] == '.')) {
      --start;
    }
    last_part.column -= static_cast<std::int32_t>(before_it.size() - start);
    return last_part;
  }
  std::string_view before(Position at) const {
    if (at.line < 1 || static_cast<std::size_t>(at.line) > lines_.size()) return {};
    const std::string_view line = lines_[static_cast<std::size_t>(at.line) - 1];
    return line.substr(0, line.size() - from(at).size());
  }

 private:
  std::vector<std::string_view> lines_;
};

class Converter {
 public:
  explicit Converter(const Source& source) : source_{source} {}

  TomlNode operator()(const toml::node& from, Position otherwise) const {
    TomlNode node;
    node.at = position_of(from.source(), otherwise);
    if (const toml::table* table = from.as_table()) {
      fill_table(*table, node);
    } else if (const toml::array* array = from.as_array()) {
      node.kind = TomlNode::Kind::Array;
      for (const toml::node& item : *array) node.items.push_back((*this)(item, node.at));
    } else {
      fill_value(from, node);
    }
    return node;
  }

 private:
  void fill_table(const toml::table& table, TomlNode& node) const {
    for (const auto& [key, value] : table) {
      const Position at = source_.start_of_key(position_of(key.source(), node.at));
      node.entries.push_back({std::string{key.str()}, at, (*this)(value, at)});
    }
    std::stable_sort(node.entries.begin(), node.entries.end(),
                     [](const TomlEntry& a, const TomlEntry& b) { return a.at < b.at; });
  }

  void fill_value(const toml::node& from, TomlNode& node) const {
    if (const auto* text = from.as_string()) {
      node.kind = TomlNode::Kind::Text;
      node.text = text->get();
      const std::string_view written = source_.from(node.at);
      node.is_literal = !written.empty() && written.substr(1).starts_with(node.text);
    } else if (const auto* integer = from.as_integer()) {
      node.kind = TomlNode::Kind::Integer;
      node.integer = integer->get();
    } else if (const auto* boolean = from.as_boolean()) {
      node.kind = TomlNode::Kind::Boolean;
      node.boolean = boolean->get();
    } else {
      node.kind = TomlNode::Kind::Other;
      const std::string_view written = source_.from(node.at);
      node.text = written.substr(0, std::min(written.find_first_of(" \t\r,]}#"), written.size()));
    }
  }

  const Source& source_;
};

// The number and letters that end `before` and begin `after`: of `latency = 2ms` the "2ms" at which
// the reader stumbles.
std::string bare_word_at(std::string_view before, std::string_view after) {
  const auto belongs = [](char c) { return may_stand_in_key(c) || c == '.' || c == '/'; };
  std::size_t start = before.size();
  while (start > 0 && belongs(before[start - 1])) --start;
  std::size_t end = 0;
  while (end < after.size() && belongs(after[end])) ++end;
  return std::string{before.substr(start)} + std::string{after.substr(0, end)};
}

std::string fix_for(const Source& source, Position at) {
  const std::string_view before = source.before(at);
  const std::string word = bare_word_at(before, source.from(at));
  const bool is_value = before.find('=') != std::string_view::npos;
  if (is_value && !word.empty()) return fmt::format("a text stands in quotes: \"{}\"", word);
  return "TOML wants key = value lines below [table] headers, and each key once";
}

}  // namespace

std::variant<TomlNode, ParseError> read_toml(std::string_view text, const std::string& file) {
  if (const auto place = too_deep(text)) {
    return ParseError{file, place->line, place->column, "this is nested too deeply",
                      "no scenario needs more than a few tables in one another"};
  }
  const Source source{text};
  try {
    const toml::table table = toml::parse(text);
    return Converter{source}(table, {});
  } catch (const toml::parse_error& error) {
    const Position at = position_of(error.source(), {});
    return ParseError{file, at.line, at.column, std::string{error.description()},
                      fix_for(source, at)};
  }
}

namespace {

void flatten_into(TomlNode& flat, const std::string& prefix, const TomlNode& table) {
  for (const TomlEntry& entry : table.entries) {
    const std::string key = prefix + entry.key;
    if (entry.node.kind == TomlNode::Kind::Table && !entry.node.entries.empty()) {
      flatten_into(flat, key + ".", entry.node);
    } else {
      flat.entries.push_back({key, entry.at, entry.node});
    }
  }
}

}  // namespace

TomlNode flattened(const TomlNode& table) {
  TomlNode flat;
  flat.at = table.at;
  flatten_into(flat, "", table);
  return flat;
}

std::string kind_text(TomlNode::Kind kind) {
  switch (kind) {
    case TomlNode::Kind::Table:
      return "a table";
    case TomlNode::Kind::Array:
      return "a list";
    case TomlNode::Kind::Text:
      return "a text";
    case TomlNode::Kind::Integer:
      return "an integer";
    case TomlNode::Kind::Boolean:
      return "true or false";
    case TomlNode::Kind::Other:
      return "a fraction or a date";
  }
  return {};
}

}  // namespace linger::sim
