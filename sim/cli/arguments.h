// What was typed, for each subcommand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario_overrides.h"

namespace linger::sim::cli {

struct RunArguments {
  std::string file;
  ScenarioOverrides overrides;
  std::optional<std::string> until;
  std::optional<std::string> trace;
  std::optional<std::string> save;
  bool lists_events = false;
  bool lists_metrics = false;
  bool checks_laws = false;
  bool is_quiet = false;
};

// Scenarios from the seeds seed, seed + 1, …: so many, or those of one shard of them.
struct RandomCheckArguments {
  std::uint64_t count = 0;
  std::uint64_t seed = 1;
  std::uint64_t shard = 1;  // from 1
  std::uint64_t shards = 1;
  std::string directory = ".";  // where counterexamples are written
};

struct CheckArguments {
  std::vector<std::string> paths;
  RandomCheckArguments random;
  int jobs = 0;  // 0: as many as there are processors
  bool is_quiet = false;
};

struct ExploreArguments {
  std::string file;
  ScenarioOverrides overrides;
  std::vector<std::string> may;     // faults that may strike: "disconnect = 0"
  std::vector<std::string> always;  // conditions
  std::optional<int> faults;        // none: as many as may strike, at most one
  std::int64_t depth = 1'000'000;
  std::int64_t states = 1'000'000;
  std::string within = "1ms";
  std::string out = "counterexample.toml";
  bool is_quiet = false;
};

struct ExplainArguments {
  std::string file;
  ScenarioOverrides overrides;
  std::optional<std::string> at;
  std::optional<std::string> record;
};

struct SweepArguments {
  std::string file;
  ScenarioOverrides overrides;
  std::vector<std::string> vary;  // "linger.ms=0,5,20"
  std::optional<std::string> csv;
  int jobs = 0;  // 0: as many as there are processors
};

struct ExportArguments {
  std::string file;
  ScenarioOverrides overrides;
  std::optional<std::string> until;
  // One of them.
  std::optional<std::string> pcap;
  std::optional<std::string> svg;
  std::optional<std::string> perfetto;
  std::optional<std::string> csv;
  std::optional<std::string> handout;
  std::string language = "en";  // of the handout
};

struct LiveArguments {
  std::string file;
  ScenarioOverrides overrides;
  std::string bootstrap;
  std::optional<std::string> record;
  std::optional<std::string> trace;
  std::optional<std::string> speed;
  std::string close_timeout = "30s";
  bool lists_events = false;
};

struct ReplayArguments {
  std::string file;
  std::optional<std::string> trace;
  bool lists_events = false;
};

struct ErasArguments {
  bool lists_rules = false;
  bool lists_settings = false;
};

}  // namespace linger::sim::cli
