// What somebody does in the application's place, while a world runs.
#pragma once

#include "sim/scenario.h"
#include "sim/world.h"

namespace linger::sim {

// Lets a thread of its own do something at `at`, and notes it in the world's scenario, which then
// does the same by itself. Requires: world.now < at.
void act(World& world, const AppAction& action, std::size_t producer, Instant at);

// "send 10 records to orders-0", "flush"
std::string text(const AppAction& action);

}  // namespace linger::sim
