#include "core/compression_ratio_estimator.h"

#include <gtest/gtest.h>

namespace linger::core::compression_ratio_estimator_test {
namespace {

constexpr TopicId kOrders{0};
constexpr TopicId kAudit{1};

CompressionRatioEstimator since_011(float first = 1.0F) {
  return CompressionRatioEstimator{{.for_each_topic = true, .first = first}};
}
CompressionRatioEstimator before_011() {
  return CompressionRatioEstimator{{.for_each_topic = false, .first = 0.5F}};
}

TEST(EstimatedCompressedSize, IsFivePercentMoreAndTruncated) {
  EXPECT_EQ(estimated_compressed_size(Bytes{8'207}, 0.2F), Bytes{1'723});
  EXPECT_EQ(estimated_compressed_size(Bytes{8'207}, 1.0F), Bytes{8'617});
  EXPECT_EQ(estimated_compressed_size(Bytes{56}, 0.5F), Bytes{29});
  EXPECT_EQ(estimated_compressed_size(Bytes{0}, 1.0F), Bytes{0});
}

TEST(CompressionRatioEstimator, TakesABatch161TimesToLearn02) {
  auto estimator = since_011();
  int batches = 0;
  for (; estimator.estimate(kOrders) > 0.2F; ++batches) estimator.observe(kOrders, 0.2F);
  EXPECT_EQ(batches, 161);
  EXPECT_EQ(estimator.estimate(kOrders), 0.2F);
}

TEST(CompressionRatioEstimator, ImprovesBySmallStepsAndNotBeyondWhatItSaw) {
  auto estimator = since_011();
  estimator.observe(kOrders, 0.2F);
  EXPECT_FLOAT_EQ(estimator.estimate(kOrders), 0.995F);
  estimator.observe(kOrders, 0.993F);
  EXPECT_EQ(estimator.estimate(kOrders), 0.993F);
}

TEST(CompressionRatioEstimator, GetsWorseAtOnce) {
  auto estimator = since_011(0.2F);
  estimator.observe(kOrders, 0.7F);
  EXPECT_EQ(estimator.estimate(kOrders), 0.7F);
  estimator.observe(kOrders, 0.701F);
  EXPECT_FLOAT_EQ(estimator.estimate(kOrders), 0.75F) << "by at least 0.05";
}

TEST(CompressionRatioEstimator, LearnsForEachTopicByItself) {
  auto estimator = since_011();
  estimator.observe(kOrders, 0.2F);
  EXPECT_EQ(estimator.estimate(kAudit), 1.0F);
}

TEST(CompressionRatioEstimator, StartsAgainAfterASplitAtOneOrWorse) {
  auto estimator = since_011(0.2F);
  estimator.start_again(kOrders, 0.3F);
  EXPECT_EQ(estimator.estimate(kOrders), 1.0F);
  estimator.start_again(kOrders, 1.1F);
  EXPECT_EQ(estimator.estimate(kOrders), 1.1F);
}

TEST(CompressionRatioEstimator, Before011AveragesOverAllTopics) {
  auto estimator = before_011();
  EXPECT_EQ(estimator.estimate(kOrders), 0.5F);
  estimator.observe(kOrders, 0.1F);
  EXPECT_FLOAT_EQ(estimator.estimate(kAudit), 0.46F);
  estimator.observe(kAudit, 0.1F);
  EXPECT_FLOAT_EQ(estimator.estimate(kOrders), 0.424F);
}

}  // namespace
}  // namespace linger::core::compression_ratio_estimator_test
