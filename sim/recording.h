// A live run as a scenario: what is made of one before it meets real brokers, and how what came
// from them is written down, so that the run can be had again without them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"
#include "sim/digest.h"
#include "sim/outside.h"
#include "sim/scenario.h"
#include "sim/units.h"

namespace linger::sim {

// --- Before the run ---

struct LiveStart {
  std::vector<HostAndPort> bootstrap;
  std::int64_t epoch_ms = 0;         // the clock when it begins
  core::Milliseconds close_timeout;  // of the shutdown hook that each producer gets
  std::shared_ptr<const std::vector<OutsideInput>> inputs;
};

struct LiveScenario {
  Scenario scenario;
  std::vector<std::string> left_out;  // what cannot be had with real brokers, a line each
};

// Nothing is there when the run begins; faults, and what is expected of simulated brokers, are left
// out; when the run is interrupted, each producer is closed.
LiveScenario as_live(Scenario scenario, LiveStart start);

// --- After it ---

// The scenario as it was run: with what was heard, and the digests that came of it.
// Requires: scenario.live.
Scenario as_recorded(Scenario scenario, std::size_t inputs_taken, const Digests& digests);
// By stream; "whole" is that of all of them.
std::map<std::string, std::string> digest_map(const Digests& digests);

// The table [live] of a scenario file. An input is a line:
//
//   "<microseconds> <producer>/<node>/<connection> connected <room>"
//   "… failed", "… room <more>", "… received <hexadecimal>", "… ended", "… reset"
//   "<microseconds> interrupted"
std::string live_section(const LiveSpec& live);
std::variant<OutsideInput, UnitError> parse_input(std::string_view line);
std::variant<HostAndPort, UnitError> parse_host_and_port(std::string_view text);

}  // namespace linger::sim
