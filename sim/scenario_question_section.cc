#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/lesson_run.h"
#include "sim/picture_thing.h"
#include "sim/query_parser.h"
#include "sim/scenario_sections.h"

namespace linger::sim {

namespace {

constexpr std::size_t kMostChoices = 9;  // one for each digit

// A bare 8, "5ms", "'in flight'", "batch(0).records".
std::optional<Query> value_in(const TomlNode& node, Reading& reading) {
  if (node.kind != TomlNode::Kind::Integer) return query_of(node, reading);
  return std::get<Query>(parse_query(fmt::format("{}", node.integer)));
}

// Compares the answer with a choice. The query's parser says whether they are of one type.
std::optional<Query> comparison(const Query& answer, const Query& value, const TomlNode& node,
                                Reading& reading) {
  const auto parsed = parse_condition(fmt::format("({}) == ({})", answer.text(), value.text()));
  if (const auto* error = std::get_if<QueryError>(&parsed)) {
    reading.mistakes.add(node.at, fmt::format("the answer cannot be compared: {}", error->message),
                         fmt::format("the answer is {}", answer.text()));
    return std::nullopt;
  }
  return std::get<Query>(parsed);
}

// Why there is no such thing in this scenario; nothing if there is, or may be.
void check_exists(const PictureThing& thing, const TomlNode& node, Reading& reading) {
  Mistakes& mistakes = reading.mistakes;
  if (thing.producer) {
    check_known(node, *thing.producer, "producer", producer_names(reading.scenario), mistakes);
  }
  switch (thing.kind) {
    case PictureThing::Kind::Thread:
      check_known(node, thing.name, "thread", thread_names(reading.scenario), mistakes);
      return;
    case PictureThing::Kind::Partition:
      if (const auto missing = missing_partition(thing.partition, reading)) {
        mistakes.add(node.at, missing->message, missing->fix);
      }
      return;
    case PictureThing::Kind::Broker:
      if (thing.number >= reading.scenario.cluster.brokers) {
        mistakes.add(node.at, fmt::format("there is no broker {}", thing.number),
                     fmt::format("from {} to {}", 0, reading.scenario.cluster.brokers - 1));
      }
      return;
    case PictureThing::Kind::Batch:
    case PictureThing::Kind::Sender:
    case PictureThing::Kind::Request:
      return;
  }
}

std::optional<PictureThing> read_points_at(const TomlNode& node, Reading& reading) {
  const auto written = text_of(node, reading.mistakes);
  if (!written) return std::nullopt;
  auto thing = parse_picture_thing(*written);
  if (const auto* error = std::get_if<QueryError>(&thing)) {
    reading.mistakes.add(place_in(node, error->column), error->message, error->fix);
    return std::nullopt;
  }
  check_exists(std::get<PictureThing>(thing), node, reading);
  return std::get<PictureThing>(std::move(thing));
}

// A value to compare the answer with; or a table with a text, and that value or a condition.
std::optional<Choice> read_choice(const TomlNode& node, const Question& question,
                                  Reading& reading) {
  Choice choice;
  const TomlNode* value = &node;
  const TomlNode* that = nullptr;
  if (node.kind == TomlNode::Kind::Table) {
    TableReader table{node, "a choice", reading.mistakes};
    table.require("text", "\"it is retried\"");
    table.read("text", choice.text);
    table.exclude("is", "that");
    value = table.find("is");
    that = table.find("that");
    if (const TomlNode* thing = table.find("points_at")) {
      choice.points_at = read_points_at(*thing, reading);
      const auto points_there = [&choice](const Choice& other) {
        return other.points_at == choice.points_at;
      };
      if (choice.points_at && std::ranges::any_of(question.choices, points_there)) {
        reading.mistakes.add(thing->at,
                             fmt::format("another choice points at {}", text(*choice.points_at)),
                             "a click there has to be one choice");
      }
    }
    table.finish();
  }
  if (that != nullptr) {
    const auto condition = condition_of(*that, reading);
    if (!condition) return std::nullopt;
    choice.right = *condition;
    return choice;
  }
  if (value == nullptr || !question.answer) {
    reading.mistakes.add(node.at, "nothing says when this choice is right",
                         "give it a condition, such as { text = \"…\", that = \"records.failed > "
                         "0\" }, or the question an answer and the choice a value");
    return std::nullopt;
  }
  choice.value = value_in(*value, reading);
  if (!choice.value) return std::nullopt;
  const auto right = comparison(*question.answer, *choice.value, *value, reading);
  if (!right) return std::nullopt;
  choice.right = *right;
  return choice;
}

void read_choices(TableReader& table, Question& question, Reading& reading) {
  const TomlNode* node = table.require("choices", "[8, 9, 12]");
  if (node == nullptr) return;
  const bool is_list = node->kind == TomlNode::Kind::Array;
  if (!is_list || node->items.size() < 2 || node->items.size() > kMostChoices) {
    reading.mistakes.add(node->at, "'choices' is a list of two to nine",
                         "such as [\"5ms\", \"10ms\"]");
    return;
  }
  for (const TomlNode& item : node->items) {
    if (auto choice = read_choice(item, question, reading)) {
      question.choices.push_back(std::move(*choice));
    }
  }
}

// A moment that may be left out.
Moment read_end_or(std::string_view at, std::string_view when, TableReader& table,
                   Reading& reading) {
  Moment moment;
  table.exclude(at, when);
  table.read(at, moment.at);
  if (const TomlNode* node = table.find(when)) moment.when = condition_of(*node, reading);
  return moment;
}

std::optional<std::string> changed_value(const TomlNode& node) {
  switch (node.kind) {
    case TomlNode::Kind::Text:
    case TomlNode::Kind::Other:
      return node.text;
    case TomlNode::Kind::Integer:
      return fmt::format("{}", node.integer);
    case TomlNode::Kind::Boolean:
      return node.boolean ? "true" : "false";
    case TomlNode::Kind::Table:
    case TomlNode::Kind::Array:
      break;
  }
  return std::nullopt;
}

// set = { linger.ms = 0 }, for every producer or the one that is named.
void read_changed_settings(TableReader& table, ScenarioOverrides& changes, Reading& reading) {
  std::string producer;
  table.read("producer", producer);
  const TomlNode* node = table.find("set");
  if (node == nullptr) return;
  if (node->kind != TomlNode::Kind::Table) {
    reading.mistakes.add(node->at, "'set' is a table", "such as set = { linger.ms = 0 }");
    return;
  }
  for (const TomlEntry& entry : flattened(*node).entries) {
    const auto value = changed_value(entry.node);
    if (!value) {
      reading.mistakes.add(entry.node.at,
                           fmt::format("'{}' is set to {}", entry.key, kind_text(entry.node.kind)),
                           "a setting is a number, a text, or true or false");
      continue;
    }
    const std::string prefix = producer.empty() ? "" : producer + ":";
    changes.settings.push_back(fmt::format("{}{}={}", prefix, entry.key, *value));
  }
}

void read_changed_rules(TableReader& table, ScenarioOverrides& changes, Reading& reading) {
  const TomlNode* node = table.find("rules");
  if (node == nullptr) return;
  if (node->kind != TomlNode::Kind::Table) {
    reading.mistakes.add(node->at, "'rules' is a table", "such as rules = { \"KIP-580\" = false }");
    return;
  }
  for (const TomlEntry& entry : node->entries) {
    const auto is_on = boolean_of(entry.node, reading.mistakes);
    if (is_on) changes.rules.push_back(entry.key + (*is_on ? "=on" : "=off"));
  }
}

}  // namespace

void read_questions(TableReader& file, Reading& reading) {
  for (const TomlNode* node : file.tables("ask")) {
    TableReader table{*node, "[[ask]]", reading.mistakes};
    Question question;
    question.line = node->at.line;
    question.moment = read_moment(table, reading);
    table.require("text", "\"How many records fit?\"");
    table.read("text", question.text);
    const TomlNode* answer = table.find("answer");
    if (answer != nullptr) question.answer = query_of(*answer, reading);
    const bool has_sound_answer = answer == nullptr || question.answer;
    if (has_sound_answer) {
      read_choices(table, question, reading);
    } else {
      table.find("choices");
    }
    question.known = read_end_or("known_at", "known_when", table, reading);
    table.read("because", question.because);
    const bool is_asked = is_of_this_release(table, reading);
    table.finish();
    if (is_asked) reading.scenario.questions.push_back(std::move(question));
  }
}

void read_what_ifs(TableReader& file, Reading& reading) {
  for (const TomlNode* node : file.tables("what_if")) {
    TableReader table{*node, "[[what_if]]", reading.mistakes};
    WhatIf what_if;
    what_if.line = node->at.line;
    what_if.moment = read_end_or("at", "when", table, reading);
    table.require("text", "\"What if linger.ms were 0?\"");
    table.read("text", what_if.text);
    read_changed_settings(table, what_if.changes, reading);
    read_changed_rules(table, what_if.changes, reading);
    table.read("era", what_if.changes.era);
    what_if.fault = find_fault(table, reading);
    if (const TomlNode* then = table.require("then", "\"records.failed > 0\"")) {
      if (auto query = condition_of(*then, reading)) what_if.then = std::move(*query);
    }
    table.read("because", what_if.because);
    const bool is_offered = is_of_this_release(table, reading, "in_era");
    table.finish();
    if (what_if.changes == ScenarioOverrides{} && !what_if.fault) {
      reading.mistakes.add(node->at, "nothing is otherwise here",
                           "such as set = { linger.ms = 0 }, era = \"2.8\" or a fault");
    }
    if (what_if.fault && !what_if.moment.at && !what_if.moment.when) {
      reading.mistakes.add(node->at, "nothing says when the fault happens",
                           "such as at = \"10ms\" or when = \"batch(3).state == 'in flight'\"");
    }
    if (is_offered) reading.scenario.what_ifs.push_back(std::move(what_if));
  }
}

void check_what_ifs(Reading& reading) {
  for (const WhatIf& what_if : reading.scenario.what_ifs) {
    const auto forked = with_what_if(reading.scenario, what_if);
    const auto* errors = std::get_if<std::vector<ParseError>>(&forked);
    if (errors == nullptr) continue;
    for (const ParseError& error : *errors) {
      reading.mistakes.add({what_if.line, 1},
                           fmt::format("this cannot be otherwise: {}", error.message), error.fix);
    }
  }
}

}  // namespace linger::sim
