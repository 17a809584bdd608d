#include "sim/conform/scenario_reader.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "sim/conform/reader.h"
#include "sim/java_random.h"
#include "sim/nearest.h"
#include "sim/units.h"

namespace linger::sim::conform {
namespace {

// The settings of an observation that does not say otherwise.
const core::GivenSettings& usual_settings() {
  static const core::GivenSettings kUsual{
      {"acks", "1"},
      {"batch.size", "16384"},
      {"buffer.memory", "33554432"},
      {"compression.type", "none"},
      {"linger.ms", "0"},
      {"max.block.ms", "60000"},
      {"max.in.flight.requests.per.connection", "5"},
      {"max.request.size", "1048576"},
      {"metadata.max.age.ms", "300000"},
      {"reconnect.backoff.ms", "50"},
      {"request.timeout.ms", "30000"},
      {"retries", "2147483647"},
      {"retry.backoff.ms", "100"},
      {"send.buffer.bytes", "-1"},  // requests are written whole
  };
  return kUsual;
}

const core::GivenSettings& usual_settings_since_0_11() {
  static const core::GivenSettings kUsual{
      {"delivery.timeout.ms", "120000"},
      {"enable.idempotence", "false"},
      {"reconnect.backoff.max.ms", "1000"},
  };
  return kUsual;
}

constexpr std::int64_t kClock = 1'000'000'000;  // where the observed clock began
constexpr std::int64_t kMostRecords = 1'000'000;
constexpr Bytes kLargestValue{100'000'000};
constexpr std::size_t kNodeDraws = 4096;  // then they start over
constexpr std::size_t kPartitionDraws = 256;  // where nothing is said: 0, 1, 2, …

}  // namespace

Reader::Reader(const std::string& file, core::Era era) : mistakes_{file}, file_{file} {
  scenario_.file = file;
  scenario_.era = era;
  scenario_.rules = core::rules_of(era);
  scenario_.jitter = false;
  scenario_.warm = true;
  scenario_.handshake = false;
  scenario_.one_receive_per_poll = false;
  scenario_.wakes_after_poll = true;
  scenario_.tail = Duration{};
  scenario_.network.link.latency = Duration{};
  ClusterSpec& cluster = scenario_.cluster;
  cluster.answer_delay = core::Milliseconds{1};
  cluster.produce_answer_delay = Duration{};
  cluster.unknown_producer = UnknownProducer::ZeroInOrder;
  cluster.closes_on_unacknowledged_error = false;
  cluster.tells_new_leader = false;
  // Coordinators as the observations had them: they check nothing by themselves.
  CoordinationSpec& coordination = cluster.coordination;
  coordination.transaction_coordinator = NodeId{0};
  coordination.group_coordinator = NodeId{0};
  coordination.expiry_check = Duration{};
  coordination.verifies_writes = false;
  coordination.markers_need_leader = false;
}

// --- Lines ---

const std::vector<Reader::Word>& Reader::statements() {
  static const std::vector<Word> kWords{
      {"era", &Reader::era},
      {"nodes", &Reader::nodes},
      {"topic", &Reader::topic},
      {"warm", &Reader::warm},
      {"latency", &Reader::latency},
      {"connect-latency", &Reader::connect_latency},
      {"metadata-latency", &Reader::metadata_latency},
      {"metadata-age", &Reader::metadata_age},
      {"compression-ratio", &Reader::compression_ratio},
      {"config", &Reader::config},
      {"end", &Reader::end},
      {"tail", &Reader::tail},
      {"limit", &Reader::limit},
      {"rand", &Reader::rand},
      {"jitter", &Reader::jitter},
      {"broker-unknown-producer", &Reader::unknown_producer},
      {"rule", &Reader::rule},
      {"at", &Reader::at},
      {"coordinator", &Reader::coordinator},
      {"group-coordinator", &Reader::group_coordinator},
      {"txn-latency", &Reader::transaction_latency},
      {"marker-latency", &Reader::marker_latency},
      {"coordinator-init-pid-version", &Reader::init_version},
      {"txn-calls", &Reader::transactional_calls},
  };
  return kWords;
}

const std::vector<Reader::Word>& Reader::actions() {
  static const std::vector<Word> kWords{
      {"send", &Reader::send},
      {"flush", &Reader::flush},
      {"close", &Reader::close},
      {"disconnect", &Reader::disconnect},
      {"nodedown", &Reader::nodedown},
      {"nodeup", &Reader::nodeup},
      {"leader", &Reader::leader},
      {"latency", &Reader::change_latency},
      {"metadata", &Reader::metadata},
      {"noop", &Reader::noop},
      {"init", &Reader::init},
      {"begin", &Reader::begin},
      {"commit", &Reader::commit},
      {"abort", &Reader::abort},
      {"offsets", &Reader::offsets},
      {"coordinator", &Reader::move_coordinator},
      {"fence", &Reader::fence},
      {"group-coordinator", &Reader::move_group_coordinator},
      {"txn-timeout", &Reader::transaction_timeout},
      {"txn-latency", &Reader::change_transaction_latency},
  };
  return kWords;
}

void Reader::dispatch(const std::string& name, std::string_view kind,
                      const std::vector<Word>& words, Statement& line) {
  const auto known =
      std::find_if(words.begin(), words.end(), [&](const Word& word) { return word.name == name; });
  if (known != words.end()) {
    (this->*known->read)(line);
    line.finish();
    return;
  }
  std::vector<std::string> names;
  for (const Word& word : words) names.emplace_back(word.name);
  line.fail(fmt::format("there is no {} '{}'", kind, name), suggestion(name, names));
}

void Reader::read_line(std::string_view text, std::int32_t number) {
  if (text.starts_with("#!")) {
    description_ = text.substr(std::min(text.find_first_not_of(" ", 2), text.size()));
    return;
  }
  Statement line{text, number, mistakes_};
  if (line.is_empty()) return;
  dispatch(line.word("the statement"), "statement", statements(), line);
}

// --- The world ---

void Reader::era(Statement& line) {
  while (const auto name = line.maybe_word()) {
    const auto known = core::find_era(*name);
    if (known) eras_.push_back(*known);
    if (!known) line.fail(fmt::format("there is no era '{}'", *name), "0.10.2, 2.8 or 3.9");
  }
}

void Reader::nodes(Statement& line) {
  constexpr std::int64_t kMost = 100;
  const std::int64_t count = line.number("the number of nodes");
  if (count < 1 || count > kMost) {
    line.fail(fmt::format("{} nodes are not possible", count), "1 to 100");
    return;
  }
  scenario_.cluster.brokers = static_cast<std::int32_t>(count);
}

NodeId Reader::known_broker(NodeId node, Statement& line) {
  if (node.value() < 0 || node.value() >= scenario_.cluster.brokers) {
    line.fail(fmt::format("there is no node {}", node.value()),
              fmt::format("0 to {}", scenario_.cluster.brokers - 1));
  }
  return node;
}

void Reader::topic(Statement& line) {
  TopicSpec topic;
  topic.name = line.word("the topic's name");
  const std::string leaders = line.word("the leaders");
  for (std::size_t at = 0; at < leaders.size();) {
    const std::size_t end = std::min(leaders.find(',', at), leaders.size());
    const std::string leader = leaders.substr(at, end - at);
    topic.leaders.emplace_back();
    if (leader != "none") {
      const std::int64_t node = line.to_number(leader, "a leader");
      topic.leaders.back() = NodeId{static_cast<std::int32_t>(node)};
      if (node < 0 || node >= scenario_.cluster.brokers) {
        line.fail(fmt::format("there is no node {}", node), "say `nodes` before, and enough");
      }
    }
    at = end + 1;
  }
  if (topic.name.empty() || topic.leaders.empty()) return;
  scenario_.cluster.topics.push_back(std::move(topic));
}

void Reader::note_topic(const std::string& name, Statement& line) {
  std::vector<std::string> names;
  for (const TopicSpec& topic : scenario_.cluster.topics) names.push_back(topic.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  line.fail(fmt::format("there is no topic '{}'", name), suggestion(name, names));
}

void Reader::note_partition(const PartitionName& partition, Statement& line) {
  note_topic(partition.topic, line);
  for (const TopicSpec& topic : scenario_.cluster.topics) {
    const auto count = static_cast<std::int32_t>(topic.leaders.size());
    if (topic.name != partition.topic || partition.partition < count) continue;
    line.fail(
        fmt::format("there is no partition {} of topic '{}'", partition.partition, topic.name),
        fmt::format("0 to {}", count - 1));
  }
}

void Reader::compression_ratio(Statement& line) {
  const std::string ratio = line.word("the ratio");
  compression_ratio_ = parse_ratio(ratio);
  if (!compression_ratio_) line.fail("'" + ratio + "' is no ratio", "such as 0.2");
}

void Reader::config(Statement& line) {
  const std::string name = line.word("the setting's name");
  settings_.insert_or_assign(name, line.word("the setting's value"));
  setting_lines_.insert_or_assign(name, line.line());
}

void Reader::rand(Statement& line) {
  const std::string numbers = line.word("the numbers");
  for (std::size_t at = 0; at < numbers.size();) {
    const std::size_t end = std::min(numbers.find(',', at), numbers.size());
    const std::int64_t number = line.to_number(numbers.substr(at, end - at), "a number");
    pinned_.partitions.push_back(static_cast<std::int32_t>(number & 0x7fffffff));
    at = end + 1;
  }
}

void Reader::unknown_producer(Statement& line) {
  const std::string word = line.word("what a broker takes");
  if (word != "any" && word != "zero") {
    line.fail(fmt::format("a broker takes no '{}'", word), "any or zero");
  }
  scenario_.cluster.unknown_producer =
      word == "any" ? UnknownProducer::Any : UnknownProducer::ZeroInOrder;
}

// --- Actions ---

void Reader::at(Statement& line) {
  now_ = Instant{line.milliseconds("the time")};
  dispatch(line.word("the action"), "action", actions(), line);
}

void Reader::send(Statement& line) {
  SendAction send;
  if (const auto partition = line.partition_option("tp")) {
    send.topic = partition->topic;
    send.partition = partition->partition;
  } else if (const auto topic = line.option("topic")) {
    send.topic = *topic;
  } else {
    line.fail("the record has no destination", "tp=t-0, or topic=t");
    return;
  }
  note_topic(send.topic, line);
  const Bytes size{line.not_negative(line.number_option("size").value_or(100), "size")};
  send.value_size = {size, size};
  if (auto key = line.option("key")) {
    const std::size_t place = key->find("%d");
    if (place != std::string::npos) key->replace(place, 2, "{id}");
    send.key = std::move(key);
  }
  const std::int64_t count = line.not_negative(line.number_option("n").value_or(1), "n");
  if (count > kMostRecords || size > kLargestValue) {
    line.fail("that is too much for an observation",
              fmt::format("at most {} records, of {} bytes", kMostRecords, kLargestValue.count()));
    return;
  }
  const Duration every = line.milliseconds_option("every").value_or(Duration{});
  const std::string thread = line.option("thread").value_or("main");
  if (every == Duration{}) {
    send.count = count;
    if (count > 0) add_action(thread, send, line);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    add_action(thread, send, line);
    now_ += every;
  }
}

void Reader::flush(Statement& line) {
  add_action(fmt::format("flush-{}", line.line()), FlushAction{}, line);
}

void Reader::close(Statement& line) {
  CloseAction close;
  if (const auto timeout = line.number_option("timeout")) {
    close.timeout = core::Milliseconds{*timeout};
  }
  add_action(fmt::format("close-{}", line.line()), close, line);
}

void Reader::leader(Statement& line) {
  ChangeLeader change;
  change.partition = line.partition("the partition");
  note_partition(change.partition, line);
  const std::string to = line.word("the leader");
  if (to != "none") {
    change.leader =
        known_broker(NodeId{static_cast<std::int32_t>(line.to_number(to, "the leader"))}, line);
  }
  if (const auto epoch = line.number_option("epoch")) {
    change.epoch = static_cast<std::int32_t>(*epoch);
  }
  add_fault(change, line);
}

// --- The whole ---

void Reader::make_threads() {
  std::stable_sort(planned_.begin(), planned_.end(), [](const Planned& a, const Planned& b) {
    return a.at != b.at ? a.at < b.at : a.turn < b.turn;
  });
  std::int64_t records = 0;
  for (Planned& planned : planned_) {
    if (auto* send = std::get_if<SendAction>(&planned.action)) {
      send->first_number = records;
      records += send->count;
    }
    auto thread =
        std::find_if(scenario_.threads.begin(), scenario_.threads.end(),
                     [&](const AppThreadSpec& known) { return known.name == planned.thread; });
    if (thread == scenario_.threads.end()) {
      AppThreadSpec spec;
      spec.name = planned.thread;
      thread = scenario_.threads.insert(scenario_.threads.end(), std::move(spec));
    }
    thread->program.emplace_back(WaitUntilAction{planned.at, planned.turn});
    thread->program.push_back(std::move(planned.action));
  }
}

void Reader::resolve_settings() {
  ProducerSpec producer;
  const bool is_transactional = this->is_transactional();
  producer.settings = std::move(settings_);
  if (is_transactional) {
    producer.settings.insert({{"acks", "all"}, {"enable.idempotence", "true"}});
  }
  producer.settings.insert(usual_settings().begin(), usual_settings().end());
  if (scenario_.era != core::Era::V0_10_2) {
    const core::GivenSettings& later = usual_settings_since_0_11();
    producer.settings.insert(later.begin(), later.end());
  }
  // One estimate for the whole process cannot be set from without.
  const bool is_its_own = scenario_.rules.has(core::Rule::Kip126SplitBatches);
  if (is_its_own) producer.compression_ratio = compression_ratio_;
  producer.pinned = std::move(pinned_);
  if (producer.pinned.partitions.empty()) {
    producer.pinned.partitions.resize(kPartitionDraws);
    std::iota(producer.pinned.partitions.begin(), producer.pinned.partitions.end(), 0);
  }
  producer.pinned.nodes = producer.pinned.node_order = pinned_draws(kNodeDraws);
  auto resolved =
      core::resolve(producer.settings, scenario_.era, scenario_.rules, core::CrossChecks::Skipped);
  if (const auto* errors = std::get_if<std::vector<core::ConfigError>>(&resolved)) {
    for (const core::ConfigError& error : *errors) {
      const auto line = setting_lines_.find(error.key);
      mistakes_.add(line == setting_lines_.end() ? 0 : line->second, core::text(error), error.fix);
    }
    return;
  }
  producer.config = std::move(std::get<core::ResolvedConfig>(resolved));
  // The initialisation of a producer id before the run chose a node, too.
  if (producer.config.config.enable_idempotence && is_warm_ && !is_transactional) {
    std::rotate(producer.pinned.nodes.begin(), producer.pinned.nodes.begin() + 1,
                producer.pinned.nodes.end());
  }
  scenario_.producers.push_back(std::move(producer));
}

// The clock ran before the run began: one broker after the other was connected, which took a poll
// of a millisecond each, and then metadata grew old. Message sets show it, for their records bear
// whole timestamps, which a codec compresses with the rest.
std::int64_t Reader::clock_at_start() const {
  const auto to_connect = scenario_.network.link.connect + core::Milliseconds{1};
  const Duration warming = is_warm_ ? to_connect * scenario_.cluster.brokers : Duration{};
  return kClock + std::chrono::floor<core::Milliseconds>(scenario_.metadata_age + warming).count();
}

std::variant<ObservedScenario, std::vector<ParseError>> Reader::finish() {
  scenario_.epoch_ms = clock_at_start();
  scenario_.warm = is_warm_;
  if (is_transactional() && scenario_.tail == Duration{}) scenario_.tail = Scenario{}.tail;
  scenario_.warm_metadata = true;
  resolve_settings();
  make_threads();
  std::vector<std::string> names;
  for (const TopicSpec& topic : scenario_.cluster.topics) names.push_back(topic.name);
  for (const std::string& topic : consumed_topics_) {
    if (std::find(names.begin(), names.end(), topic) == names.end()) names.push_back(topic);
  }
  scenario_.topics = core::TopicNames{std::move(names)};
  if (!mistakes_.empty()) return mistakes_.all();
  return ObservedScenario{std::move(scenario_), std::move(eras_), std::move(description_)};
}

std::variant<ObservedScenario, std::vector<ParseError>> read_scenario(std::string_view text,
                                                                      const std::string& file,
                                                                      core::Era era) {
  Reader reader{file, era};
  std::int32_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    reader.read_line(text.substr(at, end - at), ++number);
    at = end + 1;
  }
  return reader.finish();
}

}  // namespace linger::sim::conform
