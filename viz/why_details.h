// What is behind a partition's decision, term by term: which event last changed each, and what
// would be if it alone were otherwise. Too much work for every frame, so that it is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "viz/readiness_view.h"
#include "viz/scene.h"

namespace linger::viz {

struct TermDetail {
  std::string term;                        // "expired", as Term::name
  std::optional<std::int64_t> changed_in;  // the step that last changed it
  std::string changed;                     // when, and what happened
  std::string flip;                        // "alone otherwise: ready"
  bool is_the_one = false;  // turned round alone, it changes what becomes of the batch
  friend bool operator==(const TermDetail&, const TermDetail&) = default;
};

struct WhyDetails {
  std::size_t branch = 0;
  std::int64_t step = 0;
  LaneRef lane;
  std::vector<TermDetail> terms;  // empty: there is no batch
  friend bool operator==(const WhyDetails&, const WhyDetails&) = default;
};

WhyDetails why_details(const Scene& scene, std::size_t branch, LaneRef lane);
// Puts them beside the terms they belong to.
void add_details(const WhyDetails& details, ReadinessView& view);

}  // namespace linger::viz
