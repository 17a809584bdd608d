// Every kind of event and its fields, as the trace names them: made from the events themselves.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "core/topic_names.h"
#include "sim/query.h"
#include "sim/trace.h"

namespace linger::sim {

struct EventField {
  std::string name;
  ValueType type = ValueType::Integer;
  bool is_list = false;            // of integers: in the JSON alone, no query sees it
  std::vector<std::string> words;  // the texts it can be; empty: any
};

struct EventKind {
  std::string name;
  core::Stream stream = core::Stream::Producer;
  std::vector<EventField> fields;  // of its own; all have at, step and producer
};

// By kind_of(): those of core, then those of sim.
std::vector<EventKind> event_vocabulary();

// Where an event's kind stands in the vocabulary.
std::size_t kind_of(const TraceEvent& event);

// A field by the name a query uses for it: also `at`, `step`, `producer`; and for each field in
// milliseconds or microseconds (age_ms) the duration without the unit (age). None if it is absent.
Value field_value(const TraceEvent& event, std::string_view field, const core::TopicNames& topics);

// The fields a query may use for events of a kind.
std::vector<EventField> query_fields(const EventKind& kind);

// The trace's schema as the table in scenarios/README.md has it.
std::string vocabulary_table();

}  // namespace linger::sim
