// Keys on their way from a window to ImGui. Before 1.87 ImGui looks once a frame at which keys are
// down. It never sees one that is pressed and let go between two slow frames, and takes Ctrl+P for
// P if Ctrl is let go before the frame; so what would hide a key waits for the next frame.
#pragma once

#include <deque>
#include <set>
#include <vector>

namespace linger::viz {

class KeyQueue {
 public:
  struct Event {
    int key = 0;
    int scancode = 0;
    int action = 0;
    int modifiers = 0;
    bool is_modifier = false;  // Ctrl, Shift and the like
  };
  void push(const Event& event) { waiting_.push_back(event); }

  // What the next frame may see: one change of each key, and none of a modifier after another key.
  std::vector<Event> take() {
    std::vector<Event> events;
    std::set<int> changed;
    bool has_key = false;
    while (!waiting_.empty()) {
      const Event& next = waiting_.front();
      if (next.is_modifier && has_key) break;
      if (!changed.insert(next.key).second) break;
      has_key = has_key || !next.is_modifier;
      events.push_back(next);
      waiting_.pop_front();
    }
    return events;
  }

 private:
  std::deque<Event> waiting_;
};

}  // namespace linger::viz
