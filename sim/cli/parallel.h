// Many pieces of work at once, with progress.
#pragma once

#include <cstddef>
#include <functional>

namespace linger::sim::cli {

// Calls work(0), work(1), …, work(count - 1), several at once: `jobs`, or as many as there are
// processors if that is 0. On a terminal a line tells how far it is. Requires: work() throws
// nothing, and each call touches what is its own.
void for_each_at_once(std::size_t count, int jobs, const std::function<void(std::size_t)>& work);

}  // namespace linger::sim::cli
