// The `linger` command: what can be typed, and which subcommand answers.
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "sim/cli/commands.h"
#include "sim/cli/exit_code.h"
#include "sim/nearest.h"

namespace {

using namespace linger::sim::cli;

constexpr const char* kAbout =
    "A deterministic laboratory for the Apache Kafka producer: scenarios run in virtual time, the\n"
    "same way on every machine.\n";

constexpr const char* kExitCodes =
    "Exit status: 0 what is expected holds; 1 it does not; 2 bad input, and nothing was written;\n"
    "3 a bug of this program.";

void add_overrides(CLI::App& command, linger::sim::ScenarioOverrides& overrides) {
  command
      .add_option(
          "--era", overrides.era,
          "run the client of this era, 0.10.2, 2.8 or 3.9, or of a release between them, such as "
          "1.0")
      ->type_name("ERA");
  command
      .add_option(
          "--set", overrides.settings,
          "give every producer this setting (again and again; NAME:KEY=VALUE for one alone)")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command
      .add_option("--producer-config", overrides.producer_config,
                  "give every producer the settings of this producer.properties")
      ->type_name("FILE");
  command
      .add_option("--rule", overrides.rules,
                  "turn one rule of the era on or off, such as KIP-951=off")
      ->type_name("RULE=on|off")
      ->allow_extra_args(false);
  command
      .add_option("--fault", overrides.faults,
                  "one more fault, as a scenario's [[fault]] has it (again and again), such as\n"
                  "'at = \"10ms\", disconnect = 0' or 'when = \"step > 9\", refuse = 1'")
      ->type_name("FAULT")
      ->allow_extra_args(false);
  command
      .add_option("--max-version", overrides.max_versions,
                  "let brokers announce a request up to this version alone, such as Produce=8; or "
                  "none (again and again)")
      ->type_name("API=N")
      ->allow_extra_args(false);
  command.add_option("--seed", overrides.seed, "another seed: other jitter, other choices")
      ->type_name("N");
}

void add_run(CLI::App& app, RunArguments& arguments) {
  CLI::App* run = app.add_subcommand("run", "Run a scenario and sum it up");
  run->add_option("file", arguments.file, "the scenario, a TOML file")
      ->required()
      ->type_name("FILE");
  add_overrides(*run, arguments.overrides);
  run->add_option("--until", arguments.until, "cut the run at this virtual time, such as 20ms")
      ->type_name("TIME");
  run->add_option("--trace", arguments.trace,
                  "write every event as a line of JSON (- for the standard output)")
      ->type_name("OUT.jsonl");
  run->add_option("--save", arguments.save,
                  "write what was run as a scenario, with all that was changed and drawn")
      ->type_name("OUT.toml");
  run->add_flag("--events", arguments.lists_events,
                "list the events, with the lines that the real client would log");
  run->add_flag("--metrics", arguments.lists_metrics,
                "list the client's metrics by Kafka's names, over the whole run");
  run->add_flag("--laws", arguments.checks_laws, "check the laws of the model after every step");
  run->add_flag("--quiet", arguments.is_quiet, "print failures alone");
  run->footer(kExitCodes);
}

// "2/8": the second of eight parts.
void read_shard(const std::string& text, RandomCheckArguments& random) {
  const auto slash = text.find('/');
  if (slash != std::string::npos &&
      CLI::detail::lexical_cast(text.substr(0, slash), random.shard) &&
      CLI::detail::lexical_cast(text.substr(slash + 1), random.shards) && random.shard >= 1 &&
      random.shard <= random.shards) {
    return;
  }
  throw CLI::ValidationError("--shard", "'" + text + "' is no part of a whole; such as 1/4, 4/4");
}

void add_check(CLI::App& app, CheckArguments& arguments) {
  CLI::App* check = app.add_subcommand(
      "check", "Run every scenario below some paths, and see whether all they expect holds");
  auto* paths = check->add_option("path", arguments.paths, "scenarios, or directories of them")
                    ->type_name("PATH");
  auto* random = check
                     ->add_option("--random", arguments.random.count,
                                  "instead: so many random scenarios, under the laws of the model")
                     ->type_name("N")
                     ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
                     ->excludes(paths);
  check->add_option("--seed", arguments.random.seed, "of the first random scenario (1)")
      ->type_name("S")
      ->needs(random);
  check
      ->add_option_function<std::string>(
          "--shard", [&arguments](const std::string& text) { read_shard(text, arguments.random); },
          "check one of N equal parts of them, so that several machines may share the work")
      ->type_name("I/N")
      ->needs(random);
  check
      ->add_option("--out", arguments.random.directory,
                   "where scenarios that break a law are written, made small (.)")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory)
      ->needs(random);
  check->callback([&arguments] {
    if (arguments.paths.empty() && arguments.random.count == 0) throw CLI::RequiredError("path");
  });
  check->add_option("--jobs", arguments.jobs, "how many run at once")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  check->add_flag("--quiet", arguments.is_quiet, "print failures alone");
  check->footer(kExitCodes);
}

