// The parts of why_view() that have a file of their own.
#pragma once

#include "viz/why_details.h"
#include "viz/why_view.h"

namespace linger::viz {

// `details`: null while they are not known, or are about something else.
void add_batch_sections(const Scene& scene, BatchRef batch, const WhyDetails* details,
                        WhyView& view);
void add_thread_sections(const Scene& scene, core::ThreadId thread, const WhyDetails* details,
                         WhyView& view);
void add_request_sections(const Scene& scene, RequestRef request, WhyView& view);

}  // namespace linger::viz
