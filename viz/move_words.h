// A move of the explorer in words: who comes first, who runs, or what strikes.
#pragma once

#include <string>
#include <string_view>

#include "sim/explorer.h"
#include "viz/scene.h"

namespace linger::viz {

enum class MoveClass {
  Order,    // what is due of wires and brokers comes first
  Outcome,  // a fault strikes
  Thread    // a thread of an application runs, or a sender
};
MoveClass class_of(const sim::Move& move);
std::string_view word(MoveClass move_class);

// "Produce 3 arrives at broker 0", "thread A: send to orders". Requires: it is possible in the
// world that is shown.
std::string move_words(const Scene& scene, const sim::Move& move,
                       const sim::ExploreOptions& options);

}  // namespace linger::viz
