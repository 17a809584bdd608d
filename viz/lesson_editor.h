// A lesson of one's own, edited in place: its text as it stands in the panel, and what is wrong
// with it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/parse_error.h"

namespace linger::viz {

struct LessonEditor {
  bool is_open = false;
  std::string text;
  std::string applied;              // the text that the run was made from last
  std::vector<std::string> before;  // what that was before each application, the last one last
  std::vector<sim::ParseError> errors;
  std::size_t next_error = 0;  // to be gone to
  // Where the caret goes, in bytes, whenever the text was changed by other hands than the
  // keyboard's: each time that has another number.
  std::size_t caret = 0;
  int revision = 0;

  bool is_changed() const { return text != applied; }
  friend bool operator==(const LessonEditor&, const LessonEditor&) = default;
};

}  // namespace linger::viz
