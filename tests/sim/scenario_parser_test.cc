#include "sim/scenario_parser.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "support/scenario_mistakes.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

// --- What is right ---

TEST(ScenarioParser, TheSmallestScenarioHasDefaults) {
  const Scenario scenario = scenario_of(kSmallestScenario);
  EXPECT_EQ(scenario.file, "test.toml");
  EXPECT_EQ(scenario.era, core::Era::V3_9);
  EXPECT_EQ(scenario.rules, core::rules_of(core::Era::V3_9));
  EXPECT_EQ(scenario.cluster.brokers, 1);
  ASSERT_EQ(scenario.producers.size(), 1u);
  EXPECT_EQ(scenario.producers[0].name, "producer");
  EXPECT_EQ(scenario.producers[0].config.config.batch_size, Bytes{16'384});
  EXPECT_EQ(scenario.topics.find("orders"), core::TopicId{0});
  ASSERT_EQ(scenario.threads.size(), 1u);
  EXPECT_EQ(scenario.threads[0].program.size(), 1u);
}

TEST(ScenarioParser, TheRunIsDescribedAtTheTop) {
  const Scenario scenario = scenario_of(
      "era = \"2.8\"\nrules = { \"KAFKA-3720\" = false }\nseed = 7\nend = \"2s\"\ntail = \"1ms\"\n"
      "limit = \"1m\"\nclock = \"1970-01-01T00:00:01Z\"\nbackoff_jitter = false\nwarm = true\n"
      "[lesson]\ntitle = \"T\"\ntext = \"X\"\ntopic = \"retries\"\n" +
      kSmallestScenario);
  EXPECT_EQ(scenario.era, core::Era::V2_8);
  EXPECT_FALSE(scenario.rules.has(core::Rule::Kafka3720BufferExhausted));
  EXPECT_EQ(scenario.seed, 7u);
  EXPECT_EQ(scenario.end, Instant{2s});
  EXPECT_EQ(scenario.tail, 1ms);
  EXPECT_EQ(scenario.limit, Instant{60s});
  EXPECT_EQ(scenario.epoch_ms, 1'000);
  EXPECT_FALSE(scenario.jitter);
  EXPECT_TRUE(scenario.warm);
  EXPECT_EQ(scenario.lesson, (Lesson{"T", "X", "retries"}));
}

TEST(ScenarioParser, TheClusterHasBrokersTopicsAndLinks) {
  const Scenario scenario = scenario_of(
      "[cluster]\nbrokers = 3\nservice_time = \"1ms\"\nmessage.max.bytes = \"1MB\"\n"
      "missing_topics = [\"ghost\"]\n"
      "[[topic]]\nname = \"audit\"\nleaders = [2, \"none\", -1]\nreplication_factor = 3\n"
      "[network]\nlatency = \"2ms\"\nbandwidth = \"10MB/s\"\n"
      "[network.broker.1]\nlatency = \"20ms\"\nbandwidth = \"unlimited\"\n" +
      kSmallestScenario);
  EXPECT_EQ(scenario.cluster.message_max_bytes, Bytes{1'000'000});
  ASSERT_EQ(scenario.cluster.topics.size(), 2u);
  EXPECT_EQ(scenario.cluster.topics[0].leaders,
            (std::vector<std::optional<NodeId>>{NodeId{2}, std::nullopt, std::nullopt}));
  EXPECT_EQ(scenario.cluster.topics[1].leaders,
            (std::vector<std::optional<NodeId>>{NodeId{0}, NodeId{1}, NodeId{2}}));
  EXPECT_EQ(scenario.topics.size(), 3u);
  EXPECT_EQ(scenario.network.link.latency, 2ms);
  EXPECT_EQ(scenario.network.link.bandwidth, Bytes{10'000'000});
  EXPECT_EQ(scenario.network.by_broker.at(NodeId{1}).latency, 20ms);
  EXPECT_EQ(scenario.network.by_broker.at(NodeId{1}).bandwidth, std::nullopt);
}

TEST(ScenarioParser, SettingsAreKafkasOwnKeys) {
  const Scenario scenario = scenario_of(kSmallestScenario +
                                        "[producer]\nlinger.ms = 5\nbatch.size = \"16KiB\"\n"
                                        "\"max.block.ms\" = \"2s\"\nenable.idempotence = false\n"
                                        "bootstrap.servers = [\"a:1\", \"b:2\"]\n"
                                        "partitioner.class = \"RoundRobinPartitioner\"\n");
  const ProducerSpec& producer = scenario.producers.at(0);
  EXPECT_EQ(producer.settings.at("linger.ms"), "5");
  EXPECT_EQ(producer.settings.at("bootstrap.servers"), "a:1,b:2");
  EXPECT_EQ(producer.config.config.linger, 5ms);
  EXPECT_EQ(producer.config.config.batch_size, Bytes{16'384});
  EXPECT_EQ(producer.config.config.max_block, 2s);
  EXPECT_EQ(producer.config.config.partitioner_class, core::Partitioner::RoundRobin);
  EXPECT_EQ(producer.partitioner, std::nullopt);
}

TEST(ScenarioParser, UserCodeIsData) {
  const Scenario scenario = scenario_of(
      kSmallestScenario +
      "[[producer.interceptor]]\nname = \"audit\"\non_send = { takes = \"1ms\", topic = "
      "\"orders\" }\non_acknowledgement = { throws = \"Error\", only_call = 2 }\n"
      "[producer.value_serializer]\nthrows = \"SerializationException\"\n"
      "[producer.partitioner]\npartition = -1\n"
      "[[producer.callback]]\nname = \"slow\"\ntakes = \"5ms\"\nsends_to = \"orders\"\n");
  const ProducerSpec& producer = scenario.producers.at(0);
  EXPECT_EQ(producer.interceptors.at(0).on_send.takes, 1ms);
  EXPECT_EQ(producer.interceptors.at(0).on_send.topic, "orders");
  EXPECT_EQ(producer.interceptors.at(0).on_acknowledgement.only_call, 2);
  EXPECT_EQ(producer.value_serializer->throws, "SerializationException");
  EXPECT_EQ(producer.key_serializer, std::nullopt);
  EXPECT_EQ(producer.partitioner->partition, -1);
  EXPECT_EQ(producer.callbacks.at(0).sends_to, "orders");
}

TEST(ScenarioParser, AThreadIsASmallProgram) {
  const Scenario scenario = scenario_of(
      "[[topic]]\nname = \"orders\"\n"
      "[[producer]]\nname = \"P\"\n[[producer.callback]]\nname = \"c\"\n"
      "[[producer]]\nname = \"Q\"\n[[producer.callback]]\nname = \"d\"\n"
      "[[thread]]\nname = \"A\"\nproducer = \"Q\"\nrun = [\n"
      "  { send = \"orders\", count = 10, every = \"1ms\", key = \"k{i}\", value_size = [50, "
      "\"1kB\"], partition = 0, wait = true, callback = \"d\", headers = { a = \"b\" }, timestamp "
      "= 5 },\n"
      "  { at = \"3ms\", send = \"orders\", keys = 4, value = \"v\", missing_partition = 9 },\n"
      "  { flush = true }, { sleep = \"5ms\" }, { until = \"10ms\" }, { close = \"20ms\" },\n"
      "  { close = true }, { exit = true },\n]\n");
  const AppThreadSpec& thread = scenario.threads.at(0);
  EXPECT_EQ(thread.producer, 1u);
  ASSERT_EQ(thread.program.size(), 9u);
  SendAction first;
  first.topic = "orders";
  first.partition = 0;
  first.key = "k{i}";
  first.value_size = {Bytes{50}, Bytes{1'000}};
  first.headers = {{"a", "b"}};
  first.timestamp = 5;
  first.count = 10;
  first.every = 1ms;
  first.wait = true;
  first.callback = core::CallbackId{0};
  EXPECT_EQ(std::get<SendAction>(thread.program[0]), first);
  EXPECT_EQ(thread.program[1], AppAction{WaitUntilAction{Instant{3ms}}});
  EXPECT_EQ(std::get<SendAction>(thread.program[2]).partition, 9);
  EXPECT_EQ(std::get<SendAction>(thread.program[2]).distinct_keys, 4);
  EXPECT_EQ(thread.program[3], AppAction{FlushAction{}});
  EXPECT_EQ(thread.program[4], AppAction{SleepAction{5ms}});
  EXPECT_EQ(thread.program[5], AppAction{WaitUntilAction{Instant{10ms}}});
  EXPECT_EQ(thread.program[6], AppAction{CloseAction{20ms}});
  EXPECT_EQ(thread.program[7], AppAction{CloseAction{}});
  EXPECT_EQ(thread.program[8], AppAction{ExitAction{}});
}

TEST(ScenarioParser, EveryFaultHasItsKey) {
  const Scenario scenario = scenario_of(
      "[cluster]\nbrokers = 2\n" + kSmallestScenario +
      "[[fault]]\nat = \"1ms\"\ndisconnect = 1\n"
      "[[fault]]\nat = \"1ms\"\nadd_latency = { broker = 1, extra = \"5ms\", for = \"1s\" }\n"
      "[[fault]]\nat = \"1ms\"\nrefuse = 0\n"
      "[[fault]]\nat = \"1ms\"\nsilent = { broker = 0, for = \"1s\" }\n"
      "[[fault]]\nat = \"1ms\"\nfail_produce = { partition = \"orders-0\", error = "
      "\"NOT_LEADER_FOR_PARTITION\", times = 2, append = true }\n"
      "[[fault]]\nat = \"1ms\"\nlose_response = { partition = \"orders-2\", disconnect = false }\n"
      "[[fault]]\nat = \"1ms\"\nleader = { partition = \"orders-1\", to = 1 }\n"
      "[[fault]]\nwhen = \"batch(3).state == 'in flight'\"\nleader = { partition = \"orders-1\", "
      "to = \"none\" }\n");
  ASSERT_EQ(scenario.faults.size(), 8u);
  const auto fault = [&](std::size_t i) { return scenario.faults[i].fault; };
  EXPECT_EQ(fault(0), Fault{Disconnect{NodeId{1}}});
  EXPECT_EQ(fault(1), (Fault{AddLatency{NodeId{1}, 5ms, 1s}}));
  EXPECT_EQ(fault(2), (Fault{RefuseConnections{NodeId{0}, std::nullopt}}));
  EXPECT_EQ(fault(3), (Fault{FallSilent{NodeId{0}, 1s}}));
  EXPECT_EQ(fault(4),
            (Fault{FailProduce{{"orders", 0}, core::ErrorCode::NotLeaderOrFollower, 2, true}}));
  EXPECT_EQ(fault(5), (Fault{LoseResponse{{"orders", 2}, 1, false}}));
  EXPECT_EQ(fault(6), (Fault{ChangeLeader{{"orders", 1}, NodeId{1}}}));
  EXPECT_EQ(fault(7), (Fault{ChangeLeader{{"orders", 1}, std::nullopt}}));
  EXPECT_EQ(scenario.faults[0].moment.at, Instant{1ms});
  EXPECT_EQ(scenario.faults[0].line, 11);
  EXPECT_EQ(scenario.faults[7].moment.when->text(), "batch(3).state == 'in flight'");
}

TEST(ScenarioParser, ALessonTellsAndExpects) {
  const Scenario scenario = scenario_of(kSmallestScenario +
                                        "[[say]]\nat = \"5ms\"\ntext = \"Look.\"\n"
                                        "[[expect]]\nthat = \"records.acknowledged == 1\"\n"
                                        "because = \"one was sent\"\n");
  EXPECT_EQ(scenario.narration.at(0), (Narration{{Instant{5ms}, std::nullopt}, "Look."}));
  EXPECT_EQ(scenario.expectations.at(0).query.text(), "records.acknowledged == 1");
  EXPECT_EQ(scenario.expectations.at(0).because, "one was sent");
  EXPECT_EQ(scenario.expectations.at(0).line, 12);
}

TEST(ScenarioParser, TopicsCreatedAutomaticallyNeedNoTable) {
  const Scenario scenario = scenario_of(
      "[cluster]\nauto.create.topics.enable = true\nnum.partitions = 2\n"
      "[[thread]]\nrun = [ { send = \"new\", partition = 1 } ]\n");
  EXPECT_EQ(scenario.topics.find("new"), core::TopicId{0});
}

// --- What the README shows ---

// The blocks of TOML in scenarios/README.md. The first is a scenario; the others together are one.
std::vector<std::string> blocks_of_readme() {
  std::ifstream in{LINGER_SOURCE_DIR "/scenarios/README.md"};
  std::vector<std::string> blocks;
  bool is_inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line == "```toml") blocks.emplace_back();
    if (is_inside && line != "```") blocks.back() += line + "\n";
    is_inside = line == "```toml" || (is_inside && line != "```");
  }
  return blocks;
}

TEST(ScenarioParser, TheExamplesInTheReadmeAreRight) {
  const std::vector<std::string> blocks = blocks_of_readme();
  ASSERT_GT(blocks.size(), 2u);
  EXPECT_EQ(mistakes_in(blocks[0]), "");
  std::string others;
  for (std::size_t i = 1; i < blocks.size(); ++i) others += blocks[i];
  EXPECT_EQ(mistakes_in(others), "");
}

// --- What is wrong with the file ---

TEST(ScenarioParser, AFileThatIsNotThereIsAnError) {
  const auto parsed = load_scenario("/no/such/file.toml");
  const auto& errors = std::get<std::vector<ParseError>>(parsed);
  EXPECT_EQ(text(errors),
            "/no/such/file.toml: error: this file cannot be read\n"
            "  fix: check its path\n");
}

TEST(ScenarioParser, AnErrorIsWrittenAsCompilersDo) {
  const auto parsed =
      parse_scenario(kSmallestScenario + "[network]\nlatancy = \"2ms\"\n", "a/b.toml");
  EXPECT_EQ(text(std::get<std::vector<ParseError>>(parsed)),
            "a/b.toml:10:1: error: [network] has no key 'latancy'\n"
            "  fix: did you mean 'latency'?\n");
}

TEST(ScenarioParser, AnEmptyFileLacksAThread) {
  const std::string error =
      "1:1: a scenario needs a [[thread]]: nobody would send anything / such as [[thread]] and run "
      "= [ { send = \"orders\" } ]";
  EXPECT_EQ(mistakes_in(""), error);
  EXPECT_EQ(mistakes_in("# only a comment\n"), error);
}

TEST(ScenarioParser, BrokenTomlIsShownWhereItBreaks) {
  EXPECT_EQ(mistakes_behind("[network]\nlatency = 2ms\n").substr(0, 6), "10:12:");
  EXPECT_NE(mistakes_behind("[network]\nlatency = 2ms\n").find("in quotes: \"2ms\""),
            std::string::npos);
  EXPECT_EQ(mistakes_behind("[network\n").substr(0, 2), "9:");
  EXPECT_EQ(mistakes_behind("[producer]\nlinger.ms = 1\nlinger.ms = 2\n").substr(0, 3), "11:");
  EXPECT_NE(mistakes_in("\xff\xfe"), "");
  EXPECT_NE(mistakes_in(std::string(1, '\0')), "");
  EXPECT_EQ(mistakes_in("\xef\xbb\xbf" + kSmallestScenario), "");
}

TEST(ScenarioParser, SeveralMistakesAreFoundAtOnceInTheOrderOfTheFile) {
  EXPECT_EQ(mistakes_in("seeed = 1\n"
                        "[[topic]]\n"
                        "name = 3\n"
                        "[[thread]]\n"
                        "run = [ { send = \"nobody\" }, { sleep = 5 } ]\n"
                        "[[expect]]\n"
                        "that = \"records.sent = 1\"\n"),
            "1:1: a scenario has no key 'seeed' / did you mean 'seed'?\n"
            "3:8: this is an integer, not a text / write it in quotes\n"
            "5:18: there is no topic 'nobody' / add a [[topic]], or name it in [cluster] "
            "missing_topics if that is the lesson\n"
            "5:40: 5 has no unit / such as \"5ms\"\n"
            "7:22: '=' is no sign of this language / write '=='");
}

TEST(ScenarioParser, AScenarioOfSeveralErasTellsAndExpectsWhatIsOfOne) {
  const std::string text =
      "era = [\"3.9\", \"0.10.2\"]\n[cluster]\nbrokers = 1\n[topic]\nname = \"orders\"\n"
      "[thread]\nrun = [{ send = \"orders\" }]\n"
      "[[say]]\nera = \"3.9\"\nat = \"1ms\"\ntext = \"new\"\n"
      "[[expect]]\nthat = \"step > 1\"\n"
      "[[expect]]\nera = [\"0.10.2\"]\nthat = \"step > 2\"\n";
  const Scenario first = std::get<Scenario>(parse_scenario(text, "f.toml"));
  EXPECT_EQ(first.release, "3.9");
  EXPECT_EQ(first.releases, (std::vector<std::string>{"3.9", "0.10.2"}));
  EXPECT_EQ(first.narration.size(), 1u);
  EXPECT_EQ(first.expectations.size(), 1u);
  const Scenario other = std::get<Scenario>(parse_scenario(text, "f.toml", "0.10.2"));
  EXPECT_EQ(other.era, core::Era::V0_10_2);
  EXPECT_EQ(other.cluster.message_max_bytes, Bytes{1'000'012});
  EXPECT_TRUE(other.narration.empty());
  ASSERT_EQ(other.expectations.size(), 2u);
  EXPECT_EQ(other.expectations[1].query.text(), "step > 2");
}

}  // namespace
}  // namespace linger::sim
