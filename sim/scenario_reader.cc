#include "sim/scenario_reader.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "sim/nearest.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

std::nullopt_t wrong_kind(const TomlNode& node, std::string_view wanted, std::string_view example,
                          Mistakes& mistakes) {
  mistakes.add(node.at, fmt::format("this is {}, not {}", kind_text(node.kind), wanted),
               std::string{example});
  return std::nullopt;
}

template <class T>
std::optional<T> checked(const TomlNode& node, std::variant<T, UnitError> parsed,
                         Mistakes& mistakes) {
  if (auto* value = std::get_if<T>(&parsed)) return std::move(*value);
  const UnitError& error = std::get<UnitError>(parsed);
  mistakes.add(node.at, error.message, error.fix);
  return std::nullopt;
}

}  // namespace

void Mistakes::add(Position at, std::string message, std::string fix) {
  ParseError error{file_, at.line, at.column, std::move(message), std::move(fix)};
  const bool is_known = std::find(errors_.begin(), errors_.end(), error) != errors_.end();
  if (!is_known) errors_.push_back(std::move(error));
}

std::vector<ParseError> Mistakes::sorted() const {
  std::vector<ParseError> sorted = errors_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const ParseError& a, const ParseError& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  return sorted;
}

std::optional<bool> boolean_of(const TomlNode& node, Mistakes& mistakes) {
  if (node.kind == TomlNode::Kind::Boolean) return node.boolean;
  return wrong_kind(node, "true or false", "write true or false, without quotes", mistakes);
}

std::optional<std::string> text_of(const TomlNode& node, Mistakes& mistakes) {
  if (node.kind == TomlNode::Kind::Text) return node.text;
  return wrong_kind(node, "a text", "write it in quotes", mistakes);
}

std::optional<std::int64_t> integer_of(const TomlNode& node, IntegerRange range,
                                       Mistakes& mistakes) {
  if (node.kind != TomlNode::Kind::Integer) {
    return wrong_kind(node, "an integer", "write it without quotes, such as 3", mistakes);
  }
  if (node.integer >= range.least && node.integer <= range.most) return node.integer;
  mistakes.add(node.at, fmt::format("{} is out of range", node.integer),
               fmt::format("from {} to {}", range.least, range.most));
  return std::nullopt;
}

std::optional<core::Duration> duration_of(const TomlNode& node, Mistakes& mistakes) {
  if (node.kind == TomlNode::Kind::Text) return checked(node, parse_duration(node.text), mistakes);
  if (node.kind != TomlNode::Kind::Integer) {
    return wrong_kind(node, "a time", "a number and a unit in quotes, such as \"5ms\"", mistakes);
  }
  if (node.integer == 0) return core::Duration{};
  if (node.integer < 0) {
    mistakes.add(node.at, fmt::format("{} is negative", node.integer),
                 "a time is 0 or more, such as \"5ms\"");
  } else {
    mistakes.add(node.at, fmt::format("{} has no unit", node.integer),
                 fmt::format("such as \"{}ms\"", node.integer));
  }
  return std::nullopt;
}

std::optional<core::Bytes> size_of(const TomlNode& node, Mistakes& mistakes) {
  if (node.kind == TomlNode::Kind::Text) return checked(node, parse_size(node.text), mistakes);
  if (node.kind == TomlNode::Kind::Integer) {
    return checked(node, parse_size(fmt::format("{}", node.integer)), mistakes);
  }
  return wrong_kind(node, "a size", "such as 100 or \"16KiB\"", mistakes);
}

const TomlNode* TableReader::find(std::string_view key) {
  known_.emplace_back(key);
  for (const TomlEntry& entry : table_.entries) {
    if (entry.key == key) return &entry.node;
  }
  return nullptr;
}

const TomlNode* TableReader::require(std::string_view key, std::string_view example) {
  const TomlNode* node = find(key);
  if (node == nullptr) {
    mistakes_.add(table_.at, fmt::format("{} needs '{}'", name_, key),
                  fmt::format("such as {} = {}", key, example));
  }
  return node;
}

void TableReader::read(std::string_view key, bool& value) {
  const TomlNode* node = find(key);
  if (node != nullptr) value = boolean_of(*node, mistakes_).value_or(value);
}

