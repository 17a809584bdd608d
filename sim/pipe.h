// One direction of one connection.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "core/bytes.h"
#include "core/random.h"
#include "core/time.h"
#include "sim/shared_bytes.h"
#include "sim/sim_event.h"

namespace linger::sim {

// How a link is at this moment.
struct LinkConditions {
  Duration latency{};
  Duration jitter{};
  std::optional<Bytes> bandwidth{};  // bytes a second; none: no limit
  Bytes segment{65'536};
  std::optional<Bytes> largest{};  // larger segments get lost; none: all get through
};

//   push ──▶ [ waiting in the socket ] ──▶ on the link, a segment at a time ──▶ latency ──▶ arrival
//
// What was written while a segment left goes on together, up to the size of a segment; what is
// larger is cut. So frames split and coalesce by themselves.
// Invariant: nothing arrives before what left earlier.
// Differs: each connection has the bandwidth for itself; nothing is lost by chance and sent again,
// and no window slows the sender down: whoever receives takes all there is. A segment that does not
// get through waits in the socket until it does; then it leaves at once, not when a timer says so.
class Pipe {
 public:
  explicit Pipe(core::Random jitter) : jitter_{jitter} {}

  void push(SharedBytes bytes);
  Bytes waiting() const { return waiting_size_; }
  void discard_waiting();

  struct Departure {
    SharedBytes bytes;
    Instant link_free{};  // when the last byte has left
    Instant arrives{};
  };
  // The size of the segment that leaves next; 0 if nothing waits.
  Bytes next_segment(const LinkConditions& link) const;
  // The next segment leaves. Nothing if nothing waits.
  std::optional<Departure> depart(const LinkConditions& link, Instant now);

  // When something without bytes arrives that leaves now: the start or the end of the stream.
  Instant arrival_of_signal(const LinkConditions& link, Instant now);

 private:
  friend class WorldWalk;

  SharedBytes take(Bytes at_most);
  SharedBytes take_from_first(std::size_t count);
  Instant arrival(const LinkConditions& link, Instant left);

  std::deque<SharedBytes> waiting_;
  Bytes waiting_size_;
  Instant last_arrival_{};
  core::Random jitter_;
};

}  // namespace linger::sim
