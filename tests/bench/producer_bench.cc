// Records a second through the producer alone: from send() to the record's callback, with real
// record bytes, checksums, frames and responses; the broker's answers come from memory.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/check.h"
#include "core/kafka_producer.h"
#include "core/protocol.h"
#include "figure.h"

namespace linger::core {
namespace {

using bench::Wanted;

constexpr NodeId kBroker{0};
constexpr Bytes kRoom{1'000'000'000};
constexpr Bytes kBatchSize{16'384};
const Millis kStart{Milliseconds{1'700'000'000'000}};

// A warm producer of one topic, whose only broker leads every partition, and its application.
class Load {
 public:
  struct Settings {
    std::int32_t partitions = 1;
    std::int64_t linger_ms = 0;
    bool is_sticky = false;  // records name no partition; else one after the other
    Bytes buffer_memory{33'554'432};
  };

  explicit Load(const Settings& settings) : settings_{settings}, producer_{make(settings)} {
    record_.topic = TopicId{0};
    record_.value = ByteVector(100, 'x');
    record_.callback = CallbackId{0};
  }

  // One millisecond in which so many records are sent, and then the sender does what it can.
  void send(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) send_one();
    now_ += 1ms;
    run_sender();
  }

  // A record for each partition, a few at a time.
  void use_each_partition() {
    constexpr std::int32_t kAtATime = 10;
    for (std::int32_t partition = 0; partition < settings_.partitions; ++partition) {
      record_.partition = partition;
      send_one();
      if (partition % kAtATime == 0) send(0);
    }
    send(0);
    record_.partition.reset();
  }

 private:
  static KafkaProducer make(const Settings& settings) {
    const TopicNames topics{{"t"}};
    KafkaProducer::Settings made;
    made.config = std::get<ResolvedConfig>(
        resolve({{"acks", "1"},
                 {"linger.ms", std::to_string(settings.linger_ms)},
                 // What answers knows of produce requests alone, however long a run is.
                 {"metadata.max.age.ms", "86400000"},
                 {"connections.max.idle.ms", "-1"},
                 {"batch.size", std::to_string(kBatchSize.count())},
                 {"buffer.memory", std::to_string(settings.buffer_memory.count())}},
                Era::V3_9));
    made.topics = topics;
    const Node broker{kBroker, "broker-0", 9092};
    made.bootstrap = {Node{NodeId{-1}, broker.host, broker.port}};
    KafkaProducer producer{made, kStart};
    MetadataSnapshot::Contents contents;
    contents.nodes = {broker};
    for (std::int32_t i = 0; i < settings.partitions; ++i) {
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

  // The record, and its value, are the application's, which sends them again and again.
  void send_one() {
    record_.id = RecordId{next_record_++};
    if (!settings_.is_sticky) {
      record_.partition = static_cast<std::int32_t>(record_.id.value() % settings_.partitions);
    }
    constexpr auto kDropped = KafkaProducer::FutureIs::Dropped;
    if (producer_.send_at_once(ThreadId{0}, record_, kDropped, now_, journal_)) return;
    SendCall call = producer_.begin_send(ThreadId{0}, std::move(record_), now_, journal_);
    const auto progress = producer_.advance(call, now_, journal_);
    CHECK(std::holds_alternative<KafkaProducer::SendDone>(progress));
    record_ = std::move(call.record);
  }

  // Until it would sleep.
  void run_sender() {
    auto progress = producer_.run_sender(now_, journal_);
    for (int idle = 0; idle < 2;) {
      if (auto* callback = std::get_if<UserCall>(&progress)) {
        while (producer_.next_callback(*callback, journal_)) {
        }
        progress = producer_.answer_sender({}, now_, journal_);
        continue;
      }
      const auto* polling = std::get_if<Sender::Polling>(&progress);
      if (polling != nullptr) {
        answer_all();
        const bool has_more = producer_.has_ready_events();
        idle = has_more || polling->timeout == 0ms ? 0 : idle + 1;
        if (polling->timeout > 0ms && !has_more) return;
      }
      progress = producer_.run_sender(now_, journal_);
    }
  }

  // Answers all requests that are wholly written, oldest first.
  void answer_all() {
    const ByteVector written = producer_.network().take_written(kBroker);
    producer_.network().on_writable(kBroker, Bytes{static_cast<std::int64_t>(written.size())});
    const auto& requests = producer_.client().in_flight().requests(kBroker);
    for (auto request = requests.rbegin(); request != requests.rend(); ++request) {
      if (!request->send_completed || request->correlation <= answered_) continue;
      answered_ = request->correlation;
      auto& partitions = std::get<ProduceResponse>(answer_).topics.front().partitions;
      partitions.resize(request->batches.size());
      for (std::size_t i = 0; i < partitions.size(); ++i) {
        partitions[i].index = request->batches[i].partition.partition;
        partitions[i].base_offset = offset_++;
      }
      const RequestHeader header{.api_key = request->api,
                                 .api_version = request->version,
                                 .correlation_id = request->correlation};
      producer_.network().on_bytes(kBroker, encode_response(header, answer_));
    }
  }

  Settings settings_;
  KafkaProducer producer_;
  Journal journal_{Journal::Mode::Off};
  ProducerRecord record_;
  Millis now_ = kStart;
  std::int64_t next_record_ = 0;
  CorrelationId answered_{-1};
  std::int64_t offset_ = 0;
  Response answer_{ProduceResponse{.topics = {{"t", {}}}}};  // filled in anew for each request
};

std::string counted(std::int64_t partitions) {
  return std::to_string(partitions) + (partitions == 1 ? " partition" : " partitions");
}

// Ten times what the real client's accumulator and sender do (3.9, JDK 17, warmed up, one thread,
// serial collector, answers from memory), in millions of records a second.
double ten_times_java(std::int64_t partitions, std::int64_t linger_ms, std::int64_t burst) {
  const int place = partitions == 1 ? 0 : partitions == 16 ? 1 : 2;
  constexpr double kLinger0[] = {38, 36, 29};
  constexpr double kLinger5[] = {42, 46, 30};
  constexpr double kOneByOne[] = {2.8, 1.7, 0.3};
  if (burst == 1) return linger_ms == 0 ? kOneByOne[place] : 0;
  return (linger_ms == 0 ? kLinger0 : kLinger5)[place];
}

// Arguments: partitions, linger.ms, records a millisecond.
void BM_ProducerAlone(benchmark::State& state) {
  const std::int64_t burst = state.range(2);
  Load load{{.partitions = static_cast<std::int32_t>(state.range(0)), .linger_ms = state.range(1)}};
  for (auto _ : state) load.send(burst);
  const std::string rhythm = burst == 1 ? "1 record/ms" : std::to_string(burst) + " records/ms";
  bench::report_rate(state,
                     {.what = "producer alone, " + rhythm + ", linger " +
                              std::to_string(state.range(1)) + ", " + counted(state.range(0)),
                      .unit = "million records/s",
                      .target = ten_times_java(state.range(0), state.range(1), burst)},
                     static_cast<double>(burst) / 1e6);
}
BENCHMARK(BM_ProducerAlone)
    ->ArgNames({"partitions", "linger_ms", "burst"})
    ->ArgsProduct({{1, 16, 256}, {0, 5}, {1000, 1}});

// What a record costs with 10,000 partitions, by what it costs with 16. Argument: linger.ms.
void BM_ManyPartitions(benchmark::State& state) {
  constexpr std::int32_t kMany = 10'000;
  constexpr std::int32_t kFew = 16;
  const auto load_of = [&](std::int32_t partitions) {
    return Load{{.partitions = partitions,
                 .linger_ms = state.range(0),
                 .is_sticky = true,
                 .buffer_memory = Bytes{2 * kMany * kBatchSize.count()}}};
  };
  Load many = load_of(kMany);
  Load few = load_of(kFew);
  many.use_each_partition();
  few.use_each_partition();
  double seconds_many = 0;
  double seconds_few = 0;
  for (auto _ : state) {
    seconds_many += bench::seconds_of([&] { many.send(1'000); });
    seconds_few += bench::seconds_of([&] { few.send(1'000); });
  }
  bench::report(state,
                {.what = "a record with 10,000 sticky partitions by one with 16, linger " +
                         std::to_string(state.range(0)),
                 .unit = "times",
                 .wanted = Wanted::AtMost,
                 .target = 1.5},
                seconds_many / seconds_few);
}
BENCHMARK(BM_ManyPartitions)->ArgName("linger_ms")->Arg(0)->Arg(5);

}  // namespace
}  // namespace linger::core
