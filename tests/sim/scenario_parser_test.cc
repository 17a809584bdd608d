#include "sim/scenario_parser.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/units.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

// The least that is a scenario: eight lines.
const std::string kSmallest =
    "[[topic]]\n"
    "name = \"orders\"\n"
    "partitions = 3\n"
    "\n"
    "[[thread]]\n"
    "name = \"A\"\n"
    "run = [ { send = \"orders\" } ]\n"
    "\n";

Scenario scenario_of(std::string_view text) {
  auto parsed = parse_scenario(text, "test.toml");
  const auto* errors = std::get_if<std::vector<ParseError>>(&parsed);
  EXPECT_EQ(errors, nullptr) << (errors ? sim::text(*errors) : "");
  return errors ? Scenario{} : std::get<Scenario>(std::move(parsed));
}

// "9:1: message / fix", one line for each mistake.
std::string mistakes_in(std::string_view text) {
  const auto parsed = parse_scenario(text, "test.toml");
  const auto* errors = std::get_if<std::vector<ParseError>>(&parsed);
  if (errors == nullptr) return "";
  std::string lines;
  for (const ParseError& error : *errors) {
    EXPECT_EQ(error.file, "test.toml");
    lines += (lines.empty() ? "" : "\n") + std::to_string(error.line) + ":" +
             std::to_string(error.column) + ": " + error.message + " / " + error.fix;
  }
  return lines;
}

// Of the smallest scenario with these lines behind it, which begin at line 9.
std::string mistakes_behind(const std::string& lines) {
  return mistakes_in(kSmallest + lines);
}
// Of these lines in front of it.
std::string mistakes_before(const std::string& lines) {
  return mistakes_in(lines + kSmallest);
}
// Of this action in the place of its only one, at line 7, column 9.
std::string mistakes_of_action(const std::string& action) {
  return mistakes_in(kSmallest.substr(0, kSmallest.find("{ send")) + action + " ]\n");
}

// --- What is right -------------------------------------------------------------------------------

