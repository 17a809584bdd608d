// linger replay: a live run once more, without its brokers.
#include <map>
#include <string>

#include <fmt/format.h>

#include "core/check.h"
#include "sim/cli/commands.h"
#include "sim/cli/event_writer.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/failure.h"
#include "sim/cli/input.h"
#include "sim/readable.h"
#include "sim/recording.h"
#include "sim/runner.h"
#include "sim/summary.h"

namespace linger::sim::cli {

namespace {

// Says of each stream whether it is as it was recorded. True if all are.
bool compare(const std::map<std::string, std::string>& recorded, const RunResult& result) {
  if (recorded.empty()) {
    fmt::print("the run was given up: there are no digests to compare with\n");
    return true;
  }
  bool is_same = true;
  for (const auto& [stream, digest] : digest_map(result.digests)) {
    const auto was = recorded.find(stream);
    if (was != recorded.end() && was->second == digest) continue;
    fmt::print("{} differs: {} here, {} recorded\n", stream, digest,
               was == recorded.end() ? "nothing" : was->second);
    is_same = false;
  }
  if (is_same) fmt::print("the same trace as recorded, {} events\n", result.events);
  return is_same;
}

}  // namespace

int replay_command(const ReplayArguments& arguments) {
  const auto scenario = read_scenario(arguments.file, {});
  if (!scenario) return kBadInput;
  if (!scenario->live) {
    print_errors({{arguments.file, 0, 0, "this is no recording: it has no table [live]",
                   "linger live writes them; linger run runs scenarios"}});
    return kBadInput;
  }
  EventWriter writer{*scenario, {arguments.trace, arguments.lists_events}};
  if (!writer.error().empty()) {
    fmt::print(stderr, "{}\n", writer.error());
    return kBadInput;
  }
  Run run{scenario, {}, [&writer](const TraceEvent& event) { writer(event); }};
  try {
    while (run.step()) {
    }
  } catch (const core::CheckFailure& failure) {
    fmt::print(stderr, "{}\n", failure_text(failure, run.world()));
    return kOurMistake;
  }
  const RunResult result = run.finish();
  if (!writer.finish()) {
    fmt::print(stderr, "{}\n", writer.error());
    return kBadInput;
  }
  fmt::print("over at {}: {}\n\n{}\n", readable_duration(result.ended_at.time_since_epoch()),
             result.why, text(result.summary));
  return compare(scenario->live->digests, result) ? kHolds : kDoesNotHold;
}

}  // namespace linger::sim::cli
