#include <fmt/format.h>

#include "sim/query_node.h"
#include "sim/query_parser.h"
#include "sim/scenario_sections.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

// --- Queries ---

const Value* literal_in(const QueryNodePtr& node) {
  if (!node) return nullptr;
  const auto* literal = std::get_if<LiteralNode>(&node->what);
  return literal == nullptr ? nullptr : &literal->value;
}

void check_partition(const Value& value, Position at, Reading& reading) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return;
  const auto partition = parse_partition_name(*text);
  if (std::holds_alternative<UnitError>(partition)) return;  // the query's parser has seen it
  if (const auto missing = missing_partition(std::get<PartitionName>(partition), reading)) {
    reading.mistakes.add(at, missing->message, missing->fix);
  }
}

void check_number(const WorldNameInfo& name, const Value& value, TomlNode place, Reading& reading) {
  const auto* number = std::get_if<std::int64_t>(&value);
  const bool is_of_broker = name.object == "broker" || name.object == "node";
  if (number == nullptr || !is_of_broker) return;
  place.kind = TomlNode::Kind::Integer;
  place.integer = *number;
  broker_of(place, reading);
}

void check_name(const Value& value, std::string_view what, const std::vector<std::string>& known,
                const TomlNode& place, Reading& reading) {
  const auto* name = std::get_if<std::string>(&value);
  if (name != nullptr) check_known(place, *name, what, known, reading.mistakes);
}

// The parser of queries knows the names of the language; this checks those of the scenario.
void check_world_name(const WorldNode& node, const TomlNode& text, Reading& reading) {
  TomlNode place;
  if (const Value* producer = literal_in(node.producer)) {
    place.at = place_in(text, node.producer->column);
    check_name(*producer, "producer", producer_names(reading.scenario), place, reading);
  }
  const Value* argument = literal_in(node.argument);
  if (argument == nullptr) return;
  const WorldNameInfo& name = info(node.name);
  place.at = place_in(text, node.argument->column);
  switch (name.argument) {
    case ArgumentKind::Nothing:
    case ArgumentKind::Key:
      break;
    case ArgumentKind::Number:
      check_number(name, *argument, place, reading);
      break;
    case ArgumentKind::Partition:
      check_partition(*argument, place.at, reading);
      break;
    case ArgumentKind::Name:
      check_name(*argument, "thread", thread_names(reading.scenario), place, reading);
      break;
  }
}

using ParsedQuery = std::variant<Query, QueryError>;

std::optional<Query> checked(const ParsedQuery& parsed, const TomlNode& node, Reading& reading) {
  if (const auto* error = std::get_if<QueryError>(&parsed)) {
    reading.mistakes.add(place_in(node, error->column), error->message, error->fix);
    return std::nullopt;
  }
  const Query& query = std::get<Query>(parsed);
  for_each_node(*query.root(), [&](const QueryNode& part) {
    const auto* world = std::get_if<WorldNode>(&part.what);
    if (world != nullptr) check_world_name(*world, node, reading);
  });
  return query;
}

}  // namespace

Position place_in(const TomlNode& text, std::int32_t column) {
  if (!text.is_literal) return text.at;
  return {text.at.line, text.at.column + column};
}

std::optional<Query> condition_of(const TomlNode& node, Reading& reading) {
  const auto text = text_of(node, reading.mistakes);
  if (!text) return std::nullopt;
  return checked(parse_condition(*text), node, reading);
}

std::optional<Query> query_of(const TomlNode& node, Reading& reading) {
  const auto text = text_of(node, reading.mistakes);
  if (!text) return std::nullopt;
  return checked(parse_query(*text), node, reading);
}

Moment read_moment(TableReader& table, Reading& reading) {
  Moment moment;
  table.exclude("at", "when");
  table.read("at", moment.at);
  const TomlNode* when = table.find("when");
  if (when != nullptr) moment.when = condition_of(*when, reading);
  if (when == nullptr && table.find("at") == nullptr) {
    reading.mistakes.add(table.at(), fmt::format("{} does not say when", table.name()),
                         "such as at = \"10ms\" or when = \"batch(3).state == 'in flight'\"");
  }
  return moment;
}

bool is_of_this_release(TableReader& table, Reading& reading, std::string_view key) {
  const TomlNode* node = table.find(key);
  if (node == nullptr) return true;
  std::vector<std::string> releases = reading.scenario.releases;
  if (releases.empty()) releases.push_back(reading.scenario.release);
  const bool is_list = node->kind == TomlNode::Kind::Array;
  bool is_of_this = false;
  for (const TomlNode& one : is_list ? node->items : std::vector<TomlNode>{*node}) {
    const auto name = text_of(one, reading.mistakes);
    if (!name) continue;
    check_known(one, *name, "era of this scenario", releases, reading.mistakes);
    is_of_this = is_of_this || *name == reading.scenario.release;
  }
  return is_of_this;
}

void read_lesson(TableReader& file, Reading& reading) {
  const TomlNode* node = file.find("lesson");
  if (node == nullptr) return;
  if (node->kind != TomlNode::Kind::Table) {
    reading.mistakes.add(node->at, "'lesson' is a table", "such as [lesson] and title = \"…\"");
    return;
  }
  TableReader table{*node, "[lesson]", reading.mistakes};
  table.read("title", reading.scenario.lesson.title);
  table.read("text", reading.scenario.lesson.text);
  table.read("topic", reading.scenario.lesson.topic);
  table.read("order", reading.scenario.lesson.order, {1, 9'999});
  table.finish();
}

void read_narration(TableReader& file, Reading& reading) {
  for (const TomlNode* node : file.tables("say")) {
    TableReader table{*node, "[[say]]", reading.mistakes};
    Narration narration{read_moment(table, reading), ""};
    if (const TomlNode* text = table.require("text", "\"…\"")) {
      narration.text = text_of(*text, reading.mistakes).value_or("");
    }
    const bool is_told = is_of_this_release(table, reading);
    table.finish();
    if (is_told) reading.scenario.narration.push_back(std::move(narration));
  }
}

void read_expectations(TableReader& file, Reading& reading) {
  for (const TomlNode* node : file.tables("expect")) {
    TableReader table{*node, "[[expect]]", reading.mistakes};
    Expectation expectation;
    expectation.line = node->at.line;
    if (const TomlNode* that = table.require("that", "\"records.pending == 0\"")) {
      if (auto query = condition_of(*that, reading)) expectation.query = std::move(*query);
    }
    table.read("because", expectation.because);
    const bool is_asked = is_of_this_release(table, reading);
    table.finish();
    if (is_asked) reading.scenario.expectations.push_back(std::move(expectation));
  }
}

}  // namespace linger::sim
