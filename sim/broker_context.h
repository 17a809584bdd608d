// What a broker works with while something happens to it.
#pragma once

#include "core/time.h"
#include "sim/cluster.h"
#include "sim/wire_event.h"

namespace linger::sim {

struct BrokerContext {
  Cluster& cluster;
  core::Instant now;
  Effects& effects;
};

}  // namespace linger::sim
