// Reads what brokers do with the produce requests that a rule names.
#pragma once

#include "sim/conform/statement.h"
#include "sim/produce_rule.h"

namespace linger::sim::conform {

//   rule req=2-3 tp=t-0 error=NOT_ENOUGH_REPLICAS times=2
//        ───────────────────────────────────────────────── what is left of the line
ProduceRule read_produce_rule(Statement& line);

}  // namespace linger::sim::conform
