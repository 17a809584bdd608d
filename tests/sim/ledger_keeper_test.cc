#include "sim/ledger_keeper.h"

#include <gtest/gtest.h>

#include "sim/log_reading.h"
#include "support/small_world.h"

namespace linger::sim {
namespace {

// The first request waits at its broker while the other broker answers three hundred.
TEST(LedgerKeeper, KnowsWhoseRecordsABatchHoldsThatWasOvertakenByHundreds) {
  SmallScenario small;
  small.settings = {{"acks", "1"}, {"batch.size", "1"}};
  small.brokers = 2;
  small.leaders = {0, 1};
  small.faults = {{0ms, SlowBroker{NodeId{0}, 2s}}};
  small.programs = {{send(), send({.partition = 1, .count = 300, .every = 1ms})}};
  SmallRun run{small};
  run.run();
  EXPECT_EQ(run.world().counts.acknowledged, 301);
  EXPECT_EQ(lost_records(run.world(), {}), 0);
  const PartitionLog& log = run.world().servers.cluster().find(tp(0))->log;
  ASSERT_EQ(log.batch_count(), 1u);
  EXPECT_EQ(log.batch(0).records, std::vector{core::RecordId{0}});
}

}  // namespace
}  // namespace linger::sim
