#include "sim/scenario_rules.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/fault_words.h"
#include "sim/toml_differences.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

constexpr IntegerRange kCount{1, std::numeric_limits<std::int32_t>::max()};
constexpr IntegerRange kNumber{1, std::numeric_limits<std::int64_t>::max()};
constexpr IntegerRange kFrom0{0, std::numeric_limits<std::int32_t>::max()};

// Whether the request is served all the same.
constexpr std::string_view kAppends = "appends";
constexpr std::string_view kActs = "acts";

// What fails changes nothing, unless the rule says that it does.
template <class Rule>
bool acts_by_itself(const Rule& rule) {
  return rule.error == core::ErrorCode::None && rule.answer == ProduceRule::Answer::Sent;
}

// --- What both kinds of rules say ---

// "all", or so many.
template <class Rule>
void read_times(TableReader& table, Rule& rule) {
  const TomlNode* node = table.find("times");
  if (node == nullptr) return;
  if (node->kind == TomlNode::Kind::Text && node->text == "all") {
    rule.times = std::nullopt;
    return;
  }
  const auto times = integer_of(*node, kCount, table.mistakes());
  if (times) rule.times = static_cast<std::int32_t>(*times);
}

template <class Rule>
void read_conditions(TableReader& table, Rule& rule, Reading& reading) {
  table.read("first_request", rule.first_request, kNumber);
  if (const TomlNode* last = table.find("last_request")) {
    rule.last_request = integer_of(*last, kNumber, reading.mistakes);
  }
  if (const TomlNode* broker = table.find("broker")) rule.broker = broker_of(*broker, reading);
  table.read("from", rule.from);
  table.read("until", rule.until);
  if (const TomlNode* partition = table.find("partition")) {
    // Offsets are of another cluster's topics, maybe: those need not be here.
    constexpr bool kNamesAny = std::is_same_v<Rule, RequestRule>;
    rule.partition =
        kNamesAny ? partition_name_of(*partition, reading) : partition_of(*partition, reading);
  }
  read_times(table, rule);
}

