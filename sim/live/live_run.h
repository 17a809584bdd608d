// A scenario's producers and applications in real time, against real brokers.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "sim/digest.h"
#include "sim/outside.h"
#include "sim/scenario.h"
#include "sim/summary.h"
#include "sim/trace.h"

namespace linger::sim::live {

struct LiveOptions {
  std::vector<HostAndPort> bootstrap;
  core::Ratio speed{1, 1};  // virtual time to real time
  core::Milliseconds close_timeout{30'000};
  std::function<void(const TraceEvent&)> sink;   // may be empty
  std::function<void(const std::string&)> tell;  // what a person should know meanwhile
};

struct LiveResult {
  Scenario recorded;  // plays the run again
  Summary summary;
  Digests digests;
  core::Instant ended_at{};
  std::string why;  // "idle", "end", "limit"; "given up" after a second interrupt
  bool was_interrupted = false;
};

// The very world that a simulation steps through, with the clock of the machine: what is due is
// stepped, what it writes goes to sockets, what comes from them is put into its inputs with the
// time it is heard at. The world sees neither clock nor sockets, and so the inputs alone, with the
// scenario, give the same run again.
//
// SIGINT and SIGTERM interrupt it: threads stop, producers are closed. A second one gives it up.
LiveResult run_live(Scenario scenario, const LiveOptions& options);

}  // namespace linger::sim::live
