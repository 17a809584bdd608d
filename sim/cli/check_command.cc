// linger check: every scenario below some paths, several at once.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "core/check.h"
#include "sim/cli/commands.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/failure.h"
#include "sim/cli/input.h"
#include "sim/cli/parallel.h"
#include "sim/cli/scenario_files.h"
#include "sim/cli/verdicts.h"
#include "sim/digest.h"
#include "sim/lesson_run.h"
#include "sim/lesson_texts.h"
#include "sim/readable.h"
#include "sim/runner.h"
#include "sim/scenario_parser.h"

namespace linger::sim::cli {

namespace {

// One scenario's line, and what is wrong with it.
struct Checked {
  int exit_code = kHolds;
  std::string title;
  std::string time;
  std::string records;
  std::string digest;
  std::string failures;
};

std::string indented(const std::string& lines) {
  std::string text;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    text += "        " + lines.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return text;
}

// What is wrong with its questions and what-ifs.
void add_lesson_mistakes(const std::shared_ptr<const Scenario>& scenario, Checked& checked) {
  for (const LessonMistake& mistake : check_lesson(scenario)) {
    checked.exit_code = kDoesNotHold;
    checked.failures += fmt::format("{}:{}: {}\n", scenario->file, mistake.line, mistake.what);
  }
}

Checked check_scenario(const std::shared_ptr<const Scenario>& scenario) {
  Checked checked;
  checked.title = scenario->lesson.title;
  Run run{scenario, {.until = std::nullopt, .checks_laws = true}};
  try {
    while (run.step()) {
    }
    const RunResult result = run.finish();
    checked.exit_code = result.is_good() ? kHolds : kDoesNotHold;
    checked.records = counted(result.summary.records.sent, "record");
    checked.digest = digest_text(result.digests.whole());
    checked.failures = failures_text(*scenario, result, "");
    add_lesson_mistakes(scenario, checked);
  } catch (const core::CheckFailure& failure) {
    checked.exit_code = kOurMistake;
    checked.failures = failure_text(failure, run.world());
  }
  checked.time = readable_duration(run.world().now.time_since_epoch());
  return checked;
}

// A scenario in one of the releases in which it holds; empty: in the one that its file names.
struct Played {
  std::string file;
  std::string release;
  std::string name() const { return release.empty() ? file : file + " in " + release; }
};

// What is wrong with its texts in another language.
void add_text_mistakes(const Played& played, Checked& checked) {
  const auto texts = chinese_texts(played.file, played.release);
  const auto* errors = std::get_if<std::vector<ParseError>>(&texts);
  if (errors == nullptr) return;
  checked.exit_code = std::max(checked.exit_code, static_cast<int>(kBadInput));
  checked.failures += text(*errors);
}

Checked check_one(const Played& played) {
  ParsedScenario parsed = load_scenario(played.file, played.release);
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&parsed)) {
    Checked checked;
    checked.exit_code = kBadInput;
    checked.failures = text(*errors);
    return checked;
  }
  Checked checked =
      check_scenario(std::make_shared<const Scenario>(std::get<Scenario>(std::move(parsed))));
  if (has_chinese_texts(played.file)) add_text_mistakes(played, checked);
  return checked;
}

// A file that cannot be read is played once, to say why.
std::vector<Played> in_their_releases(const std::vector<std::string>& files) {
  std::vector<Played> all;
  for (const std::string& file : files) {
    const ParsedScenario parsed = load_scenario(file);
    const auto* scenario = std::get_if<Scenario>(&parsed);
    if (scenario == nullptr || scenario->releases.empty()) {
      all.push_back({file, ""});
      continue;
    }
    for (const std::string& release : scenario->releases) all.push_back({file, release});
  }
  return all;
}

// Each scenario is a world of its own, so that they may run at once; the order of the results is
// that of the files.
std::vector<Checked> check_all(const std::vector<Played>& files, int jobs) {
  std::vector<Checked> results(files.size());
  for_each_at_once(files.size(), jobs, [&](std::size_t i) { results[i] = check_one(files[i]); });
  return results;
}

int print_results(const std::vector<Played>& files, const std::vector<Checked>& results,
                  bool is_quiet) {
  TextTable table;
  int exit_code = kHolds;
  std::size_t passed = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Checked& checked = results[i];
    exit_code = std::max(exit_code, checked.exit_code);
    passed += checked.exit_code == kHolds ? 1 : 0;
    table.add({checked.exit_code == kHolds ? "ok" : "FAIL", files[i].name(), checked.title,
               checked.time, checked.records, checked.digest});
  }
  const std::string lines = table.text();
  std::size_t begin = 0;
  for (const Checked& checked : results) {
    const std::size_t end = lines.find('\n', begin);
    const bool is_shown = !is_quiet || checked.exit_code != kHolds;
    if (is_shown)
      fmt::print("{}\n{}", lines.substr(begin, end - begin), indented(checked.failures));
    begin = end + 1;
  }
  fmt::print("{} passed, {} failed\n", passed, files.size() - passed);
  return exit_code;
}

}  // namespace

int check_command(const CheckArguments& arguments) {
  if (arguments.random.count > 0) return random_check_command(arguments.random, arguments.jobs);
  const auto files = find_scenarios(arguments.paths);
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&files)) {
    print_errors(*errors);
    return kBadInput;
  }
  const std::vector<Played> found = in_their_releases(std::get<std::vector<std::string>>(files));
  return print_results(found, check_all(found, arguments.jobs), arguments.is_quiet);
}

}  // namespace linger::sim::cli
