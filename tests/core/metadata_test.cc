#include "core/metadata.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/check.h"
#include "metadata_fixture.h"

namespace linger::core::metadata_test {
namespace {

constexpr Milliseconds kMaxAge{300'000};

class MetadataTest : public MetadataFixture {};

// --- When to ask ---

TEST_F(MetadataTest, AfterTheBootstrapAnUpdateIsDueAtOnce) {
  metadata_.bootstrap({{NodeId{-1}, "first", 9092}});
  EXPECT_TRUE(metadata_.update_requested());
  EXPECT_EQ(metadata_.time_to_allow_update(kStart), 0ms);
  EXPECT_EQ(metadata_.time_to_next_update(kStart), 0ms);
  EXPECT_TRUE(metadata_.snapshot().is_bootstrap());
}

TEST_F(MetadataTest, FreshMetadataIsGoodUntilItsMaximalAge) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({topic("t", {{}})}));
  EXPECT_FALSE(metadata_.update_requested());
  EXPECT_EQ(metadata_.time_to_next_update(kStart), kMaxAge);
  EXPECT_EQ(metadata_.time_to_next_update(kStart + kMaxAge - 1ms), 1ms);
  EXPECT_EQ(metadata_.time_to_next_update(kStart + kMaxAge), 0ms);
}

TEST_F(MetadataTest, ARequestedUpdateWaitsForTheBackoffAlone) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({topic("t", {{}})}));
  request_update();
  EXPECT_EQ(metadata_.time_to_next_update(kStart), 100ms);
  EXPECT_EQ(metadata_.time_to_next_update(kStart + 99ms), 1ms);
  EXPECT_EQ(metadata_.time_to_next_update(kStart + 100ms), 0ms);
}

struct Times {
  Milliseconds backoff;
  Milliseconds max_age;
};
class MetadataTimes : public ::testing::TestWithParam<Times> {};

TEST_P(MetadataTimes, TheLargerHoldsAfterAnUpdateTheBackoffAloneOnceOneIsAskedFor) {
  const auto [backoff, max_age] = GetParam();
  const Milliseconds larger = std::max(backoff, max_age);
  Metadata::Settings settings;
  settings.refresh_backoff = ExponentialBackoff::constant(backoff);
  settings.max_age = max_age;
  Metadata metadata{settings, TopicNames{{"t"}}};
  Journal journal;
  const auto refresh = [&] {
    metadata.update(metadata.new_request(kStart), answer({}), kNewest, kStart, journal);
  };
  refresh();
  EXPECT_EQ(metadata.time_to_next_update(kStart), larger);
  metadata.request_update("test", journal, Metadata::EquivalentResponseBackoff::Reset);
  EXPECT_EQ(metadata.time_to_next_update(kStart), backoff);
  refresh();
  EXPECT_EQ(metadata.time_to_next_update(kStart), larger);
  EXPECT_EQ(metadata.time_to_next_update(kStart + larger), 0ms);
  EXPECT_EQ(metadata.time_to_next_update(kStart + larger + 1ms), 0ms);
}
INSTANTIATE_TEST_SUITE_P(BackoffAndAge, MetadataTimes,
                         ::testing::Values(Times{100ms, 1s}, Times{1s, 100ms}, Times{0ms, 0ms},
                                           Times{0ms, 100ms}, Times{100ms, 0ms}));

TEST_F(MetadataTest, EachFailureInARowDoublesTheBackoff) {
  metadata_.bootstrap({{NodeId{-1}, "first", 9092}});
  for (const int expected : {100, 200, 400, 800, 1000, 1000}) {
    metadata_.failed_update(kStart, journal_);
    EXPECT_EQ(metadata_.time_to_next_update(kStart), Milliseconds{expected});
  }
  metadata_.add(kT, kStart, journal_);
  refresh(answer({topic("t", {{}})}));
  request_update();
  EXPECT_EQ(metadata_.time_to_next_update(kStart), 100ms);
}

