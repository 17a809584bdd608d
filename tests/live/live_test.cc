// The same producer against servers that are not ours: librdkafka's mock cluster on loopback, read
// back with kcat, which checks every batch. Whatever the machine does meanwhile, what was
// acknowledged is in the log.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "child_process.h"
#include "support/command.h"

namespace linger {
namespace {

using namespace std::chrono_literals;

// A second and a half of records that say who they are.
std::string scenario_with(const std::string& settings) {
  return "limit = \"60s\"\n\n[[topic]]\nname = \"orders\"\npartitions = 3\n\n[producer]\n" +
         settings +
         "linger.ms = 5\nrequest.timeout.ms = 3000\ndelivery.timeout.ms = 40000\n"
         "reconnect.backoff.ms = 20\nretry.backoff.ms = 20\n\n[[thread]]\nrun = [\n"
         "  { send = \"orders\", count = 500, every = \"3ms\", key = \"k{i}\", value = \"{id}\" "
         "},\n  { close = true },\n]\n";
}

using Record = std::int64_t;
struct Place {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

class Live : public testing::Test {
 protected:
  void SetUp() override {
    if (place_.run("command -v kcat").exit_code != 0) GTEST_SKIP() << "kcat is not installed";
    brokers_ = cluster_.read_line();
    ASSERT_FALSE(brokers_.empty()) << "the mock cluster did not start";
  }

  std::vector<std::string> live(const std::string& scenario) const {
    place_.write("scenario.toml", scenario);
    return {LINGER_BINARY, "live",    "scenario.toml", "--bootstrap",     brokers_, "--record",
            "run.toml",    "--trace", "trace.jsonl",   "--close-timeout", "20s"};
  }
  std::string directory() const { return place_.path(""); }

  // From the trace: what was acknowledged, and where.
  std::map<Record, Place> acknowledged() const {
    std::map<Record, Place> found;
    for_each_event([&](const nlohmann::json& event) {
      if (event["event"] != "record_completed" || event.contains("error")) return;
      const auto partition = event["partition"].get<std::string>();
      found[event["record"]] = {std::stoi(partition.substr(partition.rfind('-') + 1)),
                                event["offset"]};
    });
    return found;
  }
  std::int64_t count(const std::string& name) const {
    std::int64_t count = 0;
    for_each_event([&](const nlohmann::json& event) { count += event["event"] == name ? 1 : 0; });
    return count;
  }

  // From the brokers: who stands where. A bad checksum ends kcat with an error.
  std::map<Place, Record> logged() const {
    const CommandResult result =
        place_.run("timeout 60 kcat -C -b " + brokers_ +
                   " -t orders -o beginning -e -q -X check.crcs=true -X broker.address.ttl=0"
                   " -f '%p %o %s\\n'");
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err.find("CRC"), std::string::npos) << result.err;
    std::map<Place, Record> found;
    std::istringstream lines{result.out};
    Place place;
    for (Record record = 0; lines >> place.partition >> place.offset >> record;) {
      found[place] = record;
    }
    return found;
  }

  void expect_acknowledged_are_logged() const {
    const auto log = logged();
    const auto told = acknowledged();
    EXPECT_FALSE(told.empty());
    for (const auto& [record, place] : told) {
      const auto at = log.find(place);
      ASSERT_NE(at, log.end()) << "record " << record << " is lost";
      EXPECT_EQ(at->second, record) << place.partition << "/" << place.offset;
    }
  }
  // With one request in flight nothing overtakes: what stands there twice was sent twice.
  void expect_first_occurrences_in_order() const {
    std::map<std::int32_t, Record> last;
    std::set<Record> seen;
    for (const auto& [place, record] : logged()) {
      if (!seen.insert(record).second) continue;
      const auto before = last.find(place.partition);
      if (before != last.end()) {
        EXPECT_LT(before->second, record);
      }
      last[place.partition] = record;
    }
  }
  void expect_replay_is_the_same() const {
    const CommandResult replay =
        place_.run(std::string{"'"} + LINGER_BINARY + "' replay run.toml --trace again.jsonl");
    EXPECT_EQ(replay.exit_code, 0) << replay.out << replay.err;
    EXPECT_NE(replay.out.find("the same trace as recorded"), std::string::npos) << replay.out;
    EXPECT_TRUE(place_.read("again.jsonl") == place_.read("trace.jsonl"));
  }

  Workplace place_;
  ChildProcess cluster_{{LINGER_MOCK_CLUSTER, "3", "orders:3"}};
  std::string brokers_;

