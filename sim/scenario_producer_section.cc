#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/client_error.h"
#include "sim/event_text.h"
#include "sim/java_random.h"
#include "sim/nearest.h"
#include "sim/scenario_sections.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

constexpr IntegerRange kFrom1{1, std::numeric_limits<std::int32_t>::max()};
constexpr IntegerRange kAny{std::numeric_limits<std::int32_t>::min(),
                            std::numeric_limits<std::int32_t>::max()};

// --- Settings ---

std::optional<std::string> setting_text(const TomlNode& node) {
  switch (node.kind) {
    case TomlNode::Kind::Text:
    case TomlNode::Kind::Other:
      return node.text;
    case TomlNode::Kind::Integer:
      return fmt::format("{}", node.integer);
    case TomlNode::Kind::Boolean:
      return node.boolean ? "true" : "false";
    case TomlNode::Kind::Array: {
      std::string list;
      for (const TomlNode& item : node.items) {
        const auto text = setting_text(item);
        if (!text || item.kind == TomlNode::Kind::Array) return std::nullopt;
        list += (list.empty() ? "" : ",") + *text;
      }
      return list;
    }
    case TomlNode::Kind::Table:
      break;
  }
  return std::nullopt;
}

// Kafka has keys that begin with "interceptor." and "partitioner.", too: interceptor.classes and,
// of the latter, these.
bool is_kafkas_partitioner(const TomlNode& node) {
  const auto is_kafkas = [](const TomlEntry& entry) {
    return entry.key == "class" || entry.key == "ignore" || entry.key == "adaptive" ||
           entry.key == "availability";
  };
  return node.kind == TomlNode::Kind::Table &&
         std::any_of(node.entries.begin(), node.entries.end(), is_kafkas);
}

// Is it a key of ours, not a setting?
bool is_ours(const TomlEntry& entry) {
  if (entry.key == "interceptor") return entry.node.kind == TomlNode::Kind::Array;
  if (entry.key == "partitioner") return !is_kafkas_partitioner(entry.node);
  return entry.key == "name" || entry.key == "key_serializer" || entry.key == "value_serializer" ||
         entry.key == "callback" || entry.key == "compression_ratio" ||
         entry.key == "heap" ||
         entry.key == "cross_checks" || entry.key == "pinned";
}

// Kafka's keys: everything in the table but what is ours.
SettingPlaces read_settings(const TomlNode& table, ProducerSpec& producer, Mistakes& mistakes) {
  TomlNode settings;
  settings.at = table.at;
  for (const TomlEntry& entry : table.entries) {
    if (!is_ours(entry)) settings.entries.push_back(entry);
  }
  SettingPlaces places;
  for (const TomlEntry& entry : flattened(settings).entries) {
    const auto text = setting_text(entry.node);
    if (!text) {
      mistakes.add(entry.node.at,
                   fmt::format("'{}' is set to {}", entry.key, kind_text(entry.node.kind)),
                   "a setting is a number, a text, or true or false");
      continue;
    }
    const bool is_new = producer.settings.emplace(entry.key, *text).second;
    if (!is_new) {
      mistakes.add(entry.at, fmt::format("'{}' is set twice", entry.key), "leave one of them out");
    }
    places.emplace_back(entry.key, entry.at);
  }
  return places;
}

void note(const core::ConfigError& error, const SettingPlaces& places, Position otherwise,
          Reading& reading) {
  Position at = otherwise;
  for (const SettingPlaces* known : {&places, &std::as_const(reading.rules)}) {
    for (const auto& [key, place] : *known) {
      if (key == error.key) at = place;
    }
  }
  core::ConfigError without_fix = error;
  without_fix.fix.clear();
  reading.mistakes.add(at, core::text(without_fix), error.fix);
}

void resolve(const SettingPlaces& places, Position at, ProducerSpec& producer, Reading& reading,
             core::CrossChecks checks = core::CrossChecks::Made) {
  const Scenario& scenario = reading.scenario;
  auto resolved = core::resolve(producer.settings, scenario.era, scenario.rules, checks);
  if (const auto* errors = std::get_if<std::vector<core::ConfigError>>(&resolved)) {
    for (const core::ConfigError& error : *errors) note(error, places, at, reading);
    return;
  }
  producer.config = std::move(std::get<core::ResolvedConfig>(resolved));
  for (const core::ConfigError& error : core::unsupported_settings(producer.config)) {
    note(error, places, at, reading);
  }
}

