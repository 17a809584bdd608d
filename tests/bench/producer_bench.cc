// Records a second through the producer alone: from send() to the record's completion, with real
// record bytes, checksums, frames and responses; the broker's answers come from memory.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/kafka_producer.h"
#include "core/protocol.h"

namespace linger::core {
namespace {

constexpr NodeId kBroker{0};
constexpr Bytes kRoom{1'000'000'000};
const Millis kStart{Milliseconds{1'700'000'000'000}};

// A warm producer of one topic, whose only broker leads every partition.
KafkaProducer make_producer(std::int32_t partitions, std::int64_t linger_ms) {
  const TopicNames topics{{"t"}};
  KafkaProducer::Settings settings;
  settings.config = std::get<ResolvedConfig>(
      resolve({{"acks", "1"}, {"linger.ms", std::to_string(linger_ms)}}, Era::V3_9));
  settings.topics = topics;
  const Node broker{kBroker, "broker-0", 9092};
  settings.bootstrap = {Node{NodeId{-1}, broker.host, broker.port}};
  KafkaProducer producer{settings, kStart};
  MetadataSnapshot::Contents contents;
  contents.nodes = {broker};
  for (std::int32_t i = 0; i < partitions; ++i) {
    PartitionMetadata partition;
    partition.partition = {TopicId{0}, i};
    partition.leader = kBroker;
    partition.leader_epoch = 0;
    contents.partitions.push_back(partition);
  }
  producer.assume_metadata(std::move(contents), kStart);
  producer.network().assume_connected(broker, {}, kStart);
  producer.network().on_writable(kBroker, kRoom);
  return producer;
}

// The answers to all requests that are wholly written, oldest first.
void answer_all(KafkaProducer& producer, std::int64_t& offset) {
  const ByteVector written = producer.network().take_written(kBroker);
  producer.network().on_writable(kBroker, Bytes{static_cast<std::int64_t>(written.size())});
  const auto& requests = producer.client().in_flight().requests(kBroker);
  for (auto request = requests.rbegin(); request != requests.rend(); ++request) {
    if (!request->send_completed) continue;
    ProduceResponse response;
    response.topics.push_back({"t", {}});
    for (const InFlightBatch& batch : request->batches) {
      ProduceResponsePartition partition;
      partition.index = batch.partition.partition;
      partition.base_offset = offset++;
      response.topics.front().partitions.push_back(std::move(partition));
    }
    producer.network().on_bytes(kBroker, encode_response({.api_key = request->api,
                                                          .api_version = request->version,
                                                          .correlation_id = request->correlation},
                                                         response));
  }
}

// Runs the sender until it would sleep.
void run_sender(KafkaProducer& producer, Millis now, Journal& journal, std::int64_t& offset) {
  for (int idle = 0; idle < 2;) {
    const auto progress = producer.run_sender(now, journal);
    const auto* polling = std::get_if<Sender::Polling>(&progress);
    if (polling == nullptr) continue;
    answer_all(producer, offset);
    idle = producer.has_ready_events() || polling->timeout == 0ms ? 0 : idle + 1;
    if (polling->timeout > 0ms && !producer.has_ready_events()) return;
  }
}

// Arguments: partitions, linger.ms, records a millisecond.
void BM_ProducerAlone(benchmark::State& state) {
  const auto partitions = static_cast<std::int32_t>(state.range(0));
  KafkaProducer producer = make_producer(partitions, state.range(1));
  const std::int64_t burst = state.range(2);
  Journal journal{Journal::Mode::Off};
  const ByteVector value(100, 'x');
  Millis now = kStart;
  std::int64_t record_id = 0;
  std::int64_t offset = 0;
  for (auto _ : state) {
    for (std::int64_t i = 0; i < burst; ++i) {
      ProducerRecord record;
      record.id = RecordId{record_id};
      record.topic = TopicId{0};
      record.partition = static_cast<std::int32_t>(record_id++ % partitions);
      record.value = value;
      SendCall call = producer.begin_send(ThreadId{0}, std::move(record), now, journal);
      benchmark::DoNotOptimize(producer.advance(call, now, journal));
    }
    now += 1ms;
    run_sender(producer, now, journal, offset);
  }
  state.SetItemsProcessed(record_id);
}
BENCHMARK(BM_ProducerAlone)
    ->ArgNames({"partitions", "linger_ms", "burst"})
    ->ArgsProduct({{1, 16, 256}, {0, 5}, {1000, 1}});

}  // namespace
}  // namespace linger::core
