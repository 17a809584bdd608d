// The parts of why_view() that have a file of their own.
#pragma once

#include "viz/why_view.h"

namespace linger::viz {

void add_batch_sections(const Scene& scene, BatchRef batch, WhyView& view);
void add_request_sections(const Scene& scene, RequestRef request, WhyView& view);

}  // namespace linger::viz
