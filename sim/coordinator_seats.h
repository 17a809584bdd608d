// Which broker coordinates which transactional id, or group.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/cow.h"
#include "core/id.h"
#include "core/time.h"

namespace linger::sim {

// Whoever leads a partition of the internal topic.
struct CoordinatorSeat {
  std::optional<core::NodeId> broker;
  core::Instant loaded{};  // from then on it knows what the log says
  std::int32_t epoch = 0;
  std::vector<core::NodeId> replicas{};  // who has the log; empty: all brokers, always
  std::vector<core::NodeId> in_sync{};   // and has all of it

  bool has_in_sync(core::NodeId replica) const {
    return std::find(in_sync.begin(), in_sync.end(), replica) != in_sync.end();
  }
  friend bool operator==(const CoordinatorSeat&, const CoordinatorSeat&) = default;
};

// A name belongs to the partition that its hash tells; partition p is led by broker p modulo their
// number at first, or all of them by the broker that is pinned.
// In Kafka: __transaction_state and __consumer_offsets; Utils.abs, which is not the toPositive of
// partitioners: a hash of -1 is 1 here. Differs: the topics exist from the beginning.
class CoordinatorSeats {
 public:
  struct Layout {
    std::int32_t brokers = 1;
    std::int32_t partitions = 50;
    std::optional<core::NodeId> pinned;  // kNoLeader: nobody
    std::int32_t replicas = 0;           // of each partition, on as many brokers from its first on
  };
  explicit CoordinatorSeats(const Layout& layout);

  std::int32_t count() const { return static_cast<std::int32_t>(seats_->size()); }
  std::int32_t partition_of(std::string_view name) const;
  // Requires: 0 <= partition < count().
  const CoordinatorSeat& at(std::int32_t partition) const {
    return (*seats_)[static_cast<std::size_t>(partition)];
  }
  CoordinatorSeat& write(std::int32_t partition) {
    return seats_.write()[static_cast<std::size_t>(partition)];
  }
  const CoordinatorSeat& of(std::string_view name) const;
  // Without a name: all of them.
  void move(std::optional<std::string_view> name, std::optional<core::NodeId> to,
            core::Instant loaded);

 private:
  core::Cow<std::vector<CoordinatorSeat>> seats_;  // by partition
};

}  // namespace linger::sim
