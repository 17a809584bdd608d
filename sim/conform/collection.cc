#include "sim/conform/collection.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace linger::sim::conform {
namespace {

namespace fs = std::filesystem;

constexpr const char* kScenario = ".scenario";
constexpr const char* kTrace = ".trace";

std::optional<std::string> content_of(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return std::nullopt;
  std::string content{std::istreambuf_iterator<char>{file}, {}};
  if (file.bad()) return std::nullopt;
  return content;
}

class Collector {
 public:
  explicit Collector(const Wanted& wanted) : wanted_{wanted} {}

  void look_below(const std::string& directory) {
    std::error_code failure;
    if (!fs::is_directory(directory, failure)) {
      return fail(directory, "there is no such directory", "check its path");
    }
    const std::size_t before = stems_.size();
    fs::recursive_directory_iterator entry{directory, failure};
    for (; !failure && entry != fs::recursive_directory_iterator{}; entry.increment(failure)) {
      note(entry->path().lexically_normal());
    }
    if (failure) return fail(directory, failure.message(), "check its rights");
    if (stems_.size() == before && !has_seen_again_) {
      fail(directory, "there is no pair of NAME.scenario and NAME.trace below it",
           "name a directory that holds some");
    }
  }

  Collection finish() {
    for (const auto& [stem, halves] : stems_) add(stem, halves);
    return std::move(collection_);
  }

 private:
  struct Halves {
    bool has_scenario = false;
    bool has_trace = false;
  };

  void fail(const std::string& file, std::string message, std::string fix) {
    collection_.errors.push_back({file, 0, 0, std::move(message), std::move(fix)});
  }

  void note(const fs::path& path) {
    const bool is_scenario = path.extension() == kScenario;
    if (!is_scenario && path.extension() != kTrace) return;
    std::string stem = fs::path{path}.replace_extension("").string();
    has_seen_again_ |= stems_.contains(stem);
    Halves& halves = stems_[std::move(stem)];
    (is_scenario ? halves.has_scenario : halves.has_trace) = true;
  }

  void add(const std::string& stem, const Halves& halves) {
    if (stem.find(wanted_.filter) == std::string::npos) return;
    const std::string scenario = stem + kScenario;
    const std::string trace = stem + kTrace;
    const auto era = era_of_folder(scenario);
    if (!era) {
      return fail(scenario, "its folder is named after no era", "0.10.2, 2.8 or 3.9");
    }
    if (!wanted_.era.empty() && core::name(*era) != wanted_.era) return;
    if (!halves.has_trace) return fail(scenario, "its trace is missing", "put it beside: " + trace);
    if (!halves.has_scenario) {
      return fail(trace, "its scenario is missing", "put it beside: " + scenario);
    }
    auto played = content_of(scenario);
    auto observed = content_of(trace);
    if (!played) return fail(scenario, "it cannot be read", "check its rights");
    if (!observed) return fail(trace, "it cannot be read", "check its rights");
    collection_.pairs.push_back({stem, *era, *std::move(played), *std::move(observed)});
  }

  const Wanted& wanted_;
  std::map<std::string, Halves> stems_;
  bool has_seen_again_ = false;
  Collection collection_;
};

}  // namespace

Collection collect(const Wanted& wanted) {
  Collector collector{wanted};
  for (const std::string& directory : wanted.directories) collector.look_below(directory);
  return collector.finish();
}

}  // namespace linger::sim::conform
