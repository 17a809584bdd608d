#include "sim/lesson_texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "core/check.h"
#include "sim/scenario_folder.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_reader.h"
#include "sim/text_file.h"
#include "sim/toml_tree.h"

namespace linger::sim {

namespace {

using Errors = std::vector<ParseError>;

TomlNode* node_in(TomlNode& table, std::string_view key) {
  const auto found = std::find_if(table.entries.begin(), table.entries.end(),
                                  [key](const TomlEntry& entry) { return entry.key == key; });
  return found == table.entries.end() ? nullptr : &found->node;
}

// The tables under a key, [[key]] or [key].
std::vector<TomlNode*> tables_in(TomlNode& document, std::string_view key) {
  std::vector<TomlNode*> tables;
  TomlNode* node = node_in(document, key);
  if (node == nullptr) return tables;
  const bool is_list = node->kind == TomlNode::Kind::Array;
  for (std::size_t i = 0; i < (is_list ? node->items.size() : 1); ++i) {
    tables.push_back(is_list ? &node->items[i] : node);
  }
  return tables;
}

// "{value}", and whatever else stands in braces, sorted.
std::vector<std::string> places_in(std::string_view text) {
  std::vector<std::string> places;
  for (std::size_t open = 0; (open = text.find('{', open)) != std::string_view::npos;) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    places.emplace_back(text.substr(open, close + 1 - open));
    open = close;
  }
  std::sort(places.begin(), places.end());
  return places;
}

std::string beginning_of(const std::string& text) {
  constexpr std::size_t kEnough = 40;
  if (text.size() <= kEnough) return text;
  std::size_t end = kEnough;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

// Lays the texts of one document over those of another, and collects what does not fit.
class Overlay {
 public:
  explicit Overlay(Mistakes& mistakes) : mistakes_{mistakes} {}

  void lay(TomlNode& scenario, TomlNode& texts) {
    for (const TomlEntry& entry : texts.entries) {
      const bool is_section =
          std::any_of(std::begin(kSections), std::end(kSections),
                      [&entry](const Section& section) { return section.name == entry.key; });
      if (!is_section) {
        mistakes_.add(entry.at, fmt::format("'{}' has no texts", entry.key),
                      "only lesson, say, ask, what_if and expect are translated");
      }
    }
    for (const Section& section : kSections) lay_section(scenario, texts, section);
  }

 private:
  struct Section {
    std::string_view name;
    std::vector<std::string_view> keys;
  };
  static const Section kSections[5];

  void lay_section(TomlNode& scenario, TomlNode& texts, const Section& section) {
    const std::vector<TomlNode*> over = tables_in(scenario, section.name);
    const std::vector<TomlNode*> from = tables_in(texts, section.name);
    const bool has_texts = std::any_of(over.begin(), over.end(), [&section](TomlNode* one) {
      return std::any_of(section.keys.begin(), section.keys.end(),
                         [one](std::string_view key) { return node_in(*one, key) != nullptr; });
    });
    if (from.empty() && !has_texts) return;
    if (over.size() != from.size()) {
      const Position at = from.empty() ? texts.at : from.back()->at;
      mistakes_.add(at,
                    fmt::format("{} sections '{}' here, and {} in the scenario", from.size(),
                                section.name, over.size()),
                    "one for each of the scenario's, in its order; an empty one where there is "
                    "nothing to say");
      return;
    }
    for (std::size_t i = 0; i < over.size(); ++i) lay_table(*over[i], *from[i], section);
  }

  void lay_table(TomlNode& over, TomlNode& from, const Section& section) {
    if (from.kind != TomlNode::Kind::Table) {
      mistakes_.add(from.at, fmt::format("'{}' is a table", section.name),
                    fmt::format("such as [[{}]] and text = \"…\"", section.name));
      return;
    }
    for (const TomlEntry& entry : from.entries) {
      const bool is_text =
          std::find(section.keys.begin(), section.keys.end(), entry.key) != section.keys.end();
      if (is_text && node_in(over, entry.key) != nullptr) continue;
      mistakes_.add(entry.at,
                    fmt::format("the scenario's {} has no '{}'", where(over, section), entry.key),
                    "leave it out");
    }
    for (const std::string_view key : section.keys) {
      TomlNode* text = node_in(over, key);
      if (text == nullptr) continue;
      TomlNode* translation = node_in(from, key);
      if (key == "choices") {
        lay_choices(*text, translation, from.at);
      } else if (translation == nullptr) {
        note_missing(from.at, key, *text);
      } else {
        lay_text(*text, *translation);
      }
    }
  }

  static std::string where(const TomlNode& over, const Section& section) {
    return fmt::format("[{}] of line {}", section.name, over.at.line);
  }

  void note_missing(Position at, std::string_view key, const TomlNode& text) {
    mistakes_.add(at, fmt::format("'{}' is missing", key),
                  fmt::format("in English: {}", beginning_of(text.text)));
  }

  // Of the choices that have a text, which the others have not: theirs is a value.
  void lay_choices(TomlNode& choices, TomlNode* translation, Position at) {
    std::vector<TomlNode*> texts;
    for (TomlNode& choice : choices.items) {
      TomlNode* text = node_in(choice, "text");
      if (text != nullptr) texts.push_back(text);
    }
    const std::size_t count = translation == nullptr ? 0 : translation->items.size();
    if (count != texts.size()) {
      mistakes_.add(
          translation == nullptr ? at : translation->at,
          fmt::format("{} choices here, and {} with a text in the scenario", count, texts.size()),
          "choices = [\"…\", \"…\"]: one for each that has a text, in order; without a "
          "text, none");
      return;
    }
    for (std::size_t i = 0; i < count; ++i) lay_text(*texts[i], translation->items[i]);
  }

  void lay_text(TomlNode& over, TomlNode& from) {
    if (from.kind != TomlNode::Kind::Text || from.text.empty()) {
      mistakes_.add(from.at, "here stands a text",
                    fmt::format("in English: {}", beginning_of(over.text)));
      return;
    }
    if (places_in(over.text) != places_in(from.text)) {
      mistakes_.add(from.at, "what stands in braces differs from the scenario",
                    fmt::format("in English: {}", over.text));
      return;
    }
    over.text = from.text;
  }

  Mistakes& mistakes_;
};

const Overlay::Section Overlay::kSections[5] = {{"lesson", {"title", "text"}},
                                                {"say", {"text"}},
                                                {"ask", {"text", "choices", "because"}},
                                                {"what_if", {"text", "because"}},
                                                {"expect", {"because"}}};

std::vector<std::string> choice_texts(const Question& question) {
  std::vector<std::string> texts;
  for (const Choice& choice : question.choices) texts.push_back(choice.text);
  return texts;
}

}  // namespace

LessonTexts texts_of(const Scenario& scenario) {
  LessonTexts texts{.title = scenario.lesson.title,
                    .text = scenario.lesson.text,
                    .narration = {},
                    .questions = {},
                    .what_ifs = {},
                    .reasons = {}};
  for (const Narration& said : scenario.narration) texts.narration.push_back(said.text);
  for (const Question& question : scenario.questions) {
    texts.questions.push_back({question.text, choice_texts(question), question.because});
  }
  for (const WhatIf& what_if : scenario.what_ifs) {
    texts.what_ifs.push_back({what_if.text, what_if.because});
  }
  for (const Expectation& expected : scenario.expectations) {
    texts.reasons.push_back(expected.because);
  }
  return texts;
}

std::variant<LessonTexts, Errors> translated_texts(std::string_view scenario,
                                                   const std::string& scenario_file,
                                                   std::string_view translation,
                                                   const std::string& translation_file,
                                                   std::string release) {
  auto document = read_toml(scenario, scenario_file);
  if (const auto* error = std::get_if<ParseError>(&document)) return Errors{*error};
  auto texts = read_toml(translation, translation_file);
  if (const auto* error = std::get_if<ParseError>(&texts)) return Errors{*error};
  Mistakes mistakes{translation_file};
  Overlay{mistakes}.lay(std::get<TomlNode>(document), std::get<TomlNode>(texts));
  if (!mistakes.empty()) return mistakes.sorted();
  const ParsedScenario parsed =
      parse_scenario(std::get<TomlNode>(document), scenario_file, std::move(release));
  if (const auto* errors = std::get_if<Errors>(&parsed)) return *errors;
  return texts_of(std::get<Scenario>(parsed));
}

std::variant<LessonTexts, Errors> chinese_texts(const std::string& scenario_file,
                                                std::string release) {
  const std::string file = chinese_texts_of(scenario_file).string();
  const auto scenario = read_text_file(scenario_file);
  if (!scenario) return Errors{{scenario_file, 0, 0, "this file cannot be read", "check its path"}};
  const auto translation = read_text_file(file);
  if (!translation) {
    return Errors{{file, 0, 0, "there are no Chinese texts of this scenario",
                   "scenarios/README.md says how to write them"}};
  }
  return translated_texts(*scenario, scenario_file, *translation, file, std::move(release));
}

std::optional<TextsHeading> chinese_heading(const std::string& scenario_file) {
  const std::string file = chinese_texts_of(scenario_file).string();
  auto whole = read_text_file(file);
  if (!whole) return std::nullopt;
  auto texts = read_toml(*whole, file);
  auto* document = std::get_if<TomlNode>(&texts);
  TomlNode* lesson = document == nullptr ? nullptr : node_in(*document, "lesson");
  TomlNode* title = lesson == nullptr ? nullptr : node_in(*lesson, "title");
  if (title == nullptr) return std::nullopt;
  TomlNode* text = node_in(*lesson, "text");
  return TextsHeading{.title = title->text,
                      .text = text == nullptr ? "" : text->text,
                      .whole = std::move(*whole)};
}

bool has_chinese_texts(const std::string& scenario_file) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(chinese_texts_of(scenario_file), ignored);
}

