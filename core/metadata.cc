#include "core/metadata.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace linger::core {

namespace {

// Leader epochs of older brokers go back after a restart (KAFKA-7738).
constexpr std::int16_t kFirstVersionWithReliableEpochs = 9;

PartitionMetadata from_wire(TopicId topic, const MetadataResponsePartition& wire) {
  PartitionMetadata partition;
  partition.partition = {topic, wire.partition_index};
  partition.error = error_code_from_wire(wire.error_code);
  if (wire.leader_id != kNoLeader) partition.leader = wire.leader_id;
  if (wire.leader_epoch >= 0) partition.leader_epoch = wire.leader_epoch;
  partition.replicas = wire.replica_nodes;
  partition.in_sync_replicas = wire.isr_nodes;
  partition.offline_replicas = wire.offline_replicas;
  return partition;
}

std::string text(const std::set<TopicId>& topics, const TopicNames& names) {
  std::string list;
  for (const TopicId topic : topics) list += (list.empty() ? "" : ", ") + names.name(topic);
  return "[" + list + "]";
}

bool contains(const std::vector<Node>& nodes, NodeId id) {
  return std::any_of(nodes.begin(), nodes.end(), [id](const Node& node) { return node.id == id; });
}

}  // namespace

Metadata::Metadata(Settings settings, TopicNames names)
    : settings_{settings}, names_{std::move(names)} {}

void Metadata::bootstrap(std::vector<Node> nodes, Millis now) {
  need_full_update_ = settings_.asks_for_new_topics_alone;
  if (!settings_.asks_for_new_topics_alone) last_refresh_ = last_success_ = now;
  ++update_version_;
  bootstrap_nodes_ = std::move(nodes);
  snapshot_ = Cow{MetadataSnapshot::bootstrap(bootstrap_nodes_)};
}

void Metadata::rebootstrap(Journal& journal) {
  journal.log(LogLevel::Info, "Rebootstrapping with the nodes of bootstrap.servers");
  bootstrap(bootstrap_nodes_);
}

void Metadata::assume(MetadataSnapshot::Contents contents, Millis fetched_at) {
  for (const PartitionMetadata& partition : contents.partitions) {
    expiry_[partition.partition.topic] = after(fetched_at, settings_.max_idle);
    if (partition.leader_epoch) last_seen_epochs_[partition.partition] = *partition.leader_epoch;
  }
  contents.nodes = in_chosen_order(std::move(contents.nodes));
  snapshot_ = Cow{snapshot_of(std::move(contents))};
  ++update_version_;
  last_refresh_ = last_success_ = fetched_at;
  need_full_update_ = need_partial_update_ = false;
}

// --- Topics of interest ---

void Metadata::add(TopicId topic, Millis now, Journal& journal) {
  const bool is_new = !contains_topic(topic);
  expiry_[topic] = expiry_of_use(now);
  if (is_new) mark_as_new(topic, journal);
}

// Looks as if the last refresh were long ago, so that no backoff holds.
void Metadata::mark_as_new(TopicId topic, Journal& journal) {
  note_request("topic " + names_.name(topic) + " is new", journal);
  last_refresh_ = Millis{};
  equivalent_responses_ = 0;
  if (!settings_.asks_for_new_topics_alone) {
    need_full_update_ = true;
    return;
  }
  new_topics_.insert(topic);
  need_partial_update_ = true;
  ++request_version_;
}

// Before KIP-526, at each update.
void Metadata::expire_unused_topics(Millis now) {
  expiry_.erase_if([now](const auto& topic) { return topic.second <= now; });
  for (auto& [topic, expiry] : expiry_) {
    if (expiry == kExpiryNotSet) expiry = after(now, settings_.max_idle);
  }
}

bool Metadata::retain_topic(TopicId topic, Millis now) {
  const auto at = expiry_.find(topic);
  if (!settings_.asks_for_new_topics_alone) return true;
  if (at == expiry_.end()) return false;
  if (new_topics_.contains(topic) || at->second > now) return true;
  expiry_.erase(at);
  return false;
}

// --- When to ask ---

