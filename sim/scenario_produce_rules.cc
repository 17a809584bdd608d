#include "sim/scenario_produce_rules.h"

#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "sim/toml_differences.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

constexpr IntegerRange kCount{1, std::numeric_limits<std::int32_t>::max()};
constexpr IntegerRange kNumber{1, std::numeric_limits<std::int64_t>::max()};
constexpr IntegerRange kFrom0{0, std::numeric_limits<std::int32_t>::max()};

// What fails is not in the log, unless the rule says that it is.
bool appends_by_itself(const ProduceRule& rule) {
  return rule.error == core::ErrorCode::None && rule.answer == ProduceRule::Answer::Sent;
}

// "all", or so many.
void read_times(TableReader& table, ProduceRule& rule) {
  const TomlNode* node = table.find("times");
  if (node == nullptr) return;
  if (node->kind == TomlNode::Kind::Text && node->text == "all") {
    rule.times = std::nullopt;
    return;
  }
  const auto times = integer_of(*node, kCount, table.mistakes());
  if (times) rule.times = static_cast<std::int32_t>(*times);
}

void read_which(TableReader& table, ProduceRule& rule, Reading& reading) {
  table.read("first_request", rule.first_request, kNumber);
  if (const TomlNode* last = table.find("last_request")) {
    rule.last_request = integer_of(*last, kNumber, reading.mistakes);
  }
  if (const TomlNode* broker = table.find("broker")) rule.broker = broker_of(*broker, reading);
  table.read("from", rule.from);
  table.read("until", rule.until);
  if (const TomlNode* partition = table.find("partition")) {
    rule.partition = partition_of(*partition, reading);
  }
  table.read("sequence", rule.sequence, kFrom0);
  table.read("least_records", rule.least_records, kFrom0);
  table.read("least_size", rule.least_size);
  read_times(table, rule);
}

void read_error(TableReader& table, ProduceRule& rule) {
  const TomlNode* node = table.find("error");
  if (node == nullptr) return;
  const auto name = text_of(*node, table.mistakes());
  if (!name) return;
  const auto error = core::find_error_code(*name);
  if (error && *error != core::ErrorCode::None) {
    rule.error = *error;
    return;
  }
  std::vector<std::string> names;
  for (const core::ErrorCodeInfo& info : core::error_codes()) names.emplace_back(info.name);
  check_known(*node, *name == "NONE" ? "" : *name, "error of the protocol", names,
              table.mistakes());
}

void read_answer(TableReader& table, ProduceRule& rule) {
  const TomlNode* node = table.find("answer");
  if (node == nullptr) return;
  const auto word = text_of(*node, table.mistakes());
  const bool is_known =
      word && check_known(*node, *word, "answer", {"drop", "disconnect"}, table.mistakes());
  if (!is_known) return;
  rule.answer = *word == "drop" ? ProduceRule::Answer::Dropped : ProduceRule::Answer::Disconnect;
}

void read_leader_hint(TableReader& table, ProduceRule& rule, Reading& reading) {
  const TomlNode* node = table.find("leader_hint");
  if (node == nullptr) return;
  if (node->kind != TomlNode::Kind::Table) {
    reading.mistakes.add(node->at, "'leader_hint' is a table", "such as { leader = 1, epoch = 5 }");
    return;
  }
  TableReader hint{*node, "leader_hint", reading.mistakes};
  LeaderHintSpec spec;
  const TomlNode* leader = hint.require("leader", "1");
  if (leader != nullptr) spec.leader = broker_of(*leader, reading).value_or(core::kNoNode);
  hint.read("epoch", spec.epoch, kFrom0);
  hint.finish();
  rule.leader_hint = spec;
}

void read_throttle(TableReader& table, ProduceRule& rule) {
  const TomlNode* node = table.find("throttle");
  if (node == nullptr) return;
  const auto throttle = duration_of(*node, table.mistakes());
  if (!throttle) return;
  rule.throttle = std::chrono::duration_cast<core::Milliseconds>(*throttle);
  if (rule.throttle != *throttle) {
    table.mistakes().add(node->at, "brokers throttle for whole milliseconds", "such as \"20ms\"");
  }
}

}  // namespace

void read_produce_rules(TableReader& file, Reading& reading) {
  for (const TomlNode* node : file.tables("produce_rule")) {
    TableReader table{*node, "[[produce_rule]]", reading.mistakes};
    ProduceRule rule;
    read_which(table, rule, reading);
    read_error(table, rule);
    read_answer(table, rule);
    rule.appends = appends_by_itself(rule);
    table.read("appends", rule.appends);
    table.read("delay", rule.delay);
    read_leader_hint(table, rule, reading);
    read_throttle(table, rule);
    table.read("mutes", rule.mutes);
    table.finish();
    reading.scenario.cluster.produce_rules.push_back(std::move(rule));
  }
}

TomlTable produce_rule_table(const ProduceRule& rule) {
  const ProduceRule usual;
  TomlTable table;
  Differences differences{table};
  differences.integer("first_request", rule.first_request, usual.first_request);
  differences.integer("last_request", rule.last_request);
  if (rule.broker) table.add("broker", std::to_string(rule.broker->value()));
  if (rule.from != usual.from) table.add("from", time_text(rule.from));
  differences.time("until", rule.until);
  if (rule.partition) table.add_text("partition", partition_text(*rule.partition));
  differences.integer("sequence", rule.sequence);
  differences.integer("least_records", rule.least_records, usual.least_records);
  differences.size("least_size", rule.least_size, usual.least_size);
  if (!rule.times) table.add_text("times", "all");
  if (rule.times && rule.times != usual.times) table.add("times", std::to_string(*rule.times));
  if (rule.error != core::ErrorCode::None) table.add_text("error", core::name(rule.error));
  if (rule.answer == ProduceRule::Answer::Dropped) table.add_text("answer", "drop");
  if (rule.answer == ProduceRule::Answer::Disconnect) table.add_text("answer", "disconnect");
  differences.boolean("appends", rule.appends, appends_by_itself(rule));
  differences.time("delay", rule.delay);
  if (rule.leader_hint) {
    TomlTable hint;
    hint.add("leader", std::to_string(rule.leader_hint->leader.value()));
    Differences{hint}.integer("epoch", rule.leader_hint->epoch, 0);
    table.add("leader_hint", hint.in_line());
  }
  differences.time("throttle", core::Duration{rule.throttle});
  differences.boolean("mutes", rule.mutes, false);
  return table;
}

}  // namespace linger::sim
