#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/scenario_sections.h"
#include "sim/scenario_topics.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

// Of a whole scenario. Each takes some 300 bytes beside its own, so this is 6 GB.
constexpr std::int64_t kMostRecords = 20'000'000;
constexpr IntegerRange kPartitions{0, std::numeric_limits<std::int32_t>::max()};
constexpr std::array<std::string_view, 12> kActions{"send",
                                                    "flush",
                                                    "sleep",
                                                    "until",
                                                    "close",
                                                    "init_transactions",
                                                    "begin_transaction",
                                                    "send_offsets",
                                                    "commit_transaction",
                                                    "abort_transaction",
                                                    "request_metadata",
                                                    "exit"};

// --- send ---

void read_size_range(const TomlNode& node, SizeRange& range, Mistakes& mistakes) {
  if (node.kind != TomlNode::Kind::Array) {
    if (const auto size = size_of(node, mistakes)) range = {*size, *size};
    return;
  }
  if (node.items.size() != 2) {
    mistakes.add(node.at, "a range has two ends", "such as value_size = [50, 200]");
    return;
  }
  const auto smallest = size_of(node.items[0], mistakes);
  const auto largest = size_of(node.items[1], mistakes);
  if (!smallest || !largest) return;
  if (*largest < *smallest) {
    mistakes.add(node.at, "the second size is below the first", "write the smaller one first");
    return;
  }
  range = {*smallest, *largest};
}

void read_partition(TableReader& table, SendAction& send, const Reading& reading) {
  table.exclude("partition", "missing_partition");
  table.read("missing_partition", send.partition, kPartitions);
  const TomlNode* node = table.find("partition");
  if (node == nullptr) return;
  table.read("partition", send.partition, kPartitions);
  const auto count = partition_count(send.topic, reading.scenario.cluster);
  if (!send.partition || !count || *send.partition < *count) return;
  table.mistakes().add(
      node->at, fmt::format("'{}' has no partition {}", send.topic, *send.partition),
      fmt::format("it has {}; write missing_partition if that is the lesson", *count));
}

void read_timestamp(TableReader& table, SendAction& send) {
  const TomlNode* node = table.find("timestamp");
  if (node == nullptr) return;
  if (node->kind == TomlNode::Kind::Text) {
    const auto clock = parse_clock(node->text);
    if (const auto* error = std::get_if<UnitError>(&clock)) {
      table.mistakes().add(node->at, error->message, error->fix);
    } else {
      send.timestamp = std::get<std::int64_t>(clock);
    }
    return;
  }
  send.timestamp =
      integer_of(*node, {0, std::numeric_limits<std::int64_t>::max()}, table.mistakes());
}

void read_headers(TableReader& table, SendAction& send) {
  const TomlNode* node = table.find("headers");
  if (node == nullptr) return;
  if (node->kind != TomlNode::Kind::Table) {
    table.mistakes().add(node->at, "'headers' is a table", "such as headers = { trace = \"7\" }");
    return;
  }
  for (const TomlEntry& entry : node->entries) {
    if (auto value = text_of(entry.node, table.mistakes())) {
      send.headers.emplace(entry.key, std::move(*value));
    }
  }
}

void read_callback(TableReader& table, SendAction& send, const ProducerSpec* producer) {
  const TomlNode* node = table.find("callback");
  if (node == nullptr) return;
  const auto name = text_of(*node, table.mistakes());
  if (!name || producer == nullptr) return;
  std::vector<std::string> names;
  for (const UserCode& callback : producer->callbacks) names.push_back(callback.name);
  if (!check_known(*node, *name, "callback", names, table.mistakes())) return;
  const auto at = std::find(names.begin(), names.end(), *name) - names.begin();
  send.callback = core::CallbackId{static_cast<std::int32_t>(at)};
}

// The line that is one too many is blamed.
void read_count(TableReader& table, SendAction& send, Reading& reading) {
  table.read("count", send.count, {1, kMostRecords});
  const bool were_too_many = reading.records > kMostRecords;
  reading.records += send.count;
  if (were_too_many || reading.records <= kMostRecords) return;
  const TomlNode* count = table.find("count");
  table.mistakes().add(count == nullptr ? table.at() : count->at,
                       fmt::format("with these the scenario sends {} records", reading.records),
                       fmt::format("{} are the most; send fewer", kMostRecords));
}