TEST_F(MetadataTest, AFailureMovesTheLastRefreshAndNotTheLastSuccess) {
  refresh(answer({}));
  metadata_.failed_update(kStart + 1s, journal_);
  EXPECT_EQ(metadata_.last_refresh(), kStart + 1s);
  EXPECT_EQ(metadata_.last_successful_refresh(), kStart);
  request_update();
  refresh(answer({}), kStart + 2s);
  EXPECT_EQ(metadata_.last_successful_refresh(), kStart + 2s);
}

TEST_F(MetadataTest, EachAnswerThatBringsNothingNewDoublesTheBackoff) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({topic("t", {{}})}));  // new
  for (const int expected : {100, 200, 400, 800, 1000}) {
    request_update();
    refresh(answer({topic("t", {{}})}));
    EXPECT_EQ(metadata_.time_to_allow_update(kStart), Milliseconds{expected});
  }
  request_update();
  refresh(answer({topic("t", {{kOther, 1}})}));  // a newer epoch
  EXPECT_EQ(metadata_.time_to_allow_update(kStart), 100ms);
}

TEST_F(MetadataTest, MetadataTooOldIsNotHeldBackByEquivalentAnswers) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({topic("t", {{}})}));
  for (int i = 0; i < 5; ++i) {
    request_update();
    refresh(answer({topic("t", {{}})}));
  }
  EXPECT_EQ(metadata_.time_to_allow_update(kStart), 1s);
  metadata_.note_age(kStart + kMaxAge);
  request_update();
  refresh(answer({topic("t", {{}})}), kStart + kMaxAge);
  EXPECT_EQ(metadata_.time_to_allow_update(kStart + kMaxAge), 100ms);
}

TEST_F(MetadataTest, ARequestMayResetTheBackoffOfEquivalentAnswers) {
  metadata_.add(kT, kStart, journal_);
  for (int i = 0; i < 5; ++i) refresh(answer({topic("t", {{}})}));
  EXPECT_GT(metadata_.time_to_allow_update(kStart), 100ms);
  metadata_.request_update("test", journal_, Metadata::EquivalentResponseBackoff::Reset);
  EXPECT_EQ(metadata_.time_to_allow_update(kStart), 100ms);
}

TEST_F(MetadataTest, ARequestTellsTheVersionAnUpdateWillExceed) {
  const std::int32_t version = metadata_.request_update("test", journal_);
  EXPECT_EQ(version, metadata_.update_version());
  refresh(answer({}));
  EXPECT_GT(metadata_.update_version(), version);
}

TEST_F(MetadataTest, OnlyTheFirstRequestEntersTheTrace) {
  request_update();
  request_update();
  EXPECT_EQ(taken<MetadataUpdateRequested>().size(), 1u);
}

class MetadataWithJitterTest : public MetadataFixture {
 protected:
  MetadataWithJitterTest() : MetadataFixture{Ratio{1, 5}} {}
};

TEST_F(MetadataWithJitterTest, TheBackoffIsDrawnAnewInEachMillisecond) {
  refresh(answer({}));
  request_update();
  bool differs = false;
  for (int i = 0; i < 30; ++i) {
    const Millis now = kStart + Milliseconds{i};
    const Milliseconds backoff = metadata_.time_to_next_update(now) + Milliseconds{i};
    EXPECT_EQ(metadata_.time_to_next_update(now) + Milliseconds{i}, backoff);
    EXPECT_GE(backoff, 80ms);
    EXPECT_LE(backoff, 120ms);
    differs |= backoff != metadata_.time_to_next_update(kStart);
  }
  EXPECT_TRUE(differs);
}

// --- Topics of interest ---

TEST_F(MetadataTest, ANewTopicMakesAnUpdateDueAtOnce) {
  refresh(answer({}));
  metadata_.add(kT, kStart, journal_);
  EXPECT_EQ(metadata_.time_to_next_update(kStart), 0ms);
  refresh(answer({topic("t", {{}})}));
  metadata_.add(kT, kStart, journal_);  // known: nothing is due
  EXPECT_EQ(metadata_.time_to_next_update(kStart), kMaxAge);
}

