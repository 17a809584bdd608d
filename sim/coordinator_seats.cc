#include "sim/coordinator_seats.h"

#include <cstdlib>
#include <limits>

#include "core/check.h"
#include "core/java_hash.h"
#include "core/protocol_messages.h"

namespace linger::sim {

CoordinatorSeats::CoordinatorSeats(const Layout& layout) {
  CHECK(layout.brokers > 0 && layout.partitions > 0);
  std::vector<CoordinatorSeat>& seats = seats_.write();
  for (std::int32_t partition = 0; partition < layout.partitions; ++partition) {
    CoordinatorSeat seat{layout.pinned.value_or(core::NodeId{partition % layout.brokers}), {}, 0};
    if (seat.broker == core::kNoLeader) seat.broker.reset();
    for (std::int32_t i = 0; i < std::min(layout.replicas, layout.brokers); ++i) {
      seat.replicas.emplace_back((partition + i) % layout.brokers);
    }
    seat.in_sync = seat.replicas;
    seats.push_back(seat);
  }
}

std::int32_t CoordinatorSeats::partition_of(std::string_view name) const {
  const std::int32_t hash = core::java_hash(name);
  const bool has_no_positive = hash == std::numeric_limits<std::int32_t>::min();
  return (has_no_positive ? 0 : std::abs(hash)) % static_cast<std::int32_t>(seats_->size());
}

const CoordinatorSeat& CoordinatorSeats::of(std::string_view name) const {
  return (*seats_)[static_cast<std::size_t>(partition_of(name))];
}

void CoordinatorSeats::move(std::optional<std::string_view> name, std::optional<core::NodeId> to,
                            core::Instant loaded) {
  const std::int32_t chosen = name ? partition_of(*name) : -1;
  std::vector<CoordinatorSeat>& seats = seats_.write();
  for (std::size_t partition = 0; partition < seats.size(); ++partition) {
    if (name && static_cast<std::int32_t>(partition) != chosen) continue;
    seats[partition].broker = to;
    seats[partition].loaded = loaded;
    ++seats[partition].epoch;
  }
}

}  // namespace linger::sim
