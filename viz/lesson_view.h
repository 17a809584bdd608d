// The lesson beside the picture: what it says, what it asks, and what could be otherwise.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "viz/lesson_state.h"
#include "viz/viewer_state.h"

namespace linger::viz {

struct ChoiceView {
  int number = 1;  // its key
  std::string text;
  bool is_chosen = false;
  bool is_right = false;  // never before the run has shown it
  std::size_t hands = 0;
  float share = 0;  // of all hands
  friend bool operator==(const ChoiceView&, const ChoiceView&) = default;
};

struct QuestionView {
  int number = 1;  // of how many the lesson asks, from 1
  int count = 1;
  QuestionPhase phase = QuestionPhase::Open;
  std::string text;
  std::vector<ChoiceView> choices;
  bool counts_hands = false;
  std::size_t hands = 0;
  std::string verdict;   // "right: 3", "not so; the run has: 3", "the run has: 3"; empty before
  std::string in_short;  // "right", "not so": beside choices that are marked
  std::string because;   // with the verdict
  friend bool operator==(const QuestionView&, const QuestionView&) = default;
};

struct WhatIfView {
  int number = 1;  // its key, while no question is open
  std::string text;
  std::size_t index = 0;
  bool is_offered = false;  // else the run has not come to it
  bool is_open = false;     // it is a branch
  bool is_shown = false;
  friend bool operator==(const WhatIfView&, const WhatIfView&) = default;
};

// The what-if that is in the picture.
struct WhatIfOutcome {
  std::string text;
  std::string because;  // once its run is over
  friend bool operator==(const WhatIfOutcome&, const WhatIfOutcome&) = default;
};

// A short text, pinned to the moment it is about.
struct LessonNote {
  std::string text;
  std::string at;
  core::Instant when{};
  bool is_new = false;  // it was reached at this very instant
  friend bool operator==(const LessonNote&, const LessonNote&) = default;
};

struct LessonView {
  std::string title;
  std::string text;
  bool asks = true;
  bool is_teaching = false;
  std::string score;                     // "1 of 2 right"; empty if nothing was shown yet
  std::optional<QuestionView> question;  // that is open, or whose answer is waited for or just seen
  std::vector<QuestionView> before;      // the others that were asked, the newest first
  std::optional<WhatIfOutcome> what_if;
  std::vector<WhatIfView> what_ifs;
  std::vector<LessonNote> notes;       // that were reached, the newest first
  std::string hint;                    // what to do next, with its keys
  std::optional<ViewerCommand> click;  // what a click on that does
  bool is_told_in_picture = false;     // the text stands there, before the run has begun
  friend bool operator==(const LessonView&, const LessonView&) = default;
};
LessonView lesson_view(const ViewerState& state);

}  // namespace linger::viz
