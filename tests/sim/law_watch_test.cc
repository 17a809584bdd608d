#include "sim/law_watch.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/small_world.h"

namespace linger::sim {
namespace {

// What the laws say of events that no producer of ours would tell.
class LawWatchTest : public ::testing::Test {
 protected:
  void tell(core::Event event, Duration at = 0ms) {
    watch_.take_in({Instant{at}, ++step_, ProducerIndex{0}, std::move(event)}, world_, broken_);
  }
  void append(std::int64_t record, std::int64_t batch = 0) {
    core::RecordAppended appended;
    appended.record = core::RecordId{record};
    appended.partition = tp(0);
    appended.batch = core::BatchId{batch};
    tell(appended);
  }
  void acknowledge(std::int64_t record, Duration at = 0ms) {
    core::RecordCompleted completed;
    completed.record = core::RecordId{record};
    completed.partition = tp(0);
    completed.batch = core::BatchId{0};
    tell(completed, at);
  }
  void open(Duration at) {
    core::BatchOpened opened;
    opened.batch = core::BatchId{0};
    opened.partition = tp(0);
    tell(opened, at);
  }
  void look(Duration at) { tell(core::SleepDecision{}, at); }
  std::vector<std::string> broken() const {
    std::vector<std::string> names;
    for (const BrokenLaw& law : broken_) names.push_back(law.name + ": " + law.what);
    return names;
  }
  using Texts = std::vector<std::string>;

  SmallScenario scenario_{.settings = {{"max.in.flight.requests.per.connection", "1"}}};
  World world_{scenario_.shared()};
  LawWatch watch_;
  std::vector<BrokenLaw> broken_;
  std::int64_t step_ = 0;
};

TEST_F(LawWatchTest, AMutedPartitionThatIsDrainedBreaksOne) {
  core::BatchDrained drained;
  drained.batch = core::BatchId{4};
  drained.partition = tp(0);
  tell(drained);
  EXPECT_EQ(broken(), Texts{});
  tell(core::PartitionMuted{tp(0), true});
  tell(core::PartitionMuted{tp(0), false});
  tell(drained);
  EXPECT_EQ(broken(), Texts{});
  tell(core::PartitionMuted{tp(0), true});
  tell(drained);
  EXPECT_EQ(broken(), Texts{"a muted partition is not drained: batch 4 was"});
}

TEST_F(LawWatchTest, AcknowledgementsInAnotherOrderBreakOne) {
  append(0);
  append(1);
  append(2);
  acknowledge(0);
  acknowledge(2);
  EXPECT_EQ(broken(), Texts{});
  acknowledge(1);
  EXPECT_EQ(
      broken(),
      Texts{"acknowledgements come in the order of appends: record 1 was told after record 2"});
}

TEST_F(LawWatchTest, ABatchWithoutAFateAtTheSecondLookBehindTheDeadlineBreaksOne) {
  open(5ms);
  append(0);
  look(119s);
  look(121s);
  EXPECT_EQ(broken(), Texts{}) << "its records are told when the look is over";
  look(122s);
  EXPECT_EQ(broken(), Texts{"every record has its fate by delivery.timeout.ms: "
                            "batch 0 is without it 1995 ms later"});
}

TEST_F(LawWatchTest, SoDoesARecordThatIsToldItsFateTooLate) {
  open(5ms);
  append(0);
  append(1);
  look(119s);
  look(121s);
  core::BatchCompleted completed;
  completed.batch = core::BatchId{0};
  tell(completed, 121s);
  acknowledge(0, 121s);
  look(122s);
  EXPECT_EQ(broken(), Texts{});
  acknowledge(1, 122s);
  EXPECT_EQ(broken(), Texts{"every record has its fate by delivery.timeout.ms: "
                            "record 1 had it 1995 ms later"});
}

TEST_F(LawWatchTest, ALawIsReportedWhereItBreaksFirst) {
  append(0);
  append(1);
  append(2);
  acknowledge(2);
  acknowledge(1);
  acknowledge(0);
  ASSERT_EQ(broken_.size(), 1u);
  EXPECT_EQ(broken_[0].step, 5);
}

}  // namespace
}  // namespace linger::sim
