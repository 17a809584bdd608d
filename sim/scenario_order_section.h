// Who comes first where it is not who is due first: [[order]], read and written.
#pragma once

#include <string>

#include "sim/scenario.h"
#include "sim/scenario_reader.h"
#include "sim/scenario_sections.h"

namespace linger::sim {

// Requires: threads, producers and topics are read.
void read_order(TableReader& file, Reading& reading);

std::string order_section(const Scenario& scenario);

}  // namespace linger::sim
