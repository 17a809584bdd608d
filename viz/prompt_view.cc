#include "viz/prompt_view.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "sim/event_vocabulary.h"
#include "sim/query_names.h"
#include "sim/stop_condition.h"
#include "viz/fuzzy.h"
#include "viz/keys.h"
#include "viz/language.h"
#include "viz/prompt_changes.h"
#include "viz/prompt_glossary.h"
#include "viz/prompt_offers.h"
#include "viz/said.h"

namespace linger::viz {
namespace {

constexpr std::size_t kMostRows = 12;

// A row, and how well it fits what was typed.
struct Candidate {
  PromptRow row;
  int score = 0;
};

std::vector<PromptRow> best_of(std::vector<Candidate> candidates) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  std::vector<PromptRow> rows;
  for (Candidate& candidate : candidates) {
    if (rows.size() == kMostRows) break;
    rows.push_back(std::move(candidate.row));
  }
  return rows;
}

// --- Every action ---

std::vector<PromptRow> action_rows(const ViewerState& state, std::string_view typed) {
  std::vector<Candidate> candidates;
  for (const KeyAction& action : key_actions()) {
    const auto same = std::find_if(
        candidates.begin(), candidates.end(),
        [&action](const Candidate& other) { return other.row.command == action.command; });
    if (same != candidates.end()) {
      same->row.key += ", " + text(action.chord);
      continue;
    }
    const std::string_view name = tr(action.name);
    const auto score = fuzzy_match(typed, name);
    const auto in_english = score ? score : fuzzy_match(typed, action.name);
    if (!in_english) continue;
    candidates.push_back(
        {{std::string{name}, tr(action.description), text(action.chord), action.command},
         *in_english});
  }
  for (PromptOffer& offer : prompt_offers(state, typed)) {
    const auto score = fuzzy_match(typed, offer.row.text);
    const auto in_english = score ? score : fuzzy_match(typed, offer.english);
    if (in_english) candidates.push_back({std::move(offer.row), *in_english});
  }
  return best_of(std::move(candidates));
}

// --- How far to run ---

PromptRow until(std::string what, std::string detail) {
  PromptRow row{what, std::move(detail), "", RunUntil{what}};
  return row;
}

std::string quoted(const std::string& name) {
  return "('" + name + "')";
}

// Before a name that more than one producer may be asked for.
std::string of_producer(const ViewerState& state, core::ProducerIndex producer) {
  if (state.scenario().producers.size() < 2) return "";
  const auto index = static_cast<std::size_t>(producer.value());
  return "producer" + quoted(state.scenario().producers[index].name) + ".";
}

void add_rows_about(const ViewerState& state, BatchRef batch, std::vector<PromptRow>& rows) {
  const std::string name =
      of_producer(state, batch.producer) + "batch(" + std::to_string(batch.batch.value()) + ")";
  rows.push_back(until(name + ".state", tr("the selected batch comes to another state")));
  rows.push_back(until(name + ".state == 'in flight'", tr("it is sent")));
  rows.push_back(until(name + ".attempts", tr("a sending of it fails")));
}

void add_rows_about(const ViewerState& state, LaneRef lane, std::vector<PromptRow>& rows) {
  const std::string name = of_producer(state, lane.producer) + "partition" +
                           quoted(state.scenario().topics.text(lane.partition));
  rows.push_back(until(name + ".deque", tr("a batch comes or goes in the selected deque")));
  rows.push_back(until(name + ".in_flight", tr("one of its batches is sent, or answered")));
  rows.push_back(until(name + ".leader", tr("the producer learns of another leader")));
}

std::vector<PromptRow> suggestions(const ViewerState& state) {
  std::vector<PromptRow> rows;
  const Scene now = scene(state);
  if (const auto batch = selected_batch(now)) add_rows_about(state, *batch, rows);
  if (const auto lane = selected_lane(now)) add_rows_about(state, *lane, rows);
  rows.push_back(until("batch_expired", tr("the next event of a kind")));
  rows.push_back(until("batch_retried", tr("the next event of a kind")));
  rows.push_back(until("pool.available < 1000", tr("a condition comes to hold")));
  rows.push_back(until("pool.waiters > 0", tr("a condition comes to hold")));
  rows.push_back(until("records.failed", tr("a value changes")));
  rows.push_back(until("12ms", tr("a time")));
  if (rows.size() > kMostRows) rows.resize(kMostRows);
  return rows;
}

// The last word of what was typed: the one that may be a name.
std::string_view last_word(std::string_view typed) {
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
  };
  std::size_t begin = typed.size();
  while (begin > 0 && is_part(typed[begin - 1])) --begin;
  return typed.substr(begin);
}

