#include "sim/scenario_writer.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/fault_toml.h"
#include "sim/java_random.h"
#include "sim/lesson_writer.h"
#include "sim/recording.h"
#include "sim/scenario_coordination_section.h"
#include "sim/scenario_order_section.h"
#include "sim/scenario_replication_section.h"
#include "sim/scenario_rules.h"
#include "sim/scenario_topic_section.h"
#include "sim/scenario_topics.h"
#include "sim/toml_differences.h"
#include "sim/toml_text.h"
#include "sim/units.h"
#include "sim/version_caps.h"

namespace linger::sim {

namespace {

// A list that is what java.util.Random draws is told by that, unless it is short.
std::string draws_value(const std::vector<std::int32_t>& draws) {
  constexpr std::size_t kShort = 32;
  if (draws.size() > kShort) {
    if (const auto series = java_series_of(draws)) {
      TomlTable table;
      table.add("java_random", fmt::format("{}", series->seed));
      table.add("count", fmt::format("{}", series->count));
      Differences{table}.integer("skip", static_cast<std::int64_t>(series->skip), 0);
      return table.in_line();
    }
  }
  return fmt::format("[{}]", fmt::join(draws, ", "));
}

class ScenarioWriter {
 public:
  explicit ScenarioWriter(const Scenario& scenario) : scenario_{scenario} {}

  std::string run() {
    add_run();
    add_lesson();
    add_cluster();
    add_network();
    for (const ProducerSpec& producer : scenario_.producers) add_producer(producer);
    for (const AppThreadSpec& thread : scenario_.threads) add_thread(thread);
    for (const ScheduledFault& fault : scenario_.faults) add_fault(fault);
    for (const RandomFaults& random : scenario_.random_faults) add_random_faults(random);
    text_ += order_section(scenario_);
    for (const Narration& narration : scenario_.narration) add_narration(narration);
    for (const Question& question : scenario_.questions) add("[[ask]]", question_table(question));
    for (const WhatIf& what_if : scenario_.what_ifs) add_what_if(what_if);
    for (const Expectation& expectation : scenario_.expectations) add_expectation(expectation);
    if (scenario_.live) text_ += "\n" + live_section(*scenario_.live);
    return std::move(text_);
  }

 private:
  void add(std::string_view header, const TomlTable& table) {
    if (!text_.empty()) text_ += '\n';
    text_ += fmt::format("{}\n{}", header, table.lines());
  }
  void add_if_filled(std::string_view header, const TomlTable& table) {
    if (!table.empty()) add(header, table);
  }

  // --- The run as a whole ---

  void add_run() {
    const Scenario usual;
    TomlTable table;
    Differences differences{table};
    table.add_text("era", preset_of(scenario_).name);
    if (const TomlTable rules = flips(); !rules.empty()) table.add("rules", rules.in_line());
    table.add("seed", seed());
    if (scenario_.end) table.add("end", time_text(*scenario_.end));
    differences.time("tail", scenario_.tail, usual.tail);
    differences.time("limit", scenario_.limit.time_since_epoch(), usual.limit.time_since_epoch());
    if (scenario_.epoch_ms != usual.epoch_ms) {
      table.add_text("clock", clock_text(scenario_.epoch_ms));
    }
    differences.boolean("backoff_jitter", scenario_.jitter, usual.jitter);
    differences.boolean("warm", scenario_.warm, usual.warm);
    differences.boolean("warm_metadata", scenario_.warm_metadata, usual.warm_metadata);
    differences.time("metadata_age", scenario_.metadata_age, usual.metadata_age);
    differences.boolean("handshake", scenario_.handshake, usual.handshake);
    differences.boolean("one_receive_per_poll", scenario_.one_receive_per_poll,
                        usual.one_receive_per_poll);
    differences.boolean("wakes_after_poll", scenario_.wakes_after_poll, usual.wakes_after_poll);
    text_ = table.lines();
  }