SendAction read_send(const TomlNode& topic, TableReader& table, const ProducerSpec* producer,
                     Reading& reading) {
  SendAction send;
  send.topic = topic_of(topic, reading).value_or("");
  read_count(table, send, reading);
  if (const TomlNode* first = table.find("first_number")) {
    send.first_number =
        integer_of(*first, {0, std::numeric_limits<std::int64_t>::max()}, table.mistakes());
  }
  table.read("every", send.every);
  table.read("wait", send.wait);
  table.read("key", send.key);
  table.read("keys", send.distinct_keys, {1, std::numeric_limits<std::int32_t>::max()});
  table.exclude("key", "keys");
  table.read("value", send.value);
  table.exclude("value", "value_size");
  if (const TomlNode* size = table.find("value_size")) {
    read_size_range(*size, send.value_size, table.mistakes());
  }
  read_partition(table, send, reading);
  read_headers(table, send);
  read_timestamp(table, send);
  read_callback(table, send, producer);
  return send;
}

// --- The other actions ---

// { flush = true }: to write false makes no sense.
void expect_true(const TomlNode& node, std::string_view action, Mistakes& mistakes) {
  const auto value = boolean_of(node, mistakes);
  if (value && !*value) {
    mistakes.add(node.at, fmt::format("'{} = false' does nothing", action), "leave it out");
  }
}

std::optional<CloseAction> close_of(const TomlNode& node, Mistakes& mistakes) {
  if (node.kind == TomlNode::Kind::Boolean) {
    expect_true(node, "close", mistakes);
    return CloseAction{};
  }
  const auto timeout = duration_of(node, mistakes);
  if (!timeout) return std::nullopt;
  const auto whole = std::chrono::duration_cast<core::Milliseconds>(*timeout);
  if (whole == *timeout) return CloseAction{whole};
  mistakes.add(node.at, "close() takes whole milliseconds", "such as close = \"20ms\"");
  return std::nullopt;
}

std::optional<AppAction> simple_action(std::string_view action, const TomlNode& node,
                                       Mistakes& mistakes) {
  if (action == "sleep") {
    return SleepAction{duration_of(node, mistakes).value_or(Duration{})};
  }
  if (action == "until") {
    return WaitUntilAction{Instant{duration_of(node, mistakes).value_or(Duration{})}};
  }
  if (action == "close") {
    const auto close = close_of(node, mistakes);
    if (!close) return std::nullopt;
    return *close;
  }
  expect_true(node, action, mistakes);
  if (action == "flush") return FlushAction{};
  if (action == "request_metadata") return RequestMetadataAction{};
  return ExitAction{};
}

// --- Transactions ---

std::optional<core::TransactionMethod> method_of(std::string_view action) {
  using enum core::TransactionMethod;
  if (action == "init_transactions") return InitTransactions;
  if (action == "begin_transaction") return BeginTransaction;
  if (action == "commit_transaction") return CommitTransaction;
  if (action == "abort_transaction") return AbortTransaction;
  return std::nullopt;
}

// A topic that was consumed need not be one of this cluster.
std::optional<PartitionName> consumed_partition_of(const TomlNode& name, Reading& reading) {
  const auto parsed = parse_partition_name(name.text);
  const auto* partition = std::get_if<PartitionName>(&parsed);
  const auto& topics = reading.topics;
  const bool is_missing_on_purpose =
      partition != nullptr && !partition_count(partition->topic, reading.scenario.cluster) &&
      std::find(topics.begin(), topics.end(), partition->topic) != topics.end();
  if (is_missing_on_purpose) return *partition;
  return partition_of(name, reading);
}

// { "clicks-0" = 100 }: of each partition the offset to go on from.
void read_offsets(const TomlNode& node, SendOffsetsAction& action, Reading& reading) {
  if (node.kind != TomlNode::Kind::Table) {
    reading.mistakes.add(node.at, "'offsets' is a table of partitions and their offsets",
                         "such as offsets = { \"clicks-0\" = 100 }");
    return;
  }
  for (const TomlEntry& entry : node.entries) {
    TomlNode name;
    name.kind = TomlNode::Kind::Text;
    name.text = entry.key;
    name.at = entry.at;
    const auto partition = consumed_partition_of(name, reading);
    const auto offset =
        integer_of(entry.node, {0, std::numeric_limits<std::int64_t>::max()}, reading.mistakes);
    if (!partition || !offset) continue;
    action.offsets.push_back({partition->topic, partition->partition, *offset});
  }
}

SendOffsetsAction read_send_offsets(const TomlNode& group, TableReader& table, Reading& reading) {
  SendOffsetsAction action;
  action.group.group_id = text_of(group, reading.mistakes).value_or("");
  if (const TomlNode* offsets = table.find("offsets")) read_offsets(*offsets, action, reading);
  table.read("generation", action.group.generation_id, {0});
  table.read("member", action.group.member_id);
  table.read("instance", action.group.group_instance_id);
  table.read("wait", action.waits);
  return action;
}

