// linger explain: the last decisions before a moment, or where a record's time went.
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "core/check.h"
#include "sim/cli/commands.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/failure.h"
#include "sim/cli/input.h"
#include "sim/explain.h"
#include "sim/record_times.h"
#include "sim/runner.h"
#include "sim/world.h"

namespace linger::sim::cli {

namespace {

std::optional<core::RecordId> read_record(const std::string& text) {
  std::int64_t number = -1;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec == std::errc{} && read.ptr == end && number >= 0) return core::RecordId{number};
  print_errors({{"--record " + text, 0, 0, fmt::format("'{}' is no record", text),
                 "records are numbered from 0, in the order of send()"}});
  return std::nullopt;
}

int explain_record(const std::shared_ptr<const Scenario>& scenario, core::RecordId record,
                   std::optional<Instant> at) {
  const auto times = times_of(scenario, record, at);
  if (!times) {
    print_errors({{scenario->file, 0, 0,
                   fmt::format("record {} is not sent{}", record.value(),
                               at ? " until then" : " in this run"),
                   "records are numbered from 0, in the order of send()"}});
    return kBadInput;
  }
  fmt::print("{}", text(*times, scenario->topics));
  return kHolds;
}

// The world where a CHECK fails: it is the same every time.
World last_world(const std::shared_ptr<const Scenario>& scenario) {
  Run run{scenario};
  try {
    while (run.step()) {
    }
  } catch (const core::CheckFailure&) {  // this is what we are looking for
  }
  return run.world();
}

int explain(const ExplainArguments& arguments, const std::shared_ptr<const Scenario>& scenario,
            std::optional<Instant> at) {
  if (!arguments.record) {
    fmt::print("{}", explain_decisions(scenario, at));
    return kHolds;
  }
  const auto record = read_record(*arguments.record);
  return record ? explain_record(scenario, *record, at) : static_cast<int>(kBadInput);
}

}  // namespace

int explain_command(const ExplainArguments& arguments) {
  const auto scenario = read_scenario(arguments.file, arguments.overrides);
  if (!scenario) return kBadInput;
  std::optional<Instant> at;
  if (arguments.at) {
    at = read_time("--at", *arguments.at);
    if (!at) return kBadInput;
  }
  try {
    return explain(arguments, scenario, at);
  } catch (const core::CheckFailure& failure) {
    fmt::print(stderr, "{}\n", failure_text(failure, last_world(scenario)));
    return kOurMistake;
  }
}

}  // namespace linger::sim::cli
