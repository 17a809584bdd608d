// What is wrong with a scenario, and where.
#include <gtest/gtest.h>

#include <string>

#include "support/scenario_mistakes.h"

namespace linger::sim {
namespace {

TEST(ScenarioMistakes, TimesAndSizesHaveUnitsAndAreNotNegative) {
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

TEST(ScenarioMistakes, ARuleForCoordinatorsIsAboutARequestThatTheyAnswer) {
  EXPECT_EQ(mistakes_behind("[[request_rule]]\nerror = \"NOT_COORDINATOR\"\n"),
            "9:1: [[request_rule]] needs 'request' / such as request = \"EndTxn\"");
  EXPECT_EQ(mistakes_behind("[[request_rule]]\nrequest = \"EndTxm\"\n"),
            "10:11: there is no request about coordination 'EndTxm' / did you mean 'EndTxn'?");
  EXPECT_EQ(mistakes_behind("[[request_rule]]\nrequest = \"EndTxn\"\npartition = \"orders-0\"\n"),
            "11:13: EndTxn tells nothing of 'partition' / leave it out; it is about "
            "AddPartitionsToTxn or TxnOffsetCommit");
  EXPECT_EQ(mistakes_behind("[[request_rule]]\nrequest = \"FindCoordinator\"\nof = \"topic\"\n"),
            "11:6: there is no coordinator 'topic' / one of: group, transaction");
  EXPECT_EQ(mistakes_behind("[[request_rule]]\nrequest = \"EndTxn\"\nappends = true\n"),
            "11:1: [[request_rule]] has no key 'appends' / one of: acts, answer, broker, "
            "committed, delay, error, first_request, from, last_request, of, partition, request, "
            "times, until");
}

TEST(ScenarioMistakes, TypesAreChecked) {
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

TEST(ScenarioMistakes, ErasAndRulesMustBeKnownAndAgree) {
  EXPECT_EQ(mistakes_before("era = \"3.8\"\n"), "1:7: there is no era '3.8' / did you mean '2.8'?");
  EXPECT_EQ(mistakes_before("era = \"new\"\n"),
            "1:7: there is no era 'new' / one of: 0.9, 0.10.0, 0.10.2, 0.11, 1.0, 2.0, 2.1, 2.4, "
            "2.5, 2.8, 3.0, 3.2, 3.3, 3.6, 3.7, 3.9, 4.0, 4.2");
  EXPECT_EQ(mistakes_before("rules = { \"KIP-5800\" = false }\n"),
            "1:11: there is no rule 'KIP-5800' / did you mean 'KIP-580'?");
  EXPECT_EQ(mistakes_before("rules = { \"KIP-580\" = 0 }\n"),
            "1:23: this is an integer, not true or false / write true or false, without quotes");
  const std::string contradiction = mistakes_before("rules = { \"KIP-98\" = false }\n");
  EXPECT_EQ(contradiction.substr(0, 5), "1:9: ");
}

TEST(ScenarioMistakes, ARuleNothingActsOnIsBlamedOnItsLine) {
  EXPECT_EQ(mistakes_before("rules = { \"KAFKA-12736\" = false }\n"),
            "1:9: KAFKA-12736 makes no difference here: it changes what Java's heap holds, and "
            "nothing that is sent or told. Leave it as its era has it / ");
}

TEST(ScenarioMistakes, WhatWouldFillTheMemoryIsRefused) {
  EXPECT_EQ(mistakes_before("[cluster]\nbrokers = 1001\n"),
            "2:11: 1001 is out of range / from 1 to 1000");
  EXPECT_EQ(mistakes_behind("[[topic]]\nname = \"audit\"\npartitions = 10001\n"),
            "11:14: 10001 is out of range / from 1 to 10000");
  // 15 million twice: the second line is too much.
  EXPECT_EQ(mistakes_behind("[[thread]]\nname = \"B\"\nrun = [\n"
                            "  { send = \"orders\", count = 15000000 },\n"
                            "  { send = \"orders\", count = 15000000 },\n]\n"),
            "13:30: with these the scenario sends 30000001 records / 20000000 are the most; send "
            "fewer");
}

TEST(ScenarioMistakes, BrokersTopicsAndPartitionsMustExist) {
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

TEST(ScenarioMistakes, SettingsThatTheRealClientRefusesAreRefusedAtTheirLine) {
  EXPECT_EQ(mistakes_behind("[producer]\nlinger.ms = -1\n").substr(0, 7), "10:1: C");
  EXPECT_EQ(mistakes_behind("[producer]\nacks = 1\nlinger.msec = 5\n"),
            "11:1: no client has a setting linger.msec / linger.ms");
  EXPECT_EQ(mistakes_behind("[producer]\nlinger.ms = 1.5\n").substr(0, 7), "10:1: C");
  EXPECT_EQ(mistakes_behind("[producer]\nacks = \"all\"\nacks.x = 1\n").substr(0, 3), "11:");
  EXPECT_EQ(mistakes_behind("[producer]\nlinger.ms = 5\n\"linger.ms\" = 6\n"),
            "11:1: 'linger.ms' is set twice / leave one of them out");
}

TEST(ScenarioMistakes, SettingsThatTheModelCannotActOnAreRefused) {
  EXPECT_EQ(mistakes_behind("[producer]\nsecurity.protocol = \"SSL\"\n").substr(0, 5), "10:1:");
}

TEST(ScenarioMistakes, UserCodeIsChecked) {
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

TEST(ScenarioMistakes, AnActionDoesOneThing) {
  EXPECT_EQ(mistakes_of_action("{ count = 3 }"),
            "7:9: this action does nothing / one of: send, flush, sleep, until, close, "
            "init_transactions, begin_transaction, send_offsets, commit_transaction, "
            "abort_transaction, request_metadata, exit");
  EXPECT_EQ(mistakes_of_action("{ flush = true, exit = true }"),
            "7:9: 'flush' and 'exit' are two actions / give each braces of its own");
  EXPECT_EQ(mistakes_of_action("{ flush = false }"),
            "7:19: 'flush = false' does nothing / leave it out");
  EXPECT_EQ(mistakes_of_action("\"flush\""),
            "7:9: this is a text, not an action / such as { send = \"orders\" }");
  EXPECT_EQ(mistakes_of_action("{ close = \"1500us\" }"),
            "7:19: close() takes whole milliseconds / such as close = \"20ms\"");
  EXPECT_EQ(mistakes_of_action("{ flush = true, count = 2 }"),
            "7:25: an action has no key 'count' / one of: abort_transaction, at, "
            "begin_transaction, close, commit_transaction, exit, flush, init_transactions, "
            "request_metadata, send, send_offsets, sleep, until");
}

TEST(ScenarioMistakes, ASendIsChecked) {
  EXPECT_EQ(mistakes_of_action("{ send = \"order\" }"),
            "7:18: there is no topic 'order' / did you mean 'orders'?");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", partition = 3 }"),
            "7:40: 'orders' has no partition 3 / it has 3; write missing_partition if that is the "
            "lesson");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", missing_partition = 3 }"), "");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", missing_partition = -1 }"),
            "7:48: -1 is out of range / from 0 to 2147483647");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", timestamp = -1 }"),
            "7:40: -1 is out of range / from 0 to 9223372036854775807");
  EXPECT_EQ(mistakes_of_action("{ send = \"orders\", count = 0 }"),
            "7:36: 0 is out of range / from 1 to 20000000");
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

