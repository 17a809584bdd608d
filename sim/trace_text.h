// The trace in words, one line for each event.
#pragma once

#include <string>

#include "sim/trace.h"
#include "sim/trace_names.h"

namespace linger::sim {

struct EventText {
  std::string subject;   // whom it is about: "orders-0", "broker 1", "thread A"; may be empty
  std::string sentence;  // "batch 3 drained: 8 records, 933 bytes → broker 0"
};

EventText describe(const TraceEvent& event, const TraceNames& names);

// "    12.000 ms  orders-0      batch 3 drained: 8 records, 933 bytes → broker 0". With more than
// one producer in `names`, the producer's name stands before the subject.
std::string trace_line(const TraceEvent& event, const TraceNames& names);

// "12.000 ms"
std::string instant_text(Instant at);

}  // namespace linger::sim
