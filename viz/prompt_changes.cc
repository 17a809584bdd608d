#include "viz/prompt_changes.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/config_table.h"
#include "core/rules.h"
#include "sim/fault.h"
#include "viz/change.h"
#include "viz/language.h"
#include "viz/said.h"
#include "viz/viewer_sweep.h"

namespace linger::viz {
namespace {

constexpr std::size_t kMostChangeRows = 12;

void tell_errors(const std::vector<sim::ParseError>& errors, PromptView& view) {
  if (errors.empty()) return;
  view.error = tr_mistake(errors.front().message);
  view.fix = tr_mistake(errors.front().fix);
  // What the command line wants before it is not typed here.
  constexpr std::string_view kOption = "--set ";
  if (const auto at = view.fix.find(kOption); at != std::string::npos) {
    view.fix.erase(at, kOption.size());
  }
}

void add_row(PromptView& view, std::string text, std::string detail, ViewerCommand command) {
  if (view.rows.size() == kMostChangeRows) return;
  view.rows.push_back({std::move(text), std::move(detail), "", std::move(command), false});
}

// What stands behind the last ";" or blank, and what stands before it.
struct LastPart {
  std::string before;
  std::string part;
};
LastPart last_part(const std::string& typed) {
  const std::size_t at = typed.find_last_of("; ");
  if (at == std::string::npos) return {"", typed};
  return {typed.substr(0, at + 1), typed.substr(at + 1)};
}

// Who is still typing has made no mistake: a name that can be completed, a value that is to come.
void spare_half_typed(PromptView& view) {
  const std::string& typed = view.line.text;
  if (typed.ends_with('=') || typed.ends_with("= ")) view.error.clear();
  const bool is_name = last_part(typed).part.find('=') == std::string::npos;
  if (!is_name || view.rows.empty()) return;
  view.error.clear();
  view.fix.clear();
}

// Settings whose keys hold what was typed.
void add_settings(const ViewerState& state, PromptView& view) {
  const LastPart last = last_part(view.line.text);
  if (last.part.empty() || last.part.find('=') != std::string::npos) return;
  const sim::Scenario& scenario = state.scenario();
  for (const core::ConfigKey& key : core::config_table()) {
    const bool is_known = core::is_available(key, scenario.era, scenario.rules);
    if (!is_known || !key.is_acted_upon || key.key.find(last.part) == std::string_view::npos) {
      continue;
    }
    const auto usual = core::default_value(key, scenario.rules);
    add_row(view, last.before + std::string{key.key},
            usual ? tr("a setting; its default is {}", *usual) : std::string{tr("a setting")},
            TypeInPrompt{line_of(last.before + std::string{key.key} + "=")});
  }
}

void add_rules(PromptView& view) {
  const LastPart last = last_part(view.line.text);
  const bool may_be_rule = last.part.size() > 1 && last.part.find('=') == std::string::npos;
  if (!may_be_rule) return;
  for (const core::RuleInfo& rule : core::rule_table()) {
    if (rule.name.find(last.part) == std::string_view::npos) continue;
    add_row(view, last.before + std::string{rule.name} + "=off", tr(rule.what),
            TypeInPrompt{line_of(last.before + std::string{rule.name} + "=off")});
  }
}

void add_faults(PromptView& view) {
  const LastPart last = last_part(view.line.text);
  if (last.part.empty() || last.part.find('=') != std::string::npos) return;
  for (const sim::Fault& fault : sim::fault_vocabulary()) {
    const sim::FaultInfo& about = sim::info(fault);
    if (!about.key.starts_with(last.part)) continue;
    add_row(view, last.before + std::string{about.key}, tr(about.meaning),
            TypeInPrompt{line_of(last.before + std::string{about.key} + " = ")});
  }
}

// What is so already makes no other run, and what the settings forbid none at all.
bool makes_a_difference(const ViewerState& state, const char* change) {
  const sim::Scenario& now = state.scenario();
  const auto changed =
      changed_scenario(now, parse_change(change, state.shown_at + core::Duration{1}));
  const auto* other = std::get_if<std::shared_ptr<const sim::Scenario>>(&changed);
  if (other == nullptr) return false;
  const auto acted_upon = [](const sim::ProducerSpec& producer) -> const core::ProducerConfig& {
    return producer.config.config;
  };
  const bool is_same_client =
      std::ranges::equal(now.producers, (*other)->producers, {}, acted_upon, acted_upon);
  return !is_same_client || now.rules != (*other)->rules ||
         now.faults.size() != (*other)->faults.size();
}

void suggest_changes(const ViewerState& state, PromptView& view) {
  const auto offer = [&state, &view](const char* text, const char* detail) {
    if (makes_a_difference(state, text)) add_row(view, text, tr(detail), ForkWith{text});
  };
  offer("linger.ms=0", "nothing waits for company");
  offer("linger.ms=20", "batches wait for more records");
  offer("batch.size=1000", "batches are small");
  offer("max.in.flight.requests.per.connection=1", "one request at a time");
  offer("enable.idempotence=false", "no sequence numbers");
  offer("acks=1", "the leader alone answers");
  offer("era 2.8", "the client of 2021");
  offer("era 0.10.2", "the client of 2017");
  offer("disconnect = 0", "broker 0's connections break now");
}

void suggest_sweeps(PromptView& view) {
  const auto offer = [&view](const char* text, const char* detail) {
    add_row(view, text, tr(detail), RunSweep{text});
  };
  offer("linger.ms=0,1,2,5,10,20,50", "how long batches wait");
  offer("batch.size=500,1000,2000,4000,8000,16384", "how large they may be");
  offer("linger.ms=0,2,5,10,20 batch.size=500,1000,4000,16384", "both: a map");
  offer("max.in.flight.requests.per.connection=1,2,3,5", "how many requests at a time");
  offer("buffer.memory=50000,100000,200000,400000", "how much memory there is");
}

}  // namespace

void add_change_rows(const ViewerState& state, PromptView& view) {
  const std::string& typed = view.line.text;
  if (typed.empty()) {
    suggest_changes(state, view);
    return;
  }
  const auto changed =
      changed_scenario(state.scenario(), parse_change(typed, state.shown_at + core::Duration{1}));
  if (const auto* errors = std::get_if<std::vector<sim::ParseError>>(&changed)) {
    tell_errors(*errors, view);
  } else {
    add_row(view, typed, tr("runs it beside this one, and shows where they part"), ForkWith{typed});
  }
  add_settings(state, view);
  add_rules(view);
  add_faults(view);
  spare_half_typed(view);
}

void add_sweep_rows(const ViewerState& state, PromptView& view) {
  const std::string& typed = view.line.text;
  if (typed.empty()) {
    suggest_sweeps(view);
    return;
  }
  const auto checked = checked_sweep(state.scenario(), typed);
  if (const auto* errors = std::get_if<std::vector<sim::ParseError>>(&checked)) {
    tell_errors(*errors, view);
  } else if (const auto& size = std::get<SweepSize>(checked); size.runs > 0) {
    const std::string detail =
        size.runs < size.combinations
            ? tr("{} runs: the first of {} combinations", size.runs, size.combinations)
            : tr("{} runs", size.runs);
    add_row(view, typed, detail, RunSweep{typed});
  }
  add_settings(state, view);
  spare_half_typed(view);
}

}  // namespace linger::viz
