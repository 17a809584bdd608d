// linger export: a run, written down for other programs.
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "core/check.h"
#include "sim/capture.h"
#include "sim/cli/commands.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/failure.h"
#include "sim/cli/input.h"
#include "sim/cli/output_file.h"
#include "sim/world.h"

namespace linger::sim::cli {

namespace {

bool goes_on(const World& world, const std::optional<Instant>& until) {
  const std::optional<Instant> due = next_due(world);
  return due && (!until || *due <= *until);
}

int export_pcap(const std::shared_ptr<const Scenario>& scenario,
                const std::optional<Instant>& until, OutputFile& file) {
  World world{scenario};
  TraceSink sink;
  sink.is_on = false;
  sink.keeps_traffic = true;
  Capture capture{*scenario};
  try {
    while (goes_on(world, until)) {
      step(world, sink);
      capture.add(world, sink.take_traffic());
      file.write(capture.take());
    }
  } catch (const core::CheckFailure& failure) {
    fmt::print(stderr, "{}\n", failure_text(failure, world));
    return kOurMistake;
  }
  return file.finish() ? kHolds : kBadInput;
}

}  // namespace

int export_command(const ExportArguments& arguments) {
  const auto scenario = read_scenario(arguments.file, arguments.overrides);
  if (!scenario) return kBadInput;
  if (scenario->live) {
    print_errors({{arguments.file, 0, 0, "the connections of a live run are not simulated",
                   "capture them where they were, with tcpdump or Wireshark"}});
    return kBadInput;
  }
  std::optional<Instant> until;
  if (arguments.until) {
    until = read_time("--until", *arguments.until);
    if (!until) return kBadInput;
  }
  OutputFile file{arguments.pcap};
  const int exit_code =
      file.error().empty() ? export_pcap(scenario, until, file) : static_cast<int>(kBadInput);
  if (!file.error().empty()) fmt::print(stderr, "{}\n", file.error());
  return exit_code;
}

}  // namespace linger::sim::cli