  TomlTable flips() const {
    TomlTable table;
    const core::RuleSet usual = preset_of(scenario_).rules;
    for (const core::RuleInfo& info : core::rule_table()) {
      const bool is_on = scenario_.rules.has(info.rule);
      if (is_on != usual.has(info.rule)) table.add(toml_quoted(info.name), truth(is_on));
    }
    return table;
  }

  // TOML's integers end at 2^63.
  std::string seed() const {
    const std::string text = fmt::format("{}", scenario_.seed);
    return scenario_.seed >> 63 == 0 ? text : toml_quoted(text);
  }

  void add_lesson() {
    TomlTable table;
    Differences differences{table};
    differences.text("title", scenario_.lesson.title);
    differences.text("text", scenario_.lesson.text);
    differences.text("topic", scenario_.lesson.topic);
    differences.integer("order", scenario_.lesson.order, 0);
    add_if_filled("[lesson]", table);
  }

  // --- Cluster and network ---

  void add_cluster() {
    const ClusterSpec& cluster = scenario_.cluster;
    const ClusterSpec usual;
    TomlTable table;
    Differences differences{table};
    differences.integer("brokers", cluster.brokers, usual.brokers);
    differences.time("service_time", cluster.service_time);
    differences.time("replication_time", cluster.replication_time);
    differences.size("message.max.bytes", cluster.message_max_bytes,
                     usual_message_max_bytes(scenario_.rules));
    differences.boolean("auto.create.topics.enable", cluster.auto_create_topics, false);
    differences.integer("num.partitions", cluster.default_partitions, usual.default_partitions);
    add_answers(table, cluster);
    add_producer_ids(table, cluster);
    if (const std::string missing = missing_topics(); !missing.empty()) {
      table.add("missing_topics", missing);
    }
    add_coordination(table, cluster.coordination, scenario_.rules);
    add_replication(table, cluster.replication, scenario_.era);
    const TomlTable caps = version_caps_table(cluster.max_versions);
    if (!caps.empty()) table.add("max_versions", caps.in_line());
    add_if_filled("[cluster]", table);
    for (const TopicSpec& topic : cluster.topics) {
      add("[[topic]]", topic_table(topic, cluster));
    }
    for (const ProduceRule& rule : cluster.produce_rules) {
      add("[[produce_rule]]", rule_table(rule));
    }
    for (const RequestRule& rule : cluster.coordination.rules) {
      add("[[request_rule]]", rule_table(rule));
    }
  }

  static void add_answers(TomlTable& table, const ClusterSpec& cluster) {
    Differences differences{table};
    if (cluster.unknown_producer == UnknownProducer::Zero) {
      table.add_text("unknown_producer", "zero");
    }
    if (cluster.unknown_producer == UnknownProducer::ZeroInOrder) {
      table.add_text("unknown_producer", "zero in order");
    }
    differences.time("answer_delay", cluster.answer_delay);
    differences.time("produce_answer_delay", cluster.produce_answer_delay);
    differences.boolean("closes_on_unacknowledged_error", cluster.closes_on_unacknowledged_error,
                        true);
    differences.boolean("tells_new_leader", cluster.tells_new_leader, true);
  }

  void add_producer_ids(TomlTable& table, const ClusterSpec& cluster) const {
    Differences differences{table};
    differences.milliseconds(kProducerIdExpiration, cluster.producer_id_expiration,
                             usual_producer_id_expiration(scenario_.era));
    differences.milliseconds(kProducerIdExpiryCheck, cluster.producer_id_expiry_check,
                             ClusterSpec{}.producer_id_expiry_check);
    differences.boolean("quota_holds_answers", cluster.quota_holds_answers,
                        usually_holds_answers(scenario_.rules));
  }

  std::string missing_topics() const {
    std::vector<std::string> missing;
    for (std::size_t i = 0; i < scenario_.topics.size(); ++i) {
      const std::string& name =
          scenario_.topics.name(core::TopicId{static_cast<core::TopicId::rep>(i)});
      if (!partition_count(name, scenario_.cluster)) missing.push_back(toml_quoted(name));
    }
    return missing.empty() ? "" : fmt::format("[{}]", fmt::join(missing, ", "));
  }

