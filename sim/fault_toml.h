// A fault as scenarios and the command line write it.
#pragma once

#include <string>

#include "sim/fault.h"

namespace linger::sim {

struct FaultToml {
  std::string key;
  std::string value;
};

// What has its default is left out, and a first field that stands alone needs no table:
// refuse = 1, add_latency = { broker = 1, extra = "5ms" }.
FaultToml fault_toml(const Fault& fault);

}  // namespace linger::sim
