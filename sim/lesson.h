// What a scenario tells and asks the one who watches it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "sim/fault.h"
#include "sim/picture_thing.h"
#include "sim/query.h"
#include "sim/scenario_changes.h"

namespace linger::sim {

// When something is told, asked or done: at a time, or the first time a condition holds.
struct Moment {
  std::optional<core::Instant> at;
  std::optional<Query> when;
  friend bool operator==(const Moment&, const Moment&) = default;
};

struct Lesson {
  std::string title;
  std::string text;
  std::string topic;       // the folder it is listed under
  std::int32_t order = 0;  // its place on the path from easy to hard; 0: beside it
  friend bool operator==(const Lesson&, const Lesson&) = default;
};

struct Narration {
  Moment moment;
  std::string text;
  friend bool operator==(const Narration&, const Narration&) = default;
};

// One of the answers a question offers. Which of them is right is never written down: it is what
// the run comes to.
struct Choice {
  std::string text;            // "{value}" stands for its value; empty: its value alone
  std::optional<Query> value;  // right if the question's answer equals it
  Query right;                 // the condition that makes it right
  // A click on it in the picture is this choice. None: what its value names, if that is seen there;
  // see thing_pointed_at() in sim/lesson_run.h.
  std::optional<PictureThing> points_at;
  friend bool operator==(const Choice&, const Choice&) = default;
};

// Asked before the run goes on from a moment. The world knows nothing of it: a run is the same with
// its questions and without.
struct Question {
  Moment moment;
  std::string text;
  std::optional<Query> answer;  // none: each choice is a condition of its own
  std::vector<Choice> choices;
  Moment known;         // when the run has shown the answer; neither: at its end
  std::string because;  // shown with the answer
  std::int32_t line = 0;
  friend bool operator==(const Question&, const Question&) = default;
};

// The same run with something otherwise, to be compared with this one. Settings, rules and era hold
// from its beginning, since a producer reads them once; a fault happens at the moment.
struct WhatIf {
  Moment moment;  // when it is offered; neither: at the end
  std::string text;
  ScenarioOverrides changes;
  std::optional<Fault> fault;
  Query then;  // what holds at its end, and not at the end of the run as written
  std::string because;
  std::int32_t line = 0;
  friend bool operator==(const WhatIf&, const WhatIf&) = default;
};

}  // namespace linger::sim