  void add_network() {
    add_if_filled("[network]", link_table(scenario_.network.link, LinkSpec{}));
    for (const auto& [broker, link] : scenario_.network.by_broker) {
      add(fmt::format("[network.broker.{}]", broker.value()),
          link_table(link, scenario_.network.link));
    }
  }

  static TomlTable link_table(const LinkSpec& link, const LinkSpec& usual) {
    TomlTable table;
    Differences differences{table};
    differences.time("latency", link.latency, usual.latency);
    differences.time("jitter", link.jitter, usual.jitter);
    if (link.bandwidth != usual.bandwidth) {
      table.add_text("bandwidth", link.bandwidth ? size_text(*link.bandwidth) + "/s" : "unlimited");
    }
    differences.size("segment", link.segment, usual.segment);
    differences.time("connect", link.connect, usual.connect);
    return table;
  }

  // --- Producers ---

  void add_producer(const ProducerSpec& producer) {
    const bool is_only_one = scenario_.producers.size() == 1;
    TomlTable table;
    Differences{table}.text("name", producer.name, is_only_one ? "producer" : "");
    for (const auto& [key, value] : producer.settings) {
      table.add(setting_key(key, producer), setting_value(value));
    }
    if (producer.compression_ratio) {
      table.add("compression_ratio", ratio_text(*producer.compression_ratio));
    }
    if (producer.heap) table.add("heap", size_value(*producer.heap));
    if (contradicts_itself(producer)) table.add("cross_checks", "false");
    if (is_only_one) {
      add_if_filled("[producer]", table);
    } else {
      add("[[producer]]", table);
    }
    add_code(producer);
  }

  bool contradicts_itself(const ProducerSpec& producer) const {
    const auto resolved = core::resolve(producer.settings, scenario_.era, scenario_.rules);
    return !std::holds_alternative<core::ResolvedConfig>(resolved);
  }

  static TomlTable pinned_table(const core::PinnedDraws& pinned) {
    TomlTable table;
    if (!pinned.partitions.empty()) table.add("partitions", draws_value(pinned.partitions));
    if (!pinned.nodes.empty()) table.add("nodes", draws_value(pinned.nodes));
    if (!pinned.node_order.empty()) table.add("node_order", draws_value(pinned.node_order));
    return table;
  }

  // linger.ms stands bare, as a dotted key. Quotes keep "ssl.a" apart from "ssl.a.b", and
  // "partitioner.class" from a partitioner of the scenario's own.
  static std::string setting_key(const std::string& key, const ProducerSpec& producer) {
    const core::GivenSettings& settings = producer.settings;
    const bool overlaps_code = (producer.partitioner && key.starts_with("partitioner.")) ||
                               (!producer.interceptors.empty() && key.starts_with("interceptor."));
    const auto overlaps = [&](const auto& other) {
      return other.first.starts_with(key + ".") || key.starts_with(other.first + ".");
    };
    const bool is_plain = key.find("..") == std::string::npos && !key.starts_with('.') &&
                          !key.ends_with('.') && std::all_of(key.begin(), key.end(), [](char c) {
                            return c == '.' || toml_key(std::string_view{&c, 1}).front() != '"';
                          });
    const bool stands_bare =
        is_plain && !overlaps_code && std::none_of(settings.begin(), settings.end(), overlaps);
    return stands_bare ? key : toml_quoted(key);
  }

  static std::string setting_value(const std::string& value) {
    if (value == "true" || value == "false") return value;
    const bool is_integer = !value.empty() && value.size() < 19 &&
                            value.find_first_not_of("0123456789") == std::string::npos &&
                            (value.front() != '0' || value.size() == 1);
    return is_integer || value == "-1" ? value : toml_quoted(value);
  }

