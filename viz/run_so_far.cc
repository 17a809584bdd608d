#include "viz/run_so_far.h"

#include "viz/ledger_view.h"

namespace linger::viz {

void RunSoFar::follow(const Scene& scene) {
  const auto past = scene.timeline.past();
  if (summary_ && cursor_ == scene.timeline.cursor() && position_ == past.size()) return;
  if (!builder_ || position_ > past.size()) {
    builder_.emplace(scene.timeline.scenario());
    position_ = 0;
  }
  for (; position_ < past.size(); ++position_) builder_->add(past[position_]);
  cursor_ = scene.timeline.cursor();
  summary_ = builder_->finish(scene.world());
  lost_ = 0;
  for (const core::TopicPartition partition : partitions(scene.world())) {
    lost_ += consumer_log_view(scene, partition, {.first = 0, .count = 0}).missing;
  }
}

}  // namespace linger::viz
