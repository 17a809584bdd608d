// How the producer changed, one KIP or JIRA at a time: each change is a named rule, and an era of
// the producer is the set of rules that had been released by then.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace linger::core {

enum class Era : std::uint8_t { V0_10_2, V2_8, V3_9 };

inline constexpr Era kAllEras[] = {Era::V0_10_2, Era::V2_8, Era::V3_9};

std::string_view name(Era era);     // "0.10.2"
std::string_view release(Era era);  // "0.10.2.2": the release whose behaviour the era has
std::optional<Era> find_era(std::string_view name);

// In the order of release. The table in rules.cc says what each of them changes.
enum class Rule : std::uint8_t {
  Kafka1445WholeNodeDrain,
  Kip19RequestTimeout,
  Kafka3197MutePartition,
  Kafka3651WaiterLeavesLine,
  Kafka3388ExpiryReasons,
  Kafka4402RoundRobinPerTopic,
  Kip98ProducerId,
  Kip82Headers,
  Kip126SplitBatches,
  Kafka5236CodecBlocks,
  Kip144ReconnectBackoff,
  Kafka4840PoolReturnsMemory,
  Kafka4741AppendReturnsBuffer,
  Kafka5494FiveInFlight,
  Kafka5957LateAnswerIgnored,
  Kafka5854AuthenticationFailure,
  Kip219ClientThrottle,
  Kafka6897SendAfterClose,
  Kip91DeliveryTimeout,
  Kafka6833AwaitPartition,
  Kafka7738LeaderEpochs,
  Kafka6635CloseAwaitsTransaction,
  Kip480StickyPartitioner,
  Kafka9449PoolCloses,
  Kip526MetadataOfNewTopics,
  Kip360EpochBump,
  Kafka7639OneReceiveAtATime,
  Kafka3720BufferExhausted,
  Kip601ConnectionSetupTimeout,
  Kip588FencedOrTimedOut,
  Kafka12152ResetAllSequences,
  Kafka9023NamesLostNode,
  Kafka9628AnswerInItsOrder,
  Kafka12870FlushCounter,
  Kafka12257TopicIds,
  Kip679StrongestDefaults,
  Kip467RecordErrors,
  Kafka12736FlushHoldsResults,
  Kafka13598IdempotenceReallyOn,
  Kafka13388HandshakeTimeout,
  Kafka13794InFlightByIdentity,
  Kafka12762SetupTimeoutEndsSleep,
  Kafka13412SendChecksAfterAppend,
  Kafka9279FailedSendFailsTransaction,
  Kafka7572NegativePartition,
  Kip794BuiltInPartitioner,
  Kafka14156WholeBatchSwitch,
  Kafka13834DrainIndexPerNode,
  Kafka13879BackoffOutlivesHandshake,
  Kafka14303BatchSizeZero,
  Kafka14417RetriableAnswers,
  Kafka14317TimeoutIsTimeout,
  Kafka13668AuthorizationRecovery,
  Kafka14278UniformErrors,
  Kafka14831FailureToldOnce,
  Kafka15415SkipBackoffOnNewLeader,
  Kip951LeaderHints,
  Kip580ExponentialRetryBackoff,
  Kafka15817NextAddress,
  Kafka16083ThrottleIsNotAge,
  Kip899Rebootstrap,
  Kip890TransactionAbortable,
  Kafka16965TimeoutHasCause,
  Kafka19012BufferStaysUntilAnswered,
  Kip1030LingerDefault,
  Kafka17632RoundRobinRewinds,
  Kafka8350SplitHalves,
};

// A set of rules, as a few bits. Compares and copies as a value.
class RuleSet {
 public:
  constexpr RuleSet() = default;
  constexpr RuleSet(std::initializer_list<Rule> rules) {
    for (const Rule rule : rules) word_of(rule) |= bit(rule);
  }

  static constexpr std::size_t kCapacity = 128;

  constexpr bool has(Rule rule) const { return (words_[index(rule)] & bit(rule)) != 0; }
  constexpr bool has_all(RuleSet rules) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if ((words_[i] & rules.words_[i]) != rules.words_[i]) return false;
    }
    return true;
  }
  constexpr bool empty() const { return *this == RuleSet{}; }

  [[nodiscard]] constexpr RuleSet with(Rule rule) const {
    RuleSet set = *this;
    set.word_of(rule) |= bit(rule);
    return set;
  }
  [[nodiscard]] constexpr RuleSet without(Rule rule) const {
    RuleSet set = *this;
    set.word_of(rule) &= ~bit(rule);
    return set;
  }

  friend constexpr bool operator==(const RuleSet&, const RuleSet&) = default;

 private:
  static constexpr std::size_t kWordBits = 64;
  static constexpr std::size_t index(Rule rule) {
    return static_cast<std::size_t>(rule) / kWordBits;
  }
  static constexpr std::uint64_t bit(Rule rule) {
    return std::uint64_t{1} << (static_cast<std::size_t>(rule) % kWordBits);
  }
  constexpr std::uint64_t& word_of(Rule rule) { return words_[index(rule)]; }

  std::array<std::uint64_t, kCapacity / kWordBits> words_{};
};

struct RuleInfo {
  Rule rule;
  std::string_view name;      // as a user writes it: "KIP-526"
  std::string_view also;      // another name it is known by ("KAFKA-8904"), or empty
  std::string_view release;   // the first that has it: "2.5.0"
  std::string_view what;      // one sentence
  RuleSet needs{};            // it means nothing without these
  RuleSet replaces{};         // while it holds, these change nothing
  std::string_view unseen{};  // why it makes no difference in this model, or empty
};

// The history of the producer: every rule, in the order of release.
std::span<const RuleInfo> rule_table();
const RuleInfo& info(Rule rule);
std::string_view name(Rule rule);

// By name or other name, in any case: "KIP-526", "kafka-8904".
std::optional<Rule> find_rule(std::string_view name);

// All rules released by then. A rule stays in the set when a later one replaces it, so that turning
// the later one off brings the earlier one back.
RuleSet rules_of(Era era);

// A release as lessons name it: the era nearest to it, with the rules that had been released by
// then; their changes of defaults follow. The three eras are among them.
// Differs: keys of settings that no rule brought, and the versions of requests, are the era's.
struct Preset {
  std::string_view name;     // "1.0"
  std::string_view release;  // "1.0.2"
  Era era;
  RuleSet rules;
};

// In the order of release.
std::span<const Preset> presets();
const Preset* find_preset(std::string_view name);  // nullptr if there is none

// A scenario's change of a single rule of its era.
struct RuleFlip {
  enum class Turn : std::uint8_t { On, Off };
  Rule rule;
  Turn turn;
  friend bool operator==(const RuleFlip&, const RuleFlip&) = default;
};

// The rules with these flips, or one sentence for each flip that cannot be: a rule turned
// both ways, a rule that holds without one it needs, a rule turned on that another replaces, a rule
// that makes no difference here.
std::variant<RuleSet, std::vector<std::string>> flipped(RuleSet rules,
                                                        std::span<const RuleFlip> flips);
std::variant<RuleSet, std::vector<std::string>> flipped(Era era, std::span<const RuleFlip> flips);

}  // namespace linger::core