void add_explore(CLI::App& app, ExploreArguments& arguments) {
  CLI::App* explore = app.add_subcommand(
      "explore", "Try all orders and outcomes of a small scenario, under the laws");
  explore->add_option("file", arguments.file, "the scenario, a TOML file")
      ->required()
      ->type_name("FILE");
  explore
      ->add_option("--always", arguments.always,
                   "a condition that has to hold at every moment, too (again and again), such as\n"
                   "\"log('t-0').is_in_order\"; what the scenario expects has to hold at its ends")
      ->type_name("QUERY")
      ->allow_extra_args(false);
  explore
      ->add_option("--may", arguments.may,
                   "a fault that may strike at any moment (again and again), such as "
                   "'disconnect = 0'")
      ->type_name("FAULT")
      ->allow_extra_args(false);
  explore->add_option("--faults", arguments.faults, "how many of them strike at most in a run (1)")
      ->type_name("N")
      ->check(CLI::Range(0, 100));
  explore
      ->add_option(
          "--within", arguments.within,
          "who is due later than the first by more than this does not come before it (1ms)")
      ->type_name("TIME");
  explore->add_option("--depth", arguments.depth, "steps from the beginning at most (1000000)")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
  explore->add_option("--states", arguments.states, "states at most (1000000)")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{4'000'000'000}));
  explore
      ->add_option("--out", arguments.out,
                   "where the shortest way to a broken law is written, as a scenario\n"
                   "(counterexample.toml)")
      ->type_name("OUT.toml");
  explore->add_flag("--quiet", arguments.is_quiet, "no progress");
  add_overrides(*explore, arguments.overrides);
  explore->footer(kExitCodes);
}

void add_explain(CLI::App& app, ExplainArguments& arguments) {
  CLI::App* explain = app.add_subcommand(
      "explain", "Say why: the last decisions before a moment, or where a record's time went");
  explain->add_option("file", arguments.file, "the scenario, a TOML file")
      ->required()
      ->type_name("FILE");
  explain
      ->add_option("--at", arguments.at, "the moment, such as 3ms; without it, the end of the run")
      ->type_name("TIME");
  explain
      ->add_option("--record", arguments.record,
                   "follow this record; they are numbered from 0, in the order of send()")
      ->type_name("N");
  add_overrides(*explain, arguments.overrides);
  explain->footer(kExitCodes);
}

void add_sweep(CLI::App& app, SweepArguments& arguments) {
  CLI::App* sweep = app.add_subcommand(
      "sweep", "Run a scenario with each of several values of a setting, or of two");
  sweep->add_option("file", arguments.file, "the scenario, a TOML file")
      ->required()
      ->type_name("FILE");
  sweep
      ->add_option(
          "--vary", arguments.vary,
          "a setting and its values, for every producer (NAME:KEY=… for one alone); twice: "
          "each value of one with each of the other")
      ->required()
      ->type_name("KEY=A,B,…")
      ->allow_extra_args(false);
  sweep
      ->add_option("--csv", arguments.csv,
                   "write a line of figures for each run (- for the standard output); times in "
                   "microseconds, sizes in bytes")
      ->type_name("OUT.csv");
  sweep->add_option("--jobs", arguments.jobs, "how many run at once")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  add_overrides(*sweep, arguments.overrides);
  sweep->footer(kExitCodes);
}

void add_export(CLI::App& app, ExportArguments& arguments) {
  CLI::App* command = app.add_subcommand("export", "Write a run down for other programs");
  command->add_option("file", arguments.file, "the scenario, a TOML file")
      ->required()
      ->type_name("FILE");
  CLI::Option_group* what =
      command->add_option_group("What", "one of these; - for the standard output");
  what->add_option("--pcap", arguments.pcap,
                   "the connections as a packet capture that Wireshark opens")
      ->type_name("OUT.pcapng");
  what->add_option("--svg", arguments.svg,
                   "requests and answers between producers and brokers as a sequence diagram")
      ->type_name("OUT.svg");
  what->add_option("--perfetto", arguments.perfetto,
                   "batches, connections, threads and counters for Perfetto or Chrome's tracing")
      ->type_name("OUT.json");
  what->add_option("--csv", arguments.csv,
                   "a line for each record: its times in microseconds, and its fate")
      ->type_name("OUT.csv");
  CLI::Option* handout =
      what->add_option("--handout", arguments.handout,
                       "the lesson on paper: text, questions, what-ifs, answers at the end")
          ->type_name("OUT.md");
  what->require_option(1);
  command->add_option("--language", arguments.language, "of the handout: en, or zh (Chinese)")
      ->check(CLI::IsMember({"en", "zh"}))
      ->type_name("en|zh")
      ->needs(handout);
  command->add_option("--until", arguments.until, "cut the run at this virtual time, such as 20ms")
      ->type_name("TIME")
      ->excludes(handout);
  add_overrides(*command, arguments.overrides);
  command->footer(kExitCodes);
}

void add_live(CLI::App& app, LiveArguments& arguments) {
  CLI::App* live = app.add_subcommand(
      "live", "Run a scenario's producers in real time, against real brokers; Ctrl-C ends it");
  live->add_option("file", arguments.file, "the scenario, a TOML file")
      ->required()
      ->type_name("FILE");
  live->add_option("--bootstrap", arguments.bootstrap, "brokers to begin with")
      ->required()
      ->type_name("HOST:PORT,…");
  live->add_option("--record", arguments.record,
                   "write the recording there; else to NAME.recorded.toml in the current directory")
      ->type_name("OUT.toml");
  live->add_option("--trace", arguments.trace,
                   "write every event as a line of JSON (- for the standard output)")
      ->type_name("OUT.jsonl");
  live->add_flag("--events", arguments.lists_events,
                 "list the events, with the lines that the real client would log");
  live->add_option("--speed", arguments.speed,
                   "let the scenario's time pass faster or slower, such as 2 or 0.5")
      ->type_name("FACTOR");
  live->add_option("--close-timeout", arguments.close_timeout,
                   "how long close() may take after Ctrl-C")
      ->type_name("TIME");
  add_overrides(*live, arguments.overrides);
  live->footer(
      "Exit status: 0 every record was acknowledged; 1 not every one; 2 bad input, or no\n"
      "broker to be had; 3 a bug of this program.");
}

void add_replay(CLI::App& app, ReplayArguments& arguments) {
  CLI::App* replay = app.add_subcommand(
      "replay", "Run a recording again, and see whether it gives the same trace");
  replay->add_option("file", arguments.file, "what linger live recorded")
      ->required()
      ->type_name("FILE");
  replay
      ->add_option("--trace", arguments.trace,
                   "write every event as a line of JSON (- for the standard output)")
      ->type_name("OUT.jsonl");
  replay->add_flag("--events", arguments.lists_events, "list the events");
  replay->footer("Exit status: 0 it does; 1 it does not; 2 bad input; 3 a bug of this program.");
}

void add_eras(CLI::App& app, ErasArguments& arguments) {
  CLI::App* eras =
      app.add_subcommand("eras", "List the rules and the default settings of each era");
  eras->add_flag("--rules", arguments.lists_rules, "the rules alone");
  eras->add_flag("--settings", arguments.lists_settings, "the settings alone");
}

struct Arguments {
  RunArguments run;
  CheckArguments check;
  ExploreArguments explore;
  ExplainArguments explain;
  SweepArguments sweep;
  ExportArguments exported;
  LiveArguments live;
  ReplayArguments replay;
  ErasArguments eras;
};

// A word that is no subcommand is more likely a slip than a missing one.
std::string message_of(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  const std::string word = argc > 1 ? argv[1] : "";
  if (word.empty() || word.starts_with("-") || !app.get_subcommands().empty()) return error.what();
  const std::vector<std::string> known{"run",    "check", "explore", "explain", "sweep",
                                       "export", "live",  "replay",  "eras"};
  return fmt::format("there is no subcommand '{}'; {}", word, linger::sim::suggestion(word, known));
}

int dispatch(const CLI::App& app, const Arguments& arguments) {
  if (app.got_subcommand("run")) return run_command(arguments.run);
  if (app.got_subcommand("check")) return check_command(arguments.check);
  if (app.got_subcommand("explore")) return explore_command(arguments.explore);
  if (app.got_subcommand("explain")) return explain_command(arguments.explain);
  if (app.got_subcommand("sweep")) return sweep_command(arguments.sweep);
  if (app.got_subcommand("export")) return export_command(arguments.exported);
  if (app.got_subcommand("live")) return live_command(arguments.live);
  if (app.got_subcommand("replay")) return replay_command(arguments.replay);
  return eras_command(arguments.eras);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{kAbout, "linger"};
  app.set_version_flag("--version", "linger " LINGER_VERSION);
  app.require_subcommand(1);
  app.footer("linger SUBCOMMAND --help says more.");
  Arguments arguments;
  add_run(app, arguments.run);
  add_check(app, arguments.check);
  add_explore(app, arguments.explore);
  add_explain(app, arguments.explain);
  add_sweep(app, arguments.sweep);
  add_export(app, arguments.exported);
  add_live(app, arguments.live);
  add_replay(app, arguments.replay);
  add_eras(app, arguments.eras);
  try {
    app.parse(argc, argv);
    const int exit_code = dispatch(app, arguments);
    if (std::fflush(stdout) == 0) return exit_code;
    fmt::print(stderr, "linger: the output cannot be written\n");
    return kBadInput;
  } catch (const CLI::Success& asked_for_help) {
    return app.exit(asked_for_help);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "linger: {}\n\n", message_of(app, error, argc, argv));
    const auto chosen = app.get_subcommands();
    fmt::print(stderr, "{}", chosen.empty() ? app.help() : chosen.front()->help());
    return kBadInput;
  } catch (const std::system_error& error) {  // of fmt, when nobody takes the output
    fmt::print(stderr, "linger: {}\n", error.what());
    return kBadInput;
  }
}