TEST_F(MetadataTest, ATopicOfNoInterestIsSkipped) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({topic("t", {{}}), topic("u", {{}}), topic("nobody knows", {{}})}));
  EXPECT_EQ(metadata_.snapshot().partition_count(kT), 1);
  EXPECT_EQ(metadata_.snapshot().partition_count(kU), std::nullopt);
}

TEST_F(MetadataTest, AnUnusedTopicIsDroppedAtTheRefreshAfterItsIdleTime) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({topic("t", {{}})}));
  const Millis expiry = kStart + 300s;
  request_update();
  refresh(answer({topic("t", {{}})}), expiry - 1ms);
  EXPECT_TRUE(metadata_.contains_topic(kT));
  request_update();
  refresh(answer({topic("t", {{}})}), expiry);
  EXPECT_FALSE(metadata_.contains_topic(kT));
  EXPECT_EQ(metadata_.snapshot().partition_count(kT), std::nullopt);
  EXPECT_EQ(metadata_.last_seen_epoch({kT, 0}), std::nullopt);
}

TEST_F(MetadataTest, UsingATopicKeepsIt) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({topic("t", {{}})}));
  metadata_.add(kT, kStart + 1s, journal_);
  request_update();
  refresh(answer({topic("t", {{}})}), kStart + 300s);
  EXPECT_TRUE(metadata_.contains_topic(kT));
}

TEST_F(MetadataTest, ATopicNeverAnsweredYetIsKeptEvenWhenItIsOverdue) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({}), kStart + 400s);
  EXPECT_TRUE(metadata_.contains_topic(kT));
  EXPECT_TRUE(metadata_.new_topics().contains(kT));
}

TEST_F(MetadataTest, AnUpdateForANewTopicIsPartialAndImmediate) {
  refresh(answer({}));
  metadata_.add(kT, kStart, journal_);
  metadata_.failed_update(kStart, journal_);
  EXPECT_EQ(metadata_.time_to_next_update(kStart), 100ms);
  metadata_.request_update_for_topic(kT, journal_);
  EXPECT_EQ(metadata_.time_to_next_update(kStart), 0ms);
  EXPECT_TRUE(metadata_.new_request(kStart).partial);
}

TEST_F(MetadataTest, AnUpdateForAKnownTopicIsFull) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({topic("t", {{}})}));
  metadata_.request_update_for_topic(kT, journal_);
  EXPECT_FALSE(metadata_.new_request(kStart).partial);
  EXPECT_EQ(metadata_.time_to_next_update(kStart), 100ms);
}

// --- What is asked ---

TEST_F(MetadataTest, AFullRequestNamesAllTopicsAPartialOneTheNewOnes) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({topic("t", {{}})}));
  metadata_.add(kU, kStart, journal_);

  const Metadata::Request partial = metadata_.new_request(kStart);
  EXPECT_TRUE(partial.partial);
  EXPECT_EQ(partial.topics, (std::vector{kU}));

  request_update();
  const Metadata::Request full = metadata_.new_request(kStart);
  EXPECT_FALSE(full.partial);
  EXPECT_EQ(full.topics, (std::vector{kT, kU}));
}

TEST_F(MetadataTest, OldMetadataIsAskedForInFull) {
  refresh(answer({}));
  metadata_.add(kT, kStart, journal_);
  EXPECT_TRUE(metadata_.new_request(kStart + kMaxAge - 1ms).partial);
  EXPECT_FALSE(metadata_.new_request(kStart + kMaxAge).partial);
}

TEST_F(MetadataTest, ATopicAddedWhileARequestIsUnderWayIsStillAskedFor) {
  refresh(answer({}));
  metadata_.add(kT, kStart, journal_);
  const Metadata::Request under_way = metadata_.new_request(kStart);
  metadata_.add(kU, kStart, journal_);

  metadata_.update(under_way, answer({topic("t", {{}})}), kNewest, kStart, journal_);

  EXPECT_TRUE(metadata_.update_requested());
  refresh(answer({topic("u", {{}})}));
  EXPECT_FALSE(metadata_.update_requested());
}