TransactionAction read_transaction(std::string_view action, core::TransactionMethod method,
                                   TableReader& table) {
  TransactionAction transaction{method, true};
  expect_true(*table.find(action), action, table.mistakes());
  table.read("wait", transaction.waits);
  return transaction;
}

// The one key of the table that says what to do.
std::optional<std::string_view> action_in(const TomlNode& node, TableReader& table) {
  std::vector<std::string_view> found;
  for (const std::string_view action : kActions) {
    if (table.find(action) != nullptr) found.push_back(action);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    table.mistakes().add(node.at, "this action does nothing",
                         fmt::format("one of: {}", fmt::join(kActions, ", ")));
  } else {
    table.mistakes().add(node.at, fmt::format("'{}' and '{}' are two actions", found[0], found[1]),
                         "give each braces of its own");
  }
  return std::nullopt;
}

void read_action(const TomlNode& node, const ProducerSpec* producer,
                 std::vector<AppAction>& program, Reading& reading) {
  if (node.kind != TomlNode::Kind::Table) {
    reading.mistakes.add(node.at, fmt::format("this is {}, not an action", kind_text(node.kind)),
                         "such as { send = \"orders\" }");
    return;
  }
  TableReader table{node, "an action", reading.mistakes};
  const auto action = action_in(node, table);
  if (!action) return;
  std::optional<Instant> at;
  table.read("at", at);
  if (at) program.emplace_back(WaitUntilAction{*at});
  if (*action == "send") {
    program.emplace_back(read_send(*table.find("send"), table, producer, reading));
  } else if (*action == "send_offsets") {
    program.emplace_back(read_send_offsets(*table.find("send_offsets"), table, reading));
  } else if (const auto method = method_of(*action)) {
    program.emplace_back(read_transaction(*action, *method, table));
  } else if (auto simple = simple_action(*action, *table.find(*action), reading.mistakes)) {
    if (auto* wait = std::get_if<WaitUntilAction>(&*simple)) {
      table.read("turn", wait->turn, {0, std::numeric_limits<std::int32_t>::max()});
    }
    program.push_back(std::move(*simple));
  }
  table.finish();
}

// --- Threads ---

// Which producer a thread uses: the only one, if it does not say.
std::optional<std::size_t> producer_of(TableReader& table, Reading& reading) {
  const std::vector<std::string> names = producer_names(reading.scenario);
  const TomlNode* node = table.find("producer");
  if (node == nullptr) {
    if (names.size() == 1) return 0;
    reading.mistakes.add(table.at(), "this thread does not say which producer it uses",
                         fmt::format("producer = one of: {}", fmt::join(names, ", ")));
    return std::nullopt;
  }
  const auto name = text_of(*node, reading.mistakes);
  if (!name || !check_known(*node, *name, "producer", names, reading.mistakes)) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), *name) - names.begin());
}

void read_thread(const TomlNode& node, Reading& reading) {
  AppThreadSpec thread;
  TableReader table{node, "[[thread]]", reading.mistakes};
  table.read("name", thread.name);
  const std::vector<std::string> names = thread_names(reading.scenario);
  if (std::find(names.begin(), names.end(), thread.name) != names.end()) {
    reading.mistakes.add(node.at, fmt::format("there are two threads '{}'", thread.name),
                         "give each a name of its own");
  }
  const auto producer = producer_of(table, reading);
  thread.producer = producer.value_or(0);
  table.read("on_interrupt", thread.on_interrupt);
  const TomlNode* run = table.require("run", "[ { send = \"orders\" } ]");
  const ProducerSpec* spec = producer ? &reading.scenario.producers[*producer] : nullptr;
  if (run != nullptr && run->kind == TomlNode::Kind::Array) {
    for (const TomlNode& action : run->items) read_action(action, spec, thread.program, reading);
  } else if (run != nullptr) {
    reading.mistakes.add(run->at, "'run' is a list of actions",
                         "such as run = [ { send = \"orders\" } ]");
  }
  table.finish();
  reading.scenario.threads.push_back(std::move(thread));
}

}  // namespace

void read_threads(TableReader& file, Reading& reading) {
  for (const TomlNode* thread : file.tables("thread")) read_thread(*thread, reading);
  if (file.find("thread") != nullptr) return;
  reading.mistakes.add(file.at(), "a scenario needs a [[thread]]: nobody would send anything",
                       "such as [[thread]] and run = [ { send = \"orders\" } ]");
}

std::vector<std::string> thread_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const AppThreadSpec& thread : scenario.threads) names.push_back(thread.name);
  return names;
}

}  // namespace linger::sim
