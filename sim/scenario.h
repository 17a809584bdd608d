// A scenario: a lesson, a test and a bug report in one value. The parser makes it from TOML; a fork
// or a counterexample is written back from it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/api.h"
#include "core/bytes.h"
#include "core/draws.h"
#include "core/id.h"
#include "core/producer_config.h"
#include "core/random.h"
#include "core/rules.h"
#include "core/time.h"
#include "core/topic_names.h"
#include "core/transaction_call.h"
#include "sim/fault.h"
#include "sim/lane.h"
#include "sim/lesson.h"
#include "sim/outside.h"
#include "sim/produce_rule.h"
#include "sim/query.h"
#include "sim/request_rule.h"
#include "sim/topic_timestamps.h"

namespace linger::sim {

using core::Bytes;
using core::Duration;
using core::Instant;
using core::NodeId;

// --- The cluster and the wires ---

struct TopicSpec {
  std::string name;
  // Leader of each partition; none: it has no leader at first.
  std::vector<std::optional<NodeId>> leaders;
  std::int32_t replication_factor = 1;  // as metadata tells it; one log stands for all
  std::int32_t replicas = 1;            // with logs of their own, if there is more than one
  std::optional<std::int32_t> min_in_sync_replicas{};  // else as the cluster has it
  TimestampSpec timestamps{};
  friend bool operator==(const TopicSpec&, const TopicSpec&) = default;
};

// Which first sequence a partition takes from a producer id it does not know: any, as brokers since
// 2.4 do, or 0 alone, as older ones. They answer other sequences with UNKNOWN_PRODUCER_ID, and
// before 1.0 with OUT_OF_ORDER_SEQUENCE_NUMBER.
enum class UnknownProducer { Any, Zero, ZeroInOrder };

// Who coordinates transactions and groups, and how. What is left out is as brokers do.
struct CoordinationSpec {
  // For every transactional id, or every group; kNoLeader: nobody. None: the leader of the
  // partition of the internal topic that the name belongs to.
  std::optional<NodeId> transaction_coordinator;
  std::optional<NodeId> group_coordinator;
  std::int32_t transaction_partitions = 50;  // of __transaction_state
  std::int32_t group_partitions = 50;        // of __consumer_offsets
  // The transaction log's copies, and how many have to be in sync; 0: all brokers have it, always.
  std::int32_t log_replicas = 0;
  std::int32_t log_min_in_sync = 2;
  Duration log_time{};     // until a transition stands in the transaction log, and is answered
  Duration marker_time{};  // from then on until the markers are written
  bool markers_need_leader = true;  // else they stand in the logs of partitions without one, too
  Duration max_timeout = std::chrono::minutes{15};
  Duration expiry_check = std::chrono::seconds{10};  // how often; 0: never
  // An epoch that was raised to fence somebody stays so, though the log did not take it (before
  // KAFKA-9666, 2.6.0).
  bool keeps_failed_epochs = false;
  bool verifies_writes = true;  // leaders ask whether a partition belongs to the transaction
  std::optional<Duration> answer_delay;  // as produce_answer_delay, of these requests
  std::vector<RequestRule> rules;        // the first that matches counts
  friend bool operator==(const CoordinationSpec&, const CoordinationSpec&) = default;
};

// How replicas with logs of their own follow their leaders, and who chooses those.
struct ReplicationSpec {
  Duration latency = std::chrono::milliseconds{1};       // between two brokers, one way
  Duration fetch_wait = std::chrono::milliseconds{500};  // a fetch waits so long for records
  Duration lag_time = std::chrono::seconds{30};          // who has lagged for longer is not in sync
  std::int32_t min_in_sync_replicas = 1;
  bool unclean_elections = false;  // where no in-sync replica lives, any other may lead
  Duration session_timeout = std::chrono::seconds{9};  // until the controller misses a broker
  // Too few are in sync: the high watermark stays (KAFKA-15583).
  bool high_watermark_needs_min_isr = true;
  // A new follower cuts its log off at its own high watermark; else where the leader's epochs part
  // from its own (KIP-101).
  bool truncates_to_high_watermark = false;
  Duration metadata_lag{};  // metadata answers tell who led that long ago
  // A batch that is larger is never fetched, nor is what stands behind it (before 0.10.1).
  std::optional<Bytes> largest_fetched{};
  friend bool operator==(const ReplicationSpec&, const ReplicationSpec&) = default;
};

struct ClusterSpec {
  std::int32_t brokers = 1;  // ids 0, 1, …
  std::vector<TopicSpec> topics;
  Bytes message_max_bytes{1'048'588};
  Duration service_time{};      // a broker needs for one request; one at a time for each connection
  Duration replication_time{};  // until acks=all is satisfied, after the append
  // Who has appended nothing to a partition for so long is forgotten there, at the next check.
  Duration producer_id_expiration = std::chrono::hours{24};
  Duration producer_id_expiry_check = std::chrono::minutes{10};
  bool quota_holds_answers = false;  // whoever is over it gets its answer late (before KIP-219)
  bool auto_create_topics = false;
  std::int32_t default_partitions = 1;
  UnknownProducer unknown_producer = UnknownProducer::Any;
  // From what a request did to the moment when its answer leaves; later requests are served
  // meanwhile, and no answer passes an earlier one.
  Duration answer_delay{};
  std::optional<Duration> produce_answer_delay;  // of produce requests, where it differs
  // A produce request with acks=0 that failed closes its connection: nothing else can tell.
  bool closes_on_unacknowledged_error = true;
  bool tells_new_leader = true;            // in answers with NOT_LEADER_OR_FOLLOWER (KIP-951)
  std::vector<ProduceRule> produce_rules;  // the first that matches counts
  CoordinationSpec coordination;
  ReplicationSpec replication;
  // The newest version of a request that brokers announce, where it is not the newest they could;
  // see kNotAnnounced.
  std::map<core::ApiKey, std::int16_t> max_versions;
  friend bool operator==(const ClusterSpec&, const ClusterSpec&) = default;
};

// What brokers of the producer's time take at most: 1000012 before record batches (KIP-98).
inline Bytes usual_message_max_bytes(core::RuleSet rules) {
  return Bytes{rules.has(core::Rule::Kip98ProducerId) ? 1'048'588 : 1'000'012};
}

// A producer was remembered for as long as a transactional id (7 days) before KIP-854 (3.4).
inline Duration usual_producer_id_expiration(core::Era era) {
  return std::chrono::hours{era == core::Era::V3_9 ? 24 : 7 * 24};
}

// Brokers of 2.0 and later answer at once, and leave it to the client to hold back.
inline bool usually_holds_answers(core::RuleSet rules) {
  return !rules.has(core::Rule::Kip219ClientThrottle);
}

// As brokers of the producer's time replicate.
inline ReplicationSpec usual_replication(core::Era era) {
  ReplicationSpec spec;
  const bool is_old = era == core::Era::V0_10_2;
  spec.high_watermark_needs_min_isr = era == core::Era::V3_9;
  spec.unclean_elections = is_old;
  spec.truncates_to_high_watermark = is_old;
  if (is_old) spec.lag_time = std::chrono::seconds{10};
  return spec;
}

// Before KAFKA-9666, which came with 2.6.0 as KAFKA-3720 did.
inline bool usually_keeps_failed_epochs(core::RuleSet rules) {
  return !rules.has(core::Rule::Kafka3720BufferExhausted);
}

// Brokers of 3.6 and later ask the coordinator before they append (KIP-890, part 1).
inline bool usually_verifies_writes(core::RuleSet rules) {
  return rules.has(core::Rule::Kip890TransactionAbortable);
}

struct LinkSpec {
  Duration latency = std::chrono::milliseconds{1};  // one way
  Duration jitter{};                                // uniform on top, 0 to this
  std::optional<Bytes> bandwidth;                   // bytes a second, each direction
  Bytes segment{65'536};                            // the largest piece that travels as one
  Duration connect{};  // extra time until a request for a connection is answered
  friend bool operator==(const LinkSpec&, const LinkSpec&) = default;
};

struct NetworkSpec {
  LinkSpec link;
  std::map<NodeId, LinkSpec> by_broker;  // where it differs
  friend bool operator==(const NetworkSpec&, const NetworkSpec&) = default;
};

// --- User code, as data ---

// What a piece of user code does when it is called. Everything may be left out.
struct UserCode {
  std::string name;                       // a callback's: what a send calls it by
  Duration takes{};                       // the calling thread is held that long
  std::optional<std::string> throws;      // a Java exception class; "Error" is not an Exception
  std::optional<std::int32_t> only_call;  // throw, take time, … at this call alone, from 1
  std::optional<std::string> topic;       // onSend: sends it there instead
  std::optional<std::string> value;       // onSend, serializer: with this value instead
  std::optional<std::string> sends_to;    // callback: sends a record of its own to this topic
  std::optional<std::int32_t> partition;  // partitioner: its answer
  friend bool operator==(const UserCode&, const UserCode&) = default;
};

struct InterceptorSpec {
  std::string name;
  UserCode on_send;
  UserCode on_acknowledgement;
  friend bool operator==(const InterceptorSpec&, const InterceptorSpec&) = default;
};

struct ProducerSpec {
  std::string name = "producer";
  core::GivenSettings settings;  // as written; `config` is what the era's client makes of them
  core::ResolvedConfig config;
  std::vector<InterceptorSpec> interceptors;
  std::optional<UserCode> key_serializer;  // none: bytes as they are
  std::optional<UserCode> value_serializer;
  std::optional<UserCode> partitioner;  // none: what partitioner.class says
  std::vector<UserCode> callbacks;      // by CallbackId
  core::PinnedDraws pinned;             // chance that is none
  // What the producer expects of its codec at first, in millionths; none: as its era does. See
  // CompressionRatioEstimator.
  std::optional<core::Ratio> compression_ratio;
  std::optional<Bytes> heap{};  // what Java can allocate at once; none: anything
  friend bool operator==(const ProducerSpec&, const ProducerSpec&) = default;
};

// --- Applications: small programs of their threads ---

struct SizeRange {
  Bytes smallest{100};
  Bytes largest{100};
  friend bool operator==(const SizeRange&, const SizeRange&) = default;
};

// One send, or a run of them.
struct SendAction {
  std::string topic;
  std::optional<std::int32_t> partition;
  // "{i}" stands for the number within the run, from 0, and "{id}" for the record's own: its id, or
  // counted from first_number. Values that nobody wrote are made from that number, too.
  std::optional<std::string> key;
  std::int32_t distinct_keys = 0;    // instead: one of so many keys at random
  std::optional<std::string> value;  // its text; else value_size bytes
  SizeRange value_size;
  std::map<std::string, std::string> headers;
  std::optional<std::int64_t> timestamp;
  std::int64_t count = 1;
  std::optional<std::int64_t> first_number;
  Duration every{};   // between two of them
  bool wait = false;  // send().get(): until the record's fate is known
  std::optional<core::CallbackId> callback;
  friend bool operator==(const SendAction&, const SendAction&) = default;
};
struct FlushAction {
  friend bool operator==(const FlushAction&, const FlushAction&) = default;
};
struct CloseAction {
  std::optional<core::Milliseconds> timeout;  // none: without limit
  friend bool operator==(const CloseAction&, const CloseAction&) = default;
};
struct SleepAction {
  Duration duration{};
  friend bool operator==(const SleepAction&, const SleepAction&) = default;
};
struct WaitUntilAction {
  Instant at{};
  // Threads that are due at one instant go on in this order, and then in their own.
  std::int32_t turn = 0;
  friend bool operator==(const WaitUntilAction&, const WaitUntilAction&) = default;
};
// As if the producer had found out that its metadata is stale.
struct RequestMetadataAction {
  friend bool operator==(const RequestMetadataAction&, const RequestMetadataAction&) = default;
};
// initTransactions(), beginTransaction(), commitTransaction() or abortTransaction().
struct TransactionAction {
  core::TransactionMethod method = core::TransactionMethod::InitTransactions;
  bool waits = true;  // else the thread goes on at once, as if another one made the call
  friend bool operator==(const TransactionAction&, const TransactionAction&) = default;
};
// sendOffsetsToTransaction().
struct SendOffsetsAction {
  struct Offset {
    std::string topic;
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    friend bool operator==(const Offset&, const Offset&) = default;
  };
  core::ConsumerGroupMetadata group;
  std::vector<Offset> offsets;
  bool waits = true;
  friend bool operator==(const SendOffsetsAction&, const SendOffsetsAction&) = default;
};
struct ExitAction {
  friend bool operator==(const ExitAction&, const ExitAction&) = default;
};  // the process ends without close()

using AppActionKinds =
    std::variant<SendAction, FlushAction, CloseAction, SleepAction, WaitUntilAction,
                 RequestMetadataAction, TransactionAction, SendOffsetsAction, ExitAction>;
// Compilers pay for copying and moving so many kinds: they do it in one file, see Event.
struct AppAction : AppActionKinds {
  using AppActionKinds::variant;
  AppAction();
  AppAction(const AppAction&);
  AppAction(AppAction&&) noexcept;
  AppAction& operator=(const AppAction&);
  AppAction& operator=(AppAction&&) noexcept;
  ~AppAction();
};

struct AppThreadSpec {
  std::string name = "app";
  std::size_t producer = 0;
  std::vector<AppAction> program;
  bool on_interrupt = false;  // a shutdown hook: it runs when somebody interrupts the run
  friend bool operator==(const AppThreadSpec&, const AppThreadSpec&) = default;
};

// --- The lesson ---

struct ScheduledFault {
  Moment moment;
  Fault fault;
  std::int32_t line = 0;  // in the file; 0 if it was injected by hand
};

// Faults at random moments of a time, `count` in each `within` on average.
struct RandomFaults {
  std::int64_t count = 1;
  Duration within = std::chrono::seconds{1};
  Instant from{};
  Instant until{};
  std::vector<Fault> of;  // one of these each time
  std::int32_t line = 0;  // in the file
};

// What must hold when the run is over.
struct Expectation {
  Query query;
  std::string because;  // shown when it fails
  std::int32_t line = 0;
};

struct Scenario {
  std::string file;  // where it came from; empty if nowhere
  Lesson lesson;
  core::Era era = core::Era::V3_9;
  std::string release = "3.9";  // as it was named: the era, or a preset of it
  core::RuleSet rules;
  // The releases in which it holds, with what it tells and expects there; empty: in this one.
  std::vector<std::string> releases;
  std::uint64_t seed = 1;
  // When the run is over: all is idle for `tail`, or `end` if given, at the latest `limit`.
  std::optional<Instant> end;
  Duration tail = std::chrono::milliseconds{3};
  Instant limit = Instant{std::chrono::seconds{600}};
  // The producer's clock at the start, in milliseconds since 1970.
  std::int64_t epoch_ms = 1'700'000'000'000;
  bool jitter = true;  // of backoffs
  // Metadata, connections and producer ids were got before the run; or metadata alone.
  bool warm = false;
  bool warm_metadata = false;
  Duration metadata_age = std::chrono::seconds{10};  // when the run begins, if it was got before
  // Connections begin with an ApiVersions handshake; else they are ready at once, and requests use
  // the newest versions of the era.
  bool handshake = true;
  bool one_receive_per_poll = true;  // of each connection, see core::Selector
  // A thread that is told of free memory goes on when the sender comes back from its poll.
  bool wakes_after_poll = false;

  ClusterSpec cluster;
  NetworkSpec network;
  std::vector<ProducerSpec> producers;
  std::vector<AppThreadSpec> threads;
  std::vector<ScheduledFault> faults;
  std::vector<RandomFaults> random_faults;  // none in the scenario of a world: they are drawn
  std::vector<OrderEntry> order;            // by ascending step
  std::vector<Narration> narration;
  std::vector<Question> questions;
  std::vector<WhatIf> what_ifs;
  std::vector<Expectation> expectations;
  core::TopicNames topics;  // all that are mentioned anywhere
  // The brokers are real ones. Those of `cluster`, and the wires, then say nothing.
  std::optional<LiveSpec> live;
};

// What the scenario's rules would be without its own flips.
inline const core::Preset& preset_of(const Scenario& scenario) {
  const core::Preset* named = core::find_preset(scenario.release);
  if (named != nullptr && named->era == scenario.era) return *named;
  return *core::find_preset(core::name(scenario.era));
}

}  // namespace linger::sim