TEST_F(MetadataTest, AFullUpdateAskedForMeanwhileIsNotSatisfiedByAPartialOne) {
  refresh(answer({}));
  metadata_.add(kT, kStart, journal_);
  const Metadata::Request partial = metadata_.new_request(kStart);
  request_update();
  metadata_.update(partial, answer({topic("t", {{}})}), kNewest, kStart + 1s, journal_);
  EXPECT_TRUE(metadata_.update_requested());
  EXPECT_EQ(metadata_.last_successful_refresh(), kStart);  // of a full update
}

// --- Errors ---

TEST_F(MetadataTest, AnErrorThatSaysMetadataIsStaleAsksForAnotherUpdate) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({failed_topic("t", ErrorCode::UnknownTopicOrPartition)}));
  EXPECT_TRUE(metadata_.update_requested());
  EXPECT_EQ(metadata_.last_error(kT), ErrorCode::UnknownTopicOrPartition);
  EXPECT_EQ(metadata_.snapshot().partition_count(kT), std::nullopt);

  refresh(answer({topic("t", {{}})}));
  EXPECT_FALSE(metadata_.update_requested());
  EXPECT_EQ(metadata_.last_error(kT), ErrorCode::None);
}

TEST_F(MetadataTest, APartitionWithoutLeaderIsKnownAndAsksForAnotherUpdate) {
  metadata_.add(kT, kStart, journal_);
  MetadataResponse response = answer({topic("t", {{kNoLeader, 4}, {}})});
  response.topics[0].partitions[0].error_code = wire_number(ErrorCode::LeaderNotAvailable);
  refresh(response);
  EXPECT_TRUE(metadata_.update_requested());
  EXPECT_EQ(metadata_.snapshot().partition_count(kT), 2);
  EXPECT_EQ(metadata_.snapshot().leader_for({kT, 0}), std::nullopt);
}

TEST_F(MetadataTest, AnErrorOfATopicIsToldOnce) {
  metadata_.add(kT, kStart, journal_);
  metadata_.add(kU, kStart, journal_);
  refresh(answer({failed_topic("t", ErrorCode::InvalidTopicException),
                  failed_topic("u", ErrorCode::TopicAuthorizationFailed)}));
  EXPECT_EQ(metadata_.take_error_for_topic(kU)->exception, Exception::TopicAuthorizationException);
  EXPECT_FALSE(metadata_.take_error_for_topic(kT));  // asking clears the errors of all topics
  EXPECT_TRUE(metadata_.snapshot().invalid_topics().contains(kT));
}

TEST_F(MetadataTest, AGoodUpdateClearsAnErrorNobodySaw) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({failed_topic("t", ErrorCode::InvalidTopicException)}));
  request_update();
  refresh(answer({topic("t", {{}})}));
  EXPECT_FALSE(metadata_.take_error_for_topic(kT));
}

TEST_F(MetadataTest, AFatalErrorComesFirstAndOnce) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({failed_topic("t", ErrorCode::InvalidTopicException)}));
  metadata_.fatal_error({Exception::UnsupportedVersionException, "too old"});
  EXPECT_EQ(metadata_.take_error_for_topic(kT)->message, "too old");
  EXPECT_FALSE(metadata_.take_fatal_error());
}

TEST_F(MetadataTest, AnUpdateAfterCloseIsAMistake) {
  metadata_.close();
  EXPECT_TRUE(metadata_.is_closed());
  EXPECT_THROW(refresh(answer({})), CheckFailure);
}

TEST_F(MetadataTest, RebootstrappingForgetsAllButTheFirstNodes) {
  metadata_.bootstrap({{NodeId{-1}, "first", 9092}});
  metadata_.add(kT, kStart, journal_);
  refresh(answer({topic("t", {{}})}));
  EXPECT_EQ(metadata_.snapshot().find_node(NodeId{-1}), nullptr);
  metadata_.rebootstrap(journal_);
  EXPECT_NE(metadata_.snapshot().find_node(NodeId{-1}), nullptr);
  EXPECT_EQ(metadata_.snapshot().partition_count(kT), std::nullopt);
  EXPECT_TRUE(metadata_.update_requested());
}

