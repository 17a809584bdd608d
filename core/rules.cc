#include "core/rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "core/ascii.h"
#include "core/check.h"

namespace linger::core {
namespace {

using enum Rule;

struct EraInfo {
  Era era;
  std::string_view name;
  std::string_view release;
};

constexpr auto kEras = std::to_array<EraInfo>({
    {Era::V0_10_2, "0.10.2", "0.10.2.2"},
    {Era::V2_8, "2.8", "2.8.2"},
    {Era::V3_9, "3.9", "3.9.0"},
});

// Whose rules can be had by name: the eras, and what lies between and after them.
constexpr auto kReleases = std::to_array<EraInfo>({
    {Era::V0_10_2, "0.9", "0.9.0.1"},
    {Era::V0_10_2, "0.10.0", "0.10.0.1"},
    {Era::V0_10_2, "0.10.2", "0.10.2.2"},
    {Era::V2_8, "0.11", "0.11.0.3"},
    {Era::V2_8, "1.0", "1.0.2"},
    {Era::V2_8, "2.0", "2.0.1"},
    {Era::V2_8, "2.1", "2.1.1"},
    {Era::V2_8, "2.4", "2.4.1"},
    {Era::V2_8, "2.5", "2.5.1"},
    {Era::V2_8, "2.8", "2.8.2"},
    {Era::V3_9, "3.0", "3.0.2"},
    {Era::V3_9, "3.2", "3.2.3"},
    {Era::V3_9, "3.3", "3.3.2"},
    {Era::V3_9, "3.6", "3.6.2"},
    {Era::V3_9, "3.7", "3.7.2"},
    {Era::V3_9, "3.9", "3.9.0"},
    {Era::V3_9, "4.0", "4.0.1"},
    {Era::V3_9, "4.2", "4.2.0"},
});

template <class... Rules>
constexpr RuleSet needs(Rules... rules) {
  return {rules...};
}
template <class... Rules>
constexpr RuleSet replaces(Rules... rules) {
  return {rules...};
}

// The history of the producer, oldest change first. A row says what became different, so that the
// row above it, or nothing, says how it was before.
constexpr auto kRules = std::to_array<RuleInfo>({
    {Kafka1445WholeNodeDrain, "KAFKA-1445", "", "0.8.2.0",
     "Once one partition of a node is ready, a batch of every partition of that node is drained, "
     "full or not."},
    {Kip19RequestTimeout, "KIP-19", "KAFKA-2120", "0.9.0.0",
     "request.timeout.ms bounds the wait for an answer and in the accumulator; a full pool "
     "blocks send() for max.block.ms at most."},
    {Kafka3197MutePartition, "KAFKA-3197", "", "0.10.0.0",
     "With one request in flight a partition is muted until its batch is answered, also when its "
     "leader moves."},
    {Kafka3651WaiterLeavesLine, "KAFKA-3651", "", "0.10.0.0",
     "A send() that gives up waiting for memory leaves the line, and no longer blocks those "
     "behind it.",
     needs(Kip19RequestTimeout)},
    {Kafka3388ExpiryReasons, "KAFKA-3388", "", "0.10.0.0",
     "A batch expires by one of three clocks, from its last append, its creation plus linger, or "
     "its last attempt plus backoff; from 0.10.1 the error says which.",
     needs(Kip19RequestTimeout)},
    {Kafka4402RoundRobinPerTopic, "KAFKA-4402", "", "0.10.2.0",
     "Each topic has a counter of its own for records without a key, so that topics do not skew "
     "each other's round robin."},
    {Kip98ProducerId, "KIP-98", "KAFKA-4815", "0.11.0.0",
     "Record batches of format 2; producer ids, epochs and sequence numbers; transactions. A "
     "forced close fails batches with KafkaException."},
    {Kip82Headers, "KIP-82", "KAFKA-4208", "0.11.0.0", "Records carry headers.",
     needs(Kip98ProducerId)},
    {Kip126SplitBatches, "KIP-126", "KAFKA-3995", "0.11.0.0",
     "A batch the broker finds too large is split and sent again; the compression ratio is "
     "estimated per topic, from 1.0 down."},
    {Kafka5236CodecBlocks, "KAFKA-5236", "", "0.11.0.0",
     "Snappy compresses blocks of 32 KiB; before, of 1 KiB, which made larger batches."},
    {Kip144ReconnectBackoff, "KIP-144", "KAFKA-3878", "0.11.0.0",
     "The wait before reconnecting doubles from reconnect.backoff.ms to "
     "reconnect.backoff.max.ms."},
    {Kafka4840PoolReturnsMemory, "KAFKA-4840", "", "0.11.0.0",
     "A send() that gives up waiting returns what it had gathered to the pool and wakes the next "
     "in line.",
     needs(Kafka3651WaiterLeavesLine)},
    {Kafka4741AppendReturnsBuffer, "KAFKA-4741", "", "0.11.0.0",
     "An append that fails after it got a buffer returns it to the pool."},
    {Kafka5494FiveInFlight, "KAFKA-5494", "", "1.0.0",
     "An idempotent producer may have five requests in flight, not one: retries go back into the "
     "deque in sequence order.",
     needs(Kip98ProducerId)},
    {Kafka5957LateAnswerIgnored, "KAFKA-5957", "", "1.0.0",
     "An answer for a batch that was aborted or failed meanwhile is ignored, and its memory "
     "freed once only."},
    {Kafka5854AuthenticationFailure, "KAFKA-5854", "KIP-152", "1.0.0",
     "A broker that refuses a client says so, and whoever waits for metadata, or for that broker, "
     "gets its AuthenticationException; before, the connection was merely lost."},
    {Kip219ClientThrottle, "KIP-219", "KAFKA-6028", "2.0.0",
     "A broker over its quota answers at once, and the client holds back for the throttle time; "
     "before, the answer came late."},
    {Kafka6897SendAfterClose, "KAFKA-6897", "", "2.0.0",
     "send() after close() is refused at once, and a wait for metadata ends when the producer is "
     "closed."},
    {Kip91DeliveryTimeout, "KIP-91", "KAFKA-5886", "2.1.0",
     "delivery.timeout.ms bounds a batch from its creation, waiting or in flight; retries "
     "default to no limit; a drain that stops goes on behind the partition it stopped at.",
     needs(Kip19RequestTimeout), replaces(Kafka3388ExpiryReasons)},
    {Kafka6833AwaitPartition, "KAFKA-6833", "", "2.1.1",
     "send() to a partition the metadata lacks waits for it, up to max.block.ms, instead of "
     "failing after one refresh."},
    {Kafka7738LeaderEpochs, "KAFKA-7738", "KIP-320", "2.2.0",
     "Metadata remembers each partition's leader epoch and does not go back to an older leader."},
    {Kafka6635CloseAwaitsTransaction, "KAFKA-6635", "", "2.3.0",
     "close() lets a commit or abort under way finish, and aborts a transaction left open.",
     needs(Kip98ProducerId)},
    {Kip480StickyPartitioner, "KIP-480", "KAFKA-8601", "2.4.0",
     "Records without a key stick to one partition until its batch is complete; send() asks the "
     "partitioner again when a new batch would be needed.",
     needs(), replaces(Kafka4402RoundRobinPerTopic)},
    {Kafka9449PoolCloses, "KAFKA-9449", "", "2.4.1", "close() also ends the waits for memory."},
    {Kip526MetadataOfNewTopics, "KIP-526", "KAFKA-8904", "2.5.0",
     "A new topic is asked for alone, not with all others; metadata.max.idle.ms says when an "
     "unused one is forgotten."},
    {Kip360EpochBump, "KIP-360", "KAFKA-8805", "2.5.0",
     "After a sequence it cannot resolve the producer raises its own epoch and starts again at "
     "0, instead of failing or taking a new id.",
     needs(Kip98ProducerId)},
    {Kafka7639OneReceiveAtATime, "KAFKA-7639", "", "2.5.0",
     "A poll reads one answer of a connection and leaves the next in the socket; before, all that "
     "had arrived was read ahead and handed out one a poll, also after the connection was lost."},
    {Kafka3720BufferExhausted, "KAFKA-3720", "", "2.6.0",
     "Waiting for memory in vain is a BufferExhaustedException with a metric of its own; before, "
     "a plain TimeoutException.",
     needs(Kip19RequestTimeout)},
    {Kip601ConnectionSetupTimeout, "KIP-601", "KAFKA-9893", "2.7.0",
     "A connection attempt is given up after 10 s, doubling to 30 s; before, when the system's "
     "SYN retries ended.",
     needs(Kip144ReconnectBackoff)},
    {Kip588FencedOrTimedOut, "KIP-588", "KAFKA-9911", "2.7.0",
     "PRODUCER_FENCED means a newer producer, INVALID_PRODUCER_EPOCH an old epoch from which the "
     "producer can recover.",
     needs(Kip98ProducerId)},
    {Kafka12152ResetAllSequences, "KAFKA-12152", "", "2.7.1",
     "An epoch bump also restarts the sequences of partitions that had nothing in flight.",
     needs(Kip360EpochBump)},
    {Kafka9023NamesLostNode, "KAFKA-9023", "", "2.8.0",
     "What a lost connection failed says which node was lost; before, only that one was."},
    {Kafka9628AnswerInItsOrder, "KAFKA-9628", "", "2.8.0",
     "The partitions of an answer are handled in its order; before, in that of a hash map."},
    {Kafka12870FlushCounter, "KAFKA-12870", "", "2.8.1",
     "Completing a transaction no longer counts as a flush that never ends, which had made "
     "linger.ms void from then on.",
     needs(Kip98ProducerId)},
    {Kafka12257TopicIds, "KAFKA-12257", "KAFKA-13488", "2.8.2",
     "A topic with another id is another topic, however low its leader epochs; before, one that "
     "was deleted and created again was not believed until its epochs had caught up.",
     needs(Kafka7738LeaderEpochs)},
    {Kip679StrongestDefaults, "KIP-679", "", "3.0.0",
     "acks defaults to all and enable.idempotence to true.",
     needs(Kip98ProducerId, Kafka5494FiveInFlight)},
    {Kip467RecordErrors, "KIP-467", "KAFKA-12548", "3.0.0",
     "Where the broker names the records at fault, they alone get its message, and the rest of "
     "the batch another.",
     needs(Kip98ProducerId)},
    {Kafka12736FlushHoldsResults, "KAFKA-12736", "", "3.0.0",
     "flush() keeps the results it waits for, and no longer the batches with their memory.",
     needs(), replaces(), "it changes what Java's heap holds, and nothing that is sent or told"},
    {Kafka13598IdempotenceReallyOn, "KAFKA-13598", "KAFKA-13673", "3.0.1",
     "The default of enable.idempotence takes effect; settings that contradict it switch it off "
     "again, unless it was written down.",
     needs(Kip679StrongestDefaults)},
    {Kafka13388HandshakeTimeout, "KAFKA-13388", "", "3.0.1",
     "A connection counts as being set up until its ApiVersions request can be sent, so that the "
     "set-up timeout covers a channel that never gets ready.",
     needs(Kip601ConnectionSetupTimeout)},
    {Kafka13794InFlightByIdentity, "KAFKA-13794", "", "3.0.2",
     "What is in flight for a partition is told apart by the batch; before, two batches with one "
     "base sequence, of an old epoch and a new one, were taken for the same.",
     needs(Kip98ProducerId)},
    {Kafka12762SetupTimeoutEndsSleep, "KAFKA-12762", "", "3.1.0",
     "While a connection is set up the sender sleeps no longer than its set-up timeout; before, "
     "until something happened.",
     needs(Kip601ConnectionSetupTimeout)},
    {Kafka13412SendChecksAfterAppend, "KAFKA-13412", "", "3.1.1",
     "send() looks at the state of the transaction after the append, so that a refused record "
     "may already sit in a batch; initTransactions() can be repeated after a timeout.",
     needs(Kip98ProducerId)},
    {Kafka9279FailedSendFailsTransaction, "KAFKA-9279", "", "3.2.0",
     "A record that fails inside send() makes its transaction fail; before, the commit went "
     "through without it.",
     needs(Kip98ProducerId)},
    {Kafka7572NegativePartition, "KAFKA-7572", "", "3.2.0",
     "A negative answer of a custom partitioner is refused in send()."},
    {Kip794BuiltInPartitioner, "KIP-794", "KAFKA-10888", "3.3.0",
     "Without partitioner.class the accumulator chooses: it sticks for batch.size bytes, not for "
     "a batch, and may prefer partitions with short queues.",
     needs(Kip480StickyPartitioner)},
    {Kafka14156WholeBatchSwitch, "KAFKA-14156", "", "3.3.0",
     "The switch to another partition waits until the open batch is full or drained, up to twice "
     "batch.size.",
     needs(Kip794BuiltInPartitioner)},
    {Kafka13834DrainIndexPerNode, "KAFKA-13834", "", "3.3.0",
     "Each node has its own place to go on draining from, the partition that did not fit; "
     "before, all shared one."},
    {Kafka13879BackoffOutlivesHandshake, "KAFKA-13879", "", "3.3.0",
     "The reconnect backoff is reset once a connection is ready; before, as soon as TCP stood, "
     "so that a failing handshake was repeated without growing pauses.",
     needs(Kip144ReconnectBackoff)},
    {Kafka14303BatchSizeZero, "KAFKA-14303", "", "3.3.2", "batch.size 0 is taken as 1."},
    {Kafka14417RetriableAnswers, "KAFKA-14417", "", "3.3.2",
     "A request to a coordinator is repeated after any error that can be retried; before, after "
     "those the client had thought of, and others were fatal. Differs: of offsets from 3.8.0 on.",
     needs(Kip98ProducerId)},
    {Kafka14317TimeoutIsTimeout, "KAFKA-14317", "", "3.5.0",
     "A request without an answer in time fails its batches with REQUEST_TIMED_OUT; before, with "
     "NETWORK_EXCEPTION.",
     needs(Kip19RequestTimeout)},
    {Kafka13668AuthorizationRecovery, "KAFKA-13668", "", "3.6.0",
     "A producer that was not allowed to get a producer id asks again, instead of staying in a "
     "fatal state.",
     needs(Kip98ProducerId)},
    {Kafka14278UniformErrors, "KAFKA-14278", "", "3.6.0",
     "Every request of a transaction takes an old epoch as having been fenced, and an invalid "
     "state as fatal; before, offsets and partitions had ways of their own.",
     needs(Kip98ProducerId)},
    {Kafka14831FailureToldOnce, "KAFKA-14831", "", "3.6.0",
     "The transaction manager hears of a failed batch after the callbacks, and once; before, ahead "
     "of them, and again when an expired batch is answered late. A change of state that may not "
     "be is fatal if the sender's thread tries it.",
     needs(Kip98ProducerId)},
    {Kafka15415SkipBackoffOnNewLeader, "KAFKA-15415", "", "3.6.1",
     "A retry does not wait for its backoff once a newer leader is known.",
     needs(Kafka7738LeaderEpochs)},
    {Kip951LeaderHints, "KIP-951", "KAFKA-15627", "3.7.0",
     "A broker that is not the leader says in its answer who is.", needs(Kafka7738LeaderEpochs)},
    {Kip580ExponentialRetryBackoff, "KIP-580", "KAFKA-9800", "3.7.0",
     "The retry backoff doubles from retry.backoff.ms to retry.backoff.max.ms, with jitter; a "
     "maximum limits backoffs after their jitter, not before it."},
    {Kafka15817NextAddress, "KAFKA-15817", "", "3.7.0",
     "A host resolved anew is not tried at the address that was tried last, if it has another.",
     needs(), replaces(), "a host has one address here"},
    {Kafka16083ThrottleIsNotAge, "KAFKA-16083", "", "3.8.0",
     "The time a connection is throttled does not count toward the timeout of its requests.",
     needs(Kip219ClientThrottle)},
    {Kip899Rebootstrap, "KIP-899", "KAFKA-8206", "3.8.0",
     "With metadata.recovery.strategy=rebootstrap a client that knows no reachable broker begins "
     "again with bootstrap.servers."},
    {Kip890TransactionAbortable, "KIP-890", "", "3.8.0",
     "The broker can ask for an abort with TRANSACTION_ABORTABLE. Differs: the first part only; "
     "later releases bump the epoch in every transaction.",
     needs(Kip98ProducerId)},
    {Kafka16965TimeoutHasCause, "KAFKA-16965", "", "3.9.0",
     "A timeout while waiting for metadata carries the topic's last error as its cause."},
    {Kafka19012BufferStaysUntilAnswered, "KAFKA-19012", "", "3.9.2",
     "The buffer of a batch that expires in flight stays out of the pool until its request is "
     "answered; before, other records could be written over what was being sent."},
    {Kip1030LingerDefault, "KIP-1030", "KAFKA-16368", "4.0.0", "linger.ms defaults to 5."},
    {Kafka17632RoundRobinRewinds, "KAFKA-17632", "KAFKA-9965", "4.0.0",
     "RoundRobinPartitioner gives the same answer when asked again for a new batch; before, it "
     "skipped a partition.",
     needs(Kip480StickyPartitioner)},
    {Kafka8350SplitHalves, "KAFKA-8350", "", "4.2.0",
     "A split batch that is refused again is split to half its size; before, to batch.size again "
     "and again.",
     needs(Kip126SplitBatches)},
});

constexpr bool rows_stand_at_their_own_number() {
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (static_cast<std::size_t>(kRules[i].rule) != i) return false;
  }
  return true;
}
static_assert(rows_stand_at_their_own_number());
static_assert(kRules.size() <= RuleSet::kCapacity, "a RuleSet has one bit for each rule");

using Version = std::array<std::int32_t, 4>;

// "2.1.1" is {2, 1, 1, 0}.
Version version(std::string_view release) {
  Version parts{};
  const char* at = release.data();
  const char* const end = at + release.size();
  for (std::int32_t& part : parts) {
    at = std::from_chars(at, end, part).ptr;
    if (at == end) break;
    ++at;
  }
  return parts;
}

RuleSet released_by(std::string_view release) {
  const Version released = version(release);
  RuleSet rules;
  for (const RuleInfo& row : kRules) {
    if (version(row.release) <= released) rules = rules.with(row.rule);
  }
  return rules;
}

std::string named(Rule rule) {
  return std::string{name(rule)};
}

void add_missing_needs(RuleSet rules, std::vector<std::string>& contradictions) {
  for (const RuleInfo& row : kRules) {
    if (!rules.has(row.rule)) continue;
    for (const RuleInfo& other : kRules) {
      if (!row.needs.has(other.rule) || rules.has(other.rule)) continue;
      contradictions.push_back(named(row.rule) + " needs " + named(other.rule) +
                               ", which is off: turn " + named(other.rule) + " on or " +
                               named(row.rule) + " off");
    }
  }
}

// Where what it needs is off, a rule must be off with it.
void add_unseen_flip(RuleFlip flip, RuleSet before, RuleSet after,
                     std::vector<std::string>& refusals) {
  const RuleInfo& rule = info(flip.rule);
  if (rule.unseen.empty() || before.has(flip.rule) == after.has(flip.rule)) return;
  if (!after.has_all(rule.needs)) return;
  refusals.push_back(named(flip.rule) + " makes no difference here: " + std::string{rule.unseen} +
                     ". Leave it as its era has it");
}

void add_void_flip(RuleFlip flip, RuleSet rules, std::vector<std::string>& contradictions) {
  if (flip.turn == RuleFlip::Turn::Off) return;
  for (const RuleInfo& row : kRules) {
    if (!rules.has(row.rule) || !row.replaces.has(flip.rule)) continue;
    contradictions.push_back(named(flip.rule) + " changes nothing while " + named(row.rule) +
                             " holds, which replaces it: turn " + named(row.rule) + " off");
  }
}

}  // namespace

