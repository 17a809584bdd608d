// Which rules this model acts on. The others can be read about, but not turned: a scenario that
// turns one is refused, so that nobody looks for a difference that nothing makes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/rules.h"

namespace linger::core {

// The producer acts as the newest era does. A rule that is acted upon has both its sides here: what
// the producer does with it, and what it did before.
enum class Support : std::uint8_t {
  ActedUpon,
  OfTransactions,  // means nothing without them, and this model has none yet
  NothingToSee,    // it changes what this model does not have
  NotYet,
};
Support support(Rule rule);

// Why a producer of this era with these rules cannot be shown: one sentence for each flip of a rule
// that is not acted upon, and one for the era itself. Empty if it can. The rules of a release that
// goes by the era's settings are no flips.
//
// An era can be shown once every rule in which it differs from the newest is acted upon; those of
// transactions do not matter as long as there are none.
std::vector<std::string> unsupported_flips(Era era, RuleSet rules);
std::vector<std::string> unsupported_era(Era era);

}  // namespace linger::core
