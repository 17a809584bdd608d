// What can be typed after `linger-view`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "sim/explorer.h"
#include "sim/scenario.h"
#include "sim/scenario_overrides.h"
#include "viz/keys.h"
#include "viz/language.h"
#include "viz/platform/image.h"
#include "viz/selection.h"
#include "viz/viewer_command.h"

namespace linger::viz {

// What the command's exit status says.
enum ExitCode : int {
  kDone = 0,
  kBadInput = 2,    // nothing was shown, nothing was written
  kNoDisplay = 3,   // no window can be opened, no picture be drawn
  kOurMistake = 4,  // a CHECK failed: a bug of this program
};

struct Arguments {
  std::string file;
  sim::ScenarioOverrides overrides;
  std::optional<core::Instant> at;        // where to look first; else at the beginning
  std::optional<std::int64_t> step;       // or after so many steps
  std::optional<std::string> screenshot;  // write this picture instead of opening a window
  std::optional<std::string> frames;      // write pictures of the whole run into this folder
  core::Duration every = std::chrono::milliseconds{1};
  PixelSize size{.width = 1280, .height = 720};
  std::vector<std::string> select;
  std::vector<Panel> toggled;     // panels shown that are hidden at first
  std::vector<KeyChord> pressed;  // keys of the viewer, pressed at that time
  std::vector<std::string> may;   // faults that may strike: "disconnect = 0"
  std::optional<int> faults;      // so many of them in a run; else one
  core::Duration within = sim::ExploreOptions{}.within;
  bool shows_help = false;
  std::optional<Language> language;  // else as it was chosen before, or as the system's is
};

// Or with which status to exit: help was asked for, or something is wrong; either was printed.
std::variant<Arguments, int> parse_arguments(int argc, const char* const* argv);

// "batch:3", "record:7", "partition:orders-0", "broker:1", "request:5"; "batch:plain:3" and the
// like of a producer by its name. Or what is wrong with it.
std::variant<Selection, sim::ParseError> parse_selection(const std::string& text,
                                                         const sim::Scenario& scenario);

}  // namespace linger::viz
