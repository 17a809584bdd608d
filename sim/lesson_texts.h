// What a scenario says to a person, apart from what it does; and the same in another language.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/parse_error.h"
#include "sim/scenario.h"

namespace linger::sim {

struct QuestionTexts {
  std::string text;
  std::vector<std::string> choices;  // with "{value}"; empty: the value alone
  std::string because;
  friend bool operator==(const QuestionTexts&, const QuestionTexts&) = default;
};
struct WhatIfTexts {
  std::string text;
  std::string because;
  friend bool operator==(const WhatIfTexts&, const WhatIfTexts&) = default;
};

// Each in the scenario's order.
struct LessonTexts {
  std::string title;
  std::string text;
  std::vector<std::string> narration;
  std::vector<QuestionTexts> questions;
  std::vector<WhatIfTexts> what_ifs;
  std::vector<std::string> reasons;  // of what is expected; empty where none is given
  friend bool operator==(const LessonTexts&, const LessonTexts&) = default;
};

// As the scenario has them.
LessonTexts texts_of(const Scenario& scenario);

// In Chinese: NAME.zh.toml beside the scenario's file holds the same sections as it, in the same
// order, and of each nothing but its texts. Errors, with their places in that file, where the two
// do not fit together; one if there is no such file. With a release, those that hold there.
std::variant<LessonTexts, std::vector<ParseError>> chinese_texts(const std::string& scenario_file,
                                                                 std::string release = "");
// Of two documents.
std::variant<LessonTexts, std::vector<ParseError>> translated_texts(
    std::string_view scenario, const std::string& scenario_file, std::string_view translation,
    const std::string& translation_file, std::string release = "");

// What the list of lessons shows, and the whole file. None if it cannot be read, or has no title.
struct TextsHeading {
  std::string title;
  std::string text;
  std::string whole;
};
std::optional<TextsHeading> chinese_heading(const std::string& scenario_file);

// Whether there is such a file.
bool has_chinese_texts(const std::string& scenario_file);

// The scenario saying these instead. Requires: as many as it has.
Scenario with_texts(Scenario scenario, const LessonTexts& texts);

}  // namespace linger::sim
