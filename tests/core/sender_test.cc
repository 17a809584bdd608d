#include "core/sender.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/producer_bench.h"

namespace linger::core {
namespace {

const GivenSettings kQuick{{"linger.ms", "0"}, {"request.timeout.ms", "1000"},
                           {"delivery.timeout.ms", "1500"}, {"acks", "all"}};


// --- Plain sending -------------------------------------------------------------------------------------

TEST(Sender, ARecordLeavesIsAcknowledgedAndItsMemoryIsFree) {
  ProducerBench bench{{.settings = kQuick}};
  const RecordId record = bench.send({});

  bench.step();
  ASSERT_EQ(bench.requests().size(), 1u);
  EXPECT_TRUE(bench.requests()[0].batches.at(0).is_sound);
  EXPECT_EQ(bench.in_flight_batches(), 1u);
  EXPECT_FALSE(bench.is_done(record));

  bench.acknowledge(0);
  bench.step();
  EXPECT_EQ(bench.in_flight_batches(), 0u);
  EXPECT_TRUE(bench.is_done(record));
  EXPECT_EQ(bench.outcome(record).offset, 0);
  EXPECT_TRUE(bench.all_memory_is_free());
}

TEST(Sender, ABatchThatIsOverdueWhenItIsFirstDrainedFailsAndIsSentAllTheSame) {
  ProducerBench bench{{.settings = kQuick}};
  const RecordId record = bench.send({});
  bench.at(1'500ms);

  bench.step();

  EXPECT_TRUE(bench.is_done(record));
  EXPECT_EQ(bench.error(record), Exception::TimeoutException);
  EXPECT_TRUE(bench.all_memory_is_free());
  EXPECT_EQ(bench.requests().size(), 1u);
  bench.acknowledge(7);
  bench.step();
  EXPECT_EQ(bench.error(record), Exception::TimeoutException) << "the late answer changes nothing";
}

}  // namespace
}  // namespace linger::core