TEST(ScenarioParser, TheSmallestScenarioHasDefaults) {
  const Scenario scenario = scenario_of(kSmallest);
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
      kSmallest);
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
      kSmallest);
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
  const Scenario scenario = scenario_of(kSmallest +
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
      kSmallest +
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
      "[cluster]\nbrokers = 2\n" + kSmallest +
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
  const Scenario scenario = scenario_of(kSmallest +
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

// --- What is wrong with the file -----------------------------------------------------------------

TEST(ScenarioParser, AFileThatIsNotThereIsAnError) {
  const auto parsed = load_scenario("/no/such/file.toml");
  const auto& errors = std::get<std::vector<ParseError>>(parsed);
  EXPECT_EQ(text(errors),
            "/no/such/file.toml: error: this file cannot be read\n"
            "  fix: check its path\n");
}

TEST(ScenarioParser, AnErrorIsWrittenAsCompilersDo) {
  const auto parsed = parse_scenario(kSmallest + "[network]\nlatancy = \"2ms\"\n", "a/b.toml");
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
  EXPECT_EQ(mistakes_in("\xef\xbb\xbf" + kSmallest), "");
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

// --- What is wrong with a value ------------------------------------------------------------------

TEST(ScenarioParser, TimesAndSizesHaveUnitsAndAreNotNegative) {
  EXPECT_EQ(mistakes_before("tail = 5\n"), "1:8: 5 has no unit / such as \"5ms\"");
  EXPECT_EQ(mistakes_before("tail = -5\n"),
            "1:8: -5 is negative / a time is 0 or more, such as \"5ms\"");
  EXPECT_EQ(mistakes_before("tail = \"-5ms\"\n"),
            "1:8: '-5ms' is negative / a time is 0 or more, such as 5ms");
  EXPECT_EQ(mistakes_before("tail = 1.5\n"),
            "1:8: this is a fraction or a date, not a time / a number and a unit in quotes, such "
            "as \"5ms\"");
  EXPECT_EQ(mistakes_before("tail = 0\n"), "");
  EXPECT_EQ(mistakes_behind("[network]\nsegment = -1\n"),
            "10:11: '-1' is negative / a size is 0 or more, such as 16KiB");
  EXPECT_EQ(mistakes_behind("[network]\nsegment = 0\n"),
            "10:11: a segment has at least 1 byte / such as 1460");
  EXPECT_EQ(mistakes_behind("[network]\nbandwidth = \"10MB\"\n"),
            "10:13: '10MB' is no bandwidth / a size each second, such as 10MB/s");
  EXPECT_EQ(mistakes_behind("[network]\nbandwidth = \"0MB/s\"\n"),
            "10:13: nothing would ever arrive / such as 10MB/s");
}

TEST(ScenarioParser, TypesAreChecked) {
  EXPECT_EQ(mistakes_before("warm = \"yes\"\n"),
            "1:8: this is a text, not true or false / write true or false, without quotes");
  EXPECT_EQ(mistakes_before("seed = -1\n"),
            "1:8: -1 is out of range / from 0 to 9223372036854775807");
  EXPECT_EQ(mistakes_before("seed = \"x\"\n"),
            "1:8: 'x' is no seed / an integer from 0 to 18446744073709551615");
  EXPECT_EQ(mistakes_before("clock = \"noon\"\n"),
            "1:9: 'noon' is no date and time / in UTC and since 1970, such as "
            "2023-11-14T22:13:20Z");
  EXPECT_EQ(mistakes_before("cluster = 3\n"),
            "1:11: 'cluster' is a table / such as [cluster] and brokers = 3");
  EXPECT_EQ(mistakes_before("fault = 3\n"),
            "1:9: this is an integer, not a table / [[fault]] and its keys below it");
  EXPECT_EQ(mistakes_before("fault = [3]\n"),
            "1:10: this is an integer, not a table / [[fault]] and its keys below it");
}

TEST(ScenarioParser, ErasAndRulesMustBeKnownAndAgree) {
  EXPECT_EQ(mistakes_before("era = \"3.8\"\n"), "1:7: there is no era '3.8' / did you mean '2.8'?");
  EXPECT_EQ(mistakes_before("era = \"new\"\n"),
            "1:7: there is no era 'new' / one of: 0.10.2, 2.8, 3.9");
  EXPECT_EQ(mistakes_before("rules = { \"KIP-5800\" = false }\n"),
            "1:11: there is no rule 'KIP-5800' / did you mean 'KIP-580'?");
  EXPECT_EQ(mistakes_before("rules = { \"KIP-580\" = 0 }\n"),
            "1:23: this is an integer, not true or false / write true or false, without quotes");
  const std::string contradiction = mistakes_before("rules = { \"KIP-98\" = false }\n");
  EXPECT_EQ(contradiction.substr(0, 5), "1:9: ");
}

TEST(ScenarioParser, BrokersTopicsAndPartitionsMustExist) {
  EXPECT_EQ(mistakes_behind("[[topic]]\nname = \"audit\"\nleaders = [0, 1]\n"),
            "11:15: there is no broker 1 / the only broker is 0; [cluster] brokers = 2 gives a "
            "second");
  EXPECT_EQ(mistakes_before("[cluster]\nbrokers = 3\n[network.broker.3]\nlatency = \"1ms\"\n"),
            "3:17: there is no broker 3 / brokers are numbered 0 to 2");
  EXPECT_EQ(mistakes_behind("[network.broker.one]\n"),
            "9:17: 'one' is no broker's number / such as [network.broker.0]");
  EXPECT_EQ(mistakes_behind("[[fault]]\nat = \"1ms\"\ndisconnect = \"one\"\n"),
            "11:14: this is a text, not a broker / a broker is named by its number, such as 0");
  EXPECT_EQ(mistakes_behind("[[fault]]\nat = \"1ms\"\nleader = { partition = \"orders-3\", to = 0 }"
                            "\n"),
            "11:24: there is no partition orders-3 / they are orders-0 to orders-2");
  EXPECT_EQ(mistakes_behind("[[fault]]\nat = \"1ms\"\nleader = { partition = \"order-0\", to = 0 }"
                            "\n"),
            "11:24: there is no topic 'order' / did you mean 'orders'?");
  EXPECT_EQ(mistakes_behind("[[topic]]\nname = \"orders\"\n"),
            "9:1: there are two topics 'orders' / give each topic one [[topic]] table");
  EXPECT_EQ(mistakes_behind("[[topic]]\nname = \"my topic\"\n"),
            "10:8: 'my topic' is no legal name of a topic / at most 249 letters, digits, '.', '_' "
            "and '-'");
  EXPECT_EQ(mistakes_behind("[[topic]]\nname = \"b\"\nleaders = [0]\npartitions = 1\n"),
            "12:14: 'leaders' and 'partitions' exclude each other / leave one of them out");
}

TEST(ScenarioParser, SettingsThatTheRealClientRefusesAreRefusedAtTheirLine) {
  EXPECT_EQ(mistakes_behind("[producer]\nlinger.ms = -1\n").substr(0, 7), "10:1: C");
  EXPECT_EQ(mistakes_behind("[producer]\nacks = 1\nlinger.msec = 5\n"),
            "11:1: no client has a setting linger.msec / linger.ms");
  EXPECT_EQ(mistakes_behind("[producer]\nlinger.ms = 1.5\n").substr(0, 7), "10:1: C");
  EXPECT_EQ(mistakes_behind("[producer]\nacks = \"all\"\nacks.x = 1\n").substr(0, 3), "11:");
  EXPECT_EQ(mistakes_behind("[producer]\nlinger.ms = 5\n\"linger.ms\" = 6\n"),
            "11:1: 'linger.ms' is set twice / leave one of them out");
}

TEST(ScenarioParser, SettingsThatTheModelCannotActOnAreRefused) {
  EXPECT_EQ(mistakes_behind("[producer]\ntransactional.id = \"t\"\n").substr(0, 5), "10:1:");
}

TEST(ScenarioParser, UserCodeIsChecked) {
  EXPECT_EQ(mistakes_behind("[producer.partitioner]\nthrows = \"RuntimException\"\n"),
            "10:10: 'RuntimException' is no exception that the client knows / did you mean "
            "'RuntimeException'?");
  EXPECT_EQ(mistakes_behind("[producer.partitioner]\npartition = \"x\"\n"),
            "10:13: this is a text, not an integer / write it without quotes, such as 3");
  EXPECT_EQ(mistakes_behind("[[producer.callback]]\ntakes = \"1ms\"\n"),
            "9:1: [[producer.callback]] needs 'name' / such as name = \"slow\"");
  EXPECT_EQ(mistakes_behind("[producer.key_serializer]\nsends_to = \"orders\"\n").substr(0, 53),
            "10:1: [producer.key_serializer] has no key 'sends_to'");
}

TEST(ScenarioParser, AnActionDoesOneThing) {
  EXPECT_EQ(mistakes_of_action("{ count = 3 }"),
            "7:9: this action does nothing / one of: send, flush, sleep, until, close, exit");
  EXPECT_EQ(mistakes_of_action("{ flush = true, exit = true }"),
            "7:9: 'flush' and 'exit' are two actions / give each braces of its own");
  EXPECT_EQ(mistakes_of_action("{ flush = false }"),
            "7:19: 'flush = false' does nothing / leave it out");
  EXPECT_EQ(mistakes_of_action("\"flush\""),
            "7:9: this is a text, not an action / such as { send = \"orders\" }");
  EXPECT_EQ(mistakes_of_action("{ close = \"1500us\" }"),
            "7:19: close() takes whole milliseconds / such as close = \"20ms\"");
  EXPECT_EQ(mistakes_of_action("{ flush = true, count = 2 }"),
            "7:25: an action has no key 'count' / one of: at, close, exit, flush, send, sleep, "
            "until");
}

TEST(ScenarioParser, ASendIsChecked) {
  EXPECT_EQ(mistakes_of_action("{ send = \"order\" }"),
            "7:18: there is no topic 'order' / did you mean 'orders'?");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", partition = 3 }"),
            "7:40: 'orders' has no partition 3 / it has 3; write missing_partition if that is the "
            "lesson");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", missing_partition = 3 }"), "");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", count = 0 }"),
            "7:36: 0 is out of range / from 1 to 1000000000");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", key = \"a\", keys = 3 }"),
            "7:46: 'key' and 'keys' exclude each other / leave one of them out");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", value_size = [3] }"),
            "7:41: a range has two ends / such as value_size = [50, 200]");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", value_size = [3, 2] }"),
            "7:41: the second size is below the first / write the smaller one first");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", callback = \"slow\" }"),
            "7:39: there is no callback 'slow' / there is no callback at all");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", cuont = 2 }"),
            "7:28: an action has no key 'cuont' / did you mean 'count'?");
}

