// What a benchmark measures, beside what it should be.
#pragma once

#include <benchmark/benchmark.h>

#include <ctime>
#include <string>

namespace linger::bench {

enum class Wanted { AtLeast, AtMost };

// A figure says in words what it is of; the table (main.cc) is made of these. Without a target it
// is merely shown.
struct Figure {
  std::string what;
  std::string unit;
  Wanted wanted = Wanted::AtLeast;
  double target = 0;
};

// So much of it in each iteration, by the processor's time.
inline void report_rate(benchmark::State& state, const Figure& figure, double of_iteration) {
  state.SetLabel(figure.what + "|" + figure.unit);
  state.counters["figure"] =
      benchmark::Counter{of_iteration, benchmark::Counter::kIsIterationInvariantRate};
  state.counters["target"] = figure.target;
  state.counters["at_most"] = figure.wanted == Wanted::AtMost ? 1 : 0;
}

inline void report(benchmark::State& state, const Figure& figure, double value) {
  report_rate(state, figure, 0);
  state.counters["figure"] = value;
}

// The processor's time of this thread, in seconds: what others do to the machine hardly shows.
inline double processor_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// What a stretch of work takes.
template <class Work>
double seconds_of(Work work) {
  const double began = processor_time();
  work();
  return processor_time() - began;
}

}  // namespace linger::bench
