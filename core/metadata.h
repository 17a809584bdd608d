// What the client knows of the cluster, how old that is, and when to ask again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/client_error.h"
#include "core/cow.h"
#include "core/draws.h"
#include "core/error_code.h"
#include "core/exponential_backoff.h"
#include "core/flat_map.h"
#include "core/id.h"
#include "core/journal.h"
#include "core/metadata_snapshot.h"
#include "core/protocol_messages.h"
#include "core/time.h"
#include "core/topic_names.h"

namespace linger::core {

// Metadata is refreshed when it is too old, or when somebody asks; but never more often than the
// backoff allows, which doubles for requests that fail, and for answers that bring nothing new:
//
//   time to next update = max(asked for ? 0 : until max_age, until the backoff is over)
//
// A leader is believed by its epoch: an answer with an older one than was ever seen is ignored,
// since KAFKA-7738.
// Only topics of interest are kept; one that was not used for max_idle is dropped at the next
// refresh.
//
// In Kafka: Metadata and ProducerMetadata. Differs: a wait for an update is the caller's affair: it
// compares update_version(). The jitter of the backoff is drawn anew at every look, as in Kafka,
// but two looks in the same millisecond get the same draw.
class Metadata {
 public:
  struct Settings {
    ExponentialBackoff refresh_backoff;  // retry.backoff.ms, retry.backoff.max.ms
    Milliseconds max_age{300'000};       // metadata.max.age.ms
    Milliseconds max_idle{300'000};      // metadata.max.idle.ms
    std::uint64_t jitter_seed = 0;
    // Shuffles the nodes of each snapshot but that of bootstrap; without: as they were answered.
    std::optional<Draws> node_order{};
    // KAFKA-7738: leaders are believed by their epochs, an error in an answer asks for another one,
    // and partitions lie in a HashMap.
    bool believes_epochs = true;
    // KAFKA-12257: but not by those of another topic of the same name.
    bool knows_topic_ids = true;
    // KIP-526: a new topic is asked for alone, what was asked for since a request went out is asked
    // for again, and a topic expires max_idle after its last use. Before, all topics are asked for
    // each time, an answer settles whatever was asked for, and max_idle counts from the first
    // answer after the last use.
    bool asks_for_new_topics_alone = true;
    friend bool operator==(const Settings&, const Settings&) = default;
  };
  Metadata(Settings settings, TopicNames names);

  const MetadataSnapshot& snapshot() const { return *snapshot_; }
  const TopicNames& topic_names() const { return names_; }
  std::int32_t update_version() const { return update_version_; }
  Millis last_refresh() const { return last_refresh_; }
  Millis last_successful_refresh() const { return last_success_; }

  // Forgets everything but these nodes: -1, -2, … An update is due at once; before KIP-526 they
  // count as one themselves, made `now`, and nothing is asked for until a topic is.
  void bootstrap(std::vector<Node> nodes, Millis now = {});
  // The same with the nodes of the last bootstrap (metadata.recovery.strategy = rebootstrap).
  void rebootstrap(Journal& journal);
  // As if these had been fetched at `fetched_at`. Its topics are of interest from then on.
  void assume(MetadataSnapshot::Contents contents, Millis fetched_at);

  // --- Topics of interest ---

  // A topic that is new makes an update due at once.
  void add(TopicId topic, Millis now, Journal& journal);
  bool contains_topic(TopicId topic) const { return expiry_.contains(topic); }
  // The same for one that is of interest already. Requires: contains_topic(topic).
  void note_use(TopicId topic, Millis now) { expiry_.at(topic) = expiry_of_use(now); }
  // Added, and not named by any answer yet.
  const std::set<TopicId>& new_topics() const { return new_topics_; }

  // --- When to ask ---

  enum class EquivalentResponseBackoff { Keep, Reset };
  // Both return the version that a later update will exceed. `why` is for the reader of the trace.
  std::int32_t request_update(std::string_view why, Journal& journal,
                              EquivalentResponseBackoff backoff = EquivalentResponseBackoff::Keep);
  std::int32_t request_update_for_topic(TopicId topic, Journal& journal);
  bool update_requested() const { return need_full_update_ || need_partial_update_; }

  Milliseconds time_to_allow_update(Millis now) const;
  Milliseconds time_to_next_update(Millis now) const;
  // Is it now?
  bool is_update_due(Millis now) const;
  // Metadata found too old is refreshed without the backoff for equivalent answers.
  void note_age(Millis now);

  // --- Asking, and what comes of it ---

  struct Request {
    std::int32_t request_version = 0;
    bool partial = false;  // only the new topics
    std::vector<TopicId> topics;
    friend bool operator==(const Request&, const Request&) = default;
  };
  Request new_request(Millis now) const;
  // Requires: !is_closed().
  void update(const Request& request, const MetadataResponse& response, std::int16_t api_version,
              Millis now, Journal& journal);
  void failed_update(Millis now, Journal& journal);

  // --- Leaders ---

  // What a produce response said of a leader (KIP-951). Epoch or leader may be missing.
  struct LeaderHint {
    TopicPartition partition;
    std::optional<NodeId> leader;
    std::optional<std::int32_t> epoch;
  };
  // Returns the partitions whose leader changed. Not an update: no waiter goes on for it.
  std::vector<TopicPartition> update_partition_leadership(const std::vector<LeaderHint>& hints,
                                                          const std::vector<Node>& nodes,
                                                          Journal& journal);
  // An epoch seen elsewhere. True if it is newer, which also asks for an update.
  bool update_last_seen_epoch_if_newer(TopicPartition partition, std::int32_t epoch,
                                       Journal& journal);
  std::optional<std::int32_t> last_seen_epoch(TopicPartition partition) const;

  // The leader, unless a newer epoch than the snapshot's is known to exist.
  struct LeaderAndEpoch {
    NodeId leader = kNoNode;
    std::optional<std::int32_t> epoch;
    friend bool operator==(const LeaderAndEpoch&, const LeaderAndEpoch&) = default;
  };
  LeaderAndEpoch current_leader(TopicPartition partition) const;

  // --- Errors ---

  void fatal_error(ClientError error) { fatal_error_ = std::move(error); }
  bool has_fatal_error() const { return fatal_error_.has_value(); }
  std::optional<ClientError> take_fatal_error();
  // A pending fatal error, or what the last answer said against this topic. Forgets the errors of
  // all topics.
  std::optional<ClientError> take_error_for_topic(TopicId topic);
  // What the last answer said of this topic; None if nothing.
  ErrorCode last_error(TopicId topic) const;

  void close() { closed_ = true; }
  bool is_closed() const { return closed_; }

 private:
  friend class StateWalk;

  // What one answer means, before it is merged with what was known.
  struct Digest {
    MetadataSnapshot::Contents contents;
    std::set<TopicId> named;  // by the answer, kept or not
    bool reliable_epochs = false;
  };

  // Of a topic that was used since the last update, before KIP-526.
  static constexpr Millis kExpiryNotSet = kNever;

  Millis expiry_of_use(Millis now) const {
    return settings_.asks_for_new_topics_alone ? after(now, settings_.max_idle) : kExpiryNotSet;
  }
  void mark_as_new(TopicId topic, Journal& journal);
  void expire_unused_topics(Millis now);
  MetadataSnapshot snapshot_of(MetadataSnapshot::Contents contents) const;
  void note_request(std::string_view why, Journal& journal) const;
  bool retain_topic(TopicId topic, Millis now);
  Digest digest(const MetadataResponse& response, std::int16_t api_version, Millis now,
                Journal& journal);
  void digest_topic(TopicId id, const MetadataResponseTopic& topic, Digest& digest,
                    Journal& journal);
  std::optional<PartitionMetadata> latest(PartitionMetadata partition, const Digest& digest);
  void note_topic_error(TopicId id, ErrorCode error, Digest& digest, Journal& journal);
  MetadataSnapshot::Contents merged_with_old(Digest digest, Millis now);
  std::vector<Node> in_chosen_order(std::vector<Node> nodes);
  enum class LeaderSource { Answer, Hint };
  void replace_snapshot(MetadataSnapshot::Contents contents, LeaderSource source, Journal& journal);
  void set_errors(const MetadataResponse& response, Journal& journal);
  void forget_epochs_of_dropped_topics(Millis now);
  void note_cluster_id(const MetadataResponse& response, Journal& journal);
  bool accepts(const LeaderHint& hint, const std::vector<Node>& nodes, Journal& journal) const;
  bool is_too_old(Millis now) const;
  Milliseconds time_to_expiry(Millis now) const;
  enum class BackoffFor { Attempts, EquivalentResponses };
  Milliseconds refresh_backoff(std::int32_t attempts, BackoffFor purpose, Millis now) const;

  Settings settings_;
  TopicNames names_;
  Cow<MetadataSnapshot> snapshot_;
  std::vector<Node> bootstrap_nodes_;
  std::optional<std::string> cluster_id_;
  FlatMap<TopicId, Millis> expiry_;  // of the topics of interest
  std::set<TopicId> new_topics_;
  std::map<TopicPartition, std::int32_t> last_seen_epochs_;
  std::map<TopicId, ErrorCode> last_errors_;
  std::set<TopicId> invalid_topics_;       // as the last answer said, until somebody was told
  std::set<TopicId> unauthorized_topics_;  // likewise
  std::optional<ClientError> fatal_error_;
  bool need_full_update_ = false;
  bool need_partial_update_ = false;
  std::int32_t request_version_ = 0;
  std::int32_t update_version_ = 0;
  std::int32_t attempts_ = 0;              // that failed, in a row
  std::int32_t equivalent_responses_ = 0;  // answers in a row that brought nothing new
  Millis last_refresh_{};
  Millis last_success_{};
  bool closed_ = false;
};

}  // namespace linger::core
