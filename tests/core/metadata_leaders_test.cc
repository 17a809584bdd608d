// Which answer is believed: leader epochs, partial updates, hints.
#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "core/metadata.h"
#include "metadata_fixture.h"

namespace linger::core::metadata_leaders_test {
namespace {

constexpr TopicPartition kT0{kT, 0};
constexpr TopicPartition kT1{kT, 1};

class MetadataLeadersTest : public MetadataFixture {
 protected:
  MetadataLeadersTest() {
    metadata_.add(kT, kStart, journal_);
    request_update();
  }
  void refresh_fully(const MetadataResponse& response, std::int16_t version = kNewest) {
    request_update();
    refresh(response, kStart, version);
  }
  std::optional<NodeId> leader(TopicPartition partition) const {
    return metadata_.snapshot().leader_for(partition);
  }
};

MetadataResponse with_topic_id(MetadataResponse response, std::int64_t id) {
  response.topics[0].topic_id = {id, id};
  return response;
}

// --- Epochs ---

TEST_F(MetadataLeadersTest, AnAnswerWithAnOlderEpochIsNotBelieved) {
  refresh_fully(answer({topic("t", {{kNode, 10}})}));
  refresh_fully(answer({topic("t", {{kOther, 9}})}));
  EXPECT_EQ(leader(kT0), kNode);
  EXPECT_EQ(metadata_.snapshot().leader_epoch(kT0), 10);
}

TEST_F(MetadataLeadersTest, AnEqualEpochIsBelieved) {
  refresh_fully(answer({topic("t", {{kNode, 10}})}));
  refresh_fully(answer({topic("t", {{kOther, 10}})}));
  EXPECT_EQ(leader(kT0), kOther);
}

TEST_F(MetadataLeadersTest, EpochsOfOldVersionsAreNotTrusted) {
  refresh_fully(answer({topic("t", {{kNode, 10}})}), 9);
  EXPECT_EQ(metadata_.last_seen_epoch(kT0), 10);
  refresh_fully(answer({topic("t", {{kOther, 9}})}), 8);
  EXPECT_EQ(leader(kT0), kOther);
  EXPECT_EQ(metadata_.snapshot().leader_epoch(kT0), std::nullopt);
  EXPECT_EQ(metadata_.last_seen_epoch(kT0), std::nullopt);
}

TEST_F(MetadataLeadersTest, AnAnswerWithoutEpochIsBelieved) {
  refresh_fully(answer({topic("t", {{kNode, 10}})}));
  refresh_fully(answer({topic("t", {{kOther, -1}})}));
  EXPECT_EQ(leader(kT0), kOther);
  EXPECT_EQ(metadata_.last_seen_epoch(kT0), std::nullopt);
}

TEST_F(MetadataLeadersTest, TheEpochOutlivesAnAnswerWithoutThePartition) {
  refresh_fully(answer({topic("t", {{kNode, 10}, {kNode, 10}})}));
  refresh_fully(answer({topic("t", {{kNode, 10}})}));
  EXPECT_EQ(metadata_.snapshot().find_partition(kT1), nullptr);
  EXPECT_EQ(metadata_.last_seen_epoch(kT1), 10);
  refresh_fully(answer({topic("t", {{kNode, 10}, {kNode, 9}})}));
  EXPECT_EQ(metadata_.snapshot().find_partition(kT1), nullptr);  // no old info to keep
  refresh_fully(answer({topic("t", {{kNode, 10}, {kNode, 10}})}));
  EXPECT_NE(metadata_.snapshot().find_partition(kT1), nullptr);
}

TEST_F(MetadataLeadersTest, ATopicCreatedAnewMayStartWithALowerEpoch) {
  refresh_fully(with_topic_id(answer({topic("t", {{kNode, 10}})}), 1));
  refresh_fully(answer({failed_topic("t", ErrorCode::UnknownTopicOrPartition)}));
  EXPECT_EQ(metadata_.last_seen_epoch(kT0), 10);
  refresh_fully(with_topic_id(answer({topic("t", {{kOther, 3}})}), 2));
  EXPECT_EQ(leader(kT0), kOther);
  EXPECT_EQ(metadata_.last_seen_epoch(kT0), 3);
}

TEST_F(MetadataLeadersTest, ATopicWithTheSameIdMayNot) {
  refresh_fully(with_topic_id(answer({topic("t", {{kNode, 10}})}), 1));
  refresh_fully(with_topic_id(answer({topic("t", {{kOther, 3}})}), 1));
  EXPECT_EQ(leader(kT0), kNode);
}

TEST_F(MetadataLeadersTest, AnIdThatAppearsCountsAsAnotherTopic) {
  refresh_fully(answer({topic("t", {{kNode, 10}})}));
  refresh_fully(with_topic_id(answer({topic("t", {{kOther, 3}})}), 1));
  EXPECT_EQ(metadata_.last_seen_epoch(kT0), 3);
}

TEST_F(MetadataLeadersTest, KeptInformationIsReadAgainstTheNewNodes) {
  refresh_fully(answer({topic("t", {{kOther, 10}})}));
  MetadataResponse without_other = answer({topic("t", {{kNode, 9}})});
  without_other.brokers.pop_back();
  refresh_fully(without_other);
  EXPECT_EQ(leader(kT0), std::nullopt);
  EXPECT_EQ(metadata_.snapshot().leader_epoch(kT0), 10);
}

TEST_F(MetadataLeadersTest, AnEpochSeenElsewhereAsksForAnUpdateOnlyIfItIsNewer) {
  refresh_fully(answer({topic("t", {{kNode, 10}})}));
  EXPECT_FALSE(metadata_.update_last_seen_epoch_if_newer(kT0, 10, journal_));
  EXPECT_FALSE(metadata_.update_requested());
  EXPECT_TRUE(metadata_.update_last_seen_epoch_if_newer(kT0, 12, journal_));
  EXPECT_TRUE(metadata_.update_requested());
  EXPECT_EQ(metadata_.current_leader(kT0), (Metadata::LeaderAndEpoch{kNoNode, 12}));

  refresh_fully(answer({topic("t", {{kOther, 11}})}));
  EXPECT_EQ(leader(kT0), kNode);
  refresh_fully(answer({topic("t", {{kOther, 12}})}));
  EXPECT_EQ(metadata_.current_leader(kT0), (Metadata::LeaderAndEpoch{kOther, 12}));
}

TEST_F(MetadataLeadersTest, AnEpochSeenElsewhereMeansNothingWhereNoneIsKnown) {
  EXPECT_FALSE(metadata_.update_last_seen_epoch_if_newer(kT0, 10, journal_));
  EXPECT_EQ(metadata_.last_seen_epoch(kT0), std::nullopt);
}

// --- Partial updates ---

TEST_F(MetadataLeadersTest, APartialUpdateKeepsTheOtherTopics) {
  refresh_fully(with_topic_id(answer({topic("t", {{kNode, 1}})}), 1));
  metadata_.add(kU, kStart, journal_);
  MetadataResponse response = answer({topic("u", {{kOther, 5}})});
  response.brokers[1].port = 9999;
  refresh(response);
  EXPECT_EQ(leader(kT0), kNode);
  EXPECT_EQ(leader({kU, 0}), kOther);
  EXPECT_EQ(metadata_.snapshot().find_node(kOther)->port, 9999);
  EXPECT_TRUE(metadata_.snapshot().topic_id(kT));
}

TEST_F(MetadataLeadersTest, APartialUpdateKeepsTheErrorsOfTheOtherTopics) {
  refresh_fully(answer({failed_topic("t", ErrorCode::InvalidTopicException)}));
  metadata_.add(kU, kStart, journal_);
  ASSERT_TRUE(metadata_.new_request(kStart).partial);
  refresh(answer({topic("u", {{kOther, 5}})}));
  EXPECT_TRUE(metadata_.snapshot().invalid_topics().contains(kT));
  refresh_fully(answer({topic("t", {{kNode, 1}}), topic("u", {{kOther, 5}})}));
  EXPECT_TRUE(metadata_.snapshot().invalid_topics().empty());
}

TEST_F(MetadataLeadersTest, APartialUpdateDropsTopicsThatWereNotUsed) {
  refresh_fully(answer({topic("t", {{kNode, 1}})}));
  metadata_.add(kU, kStart + 299s, journal_);
  const Metadata::Request partial = metadata_.new_request(kStart + 299s);
  ASSERT_TRUE(partial.partial);
  metadata_.update(partial, answer({topic("u", {{}})}), kNewest, kStart + 300s, journal_);
  EXPECT_EQ(metadata_.snapshot().partition_count(kT), std::nullopt);
  EXPECT_EQ(metadata_.snapshot().partition_count(kU), 1);
}

TEST_F(MetadataLeadersTest, AFullUpdateIsExactlyWhatWasAnswered) {
  refresh_fully(answer({topic("t", {{kNode, 1}})}));
  refresh_fully(answer({}));
  EXPECT_EQ(metadata_.snapshot().partition_count(kT), std::nullopt);
  EXPECT_TRUE(metadata_.contains_topic(kT));
}

TEST_F(MetadataLeadersTest, AnAnswerWithoutTopicIdRemovesTheOldOne) {
  refresh_fully(with_topic_id(answer({topic("t", {{kNode, 1}})}), 1));
  EXPECT_TRUE(metadata_.snapshot().topic_id(kT));
  refresh_fully(answer({topic("t", {{kNode, 1}})}));
  EXPECT_FALSE(metadata_.snapshot().topic_id(kT));
  EXPECT_EQ(metadata_.snapshot().partition_count(kT), 1);
}

// --- Hints ---

class MetadataHintsTest : public MetadataLeadersTest {
 protected:
  MetadataHintsTest() { refresh_fully(answer({topic("t", {{kNode, 10}, {kNode, 10}})})); }