 private:
  template <class Visit>
  void for_each_event(Visit visit) const {
    std::istringstream lines{place_.read("trace.jsonl")};
    for (std::string line; std::getline(lines, line);) visit(nlohmann::json::parse(line));
  }
};

// Runs the scenario while a broker goes and comes back.
class LiveWithAcks : public Live, public testing::WithParamInterface<const char*> {};

TEST_P(LiveWithAcks, WhatIsAcknowledgedIsInTheLogThoughABrokerGoesAndComesBack) {
  ChildProcess run{live(scenario_with(GetParam())), directory()};
  EXPECT_NE(run.read_line().find("live: scenario.toml"), std::string::npos);
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(cluster_.ask("down 2"), "ok");
  std::this_thread::sleep_for(500ms);
  EXPECT_EQ(cluster_.ask("up 2"), "ok");
  const auto status = run.wait(100s);
  ASSERT_TRUE(status) << "it does not end";
  EXPECT_EQ(count("record_completed"), 500);
  EXPECT_EQ(*status, acknowledged().size() == 500 ? 0 : 1);
  expect_acknowledged_are_logged();
  expect_first_occurrences_in_order();
  expect_replay_is_the_same();
}

INSTANTIATE_TEST_SUITE_P(
    , LiveWithAcks,
    testing::Values(
        "acks = 1\nenable.idempotence = false\nmax.in.flight.requests.per.connection = 1\n",
        "acks = \"all\"\nenable.idempotence = false\nmax.in.flight.requests.per.connection = 1\n",
        "acks = \"all\"\nenable.idempotence = true\nmax.in.flight.requests.per.connection = 1\n"),
    [](const auto& test) {
      const std::string settings = test.param;
      if (settings.find("= true") != std::string::npos) return "AcksAllAndIdempotence";
      return settings.find("acks = 1") != std::string::npos ? "Acks1" : "AcksAll";
    });

TEST_F(Live, CompressedBatchesAreGood) {
  ChildProcess run{live(scenario_with("compression.type = \"lz4\"\nenable.idempotence = false\n")),
                   directory()};
  const auto status = run.wait(100s);
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, 0);
  expect_acknowledged_are_logged();
}

TEST_F(Live, AnEarlierEraSpeaksToIt) {
  auto words = live(scenario_with(""));
  words.insert(words.end(), {"--era", "2.8"});
  ChildProcess run{words, directory()};
  const auto status = run.wait(100s);
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, 0);
  EXPECT_EQ(acknowledged().size(), 500u);
  expect_replay_is_the_same();
}

// The mock cluster takes record batches of format 2 alone, and says so of the message sets of
// 0.10.2.
TEST_F(Live, TheOldestEraIsUnderstoodAndItsFormatRefused) {
  auto words = live(scenario_with(""));
  words.insert(words.end(), {"--era", "0.10.2"});
  ChildProcess run{words, directory()};
  const auto status = run.wait(100s);
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, 1);
  EXPECT_EQ(count("record_completed"), 500);
  EXPECT_EQ(acknowledged().size(), 0u);
  expect_replay_is_the_same();
}

TEST_F(Live, CtrlCFlushesAndClosesAndTheRunIsRecorded) {
  std::string scenario = scenario_with("");
  scenario.replace(scenario.find("count = 500"), 11, "count = 9999");
  ChildProcess run{live(scenario), directory()};
  run.read_line();
  std::this_thread::sleep_for(600ms);
  run.send_signal(SIGINT);
  const auto status = run.wait(60s);
  ASSERT_TRUE(status) << "it does not end";
  EXPECT_EQ(*status, 0) << "everything sent was acknowledged before it ended";
  EXPECT_LT(count("send_called"), 9999);
  EXPECT_EQ(count("send_called"), static_cast<std::int64_t>(acknowledged().size()));
  EXPECT_EQ(count("close_ended"), 1);
  expect_acknowledged_are_logged();
  expect_replay_is_the_same();
}

// --- What can be wrong with the address ---

TEST(LiveAddress, NobodyIsThere) {
  const Workplace place;
  place.write("scenario.toml", scenario_with(""));
  const CommandResult result =
      place.run(std::string{"'"} + LINGER_BINARY + "' live scenario.toml --bootstrap 127.0.0.1:1");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err,
            "--bootstrap 127.0.0.1:1: error: cannot connect to 127.0.0.1:1: Connection refused\n"
            "  fix: the address of a Kafka broker's plaintext listener\n");
  EXPECT_EQ(place.files(), (std::vector<std::string>{"scenario.toml"}));
}

TEST(LiveAddress, WhoIsThereIsNoKafkaBroker) {
  ChildProcess server{{LINGER_MOCK_CLUSTER, "http"}};
  const std::string address = server.read_line();
  const Workplace place;
  place.write("scenario.toml", scenario_with(""));
  const CommandResult result =
      place.run(std::string{"'"} + LINGER_BINARY + "' live scenario.toml --bootstrap " + address);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find(address + " does not answer as a Kafka broker does: its answer begins "
                                      "with 'HTTP'"),
            std::string::npos)
      << result.err;
}

TEST(LiveAddress, ItIsNoAddress) {
  const Workplace place;
  place.write("scenario.toml", scenario_with(""));
  const CommandResult result =
      place.run(std::string{"'"} + LINGER_BINARY + "' live scenario.toml --bootstrap localhost");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err,
            "--bootstrap localhost: error: 'localhost' is no address of a broker\n"
            "  fix: a host and a port, such as localhost:9092\n");
}

}  // namespace
}  // namespace linger