// --- User code ---

// A class that Java's or Kafka's client has, or an Error, which is no Exception.
void check_throwable(const TomlNode& node, Mistakes& mistakes) {
  if (node.kind != TomlNode::Kind::Text) return;
  if (node.text.ends_with("Error") || core::find_exception(node.text)) return;
  const auto meant = nearest(node.text, words_of<core::Exception>());
  mistakes.add(node.at, fmt::format("'{}' is no exception that the client knows", node.text),
               meant ? fmt::format("did you mean '{}'?", *meant)
                     : "such as RuntimeException, TimeoutException or Error");
}

UserCode read_code(TableReader& table) {
  UserCode code;
  table.read("takes", code.takes);
  table.read("throws", code.throws);
  if (const TomlNode* throws = table.find("throws")) check_throwable(*throws, table.mistakes());
  table.read("only_call", code.only_call, kFrom1);
  return code;
}

void read_topic(TableReader& table, std::string_view key, std::optional<std::string>& topic,
                Reading& reading) {
  if (const TomlNode* node = table.find(key)) topic = topic_of(*node, reading);
}

// The table under `key`, read by `read`; nullopt if it is not there.
template <class Read>
std::optional<UserCode> code_under(TableReader& parent, std::string_view key, std::string name,
                                   Mistakes& mistakes, Read read) {
  const TomlNode* node = parent.find(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != TomlNode::Kind::Table) {
    mistakes.add(node->at, fmt::format("'{}' is a table", key),
                 fmt::format("such as {} = {{ takes = \"1ms\" }}", key));
    return std::nullopt;
  }
  TableReader table{*node, std::move(name), mistakes};
  UserCode code = read_code(table);
  read(table, code);
  table.finish();
  return code;
}

InterceptorSpec read_interceptor(const TomlNode& node, Reading& reading) {
  InterceptorSpec interceptor;
  TableReader table{node, "[[producer.interceptor]]", reading.mistakes};
  table.read("name", interceptor.name);
  const auto on_send = [&](TableReader& inner, UserCode& code) {
    inner.read("value", code.value);
    read_topic(inner, "topic", code.topic, reading);
  };
  interceptor.on_send =
      code_under(table, "on_send", "on_send", reading.mistakes, on_send).value_or(UserCode{});
  interceptor.on_acknowledgement = code_under(table, "on_acknowledgement", "on_acknowledgement",
                                              reading.mistakes, [](TableReader&, UserCode&) {})
                                       .value_or(UserCode{});
  table.finish();
  return interceptor;
}

void read_callback(const TomlNode& node, ProducerSpec& producer, Reading& reading) {
  TableReader table{node, "[[producer.callback]]", reading.mistakes};
  UserCode callback = read_code(table);
  if (const TomlNode* name = table.require("name", "\"slow\"")) {
    callback.name = text_of(*name, reading.mistakes).value_or("");
    const auto has_its_name = [&](const UserCode& other) { return other.name == callback.name; };
    if (std::any_of(producer.callbacks.begin(), producer.callbacks.end(), has_its_name)) {
      reading.mistakes.add(name->at, fmt::format("there are two callbacks '{}'", callback.name),
                           "a send calls a callback by its name");
    }
  }
  read_topic(table, "sends_to", callback.sends_to, reading);
  table.finish();
  producer.callbacks.push_back(std::move(callback));
}

void read_compression_ratio(TableReader& table, ProducerSpec& producer, Mistakes& mistakes) {
  const TomlNode* node = table.find("compression_ratio");
  if (node == nullptr) return;
  producer.compression_ratio = parse_ratio(setting_text(*node).value_or(""));
  if (!producer.compression_ratio || producer.compression_ratio->numerator == 0) {
    mistakes.add(node->at, "compression_ratio is compressed bytes over uncompressed ones",
                 "a number above 0, such as 0.2, of at most six places");
  }
}

