#include "viz/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <utility>

#include "sim/nearest.h"
#include "sim/units.h"

namespace linger::viz {
namespace {

constexpr const char* kAbout =
    "The viewer of Linger: steps through the Apache Kafka producer, forwards and backwards, in\n"
    "virtual time. Without FILE, it opens the first lesson. Press ? in it to see the keys.\n";
constexpr const char* kExitCodes =
    "Exit status: 0 done; 2 bad input, and nothing was written; 3 no window can be opened; 4 a "
    "bug\n"
    "of this program.";
constexpr const char* kFirstLesson = "scenarios/sending/one_record.toml";
constexpr int kSmallest = 320;
constexpr int kLargest = 8192;

struct PanelName {
  const char* name;
  Panel panel;
};
constexpr std::array kPanelNames{PanelName{"inspector", Panel::Inspector},
                                 PanelName{"readiness", Panel::Readiness},
                                 PanelName{"ledger", Panel::Ledger},
                                 PanelName{"consumer", Panel::Consumer},
                                 PanelName{"events", Panel::Events},
                                 PanelName{"faults", Panel::Faults},
                                 PanelName{"narration", Panel::Narration},
                                 PanelName{"lesson", Panel::Lesson},
                                 PanelName{"comparison", Panel::Comparison},
                                 PanelName{"batches", Panel::BatchChart},
                                 PanelName{"sequence", Panel::Sequence},
                                 PanelName{"plots", Panel::Plots},
                                 PanelName{"bytes", Panel::Bytes},
                                 PanelName{"runs", Panel::Runs},
                                 PanelName{"future", Panel::Future},
                                 PanelName{"hand", Panel::Hand},
                                 PanelName{"laws", Panel::Laws},
                                 PanelName{"moves", Panel::Moves}};
static_assert(kPanelNames.size() == kPanelCount, "each panel has a name");

// As they are typed.
struct Typed {
  Arguments arguments;
  std::optional<std::string> at;
  std::optional<std::string> every;
  std::optional<std::string> within;
  std::optional<std::string> size;
  std::vector<std::string> toggled;
  std::vector<std::string> pressed;
  std::optional<std::string> language;
};

void add_overrides(CLI::App& app, sim::ScenarioOverrides& overrides) {
  app.add_option(
         "--era", overrides.era,
         "run the client of this era, 0.10.2, 2.8 or 3.9, or of a release between them, such as "
         "1.0")
      ->type_name("ERA");
  app.add_option("--set", overrides.settings,
                 "give every producer this setting (again and again; NAME:KEY=VALUE for one alone)")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_option("--producer-config", overrides.producer_config,
                 "give every producer the settings of this producer.properties")
      ->type_name("FILE");
  app.add_option("--rule", overrides.rules,
                 "turn one rule of the era on or off, such as KIP-480=off")
      ->type_name("RULE=on|off")
      ->allow_extra_args(false);
  app.add_option("--seed", overrides.seed, "another seed: other jitter, other choices")
      ->type_name("N");
}

void add_options(CLI::App& app, Typed& typed) {
  Arguments& arguments = typed.arguments;
  app.add_option("file", arguments.file, "the scenario, a TOML file")->type_name("FILE");
  CLI::Option* at =
      app.add_option("--at", typed.at, "look at this virtual time first, such as 12ms")
          ->type_name("TIME");
  app.add_option("--step", arguments.step, "look at what is so after that many steps first")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber)
      ->excludes(at);
  CLI::Option* screenshot =
      app.add_option("--screenshot", arguments.screenshot,
                     "write a picture of that moment instead of opening a window; needs no display")
          ->type_name("OUT.png");
  app.add_option("--frames", arguments.frames,
                 "write pictures of the whole run into a folder; needs no display")
      ->type_name("DIR")
      ->excludes(screenshot);
  app.add_option("--every", typed.every, "the virtual time between two of them: 1ms")
      ->type_name("TIME");
  app.add_option("--size", typed.size, "of the pictures, in pixels: 1280x720")->type_name("WxH");
  app.add_option("--select", arguments.select,
                 "select batch:3, batch:PRODUCER:3, record:7, partition:orders-0, broker:1, "
                 "thread:A or request:3")
      ->type_name("WHAT")
      ->allow_extra_args(false);
  app.add_option("--toggle", typed.toggled,
                 "show a panel that is hidden at first, or hide one: inspector, readiness, ledger, "
                 "consumer, events, faults, narration, lesson, comparison, batches, sequence, "
                 "plots, bytes, runs, future, hand, laws, moves or help")
      ->type_name("PANEL")
      ->allow_extra_args(false);
  app.add_option("--press", typed.pressed,
                 "press a key of the viewer first, such as Space, 1 or Shift+Z (again and again)")
      ->type_name("KEY")
      ->allow_extra_args(false);
  app.add_option("--may", arguments.may,
                 "a fault that is among the moves, as in linger explore (again and again), such as "
                 "'disconnect = 0'")
      ->type_name("FAULT")
      ->allow_extra_args(false);
  app.add_option("--faults", arguments.faults, "how many of them strike at most in a run (1)")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  app.add_option("--within", typed.within,
                 "who is due later than the first by more than this is no move (1ms)")
      ->type_name("TIME");
  app.add_option("--language", typed.language,
                 "speak English (en) or Simplified Chinese (zh); else as it was chosen in the "
                 "viewer, or as LC_ALL, LC_MESSAGES or LANG say")
      ->type_name("en|zh");
  add_overrides(app, arguments.overrides);
}

// --- From text to values ---

using Mistake = sim::ParseError;

Mistake mistake(std::string_view option, std::string_view value, std::string message,
                std::string fix) {
  return {.file = fmt::format("{} {}", option, value),
          .line = 0,
          .column = 0,
          .message = std::move(message),
          .fix = std::move(fix)};
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stopped != end || text.empty() || number < 0) return std::nullopt;
  return number;
}

