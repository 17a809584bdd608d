// A term leads to the event that last changed it.
#pragma once

#include <cstddef>
#include <optional>

#include "sim/event_text.h"
#include "sim/trace_text.h"
#include "viz/scene.h"

namespace linger::viz {

// `row` is a Term or a TermDetail; nothing is said where there is no event.
template <class Row>
void link(const Scene& scene, const sim::TraceEvent* event, Row& row) {
  if (event == nullptr) return;
  row.changed_in = event->step;
  row.changed = sim::instant_text(event->at) + ": " + sim::describe(*event, scene.names).sentence;
}

template <class Row>
void link(const Scene& scene, std::optional<std::size_t> position, Row& row) {
  if (position) link(scene, &scene.timeline.trace()[*position], row);
}

}  // namespace linger::viz
