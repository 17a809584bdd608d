// Compares two lists of lines, and finds where they part.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/parse_error.h"

namespace linger::sim::conform {

// What one observation holds: "*.trace", line by line.
struct ObservedTrace {
  std::vector<std::string> must;    // the events that must agree, in order
  std::vector<std::string> should;  // those that should
  std::vector<std::string> logs;    // "# LOG …"
  std::vector<ParseError> errors;   // lines that are none
  // Lines of a kind that nobody knows: they are not compared.
  std::vector<std::string> warnings;
};
ObservedTrace read_trace(std::string_view text, const std::string& file = "");

// "5 DRAIN node=0 none=1": its parts.
struct LineParts {
  std::string time;
  std::string event;
  std::vector<std::pair<std::string, std::string>> fields;
};
LineParts parts_of(std::string_view line);

// The line without what no two runs need to have in common: any broker may be asked for a
// coordinator.
std::string without_choice(std::string line);

// Batches that are aborted together come in an arbitrary order: the callbacks and ends of such a
// run of lines are put in the order of their batches, and the memory that goes back is told as if
// it had. Everything else stays as it is.
std::vector<std::string> with_aborts_in_order(std::vector<std::string> lines);

struct Divergence {
  std::size_t at = 0;                  // in both lists
  std::vector<std::string> differing;  // fields; or "event", "time", "end"
};
// Where the lists differ first.
std::optional<Divergence> first_divergence(const std::vector<std::string>& expected,
                                           const std::vector<std::string>& actual);

// The lines around it side by side, a few before, and what differs.
std::string divergence_text(const Divergence& divergence, const std::vector<std::string>& expected,
                            const std::vector<std::string>& actual);

// The lines of an event that are in one of two lists alone, in the order of their times.
struct Leftovers {
  std::string event;
  std::size_t agreeing = 0;
  std::vector<std::string> missing;  // of what was observed
  std::vector<std::string> extra;
};
std::vector<Leftovers> leftovers(const std::vector<std::string>& expected,
                                 const std::vector<std::string>& actual);
// All of them, one below another.
std::string leftovers_text(const std::vector<Leftovers>& leftovers);

}  // namespace linger::sim::conform
