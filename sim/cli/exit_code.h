// What the command's exit status says.
#pragma once

namespace linger::sim::cli {

enum ExitCode : int {
  kHolds = 0,        // it did what was asked, and what was expected holds
  kDoesNotHold = 1,  // an expectation, or a law, does not
  kBadInput = 2,     // nothing was run, nothing was written
  kOurMistake = 3,   // a CHECK failed: a bug of this program
};

}  // namespace linger::sim::cli
