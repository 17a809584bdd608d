#include "core/error_code.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include "core/check.h"

namespace linger::core::error_code_test {
namespace {

std::set<int> numbers_of(Era era, bool (*is_so)(ErrorCode, Era)) {
  std::set<int> numbers;
  for (const ErrorCodeInfo& row : error_codes()) {
    if (is_so(row.code, era)) numbers.insert(wire_number(row.code));
  }
  return numbers;
}

TEST(ErrorCode, IsNamedAsTheProtocolNamesIt) {
  EXPECT_EQ(name(ErrorCode::NotLeaderOrFollower), "NOT_LEADER_OR_FOLLOWER");
  EXPECT_EQ(name(ErrorCode::UnknownServerError), "UNKNOWN_SERVER_ERROR");
  EXPECT_EQ(name(ErrorCode::InvalidTopicException), "INVALID_TOPIC_EXCEPTION");
  EXPECT_EQ(name(ErrorCode::None), "NONE");
}

TEST(ErrorCode, IsFoundByEveryNameAndNumberOfItsOwn) {
  for (const ErrorCodeInfo& row : error_codes()) {
    EXPECT_EQ(find_error_code(row.name), row.code) << row.name;
    EXPECT_EQ(error_code_from_wire(wire_number(row.code)), row.code) << row.name;
    if (row.old_name.empty()) continue;
    EXPECT_EQ(find_error_code(row.old_name), row.code);
  }
}

TEST(ErrorCode, IsFoundByAnOldOrAShortNameInAnyCase) {
  EXPECT_EQ(find_error_code("NOT_LEADER_FOR_PARTITION"), ErrorCode::NotLeaderOrFollower);
  EXPECT_EQ(find_error_code("NOT_LEADER"), ErrorCode::NotLeaderOrFollower);
  EXPECT_EQ(find_error_code("not_leader"), ErrorCode::NotLeaderOrFollower);
  EXPECT_EQ(find_error_code("GROUP_COORDINATOR_NOT_AVAILABLE"), ErrorCode::CoordinatorNotAvailable);
  EXPECT_EQ(find_error_code("NETWORK"), ErrorCode::NetworkException);
  EXPECT_EQ(find_error_code("UNKNOWN"), ErrorCode::UnknownServerError);
}

TEST(ErrorCode, AShortNameMustMeanOneCodeAndEndAtAnUnderscore) {
  EXPECT_EQ(find_error_code("NOT"), std::nullopt);
  EXPECT_EQ(find_error_code("NOT_LEAD"), std::nullopt);
  EXPECT_EQ(find_error_code("INVALID"), std::nullopt);
  EXPECT_EQ(find_error_code(""), std::nullopt);
  EXPECT_EQ(find_error_code("NO_SUCH_ERROR"), std::nullopt);
}

TEST(ErrorCode, ANameThatBeginsAnotherMeansItself) {
  EXPECT_EQ(find_error_code("NOT_ENOUGH_REPLICAS"), ErrorCode::NotEnoughReplicas);
}

TEST(ErrorCode, ANumberAClientDoesNotKnowIsAnUnknownServerError) {
  EXPECT_EQ(error_code_from_wire(9999), ErrorCode::UnknownServerError);
  EXPECT_EQ(error_code_from_wire(-2), ErrorCode::UnknownServerError);
  EXPECT_EQ(error_code_from_wire(-1), ErrorCode::UnknownServerError);
  EXPECT_EQ(error_code_from_wire(0), ErrorCode::None);
}

TEST(ErrorCode, AnOldClientKnowsTheCodesOfItsTime) {
  EXPECT_EQ(error_code_from_wire(44, Era::V0_10_2), ErrorCode::PolicyViolation);
  EXPECT_EQ(error_code_from_wire(45, Era::V0_10_2), ErrorCode::UnknownServerError);
  EXPECT_EQ(error_code_from_wire(103, Era::V2_8), ErrorCode::InconsistentTopicId);
  EXPECT_EQ(error_code_from_wire(120, Era::V2_8), ErrorCode::UnknownServerError);
  EXPECT_EQ(error_code_from_wire(120, Era::V3_9), ErrorCode::TransactionAbortable);
}

TEST(ErrorCode, TheseAreRetriableIn39) {
  EXPECT_EQ(numbers_of(Era::V3_9, is_retriable),
            (std::set<int>{2,  3,  5,  6,  7,  9,  13, 14, 15, 16, 19,  20, 41,
                           51, 56, 72, 74, 75, 80, 83, 84, 88, 89, 100, 103}));
}

TEST(ErrorCode, TheseAskForFreshMetadataIn39) {
  EXPECT_EQ(numbers_of(Era::V3_9, is_invalid_metadata),
            (std::set<int>{3, 5, 6, 9, 13, 56, 72, 74, 80, 83, 84, 100, 103}));
}

TEST(ErrorCode, EveryErrorThatAsksForMetadataIsRetriable) {
  for (const Era era : kAllEras) {
    for (const ErrorCodeInfo& row : error_codes()) {
      EXPECT_TRUE(is_retriable(row.code, era) || !is_invalid_metadata(row.code, era)) << row.name;
    }
  }
}

TEST(ErrorCode, ReplicaNotAvailableIsFinalIn010) {
  EXPECT_FALSE(is_retriable(ErrorCode::ReplicaNotAvailable, Era::V0_10_2));
  EXPECT_TRUE(is_invalid_metadata(ErrorCode::ReplicaNotAvailable, Era::V2_8));
}

TEST(ErrorCode, ConcurrentTransactionsAreRetriableSince39) {
  EXPECT_FALSE(is_retriable(ErrorCode::ConcurrentTransactions, Era::V2_8));
  EXPECT_TRUE(is_retriable(ErrorCode::ConcurrentTransactions, Era::V3_9));
}

TEST(ErrorCode, SuccessIsNoErrorToRetryOrRaise) {
  EXPECT_FALSE(is_retriable(ErrorCode::None));
  EXPECT_FALSE(is_invalid_metadata(ErrorCode::None));
  EXPECT_THROW(exception_of(ErrorCode::None), CheckFailure);
}

TEST(ErrorCode, RaisesTheClassOfTheJavaClientWithItsDefaultText) {
  EXPECT_EQ(exception_of(ErrorCode::RequestTimedOut), Exception::TimeoutException);
  EXPECT_EQ(exception_of(ErrorCode::CorruptMessage), Exception::CorruptRecordException);
  EXPECT_EQ(exception_of(ErrorCode::MessageTooLarge), Exception::RecordTooLargeException);
  EXPECT_EQ(default_message(ErrorCode::NotEnoughReplicas),
            "Messages are rejected since there are fewer in-sync replicas than required.");
  EXPECT_EQ(default_message(ErrorCode::NotLeaderOrFollower, Era::V0_10_2),
            "This server is not the leader for that topic-partition.");
  EXPECT_EQ(name(Exception::NotLeaderOrFollowerException, Era::V0_10_2),
            "NotLeaderForPartitionException");
  EXPECT_EQ(default_message(ErrorCode::NetworkException),
            "The server disconnected before a response was received.");
}

TEST(ErrorCode, EveryCodeButSuccessHasAText) {
  for (const ErrorCodeInfo& row : error_codes()) {
    EXPECT_EQ(row.message.empty(), row.code == ErrorCode::None) << row.name;
    EXPECT_EQ(row.message.find("  "), std::string_view::npos) << row.name;
  }
}

}  // namespace
}  // namespace linger::core::error_code_test