Scenario with_texts(Scenario scenario, const LessonTexts& texts) {
  CHECK(texts.narration.size() == scenario.narration.size());
  CHECK(texts.questions.size() == scenario.questions.size());
  CHECK(texts.what_ifs.size() == scenario.what_ifs.size());
  CHECK(texts.reasons.size() == scenario.expectations.size());
  scenario.lesson.title = texts.title;
  scenario.lesson.text = texts.text;
  for (std::size_t i = 0; i < texts.narration.size(); ++i) {
    scenario.narration[i].text = texts.narration[i];
  }
  for (std::size_t i = 0; i < texts.questions.size(); ++i) {
    Question& question = scenario.questions[i];
    question.text = texts.questions[i].text;
    question.because = texts.questions[i].because;
    for (std::size_t k = 0; k < question.choices.size(); ++k) {
      question.choices[k].text = texts.questions[i].choices[k];
    }
  }
  for (std::size_t i = 0; i < texts.what_ifs.size(); ++i) {
    scenario.what_ifs[i].text = texts.what_ifs[i].text;
    scenario.what_ifs[i].because = texts.what_ifs[i].because;
  }
  for (std::size_t i = 0; i < texts.reasons.size(); ++i) {
    scenario.expectations[i].because = texts.reasons[i];
  }
  return scenario;
}

}  // namespace linger::sim
