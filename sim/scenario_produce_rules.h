// A script for brokers, from TOML and back: [[produce_rule]].
#pragma once

#include "sim/produce_rule.h"
#include "sim/scenario_sections.h"
#include "sim/toml_text.h"

namespace linger::sim {

void read_produce_rules(TableReader& file, Reading& reading);

TomlTable produce_rule_table(const ProduceRule& rule);

}  // namespace linger::sim
