// Two runs on one clock: what each has come to by the instant that is shown, and where they part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "viz/event_list_view.h"
#include "viz/viewer_state.h"

namespace linger::viz {

struct ComparedNumber {
  std::string name;  // "records per batch"
  std::string base;
  std::string fork;
  bool differs = false;
  friend bool operator==(const ComparedNumber&, const ComparedNumber&) = default;
};

struct ComparedEvent {
  std::string time;
  std::string text;
  std::int64_t step = 0;  // to go there in its own run: SeekStep{step + 1}
  bool parts = false;     // it is the first that the other run has not
  bool is_after = false;  // it follows that one
  friend bool operator==(const ComparedEvent&, const ComparedEvent&) = default;
};

struct ComparedRun {
  std::string name;
  std::size_t branch = 0;
  bool is_shown = false;  // in the picture
  bool is_over = false;
  std::vector<ComparedEvent> events;  // the newest at the end
  friend bool operator==(const ComparedRun&, const ComparedRun&) = default;
};

struct ComparisonView {
  std::string hint;  // there is nothing to compare: how to get there; then all else is empty
  std::string at;    // the instant both are seen at
  std::vector<ComparedNumber> numbers;
  ComparedRun base;
  ComparedRun fork;
  std::string parted;  // "they part at 5.000 ms", "the same so far"
  bool has_parted = false;
  friend bool operator==(const ComparisonView&, const ComparisonView&) = default;
};
// With the last `events` of each run, in the streams that are listed.
ComparisonView comparison_view(const ViewerState& state, std::int64_t events);

// Where there is room for no more than so many: first those go that are 0 in both, then those that
// are the same.
std::vector<ComparedNumber> numbers_that_fit(std::vector<ComparedNumber> numbers, std::size_t most);

}  // namespace linger::viz
