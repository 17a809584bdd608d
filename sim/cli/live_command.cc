// linger live: a scenario's producers against real brokers.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "core/check.h"
#include "sim/cli/commands.h"
#include "sim/cli/event_writer.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/input.h"
#include "sim/cli/output_file.h"
#include "sim/readable.h"
#include "sim/recording.h"
#include "sim/scenario_writer.h"
#include "sim/summary.h"
#include "sim/units.h"

#if defined(LINGER_HAS_LIVE)
#include "sim/live/live_run.h"
#include "sim/live/probe.h"
#endif

namespace linger::sim::cli {

#if defined(LINGER_HAS_LIVE)

namespace {

constexpr std::chrono::seconds kPatience{5};

std::optional<std::vector<HostAndPort>> read_bootstrap(const std::string& text) {
  std::vector<HostAndPort> bootstrap;
  std::vector<ParseError> errors;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const auto address = parse_host_and_port(text.substr(begin, end - begin));
    if (const auto* error = std::get_if<UnitError>(&address)) {
      errors.push_back({fmt::format("--bootstrap {}", text), 0, 0, error->message, error->fix});
    } else {
      bootstrap.push_back(std::get<HostAndPort>(address));
    }
    begin = end + 1;
  }
  if (errors.empty()) return bootstrap;
  print_errors(errors);
  return std::nullopt;
}

std::optional<core::Ratio> read_speed(const std::optional<std::string>& text) {
  if (!text) return core::Ratio{1, 1};
  const auto speed = parse_ratio(*text);
  if (speed && speed->numerator >= speed->denominator / 1000) return speed;
  print_errors({{fmt::format("--speed {}", *text), 0, 0, fmt::format("'{}' is no speed", *text),
                 "a number from 0.001 to 10"}});
  return std::nullopt;
}

// The scenario's own file stays as it is.
std::string recording_of(const LiveArguments& arguments) {
  if (arguments.record) return *arguments.record;
  return std::filesystem::path{arguments.file}.stem().string() + ".recorded.toml";
}

void print_result(const live::LiveResult& result, const std::string& recording) {
  fmt::print("over at {}: {}\n\n{}\n", readable_duration(result.ended_at.time_since_epoch()),
             result.was_interrupted ? "interrupted, " + result.why : result.why,
             text(result.summary));
  fmt::print("recorded: linger replay {}\n", recording);
}

bool is_all_acknowledged(const Summary& summary) {
  return summary.records.failed == 0 && summary.records.refused == 0 && summary.pending == 0;
}

int run(const LiveArguments& arguments, const Scenario& scenario, live::LiveOptions options) {
  const std::string recording = recording_of(arguments);
  OutputFile file{recording};
  EventWriter writer{scenario, {arguments.trace, arguments.lists_events}};
  for (const std::string& error : {file.error(), writer.error()}) {
    if (error.empty()) continue;
    fmt::print(stderr, "{}\n", error);
    return kBadInput;
  }
  if (const auto why = live::why_unusable(options.bootstrap, kPatience)) {
    print_errors({{fmt::format("--bootstrap {}", arguments.bootstrap), 0, 0, *why,
                   "the address of a Kafka broker's plaintext listener"}});
    return kBadInput;
  }
  options.sink = [&writer](const TraceEvent& event) { writer(event); };
  options.tell = [](const std::string& line) { fmt::print(stderr, "linger: {}\n", line); };
  fmt::print("live: {}, against {}; Ctrl-C ends it\n", scenario.file, arguments.bootstrap);
  std::fflush(stdout);
  const live::LiveResult result = live::run_live(scenario, options);
  file.write(scenario_text(result.recorded));
  const bool is_written = file.finish();
  print_result(result, recording);
  if (!is_written || !writer.finish()) {
    fmt::print(stderr, "{}\n", is_written ? writer.error() : file.error());
    return kBadInput;
  }
  return is_all_acknowledged(result.summary) ? kHolds : kDoesNotHold;
}

}  // namespace

int live_command(const LiveArguments& arguments) {
  const auto scenario = read_scenario(arguments.file, arguments.overrides);
  if (!scenario) return kBadInput;
  live::LiveOptions options;
  const auto bootstrap = read_bootstrap(arguments.bootstrap);
  const auto speed = read_speed(arguments.speed);
  const auto close_timeout = read_time("--close-timeout", arguments.close_timeout);
  if (!bootstrap || !speed || !close_timeout) return kBadInput;
  options.bootstrap = *bootstrap;
  options.speed = *speed;
  options.close_timeout = std::chrono::ceil<core::Milliseconds>(close_timeout->time_since_epoch());
  try {
    return run(arguments, *scenario, std::move(options));
  } catch (const core::CheckFailure& failure) {
    fmt::print(stderr, "{}, live: {}\n", scenario->file, failure.what());
    return kOurMistake;
  }
}

#else

int live_command(const LiveArguments&) {
  print_errors({{"linger live", 0, 0, "this linger was built without Asio, and so without sockets",
                 "install Asio (Debian: libasio-dev) and build it again"}});
  return kBadInput;
}

#endif

}  // namespace linger::sim::cli
