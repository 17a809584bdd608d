#include <fmt/format.h>

#include "sim/query_node.h"
#include "sim/query_parser.h"
#include "sim/scenario_sections.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

// --- Queries ---

// Where a column of the query stands in the file: exactly, if its text stands there as it is.
Position place_in(const TomlNode& text, std::int32_t column) {
  if (!text.is_literal) return text.at;
  return {text.at.line, text.at.column + column};
}

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

std::optional<Query> condition_of(const TomlNode& node, Reading& reading) {
  const auto text = text_of(node, reading.mistakes);
  if (!text) return std::nullopt;
  auto parsed = parse_condition(*text);
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

}  // namespace

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
  table.finish();
}

void read_narration(TableReader& file, Reading& reading) {
  for (const TomlNode* node : file.tables("say")) {
    TableReader table{*node, "[[say]]", reading.mistakes};
    Narration narration{read_moment(table, reading), ""};
    if (const TomlNode* text = table.require("text", "\"…\"")) {
      narration.text = text_of(*text, reading.mistakes).value_or("");
    }
    table.finish();
    reading.scenario.narration.push_back(std::move(narration));
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
    table.finish();
    reading.scenario.expectations.push_back(std::move(expectation));
  }
}

// --- Faults ---

namespace {

using MaybeFault = std::optional<Fault>;

// The keys of a fault that is a table. Calls read(table) and reports what is left over.
template <class Read>
MaybeFault fault_in(const TomlNode& node, std::string_view key, std::string_view example,
                    Reading& reading, Read read) {
  if (node.kind != TomlNode::Kind::Table) {
    reading.mistakes.add(node.at, fmt::format("'{}' is a table", key),
                         fmt::format("such as {} = {}", key, example));
    return std::nullopt;
  }
  TableReader table{node, fmt::format("'{}'", key), reading.mistakes};
  MaybeFault fault = read(table);
  table.finish();
  return fault;
}

std::optional<NodeId> broker_in(TableReader& table, Reading& reading) {
  const TomlNode* node = table.require("broker", "1");
  return node == nullptr ? std::nullopt : broker_of(*node, reading);
}

std::optional<PartitionName> partition_in(TableReader& table, Reading& reading) {
  const TomlNode* node = table.require("partition", "\"orders-0\"");
  return node == nullptr ? std::nullopt : partition_of(*node, reading);
}

MaybeFault disconnect_of(const TomlNode& node, Reading& reading) {
  const auto broker = broker_of(node, reading);
  return broker ? MaybeFault{Disconnect{*broker}} : std::nullopt;
}

MaybeFault stop_of(const TomlNode& node, Reading& reading) {
  const auto broker = broker_of(node, reading);
  return broker ? MaybeFault{StopBroker{*broker}} : std::nullopt;
}

MaybeFault start_of(const TomlNode& node, Reading& reading) {
  const auto broker = broker_of(node, reading);
  return broker ? MaybeFault{StartBroker{*broker}} : std::nullopt;
}

MaybeFault delay_answers_of(const TomlNode& node, Reading& reading) {
  const auto delay = duration_of(node, reading.mistakes);
  return delay ? MaybeFault{DelayAnswers{*delay}} : std::nullopt;
}

MaybeFault add_latency_of(const TomlNode& node, Reading& reading) {
  return fault_in(node, "add_latency", "{ broker = 1, extra = \"5ms\" }", reading,
                  [&](TableReader& table) -> MaybeFault {
                    const auto broker = broker_in(table, reading);
                    AddLatency fault;
                    table.require("extra", "\"5ms\"");
                    table.read("extra", fault.extra);
                    table.read("for", fault.lasts);
                    if (!broker) return std::nullopt;
                    fault.broker = *broker;
                    return fault;
                  });
}

// refuse = 1, or refuse = { broker = 1, for = "1s" }.
template <class LastingFault>
MaybeFault lasting_fault(const TomlNode& node, std::string_view key, Reading& reading) {
  if (node.kind == TomlNode::Kind::Integer) {
    const auto broker = broker_of(node, reading);
    return broker ? MaybeFault{LastingFault{*broker, std::nullopt}} : std::nullopt;
  }
  return fault_in(node, key, "{ broker = 1, for = \"1s\" }", reading,
                  [&](TableReader& table) -> MaybeFault {
                    const auto broker = broker_in(table, reading);
                    std::optional<Duration> lasts;
                    table.read("for", lasts);
                    return broker ? MaybeFault{LastingFault{*broker, lasts}} : std::nullopt;
                  });
}

std::optional<core::ErrorCode> error_in(TableReader& table, Reading& reading) {
  const TomlNode* node = table.require("error", "\"NOT_LEADER_OR_FOLLOWER\"");
  if (node == nullptr) return std::nullopt;
  const auto name = text_of(*node, reading.mistakes);
  if (!name) return std::nullopt;
  const auto error = core::find_error_code(*name);
  if (error && *error != core::ErrorCode::None) return error;
  std::vector<std::string> names;
  for (const core::ErrorCodeInfo& info : core::error_codes()) names.emplace_back(info.name);
  check_known(*node, *name == "NONE" ? "" : *name, "error of the protocol", names,
              reading.mistakes);
  return std::nullopt;
}

MaybeFault fail_produce_of(const TomlNode& node, Reading& reading) {
  return fault_in(node, "fail_produce",
                  "{ partition = \"orders-0\", error = \"NOT_LEADER_OR_FOLLOWER\" }", reading,
                  [&](TableReader& table) -> MaybeFault {
                    const auto partition = partition_in(table, reading);
                    const auto error = error_in(table, reading);
                    FailProduce fault;
                    table.read("times", fault.times, {1, std::numeric_limits<std::int32_t>::max()});
                    table.read("append", fault.append);
                    if (!partition || !error) return std::nullopt;
                    fault.partition = *partition;
                    fault.error = *error;
                    return fault;
                  });
}

MaybeFault lose_response_of(const TomlNode& node, Reading& reading) {
  return fault_in(node, "lose_response", "{ partition = \"orders-0\" }", reading,
                  [&](TableReader& table) -> MaybeFault {
                    const auto partition = partition_in(table, reading);
                    LoseResponse fault;
                    table.read("times", fault.times, {1, std::numeric_limits<std::int32_t>::max()});
                    table.read("disconnect", fault.disconnect);
                    if (!partition) return std::nullopt;
                    fault.partition = *partition;
                    return fault;
                  });
}

MaybeFault change_leader_of(const TomlNode& node, Reading& reading) {
  return fault_in(node, "leader", "{ partition = \"orders-0\", to = 1 }", reading,
                  [&](TableReader& table) -> MaybeFault {
                    const auto partition = partition_in(table, reading);
                    const TomlNode* to = table.require("to", "1");
                    if (to == nullptr) return std::nullopt;
                    ChangeLeader fault;
                    const bool is_none = to->kind == TomlNode::Kind::Text && to->text == "none";
                    if (!is_none) fault.leader = broker_of(*to, reading);
                    table.read("epoch", fault.epoch, {0, std::numeric_limits<std::int32_t>::max()});
                    if (!partition || (!is_none && !fault.leader)) return std::nullopt;
                    fault.partition = *partition;
                    return fault;
                  });
}

MaybeFault refuse_of(const TomlNode& node, Reading& reading) {
  return lasting_fault<RefuseConnections>(node, "refuse", reading);
}

MaybeFault silent_of(const TomlNode& node, Reading& reading) {
  return lasting_fault<FallSilent>(node, "silent", reading);
}

struct FaultKey {
  std::string_view key;
  MaybeFault (*read)(const TomlNode&, Reading&);
};
constexpr FaultKey kFaultKeys[] = {{"disconnect", disconnect_of},
                                   {"add_latency", add_latency_of},
                                   {"refuse", refuse_of},
                                   {"silent", silent_of},
                                   {"fail_produce", fail_produce_of},
                                   {"lose_response", lose_response_of},
                                   {"leader", change_leader_of},
                                   {"stop", stop_of},
                                   {"start", start_of},
                                   {"delay_answers", delay_answers_of}};

}  // namespace

void read_faults(TableReader& file, Reading& reading) {
  for (const TomlNode* node : file.tables("fault")) {
    TableReader table{*node, "[[fault]]", reading.mistakes};
    ScheduledFault scheduled{read_moment(table, reading), Disconnect{}, node->at.line};
    int found = 0;
    for (const FaultKey& key : kFaultKeys) {
      const TomlNode* value = table.find(key.key);
      if (value == nullptr) continue;
      ++found;
      if (auto fault = key.read(*value, reading)) scheduled.fault = std::move(*fault);
    }
    if (found == 0)
      reading.mistakes.add(node->at, "this fault does nothing", "such as disconnect = 0");
    if (found > 1) {
      reading.mistakes.add(node->at, "these are several faults",
                           "give each a [[fault]] table of its own");
    }
    table.finish();
    reading.scenario.faults.push_back(std::move(scheduled));
  }
}

}  // namespace linger::sim
