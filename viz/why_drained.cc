#include "viz/why_drained.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "sim/term_flip.h"
#include "viz/language.h"
#include "viz/text.h"
#include "viz/why_changes.h"
#include "viz/why_details.h"
#include "viz/why_drain.h"
#include "viz/why_link.h"

namespace linger::viz {
namespace {

std::optional<std::size_t> last_drained(const Scene& scene, BatchRef ref) {
  const auto events = scene.index.events_of(ref);
  auto event = std::lower_bound(events.begin(), events.end(), scene.position());
  while (event != events.begin()) {
    if (scene.timeline.trace()[*--event].as<core::BatchDrained>() != nullptr) return *event;
  }
  return std::nullopt;
}

// The world when the pass began; the sender took the clock then.
sim::World world_before(const Scene& scene, const sim::TraceEvent& drained) {
  sim::World world = scene.timeline.world_at(drained.step);
  world.now = drained.at;
  return world;
}

// The look that was acted on, as the trace has it: there it stands once as long as it stays so.
bool is_the_look_of_then(const Scene& scene, LaneRef lane, std::size_t position,
                         core::ReadinessDecision found) {
  const auto looks = scene.index.kinds().of<core::ReadinessDecision>(lane.producer, lane.partition);
  const auto last = EventPositions::last_before(looks, position);
  if (!last) return false;
  core::ReadinessDecision then = *scene.timeline.trace()[*last].as<core::ReadinessDecision>();
  for (core::ReadinessDecision* look : {&then, &found}) {
    look->waited = look->time_to_wait = look->next_check = core::Milliseconds{0};
  }
  return then == found;
}

void add_flips(const sim::FlippedTerms& flipped, const LastChange& change, LaneRef lane,
               const Scene& scene, DrainedWhy& why) {
  std::vector<TermDetail> details;
  for (const sim::TermFlip& flip : flipped.flips) {
    TermDetail detail = detail_of(flip);
    link(scene, change.of(flip.term, lane, flipped.now), detail);
    details.push_back(std::move(detail));
  }
  add_details(details, why.guards);
  add_details(details, why.terms);
}

}  // namespace

DrainedWhy why_drained(const Scene& scene, BatchRef ref) {
  DrainedWhy why;
  const auto position = last_drained(scene, ref);
  if (!position) return why;
  const sim::TraceEvent& drained = scene.timeline.trace()[*position];
  const LaneRef lane{ref.producer, drained.as<core::BatchDrained>()->partition};
  const sim::World world = world_before(scene, drained);
  const core::KafkaProducer& producer =
      world.processes[static_cast<std::size_t>(ref.producer.value())].producer;
  const sim::FlippedTerms flipped = sim::flip_terms(world, lane.producer, lane.partition);
  ExplainedDrain drain = explained_drain(world, lane);
  // Where a pass did something else first, what it saw then is not known any more.
  const bool is_known = drain.is_taken && flipped.now.batch == ref.batch &&
                        is_the_look_of_then(scene, lane, *position, flipped.now);
  if (!is_known) return why;
  why.step = drained.step;
  why.partition = scene.names.topics.text(lane.partition);
  const LastChange change{scene.timeline.trace(), scene.index, *position};
  ReadinessTerms terms = readiness_terms(producer, flipped.now);
  why.ready = std::move(terms.headline);
  why.guards = std::move(terms.guards);
  why.terms = std::move(terms.terms);
  add_flips(flipped, change, lane, scene, why);
  why.drain = std::move(drain.terms);
  for (std::size_t i = 0; i < why.drain.size(); ++i) {
    link(scene, change.of(drain.which[i], lane, drain.node, drain.batch), why.drain[i]);
  }
  return why;
}

}  // namespace linger::viz