  static TomlTable code_table(const UserCode& code) {
    TomlTable table;
    Differences differences{table};
    differences.text("name", code.name);
    differences.time("takes", code.takes);
    differences.text("throws", code.throws);
    differences.integer("only_call", code.only_call);
    differences.text("topic", code.topic);
    differences.text("value", code.value);
    differences.text("sends_to", code.sends_to);
    differences.integer("partition", code.partition);
    return table;
  }

  void add_code(const ProducerSpec& producer) {
    for (const InterceptorSpec& interceptor : producer.interceptors) {
      TomlTable table;
      Differences{table}.text("name", interceptor.name);
      const TomlTable on_send = code_table(interceptor.on_send);
      const TomlTable on_acknowledgement = code_table(interceptor.on_acknowledgement);
      if (!on_send.empty()) table.add("on_send", on_send.in_line());
      if (!on_acknowledgement.empty()) {
        table.add("on_acknowledgement", on_acknowledgement.in_line());
      }
      add("[[producer.interceptor]]", table);
    }
    add_optional_code("[producer.key_serializer]", producer.key_serializer);
    add_optional_code("[producer.value_serializer]", producer.value_serializer);
    add_optional_code("[producer.partitioner]", producer.partitioner);
    add_if_filled("[producer.pinned]", pinned_table(producer.pinned));
    for (const UserCode& callback : producer.callbacks) {
      add("[[producer.callback]]", code_table(callback));
    }
  }
  void add_optional_code(std::string_view header, const std::optional<UserCode>& code) {
    if (code) add(header, code_table(*code));
  }

  // --- Threads ---

  void add_thread(const AppThreadSpec& thread) {
    TomlTable table;
    const ProducerSpec& producer = scenario_.producers[thread.producer];
    table.add_text("name", thread.name);
    if (scenario_.producers.size() > 1) table.add_text("producer", producer.name);
    if (thread.on_interrupt) table.add("on_interrupt", "true");
    std::string run = "[";
    for (const AppAction& action : thread.program) {
      const TomlTable written =
          std::visit([&](const auto& what) { return action_table(what, producer); }, action);
      run += fmt::format("\n  {},", written.in_line());
    }
    table.add("run", run + (thread.program.empty() ? "]" : "\n]"));
    add("[[thread]]", table);
  }

  TomlTable action_table(const SendAction& send, const ProducerSpec& producer) const {
    TomlTable table;
    Differences differences{table};
    table.add_text("send", send.topic);
    differences.integer("count", send.count, 1);
    differences.integer("first_number", send.first_number);
    differences.time("every", send.every);
    differences.text("key", send.key);
    differences.integer("keys", send.distinct_keys, 0);
    differences.text("value", send.value);
    if (!(send.value_size == SizeRange{})) table.add("value_size", size_range(send.value_size));
    if (send.partition) {
      table.add(is_missing(send) ? "missing_partition" : "partition",
                fmt::format("{}", *send.partition));
    }
    if (const TomlTable headers = header_table(send); !headers.empty()) {
      table.add("headers", headers.in_line());
    }
    if (send.timestamp) table.add("timestamp", fmt::format("{}", *send.timestamp));
    differences.boolean("wait", send.wait, false);
    if (send.callback) {
      const auto index = static_cast<std::size_t>(send.callback->value());
      table.add_text("callback", producer.callbacks[index].name);
    }
    return table;
  }

  static std::string size_range(const SizeRange& range) {
    if (range.smallest == range.largest) return size_value(range.smallest);
    return fmt::format("[{}, {}]", size_value(range.smallest), size_value(range.largest));
  }

  static TomlTable header_table(const SendAction& send) {
    TomlTable table;
    for (const auto& [key, value] : send.headers) table.add_text(toml_key(key), value);
    return table;
  }

  bool is_missing(const SendAction& send) const {
    const auto count = partition_count(send.topic, scenario_.cluster);
    return *send.partition < 0 || (count && *send.partition >= *count);
  }

