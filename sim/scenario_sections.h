// The sections of a scenario file, each read by a function of its own, in this order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/query.h"
#include "sim/scenario.h"
#include "sim/scenario_reader.h"
#include "sim/units.h"

namespace linger::sim {

// Where each setting was written.
using SettingPlaces = std::vector<std::pair<std::string, Position>>;

// What has been read so far.
struct Reading {
  Scenario scenario;
  Mistakes mistakes;
  std::vector<std::string> topics;  // becomes scenario.topics
  SettingPlaces rules;              // "era" and "rules"
  std::string release;              // to be read for; empty: what the file says
  std::int64_t records = 0;         // that are to be sent
};

void read_era(TableReader& file, Reading& reading);
void read_cluster(TableReader& file, Reading& reading);
void read_network(TableReader& file, Reading& reading);
void read_producers(TableReader& file, Reading& reading);
void read_threads(TableReader& file, Reading& reading);
void read_lesson(TableReader& file, Reading& reading);
void read_faults(TableReader& file, Reading& reading);
void read_random_faults(TableReader& file, Reading& reading);
void read_narration(TableReader& file, Reading& reading);
void read_expectations(TableReader& file, Reading& reading);
void read_questions(TableReader& file, Reading& reading);
void read_what_ifs(TableReader& file, Reading& reading);
// What can be said of them only once the scenario is whole: that the changes can be made.
void check_what_ifs(Reading& reading);
void read_live(TableReader& file, Reading& reading);

// What several of them need.

// The ids of brokers are 0, 1, … Notes a mistake if there is no such broker.
std::optional<NodeId> broker_of(const TomlNode& node, Reading& reading);

// A topic somebody sends to: known, or created by being mentioned, or missing on purpose.
std::optional<std::string> topic_of(const TomlNode& node, Reading& reading);

// Why there is no such partition; nullopt if there is.
std::optional<UnitError> missing_partition(const PartitionName& partition, const Reading& reading);
std::optional<PartitionName> partition_of(const TomlNode& node, Reading& reading);
// The same, whether or not there is such a partition.
std::optional<PartitionName> partition_name_of(const TomlNode& node, Reading& reading);

// Whether what the table says, of "era" or several, holds in the release that is read for.
bool is_of_this_release(TableReader& table, Reading& reading, std::string_view key = "era");

// Where a column of a query stands in the file: exactly, if its text stands there as it is.
Position place_in(const TomlNode& text, std::int32_t column);

// A query with its names checked: true or false, or any value.
std::optional<Query> condition_of(const TomlNode& node, Reading& reading);
std::optional<Query> query_of(const TomlNode& node, Reading& reading);

// "at" or "when" of something that is told, asked or done.
Moment read_moment(TableReader& table, Reading& reading);

// The one fault that the table names beside its other keys; a mistake is noted if there is none.
Fault read_fault(TableReader& table, Reading& reading);
// The same where there may be none.
std::optional<Fault> find_fault(TableReader& table, Reading& reading);

std::vector<std::string> thread_names(const Scenario& scenario);
std::vector<std::string> producer_names(const Scenario& scenario);

}  // namespace linger::sim
