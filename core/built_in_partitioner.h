// The choice of a partition where the record leaves it open (KIP-794).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/draws.h"
#include "core/id.h"

namespace linger::core {

// Sticks to one partition until batch.size bytes went there, so that batches fill; then chooses
// the next at random, in proportion to how short the partitions' queues are.
// In Kafka: BuiltInPartitioner, one for each topic.
class BuiltInPartitioner {
 public:
  // The current choice. `generation` tells one choice from the next of the same partition.
  struct Sticky {
    std::int32_t partition = 0;
    std::int64_t generation = 0;
    Bytes produced;
    friend bool operator==(const Sticky&, const Sticky&) = default;
  };

  // How many batches wait for each partition, for those that take part in the choice.
  struct QueueSizes {
    std::vector<std::int32_t> partitions;
    std::vector<std::int32_t> sizes;
    std::size_t total_queues = 0;  // with those left out
  };

  explicit BuiltInPartitioner(Bytes sticky_batch_size) : sticky_batch_size_{sticky_batch_size} {}

  // The current choice, made now if there is none.
  // `available`: partitions with a leader; `partition_count`: all of them.
  Sticky current(const std::vector<std::int32_t>& available, std::int32_t partition_count,
                 Draws& draws);
  bool is_current(const Sticky& seen) const;

  // Accounts `appended` bytes to the choice, and makes the next one when it has had enough:
  // batch.size bytes if `may_switch` (the partition's batches are all full), else twice that.
  void update(const Sticky& seen, Bytes appended, bool may_switch,
              const std::vector<std::int32_t>& available, std::int32_t partition_count,
              Draws& draws);

  // Rebuilds the table the next choice is drawn from. None: uniform.
  void update_load(const std::optional<QueueSizes>& queues);
  // The same where all partitions from 0 on take part: so far batches wait for none of them. The
  // table is made when it is drawn from: most are not.
  void begin_load(std::int32_t partition_count);
  // So many batches wait for this one, if a load was begun.
  void add_load(std::int32_t partition, std::int32_t batches) {
    if (partition_count_ > 0) waiting_.push_back({partition, batches});
  }

  const std::optional<Sticky>& sticky() const { return sticky_; }
  // partition → running sum of weights; empty means uniform.
  std::vector<std::int32_t> cumulative_weights() const { return table().cumulative; }
  std::vector<std::int32_t> weighted_partitions() const { return table().partitions; }

 private:
  friend class StateWalk;

  struct Table {
    std::vector<std::int32_t> partitions;
    std::vector<std::int32_t> cumulative;
  };
  struct Waiting {
    std::int32_t partition = 0;
    std::int32_t batches = 0;
  };
  static Table table_of(const QueueSizes& queues);
  Table table() const;
  std::int32_t next(const std::vector<std::int32_t>& available, std::int32_t partition_count,
                    Draws& draws);

  Bytes sticky_batch_size_;
  std::optional<Sticky> sticky_;
  std::int64_t generations_ = 0;
  Table table_;
  std::int32_t partition_count_ = 0;  // the load that the table is to be made from, if any waits
  std::vector<Waiting> waiting_;
};

}  // namespace linger::core
