#include "sim/query_path.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "core/check.h"
#include "sim/nearest.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

using Path = std::span<const PathSegment>;

QueryError error_at(const PathSegment& segment, std::string message, std::string fix) {
  return {segment.column, std::move(message), std::move(fix)};
}

// Distinct objects, and the names that belong to none.
std::vector<std::string> first_words() {
  std::vector<std::string> words;
  for (const WorldNameInfo& info : world_names()) {
    const std::string_view word = info.object.empty() ? info.field : info.object;
    if (std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
  }
  return words;
}

std::vector<std::string> fields_of(std::string_view object) {
  std::vector<std::string> fields;
  for (const WorldNameInfo& info : world_names()) {
    if (info.object == object) fields.emplace_back(info.field);
  }
  return fields;
}

const WorldNameInfo* find_name(std::string_view object, std::string_view field) {
  for (const WorldNameInfo& info : world_names()) {
    if (info.object == object && info.field == field) return &info;
  }
  return nullptr;
}

std::variant<const WorldNameInfo*, QueryError> find_in(Path path) {
  const PathSegment& first = path.front();
  if (const WorldNameInfo* info = find_name("", first.name)) {
    if (path.size() == 1) return info;
    return error_at(path[1], fmt::format("'{}' has no parts", first.name), "");
  }
  const std::vector<std::string> fields = fields_of(first.name);
  if (fields.empty()) {
    return error_at(first, fmt::format("there is no '{}' to ask about", first.name),
                    suggestion(first.name, first_words()));
  }
  if (path.size() == 1) {
    return error_at(first, fmt::format("'{}' is no value by itself", first.name),
                    fmt::format("such as {}", world_name_text(*find_name(first.name, fields[0]))));
  }
  const PathSegment& second = path[1];
  const WorldNameInfo* info = find_name(first.name, second.name);
  if (info == nullptr) {
    return error_at(second, fmt::format("'{}' has no '{}'", first.name, second.name),
                    suggestion(second.name, fields));
  }
  if (path.size() > 2) {
    return error_at(path[2], fmt::format("'{}' has no parts", second.name), "");
  }
  return info;
}

ValueType type_of_argument(ArgumentKind kind) {
  switch (kind) {
    case ArgumentKind::Nothing:
      return ValueType::Nothing;
    case ArgumentKind::Number:
      return ValueType::Integer;
    case ArgumentKind::Partition:
    case ArgumentKind::Name:
    case ArgumentKind::Key:
      return ValueType::Text;
  }
  return ValueType::Nothing;
}

std::optional<QueryError> wrong_argument(const WorldNameInfo& info, const PathSegment& segment) {
  const std::string right = fmt::format("such as {}", world_name_text(info));
  if (info.argument == ArgumentKind::Nothing) {
    if (!segment.has_argument) return std::nullopt;
    return error_at(segment, fmt::format("'{}' takes nothing in parentheses", segment.name), right);
  }
  if (!segment.has_argument) {
    return error_at(segment, fmt::format("which {}?", segment.name), right);
  }
  if (segment.argument->type != type_of_argument(info.argument)) {
    return QueryError{segment.argument->column,
                      fmt::format("'{}' takes {}, not {}", segment.name,
                                  value_type_text(type_of_argument(info.argument)),
                                  value_type_text(segment.argument->type)),
                      right};
  }
  const auto* literal = std::get_if<LiteralNode>(&segment.argument->what);
  if (literal == nullptr || info.argument != ArgumentKind::Partition) return std::nullopt;
  const auto partition = parse_partition_name(std::get<std::string>(literal->value));
  const auto* error = std::get_if<UnitError>(&partition);
  if (error == nullptr) return std::nullopt;
  return QueryError{segment.argument->column, error->message, error->fix};
}

std::variant<WorldNode, QueryError> resolve(Path path) {
  const auto found = find_in(path);
  if (const auto* error = std::get_if<QueryError>(&found)) return *error;
  const WorldNameInfo& info = *std::get<const WorldNameInfo*>(found);
  if (const auto error = wrong_argument(info, path.front())) return *error;
  if (path.size() > 1 && path[1].has_argument) {
    return error_at(path[1], fmt::format("'{}' takes nothing in parentheses", path[1].name), "");
  }
  const bool has_argument = info.argument != ArgumentKind::Nothing;
  return WorldNode{info.name, nullptr, has_argument ? path.front().argument : nullptr};
}

}  // namespace

std::variant<WorldNode, QueryError> resolve_path(const std::vector<PathSegment>& path) {
  CHECK(!path.empty());
  const PathSegment& first = path.front();
  if (first.name != "producer" || !first.has_argument) return resolve(path);
  if (first.argument->type != ValueType::Text) {
    return error_at(first, "a producer is asked for by its name", "such as producer('B')");
  }
  // producer('B').state is the producer's own; producer('B').pool.available is its pool's.
  std::vector<PathSegment> rest = path;
  if (path.size() == 2) {
    rest.front().has_argument = false;
  } else {
    rest.erase(rest.begin());
  }
  if (rest.empty()) return error_at(first, "'producer' is no value by itself", "");
  auto resolved = resolve(rest);
  if (auto* node = std::get_if<WorldNode>(&resolved)) {
    if (!info(node->name).of_producer) {
      return error_at(rest.front(), fmt::format("no producer has a '{}'", rest.front().name), "");
    }
    node->producer = first.argument;
  }
  return resolved;
}

std::vector<std::string> words_of_name(WorldName name) {
  std::vector<std::string> words;
  std::string_view rest = info(name).words;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('|'), rest.size());
    words.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return words;
}

std::vector<std::string> words_of_field(const EventKind& kind, const std::string& field) {
  for (const EventField& known : kind.fields) {
    if (known.name == field) return known.words;
  }
  return {};
}

}  // namespace linger::sim
