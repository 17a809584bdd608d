#include "entries.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/check.h"
#include "core/message_set.h"
#include "core/record_batch.h"
#include "sim/conform/comparison.h"
#include "sim/conform/scenario_reader.h"
#include "sim/producer_properties.h"
#include "sim/runner.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"
#include "support/server_side_driver.h"
#include "support/small_world.h"

namespace linger::fuzz {
namespace {

using core::ByteSpan;

// So much of a run is enough to meet what a file can do to a world.
constexpr int kStepsOfARun = 300;

std::string text_of(ByteSpan input) {
  return core::text_of(input);
}

// --- Files ---

bool is_small(const sim::Scenario& scenario) {
  std::size_t partitions = 0;
  for (const sim::TopicSpec& topic : scenario.cluster.topics) partitions += topic.leaders.size();
  std::int64_t memory = 0;
  for (const sim::ProducerSpec& producer : scenario.producers) {
    memory = std::max(memory, producer.config.config.batch_size.count());
  }
  std::int64_t value = 0;
  for (const sim::AppThreadSpec& thread : scenario.threads) {
    for (const sim::AppAction& action : thread.program) {
      const auto* send = std::get_if<sim::SendAction>(&action);
      if (send != nullptr) value = std::max(value, send->value_size.largest.count());
    }
  }
  return scenario.cluster.brokers <= 20 && partitions <= 200 && memory <= 1'000'000 &&
         value <= 100'000 && scenario.producers.size() <= 10;
}

// What is read can be written and read again; what is small enough is run for a while.
void scenario(ByteSpan input) {
  auto parsed = sim::parse_scenario(text_of(input), "fuzzed.toml");
  if (auto* errors = std::get_if<std::vector<sim::ParseError>>(&parsed)) {
    CHECK(!errors->empty() && !text(*errors).empty());
    return;
  }
  const auto read = std::make_shared<const sim::Scenario>(std::get<sim::Scenario>(parsed));
  if (!is_small(*read)) return;
  const std::string written = scenario_text(*read);
  const auto again = sim::parse_scenario(written, "written.toml");
  CHECK(std::holds_alternative<sim::Scenario>(again));
  CHECK(scenario_text(std::get<sim::Scenario>(again)) == written);
  sim::Run run{read, {.until = std::nullopt, .checks_laws = false}};
  for (int i = 0; i < kStepsOfARun && run.step(); ++i) {
  }
}

void properties(ByteSpan input) {
  auto parsed = sim::parse_properties(text_of(input), "fuzzed.properties");
  if (auto* errors = std::get_if<std::vector<sim::ParseError>>(&parsed)) {
    CHECK(!errors->empty());
    return;
  }
  const auto selected = sim::select_settings(
      std::get<std::vector<sim::Property>>(std::move(parsed)), "fuzzed.properties");
  core::GivenSettings given;
  for (const sim::Property& setting : selected.settings) given[setting.key] = setting.value;
  for (const core::Era era : {core::Era::V0_10_2, core::Era::V2_8, core::Era::V3_9}) {
    const auto resolved = core::resolve(given, era);
    const auto* errors = std::get_if<std::vector<core::ConfigError>>(&resolved);
    CHECK(errors == nullptr || !errors->empty());
  }
}

// What was observed of a real producer: the trace, and the scenario beside it.
void trace(ByteSpan input) {
  const std::string text = text_of(input);
  const sim::conform::ObservedTrace read = sim::conform::read_trace(text, "fuzzed.trace");
  for (const std::string& line : read.must) {
    sim::conform::parts_of(line);
    sim::conform::without_choice(line);
  }
  const auto ordered = sim::conform::with_aborts_in_order(read.must);
  if (const auto parted = sim::conform::first_divergence(read.must, ordered)) {
    sim::conform::divergence_text(*parted, read.must, ordered);
  }
  sim::conform::leftovers(read.must, read.should);
}

void observed_scenario(ByteSpan input) {
  for (const core::Era era : {core::Era::V0_10_2, core::Era::V2_8, core::Era::V3_9}) {
    sim::conform::read_scenario(text_of(input), "fuzzed.scenario", era);
  }
}

// --- Bytes on the wire ---

// The first byte says at which moment of its life the client gets the rest, and in what pieces.
void client(ByteSpan input) {
  if (input.empty()) return;
  const std::uint8_t how = input.front();
  ByteSpan rest = input.subspan(1);
  sim::SmallScenario small;
  small.warm = (how & 1) != 0;
  small.settings = {{"enable.idempotence", (how & 2) != 0 ? "true" : "false"}, {"acks", "all"}};
  small.programs = {{sim::send({.count = 2}), sim::send({.partition = {}})}};
  small.limit = std::chrono::seconds{2};
  sim::World world{small.shared()};
  sim::TraceSink sink;
  const int moment = (how >> 2) % 16;
  for (int i = 0; i < 2 * moment && sim::step(world, sink); ++i) {
  }
  const core::NodeId node{small.warm ? 0 : -1};
  const std::size_t piece = (how & 0x40) != 0 ? 3 : 4096;
  while (!rest.empty() && !world.ended) {
    const std::size_t size = std::min(piece, rest.size());
    world.processes.front().producer.network().on_bytes(node, rest.first(size));
    rest = rest.subspan(size);
    for (int i = 0; i < 4; ++i) sim::step(world, sink);
    sink.events.clear();
  }
  for (int i = 0; i < kStepsOfARun && sim::step(world, sink); ++i) {
  }
}

void broker(ByteSpan input) {
  sim::ClusterSpec cluster;
  cluster.auto_create_topics = true;
  sim::TopicSpec topic;
  topic.name = "t";
  topic.leaders = {core::NodeId{0}, core::NodeId{0}};
  cluster.topics = {topic};
  sim::ServerSideDriver driver{
      {.cluster = cluster, .network = {}, .topics = {"t", "u"}, .seed = 1}};
  const sim::ClientSocket socket = sim::ServerSideDriver::socket(0);
  driver.open(socket);
  driver.run_until(sim::at(std::chrono::milliseconds{5}));
  driver.send(socket, {input.begin(), input.end()});
  driver.run_until(sim::at(std::chrono::seconds{60}));
}

// --- Records ---

void record_batch(ByteSpan input) {
  core::decode_batch_header(input);
  core::decode_checked_batch_header(input);
  const auto batches = core::split_batches(input);
  if (!batches.ok()) return;
  for (const ByteSpan each : *batches) {
    const auto batch = core::decode_batch(each);
    if (batch.ok()) {
      CHECK(batch->records.size() == static_cast<std::size_t>(batch->header.record_count));
    }
    const auto header = core::decode_batch_header(each);
    core::ByteVector storage;
    if (header.ok()) core::uncompressed_records(*header, each, storage);
  }
}

void message_set(ByteSpan input) {
  core::MessageSetReader reader{input};
  std::size_t messages = 0;
  while (reader.next()) ++messages;
  CHECK(messages <= input.size());
  const auto records = core::decode_message_set(input);
  const auto summary = core::summarize_message_set(input);
  if (summary.ok()) CHECK(records.ok());
}

constexpr std::array kEntries{
    Entry{"scenario", scenario},
    Entry{"properties", properties},
    Entry{"trace", trace},
    Entry{"observed_scenario", observed_scenario},
    Entry{"client", client},
    Entry{"broker", broker},
    Entry{"record_batch", record_batch},
    Entry{"message_set", message_set},
};

}  // namespace

std::span<const Entry> entries() {
  return kEntries;
}

const Entry* find_entry(std::string_view name) {
  const auto at = std::find_if(kEntries.begin(), kEntries.end(),
                               [&](const Entry& entry) { return entry.name == name; });
  return at == kEntries.end() ? nullptr : &*at;
}

}  // namespace linger::fuzz