TEST(ScenarioMistakes, AThreadNamesItsProducer) {
  EXPECT_EQ(mistakes_behind("[[producer]]\nname = \"P\"\n[[producer]]\nname = \"Q\"\n"),
            "5:1: this thread does not say which producer it uses / producer = one of: P, Q");
  EXPECT_EQ(mistakes_behind("[[thread]]\nname = \"B\"\nproducer = \"P\"\nrun = []\n"),
            "11:12: there is no producer 'P' / one of: producer");
  EXPECT_EQ(mistakes_behind("[[thread]]\nname = \"A\"\nrun = []\n"),
            "9:1: there are two threads 'A' / give each a name of its own");
  EXPECT_EQ(mistakes_behind("[[thread]]\nname = \"B\"\n"),
            "9:1: [[thread]] needs 'run' / such as run = [ { send = \"orders\" } ]");
}

TEST(ScenarioMistakes, AFaultIsOneThingAtOneMoment) {
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

TEST(ScenarioMistakes, AQueryIsCheckedAgainstTheScenario) {
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

TEST(ScenarioMistakes, WhatIsOfAnEraMustBeOfOneThatTheScenarioHas) {
  EXPECT_EQ(mistakes_before("era = [\"3.9\", \"2.9\"]\n"),
            "1:15: there is no era '2.9' / did you mean '0.9'?");
  EXPECT_EQ(mistakes_behind("[[expect]]\nthat = \"step > 3\"\nera = \"2.8\"\n"),
            "11:7: there is no era of this scenario '2.8' / one of: 3.9");
}

TEST(ScenarioMistakes, AFaultsFieldsAreChecked) {
  const auto of = [](const std::string& fault) {
    return mistakes_behind("[[fault]]\nat = \"1ms\"\n" + fault + "\n");
  };
  EXPECT_EQ(of("refuse = { broker = 0, way = \"both\" }"),
            "11:24: 'refuse' has no key 'way' / one of: broker, for");
  EXPECT_EQ(of("limit_bandwidth = { broker = 0, to = \"0MB/s\" }"),
            "11:38: nothing would ever arrive / such as \"1MB/s\"");
  EXPECT_EQ(of("limit_segments = { broker = 0, size = 0 }"),
            "11:39: 'size' is too small / at least 1");
  EXPECT_EQ(of("drop_segments = 0"),
            "11:17: 'drop_segments' is a table / such as drop_segments = { broker = 1, above = "
            "1400 }");
  EXPECT_EQ(of("add_jitter = { broker = 0, up_to = \"1ms\", way = \"back\" }"),
            "11:49: there is no 'way' 'back' / one of: both, to broker, to client");
  EXPECT_EQ(of("answer_garbage = { broker = 0, what = \"https\" }"),
            "11:39: there is no 'what' 'https' / did you mean 'http'?");
  EXPECT_EQ(of("exit = \"nobody\""), "11:8: there is no producer 'nobody' / one of: producer");
  EXPECT_EQ(of("cut_answer = { broker = 0, after = 3, times = 0 }"),
            "11:47: 0 is out of range / from 1 to 2147483647");
}

}  // namespace
}  // namespace linger::sim
