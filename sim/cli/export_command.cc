// linger export: a run, written down for other programs and for paper.
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "core/check.h"
#include "sim/capture.h"
#include "sim/cli/commands.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/failure.h"
#include "sim/cli/input.h"
#include "sim/cli/output_file.h"
#include "sim/lesson_texts.h"
#include "sim/run_export.h"
#include "sim/world.h"

namespace linger::sim::cli {

namespace {

bool goes_on(const World& world, const std::optional<Instant>& until) {
  const std::optional<Instant> due = next_due(world);
  return due && (!until || *due <= *until);
}

// Until the run is over, or cut. `after_step` is told each step.
template <class AfterStep>
int run_through(World& world, TraceSink& sink, const std::optional<Instant>& until,
                AfterStep after_step) {
  try {
    while (goes_on(world, until)) {
      step(world, sink);
      after_step();
    }
  } catch (const core::CheckFailure& failure) {
    fmt::print(stderr, "{}\n", failure_text(failure, world));
    return kOurMistake;
  }
  return kHolds;
}

int export_pcap(const std::shared_ptr<const Scenario>& scenario,
                const std::optional<Instant>& until, OutputFile& file) {
  World world{scenario};
  TraceSink sink;
  sink.is_on = false;
  sink.keeps_traffic = true;
  Capture capture{*scenario};
  const int exit_code = run_through(world, sink, until, [&] {
    capture.add(world, sink.take_traffic());
    file.write(capture.take());
  });
  if (exit_code != kHolds) return exit_code;
  return file.finish() ? kHolds : kBadInput;
}

using Writer = std::string (*)(const FinishedRun&);

int export_text(const std::shared_ptr<const Scenario>& scenario,
                const std::optional<Instant>& until, Writer writer, OutputFile& file) {
  World world{scenario};
  TraceSink sink;
  const int exit_code = run_through(world, sink, until, [] {});
  if (exit_code != kHolds) return exit_code;
  file.write(writer({world, sink.take()}));
  return file.finish() ? kHolds : kBadInput;
}

int export_handout(const std::shared_ptr<const Scenario>& scenario, bool is_chinese,
                   OutputFile& file) {
  file.write(lesson_handout(scenario, is_chinese ? kChineseHandout : kEnglishHandout));
  return file.finish() ? kHolds : kBadInput;
}

int export_to(const std::string& target, const ExportArguments& arguments,
              const std::shared_ptr<const Scenario>& scenario,
              const std::optional<Instant>& until) {
  OutputFile file{target};
  int exit_code = kBadInput;
  if (file.error().empty()) {
    if (arguments.pcap) exit_code = export_pcap(scenario, until, file);
    if (arguments.svg) exit_code = export_text(scenario, until, sequence_svg, file);
    if (arguments.perfetto) exit_code = export_text(scenario, until, perfetto_json, file);
    if (arguments.csv) exit_code = export_text(scenario, until, records_csv, file);
    if (arguments.handout) exit_code = export_handout(scenario, arguments.language == "zh", file);
  }
  if (!file.error().empty()) fmt::print(stderr, "{}\n", file.error());
  return exit_code;
}

}  // namespace

int export_command(const ExportArguments& arguments) {
  auto scenario = read_scenario(arguments.file, arguments.overrides);
  if (!scenario) return kBadInput;
  if (arguments.language == "zh") {
    const auto texts = chinese_texts(scenario->file, arguments.overrides.era.value_or(""));
    if (const auto* errors = std::get_if<std::vector<ParseError>>(&texts)) {
      print_errors(*errors);
      return kBadInput;
    }
    scenario =
        std::make_shared<const Scenario>(with_texts(*scenario, std::get<LessonTexts>(texts)));
  }
  if (scenario->live && (arguments.pcap || arguments.svg)) {
    print_errors({{arguments.file, 0, 0, "the connections of a live run are not simulated",
                   "capture them where they were, with tcpdump or Wireshark"}});
    return kBadInput;
  }
  std::optional<Instant> until;
  if (arguments.until) {
    until = read_time("--until", *arguments.until);
    if (!until) return kBadInput;
  }
  for (const auto& target :
       {arguments.pcap, arguments.svg, arguments.perfetto, arguments.csv, arguments.handout}) {
    if (target) return export_to(*target, arguments, scenario, until);
  }
  return kBadInput;
}

}  // namespace linger::sim::cli