TEST_F(MetadataTest, MetadataMayBeAssumedToHaveBeenFetchedBefore) {
  MetadataSnapshot::Contents contents;
  contents.nodes = {{kNode, "zero", 9092}};
  PartitionMetadata partition;
  partition.partition = {kT, 0};
  partition.leader = kNode;
  contents.partitions = {partition};
  metadata_.bootstrap({{NodeId{-1}, "first", 9092}});
  metadata_.assume(contents, kStart - 10s);
  EXPECT_FALSE(metadata_.update_requested());
  EXPECT_EQ(metadata_.time_to_next_update(kStart), kMaxAge - 10s);
  EXPECT_EQ(metadata_.snapshot().leader_for({kT, 0}), kNode);
  metadata_.add(kT, kStart, journal_);
  EXPECT_FALSE(metadata_.update_requested());
}

// --- Rules ---

class MetadataBeforeKip526 : public ::testing::Test {
 protected:
  static Metadata::Settings settings() {
    Metadata::Settings settings = metadata_settings();
    settings.refresh_backoff = ExponentialBackoff::constant(100ms);
    settings.asks_for_new_topics_alone = false;
    return settings;
  }
  void refresh(const MetadataResponse& response, Millis now) {
    metadata_.update(metadata_.new_request(now), response, kNewest, now, journal_);
  }

  Metadata metadata_{settings(), TopicNames{{"t", "u"}}};
  Journal journal_;
};

TEST_F(MetadataBeforeKip526, ANewTopicIsAskedForWithAllOthers) {
  metadata_.add(kT, kStart, journal_);
  refresh(answer({topic("t", {{}})}), kStart);
  metadata_.add(kU, kStart + 1ms, journal_);
  EXPECT_EQ(metadata_.time_to_next_update(kStart + 1ms), 0ms);
  const Metadata::Request request = metadata_.new_request(kStart + 1ms);
  EXPECT_FALSE(request.partial);
  EXPECT_EQ(request.topics, (std::vector<TopicId>{kT, kU}));
}

TEST_F(MetadataBeforeKip526, AnAnswerSettlesWhatWasAskedForSinceItsRequest) {
  metadata_.add(kT, kStart, journal_);
  const Metadata::Request request = metadata_.new_request(kStart);
  metadata_.add(kU, kStart, journal_);
  metadata_.update(request, answer({topic("t", {{}})}), kNewest, kStart, journal_);
  EXPECT_FALSE(metadata_.update_requested()) << "whoever waits for u has to ask again";
}

TEST_F(MetadataBeforeKip526, ATopicExpiresAtTheFirstUpdateFiveMinutesAfterAnother) {
  metadata_.add(kT, kStart, journal_);
  const Millis first = kStart + 10s;
  refresh(answer({topic("t", {{}})}), first);
  refresh(answer({topic("t", {{}})}), first + 299'999ms);
  EXPECT_TRUE(metadata_.contains_topic(kT));
  refresh(answer({topic("t", {{}})}), first + 300'000ms);
  EXPECT_FALSE(metadata_.contains_topic(kT));
  EXPECT_EQ(metadata_.snapshot().partition_count(kT), 1) << "this answer still names it";
}

TEST(MetadataBeforeKafka7738, PartitionsStandAsTheBrokerListsThem) {
  for (const bool believes_epochs : {true, false}) {
    Metadata::Settings settings = metadata_settings();
    settings.believes_epochs = believes_epochs;
    Metadata metadata{settings, TopicNames{{"t"}}};
    Journal journal;
    metadata.add(kT, kStart, journal);
    metadata.update(metadata.new_request(kStart), answer({topic("t", {{}, {}, {}})}), kNewest,
                    kStart, journal);
    std::vector<std::int32_t> order;
    for (const TopicPartition partition : metadata.snapshot().partitions_led_by(kNode)) {
      order.push_back(partition.partition);
    }
    const auto expected =
        believes_epochs ? std::vector<std::int32_t>{1, 0, 2} : std::vector<std::int32_t>{0, 1, 2};
    EXPECT_EQ(order, expected);
  }
}

}  // namespace
}  // namespace linger::core::metadata_test