// Reads the values that were typed, and collects what is wrong with them.
class Reader {
 public:
  explicit Reader(Typed& typed) : typed_{typed} {}

  std::vector<Mistake> read() {
    if (typed_.at)
      read_duration("--at", *typed_.at,
                    [this](core::Duration at) { typed_.arguments.at = core::Instant{at}; });
    if (typed_.every)
      read_duration("--every", *typed_.every,
                    [this](core::Duration every) { typed_.arguments.every = every; });
    if (typed_.within)
      read_duration("--within", *typed_.within,
                    [this](core::Duration within) { typed_.arguments.within = within; });
    if (typed_.arguments.every <= core::Duration{0}) {
      mistakes_.push_back(mistake("--every", *typed_.every, "no time passes", "such as 1ms"));
    }
    if (typed_.size) read_size(*typed_.size);
    if (typed_.language) read_language(*typed_.language);
    for (const std::string& name : typed_.toggled) read_panel(name);
    for (const std::string& name : typed_.pressed) read_key(name);
    return std::move(mistakes_);
  }

 private:
  template <class Use>
  void read_duration(const char* option, const std::string& text, Use use) {
    const auto parsed = sim::parse_duration(text);
    if (const auto* duration = std::get_if<core::Duration>(&parsed)) return use(*duration);
    const auto& error = std::get<sim::UnitError>(parsed);
    mistakes_.push_back(mistake(option, text, error.message, error.fix));
  }
  void read_size(const std::string& text) {
    const std::size_t by = text.find('x');
    const auto width = number_of(std::string_view{text}.substr(0, by));
    const auto height =
        by == std::string::npos ? std::nullopt : number_of(std::string_view{text}.substr(by + 1));
    const auto is_possible = [](std::optional<std::int64_t> length) {
      return length && *length >= kSmallest && *length <= kLargest;
    };
    if (!is_possible(width) || !is_possible(height)) {
      mistakes_.push_back(
          mistake("--size", text, "not the size of a picture",
                  fmt::format("such as 1280x720, each from {} to {}", kSmallest, kLargest)));
      return;
    }
    typed_.arguments.size = {.width = static_cast<int>(*width),
                             .height = static_cast<int>(*height)};
  }
  void read_language(const std::string& code) {
    for (const Language one : {Language::English, Language::Chinese}) {
      if (code == code_of(one)) typed_.arguments.language = one;
    }
    if (typed_.arguments.language) return;
    mistakes_.push_back(
        mistake("--language", code, "the viewer does not speak it", "one of: en, zh"));
  }
  void read_panel(const std::string& name) {
    if (name == "help") {
      typed_.arguments.shows_help = true;
      return;
    }
    const auto found = std::ranges::find(kPanelNames, name, &PanelName::name);
    if (found != kPanelNames.end()) {
      typed_.arguments.toggled.push_back(found->panel);
      return;
    }
    std::vector<std::string> known{"help"};
    for (const PanelName& panel : kPanelNames) known.emplace_back(panel.name);
    mistakes_.push_back(
        mistake("--toggle", name, "there is no such panel", sim::suggestion(name, known)));
  }
  void read_key(const std::string& name) {
    std::vector<std::string> known;
    for (const KeyAction& action : key_actions()) {
      known.push_back(viz::text(action.chord));
      if (known.back() != name) continue;
      typed_.arguments.pressed.push_back(action.chord);
      return;
    }
    mistakes_.push_back(
        mistake("--press", name, "there is no such key", sim::suggestion(name, known)));
  }

