// The life of each batch, as the trace tells it.
#pragma once

#include <cstddef>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "core/event.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/trace.h"

namespace linger::sim {

// Where a batch is. Once it takes no more records it waits, until it is drained.
enum class BatchPhase { Filling, Waiting, InFlight, BackingOff, Done };
std::string_view word(BatchPhase phase);

// How a life ended. A batch that was split lives on in its parts.
enum class BatchFate { Acknowledged, Failed, Expired, Aborted, Split };
std::string_view word(BatchFate fate);

struct BatchLife {
  struct Stage {
    BatchPhase phase = BatchPhase::Filling;
    Instant from{};
    std::size_t position = 0;  // in the trace
    friend bool operator==(const Stage&, const Stage&) = default;
  };
  ProducerIndex producer;
  core::BatchId batch;
  TopicPartition partition;
  std::vector<Stage> stages;  // never empty; each lasts until the next; Done has none behind it
  BatchFate fate = BatchFate::Acknowledged;  // if it is done

  bool is_done() const { return stages.back().phase == BatchPhase::Done; }
  Instant began() const { return stages.front().from; }
};

// Follows a trace, event by event.
class BatchLives {
 public:
  void add(const TraceEvent& event, std::size_t position);

  // In the order in which they began.
  const std::vector<BatchLife>& all() const { return lives_; }
  // Null if it has not begun.
  const BatchLife* find(ProducerIndex producer, core::BatchId batch) const;

 private:
  struct Reader;
  std::vector<BatchLife> lives_;
  std::map<std::pair<ProducerIndex, core::BatchId>, std::size_t> place_of_;
};

}  // namespace linger::sim
