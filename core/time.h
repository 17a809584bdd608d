// Two clocks that do not mix: whole microseconds in the world, whole milliseconds in the producer.
#pragma once

#include <chrono>
#include <cstdint>

namespace linger::core {

using namespace std::chrono_literals;

// The world's virtual time: microseconds since the run began. There is no now(): whoever needs the
// time takes it as a parameter called `now`.
struct VirtualClock {
  using duration = std::chrono::duration<std::int64_t, std::micro>;
};
using Duration = VirtualClock::duration;
using Instant = std::chrono::time_point<VirtualClock, Duration>;

// The producer's time, as Java's Time.milliseconds() tells it: milliseconds since 1970. It starts
// far above zero, because Kafka means "long ago" by a last refresh at 0.
struct ProducerClock {
  using duration = std::chrono::duration<std::int64_t, std::milli>;
};
using Milliseconds = ProducerClock::duration;
using Millis = std::chrono::time_point<ProducerClock, Milliseconds>;

// "No limit": Long.MAX_VALUE in Kafka.
inline constexpr Milliseconds kForever = Milliseconds::max();
inline constexpr Millis kNever = Millis::max();

// now + wait, where a sum beyond the clock's end is kNever. Requires: wait >= 0.
constexpr Millis after(Millis now, Milliseconds wait) {
  return wait > kNever - now ? kNever : now + wait;
}

}  // namespace linger::core
