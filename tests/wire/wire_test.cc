// Every scenario's capture, as Wireshark reads it: nothing is malformed or unexpected, and there
// are the requests and batches that our trace tells of.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "sim/capture.h"
#include "sim/scenario_folder.h"
#include "sim/scenario_parser.h"
#include "sim/world.h"
#include "support/command.h"
#include "support/scenarios.h"
#include "tshark.h"

namespace linger::sim {
namespace {

namespace fs = std::filesystem;
using core::ApiKey;

const fs::path kSource{LINGER_SOURCE_DIR};

// What Wireshark 4.0 reads.
const std::map<ApiKey, std::int16_t> kReadable{
    {ApiKey::Produce, 8},         {ApiKey::Metadata, 9},        {ApiKey::ApiVersions, 3},
    {ApiKey::InitProducerId, 3},  {ApiKey::FindCoordinator, 3}, {ApiKey::AddPartitionsToTxn, 1},
    {ApiKey::AddOffsetsToTxn, 1}, {ApiKey::TxnOffsetCommit, 3}, {ApiKey::EndTxn, 1},
};

struct Captured {
  std::string file;  // its content
  std::vector<TraceEvent> trace;
};

Captured captured(Scenario scenario) {
  scenario.cluster.max_versions = kReadable;
  const auto shared = std::make_shared<const Scenario>(std::move(scenario));
  World world{shared};
  TraceSink sink;
  sink.keeps_traffic = true;
  Capture capture{*shared};
  while (step(world, sink)) capture.add(world, sink.take_traffic());
  return {capture.take(), sink.take()};
}

// What the trace tells of requests, by producer and correlation id.
struct Told {
  using Request = std::pair<std::int32_t, std::int32_t>;
  std::map<Request, std::vector<SeenBatch>> sent;  // made by the producer
  std::multiset<std::int32_t> written;             // handed to the socket, all of it
  std::multiset<std::int32_t> received;            // by a broker, all of it
  std::multiset<SeenBatch> batches_written;
  std::multiset<SeenBatch> batches_received;
};

Told told_by(const std::vector<TraceEvent>& trace) {
  Told told;
  std::map<std::pair<std::int32_t, core::BatchId>, SeenBatch> drained;
  for (const TraceEvent& event : trace) {
    const std::int32_t producer = event.producer ? event.producer->value() : -1;
    if (const auto* batch = event.as<core::BatchDrained>()) {
      drained[{producer, batch->batch}] = {batch->bytes.count(), batch->records, batch->sequence};
    } else if (const auto* sent = event.as<core::RequestSent>()) {
      auto& batches = told.sent[{producer, sent->correlation.value()}];
      for (const core::BatchId id : sent->batches) batches.push_back(drained[{producer, id}]);
    } else if (const auto* written = event.as<core::RequestWritten>()) {
      told.written.insert(written->correlation.value());
      const auto& batches = told.sent[{producer, written->correlation.value()}];
      told.batches_written.insert(batches.begin(), batches.end());
    } else if (const auto* received = event.as<RequestReceived>()) {
      told.received.insert(received->correlation.value());
    } else if (const auto* taken = event.as<BatchWritten>()) {
      told.batches_received.insert({taken->bytes.count(), taken->records, taken->sequence});
    }
  }
  return told;
}

template <class T>
bool is_among(const std::multiset<T>& some, const std::multiset<T>& all) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

bool are_sets(const std::multiset<SeenBatch>& told, const Seen& seen) {
  return seen.batches.empty() && !told.empty();
}

std::int64_t bytes_of(const std::multiset<SeenBatch>& batches) {
  std::int64_t bytes = 0;
  for (const SeenBatch& batch : batches) bytes += batch.size;
  return bytes;
}

// At the producers' end: everything that arrived at a broker was seen leaving; what left and was
// lost on the way, too.
void expect_same(const Told& told, const Seen& seen) {
  EXPECT_TRUE(is_among(told.received, seen.requests));
  EXPECT_TRUE(is_among(seen.requests, told.written));
  if (are_sets(told.batches_written, seen)) {
    EXPECT_GE(seen.bytes_in_sets, bytes_of(told.batches_received));
    EXPECT_LE(seen.bytes_in_sets, bytes_of(told.batches_written));
    return;
  }
  EXPECT_TRUE(is_among(told.batches_received, seen.batches));
  // Where a buffer was used again too early (KAFKA-19012) a broker took what nobody meant to send.
  std::multiset<SeenBatch> sent_or_taken;
  std::set_union(told.batches_written.begin(), told.batches_written.end(),
                 told.batches_received.begin(), told.batches_received.end(),
                 std::inserter(sent_or_taken, sent_or_taken.end()));
  EXPECT_TRUE(is_among(seen.batches, sent_or_taken));
}

Seen seen_by_tshark(const Captured& capture, std::int32_t brokers) {
  const Workplace place;
  place.write("capture.pcapng", capture.file);
  return ask_tshark(place, "capture.pcapng", brokers);
}

void expect_tshark_agrees(const Scenario& scenario) {
  const Captured capture = captured(scenario);
  const Seen seen = seen_by_tshark(capture, scenario.cluster.brokers);
  ASSERT_EQ(seen.error, "");
  EXPECT_TRUE(seen.complaints.empty())
      << seen.complaints.size() << " complaints, first " << seen.complaints.front();
  const Told told = told_by(capture.trace);
  EXPECT_FALSE(seen.requests.empty());
  expect_same(told, seen);
}

std::vector<std::string> scenarios() {
  std::vector<std::string> paths;
  std::error_code error;
  for (const fs::path& file : scenarios_below(kSource / "scenarios", error)) {
    paths.push_back(fs::relative(file, kSource).generic_string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

class Wireshark : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!has_tshark(Workplace{})) GTEST_SKIP() << "tshark is not installed";
  }
};

// In the first of its releases that writes record batches. No message sets: Wireshark 4.0 takes the
// timestamp of format 1 for a part of the key, and finds the golden vectors of the real client
// malformed as well.
TEST_P(Wireshark, AgreesWithTheTrace) {
  const std::string file = (kSource / GetParam()).string();
  ParsedScenario parsed = load_scenario(file);
  ASSERT_TRUE(std::holds_alternative<Scenario>(parsed));
  const std::vector<std::string> releases = std::get<Scenario>(parsed).releases;
  for (const std::string& release : releases) {
    if (std::get<Scenario>(parsed).rules.has(core::Rule::Kip98ProducerId)) break;
    parsed = load_scenario(file, release);
    ASSERT_TRUE(std::holds_alternative<Scenario>(parsed)) << release;
  }
  if (!std::get<Scenario>(parsed).rules.has(core::Rule::Kip98ProducerId)) {
    GTEST_SKIP() << "Wireshark misreads the message sets of its releases";
  }
  expect_tshark_agrees(std::get<Scenario>(parsed));
}

std::string name_of(const testing::TestParamInfo<std::string>& test) {
  std::string name = fs::path{test.param}.replace_extension().generic_string();
  name.erase(0, std::string{"scenarios/"}.size());
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Wireshark, testing::ValuesIn(scenarios()), name_of);

class WiresharkReads : public Wireshark {};

constexpr const char* kSmall = R"(
  [[topic]]
  name = "orders"
  partitions = 2
  [network]
  segment = 200
  [producer]
  batch.size = 600
  linger.ms = 3
  [[thread]]
  run = [ { send = "orders", count = 40, every = "1ms", key = "k{i}" }, { close = true } ]
)";

// Frames in many pieces, a connection that breaks, one that is refused.
TEST_P(WiresharkReads, EveryKindOfTraffic) {
  expect_tshark_agrees(scenario_of(GetParam() + kSmall));
}

INSTANTIATE_TEST_SUITE_P(
    , WiresharkReads,
    testing::Values("", "era = \"2.8\"", "[[fault]]\nat = \"10ms\"\ndisconnect = 0\n",
                    "[[fault]]\nat = \"0ms\"\nrefuse = { broker = 0, for = \"20ms\" }\n"
                    "[[fault]]\nat = \"50ms\"\nstop = 0\n"
                    "[[fault]]\nat = \"90ms\"\nstart = 0\n"));

TEST(WiresharkIsAsked, AndFindsWhatIsWrong) {
  const Workplace place;
  if (!has_tshark(place)) GTEST_SKIP() << "tshark is not installed";
  Captured capture = captured(scenario_of(kSmall));
  // Somewhere in the middle a byte is another one.
  capture.file[capture.file.size() / 2] ^= 1;
  const Seen seen = seen_by_tshark(capture, 1);
  EXPECT_TRUE(!seen.error.empty() || !seen.complaints.empty());
}

}  // namespace
}  // namespace linger::sim