// Of the requests before one update the trace has the first.
void Metadata::note_request(std::string_view why, Journal& journal) const {
  if (!update_requested()) journal.add(MetadataUpdateRequested{std::string{why}});
}

std::int32_t Metadata::request_update(std::string_view why, Journal& journal,
                                      EquivalentResponseBackoff backoff) {
  note_request(why, journal);
  need_full_update_ = true;
  if (backoff == EquivalentResponseBackoff::Reset) equivalent_responses_ = 0;
  return update_version_;
}

std::int32_t Metadata::request_update_for_topic(TopicId topic, Journal& journal) {
  if (!new_topics_.contains(topic)) {
    return request_update("send waits for topic " + names_.name(topic), journal);
  }
  mark_as_new(topic, journal);
  return update_version_;
}

bool Metadata::is_too_old(Millis now) const {
  return after(last_success_, settings_.max_age) <= now;
}

void Metadata::note_age(Millis now) {
  if (is_too_old(now)) equivalent_responses_ = 0;
}

// A fresh draw at every look, as in Kafka, but one for each millisecond.
Milliseconds Metadata::refresh_backoff(std::int32_t attempts, BackoffFor purpose,
                                       Millis now) const {
  const auto look = static_cast<std::uint64_t>(now.time_since_epoch().count());
  const std::uint64_t index = 2 * look + static_cast<std::uint64_t>(purpose);
  return settings_.refresh_backoff.backoff(
      attempts, draw(settings_.jitter_seed, RandomStream::BackoffJitter, index));
}

Milliseconds Metadata::time_to_allow_update(Millis now) const {
  const Milliseconds since_refresh = now - last_refresh_;
  const Milliseconds for_attempts =
      refresh_backoff(std::max(attempts_ - 1, 0), BackoffFor::Attempts, now);
  const std::int32_t equivalent = is_too_old(now) ? 0 : equivalent_responses_;
  const Milliseconds for_equivalent =
      equivalent == 0 ? Milliseconds{0}
                      : refresh_backoff(equivalent - 1, BackoffFor::EquivalentResponses, now);
  return std::max(std::max(for_attempts, for_equivalent) - since_refresh, Milliseconds{0});
}

Milliseconds Metadata::time_to_expiry(Millis now) const {
  if (update_requested()) return Milliseconds{0};
  return std::max(after(last_success_, settings_.max_age) - now, Milliseconds{0});
}

// Metadata mostly lasts for longer than any backoff, whose jitter at most doubles it.
Milliseconds Metadata::time_to_next_update(Millis now) const {
  const Milliseconds until_expiry = time_to_expiry(now);
  const ExponentialBackoff::Settings& backoff = settings_.refresh_backoff.settings();
  if (until_expiry / 2 >= std::max(backoff.initial, backoff.max)) return until_expiry;
  return std::max(until_expiry, time_to_allow_update(now));
}

bool Metadata::is_update_due(Millis now) const {
  return time_to_expiry(now) == Milliseconds{0} && time_to_allow_update(now) == Milliseconds{0};
}

// --- Asking, and what comes of it ---

Metadata::Request Metadata::new_request(Millis now) const {
  Request request;
  request.request_version = request_version_;
  request.partial = !need_full_update_ && !is_too_old(now);
  if (request.partial) {
    request.topics.assign(new_topics_.begin(), new_topics_.end());
  } else {
    for (const auto& [topic, expiry] : expiry_) request.topics.push_back(topic);
  }
  return request;
}

void Metadata::failed_update(Millis now, Journal& journal) {
  last_refresh_ = now;
  ++attempts_;
  equivalent_responses_ = 0;
  journal.add(MetadataUpdated{update_version_, false, true});
}

void Metadata::update(const Request& request, const MetadataResponse& response,
                      std::int16_t api_version, Millis now, Journal& journal) {
  CHECK(!is_closed());
  need_partial_update_ = request.request_version < request_version_;
  last_refresh_ = now;
  attempts_ = 0;
  ++update_version_;
  if (!request.partial) {
    need_full_update_ = false;
    last_success_ = now;
  }
  if (!settings_.asks_for_new_topics_alone) expire_unused_topics(now);
  ++equivalent_responses_;  // until the answer is found to bring something new
  journal.add(MetadataUpdated{update_version_, request.partial, false});

  Digest digested = digest(response, api_version, now, journal);
  replace_snapshot(
      request.partial ? merged_with_old(std::move(digested), now) : std::move(digested.contents),
      LeaderSource::Answer, journal);
  set_errors(response, journal);
  forget_epochs_of_dropped_topics(now);
  note_cluster_id(response, journal);
  for (const MetadataResponseTopic& topic : response.topics) {
    if (const auto id = names_.find(topic.name)) new_topics_.erase(*id);
  }
}

