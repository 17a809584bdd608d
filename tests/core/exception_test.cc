#include "core/exception.h"

#include <gtest/gtest.h>

#include <optional>

namespace linger::core::exception_test {
namespace {

TEST(Exception, BearsTheNameOfTheJavaClass) {
  EXPECT_EQ(name(Exception::TimeoutException), "TimeoutException");
  EXPECT_EQ(name(Exception::OffsetMetadataTooLarge), "OffsetMetadataTooLarge");
  EXPECT_EQ(name(Exception::UnsupportedVersionException), "UnsupportedVersionException");
}

TEST(Exception, IsFoundByItsNameOrAnOldOne) {
  EXPECT_EQ(find_exception("TimeoutException"), Exception::TimeoutException);
  EXPECT_EQ(find_exception("NotLeaderForPartitionException"),
            Exception::NotLeaderOrFollowerException);
  EXPECT_EQ(find_exception("NoSuchException"), std::nullopt);
  EXPECT_EQ(find_exception(""), std::nullopt);
}

TEST(Exception, ApiExceptionsAreDeliveredAndAllOthersThrown) {
  EXPECT_TRUE(is_api_exception(Exception::TimeoutException));
  EXPECT_TRUE(is_api_exception(Exception::RecordTooLargeException));
  EXPECT_TRUE(is_api_exception(Exception::TopicAuthorizationException));
  EXPECT_FALSE(is_api_exception(Exception::KafkaException));
  EXPECT_FALSE(is_api_exception(Exception::SerializationException));
  EXPECT_FALSE(is_api_exception(Exception::InterruptException));
  EXPECT_FALSE(is_api_exception(Exception::IllegalStateException));
  EXPECT_FALSE(is_api_exception(Exception::ConfigException));
}

TEST(Exception, BufferExhaustionIsThrownIn010AndDeliveredSince) {
  EXPECT_FALSE(is_api_exception(Exception::BufferExhaustedException, Era::V0_10_2));
  EXPECT_TRUE(is_api_exception(Exception::BufferExhaustedException, Era::V2_8));
  EXPECT_TRUE(is_retriable(Exception::BufferExhaustedException, Era::V3_9));
}

TEST(Exception, RetriableOnesAreApiExceptions) {
  EXPECT_TRUE(is_retriable(Exception::DisconnectException));
  EXPECT_TRUE(is_retriable(Exception::NotEnoughReplicasException));
  EXPECT_FALSE(is_invalid_metadata(Exception::NotEnoughReplicasException));
  EXPECT_TRUE(is_invalid_metadata(Exception::NetworkException));
  EXPECT_FALSE(is_retriable(Exception::OutOfOrderSequenceException));
  EXPECT_FALSE(is_retriable(Exception::IllegalStateException));
}

}  // namespace
}  // namespace linger::core::exception_test
