// The parts of why_view() that have a file of their own.
#pragma once

#include <optional>

#include "viz/why_details.h"
#include "viz/why_view.h"

namespace linger::viz {

// `details`: null while they are not known, or are about something else.
void add_batch_sections(const Scene& scene, BatchRef batch, const WhyDetails* details,
                        WhyView& view);
void add_thread_sections(const Scene& scene, core::ThreadId thread, const WhyDetails* details,
                         WhyView& view);
// Returns the node to which it is in flight.
std::optional<core::NodeId> add_request_sections(const Scene& scene, RequestRef request,
                                                 const WhyDetails* details, WhyView& view);

}  // namespace linger::viz
