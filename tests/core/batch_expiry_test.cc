#include "core/batch_expiry.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "support/accumulator_bench.h"

namespace linger::core::batch_expiry_test {
namespace {

using namespace std::chrono_literals;

constexpr ExpirySettings kThreeClocks{.clock = ExpiryClock::Three,
                                      .delivery_timeout = kForever,
                                      .request_timeout = Milliseconds{60},
                                      .linger = Milliseconds{3'000},
                                      .retry_backoff = Milliseconds{100}};

// A batch created, and last appended to, at 0.
class BatchExpiryTest : public ::testing::Test {
 protected:
  ProducerBatch first_batch() {
    bench_.append(0);
    return bench_.batch(bench_.deque(0).at(0));
  }
  std::optional<BatchExpiry> at(Milliseconds time, const ExpirySettings& settings = kThreeClocks,
                                PlaceInDeque place = PlaceInDeque::Last) const {
    return expiry_of(batch_, place, settings, start_ + time);
  }

  AccumulatorBench bench_{{}};
  ProducerBatch batch_ = first_batch();
  Millis start_ = batch_.created;
};

TEST_F(BatchExpiryTest, ABatchWithOthersBehindItExpiresByItsLastAppend) {
  EXPECT_FALSE(at(60ms, kThreeClocks, PlaceInDeque::BeforeOthers));
  const auto expiry = at(61ms, kThreeClocks, PlaceInDeque::BeforeOthers);
  ASSERT_TRUE(expiry);
  EXPECT_EQ(error_of(*expiry, 3, "t-0").message,
            "Expiring 3 record(s) for t-0: 61 ms has passed since last append");
}

TEST_F(BatchExpiryTest, ALateAppendMakesAFullBatchYoungAgain) {
  batch_.last_append = start_ + 50ms;
  EXPECT_FALSE(at(110ms, kThreeClocks, PlaceInDeque::BeforeOthers));
  EXPECT_TRUE(at(111ms, kThreeClocks, PlaceInDeque::BeforeOthers));
}

TEST_F(BatchExpiryTest, ALingeringBatchExpiresByItsCreationPlusLinger) {
  EXPECT_FALSE(at(3'060ms));
  const auto expiry = at(3'061ms);
  ASSERT_TRUE(expiry);
  EXPECT_EQ(error_of(*expiry, 1, "t-0").message,
            "Expiring 1 record(s) for t-0: 61 ms has passed since batch creation plus linger time");
}

TEST_F(BatchExpiryTest, ARetriedBatchExpiresByItsLastAttemptPlusBackoff) {
  batch_.is_retried = true;
  batch_.last_attempt = start_ + 500ms;
  EXPECT_FALSE(at(660ms, kThreeClocks, PlaceInDeque::BeforeOthers));
  const auto expiry = at(661ms);
  ASSERT_TRUE(expiry);
  EXPECT_EQ(error_of(*expiry, 1, "t-0").message,
            "Expiring 1 record(s) for t-0: 61 ms has passed since last attempt plus backoff time");
}

TEST_F(BatchExpiryTest, TheFirstClockCountsFromTheLastAttemptAndGivesNoReason) {
  ExpirySettings settings = kThreeClocks;
  settings.clock = ExpiryClock::LastAttempt;
  batch_.is_retried = true;
  batch_.last_attempt = start_ + 500ms;
  EXPECT_FALSE(at(3'560ms, settings));
  const auto expiry = at(3'561ms, settings);
  ASSERT_TRUE(expiry);
  EXPECT_EQ(text(error_of(*expiry, 1, "t-0")), "TimeoutException: Batch Expired");
}

TEST_F(BatchExpiryTest, ADeliveryTimeoutOnlyHasToBeReached) {
  ExpirySettings settings = kThreeClocks;
  settings.clock = ExpiryClock::FromCreation;
  settings.delivery_timeout = 1'500ms;
  EXPECT_FALSE(at(1'499ms, settings));
  const auto expiry = at(1'500ms, settings);
  ASSERT_TRUE(expiry);
  EXPECT_EQ(error_of(*expiry, 2, "t-0").message,
            "Expiring 2 record(s) for t-0:1500 ms has passed since batch creation");
}

TEST_F(BatchExpiryTest, BeforeKip19ABatchWaitsForEver) {
  ExpirySettings settings = kThreeClocks;
  settings.clock = ExpiryClock::None;
  EXPECT_FALSE(at(std::chrono::hours{100'000}, settings));
}

// --- In the deque ---

TEST(RecordAccumulatorExpiry, BeforeKip91AMutedPartitionIsSpared) {
  AccumulatorBench bench{{.expiry = ExpiryClock::Three, .request_timeout = 60ms}};
  bench.append(0);
  bench.accumulator.mute(bench.tp(0), bench.journal);
  bench.now += 61ms;
  EXPECT_TRUE(bench.accumulator.take_expired(bench.now).empty());
  bench.accumulator.unmute(bench.tp(0), bench.journal);
  EXPECT_EQ(bench.accumulator.take_expired(bench.now).size(), 1u);
  EXPECT_EQ(bench.accumulator.next_expiry(), kNever) << "the sender does not wake up for it";
}

TEST(RecordAccumulatorExpiry, LooksNoFurtherThanTheFirstThatHasNotExpired) {
  AccumulatorBench bench{{.linger = 500ms, .expiry = ExpiryClock::Three, .request_timeout = 60ms}};
  for (int i = 0; i < 3; ++i) bench.append(0, 900);
  bench.now += 61ms;
  EXPECT_EQ(bench.accumulator.take_expired(bench.now).size(), 2u) << "the last one still lingers";
  EXPECT_EQ(bench.deque(0).size(), 1u);
}

}  // namespace
}  // namespace linger::core::batch_expiry_test