  Typed& typed_;
  std::vector<Mistake> mistakes_;
};

// From the working directory, or from where the program was built.
std::string first_lesson() {
  if (std::FILE* file = std::fopen(kFirstLesson, "rb")) {
    std::fclose(file);
    return kFirstLesson;
  }
  return std::string{LINGER_SOURCE_DIR} + "/" + kFirstLesson;
}

// --- Selections ---

// Splits off what stands before the first colon.
std::string_view cut_word(std::string_view& text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string_view word = text.substr(0, colon);
  text.remove_prefix(std::min(colon + 1, text.size()));
  return word;
}

std::optional<core::ProducerIndex> producer_called(std::string_view name,
                                                   const sim::Scenario& scenario) {
  const auto found = std::ranges::find(scenario.producers, name, &sim::ProducerSpec::name);
  if (found == scenario.producers.end()) return std::nullopt;
  return core::ProducerIndex{static_cast<std::int32_t>(found - scenario.producers.begin())};
}

// Splits "plain:" off, if it is there; else it is the first producer's. Nothing if there is none of
// that name.
std::optional<core::ProducerIndex> cut_producer(std::string_view& text,
                                                const sim::Scenario& scenario) {
  if (text.find(':') == std::string_view::npos) return core::ProducerIndex{0};
  return producer_called(cut_word(text), scenario);
}

std::optional<Selection> batch_called(std::string_view text, const sim::Scenario& scenario) {
  const auto producer = cut_producer(text, scenario);
  const auto number = number_of(text);
  if (!producer || !number) return std::nullopt;
  return BatchRef{*producer, core::BatchId{*number}};
}

std::optional<Selection> partition_called(std::string_view text, const sim::Scenario& scenario) {
  const auto producer = cut_producer(text, scenario);
  const auto parsed = sim::parse_partition_name(text);
  const auto* name = std::get_if<sim::PartitionName>(&parsed);
  if (!producer || name == nullptr) return std::nullopt;
  const auto topic = scenario.topics.find(name->topic);
  if (!topic) return std::nullopt;
  return LaneRef{*producer, {*topic, name->partition}};
}

std::optional<Selection> thread_called(std::string_view name, const sim::Scenario& scenario) {
  const auto found = std::ranges::find(scenario.threads, name, &sim::AppThreadSpec::name);
  if (found == scenario.threads.end()) return std::nullopt;
  return core::ThreadId{static_cast<std::int32_t>(found - scenario.threads.begin())};
}

std::optional<Selection> request_called(std::string_view text, const sim::Scenario& scenario) {
  const auto producer = cut_producer(text, scenario);
  const auto number = number_of(text);
  if (!producer || !number) return std::nullopt;
  return RequestRef{*producer, core::CorrelationId{static_cast<std::int32_t>(*number)}};
}

std::optional<Selection> selection_called(std::string_view text, const sim::Scenario& scenario) {
  const std::string_view kind = cut_word(text);
  if (kind == "batch") return batch_called(text, scenario);
  if (kind == "partition") return partition_called(text, scenario);
  if (kind == "thread") return thread_called(text, scenario);
  if (kind == "request") return request_called(text, scenario);
  const auto number = number_of(text);
  if (!number) return std::nullopt;
  if (kind == "record") return core::RecordId{*number};
  const bool is_broker = kind == "broker" && *number < scenario.cluster.brokers;
  if (is_broker) return core::NodeId{static_cast<std::int32_t>(*number)};
  return std::nullopt;
}

}  // namespace

std::variant<Arguments, int> parse_arguments(int argc, const char* const* argv) {
  CLI::App app{kAbout, "linger-view"};
  app.set_version_flag("--version", "linger-view " LINGER_VERSION);
  app.footer(kExitCodes);
  Typed typed;
  add_options(app, typed);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked_for_help) {
    return app.exit(asked_for_help);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "linger-view: {}\n\n{}", error.what(), app.help());
    return kBadInput;
  }
  const std::vector<Mistake> mistakes = Reader{typed}.read();
  if (!mistakes.empty()) {
    fmt::print(stderr, "{}", sim::text(mistakes));
    return kBadInput;
  }
  if (typed.arguments.file.empty()) typed.arguments.file = first_lesson();
  return std::move(typed.arguments);
}

std::variant<Selection, sim::ParseError> parse_selection(const std::string& text,
                                                         const sim::Scenario& scenario) {
  if (const auto selection = selection_called(text, scenario)) return *selection;
  return mistake("--select", text, "there is no such thing in the scenario",
                 "such as batch:3, record:7, partition:orders-0, broker:0, thread:A or request:3");
}

}  // namespace linger::viz
