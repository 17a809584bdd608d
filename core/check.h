// CHECK stops the run on a broken invariant, in every build.
#pragma once

#include <stdexcept>
#include <string>

namespace linger::core {

// Our only exception: a mistake of ours, never of the simulated world. Caught by the test runner,
// by main, and by the viewer, which stops on the last good world.
class CheckFailure : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// Apart from the code that it checks, which should stay small.
[[noreturn, gnu::noinline, gnu::cold]] inline void check_failed(const char* condition,
                                                                const char* file, int line) {
  throw CheckFailure{std::string{"CHECK failed: "} + condition + " at " + file + ":" +
                     std::to_string(line)};
}

}  // namespace linger::core

#define CHECK(condition)                                                            \
  do {                                                                              \
    if (!(condition)) ::linger::core::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