void TableReader::read(std::string_view key, std::string& value) {
  const TomlNode* node = find(key);
  if (node != nullptr) value = text_of(*node, mistakes_).value_or(value);
}

void TableReader::read(std::string_view key, std::optional<std::string>& value) {
  if (const TomlNode* node = find(key)) value = text_of(*node, mistakes_);
}

void TableReader::read(std::string_view key, core::Duration& value) {
  const TomlNode* node = find(key);
  if (node != nullptr) value = duration_of(*node, mistakes_).value_or(value);
}

void TableReader::read(std::string_view key, std::optional<core::Duration>& value) {
  if (const TomlNode* node = find(key)) value = duration_of(*node, mistakes_);
}

void TableReader::read(std::string_view key, core::Instant& value) {
  core::Duration since_start = value.time_since_epoch();
  read(key, since_start);
  value = core::Instant{since_start};
}

void TableReader::read(std::string_view key, std::optional<core::Instant>& value) {
  std::optional<core::Duration> since_start;
  read(key, since_start);
  if (since_start) value = core::Instant{*since_start};
}

void TableReader::read(std::string_view key, core::Bytes& value) {
  const TomlNode* node = find(key);
  if (node != nullptr) value = size_of(*node, mistakes_).value_or(value);
}

void TableReader::read(std::string_view key, std::int32_t& value, IntegerRange range) {
  std::int64_t wide = value;
  read(key, wide, range);
  value = static_cast<std::int32_t>(wide);
}

void TableReader::read(std::string_view key, std::optional<std::int32_t>& value,
                       IntegerRange range) {
  const TomlNode* node = find(key);
  if (node == nullptr) return;
  if (const auto wide = integer_of(*node, range, mistakes_)) {
    value = static_cast<std::int32_t>(*wide);
  }
}

void TableReader::read(std::string_view key, std::int64_t& value, IntegerRange range) {
  const TomlNode* node = find(key);
  if (node != nullptr) value = integer_of(*node, range, mistakes_).value_or(value);
}

void TableReader::read_milliseconds(std::string_view key, core::Duration& value,
                                    std::int64_t least) {
  std::int64_t number = std::chrono::floor<core::Milliseconds>(value).count();
  read(key, number, {least, std::numeric_limits<std::int32_t>::max()});
  value = core::Milliseconds{number};
}

std::vector<const TomlNode*> TableReader::tables(std::string_view key) {
  const TomlNode* node = find(key);
  if (node == nullptr) return {};
  if (node->kind == TomlNode::Kind::Table) return {node};
  std::vector<const TomlNode*> tables;
  const std::string example = fmt::format("[[{}]] and its keys below it", key);
  if (node->kind != TomlNode::Kind::Array) {
    wrong_kind(*node, "a table", example, mistakes_);
    return {};
  }
  for (const TomlNode& item : node->items) {
    if (item.kind == TomlNode::Kind::Table) {
      tables.push_back(&item);
    } else {
      wrong_kind(item, "a table", example, mistakes_);
    }
  }
  return tables;
}

void TableReader::exclude(std::string_view one, std::string_view other) {
  const TomlNode* second = find(other);
  if (find(one) == nullptr || second == nullptr) return;
  mistakes_.add(second->at, fmt::format("'{}' and '{}' exclude each other", one, other),
                "leave one of them out");
}

void TableReader::finish() {
  std::sort(known_.begin(), known_.end());
  known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
  for (const TomlEntry& entry : table_.entries) {
    if (std::binary_search(known_.begin(), known_.end(), entry.key)) continue;
    mistakes_.add(entry.at, fmt::format("{} has no key '{}'", name_, entry.key),
                  suggestion(entry.key, known_));
  }
}

bool check_known(const TomlNode& node, const std::string& name, std::string_view what,
                 const std::vector<std::string>& known, Mistakes& mistakes) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return true;
  const std::string fix =
      known.empty() ? fmt::format("there is no {} at all", what) : suggestion(name, known);
  mistakes.add(node.at, fmt::format("there is no {} '{}'", what, name), fix);
  return false;
}

}  // namespace linger::sim
