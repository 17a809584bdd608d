// The producer: its parts behind one interface, and its blocking calls as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/client_error.h"
#include "core/draws.h"
#include "core/id.h"
#include "core/journal.h"
#include "core/metadata.h"
#include "core/network_client.h"
#include "core/partitioner.h"
#include "core/producer_config.h"
#include "core/producer_record.h"
#include "core/record_accumulator.h"
#include "core/sender.h"
#include "core/time.h"
#include "core/topic_names.h"
#include "core/transaction_call.h"
#include "core/transaction_manager.h"
#include "core/user_call.h"

namespace linger::core {

// Where a call is held.
struct Blocked {
  BlockedOn on = BlockedOn::Metadata;
  Millis deadline = kNever;
};

// One call of send(), from the interceptors to the future it returns.
struct SendCall {
  enum class Stage {
    Interceptors,
    Metadata,
    AwaitMetadata,
    SerializeKey,
    SerializeValue,
    Partition,
    Append,
    TellCallback,
    TellInterceptors,
    Finished
  };
  ThreadId thread;
  ProducerRecord record;      // as the interceptors left it
  bool keeps_future = false;  // somebody will wait for it
  Stage stage = Stage::Interceptors;
  std::int32_t interceptor = 0;
  Millis started{};
  std::int32_t metadata_version = 0;
  std::optional<std::int32_t> partition_count;  // at the last look
  Milliseconds remaining{};                     // of max.block.ms, for memory
  std::optional<ByteVector> key;                // serialized
  std::optional<ByteVector> value;
  std::int64_t timestamp = 0;
  bool chooses_again = false;  // where it first chose, a new batch was needed
  AppendCall append;
  std::optional<ClientError> error;
  Delivery delivery = Delivery::Delivered;
};

struct FlushCall {
  ThreadId thread;
  std::vector<ResultId> results;
};

// future.get(): until the record's fate is known.
struct FutureCall {
  ThreadId thread;
  RecordId record;
  RecordFuture future;
  Millis deadline = kNever;
};

struct CloseCall {
  ThreadId thread;
  Millis deadline = kNever;
  bool forced = false;
};

// KafkaProducer without I/O. It is told when something happens, never reads a clock, never waits:
// what blocks in Kafka is a call value here, which says what it waits for, and is advanced when
// that has changed.
//
//   application threads      send, flush, close, get ──▶ call values, advanced by their owner
//   the sender's thread      run_sender: one pass after another
//   the network              on_…: what arrived;  take_…: what is to be done
//
// Invariant: a copy behaves as the original does.
// In Kafka: KafkaProducer.
class KafkaProducer {
 public:
  struct Settings {
    ResolvedConfig config;
    TopicNames topics;
    std::vector<Node> bootstrap;      // ids -1, -2, …
    std::int32_t interceptors = 0;    // how many; what they do is the owner's to answer
    bool has_key_serializer = false;  // one of the user's; else bytes stay as they are
    bool has_value_serializer = false;
    bool has_partitioner = false;
    std::uint64_t seed = 1;
    std::uint32_t number = 0;  // of the producer, among those that share the seed
    bool has_jitter = true;    // of backoffs
    // Instead of what a producer expects at first, see CompressionRatioEstimator.
    std::optional<float> compression_ratio;  // float: as Kafka has it
    std::optional<Bytes> heap{};             // what Java can allocate at once, see Selector
    bool discovers_versions = true;          // with an ApiVersions handshake
    bool one_receive_per_poll = true;        // of each connection, see Selector
    PinnedDraws pinned;
  };
  KafkaProducer(Settings settings, Millis created);
  KafkaProducer(const KafkaProducer&);
  KafkaProducer(KafkaProducer&&) noexcept;
  KafkaProducer& operator=(const KafkaProducer&);
  KafkaProducer& operator=(KafkaProducer&&) noexcept;
  ~KafkaProducer();

  // Logs what the client had to say about its settings when it was made.
  void announce(Journal& journal) const;

  // --- Calls ---