Metadata::Digest Metadata::digest(const MetadataResponse& response, std::int16_t api_version,
                                  Millis now, Journal& journal) {
  Digest digest;
  digest.reliable_epochs =
      settings_.believes_epochs && api_version >= kFirstVersionWithReliableEpochs;
  for (const MetadataResponseBroker& broker : response.brokers) {
    digest.contents.nodes.push_back({broker.node_id, broker.host, broker.port});
  }
  for (const MetadataResponseTopic& topic : response.topics) {
    const std::optional<TopicId> id = names_.find(topic.name);
    if (!id) continue;
    digest.named.insert(*id);
    if (topic.topic_id != Uuid{}) digest.contents.topic_ids[*id] = topic.topic_id;
    if (retain_topic(*id, now)) digest_topic(*id, topic, digest, journal);
  }
  return digest;
}

void Metadata::digest_topic(TopicId id, const MetadataResponseTopic& topic, Digest& digest,
                            Journal& journal) {
  const ErrorCode error = error_code_from_wire(topic.error_code);
  if (error != ErrorCode::None) return note_topic_error(id, error, digest, journal);
  for (const MetadataResponsePartition& wire : topic.partitions) {
    PartitionMetadata partition = from_wire(id, wire);
    const ErrorCode partition_error = partition.error;
    if (auto kept = latest(std::move(partition), digest)) {
      digest.contents.partitions.push_back(std::move(*kept));
    }
    if (settings_.believes_epochs && is_invalid_metadata(partition_error)) {
      const TopicPartition of{id, wire.partition_index};
      request_update(std::string{name(partition_error)} + " for " + names_.text(of), journal);
    }
  }
}

void Metadata::note_topic_error(TopicId id, ErrorCode error, Digest& digest, Journal& journal) {
  if (settings_.believes_epochs && is_invalid_metadata(error)) {
    request_update(std::string{name(error)} + " for " + names_.name(id), journal);
  }
  if (error == ErrorCode::InvalidTopicException) digest.contents.invalid_topics.insert(id);
  if (error == ErrorCode::TopicAuthorizationFailed) {
    digest.contents.unauthorized_topics.insert(id);
  }
}

// What to keep of a partition: the answer, or, if its epoch is older than one seen before, what was
// known.
std::optional<PartitionMetadata> Metadata::latest(PartitionMetadata partition,
                                                  const Digest& digest) {
  const TopicPartition id = partition.partition;
  if (!digest.reliable_epochs || !partition.leader_epoch) {
    last_seen_epochs_.erase(id);
    equivalent_responses_ = 0;
    partition.leader_epoch.reset();
    return partition;
  }
  const auto topic_id = digest.contents.topic_ids.find(id.topic);
  const bool is_another_topic = settings_.knows_topic_ids &&
                                topic_id != digest.contents.topic_ids.end() &&
                                snapshot_->topic_id(id.topic) != topic_id->second;
  const auto seen = last_seen_epochs_.find(id);
  const bool is_older = seen != last_seen_epochs_.end() && *partition.leader_epoch < seen->second;
  if (is_older && !is_another_topic) {
    const PartitionMetadata* old = snapshot_->find_partition(id);
    return old == nullptr ? std::nullopt : std::optional{*old};
  }
  const bool is_same = seen != last_seen_epochs_.end() && *partition.leader_epoch == seen->second;
  if (!is_same || is_another_topic) equivalent_responses_ = 0;
  last_seen_epochs_[id] = *partition.leader_epoch;
  return partition;
}

