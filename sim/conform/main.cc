// The `linger-conform` command: plays what was observed of the real producer, and compares.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "sim/conform/collection.h"
#include "sim/conform/pair.h"

namespace {

using linger::sim::conform::Collection;
using linger::sim::conform::Leftovers;
using linger::sim::conform::Pair;
using linger::sim::conform::Played;
using Verdict = Played::Verdict;

constexpr const char* kAbout =
    "Plays scenarios that the real Kafka producer has played, and compares what the model does "
    "with\n"
    "what the real one was seen to do, line by line.\n";

constexpr const char* kFooter =
    "A pair is NAME.scenario and NAME.trace beside it, in a folder named after its era.\n"
    "Exit status: 0 every pair agrees; 1 some differ; 2 bad input.";

struct Arguments {
  linger::sim::conform::Wanted wanted;
  bool is_verbose = false;
  bool is_quiet = false;
  bool tells_should = false;
  bool plays_unsupported = false;
  int jobs = 0;
};

// Each pair is a world of its own, so that they may run at once; results stand in their order.
std::vector<Played> play_all(const std::vector<Pair>& pairs, const Arguments& arguments) {
  using linger::sim::conform::Unsupported;
  const auto unsupported = arguments.plays_unsupported ? Unsupported::Played : Unsupported::Refused;
  const int jobs = arguments.jobs;
  std::vector<Played> results(pairs.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < pairs.size(); i = next++) {
      results[i] = linger::sim::conform::play(pairs[i], unsupported);
    }
  };
  const int wanted = jobs > 0 ? jobs : static_cast<int>(std::thread::hardware_concurrency());
  std::vector<std::thread> threads;
  for (int i = 1; i < std::min(wanted, static_cast<int>(pairs.size())); ++i) {
    threads.emplace_back(work);
  }
  work();
  for (std::thread& thread : threads) thread.join();
  return results;
}

const char* word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Agrees:
      return "agrees";
    case Verdict::Differs:
      return "DIFFERS";
    case Verdict::BadInput:
      return "BAD INPUT";
    case Verdict::NotPlayable:
      break;
  }
  return "CANNOT BE PLAYED";
}

void print_should(const std::vector<Played>& results) {
  struct Sum {
    std::size_t agreeing = 0;
    std::size_t missing = 0;
    std::size_t extra = 0;
  };
  std::map<std::string, Sum> sums;
  for (const Played& played : results) {
    for (const Leftovers& one : played.should) {
      Sum& sum = sums[one.event];
      sum.agreeing += one.agreeing;
      sum.missing += one.missing.size();
      sum.extra += one.extra.size();
    }
  }
  std::string text;
  for (const auto& [event, sum] : sums) {
    text += fmt::format("{}{} {} of {} (and {} more)", text.empty() ? "" : ", ", event,
                        sum.agreeing, sum.agreeing + sum.missing, sum.extra);
  }
  fmt::print("should agree: {}\n", text);
}

// A pair that is not whole counts as one that does not agree.
int print_results(const Collection& found, const std::vector<Played>& results,
                  const Arguments& arguments) {
  std::size_t agree = 0;
  bool has_bad_input = !found.errors.empty();
  for (std::size_t i = 0; i < found.pairs.size(); ++i) {
    const Played& played = results[i];
    const bool agrees = played.verdict == Verdict::Agrees;
    agree += agrees ? 1 : 0;
    has_bad_input |= played.verdict == Verdict::BadInput;
    for (const std::string& warning : played.warnings) fmt::print(stderr, "{}\n", warning);
    const std::string should =
        arguments.tells_should ? linger::sim::conform::leftovers_text(played.should) : "";
    if (agrees && !arguments.is_verbose && should.empty()) continue;
    fmt::print("{} {}\n", found.pairs[i].name, word_of(played.verdict));
    if (!arguments.is_quiet) fmt::print("{}", played.text);
    fmt::print("{}", should);
    if (played.verdict == Verdict::NotPlayable && !arguments.is_quiet) fmt::print("\n");
  }
  for (const auto& error : found.errors) {
    std::fflush(stdout);
    fmt::print(stderr, "{}\n", linger::sim::text(error));
  }
  print_should(results);
  const std::size_t all = found.pairs.size() + found.errors.size();
  fmt::print("{} agree, {} differ, of {}\n", agree, all - agree, all);
  if (has_bad_input) return 2;
  return agree == all ? 0 : 1;
}

int run(const Arguments& arguments) {
  const std::string& era = arguments.wanted.era;
  if (!era.empty() && !linger::core::find_era(era)) {
    fmt::print(stderr, "linger-conform: there is no era '{}'\n  fix: 0.10.2, 2.8 or 3.9\n", era);
    return 2;
  }
  const Collection found = linger::sim::conform::collect(arguments.wanted);
  return print_results(found, play_all(found.pairs, arguments), arguments);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{kAbout, "linger-conform"};
  app.footer(kFooter);
  Arguments arguments;
  app.add_option("directory", arguments.wanted.directories,
                 "where pairs are looked for, at any depth")
      ->required()
      ->type_name("DIR");
  app.add_option("--era", arguments.wanted.era, "only the pairs of this era: 0.10.2, 2.8 or 3.9")
      ->type_name("ERA");
  app.add_option("--filter", arguments.wanted.filter, "only the pairs whose path contains this")
      ->type_name("TEXT");
  app.add_flag("--verbose", arguments.is_verbose, "name the pairs that agree, too");
  app.add_flag("--quiet", arguments.is_quiet, "name the pairs that differ, and no more");
  app.add_flag("--should", arguments.tells_should,
               "tell the lines that should agree, need not, and do not");
  app.add_flag("--anyway", arguments.plays_unsupported,
               "play also what the model says it cannot act on yet");
  app.add_option("--jobs", arguments.jobs, "how many are played at once")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked_for_help) {
    return app.exit(asked_for_help);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "linger-conform: {}\n\n{}", error.what(), app.help());
    return 2;
  }
  return run(arguments);
}
