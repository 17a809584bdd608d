// One observation: a scenario and what was seen, played and compared.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/rules.h"
#include "sim/conform/comparison.h"
#include "sim/parse_error.h"

namespace linger::sim::conform {

struct Pair {
  std::string name;  // the path without its ending
  core::Era era = core::Era::V3_9;
  std::string scenario;  // both as texts
  std::string trace;
};

struct Played {
  enum class Verdict { Agrees, Differs, BadInput, NotPlayable };
  Verdict verdict = Verdict::Agrees;
  // The divergence side by side, the mistakes in the input, or why it cannot be played.
  std::string text;
  std::vector<Leftovers> should;      // of the lines that should agree
  std::vector<std::string> warnings;  // what of the trace was not compared, by line
};

// Plays the scenario in a world of its own. Nothing outside is touched: many may run at once.
// Played: also with settings and rules that the model does not act on yet.
enum class Unsupported { Refused, Played };
Played play(const Pair& pair, Unsupported unsupported = Unsupported::Refused);

// The era that a folder is named after; none if it is no era.
std::optional<core::Era> era_of_folder(const std::string& path);

}  // namespace linger::sim::conform