TEST(ScenarioParser, AThreadNamesItsProducer) {
  EXPECT_EQ(mistakes_behind("[[producer]]\nname = \"P\"\n[[producer]]\nname = \"Q\"\n"),
            "5:1: this thread does not say which producer it uses / producer = one of: P, Q");
  EXPECT_EQ(mistakes_behind("[[thread]]\nname = \"B\"\nproducer = \"P\"\nrun = []\n"),
            "11:12: there is no producer 'P' / one of: producer");
  EXPECT_EQ(mistakes_behind("[[thread]]\nname = \"A\"\nrun = []\n"),
            "9:1: there are two threads 'A' / give each a name of its own");
  EXPECT_EQ(mistakes_behind("[[thread]]\nname = \"B\"\n"),
            "9:1: [[thread]] needs 'run' / such as run = [ { send = \"orders\" } ]");
}

TEST(ScenarioParser, AFaultIsOneThingAtOneMoment) {
  EXPECT_EQ(mistakes_behind("[[fault]]\ndisconnect = 0\n"),
            "9:1: [[fault]] does not say when / such as at = \"10ms\" or when = \"batch(3).state "
            "== 'in flight'\"");
  EXPECT_EQ(mistakes_behind("[[fault]]\nat = \"1ms\"\nwhen = \"step > 3\"\ndisconnect = 0\n"),
            "11:8: 'at' and 'when' exclude each other / leave one of them out");
  EXPECT_EQ(mistakes_behind("[[fault]]\nat = \"1ms\"\n"),
            "9:1: this fault does nothing / such as disconnect = 0");
  EXPECT_EQ(mistakes_behind("[[fault]]\nat = \"1ms\"\ndisconnect = 0\nsilent = 0\n"),
            "9:1: these are several faults / give each a [[fault]] table of its own");
  EXPECT_EQ(mistakes_behind("[[fault]]\nat = \"1ms\"\nfail_produce = { partition = \"orders-0\", "
                            "error = \"NOT_LEADR_OR_FOLLOWER\" }\n"),
            "11:50: there is no error of the protocol 'NOT_LEADR_OR_FOLLOWER' / did you mean "
            "'NOT_LEADER_OR_FOLLOWER'?");
  EXPECT_EQ(mistakes_behind("[[fault]]\nat = \"1ms\"\nadd_latency = { broker = 0 }\n"),
            "11:15: 'add_latency' needs 'extra' / such as extra = \"5ms\"");
}

TEST(ScenarioParser, AQueryIsCheckedAgainstTheScenario) {
  const auto expecting = [](const std::string& query) {
    return mistakes_behind("[[expect]]\nthat = \"" + query + "\"\n");
  };
  EXPECT_EQ(expecting("log('orders-3').records == 1"),
            "10:13: there is no partition orders-3 / they are orders-0 to orders-2");
  EXPECT_EQ(expecting("broker(1).state == 'up'"),
            "10:16: there is no broker 1 / the only broker is 0; [cluster] brokers = 2 gives a "
            "second");
  EXPECT_EQ(expecting("thread('B').state == 'ended'"),
            "10:16: there is no thread 'B' / did you mean 'A'?");
  EXPECT_EQ(expecting("producer('P').pool.total > 0"),
            "10:18: there is no producer 'P' / one of: producer");
  EXPECT_EQ(expecting("records.sent"),
            "10:9: this is an integer, not true or false / compare it with something");
  EXPECT_EQ(mistakes_behind("[[expect]]\nthat = '''\npool.x > 0'''\n"),
            "10:8: 'pool' has no 'x' / one of: total, available, non_pooled, free_buffers, "
            "waiters, lost");
}

}  // namespace
}  // namespace linger::sim
