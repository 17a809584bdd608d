// linger explore: all orders and outcomes of a small scenario.
#include <chrono>
#include <cstdio>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "sim/cli/commands.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/input.h"
#include "sim/cli/output_file.h"
#include "sim/cli/see_it.h"
#include "sim/explorable.h"
#include "sim/explorer.h"
#include "sim/query_evaluator.h"
#include "sim/query_parser.h"
#include "sim/readable.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"

namespace linger::sim::cli {

namespace {

using Errors = std::vector<ParseError>;

void read_always(const ExploreArguments& arguments, const Scenario& scenario,
                 ExploreOptions& options, Errors& errors) {
  for (const std::string& text : arguments.always) {
    const std::string place = fmt::format("--always \"{}\"", text);
    const auto parsed = parse_condition(text);
    if (const auto* error = std::get_if<QueryError>(&parsed)) {
      errors.push_back({place, 0, 0, error->message, error->fix});
      continue;
    }
    const Query& query = std::get<Query>(parsed);
    if (uses_trace(query)) {
      errors.push_back({place, 0, 0, "this asks for what has happened, which states do not tell",
                        "ask for what is so: log(…), record(…), records.…"});
      continue;
    }
    const World world{std::make_shared<const Scenario>(scenario)};
    const auto now = holds(query, {lookup_in(world), {}, nullptr, scenario.topics});
    if (const auto* error = std::get_if<EvalError>(&now)) {
      errors.push_back({place, 0, 0, error->message, error->fix});
      continue;
    }
    options.always.push_back(query);
  }
}

void read_faults_that_may(const ExploreArguments& arguments, const Scenario& scenario,
                          ExploreOptions& options, Errors& errors) {
  for (const std::string& text : arguments.may) {
    auto parsed = parse_fault_that_may(text, fmt::format("--may '{}'", text), scenario);
    if (const auto* wrong = std::get_if<Errors>(&parsed)) {
      errors.insert(errors.end(), wrong->begin(), wrong->end());
    } else {
      options.faults.push_back(std::get<Fault>(std::move(parsed)));
    }
  }
  options.most_faults = arguments.faults.value_or(options.faults.empty() ? 0 : 1);
  if (options.most_faults > 0 && options.faults.empty()) {
    errors.push_back({"--faults", 0, 0, "nobody says which faults may strike",
                      "such as --may 'disconnect = 0'"});
  }
}

std::string way_text(ExploreEnd end, const ExploreOptions& options) {
  switch (end) {
    case ExploreEnd::AllVisited:
      return "all of them were visited, and every law holds in each";
    case ExploreEnd::MostSteps:
      return fmt::format("stopped at {} steps: what comes later was not seen", options.most_steps);
    case ExploreEnd::MostStates:
      return fmt::format("stopped at {} states: there are more", options.most_states);
    case ExploreEnd::Stopped:
      return "stopped";
    case ExploreEnd::LawBroken:
      return "a law is broken";
  }
  return "";
}

class Clock {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

void print_figures(const Exploration& found, const ExploreOptions& options, const Clock& clock) {
  const ExploreProgress& figures = found.figures;
  const double seconds = clock.seconds();
  fmt::print("{} states, {} transitions, {} ends; {} steps deep, {} late at most\n", figures.states,
             figures.transitions, found.ends, figures.steps + 1,
             readable_duration(found.latest.time_since_epoch()));
  fmt::print("{:.2f} s, {:.0f} transitions a second\n", seconds,
             seconds > 0 ? static_cast<double>(figures.transitions) / seconds : 0.0);
  if (found.latest.time_since_epoch() > options.far) {
    fmt::print("what is due further away than {} counts as equally far\n",
               readable_duration(options.far));
  }
  fmt::print("{}\n", way_text(found.end, options));
}

// Opens it where the law breaks, with the moves that there were in each state.
std::string see_moves(const ExploreArguments& arguments, const Exploration& found) {
  std::string command = viewer_command(arguments.out, std::ssize(found.way)) + " --toggle moves";
  for (const std::string& may : arguments.may) command += " --may " + quoted(may);
  if (arguments.faults) command += fmt::format(" --faults {}", *arguments.faults);
  if (arguments.within != ExploreArguments{}.within) {
    command += " --within " + quoted(arguments.within);
  }
  return command;
}

int write_counterexample(const Scenario& explored, const ExploreOptions& options,
                         const Exploration& found, const ExploreArguments& arguments) {
  const BrokenLaw& broken = *found.broken;
  Scenario scenario = as_scenario(explored, options, found);
  scenario.lesson.title = fmt::format("A broken law: {}", broken.name);
  scenario.lesson.text =
      fmt::format("After {} steps, at {}: {}. No way is shorter.", found.way.size(),
                  readable_duration(broken.at.time_since_epoch()), broken.what);
  OutputFile output{arguments.out};
  output.write(scenario_text(scenario));
  output.finish();
  fmt::print("\n{}: {}\n  {} steps, at {}\n", broken.name, broken.what, found.way.size(),
             readable_duration(broken.at.time_since_epoch()));
  if (!output.error().empty()) {
    fmt::print(stderr, "linger: {}\n", output.error());
    return kBadInput;
  }
  fmt::print("again, with the laws:  linger run {0} --laws\nsee it:  {1}\n", arguments.out,
             see_moves(arguments, found));
  return kDoesNotHold;
}

}  // namespace

int explore_command(const ExploreArguments& arguments) {
  const auto read = read_scenario(arguments.file, arguments.overrides);
  const auto within = read_time("--within", arguments.within);
  if (!read || !within) return kBadInput;
  const Scenario scenario = as_explored(*read);
  ExploreOptions options;
  options.most_states = arguments.states;
  options.most_steps = arguments.depth;
  options.within = within->time_since_epoch();
  Errors errors;
  if (const auto why = why_not_explorable(scenario)) {
    errors.push_back({arguments.file, 0, 0, fmt::format("{} cannot be explored yet", *why),
                      "linger check --random looks at those"});
  }
  read_always(arguments, scenario, options, errors);
  read_faults_that_may(arguments, scenario, options, errors);
  if (!errors.empty()) {
    print_errors(errors);
    return kBadInput;
  }
  const Clock clock;
  double told = 1;
  options.goes_on = [&](const ExploreProgress& progress) {
    if (arguments.is_quiet || clock.seconds() < told) return true;
    told = clock.seconds() + 1;
    fmt::print(stderr, "{} states, {} waiting, {} steps deep\n", progress.states, progress.waiting,
               progress.steps);
    return true;
  };
  const Exploration found = explore(std::make_shared<const Scenario>(scenario), options);
  print_figures(found, options, clock);
  return found.broken ? write_counterexample(scenario, options, found, arguments) : kHolds;
}

}  // namespace linger::sim::cli
