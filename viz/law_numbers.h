// The numbers of a law, as they are now: what balances, what a limit is compared with.
#pragma once

#include <string>
#include <string_view>

#include "sim/world.h"

namespace linger::viz {

// By the law's name (sim/laws.h, sim/law_watch.h). A law about what is told of records has the
// count of those.
std::string law_numbers(std::string_view law, const sim::World& world);

}  // namespace linger::viz
