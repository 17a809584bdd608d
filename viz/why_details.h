// What is behind the decisions on a partition, and those of its producer's sender, term by term:
// which event last changed each, and what would be if it alone were otherwise. Too much work for
// every frame, so that it is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/term_flip.h"
#include "viz/readiness_view.h"
#include "viz/scene.h"
#include "viz/why_drained.h"

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
  Selection selection;  // what all but the lane's, the sender's and the nodes' are about
  LaneRef lane;
  std::vector<TermDetail> terms;
  std::string drain_now;          // were the sender to make a pass: "it would take batch 3"
  std::vector<Term> drain;        // empty: there is no batch, or no leader
  std::vector<TermDetail> sleep;  // of the lane's producer
  std::map<core::NodeId, std::vector<TermDetail>> nodes;
  std::vector<TermDetail> call;     // of a thread that waits
  std::vector<TermDetail> place;    // of a batch that stands behind others
  std::vector<TermDetail> expiry;   // of one that has expired
  std::vector<TermDetail> request;  // of one that is not answered yet
  std::vector<Term> faults;         // each as if it had never struck; for such a request
  DrainedWhy drained;               // of one that was sent
  friend bool operator==(const WhyDetails&, const WhyDetails&) = default;
};

WhyDetails why_details(const Scene& scene, std::size_t branch, LaneRef lane);
// The partition whose details are kept: the one in focus, or one of the producer whose thread,
// sender or request is selected.
std::optional<LaneRef> lane_to_explain(const Scene& scene);

TermDetail detail_of(const sim::TermFlip& flip);
// What would become of the request that is selected: that is seen by running copies of the world
// on, so that nobody is to ask who has yet to say what comes.
void add_request_details(const Scene& scene, WhyDetails& details);
// Of the parts that have a file of their own.
std::vector<TermDetail> details_of_call(const Scene& scene, core::ThreadId thread);
std::vector<TermDetail> details_of_place(const Scene& scene, BatchRef batch);
std::vector<TermDetail> details_of_expiry(const Scene& scene, BatchRef batch);

// Puts them beside the terms they belong to.
void add_details(const std::vector<TermDetail>& details, std::vector<Term>& terms);
void add_details(const WhyDetails& details, ReadinessView& view);
// Requires: it is the lane's.
void add_details(const WhyDetails& details, DrainView& view);
// If it is the lane's producer.
void add_details(const WhyDetails& details, core::ProducerIndex producer, SleepView& view);
void add_details(const WhyDetails& details, core::ProducerIndex producer, NodeView& view);

}  // namespace linger::viz