  struct SendDone {
    std::optional<RecordFuture>
        future;  // if send() returned one that is not failed, and it is kept
    std::optional<ClientError> error;
    Delivery delivery = Delivery::Delivered;
  };
  using SendProgress = std::variant<Blocked, UserCall, SendDone>;
  // All of send(), where nothing can hold it: no code of the user's, no metadata and no memory to
  // wait for. None where it is not as simple as that, and nothing has changed: begin_send() then. A
  // future that is dropped must not be looked at.
  enum class FutureIs { Kept, Dropped };
  std::optional<RecordFuture> send_at_once(ThreadId thread, const ProducerRecord& record,
                                           FutureIs future, Millis now, Journal& journal);
  SendCall begin_send(ThreadId thread, ProducerRecord record, Millis now, Journal& journal);
  // Goes on until the call is held or done.
  SendProgress advance(SendCall& call, Millis now, Journal& journal);
  SendProgress answer(SendCall& call, const UserCallAnswer& answer, Millis now, Journal& journal);
  // Would advance() change anything now? Requires: the call is Blocked.
  bool may_advance(const SendCall& call, Millis now) const;

  FlushCall begin_flush(ThreadId thread, Journal& journal);
  bool may_advance(const FlushCall& call) const;
  void end_flush(FlushCall& call, Journal& journal);

  FutureCall begin_get(ThreadId thread, RecordId record, RecordFuture future);
  bool may_advance(const FutureCall& call, Millis now) const;
  // What the record was told; none: the deadline came first, and the future may be asked again.
  struct Fetched {
    RecordMetadata metadata;
    std::optional<ClientError> error;
  };
  std::optional<Fetched> end_get(FutureCall& call);

  // `timeout`: none is without limit. `from_callback`: on the sender's own thread, which cannot
  // wait for itself.
  enum class Caller { Application, SenderThread };
  std::variant<CloseCall, ClientError> begin_close(ThreadId thread,
                                                   std::optional<Milliseconds> timeout,
                                                   Caller caller, Millis now, Journal& journal);
  // True when the call is over; else until when it is held.
  std::variant<Blocked, bool> advance(CloseCall& call, Millis now, Journal& journal);

  // --- Transactions: kafka_producer_transactions.cc ---

  // Each begins the call; it may be over at once.
  TransactionCall init_transactions(ThreadId thread, Millis now, Journal& journal);
  TransactionCall begin_transaction(ThreadId thread, Millis now, Journal& journal);
  TransactionCall send_offsets_to_transaction(ThreadId thread,
                                              const std::vector<OffsetToCommit>& offsets,
                                              const ConsumerGroupMetadata& group, Millis now,
                                              Journal& journal);
  TransactionCall commit_transaction(ThreadId thread, Millis now, Journal& journal);
  TransactionCall abort_transaction(ThreadId thread, Millis now, Journal& journal);
  // Would advance() end the call now? Requires: it is not over.
  bool may_advance(const TransactionCall& call, Millis now) const;
  // Ends the call if its result is there or its time is up: then it has an end.
  void advance(TransactionCall& call, Millis now, Journal& journal);

  // --- The sender's thread ---

  Sender::Progress run_sender(Millis now, Journal& journal);
  Sender::Progress answer_sender(const UserCallAnswer& answer, Millis now, Journal& journal);
  // The same, after a callback that threw nothing, if the next thing to do is the callback of the
  // next record: `call` is it then. Else false, and nothing has changed.
  bool next_callback(UserCall& call, Journal& journal) {
    return sender_.next_callback(call, accumulator_, journal);
  }
  // Would a poll of the sender end before its time?
  bool has_ready_events() const { return client_.has_ready_events(); }
  // The same, but for having been woken.
  bool has_network_events() const { return client_.has_network_events(); }
  void wakeup() { client_.wakeup(); }
  // As if something had shown that metadata is stale. In Kafka: Metadata.requestUpdate.
  void request_metadata_update(Journal& journal) {
    metadata_.request_update("the application asked for it", journal);
  }

  // --- The network: see Selector ---

  NetworkClient& network() { return client_; }

  // --- To look at ---

