// What is due, and when: the timers that run in the world and in the producers, on a log scale from
// now on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "viz/scene.h"

namespace linger::viz {

enum class TimerKind {
  Thread,           // an application thread goes on
  Linger,           // a batch has waited for linger.ms
  Backoff,          // a batch may be sent again
  Poll,             // the sender's poll ends
  Wire,             // something arrives
  Broker,           // a broker is done with something
  Fault,            // of the scenario, or injected
  Reconnect,        // a connection may be tried again
  Setup,            // a connection has to stand
  Throttle,         // a broker reads again
  RequestTimeout,   // request.timeout.ms
  MaxBlock,         // max.block.ms, or another deadline of a thread
  DeliveryTimeout,  // delivery.timeout.ms
  MetadataAge,      // metadata.max.age.ms
};
inline constexpr int kTimerKinds = 14;
std::string_view word(TimerKind kind);

// The first that is due of a kind.
struct Timer {
  TimerKind kind = TimerKind::Thread;
  core::Instant at{};  // SeekTime{at}
  core::Duration left{};
  float place = 0;          // along the axis, 0 to 1
  std::string text;         // "linger"
  std::string left_text;    // "3.0 ms"
  std::string what;         // "b3 of orders-0 has waited for linger.ms"
  std::string setting;      // "linger.ms = 5"; empty if none is behind it
  std::int32_t others = 0;  // of the same kind, later
  friend bool operator==(const Timer&, const Timer&) = default;
};

struct FutureTick {
  float place = 0;
  std::string text;  // "1 ms"
  friend bool operator==(const FutureTick&, const FutureTick&) = default;
};

struct FutureView {
  std::vector<Timer> timers;  // the earliest first
  std::vector<FutureTick> ticks;
  std::string hint;  // nothing is due any more
  friend bool operator==(const FutureView&, const FutureView&) = default;
};
FutureView future_view(const Scene& scene);

}  // namespace linger::viz
