// The trace for other programs: one JSON object a line. scenarios/README.md has its schema.
#pragma once

#include <span>
#include <string>

#include "core/topic_names.h"
#include "sim/trace.h"

namespace linger::sim {

// Appends the event's line, with its line feed:
// {"t":12000,"step":31,"stream":"producer","event":"batch_drained","producer":0,"batch":3,…}
void append_json_line(const TraceEvent& event, const core::TopicNames& topics, std::string& out);

std::string trace_json(std::span<const TraceEvent> events, const core::TopicNames& topics);

}  // namespace linger::sim
