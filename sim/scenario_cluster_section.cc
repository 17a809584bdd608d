#include <algorithm>

#include <fmt/format.h>

#include "sim/nearest.h"
#include "sim/scenario_coordination_section.h"
#include "sim/scenario_replication_section.h"
#include "sim/scenario_sections.h"
#include "sim/scenario_topic_section.h"
#include "sim/scenario_topics.h"
#include "sim/units.h"
#include "sim/version_caps.h"

namespace linger::sim {

namespace {

// Enough for any lesson, and small enough that a slip of the pen does not fill the memory.
constexpr std::int64_t kMostBrokers = 1'000;

// Names that no [[topic]] has, for lessons about topics that are not there.
void read_missing_topics(const TomlNode& list, Reading& reading) {
  if (list.kind != TomlNode::Kind::Array) {
    reading.mistakes.add(list.at, "'missing_topics' is a list of names",
                         "such as missing_topics = [\"ghost\"]");
    return;
  }
  for (const TomlNode& item : list.items) {
    const auto name = text_of(item, reading.mistakes);
    if (!name) continue;
    if (std::find(reading.topics.begin(), reading.topics.end(), *name) != reading.topics.end()) {
      reading.mistakes.add(item.at, fmt::format("'{}' is not missing, or named twice", *name), "");
      continue;
    }
    if (reading.scenario.cluster.auto_create_topics && is_legal_topic_name(*name)) {
      reading.mistakes.add(item.at, fmt::format("'{}' would be created", *name),
                           "set auto.create.topics.enable = false");
      continue;
    }
    reading.topics.push_back(*name);
  }
}

// Every request has a key of its own, so that one which is none is told as any unknown key is.
void read_max_versions(TableReader& table, Reading& reading) {
  for (const core::Api& api : core::kApis) {
    const TomlNode* node = table.find(fmt::format("max_versions.{}", api.name));
    if (node == nullptr) continue;
    const bool is_number = node->kind == TomlNode::Kind::Integer;
    const auto cap =
        parse_version_cap(api, is_number ? fmt::format("{}", node->integer) : node->text);
    if (const auto* error = std::get_if<UnitError>(&cap)) {
      reading.mistakes.add(node->at, error->message, error->fix);
    } else {
      reading.scenario.cluster.max_versions[api.key] = std::get<std::int16_t>(cap);
    }
  }
}

void read_producer_ids(TableReader& table, Reading& reading) {
  ClusterSpec& cluster = reading.scenario.cluster;
  table.read_milliseconds(kProducerIdExpiration, cluster.producer_id_expiration);
  table.read_milliseconds(kProducerIdExpiryCheck, cluster.producer_id_expiry_check);
  table.read("quota_holds_answers", cluster.quota_holds_answers);
}

void read_cluster_table(TableReader& table, Reading& reading) {
  ClusterSpec& cluster = reading.scenario.cluster;
  table.read("brokers", cluster.brokers, {1, kMostBrokers});
  table.read("service_time", cluster.service_time);
  table.read("replication_time", cluster.replication_time);
  cluster.message_max_bytes = usual_message_max_bytes(reading.scenario.rules);
  table.read("message.max.bytes", cluster.message_max_bytes);
  table.read("auto.create.topics.enable", cluster.auto_create_topics);
  read_coordination(table, reading);
  read_replication(table, reading);
  table.read("num.partitions", cluster.default_partitions, {1, kMostPartitions});
  read_max_versions(table, reading);
  if (const TomlNode* node = table.find("unknown_producer")) {
    const auto word = text_of(*node, reading.mistakes);
    if (word && check_known(*node, *word, "answer to an unknown producer",
                            {"any", "zero", "zero in order"}, reading.mistakes)) {
      cluster.unknown_producer = *word == "any"    ? UnknownProducer::Any
                                 : *word == "zero" ? UnknownProducer::Zero
                                                   : UnknownProducer::ZeroInOrder;
    }
  }
  read_producer_ids(table, reading);
  table.read("answer_delay", cluster.answer_delay);
  table.read("produce_answer_delay", cluster.produce_answer_delay);
  table.read("closes_on_unacknowledged_error", cluster.closes_on_unacknowledged_error);
  table.read("tells_new_leader", cluster.tells_new_leader);
}

void read_link(TableReader& table, LinkSpec& link) {
  table.read("latency", link.latency);
  table.read("jitter", link.jitter);
  table.read("connect", link.connect);
  if (const TomlNode* segment = table.find("segment")) {
    const auto size = size_of(*segment, table.mistakes());
    if (size && *size == Bytes{0}) {
      table.mistakes().add(segment->at, "a segment has at least 1 byte", "such as 1460");
    } else if (size) {
      link.segment = *size;
    }
  }
  const TomlNode* bandwidth = table.find("bandwidth");
  if (bandwidth == nullptr) return;
  const auto text = text_of(*bandwidth, table.mistakes());
  if (!text) return;
  if (*text == "unlimited") {
    link.bandwidth = std::nullopt;
    return;
  }
  const auto parsed = parse_bandwidth(*text);
  if (const auto* error = std::get_if<UnitError>(&parsed)) {
    table.mistakes().add(bandwidth->at, error->message, error->fix);
  } else if (std::get<Bytes>(parsed) == Bytes{0}) {
    table.mistakes().add(bandwidth->at, "nothing would ever arrive", "such as 10MB/s");
  } else {
    link.bandwidth = std::get<Bytes>(parsed);
  }
}

std::optional<NodeId> broker_named(const TomlEntry& entry, Reading& reading) {
  TomlNode id;
  id.kind = TomlNode::Kind::Integer;
  id.at = entry.at;
  const bool is_number =
      !entry.key.empty() && entry.key.size() < 9 &&
      std::all_of(entry.key.begin(), entry.key.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) {
    reading.mistakes.add(entry.at, fmt::format("'{}' is no broker's number", entry.key),
                         "such as [network.broker.0]");
    return std::nullopt;
  }
  id.integer = std::stoll(entry.key);
  return broker_of(id, reading);
}

// [network.broker.1]: what it leaves out is as in [network].
void read_link_of(const TomlEntry& entry, Reading& reading) {
  const auto broker = broker_named(entry, reading);
  if (!broker) return;
  const std::string name = fmt::format("[network.broker.{}]", entry.key);
  if (entry.node.kind != TomlNode::Kind::Table) {
    reading.mistakes.add(entry.node.at,
                         fmt::format("this is {}, not a table", kind_text(entry.node.kind)),
                         fmt::format("such as {}", name));
    return;
  }
  LinkSpec link = reading.scenario.network.link;
  TableReader table{entry.node, name, reading.mistakes};
  read_link(table, link);
  table.finish();
  reading.scenario.network.by_broker[*broker] = link;
}

}  // namespace

void read_cluster(TableReader& file, Reading& reading) {
  reading.scenario.cluster.coordination.verifies_writes =
      usually_verifies_writes(reading.scenario.rules);
  reading.scenario.cluster.coordination.keeps_failed_epochs =
      usually_keeps_failed_epochs(reading.scenario.rules);
  reading.scenario.cluster.replication = usual_replication(reading.scenario.era);
  reading.scenario.cluster.producer_id_expiration =
      usual_producer_id_expiration(reading.scenario.era);
  reading.scenario.cluster.quota_holds_answers = usually_holds_answers(reading.scenario.rules);
  if (const TomlNode* node = file.find("cluster")) {
    if (node->kind != TomlNode::Kind::Table) {
      reading.mistakes.add(node->at, "'cluster' is a table", "such as [cluster] and brokers = 3");
    } else {
      const TomlNode flat = flattened(*node);
      TableReader table{flat, "[cluster]", reading.mistakes};
      read_cluster_table(table, reading);
      for (const TomlNode* topic : file.tables("topic")) read_topic(*topic, reading);
      if (const TomlNode* missing = table.find("missing_topics")) {
        read_missing_topics(*missing, reading);
      }
      table.finish();
      return;
    }
  }
  for (const TomlNode* topic : file.tables("topic")) read_topic(*topic, reading);
}

void read_network(TableReader& file, Reading& reading) {
  const TomlNode* node = file.find("network");
  if (node == nullptr) return;
  if (node->kind != TomlNode::Kind::Table) {
    reading.mistakes.add(node->at, "'network' is a table",
                         "such as [network] and latency = \"2ms\"");
    return;
  }
  TableReader table{*node, "[network]", reading.mistakes};
  read_link(table, reading.scenario.network.link);
  const TomlNode* brokers = table.find("broker");
  table.finish();
  if (brokers == nullptr) return;
  if (brokers->kind != TomlNode::Kind::Table) {
    reading.mistakes.add(brokers->at, "'broker' is a table of tables",
                         "such as [network.broker.0]");
    return;
  }
  for (const TomlEntry& entry : brokers->entries) read_link_of(entry, reading);
}

std::optional<NodeId> broker_of(const TomlNode& node, Reading& reading) {
  const std::int32_t brokers = reading.scenario.cluster.brokers;
  if (node.kind != TomlNode::Kind::Integer) {
    reading.mistakes.add(node.at, fmt::format("this is {}, not a broker", kind_text(node.kind)),
                         "a broker is named by its number, such as 0");
    return std::nullopt;
  }
  if (node.integer >= 0 && node.integer < brokers) {
    return NodeId{static_cast<std::int32_t>(node.integer)};
  }
  reading.mistakes.add(node.at, fmt::format("there is no broker {}", node.integer),
                       brokers == 1 ? "the only broker is 0; [cluster] brokers = 2 gives a second"
                                    : fmt::format("brokers are numbered 0 to {}", brokers - 1));
  return std::nullopt;
}

std::optional<std::string> topic_of(const TomlNode& node, Reading& reading) {
  auto name = text_of(node, reading.mistakes);
  if (!name) return std::nullopt;
  auto& topics = reading.topics;
  if (std::find(topics.begin(), topics.end(), *name) != topics.end()) return name;
  if (reading.scenario.cluster.auto_create_topics && is_legal_topic_name(*name)) {
    topics.push_back(*name);
    return name;
  }
  const auto meant = nearest(*name, topics);
  reading.mistakes.add(
      node.at, fmt::format("there is no topic '{}'", *name),
      meant ? fmt::format("did you mean '{}'?", *meant)
            : "add a [[topic]], or name it in [cluster] missing_topics if that is the lesson");
  return std::nullopt;
}

std::optional<UnitError> missing_partition(const PartitionName& partition, const Reading& reading) {
  const auto count = partition_count(partition.topic, reading.scenario.cluster);
  if (!count) {
    std::vector<std::string> topics;
    for (const TopicSpec& topic : reading.scenario.cluster.topics) topics.push_back(topic.name);
    return UnitError{fmt::format("there is no topic '{}'", partition.topic),
                     suggestion(partition.topic, topics)};
  }
  if (partition.partition < *count) return std::nullopt;
  return UnitError{fmt::format("there is no partition {}", partition_text(partition)),
                   *count == 1
                       ? fmt::format("the only one is {}-0", partition.topic)
                       : fmt::format("they are {0}-0 to {0}-{1}", partition.topic, *count - 1)};
}

std::optional<PartitionName> partition_name_of(const TomlNode& node, Reading& reading) {
  const auto text = text_of(node, reading.mistakes);
  if (!text) return std::nullopt;
  const auto parsed = parse_partition_name(*text);
  if (const auto* error = std::get_if<UnitError>(&parsed)) {
    reading.mistakes.add(node.at, error->message, error->fix);
    return std::nullopt;
  }
  return std::get<PartitionName>(parsed);
}

std::optional<PartitionName> partition_of(const TomlNode& node, Reading& reading) {
  const auto partition = partition_name_of(node, reading);
  if (!partition) return std::nullopt;
  if (const auto missing = missing_partition(*partition, reading)) {
    reading.mistakes.add(node.at, missing->message, missing->fix);
    return std::nullopt;
  }
  return partition;
}

}  // namespace linger::sim
