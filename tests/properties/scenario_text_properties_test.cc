// A scenario that is written and read again is the same, whatever is in it.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "core/check.h"
#include "sim/java_random.h"
#include "sim/query_parser.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_rules.h"
#include "sim/scenario_writer.h"
#include "support/same_scenario.h"

namespace linger::sim {
namespace {

Scenario scenario_of(std::string_view text) {
  auto parsed = parse_scenario(text, "test.toml");
  const auto* errors = std::get_if<std::vector<ParseError>>(&parsed);
  if (errors != nullptr) throw core::CheckFailure{sim::text(*errors) + std::string{text}};
  return std::get<Scenario>(std::move(parsed));
}

using rc::gen::arbitrary;
using rc::gen::inRange;

Duration any_duration() {
  const auto scale = *rc::gen::element<std::int64_t>(1, 1'000, 1'000'000, 60'000'000);
  return Duration{*inRange<std::int64_t>(0, 5'000) * scale};
}
Instant any_instant() {
  return Instant{any_duration()};
}
Bytes any_size(std::int64_t least = 0) {
  return Bytes{*inRange<std::int64_t>(least, 5'000) *
               *rc::gen::element<std::int64_t>(1, 1'000, 1'024)};
}
std::string any_text() {
  return *rc::gen::container<std::string>(inRange<char>(1, 127));
}
bool heads() {
  return *arbitrary<bool>();
}

template <class Make>
auto maybe(Make make) -> std::optional<decltype(make())> {
  if (heads()) return std::nullopt;
  return make();
}

UserCode any_code(std::string name) {
  UserCode code;
  code.name = std::move(name);
  code.takes = any_duration();
  code.throws = maybe([] { return *rc::gen::element<std::string>("Error", "KafkaException"); });
  code.only_call = maybe([] { return *inRange(1, 9); });
  return code;
}

LinkSpec any_link_spec() {
  LinkSpec link;
  link.latency = any_duration();
  link.jitter = any_duration();
  link.bandwidth = maybe([] { return any_size(1); });
  link.segment = any_size(1);
  link.connect = any_duration();
  return link;
}

ProduceRule any_produce_rule(const ClusterSpec& cluster) {
  using Answer = ProduceRule::Answer;
  using core::ErrorCode;
  ProduceRule rule;
  rule.first_request = *inRange(1, 9);
  rule.last_request = maybe([] { return std::int64_t{*inRange(1, 9)}; });
  rule.broker = maybe([&] { return NodeId{*inRange(0, cluster.brokers)}; });
  rule.from = any_instant();
  rule.until = maybe(any_instant);
  rule.partition = maybe([&] { return PartitionName{cluster.topics[0].name, 0}; });
  rule.sequence = maybe([] { return *inRange(0, 9); });
  rule.least_records = *inRange(0, 3);
  rule.least_size = any_size();
  rule.times = maybe([] { return *inRange(1, 4); });
  rule.error = *rc::gen::element(ErrorCode::None, ErrorCode::NotEnoughReplicas);
  rule.appends = heads();
  rule.answer = *rc::gen::element(Answer::Sent, Answer::Dropped, Answer::Disconnect);
  rule.delay = maybe([] { return any_duration(); });
  rule.leader_hint = maybe([&] { return LeaderHintSpec{NodeId{0}, *inRange(0, 5)}; });
  rule.throttle = core::Milliseconds{*inRange(0, 50)};
  rule.mutes = heads();
  return rule;
}

RequestRule any_request_rule(const ClusterSpec& cluster) {
  using Answer = ProduceRule::Answer;
  RequestRule rule;
  rule.api = *rc::gen::elementOf(kCoordinationRequests);
  rule.first_request = *inRange(1, 9);
  rule.last_request = maybe([] { return std::int64_t{*inRange(1, 9)}; });
  rule.broker = maybe([&] { return NodeId{*inRange(0, cluster.brokers)}; });
  rule.from = any_instant();
  rule.until = maybe(any_instant);
  if (rule.api == core::ApiKey::FindCoordinator) {
    rule.key = maybe([] {
      return *rc::gen::element(core::CoordinatorType::Group, core::CoordinatorType::Transaction);
    });
  }
  if (rule.api == core::ApiKey::EndTxn) rule.committed = maybe(heads);
  if (rule.api == core::ApiKey::TxnOffsetCommit) {
    rule.partition = maybe([&] { return PartitionName{cluster.topics[0].name, 0}; });
  }
  rule.times = maybe([] { return *inRange(1, 4); });
  rule.error = *rc::gen::element(core::ErrorCode::None, core::ErrorCode::ConcurrentTransactions);
  rule.acts = heads();
  rule.answer = *rc::gen::element(Answer::Sent, Answer::Dropped, Answer::Disconnect);
  rule.delay = maybe([] { return any_duration(); });
  return rule;
}

ReplicationSpec any_replication() {
  ReplicationSpec spec;
  spec.latency = any_duration();
  spec.fetch_wait = core::Milliseconds{*inRange(1, 1'000)};
  spec.lag_time = core::Milliseconds{*inRange(1, 50'000)};
  spec.min_in_sync_replicas = *inRange(1, 4);
  spec.unclean_elections = heads();
  spec.session_timeout = core::Milliseconds{*inRange(1, 10'000)};
  spec.high_watermark_needs_min_isr = heads();
  spec.truncates_to_high_watermark = heads();
  spec.metadata_lag = any_duration();
  spec.largest_fetched = maybe([] { return any_size(); });
  return spec;
}

ClusterSpec any_cluster() {
  ClusterSpec cluster;
  cluster.brokers = *inRange(1, 4);
  const int topics = *inRange(1, 4);
  for (int i = 0; i < topics; ++i) {
    TopicSpec topic{"topic-" + std::to_string(i), {}};
    const auto replicas = *inRange(1, cluster.brokers + 1);
    (heads() ? topic.replicas : topic.replication_factor) = replicas;
    topic.min_in_sync_replicas = maybe([] { return *inRange(1, 4); });
    topic.timestamps.type =
        *rc::gen::element(TimestampType::CreateTime, TimestampType::LogAppendTime);
    const auto any_limit = [] { return Duration{core::Milliseconds{*inRange(0, 9)}}; };
    topic.timestamps.before_max = maybe(any_limit);
    topic.timestamps.after_max = maybe(any_limit);
    const int partitions = *inRange(1, 5);
    for (int p = 0; p < partitions; ++p) {
      topic.leaders.push_back(maybe([&] { return NodeId{*inRange(0, cluster.brokers)}; }));
    }
    cluster.topics.push_back(topic);
  }
  cluster.message_max_bytes = any_size();
  cluster.replication = any_replication();
  cluster.service_time = any_duration();
  cluster.replication_time = any_duration();
  cluster.unknown_producer =
      *rc::gen::element(UnknownProducer::Any, UnknownProducer::Zero, UnknownProducer::ZeroInOrder);
  cluster.answer_delay = any_duration();
  cluster.produce_answer_delay = maybe([] { return any_duration(); });
  cluster.closes_on_unacknowledged_error = heads();
  cluster.tells_new_leader = heads();
  cluster.producer_id_expiration = core::Milliseconds{*inRange(1, 90'000'000)};
  cluster.producer_id_expiry_check = core::Milliseconds{*inRange(1, 900'000)};
  cluster.quota_holds_answers = heads();
  const int rules = *inRange(0, 3);
  for (int i = 0; i < rules; ++i) cluster.produce_rules.push_back(any_produce_rule(cluster));
  if (heads()) cluster.coordination.rules.push_back(any_request_rule(cluster));
  return cluster;
}

std::vector<std::int32_t> any_draws() {
  if (heads()) return *rc::gen::container<std::vector<std::int32_t>>(inRange(0, 100));
  return draws_of(
      {.seed = 0, .count = *inRange<std::size_t>(1, 100), .skip = *inRange<std::size_t>(0, 2)});
}

ProducerSpec any_producer(std::string name, const Scenario& scenario) {
  ProducerSpec producer;
  producer.name = std::move(name);
  if (heads()) producer.settings["linger.ms"] = std::to_string(*inRange(0, 100));
  if (heads()) producer.settings["batch.size"] = *rc::gen::element<std::string>("0", "1KiB", "007");
  if (heads()) producer.settings["client.id"] = any_text();
  if (heads()) producer.settings["delivery.timeout.ms"] = "3000";  // too short for a request
  auto resolved = core::resolve(producer.settings, scenario.era, scenario.rules);
  if (!std::holds_alternative<core::ResolvedConfig>(resolved)) {
    resolved =
        core::resolve(producer.settings, scenario.era, scenario.rules, core::CrossChecks::Skipped);
  }
  RC_PRE(std::holds_alternative<core::ResolvedConfig>(resolved));
  producer.config = std::get<core::ResolvedConfig>(resolved);
  if (heads()) producer.interceptors.push_back({any_text(), any_code(""), any_code("")});
  producer.key_serializer = maybe([] { return any_code(""); });
  producer.value_serializer = maybe([] { return any_code(""); });
  if (producer.value_serializer) producer.value_serializer->value = maybe(any_text);
  producer.partitioner = maybe([] { return any_code(""); });
  if (producer.partitioner) producer.partitioner->partition = maybe([] { return *inRange(-1, 3); });
  producer.callbacks.push_back(any_code("callback " + any_text()));
  producer.pinned = {any_draws(), any_draws(), any_draws()};
  if (heads()) {
    producer.compression_ratio =
        core::Ratio{*rc::gen::inRange<std::uint32_t>(1, 9'999'999), 1'000'000};
  }
  return producer;
}

SendAction any_send(const Scenario& scenario) {
  SendAction send;
  send.topic = scenario.cluster.topics[0].name;
  send.partition = maybe([] { return *inRange(0, 9); });
  if (heads()) {
    send.key = maybe(any_text);
  } else {
    send.distinct_keys = *inRange(0, 5);
  }
  if (heads()) {
    send.value = any_text();
  } else {
    send.value_size.smallest = any_size();
    send.value_size.largest = send.value_size.smallest + any_size();
  }
  if (heads()) send.headers[any_text()] = any_text();
  send.timestamp = maybe([] { return *inRange<std::int64_t>(0, 1'000); });
  send.count = *inRange(1, 100);
  send.first_number = maybe([] { return std::int64_t{*inRange(0, 50)}; });
  send.every = any_duration();
  send.wait = heads();
  send.callback = maybe([] { return core::CallbackId{0}; });
  return send;
}

AppAction any_action(const Scenario& scenario) {
  switch (*inRange(0, 7)) {
    case 0:
      return FlushAction{};
    case 1:
      return CloseAction{maybe([] { return core::Milliseconds{*inRange(0, 5'000)}; })};
    case 2:
      return SleepAction{any_duration()};
    case 3:
      return WaitUntilAction{any_instant(), *inRange(0, 3)};
    case 4:
      return ExitAction{};
    case 5:
      return RequestMetadataAction{};
    default:
      return any_send(scenario);
  }
}

Query any_query() {
  const auto text = *rc::gen::element<std::string>("count(batch_drained) == 1", "step > 3",
                                                   "batch(0).state == 'in flight'");
  return std::get<Query>(parse_condition(text));
}

Moment any_moment() {
  if (heads()) return {any_instant(), std::nullopt};
  return {std::nullopt, any_query()};
}

Fault any_fault(const Scenario& scenario) {
  const NodeId broker{*inRange(0, scenario.cluster.brokers)};
  const PartitionName partition{scenario.cluster.topics[0].name, 0};
  const auto lasts = maybe([] { return any_duration(); });
  switch (*inRange(0, 10)) {
    case 9:
      return ShrinkIsr{partition, broker, lasts};
    case 8:
      return PauseBroker{broker, any_duration()};
    case 7:
      return RefuseAuthentication{broker, lasts, heads()};
    case 0:
      return AddLatency{broker, any_duration(), lasts};
    case 1:
      return Disconnect{broker};
    case 2:
      return RefuseConnections{broker, lasts};
    case 3:
      return FallSilent{broker, lasts};
    case 4:
      return FailProduce{partition, core::ErrorCode::NotEnoughReplicas, *inRange(1, 5), heads()};
    case 5:
      return LoseResponse{partition, *inRange(1, 5), heads()};
    default:
      return ChangeLeader{partition, maybe([&] { return broker; })};
  }
}

Scenario any_scenario() {
  Scenario scenario;
  scenario.era = *rc::gen::elementOf(
      std::vector<core::Era>{core::Era::V0_10_2, core::Era::V2_8, core::Era::V3_9});
  scenario.rules = core::rules_of(scenario.era);
  scenario.seed = *arbitrary<std::uint64_t>();
  scenario.end = maybe(any_instant);
  scenario.tail = any_duration();
  scenario.epoch_ms = *inRange<std::int64_t>(0, 4'000'000'000'000);
  scenario.jitter = heads();
  scenario.warm = heads();
  scenario.warm_metadata = heads();
  scenario.metadata_age = any_duration();
  scenario.handshake = heads();
  scenario.one_receive_per_poll = heads();
  scenario.wakes_after_poll = heads();
  scenario.lesson = {any_text(), any_text(), any_text()};
  scenario.cluster = any_cluster();
  scenario.network.link = any_link_spec();
  if (heads()) scenario.network.by_broker[NodeId{0}] = any_link_spec();
  const int producers = *inRange(1, 3);
  for (int i = 0; i < producers; ++i) {
    scenario.producers.push_back(any_producer("producer " + std::to_string(i), scenario));
  }
  const int threads = *inRange(1, 3);
  for (int i = 0; i < threads; ++i) {
    AppThreadSpec thread{
        "thread " + std::to_string(i), static_cast<std::size_t>(i % producers), {}};
    const int actions = *inRange(0, 5);
    for (int a = 0; a < actions; ++a) thread.program.push_back(any_action(scenario));
    scenario.threads.push_back(thread);
  }
  scenario.faults.push_back({any_moment(), any_fault(scenario), 0});
  scenario.narration.push_back({any_moment(), any_text()});
  scenario.expectations.push_back({any_query(), any_text(), 0});
  std::vector<std::string> names;
  for (const TopicSpec& topic : scenario.cluster.topics) names.push_back(topic.name);
  if (heads()) names.emplace_back("a missing one");
  scenario.topics = core::TopicNames{names};
  return scenario;
}

RC_GTEST_PROP(ScenarioTextProperties, AScenarioThatIsWrittenAndReadIsTheSame, ()) {
  const Scenario scenario = any_scenario();
  const std::string text = scenario_text(scenario);
  const Scenario again = scenario_of(text);
  RC_ASSERT(are_same(scenario, again));
  RC_ASSERT(scenario_text(again) == text);
}

}  // namespace
}  // namespace linger::sim
