// Lessons small enough to be known by heart.
#pragma once

#include <string>
#include <string_view>

#include "viewer_fixture.h"

namespace linger::viz {

// Three records leave together at 5 ms, as linger.ms says: that is asked at 2 ms, and at the end
// whether all of them arrived.
inline std::string asking() {
  return std::string{kLinger} + R"(
[[say]]
at = "3ms"
text = "All three are in one batch."
[[ask]]
at = "1500us"
text = "When does the batch leave?"
answer = "first(batch_drained).at"
choices = ["2ms", "5ms", "7ms"]
known_when = "count(batch_drained) > 0"
because = "linger.ms counts from the first record."
[[ask]]
when = "count(batch_drained) > 0"
text = "What becomes of the records?"
choices = [
  { text = "they are acknowledged", that = "records.failed == 0" },
  { text = "some of them fail", that = "records.failed > 0" },
]
because = "Nothing goes wrong here."
[[what_if]]
text = "What if linger.ms were 0?"
set = { linger.ms = 0 }
then = "count(batch_drained) > 1"
because = "Nothing waits for a second record."
[[what_if]]
at = "3ms"
text = "What if the broker stopped?"
stop = 0
then = "records.acknowledged == 0"
)";
}

inline Answer answer_to(const ViewerState& state, std::size_t question) {
  return state.lesson.answers[question];
}

}  // namespace linger::viz