std::string_view name(Era era) {
  return kEras[static_cast<std::size_t>(era)].name;
}

std::string_view release(Era era) {
  return kEras[static_cast<std::size_t>(era)].release;
}

std::optional<Era> find_era(std::string_view name) {
  for (const EraInfo& row : kEras) {
    if (row.name == name) return row.era;
  }
  return std::nullopt;
}

std::span<const RuleInfo> rule_table() {
  return kRules;
}

const RuleInfo& info(Rule rule) {
  CHECK(static_cast<std::size_t>(rule) < kRules.size());
  return kRules[static_cast<std::size_t>(rule)];
}

std::string_view name(Rule rule) {
  return info(rule).name;
}

std::optional<Rule> find_rule(std::string_view name) {
  for (const RuleInfo& row : kRules) {
    if (name.empty()) break;
    if (equals_ignoring_case(name, row.name)) return row.rule;
    if (equals_ignoring_case(name, row.also)) return row.rule;
  }
  return std::nullopt;
}

RuleSet rules_of(Era era) {
  static const std::array<RuleSet, std::size(kAllEras)> all = [] {
    std::array<RuleSet, std::size(kAllEras)> rules;
    for (const EraInfo& row : kEras) {
      rules[static_cast<std::size_t>(row.era)] = released_by(row.release);
    }
    return rules;
  }();
  return all[static_cast<std::size_t>(era)];
}

