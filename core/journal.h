// Where the producer says what it does.
#pragma once

#include <utility>
#include <vector>

#include "core/event.h"

namespace linger::core {

template <class Kinds>
struct Puts;  // in journal.cc

// Collects events until its owner takes them. One that is off drops them, for benchmarks of the
// producer alone.
class Journal {
 public:
  enum class Mode { On, Off };
  explicit Journal(Mode mode = Mode::On) : on_{mode == Mode::On} {}

  bool is_on() const { return on_; }

  template <class E>
  void add(E event) {
    if (on_) put(std::move(event));
  }
  void log(LogLevel level, std::string text) {
    if (on_) put(Logged{level, std::move(text)});
  }

  bool is_empty() const { return events_.empty(); }
  // What was added since the last take() or clear(). Whoever moves events out clears.
  std::vector<Event>& events() { return events_; }
  void clear() { events_.clear(); }
  std::vector<Event> take() { return std::exchange(events_, {}); }

 private:
  // Compiled in journal.cc, for each kind of event: it costs a compiler much.
  template <class E>
  void put(E event);

  template <class Kinds>
  friend struct Puts;

  bool on_;
  std::vector<Event> events_;
};

}  // namespace linger::core