template <class Rule>
void read_error(TableReader& table, Rule& rule) {
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

template <class Rule>
void read_answer(TableReader& table, Rule& rule) {
  const TomlNode* node = table.find("answer");
  if (node == nullptr) return;
  const auto word = text_of(*node, table.mistakes());
  const bool is_known =
      word && check_known(*node, *word, "answer", {"drop", "disconnect"}, table.mistakes());
  if (!is_known) return;
  rule.answer = *word == "drop" ? ProduceRule::Answer::Dropped : ProduceRule::Answer::Disconnect;
}

// How the request is met. `acts` is the key of whether it is served all the same.
template <class Rule>
void read_outcome(TableReader& table, Rule& rule, std::string_view key, bool& acts) {
  read_error(table, rule);
  read_answer(table, rule);
  acts = acts_by_itself(rule);
  table.read(key, acts);
  table.read("delay", rule.delay);
}

template <class Rule>
void add_conditions(TomlTable& table, const Rule& rule) {
  const Rule usual;
  Differences differences{table};
  differences.integer("first_request", rule.first_request, usual.first_request);
  differences.integer("last_request", rule.last_request);
  if (rule.broker) table.add("broker", std::to_string(rule.broker->value()));
  if (rule.from != usual.from) table.add("from", time_text(rule.from));
  differences.time("until", rule.until);
  if (rule.partition) table.add_text("partition", partition_text(*rule.partition));
  if (!rule.times) table.add_text("times", "all");
  if (rule.times && rule.times != usual.times) table.add("times", std::to_string(*rule.times));
}

template <class Rule>
void add_outcome(TomlTable& table, const Rule& rule, std::string_view key, bool acts) {
  if (rule.error != core::ErrorCode::None) table.add_text("error", core::name(rule.error));
  if (rule.answer == ProduceRule::Answer::Dropped) table.add_text("answer", "drop");
  if (rule.answer == ProduceRule::Answer::Disconnect) table.add_text("answer", "disconnect");
  Differences differences{table};
  differences.boolean(key, acts, acts_by_itself(rule));
  differences.time("delay", rule.delay);
}

// --- Of produce requests ---

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

// --- Of requests about coordination ---

void read_request(TableReader& table, RequestRule& rule) {
  const TomlNode* node = table.require("request", "\"EndTxn\"");
  if (node == nullptr) return;
  const auto name = text_of(*node, table.mistakes());
  if (!name) return;
  std::vector<std::string> names;
  for (const core::ApiKey api : kCoordinationRequests) {
    if (core::api_name(api) == *name) rule.api = api;
    names.emplace_back(core::api_name(api));
  }
  check_known(*node, *name, "request about coordination", names, table.mistakes());
}

// A condition that only requests of some kinds can meet.
void check_is_of(std::string_view key, std::vector<core::ApiKey> kinds, const RequestRule& rule,
                 TableReader& table) {
  const TomlNode* node = table.find(key);
  const bool is_known = rule.api != core::ApiKey{};
  const bool is_of_these = std::find(kinds.begin(), kinds.end(), rule.api) != kinds.end();
  if (node == nullptr || !is_known || is_of_these) return;
  std::string names;
  for (const core::ApiKey kind : kinds) {
    names += fmt::format("{}{}", names.empty() ? "" : " or ", core::api_name(kind));
  }
  table.mistakes().add(node->at,
                       fmt::format("{} tells nothing of '{}'", core::api_name(rule.api), key),
                       fmt::format("leave it out; it is about {}", names));
}

void read_what_is_asked(TableReader& table, RequestRule& rule) {
  check_is_of("partition", {core::ApiKey::AddPartitionsToTxn, core::ApiKey::TxnOffsetCommit}, rule,
              table);
  check_is_of("of", {core::ApiKey::FindCoordinator}, rule, table);
  check_is_of("committed", {core::ApiKey::EndTxn}, rule, table);
  if (const TomlNode* committed = table.find("committed")) {
    rule.committed = boolean_of(*committed, table.mistakes());
  }
  const TomlNode* of = table.find("of");
  if (of == nullptr) return;
  const auto word = text_of(*of, table.mistakes());
  constexpr auto kWords = words_of(core::CoordinatorType{});
  if (!word ||
      !check_known(*of, *word, "coordinator", {kWords.begin(), kWords.end()}, table.mistakes())) {
    return;
  }
  const bool is_group = *word == fault_word(core::CoordinatorType::Group);
  rule.key = is_group ? core::CoordinatorType::Group : core::CoordinatorType::Transaction;
}

}  // namespace

void read_produce_rules(TableReader& file, Reading& reading) {
  for (const TomlNode* node : file.tables("produce_rule")) {
    TableReader table{*node, "[[produce_rule]]", reading.mistakes};
    ProduceRule rule;
    read_conditions(table, rule, reading);
    table.read("sequence", rule.sequence, kFrom0);
    table.read("least_records", rule.least_records, kFrom0);
    table.read("least_size", rule.least_size);
    read_outcome(table, rule, kAppends, rule.appends);
    read_leader_hint(table, rule, reading);
    read_throttle(table, rule);
    table.read("mutes", rule.mutes);
    table.finish();
    reading.scenario.cluster.produce_rules.push_back(std::move(rule));
  }
}

void read_request_rules(TableReader& file, Reading& reading) {
  for (const TomlNode* node : file.tables("request_rule")) {
    TableReader table{*node, "[[request_rule]]", reading.mistakes};
    RequestRule rule;
    read_request(table, rule);
    read_conditions(table, rule, reading);
    read_what_is_asked(table, rule);
    read_outcome(table, rule, kActs, rule.acts);
    table.finish();
    reading.scenario.cluster.coordination.rules.push_back(std::move(rule));
  }
}

TomlTable rule_table(const ProduceRule& rule) {
  const ProduceRule usual;
  TomlTable table;
  add_conditions(table, rule);
  Differences differences{table};
  differences.integer("sequence", rule.sequence);
  differences.integer("least_records", rule.least_records, usual.least_records);
  differences.size("least_size", rule.least_size, usual.least_size);
  add_outcome(table, rule, kAppends, rule.appends);
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

TomlTable rule_table(const RequestRule& rule) {
  TomlTable table;
  table.add_text("request", core::api_name(rule.api));
  add_conditions(table, rule);
  if (rule.key) table.add_text("of", fault_word(*rule.key));
  if (rule.committed) table.add("committed", truth(*rule.committed));
  add_outcome(table, rule, kActs, rule.acts);
  return table;
}

}  // namespace linger::sim