// A partial answer replaces what it names, and leaves the other topics of interest as they were.
MetadataSnapshot::Contents Metadata::merged_with_old(Digest digest, Millis now) {
  const auto is_kept = [&](TopicId topic) {
    return !digest.named.contains(topic) && retain_topic(topic, now);
  };
  MetadataSnapshot::Contents merged = std::move(digest.contents);
  const std::map<TopicId, Uuid> answered_ids = std::exchange(merged.topic_ids, {});
  for (const PartitionMetadata& partition : merged.partitions) {
    const auto id = answered_ids.find(partition.partition.topic);
    if (id != answered_ids.end()) merged.topic_ids.insert(*id);
  }
  for (const PartitionMetadata& old : snapshot_->partitions()) {
    if (is_kept(old.partition.topic)) merged.partitions.push_back(old);
  }
  for (const auto& old : snapshot_->topic_ids()) {
    if (is_kept(old.first)) merged.topic_ids.insert(old);
  }
  for (const TopicId old : snapshot_->invalid_topics()) {
    if (is_kept(old)) merged.invalid_topics.insert(old);
  }
  for (const TopicId old : snapshot_->unauthorized_topics()) {
    if (is_kept(old)) merged.unauthorized_topics.insert(old);
  }
  return merged;
}

// Since KAFKA-7738 nodes come out of a HashMap, which is by their ids.
std::vector<Node> Metadata::in_chosen_order(std::vector<Node> nodes) {
  if (!settings_.node_order) return nodes;
  if (settings_.believes_epochs) {
    std::sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) { return a.id < b.id; });
  }
  return shuffled(std::move(nodes), *settings_.node_order);
}

MetadataSnapshot Metadata::snapshot_of(MetadataSnapshot::Contents contents) const {
  using Order = MetadataSnapshot::PartitionOrder;
  return {std::move(contents), names_, settings_.believes_epochs ? Order::Hash : Order::AsListed};
}

void Metadata::replace_snapshot(MetadataSnapshot::Contents contents, LeaderSource source,
                                Journal& journal) {
  contents.nodes = in_chosen_order(std::move(contents.nodes));
  const Cow<MetadataSnapshot> before =
      std::exchange(snapshot_, Cow{snapshot_of(std::move(contents))});
  if (!journal.is_on()) return;
  for (const PartitionMetadata& partition : snapshot_->partitions()) {
    const TopicPartition id = partition.partition;
    const std::optional<NodeId> leader = snapshot_->leader_for(id);
    if (leader == before->leader_for(id) && partition.leader_epoch == before->leader_epoch(id)) {
      continue;
    }
    journal.add(LeaderLearned{id, leader.value_or(kNoNode), partition.leader_epoch.value_or(-1),
                              source == LeaderSource::Hint});
  }
}

void Metadata::set_errors(const MetadataResponse& response, Journal& journal) {
  invalid_topics_ = snapshot_->invalid_topics();
  unauthorized_topics_ = snapshot_->unauthorized_topics();
  if (!invalid_topics_.empty()) {
    journal.log(LogLevel::Error,
                "Metadata response reported invalid topics " + text(invalid_topics_, names_));
  }
  if (!unauthorized_topics_.empty()) {
    journal.log(LogLevel::Error,
                "Topic authorization failed for topics " + text(unauthorized_topics_, names_));
  }
  last_errors_.clear();
  for (const MetadataResponseTopic& topic : response.topics) {
    const std::optional<TopicId> id = names_.find(topic.name);
    if (id && topic.error_code != 0) last_errors_[*id] = error_code_from_wire(topic.error_code);
  }
}

void Metadata::forget_epochs_of_dropped_topics(Millis now) {
  std::erase_if(last_seen_epochs_,
                [&](const auto& entry) { return !retain_topic(entry.first.topic, now); });
}

void Metadata::note_cluster_id(const MetadataResponse& response, Journal& journal) {
  if (cluster_id_ == response.cluster_id) return;
  cluster_id_ = response.cluster_id;
  journal.log(LogLevel::Info, "Cluster ID: " + cluster_id_.value_or("null"));
}

// --- Leaders ---

