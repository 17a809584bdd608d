// What a lesson's questions come to in its run, and its what-ifs beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/parse_error.h"
#include "sim/scenario.h"

namespace linger::sim {

// Where a run stands: after so many steps, at an instant that is not after the next one.
struct Place {
  std::int64_t step = 0;
  Instant at{};
  friend bool operator==(const Place&, const Place&) = default;
};

// A choice as it reads, and whether the run made it right.
struct ChoiceOutcome {
  std::string text;
  bool is_right = false;
  std::string value;  // what "{value}" stands for in its text
  friend bool operator==(const ChoiceOutcome&, const ChoiceOutcome&) = default;
};

struct QuestionOutcome {
  std::optional<Place> asked;  // none: the run never comes there
  std::optional<Place> known;  // from where on the answer can be shown
  std::string answer;          // its value; empty if the choices are conditions
  std::vector<ChoiceOutcome> choices;
  std::string mistake;  // what is wrong with the question; empty if nothing is

  std::optional<std::size_t> right_choice() const;
  friend bool operator==(const QuestionOutcome&, const QuestionOutcome&) = default;
};

struct LessonOutcome {
  std::vector<QuestionOutcome> questions;      // in the scenario's order
  std::vector<std::optional<Place>> what_ifs;  // where each is offered; none: never
  friend bool operator==(const LessonOutcome&, const LessonOutcome&) = default;
};

// Runs the scenario to its end, and says what became of all that it asks and offers.
LessonOutcome lesson_outcome(std::shared_ptr<const Scenario> scenario);

// What a click in the picture has to hit to be this choice: as it says, or what its value names.
std::optional<PictureThing> thing_pointed_at(const Scenario& scenario, const Question& question,
                                             const Choice& choice);

// A choice's text with the value in its place; the value alone where there is no text.
std::string filled_in(const std::string& text, const std::string& value);

// The scenario with something otherwise. It tells and asks nothing, and expects what the what-if
// says.
std::variant<Scenario, std::vector<ParseError>> with_what_if(const Scenario& scenario,
                                                             const WhatIf& what_if);

// What is wrong with the questions and what-ifs of a scenario, with the line of each: a question
// has exactly one right choice; a what-if runs, breaks no law, and comes to what it says, which the
// run as written does not.
struct LessonMistake {
  std::int32_t line = 0;
  std::string what;
  friend bool operator==(const LessonMistake&, const LessonMistake&) = default;
};
std::vector<LessonMistake> check_lesson(const std::shared_ptr<const Scenario>& scenario);

}  // namespace linger::sim