  const ProducerConfig& config() const { return settings_.config.config; }
  const Settings& settings() const { return settings_; }
  const RecordAccumulator& accumulator() const { return accumulator_; }
  const Sender& sender() const { return sender_; }
  const NetworkClient& client() const { return client_; }
  const Metadata& metadata() const { return metadata_; }
  const TransactionManager* transactions() const {
    return transactions_ ? &*transactions_ : nullptr;
  }
  bool is_closed() const { return is_closed_; }
  // The chance by which records without a key find their partitions.
  const Draws& partition_draws() const {
    return partitioner_ ? partition_choice_ : accumulator_.settings().partition_choice;
  }

  // As if metadata, connections and producer id had been got before the run.
  void assume_metadata(MetadataSnapshot::Contents contents, Millis fetched_at) {
    metadata_.assume(std::move(contents), fetched_at);
  }
  void assume_producer_id(ProducerIdAndEpoch producer) {
    if (transactions_) transactions_->assume_producer_id(producer);
  }

 private:
  friend class StateWalk;

  using Step = std::optional<SendProgress>;  // none: on to the next stage

  Sender::Parts parts(Journal& journal);
  bool may_be_held(const ProducerRecord& record) const;
  bool may_open_batch(Bytes upper_bound) const;
  RecordAccumulator::Appended append_to_new_batch(const AppendedRecord& kept, TopicId topic,
                                                  std::optional<std::int32_t> partition,
                                                  const RecordView& view, Millis now,
                                                  Journal& journal);
  std::optional<std::int32_t> plain_partition(const ProducerRecord& record,
                                              std::int32_t partition_count) const;
  Step run_stage(SendCall& call, Millis now, Journal& journal);
  Step ask_interceptor(SendCall& call, Journal& journal);
  Step look_up_topic(SendCall& call, Millis now, Journal& journal);
  Step await_metadata(SendCall& call, Millis now, Journal& journal);
  Step ask_for_update(SendCall& call, Millis now, Journal& journal);
  void got_metadata(SendCall& call, Millis now);
  Step serialize(SendCall& call, UserCallKind kind, Journal& journal);
  Step choose_partition(SendCall& call, Journal& journal);
  Step ask_partitioner(SendCall& call, Journal& journal);
  ClassPartitioner::Topic topic_of(const SendCall& call) const;
  void choose_again(SendCall& call);
  bool tells_of_new_batches() const;
  Step append(SendCall& call, Millis now, Journal& journal);
  Step accept(SendCall& call, const RecordAccumulator::Appended& appended, Journal& journal);
  Step tell_callback(SendCall& call, Journal& journal);
  Step tell_interceptors(SendCall& call, Journal& journal);
  SendProgress finish(SendCall& call, std::optional<RecordFuture> future, Journal& journal);
  Step fail(SendCall& call, ClientError error);
  void fail_transaction(SendCall& call, Journal& journal);
  bool has_rule(Rule rule) const { return settings_.config.rules.has(rule); }
  bool wait_is_cut_off() const;  // by close()
  ClientError metadata_timeout(const SendCall& call, bool was_updated) const;
  std::optional<ClientError> size_error(const RecordView& record) const;
  RecordView view_of(const SendCall& call) const;
  TopicPartition known_partition(const SendCall& call) const;
  TransactionCall begin(ThreadId thread, TransactionMethod method, Millis now, Journal& journal);
  void hold(TransactionCall& call, const TransactionManager::Begun& begun, Journal& journal);
  void end(TransactionCall& call, CallOutcome outcome, std::optional<ClientError> error, Millis now,
           Journal& journal);
  void take_answer(SendCall& call, const UserCallAnswer& answer, Journal& journal);

  Settings settings_;
  Metadata metadata_;
  RecordAccumulator accumulator_;
  std::optional<ClassPartitioner> partitioner_;  // what partitioner.class names
  Draws partition_choice_;                       // its chance
  std::optional<TransactionManager> transactions_;
  NetworkClient client_;
  Sender sender_;
  bool is_closed_ = false;
};

}  // namespace linger::core
