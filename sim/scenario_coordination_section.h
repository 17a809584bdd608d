// Coordination of transactions and groups in a scenario file: read, and written back.
#pragma once

#include "sim/scenario.h"
#include "sim/scenario_sections.h"
#include "sim/toml_text.h"

namespace linger::sim {

// Keys of [cluster].
void read_coordination(TableReader& cluster, Reading& reading);
// What differs from how the brokers of these rules usually do.
void add_coordination(TomlTable& cluster, const CoordinationSpec& spec, core::RuleSet rules);

}  // namespace linger::sim
