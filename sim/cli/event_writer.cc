#include "sim/cli/event_writer.h"

#include <cstddef>

#include <fmt/format.h>

#include "sim/trace_json.h"
#include "sim/trace_text.h"

namespace linger::sim::cli {

namespace {

constexpr std::size_t kChunk = 1 << 16;

}  // namespace

EventWriter::EventWriter(const Scenario& scenario, const Wanted& wanted)
    : names_{names_of(scenario)}, lists_events_{wanted.lists_events} {
  if (wanted.trace) file_.emplace(*wanted.trace);
}

void EventWriter::operator()(const TraceEvent& event) {
  if (lists_events_) fmt::print("{}\n", trace_line(event, names_));
  if (!file_) return;
  append_json_line(event, names_.topics, pending_);
  if (pending_.size() >= kChunk) write_pending();
}

bool EventWriter::finish() {
  if (!file_) return true;
  write_pending();
  return file_->finish();
}

void EventWriter::write_pending() {
  file_->write(pending_);
  pending_.clear();
}

}  // namespace linger::sim::cli