  static TomlTable one(std::string_view key, std::string value) {
    TomlTable table;
    table.add(key, std::move(value));
    return table;
  }
  static TomlTable action_table(const FlushAction&, const ProducerSpec&) {
    return one("flush", "true");
  }
  static TomlTable action_table(const CloseAction& close, const ProducerSpec&) {
    return one("close", close.timeout ? time_text(*close.timeout) : "true");
  }
  static TomlTable action_table(const SleepAction& sleep, const ProducerSpec&) {
    return one("sleep", time_text(sleep.duration));
  }
  static TomlTable action_table(const WaitUntilAction& wait, const ProducerSpec&) {
    TomlTable table = one("until", time_text(wait.at));
    Differences{table}.integer("turn", wait.turn, 0);
    return table;
  }
  static TomlTable action_table(const RequestMetadataAction&, const ProducerSpec&) {
    return one("request_metadata", "true");
  }
  static TomlTable action_table(const TransactionAction& action, const ProducerSpec&) {
    constexpr std::string_view kKeys[] = {"init_transactions", "begin_transaction", "send_offsets",
                                          "commit_transaction", "abort_transaction"};
    TomlTable table = one(kKeys[static_cast<std::size_t>(action.method)], "true");
    Differences{table}.boolean("wait", action.waits, true);
    return table;
  }
  static TomlTable action_table(const SendOffsetsAction& action, const ProducerSpec&) {
    TomlTable table;
    Differences differences{table};
    table.add_text("send_offsets", action.group.group_id);
    TomlTable offsets;
    for (const SendOffsetsAction::Offset& offset : action.offsets) {
      const PartitionName partition{offset.topic, offset.partition};
      offsets.add(toml_key(partition_text(partition)), fmt::format("{}", offset.offset));
    }
    if (!offsets.empty()) table.add("offsets", offsets.in_line());
    differences.integer("generation", action.group.generation_id, -1);
    differences.text("member", action.group.member_id, "");
    differences.text("instance", action.group.group_instance_id);
    differences.boolean("wait", action.waits, true);
    return table;
  }
  static TomlTable action_table(const ExitAction&, const ProducerSpec&) {
    return one("exit", "true");
  }

  // --- The lesson ---

  void add_fault(const ScheduledFault& scheduled) {
    TomlTable table = moment_table(scheduled.moment);
    const FaultToml written = fault_toml(scheduled.fault);
    table.add(written.key, written.value);
    add("[[fault]]", table);
  }

  void add_random_faults(const RandomFaults& random) {
    TomlTable table;
    table.add_text("rate",
                   fmt::format("{}/{}", random.count, duration_text(random.within).substr(1)));
    if (random.from != Instant{}) table.add("from", time_text(random.from));
    table.add("until", time_text(random.until));
    std::vector<std::string> choices;
    for (const Fault& fault : random.of) {
      const FaultToml written = fault_toml(fault);
      choices.push_back(fmt::format("{{ {} = {} }}", written.key, written.value));
    }
    table.add("of", fmt::format("[{}]", fmt::join(choices, ", ")));
    add("[[random_fault]]", table);
  }

  void add_narration(const Narration& narration) {
    TomlTable table = moment_table(narration.moment);
    table.add_text("text", narration.text);
    add("[[say]]", table);
  }

  void add_what_if(const WhatIf& what_if) {
    TomlTable table = what_if_table(what_if);
    if (what_if.fault) {
      const FaultToml written = fault_toml(*what_if.fault);
      table.add(written.key, written.value);
    }
    add("[[what_if]]", table);
  }

  void add_expectation(const Expectation& expectation) {
    TomlTable table = one("that", toml_quoted(expectation.query.text()));
    Differences{table}.text("because", expectation.because);
    add("[[expect]]", table);
  }

  const Scenario& scenario_;
  std::string text_;
};

}  // namespace

std::string scenario_text(const Scenario& scenario) {
  return ScenarioWriter{scenario}.run();
}

}  // namespace linger::sim
