// The vocabulary of faults as a table, for people to read.
#pragma once

#include <string>
#include <string_view>

#include "sim/fault.h"

namespace linger::sim {

// In Markdown, as scenarios/README.md has it.
std::string fault_table();

// All that a fault of this kind can be told, in TOML: "refuse = { broker = 1, for = \"1s\" }".
std::string fault_example(const Fault& kind);

// "wire": what one points at to let it happen.
std::string_view target_word(FaultTarget target);

}  // namespace linger::sim
