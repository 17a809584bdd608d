#include "sim/lesson_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sim/units.h"

namespace linger::sim {

namespace {

void add_moment(TomlTable& table, const Moment& moment, std::string_view at,
                std::string_view when) {
  if (moment.at) table.add(at, toml_quoted(duration_text(moment.at->time_since_epoch())));
  if (moment.when) table.add_text(when, moment.when->text());
}

// An integer stands bare, any other query in quotes.
std::string value_of_choice(const Query& value) {
  const std::string& text = value.text();
  const bool is_integer =
      !text.empty() && text.size() < 19 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
      (text.front() != '0' || text.size() == 1);
  return is_integer ? text : toml_quoted(text);
}

std::string choice_text(const Choice& choice) {
  if (choice.value && choice.text.empty()) return value_of_choice(*choice.value);
  TomlTable table;
  table.add_text("text", choice.text);
  if (choice.value) {
    table.add("is", value_of_choice(*choice.value));
  } else {
    table.add_text("that", choice.right.text());
  }
  if (choice.points_at) table.add_text("points_at", text(*choice.points_at));
  return table.in_line();
}

// "linger.ms=0" as linger.ms = 0. Values of another kind than integers are written as texts, which
// come to the same.
void add_settings(TomlTable& table, const std::vector<std::string>& settings) {
  TomlTable set;
  std::string producer;
  for (const std::string& setting : settings) {
    const auto equals = setting.find('=');
    std::string key = setting.substr(0, equals);
    if (const auto colon = key.find(':'); colon != std::string::npos) {
      producer = key.substr(0, colon);
      key.erase(0, colon + 1);
    }
    set.add(toml_quoted(key), toml_quoted(setting.substr(equals + 1)));
  }
  if (!producer.empty()) table.add_text("producer", producer);
  if (!set.empty()) table.add("set", set.in_line());
}

void add_rules(TomlTable& table, const std::vector<std::string>& rules) {
  TomlTable flips;
  for (const std::string& rule : rules) {
    const auto equals = rule.find('=');
    flips.add(toml_quoted(rule.substr(0, equals)),
              rule.substr(equals + 1) == "on" ? "true" : "false");
  }
  if (!flips.empty()) table.add("rules", flips.in_line());
}

}  // namespace

TomlTable moment_table(const Moment& moment) {
  TomlTable table;
  add_moment(table, moment, "at", "when");
  return table;
}

TomlTable question_table(const Question& question) {
  TomlTable table = moment_table(question.moment);
  table.add_text("text", question.text);
  if (question.answer) table.add_text("answer", question.answer->text());
  std::vector<std::string> choices;
  for (const Choice& choice : question.choices) choices.push_back(choice_text(choice));
  table.add("choices", fmt::format("[\n  {},\n]", fmt::join(choices, ",\n  ")));
  add_moment(table, question.known, "known_at", "known_when");
  if (!question.because.empty()) table.add_text("because", question.because);
  return table;
}

TomlTable what_if_table(const WhatIf& what_if) {
  TomlTable table = moment_table(what_if.moment);
  table.add_text("text", what_if.text);
  add_settings(table, what_if.changes.settings);
  add_rules(table, what_if.changes.rules);
  if (what_if.changes.era) table.add_text("era", *what_if.changes.era);
  table.add_text("then", what_if.then.text());
  if (!what_if.because.empty()) table.add_text("because", what_if.because);
  return table;
}

}  // namespace linger::sim
