#include "sim/scenario_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/scenario_parser.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

TEST(ScenarioWriter, LeavesOutWhatHasItsDefault) {
  const std::string text =
      "era = \"3.9\"\n"
      "seed = 1\n"
      "\n"
      "[[topic]]\n"
      "name = \"orders\"\n"
      "partitions = 1\n"
      "\n"
      "[[thread]]\n"
      "name = \"A\"\n"
      "run = [\n"
      "  { send = \"orders\" },\n"
      "  { flush = true },\n"
      "]\n";
  EXPECT_EQ(scenario_text(scenario_of(text)), text);
}

TEST(ScenarioWriter, WritesWhatALessonAsksAndOffers) {
  const std::string text =
      "era = \"3.9\"\n"
      "seed = 1\n"
      "\n"
      "[lesson]\n"
      "title = \"Lingering\"\n"
      "order = 3\n"
      "\n"
      "[[topic]]\n"
      "name = \"orders\"\n"
      "partitions = 1\n"
      "\n"
      "[[thread]]\n"
      "name = \"A\"\n"
      "run = [\n"
      "  { send = \"orders\" },\n"
      "]\n"
      "\n"
      "[[ask]]\n"
      "at = \"2ms\"\n"
      "text = \"How many?\"\n"
      "answer = \"batch(0).records\"\n"
      "choices = [\n"
      "  8,\n"
      "  \"records.sent\",\n"
      "  { text = \"{value} of them\", is = 9 },\n"
      "]\n"
      "known_when = \"records.pending == 0\"\n"
      "because = \"so it is\"\n"
      "\n"
      "[[ask]]\n"
      "when = \"records.sent == 1\"\n"
      "text = \"And then?\"\n"
      "choices = [\n"
      "  { text = \"it fails\", that = \"records.failed == 1\" },\n"
      "  { text = \"it does not\", that = \"records.failed == 0\" },\n"
      "]\n"
      "known_at = \"9ms\"\n"
      "\n"
      "[[what_if]]\n"
      "at = \"1ms\"\n"
      "text = \"What if?\"\n"
      "producer = \"producer\"\n"
      "set = { \"linger.ms\" = \"5\" }\n"
      "rules = { \"KIP-580\" = false }\n"
      "era = \"3.9\"\n"
      "then = \"records.failed == 1\"\n"
      "because = \"of that\"\n"
      "disconnect = 0\n";
  EXPECT_EQ(scenario_text(scenario_of(text)), text);
}

TEST(ScenarioWriter, WritesEverythingElse) {
  const std::string text =
      "era = \"2.8\"\n"
      "rules = { \"KAFKA-3720\" = false }\n"
      "seed = \"18446744073709551615\"\n"
      "end = \"2s\"\n"
      "tail = \"1500us\"\n"
      "clock = \"2024-01-01T00:00:00Z\"\n"
      "backoff_jitter = false\n"
      "warm = true\n"
      "\n"
      "[lesson]\n"
      "title = \"Quotes \\\" and \\\\, \\ttabs\"\n"
      "text = \"Two\\nlines\"\n"
      "\n"
      "[cluster]\n"
      "brokers = 3\n"
      "replication_time = \"2ms\"\n"
      "unknown_producer = \"zero\"\n"
      "missing_topics = [\"ghost\"]\n"
      "\n"
      "[[topic]]\n"
      "name = \"orders\"\n"
      "leaders = [2, \"none\"]\n"
      "replication_factor = 3\n"
      "\n"
      "[network]\n"
      "bandwidth = \"10MB/s\"\n"
      "\n"
      "[network.broker.1]\n"
      "latency = \"20ms\"\n"
      "bandwidth = \"unlimited\"\n"
      "\n"
      "[[producer]]\n"
      "name = \"P\"\n"
      "acks = \"all\"\n"
      "linger.ms = 5\n"
      "\"partitioner.class\" = "
      "\"org.apache.kafka.clients.producer.RoundRobinPartitioner\"\n"
      "\n"
      "[[producer.interceptor]]\n"
      "name = \"audit\"\n"
      "on_send = { takes = \"1ms\", topic = \"orders\", value = \"x\" }\n"
      "\n"
      "[producer.key_serializer]\n"
      "throws = \"Error\"\n"
      "only_call = 2\n"
      "\n"
      "[producer.partitioner]\n"
      "partition = 1\n"
      "\n"
      "[[producer.callback]]\n"
      "name = \"slow\"\n"
      "sends_to = \"orders\"\n"
      "\n"
      "[[producer]]\n"
      "name = \"Q\"\n"
      "\n"
      "[[thread]]\n"
      "name = \"A\"\n"
      "producer = \"P\"\n"
      "run = [\n"
      "  { send = \"orders\", count = 3, every = \"1ms\", keys = 2, value_size = [10, \"1KiB\"], "
      "missing_partition = 7, headers = { \"a b\" = \"c\" }, timestamp = 5, wait = true, callback "
      "= \"slow\" },\n"
      "  { close = \"20ms\" },\n"
      "]\n"
      "\n"
      "[[fault]]\n"
      "when = \"batch(0).state == 'in flight'\"\n"
      "fail_produce = { partition = \"orders-0\", error = \"NOT_LEADER_OR_FOLLOWER\", times = 2, "
      "append = true }\n"
      "\n"
      "[[fault]]\n"
      "at = \"1ms\"\n"
      "silent = { broker = 0, for = \"1s\" }\n"
      "\n"
      "[[say]]\n"
      "at = \"5ms\"\n"
      "text = \"Look.\"\n"
      "\n"
      "[[expect]]\n"
      "that = \"records.sent == 3\"\n"
      "because = \"of the thread\"\n";
  EXPECT_EQ(scenario_text(scenario_of(text)), text);
}

TEST(ScenarioWriter, TopicsCreatedAutomaticallyAreNotMissing) {
  const Scenario scenario = scenario_of(
      "[cluster]\nauto.create.topics.enable = true\nmissing_topics = [\"not legal\"]\n"
      "[[thread]]\nrun = [ { send = \"b\" }, { send = \"a\" }, { send = \"not legal\" } ]\n");
  const std::string text = scenario_text(scenario);
  EXPECT_NE(text.find("missing_topics = [\"not legal\"]"), std::string::npos);
  EXPECT_EQ(scenario_text(scenario_of(text)), text);
}

}  // namespace
}  // namespace linger::sim
