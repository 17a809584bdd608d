// The notes of a partition's log, as it is in the world that is shown.
#pragma once

#include "viz/log_notes.h"
#include "viz/scene.h"

namespace linger::viz {

// Those of the index, if they are of this log: it has those of the last one that was looked at.
class ShownLog {
 public:
  // Requires: the partition is there.
  ShownLog(const Scene& scene, core::TopicPartition partition)
      : known_{scene.index.log(partition)} {
    const sim::Cluster& cluster = scene.world().servers.cluster();
    if (known_ != nullptr && known_->are_of(cluster, partition)) return;
    known_ = nullptr;
    own_.follow(cluster, partition, scene.index.ranks());
  }

  const LogNotes& notes() const { return known_ != nullptr ? *known_ : own_; }
  const LogNote& at(std::int64_t offset) const {
    return notes().all()[static_cast<std::size_t>(offset)];
  }

 private:
  const LogNotes* known_;  // of the index
  LogNotes own_;
};

}  // namespace linger::viz
