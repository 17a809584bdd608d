// `linger run`, as a user runs it.
#include <gtest/gtest.h>

#include <string>

#include "linger_fixture.h"

namespace linger {
namespace {

using RunCommand = Linger;

TEST_F(RunCommand, SumsUpAndHolds) {
  const CommandResult result = linger("run good.toml");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(has(result.out, "A small one\ngood.toml, era 3.9, seed 1\n")) << result.out;
  EXPECT_TRUE(has(result.out, "3 sent")) << result.out;
  EXPECT_TRUE(has(result.out, "3 acknowledged")) << result.out;
  EXPECT_TRUE(has(result.out, "median")) << result.out;
  EXPECT_TRUE(has(result.out, "whole ")) << result.out;
  EXPECT_TRUE(has(result.out, "the expectation holds")) << result.out;
}

TEST_F(RunCommand, TwiceSaysTheSame) {
  EXPECT_EQ(linger("run good.toml --events").out, linger("run good.toml --events").out);
}

TEST_F(RunCommand, SaysWhichExpectationFailsWithBothValues) {
  place_.write(
      "bad.toml",
      std::string{kGood} + "[[expect]]\nthat = \"records.failed == 2\"\nbecause = \"so it is\"\n");
  const CommandResult result = linger("run bad.toml");
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_TRUE(has(result.out, "bad.toml:16: does not hold: records.failed == 2")) << result.out;
  EXPECT_TRUE(has(result.out, "0 == 2")) << result.out;
  EXPECT_TRUE(has(result.out, "because: so it is")) << result.out;
}

TEST_F(RunCommand, QuietlySaysOnlyWhatFails) {
  EXPECT_EQ(linger("run good.toml --quiet").out, "");
  place_.write("bad.toml", std::string{kGood} + "[[expect]]\nthat = \"records.failed == 2\"\n");
  const CommandResult result = linger("run bad.toml --quiet");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(result.out.starts_with("bad.toml:16: does not hold")) << result.out;
}

TEST_F(RunCommand, ListsEventsReadably) {
  const CommandResult result = linger("run good.toml --events");
  EXPECT_TRUE(has(result.out, "orders-0")) << result.out;
  EXPECT_TRUE(has(result.out, "drained")) << result.out;
}

// More than a pipe holds, so that head is gone before all is written.
TEST_F(RunCommand, LeavesNoFileBehindWhenItsReaderHasReadEnough) {
  std::string many{kGood};
  many.replace(many.find("count = 3"), 9, "count = 2000");
  place_.write("many.toml", many);
  const CommandResult result = linger("run many.toml --events --trace out.jsonl | head -1");
  EXPECT_TRUE(has(result.out, "\n")) << result.err;
  EXPECT_EQ(place_.files(), (std::vector<std::string>{"good.toml", "many.toml"}));
}

TEST_F(RunCommand, WritesTheTraceAsJsonLines) {
  const CommandResult result = linger("run good.toml --trace out.jsonl");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(place_.files(), (std::vector<std::string>{"good.toml", "out.jsonl"}));
  const std::string trace = place_.read("out.jsonl");
  EXPECT_TRUE(trace.starts_with("{\"t\":")) << trace.substr(0, 200);
  EXPECT_TRUE(has(trace, "\"event\":\"batch_drained\""));
  EXPECT_TRUE(trace.ends_with("}\n"));
}

TEST_F(RunCommand, WritesTheTraceToThePipeToo) {
  const CommandResult result = linger("run good.toml --quiet --trace - | head -c 5");
  EXPECT_EQ(result.out, "{\"t\":");
  EXPECT_EQ(place_.files(), (std::vector<std::string>{"good.toml"}));
}

TEST_F(RunCommand, ReplacesATraceWholly) {
  place_.write("out.jsonl", "old\n");
  linger("run good.toml --trace out.jsonl");
  EXPECT_TRUE(place_.read("out.jsonl").starts_with("{"));
}

TEST_F(RunCommand, LeavesTheOldTraceIfTheScenarioIsBroken) {
  place_.write("out.jsonl", "old\n");
  place_.write("broken.toml", "[[thread]\n");
  expect_refused("run broken.toml --trace out.jsonl", "broken.toml:1:");
  EXPECT_EQ(place_.read("out.jsonl"), "old\n");
}

TEST_F(RunCommand, LeavesNothingBehindWhenASignalEndsIt) {
  place_.write("long.toml",
               "[[topic]]\nname = \"orders\"\n[producer]\n[[thread]]\nname = \"A\"\n"
               "run = [ { send = \"orders\", count = 20000000, every = \"1ms\" } ]\n");
  for (const std::string signal : {"INT", "TERM", "HUP"}) {
    const CommandResult result = place_.run(
        "timeout -s " + signal + " 1 '" LINGER_BINARY "' run long.toml --trace out.jsonl");
    EXPECT_EQ(result.exit_code, 124) << signal << ": it is over too soon\n" << result.err;
    EXPECT_EQ(place_.files(), (std::vector<std::string>{"good.toml", "long.toml"})) << signal;
  }
}

TEST_F(RunCommand, WritesNothingWhereItCannot) {
  expect_refused("run good.toml --trace nowhere/out.jsonl", "cannot write");
}

TEST_F(RunCommand, IsCutByUntil) {
  const CommandResult result = linger("run good.toml --until 2ms");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(has(result.out, "cut at")) << result.out;
  EXPECT_TRUE(has(result.out, "expectations are not looked at")) << result.out;
}

TEST_F(RunCommand, TakesAnotherEraSettingsAndSeed) {
  const CommandResult era = linger("run good.toml --era 2.8");
  EXPECT_EQ(era.exit_code, 0) << era.err;
  EXPECT_TRUE(has(era.out, "era 2.8")) << era.out;
  const CommandResult set = linger("run good.toml --set linger.ms=0 --set batch.size=100 --seed 7");
  EXPECT_EQ(set.exit_code, 0) << set.err;
  EXPECT_TRUE(has(set.out, "seed 7")) << set.out;
}

TEST_F(RunCommand, TakesTheSettingsOfAPropertiesFile) {
  place_.write("producer.properties",
               "bootstrap.servers=kafka:9092\nlinger.ms=40\nmetric.reporters=a.B\n");
  const CommandResult result = linger("run good.toml --producer-config producer.properties");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(
      result.err,
      "producer.properties:1: warning: bootstrap.servers: the scenario's own brokers are "
      "used\nproducer.properties:3: warning: metric.reporters: known to Kafka, but this model "
      "does not act on it\n");
  EXPECT_NE(result.out, linger("run good.toml").out);
  place_.write("bad.properties", "linger.ms=soon\n");
  expect_refused("run good.toml --producer-config bad.properties",
                 "bad.properties:1: error: ConfigException");
  expect_refused("run good.toml --producer-config none.properties", "cannot be read");
}

TEST_F(RunCommand, LogsWhatTheClientWarnsOfItsSettings) {
  const CommandResult result =
      linger("run good.toml --events --set partitioner.class=DefaultPartitioner");
  EXPECT_TRUE(has(result.out, "DefaultPartitioner is deprecated.")) << result.out;
}

TEST_F(RunCommand, ChecksLawsIfAsked) {
  EXPECT_EQ(linger("run good.toml --laws").exit_code, 0);
}

TEST_F(RunCommand, NamesTheLawsThatKafkaItselfBreaks) {
  const std::string lesson = LINGER_SOURCE_DIR "/scenarios/order/overtaken_retry.toml";
  const CommandResult result = linger("run '" + lesson + "' --laws");
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_TRUE(has(result.out, "laws that Kafka itself breaks here")) << result.out;
  EXPECT_TRUE(has(result.out, "logs keep the order of each thread")) << result.out;
  EXPECT_TRUE(has(result.out, "(several in flight without idempotence)")) << result.out;
  EXPECT_FALSE(has(linger("run good.toml --laws").out, "Kafka itself"));
}

// --- Faults by hand ---

TEST_F(RunCommand, AddsFaultsInTheWordsOfAScenario) {
  const std::string two = R"(run good.toml --events --fault 'at = "1ms", disconnect = 0' )"
                          R"(--fault '{ when = "records.sent == 2", refuse = 0 }')";
  const CommandResult result = linger(two);
  EXPECT_TRUE(has(result.out, "disconnect broker 0")) << result.out << result.err;
  EXPECT_TRUE(has(result.out, "refuse connections to broker 0")) << result.out;
}

TEST_F(RunCommand, RefusesFaultsThatMakeNoSense) {
  expect_refused(R"(run good.toml --fault 'at = "1ms", disconnect = 9')",
                 R"(--fault at = "1ms", disconnect = 9: error: there is no broker 9)");
  expect_refused("run good.toml --fault 'disconnect = 0'", "does not say when");
  expect_refused(R"(run good.toml --fault 'at = "1ms", disconect = 0')", "'disconnect'");
  expect_refused("run good.toml --fault 'at = '", "--fault at = : error:");
}

TEST_F(RunCommand, SavesWhatWasRunWithAllThatWasChangedAndDrawn) {
  place_.write("chance.toml", std::string{kGood} +
                                  "[[random_fault]]\nrate = \"300/s\"\nuntil = \"20ms\"\n"
                                  "of = [{ disconnect = 0 }]\n");
  const std::string run = R"(run chance.toml --set retries=7 )"
                          R"(--fault 'at = "2ms", refuse = { broker = 0, for = "1ms" }')";
  const CommandResult first = linger(run + " --save out.toml");
  const CommandResult again = linger("run out.toml");
  const auto digest = [](const std::string& out) {
    const std::size_t at = out.find("whole");
    return out.substr(at, out.find('\n', at) - at);
  };
  EXPECT_EQ(digest(first.out), digest(again.out)) << first.err << again.err;
  EXPECT_FALSE(has(place_.read("out.toml"), "random_fault"));
  EXPECT_TRUE(has(place_.read("out.toml"), "refuse = { broker = 0, for = \"1ms\" }"));
}

// --- Bad input ---

TEST_F(RunCommand, RefusesWhatIsNoScenario) {
  expect_refused("run", "FILE");
  expect_refused("run missing.toml", "missing.toml: error:");
  expect_refused("run .", ".: error:");
  place_.write("empty.toml", "");
  expect_refused("run empty.toml --trace out.jsonl", "empty.toml:1:1: error:");
}

TEST_F(RunCommand, RefusesMistakesWithTheirPlace) {
  const std::string good{kGood};
  place_.write("unknown_key.toml", "speed = 3\n" + good);
  expect_refused("run unknown_key.toml", "unknown_key.toml:1:1: error:");
  place_.write("wrong_type.toml", "seed = \"many\"\n" + good);
  expect_refused("run wrong_type.toml", "wrong_type.toml:1:8: error:");
  place_.write("negative.toml", "tail = \"-1ms\"\n" + good);
  expect_refused("run negative.toml", "negative.toml:1:8: error:");
  place_.write("broker.toml", good + "[[fault]]\nat = \"1ms\"\ndisconnect = 9\n");
  expect_refused("run broker.toml", "broker.toml:18:14: error:");
  place_.write("config.toml", good + "[producer.x]\n");
  place_.write("refused.toml", good);
  expect_refused("run good.toml --set acks=7", "--set acks=7: error:");
}

TEST_F(RunCommand, RefusesBadArguments) {
  expect_refused("run good.toml --until yesterday", "--until yesterday: error:");
  expect_refused("run good.toml --until -5ms", "-5ms");
  expect_refused("run good.toml --seed x", "--seed x: error: 'x' is no seed");
  expect_refused("run good.toml --era 5", "--era 5: error: there is no era '5'");
  expect_refused("run good.toml --set linger.ms=-1", "--set linger.ms=-1: error:");
  expect_refused("run good.toml --unknown", "--unknown");
  expect_refused("run good.toml good.toml", "good.toml");
}

}  // namespace
}  // namespace linger
