#include "core/kafka_producer.h"

#include <algorithm>
#include <utility>

#include "core/call_verdicts.h"
#include "core/check.h"

namespace linger::core {

namespace {

// Streams of chance within one producer, which a change to one leaves as they were.
enum class Use : std::uint32_t { RetryBackoff, ReconnectBackoff, NodeChoice, Count };

Random stream_of(const KafkaProducer::Settings& settings, Use use) {
  const auto count = static_cast<std::uint32_t>(Use::Count);
  return Random{settings.seed, RandomStream::BackoffJitter,
                settings.number * count + static_cast<std::uint32_t>(use)};
}

Ratio jitter_of(const KafkaProducer::Settings& settings) {
  return settings.has_jitter ? Ratio{1, 5} : Ratio{0, 1};
}

ExponentialBackoff retry_backoff(const KafkaProducer::Settings& settings) {
  const ProducerConfig& config = settings.config.config;
  if (!settings.config.rules.has(Rule::Kip580ExponentialRetryBackoff)) {
    return ExponentialBackoff::constant(config.retry_backoff);
  }
  return ExponentialBackoff{{.initial = config.retry_backoff,
                             .max = config.retry_backoff_max,
                             .jitter = jitter_of(settings)}};
}

Draws partition_choice(const KafkaProducer::Settings& settings) {
  return {Random{settings.seed, RandomStream::PartitionChoice, settings.number},
          settings.pinned.partitions};
}

// Until KIP-580 a maximum was one before jitter.
ExponentialBackoff growing(const KafkaProducer::Settings& settings, Milliseconds initial,
                           Milliseconds max) {
  using Limit = ExponentialBackoff::Limit;
  const bool is_limited = settings.config.rules.has(Rule::Kip580ExponentialRetryBackoff);
  return ExponentialBackoff{{.initial = initial,
                             .max = max,
                             .jitter = jitter_of(settings),
                             .limit = is_limited ? Limit::AfterJitter : Limit::BeforeJitter}};
}

// Before KIP-601 a connection attempt lasts until the system's SYN retries end: Linux waits 1, 2,
// 4, … 64 seconds. Differs: it is the client here that ends it.
constexpr Milliseconds kSystemGivesUpConnecting{127'000};

// Before KIP-19 nothing bounds the wait for an answer.
Milliseconds request_timeout(const KafkaProducer::Settings& settings) {
  const bool is_bounded = settings.config.rules.has(Rule::Kip19RequestTimeout);
  return is_bounded ? settings.config.config.request_timeout : kForever;
}

ExpirySettings expiry_settings(const KafkaProducer::Settings& settings) {
  const ProducerConfig& config = settings.config.config;
  const RuleSet& rules = settings.config.rules;
  const ExpiryClock clock = rules.has(Rule::Kip91DeliveryTimeout)     ? ExpiryClock::FromCreation
                            : rules.has(Rule::Kafka3388ExpiryReasons) ? ExpiryClock::Three
                            : rules.has(Rule::Kip19RequestTimeout)    ? ExpiryClock::LastAttempt
                                                                      : ExpiryClock::None;
  return {.clock = clock,
          .delivery_timeout = config.delivery_timeout,
          .request_timeout = config.request_timeout,
          .linger = config.linger,
          .retry_backoff = config.retry_backoff};
}

DrainIndex drain_index(const RuleSet& rules) {
  if (rules.has(Rule::Kafka13834DrainIndexPerNode)) return DrainIndex::PerNode;
  const bool steps_past = rules.has(Rule::Kip91DeliveryTimeout);
  return steps_past ? DrainIndex::SharedPastStop : DrainIndex::SharedAtStop;
}

// Pools before KAFKA-3720 had one name for every timeout.
Era exhaustion_wording(const ResolvedConfig& config) {
  if (!config.rules.has(Rule::Kafka3720BufferExhausted)) return Era::V0_10_2;
  return std::max(config.era, Era::V2_8);
}

Compression compression(const KafkaProducer::Settings& settings) {
  const ProducerConfig& config = settings.config.config;
  Compression compression = compression_of(config.compression_type);
  if (compression.type == CompressionType::Gzip) compression.level = config.compression_gzip_level;
  if (compression.type == CompressionType::Lz4) compression.level = config.compression_lz4_level;
  if (compression.type == CompressionType::Zstd) compression.level = config.compression_zstd_level;
  if (!settings.config.rules.has(Rule::Kafka5236CodecBlocks)) {
    compression.snappy_block = Bytes{1'024};
  }
  return compression;
}

RecordFormat record_format(const KafkaProducer::Settings& settings) {
  const RuleSet& rules = settings.config.rules;
  return {.magic = rules.has(Rule::Kip98ProducerId) ? Magic::V2 : Magic::V1,
          .compression = compression(settings),
          .counts_header = rules.has(Rule::Kip126SplitBatches)};
}

CompressionRatioEstimator::Settings compression_ratio(const KafkaProducer::Settings& settings) {
  if (settings.config.rules.has(Rule::Kip126SplitBatches)) {
    return {.for_each_topic = true, .first = settings.compression_ratio.value_or(1.0F)};
  }
  return {.for_each_topic = false, .first = settings.compression_ratio.value_or(0.5F)};
}

RecordAccumulator::Settings accumulator_settings(const KafkaProducer::Settings& settings) {
  const ProducerConfig& config = settings.config.config;
  const RuleSet& rules = settings.config.rules;
  return {.batch_size = config.batch_size,
          .buffer_memory = config.buffer_memory,
          .linger = config.linger,
          .expiry = expiry_settings(settings),
          .retry_backoff = retry_backoff(settings),
          .format = record_format(settings),
          .needs_format_2 = config.enable_idempotence,
          .compression_ratio = compression_ratio(settings),
          .fills_whole_buffer = rules.has(Rule::Kip98ProducerId),
          .closes_appends_alone = rules.has(Rule::Kip98ProducerId),
          .adaptive_partitioning =
              config.partitioner_adaptive_partitioning_enable && !settings.has_partitioner,
          .switches_after_whole_batches = rules.has(Rule::Kafka14156WholeBatchSwitch),
          .partition_availability_timeout = config.partitioner_availability_timeout,
          .returns_gathered_memory = rules.has(Rule::Kafka4840PoolReturnsMemory),
          .leaves_line_when_late = rules.has(Rule::Kafka3651WaiterLeavesLine),
          .exhaustion_worded_as = exhaustion_wording(settings.config),
          .closes_pool = rules.has(Rule::Kafka9449PoolCloses),
          .returns_unused_buffer = rules.has(Rule::Kafka4741AppendReturnsBuffer),
          .refusal_after_close =
              rules.has(Rule::Kip98ProducerId) ? closed_while_sending() : cannot_send_after_close(),
          .drains_whole_nodes = rules.has(Rule::Kafka1445WholeNodeDrain),
          .drain_index = drain_index(rules),
          .maps_by_topic = rules.has(Rule::Kip794BuiltInPartitioner),
          .skips_backoff_on_new_leader = rules.has(Rule::Kafka15415SkipBackoffOnNewLeader),
          .splits_to_halves = rules.has(Rule::Kafka8350SplitHalves),
          .topics = settings.topics,
          .backoff_jitter = stream_of(settings, Use::RetryBackoff),
          .partition_choice = partition_choice(settings)};
}

// None: the accumulator chooses, or code of the user's own.
std::optional<ClassPartitioner> partitioner_of(const KafkaProducer::Settings& settings) {
  using Order = ClassPartitioner::Order;
  const RuleSet& rules = settings.config.rules;
  if (settings.has_partitioner) return std::nullopt;
  switch (settings.config.config.partitioner_class) {
    case Partitioner::BuiltIn:
      return std::nullopt;
    case Partitioner::Default:
      return ClassPartitioner{
          {.order = rules.has(Rule::Kip480StickyPartitioner) ? Order::Sticky : Order::RandomStart,
           .counts_by_topic = rules.has(Rule::Kafka4402RoundRobinPerTopic)}};
    case Partitioner::UniformSticky:
      return ClassPartitioner{{.order = Order::Sticky, .hashes_keys = false}};
    case Partitioner::RoundRobin:
      return ClassPartitioner{{.order = Order::RoundRobin,
                               .hashes_keys = false,
                               .repeats_answer = rules.has(Rule::Kafka17632RoundRobinRewinds)}};
  }
  return std::nullopt;
}

// Differs: Kafka shuffles always. Here the search for the least loaded node, which begins at a
// random place, is chance enough, unless the order is pinned.
std::optional<Draws> node_order(const KafkaProducer::Settings& settings) {
  const std::vector<std::int32_t>& pinned = settings.pinned.node_order;
  if (pinned.empty()) return std::nullopt;
  return Draws{stream_of(settings, Use::NodeChoice), pinned};
}

Metadata::Settings metadata_settings(const KafkaProducer::Settings& settings) {
  const ProducerConfig& config = settings.config.config;
  const RuleSet& rules = settings.config.rules;
  return {.refresh_backoff = retry_backoff(settings),
          .max_age = config.metadata_max_age,
          .max_idle = config.metadata_max_idle,
          .jitter_seed = settings.seed + settings.number,
          .node_order = node_order(settings),
          .believes_epochs = rules.has(Rule::Kafka7738LeaderEpochs),
          .knows_topic_ids = rules.has(Rule::Kafka12257TopicIds),
          .asks_for_new_topics_alone = rules.has(Rule::Kip526MetadataOfNewTopics)};
}

NetworkClient::Settings client_settings(const KafkaProducer::Settings& settings) {
  const ProducerConfig& config = settings.config.config;
  const RuleSet& rules = settings.config.rules;
  NetworkClient::Settings client;
  client.client_id = client_id(settings.config, static_cast<std::int32_t>(settings.number) + 1);
  client.max_in_flight_requests_per_connection = config.max_in_flight_requests_per_connection;
  client.reconnect_backoff = config.reconnect_backoff;
  client.request_timeout = request_timeout(settings);
  client.connections.reconnect_backoff =
      growing(settings, config.reconnect_backoff, config.reconnect_backoff_max);
  client.connections.connection_setup_timeout =
      rules.has(Rule::Kip601ConnectionSetupTimeout)
          ? growing(settings, config.socket_connection_setup_timeout,
                    config.socket_connection_setup_timeout_max)
          : ExponentialBackoff::constant(kSystemGivesUpConnecting);
  client.connections.backoff_outlives_handshake =
      rules.has(Rule::Kafka13879BackoffOutlivesHandshake);
  client.connections.delays_by_setup_timeout = rules.has(Rule::Kafka12762SetupTimeoutEndsSleep);
  client.selector.connections_max_idle = config.connections_max_idle;
  client.selector.one_receive_per_poll = settings.one_receive_per_poll;
  client.selector.heap = settings.heap;
  client.names_channels = settings.config.era == Era::V3_9;
  client.selector.reads_ahead =
      settings.one_receive_per_poll && !rules.has(Rule::Kafka7639OneReceiveAtATime);
  client.discovers_versions = settings.discovers_versions;
  client.rebootstraps = config.metadata_recovery_strategy == MetadataRecoveryStrategy::Rebootstrap;
  client.versions = client_versions(settings.config.era, rules);
  client.setup_covers_handshake = rules.has(Rule::Kafka13388HandshakeTimeout);
  client.tells_authentication_failure = rules.has(Rule::Kafka5854AuthenticationFailure);
  client.tells_timeouts = rules.has(Rule::Kafka14317TimeoutIsTimeout);
  client.throttle_is_not_age = rules.has(Rule::Kafka16083ThrottleIsNotAge);
  client.holds_back_when_throttled = rules.has(Rule::Kip219ClientThrottle);
  client.prefers_connected_nodes = rules.has(Rule::Kip601ConnectionSetupTimeout);
  client.counts_lost_updates = rules.has(Rule::Kip526MetadataOfNewTopics);
  client.cancels_newest_first = !rules.has(Rule::Kafka5494FiveInFlight);
  return client;
}

Sender::Settings sender_settings(const KafkaProducer::Settings& settings) {
  const ProducerConfig& config = settings.config.config;
  const RuleSet& rules = settings.config.rules;
  return {.acks = static_cast<std::int16_t>(config.acks),
          .retries = config.retries,
          .request_timeout = request_timeout(settings),
          .acks_timeout = config.request_timeout,
          .delivery_timeout = config.delivery_timeout,
          .retry_backoff = config.retry_backoff,
          .max_request_size = config.max_request_size,
          .guarantees_message_order = config.max_in_flight_requests_per_connection == 1 &&
                                      rules.has(Rule::Kafka3197MutePartition),
          .splits_large_batches = rules.has(Rule::Kip126SplitBatches),
          .uses_leader_hints = rules.has(Rule::Kip951LeaderHints),
          .reads_record_errors = rules.has(Rule::Kip467RecordErrors),
          .ignores_late_answers = rules.has(Rule::Kafka5957LateAnswerIgnored),
          .tells_failure_once = rules.has(Rule::Kafka14831FailureToldOnce),
          .keeps_buffers_in_flight = rules.has(Rule::Kafka19012BufferStaysUntilAnswered),
          .handles_answers_in_order = rules.has(Rule::Kafka9628AnswerInItsOrder),
          .names_lost_node = rules.has(Rule::Kafka9023NamesLostNode),
          .has_fenced_error = rules.has(Rule::Kip588FencedOrTimedOut),
          .version_mismatch = rules.has(Rule::Kip98ProducerId) ? ErrorCode::UnsupportedVersion
                                                               : ErrorCode::InvalidRequest,
          .forced_close =
              closed_forcefully(rules.has(Rule::Kip98ProducerId) ? Era::V3_9 : Era::V0_10_2),
          .errors_of = settings.config.era,
          .interceptors = settings.interceptors,
          .transactional_id = config.transactional_id,
          .close_awaits_transaction = rules.has(Rule::Kafka6635CloseAwaitsTransaction),
          .flushes_completing_for_good = !rules.has(Rule::Kafka12870FlushCounter)};
}

}  // namespace

KafkaProducer::KafkaProducer(Settings settings, Millis created)
    : settings_{std::move(settings)},
      metadata_{metadata_settings(settings_), settings_.topics},
      accumulator_{accumulator_settings(settings_)},
      partitioner_{partitioner_of(settings_)},
      partition_choice_{partition_choice(settings_)},
      client_{client_settings(settings_),
              settings_.topics,
              {stream_of(settings_, Use::ReconnectBackoff),
               Draws{stream_of(settings_, Use::NodeChoice), settings_.pinned.nodes}},
              created},
      sender_{sender_settings(settings_)} {
  if (settings_.config.config.enable_idempotence) {
    const RuleSet& rules = settings_.config.rules;
    const ProducerConfig& config = settings_.config.config;
    transactions_.emplace(TransactionManager::Settings{
        .transactional_id = config.transactional_id,
        .transaction_timeout = config.transaction_timeout,
        .retry_backoff = config.retry_backoff,
        .topics = settings_.topics,
        .errors_of = settings_.config.era,
        .bumps_epoch = rules.has(Rule::Kip360EpochBump),
        .epoch_by_partition = rules.has(Rule::Kafka12152ResetAllSequences),
        .tells_batches_apart = rules.has(Rule::Kafka13794InFlightByIdentity),
        .recovers_from_authorization_failure = rules.has(Rule::Kafka13668AuthorizationRecovery),
        .remembers_calls = rules.has(Rule::Kafka13412SendChecksAfterAppend),
        .is_poisoned_by_illegal_state = rules.has(Rule::Kafka14831FailureToldOnce),
        .retries_whatever_may_be = rules.has(Rule::Kafka14417RetriableAnswers),
        .has_uniform_errors = rules.has(Rule::Kafka14278UniformErrors),
        .knows_abortable = rules.has(Rule::Kip890TransactionAbortable)});
  }
  metadata_.bootstrap(settings_.bootstrap, created);
}

KafkaProducer::KafkaProducer(const KafkaProducer&) = default;
KafkaProducer::KafkaProducer(KafkaProducer&&) noexcept = default;
KafkaProducer& KafkaProducer::operator=(const KafkaProducer&) = default;
KafkaProducer& KafkaProducer::operator=(KafkaProducer&&) noexcept = default;
KafkaProducer::~KafkaProducer() = default;

Sender::Parts KafkaProducer::parts(Journal& journal) {
  return {accumulator_,     client_, metadata_, transactions_ ? &*transactions_ : nullptr,
          settings_.topics, journal};
}

void KafkaProducer::announce(Journal& journal) const {
  for (const ConfigWarning& warning : settings_.config.warnings) {
    journal.log(warning.level, warning.text);
  }
}

// --- flush, get, close ---

FlushCall KafkaProducer::begin_flush(ThreadId thread, Journal& journal) {
  FlushCall call{thread, {}};
  for (const BatchId batch : accumulator_.incomplete()) {
    const ResultId result = accumulator_.batches.at(batch).result;
    accumulator_.results.hold(result);
    call.results.push_back(result);
  }
  journal.add(FlushStarted{thread, static_cast<std::int32_t>(call.results.size())});
  accumulator_.begin_flush();
  wakeup();
  return call;
}

bool KafkaProducer::may_advance(const FlushCall& call) const {
  return may_go_on(call, accumulator_.results);
}

void KafkaProducer::end_flush(FlushCall& call, Journal& journal) {
  CHECK(may_advance(call));
  for (const ResultId result : std::exchange(call.results, {}))
    accumulator_.results.release(result);
  accumulator_.end_flush();
  journal.add(FlushEnded{call.thread});
}

FutureCall KafkaProducer::begin_get(ThreadId thread, RecordId record, RecordFuture future) {
  return {thread, record, future, kNever};
}

bool KafkaProducer::may_advance(const FutureCall& call, Millis now) const {
  return may_go_on(call, accumulator_.results, now);
}

std::optional<KafkaProducer::Fetched> KafkaProducer::end_get(FutureCall& call) {
  const RecordFuture last = accumulator_.results.resolve(call.future);
  const ProduceRequestResult& result = accumulator_.results.at(last.result);
  if (!result.is_done) return std::nullopt;
  Fetched fetched;
  fetched.metadata.partition = result.partition;
  if (const ClientError* error = result.error_of(last.index)) {
    fetched.error = *error;
  } else {
    fetched.metadata.timestamp =
        result.log_append_time >= 0 ? result.log_append_time : call.future.timestamp;
    if (result.base_offset >= 0) fetched.metadata.offset = result.base_offset + last.index;
  }
  accumulator_.results.release(call.future.result);
  return fetched;
}

std::variant<CloseCall, ClientError> KafkaProducer::begin_close(ThreadId thread,
                                                                std::optional<Milliseconds> timeout,
                                                                Caller caller, Millis now,
                                                                Journal& journal) {
  if (timeout && *timeout < 0ms) return negative_close_timeout();
  if (caller == Caller::SenderThread && timeout != Milliseconds{0}) {
    journal.log(LogLevel::Warn,
                "Overriding close timeout to 0 ms in order to prevent useless blocking due to "
                "self-join. This means you have incorrectly invoked close with a non-zero timeout "
                "from the producer call-back.");
    timeout = Milliseconds{0};
  }
  journal.add(CloseStarted{thread, timeout.value_or(kForever)});
  CloseCall call{thread, timeout ? after(now, *timeout) : kNever, false};
  accumulator_.close();  // first, so that nothing slips in behind the sender's last look
  sender_.initiate_close();
  if (timeout == Milliseconds{0}) {
    sender_.force_close();
    call.forced = true;
  }
  is_closed_ = true;
  wakeup();
  return call;
}

std::variant<Blocked, bool> KafkaProducer::advance(CloseCall& call, Millis now, Journal& journal) {
  if (!sender_.is_alive()) {
    journal.add(CloseEnded{call.thread, call.forced});
    return true;
  }
  if (!call.forced && now >= call.deadline) {
    journal.log(LogLevel::Info,
                "Proceeding to force close the producer since pending requests could not be "
                "completed within the close timeout.");
    sender_.force_close();
    call.forced = true;
    wakeup();
  }
  return Blocked{BlockedOn::SenderExit, call.forced ? kNever : call.deadline};
}

// --- The sender's thread ---

Sender::Progress KafkaProducer::run_sender(Millis now, Journal& journal) {
  return sender_.run(now, parts(journal));
}

Sender::Progress KafkaProducer::answer_sender(const UserCallAnswer& answer, Millis now,
                                              Journal& journal) {
  return sender_.answer(answer, now, parts(journal));
}

}  // namespace linger::core