// A list of numbers, or what java.util.Random draws: { java_random = 0, count = 100, skip = 1 }.
void read_draws(const TomlNode& node, std::vector<std::int32_t>& draws, Mistakes& mistakes) {
  constexpr std::int64_t kMost = 100'000;
  if (node.kind == TomlNode::Kind::Table) {
    TableReader table{node, "java_random", mistakes};
    std::int64_t seed = 0;
    std::int64_t count = 1;
    std::int64_t skip = 0;
    table.require("java_random", "0");
    table.read("java_random", seed, {0, std::numeric_limits<std::int64_t>::max()});
    table.read("count", count, {1, kMost});
    table.read("skip", skip, {0, count});
    table.finish();
    draws = draws_of({.seed = static_cast<std::uint64_t>(seed),
                      .count = static_cast<std::size_t>(count),
                      .skip = static_cast<std::size_t>(skip)});
    return;
  }
  if (node.kind != TomlNode::Kind::Array) {
    mistakes.add(node.at, "pinned draws are a list of numbers", "such as [3, 0, 7]");
    return;
  }
  for (const TomlNode& item : node.items) {
    const auto number = integer_of(item, {0, std::numeric_limits<std::int32_t>::max()}, mistakes);
    if (number) draws.push_back(static_cast<std::int32_t>(*number));
  }
}

void read_pinned(TableReader& table, ProducerSpec& producer, Mistakes& mistakes) {
  const TomlNode* node = table.find("pinned");
  if (node == nullptr) return;
  if (node->kind != TomlNode::Kind::Table) {
    mistakes.add(node->at, "'pinned' is a table", "such as pinned = { partitions = [3, 0, 7] }");
    return;
  }
  TableReader pinned{*node, "[producer.pinned]", mistakes};
  if (const TomlNode* partitions = pinned.find("partitions")) {
    read_draws(*partitions, producer.pinned.partitions, mistakes);
  }
  if (const TomlNode* nodes = pinned.find("nodes")) {
    read_draws(*nodes, producer.pinned.nodes, mistakes);
  }
  if (const TomlNode* order = pinned.find("node_order")) {
    read_draws(*order, producer.pinned.node_order, mistakes);
  }
  pinned.finish();
}

void read_all_code(TableReader& table, ProducerSpec& producer, Reading& reading) {
  for (const TomlNode* interceptor : table.tables("interceptor")) {
    producer.interceptors.push_back(read_interceptor(*interceptor, reading));
  }
  const auto value = [](TableReader& inner, UserCode& code) { inner.read("value", code.value); };
  producer.key_serializer =
      code_under(table, "key_serializer", "[producer.key_serializer]", reading.mistakes, value);
  producer.value_serializer =
      code_under(table, "value_serializer", "[producer.value_serializer]", reading.mistakes, value);
  producer.partitioner = code_under(
      table, "partitioner", "[producer.partitioner]", reading.mistakes,
      [](TableReader& inner, UserCode& code) { inner.read("partition", code.partition, kAny); });
  for (const TomlNode* callback : table.tables("callback")) {
    read_callback(*callback, producer, reading);
  }
}

void read_producer(const TomlNode& node, Reading& reading) {
  ProducerSpec producer;
  TableReader table{node, "[producer]", reading.mistakes};
  table.read("name", producer.name);
  for (const ProducerSpec& other : reading.scenario.producers) {
    if (other.name != producer.name) continue;
    reading.mistakes.add(node.at, fmt::format("there are two producers '{}'", producer.name),
                         "give each a name of its own");
  }
  const SettingPlaces places = read_settings(node, producer, reading.mistakes);
  bool cross_checks = true;
  table.read("cross_checks", cross_checks);
  resolve(places, node.at, producer, reading,
          cross_checks ? core::CrossChecks::Made : core::CrossChecks::Skipped);
  TomlNode ours;
  ours.at = node.at;
  for (const TomlEntry& entry : node.entries) {
    if (is_ours(entry)) ours.entries.push_back(entry);
  }
  TableReader code{ours, "[producer]", reading.mistakes};
  read_compression_ratio(code, producer, reading.mistakes);
  if (const TomlNode* heap = code.find("heap")) producer.heap = size_of(*heap, reading.mistakes);
  read_pinned(code, producer, reading.mistakes);
  read_all_code(code, producer, reading);
  reading.scenario.producers.push_back(std::move(producer));
}

}  // namespace

void read_producers(TableReader& file, Reading& reading) {
  for (const TomlNode* producer : file.tables("producer")) read_producer(*producer, reading);
  if (file.find("producer") != nullptr) return;
  ProducerSpec producer;
  resolve({}, file.at(), producer, reading);
  reading.scenario.producers.push_back(std::move(producer));
}

std::vector<std::string> producer_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const ProducerSpec& producer : scenario.producers) names.push_back(producer.name);
  return names;
}

}  // namespace linger::sim