  std::vector<TopicPartition> hint(Metadata::LeaderHint hint, std::vector<Node> nodes = {}) {
    return metadata_.update_partition_leadership({hint}, nodes, journal_);
  }
};

TEST_F(MetadataHintsTest, AHintMovesTheLeaderOfItsPartitionAlone) {
  journal_.take();
  EXPECT_EQ(hint({kT1, kOther, 11}), (std::vector{kT1}));
  EXPECT_EQ(leader(kT1), kOther);
  EXPECT_EQ(leader(kT0), kNode);
  EXPECT_EQ(metadata_.last_seen_epoch(kT1), 11);
  EXPECT_EQ(metadata_.snapshot().find_partition(kT1)->in_sync_replicas.size(), 2u);

  const auto learned = taken<LeaderLearned>();
  ASSERT_EQ(learned.size(), 1u);
  EXPECT_EQ(learned[0].partition, kT1);
  EXPECT_TRUE(learned[0].from_hint);
}

TEST_F(MetadataHintsTest, AHintIsNotAnUpdate) {
  const std::int32_t version = metadata_.update_version();
  hint({kT1, kOther, 11});
  EXPECT_EQ(metadata_.update_version(), version);
  EXPECT_FALSE(metadata_.update_requested());
}

TEST_F(MetadataHintsTest, AnIncompleteHintIsIgnored) {
  EXPECT_TRUE(hint({kT1, std::nullopt, 11}).empty());
  EXPECT_TRUE(hint({kT1, kOther, std::nullopt}).empty());
}

TEST_F(MetadataHintsTest, AHintThatIsNotNewerIsIgnored) {
  EXPECT_TRUE(hint({kT1, kOther, 10}).empty());
  EXPECT_EQ(leader(kT1), kNode);
}

TEST_F(MetadataHintsTest, AHintOfAnUnknownNodeIsIgnoredUnlessTheNodeComesWithIt) {
  EXPECT_TRUE(hint({kT1, NodeId{7}, 11}).empty());
  EXPECT_EQ(hint({kT1, NodeId{7}, 11}, {{NodeId{7}, "seven", 9097}}), (std::vector{kT1}));
  EXPECT_EQ(leader(kT1), NodeId{7});
}

TEST_F(MetadataHintsTest, NodesThatComeWithAHintReplaceKnownOnes) {
  hint({kT1, kOther, 11}, {{kOther, "moved", 1}});
  EXPECT_EQ(metadata_.snapshot().find_node(kOther)->host, "moved");
  EXPECT_EQ(metadata_.snapshot().nodes().size(), 2u);
}

TEST_F(MetadataHintsTest, AHintForAnUnknownPartitionIsIgnored) {
  EXPECT_TRUE(hint({{kT, 7}, kOther, 11}).empty());
}

}  // namespace
}  // namespace linger::core::metadata_leaders_test