std::span<const Preset> presets() {
  static const std::vector<Preset> all = [] {
    std::vector<Preset> presets;
    for (const EraInfo& row : kReleases) {
      presets.push_back({row.name, row.release, row.era, released_by(row.release)});
    }
    return presets;
  }();
  return all;
}

const Preset* find_preset(std::string_view name) {
  const auto all = presets();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [name](const Preset& preset) { return preset.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::variant<RuleSet, std::vector<std::string>> flipped(Era era, std::span<const RuleFlip> flips) {
  return flipped(rules_of(era), flips);
}

std::variant<RuleSet, std::vector<std::string>> flipped(RuleSet rules,
                                                        std::span<const RuleFlip> flips) {
  std::vector<std::string> contradictions;
  const RuleSet before = rules;
  for (const RuleFlip& flip : flips) {
    const bool is_on = flip.turn == RuleFlip::Turn::On;
    const RuleFlip opposite{flip.rule, is_on ? RuleFlip::Turn::Off : RuleFlip::Turn::On};
    const bool is_first_of_both =
        is_on && std::find(flips.begin(), flips.end(), opposite) != flips.end();
    if (is_first_of_both) {
      contradictions.push_back(named(flip.rule) + " is turned both on and off");
    }
    rules = is_on ? rules.with(flip.rule) : rules.without(flip.rule);
  }
  add_missing_needs(rules, contradictions);
  for (const RuleFlip& flip : flips) add_void_flip(flip, rules, contradictions);
  for (const RuleFlip& flip : flips) add_unseen_flip(flip, before, rules, contradictions);
  if (!contradictions.empty()) return contradictions;
  return rules;
}

}  // namespace linger::core
