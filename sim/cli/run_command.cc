// linger run: one scenario, its summary, its digests, and whether what it expects holds.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "sim/cli/commands.h"
#include "sim/cli/event_writer.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/failure.h"
#include "sim/cli/input.h"
#include "sim/cli/verdicts.h"
#include "sim/codec_mark.h"
#include "sim/metrics.h"
#include "sim/readable.h"
#include "sim/runner.h"
#include "sim/scenario_writer.h"
#include "sim/summary.h"

namespace linger::sim::cli {

namespace {

void print_summary(const Scenario& scenario, const RunResult& result) {
  if (!scenario.lesson.title.empty()) fmt::print("{}\n", scenario.lesson.title);
  fmt::print("{}, era {}, seed {}\n", scenario.file, scenario.release, scenario.seed);
  fmt::print("{} at {}, after {} and {}\n\n", result.was_cut ? "cut" : "over",
             readable_duration(result.ended_at.time_since_epoch()), counted(result.steps, "step"),
             counted(result.events, "event"));
  fmt::print("{}\n{}", text(result.summary), text(result.digests));
  const std::string codecs = codec_mark(scenario);
  if (!codecs.empty()) {
    fmt::print("\ncodec: {}; another version may give other sizes and digests\n", codecs);
  }
  if (result.was_cut && !scenario.expectations.empty()) {
    fmt::print("\nthe run was cut: its expectations are not looked at\n");
  }
}

void print_metrics(const std::vector<std::vector<Metric>>& metrics, const Scenario& scenario) {
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    fmt::print("\nmetrics of {}\n{}", scenario.producers[i].name, text(metrics[i]));
  }
}

void print_spared(const RunResult& result) {
  if (result.spared_laws.empty()) return;
  fmt::print("\nlaws that Kafka itself breaks here\n");
  for (const BrokenLaw& law : result.spared_laws) {
    fmt::print("  after step {}, at {}: {}\n    {} ({})\n", law.step,
               readable_duration(law.at.time_since_epoch()), law.name, law.what, law.spared_by);
  }
}

void print_verdicts(const RunArguments& arguments, const Scenario& scenario,
                    const RunResult& result) {
  const std::string failures = failures_text(scenario, result, "");
  if (arguments.is_quiet) {
    if (!failures.empty()) fmt::print("{}", failures);
    return;
  }
  if (failures.empty() && !result.verdicts.empty()) {
    fmt::print("\n{} {}\n", result.verdicts.size() == 1 ? "the expectation" : "all",
               result.verdicts.size() == 1
                   ? "holds"
                   : fmt::format("{} expectations hold", result.verdicts.size()));
  }
  if (!failures.empty()) fmt::print("\n{}", failures);
  print_spared(result);
}

// What was run, so that it can be run again: random faults are told one by one.
bool save(const RunArguments& arguments, const Scenario& scenario) {
  if (!arguments.save) return true;
  OutputFile file{*arguments.save};
  if (file.error().empty()) file.write(scenario_text(scenario));
  if (file.error().empty() && file.finish()) return true;
  fmt::print(stderr, "{}\n", file.error());
  return false;
}

int run(const RunArguments& arguments, const std::shared_ptr<const Scenario>& scenario,
        RunOptions options) {
  EventWriter writer{*scenario, {arguments.trace, arguments.lists_events}};
  if (!writer.error().empty()) {
    fmt::print(stderr, "{}\n", writer.error());
    return kBadInput;
  }
  MetricsBuilder metrics{*scenario};
  Run run{scenario, options, [&](const TraceEvent& event) {
            if (arguments.lists_metrics) metrics.add(event);
            writer(event);
          }};
  if (!save(arguments, *run.world().scenario)) return kBadInput;
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
  if (arguments.lists_events && !arguments.is_quiet) fmt::print("\n");
  if (!arguments.is_quiet) print_summary(*scenario, result);
  if (arguments.lists_metrics) print_metrics(metrics.finish(run.world()), *scenario);
  print_verdicts(arguments, *scenario, result);
  return result.is_good() ? kHolds : kDoesNotHold;
}

}  // namespace

int run_command(const RunArguments& arguments) {
  const auto scenario = read_scenario(arguments.file, arguments.overrides);
  if (!scenario) return kBadInput;
  RunOptions options{.until = std::nullopt, .checks_laws = arguments.checks_laws};
  if (arguments.until) {
    options.until = read_time("--until", *arguments.until);
    if (!options.until) return kBadInput;
  }
  return run(arguments, scenario, options);
}

}  // namespace linger::sim::cli
