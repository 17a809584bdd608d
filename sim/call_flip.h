// Which single term would let a call of an application thread go on, turned round alone: what the
// call hangs on is changed on a copy of its producer, and the call asked again.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/event_words.h"
#include "core/id.h"
#include "sim/term_flip.h"
#include "sim/world.h"

namespace linger::sim {

enum class CallTerm {
  // Memory: both must hold.
  FirstInLine,
  MemoryFree,
  // Metadata: both must hold.
  TopicKnown,
  PartitionKnown,
  BatchesComplete,  // flush()
  FateKnown,        // get()
  SenderStopped,    // close()
  Answered,         // a transactional call
  CodeReturned,     // code of the user's
  PartitionFound,   // the endless loop before KAFKA-14303
  TimeIsUp          // whatever it waits for
};
inline constexpr int kCallTerms = 11;
std::string_view word(CallTerm term);  // "first in line"

// What becomes of the call.
enum class CallGoing { WaitsOn, GoesOn, Fails };
using CallFlip = FlipOf<CallTerm, CallGoing>;  // it would go on, or fail

struct FlippedCall {
  core::BlockedOn on{};
  // One for each term that is in the way of such a call.
  std::vector<bool> held;
  std::vector<CallFlip> flips;
};
// None: the thread is in no call that is held. Requires: the thread is there.
std::optional<FlippedCall> flip_call(const World& world, core::ThreadId thread);

// The same without turning anything round: cheap enough for every frame.
struct CallTruth {
  CallTerm term{};
  bool holds = false;
};
std::vector<CallTruth> terms_of_call(const World& world, core::ThreadId thread);

}  // namespace linger::sim