bool Metadata::accepts(const LeaderHint& hint, const std::vector<Node>& nodes,
                       Journal& journal) const {
  const char* why_not = nullptr;
  const std::optional<std::int32_t> known = current_leader(hint.partition).epoch;
  if (!hint.leader || !hint.epoch) {
    why_not = "it is incomplete";
  } else if (known && *hint.epoch <= *known) {
    why_not = "it is not newer than what is known";
  } else if (!contains(nodes, *hint.leader)) {
    why_not = "its node is unknown";
  } else if (snapshot_->find_partition(hint.partition) == nullptr) {
    why_not = "the partition is not cached any more";
  }
  if (why_not == nullptr) return true;
  journal.log(LogLevel::Debug,
              "Ignoring the incoming leader of " + names_.text(hint.partition) + ": " + why_not);
  return false;
}

std::vector<TopicPartition> Metadata::update_partition_leadership(
    const std::vector<LeaderHint>& hints, const std::vector<Node>& nodes, Journal& journal) {
  MetadataSnapshot::Contents contents;
  contents.nodes = nodes;
  for (const Node& node : snapshot_->nodes()) {
    if (!contains(nodes, node.id)) contents.nodes.push_back(node);
  }
  std::vector<TopicPartition> updated;
  for (const LeaderHint& hint : hints) {
    if (!accepts(hint, contents.nodes, journal)) continue;
    PartitionMetadata partition = *snapshot_->find_partition(hint.partition);
    partition.leader = *hint.leader;
    partition.leader_epoch = hint.epoch;
    contents.partitions.push_back(std::move(partition));
    last_seen_epochs_[hint.partition] = *hint.epoch;
    updated.push_back(hint.partition);
  }
  if (updated.empty()) return updated;
  for (const PartitionMetadata& old : snapshot_->partitions()) {
    const bool is_updated =
        std::find(updated.begin(), updated.end(), old.partition) != updated.end();
    if (!is_updated) contents.partitions.push_back(old);
  }
  contents.topic_ids = snapshot_->topic_ids();
  contents.invalid_topics = snapshot_->invalid_topics();
  contents.unauthorized_topics = snapshot_->unauthorized_topics();
  replace_snapshot(std::move(contents), LeaderSource::Hint, journal);
  return updated;
}

bool Metadata::update_last_seen_epoch_if_newer(TopicPartition partition, std::int32_t epoch,
                                               Journal& journal) {
  CHECK(epoch >= 0);
  const auto seen = last_seen_epochs_.find(partition);
  if (seen == last_seen_epochs_.end() || epoch <= seen->second) return false;
  seen->second = epoch;
  request_update("a newer epoch of " + names_.text(partition) + " was seen", journal);
  return true;
}

std::optional<std::int32_t> Metadata::last_seen_epoch(TopicPartition partition) const {
  const auto seen = last_seen_epochs_.find(partition);
  if (seen == last_seen_epochs_.end()) return std::nullopt;
  return seen->second;
}

Metadata::LeaderAndEpoch Metadata::current_leader(TopicPartition partition) const {
  const std::optional<std::int32_t> seen = last_seen_epoch(partition);
  const std::optional<std::int32_t> cached = snapshot_->leader_epoch(partition);
  const bool is_current =
      snapshot_->find_partition(partition) != nullptr && (!seen || cached.value_or(-1) == *seen);
  if (!is_current) return {kNoNode, seen};
  return {snapshot_->leader_for(partition).value_or(kNoNode), cached};
}

// --- Errors ---

std::optional<ClientError> Metadata::take_fatal_error() {
  return std::exchange(fatal_error_, std::nullopt);
}

std::optional<ClientError> Metadata::take_error_for_topic(TopicId topic) {
  std::optional<ClientError> error = take_fatal_error();
  if (!error && unauthorized_topics_.contains(topic)) {
    error = not_authorized_to_access_topics(names_.name(topic));
  }
  if (!error && invalid_topics_.contains(topic)) error = invalid_topics(names_.name(topic));
  invalid_topics_.clear();
  unauthorized_topics_.clear();
  return error;
}

ErrorCode Metadata::last_error(TopicId topic) const {
  const auto at = last_errors_.find(topic);
  return at == last_errors_.end() ? ErrorCode::None : at->second;
}

}  // namespace linger::core