// Names of the language that begin like the last word, or hold it.
void add_names(std::string_view typed, std::vector<PromptRow>& rows) {
  const std::string_view word = last_word(typed);
  if (word.empty()) return;
  const std::string before{typed.substr(0, typed.size() - word.size())};
  std::vector<Candidate> candidates;
  const auto offer = [&](std::string name, std::string detail) {
    const auto at = name.find(word);
    if (at == std::string::npos || name == word) return;
    candidates.push_back(
        {{before + name, std::move(detail), "", TypeInPrompt{line_of(before + name)}},
         at == 0 ? 1 : 0});
  };
  for (const sim::WorldNameInfo& name : sim::world_names()) {
    offer(sim::world_name_text(name), tr(name.meaning));
  }
  for (const sim::EventKind& kind : sim::event_vocabulary())
    offer(kind.name, tr("a kind of event"));
  for (PromptRow& row : best_of(std::move(candidates))) {
    if (rows.size() == kMostRows) return;
    rows.push_back(std::move(row));
  }
}

void read_stop(PromptView& view) {
  const auto parsed = sim::parse_stop(view.line.text);
  if (const auto* error = std::get_if<sim::QueryError>(&parsed)) {
    view.error = tr_mistake(error->message);
    view.fix = tr_mistake(error->fix);
    view.error_column = error->column;
    return;
  }
  const auto& stop = std::get<sim::StopPoint>(parsed);
  const auto* condition = std::get_if<sim::StopCondition>(&stop);
  std::string detail = tr("goes to that time");
  if (condition != nullptr) {
    detail = condition->is_condition ? tr("runs until this comes to hold")
                                     : tr("runs until this changes");
  }
  view.rows.push_back(until(view.line.text, std::move(detail)));
}

// Where a copy of the lesson is to be written: nothing is replaced.
void add_copy_row(PromptView& view) {
  std::filesystem::path path{view.line.text};
  std::error_code error;
  if (path.extension() != ".toml") {
    view.error = tr("a scenario is a .toml file");
    view.fix = tr("such as {}", path.replace_extension(".toml").string());
  } else if (std::filesystem::exists(path, error)) {
    view.error = tr("that file is there already");
    view.fix = tr("choose another name");
  } else {
    view.rows.push_back({view.line.text, tr("writes it there, and opens it to be edited"), "",
                         CopyLesson{view.line.text}});
  }
}

}  // namespace

PromptView prompt_view(const ViewerState& state) {
  const Prompt& prompt = *state.prompt;
  PromptView view;
  view.line = prompt.line;
  switch (prompt.kind) {
    case PromptKind::Actions:
      view.title = tr("Do what?");
      view.hint = tr("some letters of an action's name, or of a thing to select: broker 1");
      view.rows = action_rows(state, prompt.line.text);
      if (view.rows.empty()) view.error = tr("no action is called like that");
      break;
    case PromptKind::RunUntil:
      view.title = tr("Run until");
      view.hint = tr("a time, a kind of event, a condition, or a value that changes");
      if (prompt.line.text.empty()) {
        view.rows = suggestions(state);
      } else {
        read_stop(view);
        add_names(prompt.line.text, view.rows);
      }
      break;
    case PromptKind::Change:
      view.title = tr("Run it beside this one with");
      view.hint = tr("a setting, an era, a rule or a fault; several with ; between them");
      add_change_rows(state, view);
      break;
    case PromptKind::Sweep:
      view.title = tr("Run it with each of several values");
      view.hint = tr("linger.ms=0,5,20 and, if you like, a second setting");
      add_sweep_rows(state, view);
      break;
    case PromptKind::Glossary:
      add_glossary_rows(state, view);
      break;
    case PromptKind::CopyTo:
      view.title = tr("Copy the lesson to a file of your own");
      view.hint = tr("a path that ends in .toml");
      add_copy_row(view);
      break;
  }
  if (!view.rows.empty()) {
    view.rows[std::min(prompt.chosen, view.rows.size() - 1)].is_chosen = true;
  }
  return view;
}

}  // namespace linger::viz
