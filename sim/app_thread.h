// An application thread: where its program stands, and which call it is in.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/kafka_producer.h"
#include "core/random.h"
#include "sim/scenario.h"

namespace linger::sim {

// The user's code runs on some thread and takes its time; then the producer gets the answer. A
// callback may send a record of its own before it returns.
struct UserCodeRun {
  core::UserCallAnswer answer;
  std::optional<core::ProducerRecord> to_send;
  std::optional<core::SendCall> sending;
};

// Who comes first among the threads that are due at one instant. No time passes while a thread
// runs, so one that was held catches up with all that was due meanwhile before another one does
// anything; then those that were held go on, first come first served.
struct Turn {
  enum class Why : std::uint8_t { CatchesUp, WasHeld, Acts, EndsFlush };
  Why why = Why::Acts;
  std::int64_t number = 0;  // WasHeld: since when; else see WaitUntilAction
  friend auto operator<=>(const Turn&, const Turn&) = default;
};

struct AppThread {
  struct Ended {};
  struct BetweenActions {};
  using Call = std::variant<BetweenActions, core::SendCall, core::FlushCall, core::FutureCall,
                            core::CloseCall, core::TransactionCall, Ended>;
  // A transactional call that the thread did not wait for: as if another thread made it.
  struct WatchedCall {
    core::TransactionCall call;
    std::optional<Instant> due;  // when it ends: at its deadline, or now
  };

  // Each step asks all threads for these.
  std::optional<Instant> due;  // when it goes on by itself; none: it is blocked, or has ended
  std::optional<core::BlockedOn> blocked_on;
  std::vector<WatchedCall> watched;

  core::ThreadId id;
  std::size_t producer = 0;
  std::size_t action = 0;           // the next one of the program
  std::int32_t turn = 0;            // of its actions, see WaitUntilAction
  bool is_to_end = false;           // after the call it is in: the run was interrupted
  bool is_woken = false;            // of a shutdown hook: it was told so
  bool is_late = false;             // it was blocked, and goes on with what was due meanwhile
  std::int64_t sent = 0;            // of a run of sends
  Instant run_began{};              // of that run
  std::int64_t held_since = 0;      // the step in which it began to wait, or to wait for more
  std::optional<Instant> deadline;  // of what it is blocked on
  core::Random random;
  Call call;
  std::optional<UserCodeRun> user_code;

  bool has_ended() const { return std::holds_alternative<Ended>(call); }
  Turn turn_now() const;
};

// The sender's thread of one producer.
struct SenderThread {
  enum class State { Running, Polling, Sleeping, InUserCode, WaitingForAppends, Stopped };
  State state = State::Running;
  std::optional<Instant> due = Instant{};
  std::optional<Instant> poll_ends;
  std::int32_t empty_polls = 0;        // in a row, that were asked not to wait
  bool is_spinning = false;            // the poll takes a millisecond, see Stepper::hold_in_poll
  std::optional<Instant> waits_since;  // in a poll that was asked to wait
  std::optional<UserCodeRun> user_code;
  Instant turned_at{};  // its pass began: what it decides to wait counts from then
};

// Sender threads are numbered downwards from -1.
inline core::ThreadId sender_thread_of(std::size_t producer) {
  return core::ThreadId{-1 - static_cast<std::int32_t>(producer)};
}

}  // namespace linger::sim
