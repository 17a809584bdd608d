// Replication in a scenario file: read, and written back.
#pragma once

#include "core/rules.h"
#include "sim/scenario.h"
#include "sim/scenario_sections.h"
#include "sim/toml_text.h"

namespace linger::sim {

// Keys of [cluster].
void read_replication(TableReader& cluster, Reading& reading);
// What differs from how the brokers of the era usually do.
void add_replication(TomlTable& cluster, const ReplicationSpec& spec, core::Era era);

// Keys of [[topic]].
void read_replicas(TableReader& table, TopicSpec& topic, Reading& reading);
void add_replicas(TomlTable& table, const TopicSpec& topic);

}  // namespace linger::sim
