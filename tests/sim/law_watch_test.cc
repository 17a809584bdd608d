#include "sim/law_watch.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/decision_verdicts.h"
#include "support/small_world.h"

namespace linger::sim {
namespace {

// What the laws say of events that no producer of ours would tell.
class LawWatchTest : public ::testing::Test {
 protected:
  void tell(core::Event event, Duration at = 0ms) {
    world_.steps = ++step_;
    watch_.take_in({Instant{at}, step_, ProducerIndex{0}, std::move(event)}, world_, broken_);
  }
  void in_one_step(std::vector<core::Event> events) {
    ++step_;
    for (core::Event& event : events) {
      watch_.take_in({Instant{}, step_, ProducerIndex{0}, std::move(event)}, world_, broken_);
    }
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
  void look(Duration at) { decide(0ms, at); }
  void decide(core::Milliseconds sleep, Duration at = 0ms) {
    core::SleepDecision decision;
    decision.next_ready_check = sleep;
    decision.not_ready_delay = decision.next_expiry = core::kForever;
    core::decide_sleep(decision, false);
    tell(decision, at);
  }
  void drain(std::int64_t batch) {
    tell(ready_node());
    tell(taken(batch));
    tell(drained(batch));
  }
  static core::NodeDecision ready_node() {
    core::NodeDecision node;
    node.node = NodeId{0};
    node.connection = core::ConnectionState::Ready;
    node.channel_ready = node.can_send_more = node.ready = true;
    return node;
  }
  static core::DrainDecision taken(std::int64_t batch) {
    core::DrainDecision decision;
    decision.partition = tp(0);
    decision.batch = core::BatchId{batch};
    decision.verdict = core::DrainVerdict::Taken;
    return decision;
  }
  static core::BatchDrained drained(std::int64_t batch) {
    core::BatchDrained drained;
    drained.batch = core::BatchId{batch};
    drained.partition = tp(0);
    drained.node = NodeId{0};
    return drained;
  }
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
  drain(4);
  EXPECT_EQ(broken(), Texts{});
  tell(core::PartitionMuted{tp(0), true});
  tell(core::PartitionMuted{tp(0), false});
  drain(4);
  EXPECT_EQ(broken(), Texts{});
  tell(core::PartitionMuted{tp(0), true});
  drain(4);
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

TEST_F(LawWatchTest, ASleepOfAnotherTimeThanWasDecidedBreaksOne) {
  decide(7ms);
  tell(core::SenderSlept{7ms, 5ms});
  EXPECT_EQ(broken(), Texts{}) << "the client may wait for less";
  tell(core::SenderSlept{8ms, 5ms});
  EXPECT_EQ(broken(),
            Texts{"the sender sleeps as it decided: 7 ms were decided, and it asked for 8 ms"});
}

TEST_F(LawWatchTest, ASleepThatDoesNotFollowFromItsTermsBreaksOne) {
  core::SleepDecision decision;
  decision.next_ready_check = decision.not_ready_delay = core::kForever;
  decision.next_expiry = 4ms;
  decision.timeout = 9ms;
  decision.decided_by = core::SleepReason::NextExpiry;
  tell(decision);
  EXPECT_EQ(broken(),
            Texts{"the sender sleeps as it decided: its terms come to 4 ms, not to 9 ms"});
}

TEST_F(LawWatchTest, WhatIsDrainedWithoutADecisionBreaksOne) {
  drain(4);
  EXPECT_EQ(broken(), Texts{});
  tell(drained(5));
  EXPECT_EQ(broken(),
            Texts{"what was decided is what happens: batch 5 was drained, and nothing said so"});
}

TEST_F(LawWatchTest, WhatIsToBeDrainedAndStaysBreaksOne) {
  tell(ready_node());
  tell(taken(4));
  tell(core::SenderSlept{0ms, 0ms});
  EXPECT_EQ(broken().back(),
            "what was decided is what happens: batch 4 was to be drained, and was not");
}

TEST_F(LawWatchTest, ADrainForANodeThatWasNotReadyBreaksOne) {
  core::NodeDecision node = ready_node();
  node.throttled = true;
  node.ready = false;
  tell(node);
  tell(taken(4));
  tell(drained(4));
  EXPECT_EQ(broken(), Texts{"what was decided is what happens: "
                            "batch 4 was drained for a node that was not ready"});
}

core::RetryDecision retry_of(std::int64_t batch, bool retry) {
  core::RetryDecision decision;
  decision.batch = core::BatchId{batch};
  decision.partition = tp(0);
  decision.retry = retry;
  return decision;
}
core::BatchRetried retried(std::int64_t batch) {
  core::BatchRetried retried;
  retried.batch = core::BatchId{batch};
  retried.partition = tp(0);
  return retried;
}

TEST_F(LawWatchTest, ABatchThatIsTriedAgainAgainstItsDecisionBreaksOne) {
  in_one_step({retry_of(3, true), retried(3)});
  in_one_step({retry_of(3, false)});
  EXPECT_EQ(broken(), Texts{});
  in_one_step({retry_of(3, false), retried(3)});
  EXPECT_EQ(broken(),
            Texts{"what was decided is what happens: batch 3 is tried again, and nothing said so"});
}

TEST_F(LawWatchTest, SoDoesOneThatIsNotTriedAgain) {
  in_one_step({retry_of(3, true)});
  tell(core::SenderPassStarted{});
  EXPECT_EQ(broken(),
            Texts{"what was decided is what happens: batch 3 was to be tried again, and was not"});
}

// What an idempotent producer did with two batches, of which none is answered yet.
class SequenceLaws : public ::testing::Test {
 protected:
  SequenceLaws() {
    while (run_.all<core::BatchDrained>().size() < 2 && run_.step()) {
    }
    for (const auto& [at, drained] : run_.all<core::BatchDrained>()) drained_.push_back(drained);
  }
  void tell(core::Event event) {
    watch_.take_in({Instant{}, 1, ProducerIndex{0}, std::move(event)}, run_.world(), broken_);
  }
  void drain(const core::BatchDrained& drained) {
    core::NodeDecision node;
    node.node = drained.node;
    node.connection = core::ConnectionState::Ready;
    node.channel_ready = node.can_send_more = node.ready = true;
    tell(node);
    core::DrainDecision decision;
    decision.partition = drained.partition;
    decision.batch = drained.batch;
    decision.verdict = core::DrainVerdict::Taken;
    tell(decision);
    tell(drained);
  }
  std::string broken() const { return broken_.empty() ? "" : broken_.front().name; }

  SmallRun run_{SmallScenario{.settings = {{"enable.idempotence", "true"}, {"batch.size", "1"}},
                              .link = link({.latency = 5ms}),
                              .programs = {{send({.count = 2})}}}};
  std::vector<core::BatchDrained> drained_;
  LawWatch watch_;
  std::vector<BrokenLaw> broken_;
};

TEST_F(SequenceLaws, ARetryThatLeavesBeforeAnEarlierSequenceIsDoneBreaksOne) {
  ASSERT_EQ(drained_.size(), 2u);
  drain(drained_[0]);
  drain(drained_[1]);
  EXPECT_EQ(broken(), "") << "neither is sent again";
  core::BatchDrained again = drained_[0];
  again.attempts = 1;
  drain(again);
  EXPECT_EQ(broken(), "") << "nothing is before it";
  again = drained_[1];
  again.attempts = 1;
  drain(again);
  EXPECT_EQ(broken(), "a batch is not sent again past an earlier sequence");
}

TEST_F(SequenceLaws, ANewBatchBesideASequenceInDoubtBreaksOne) {
  ASSERT_EQ(drained_.size(), 2u);
  auto& transactions = const_cast<core::TransactionManager&>(*run_.producer().transactions());
  core::Journal journal;
  transactions.mark_sequence_unresolved(run_.producer().accumulator().batches.at(drained_[0].batch),
                                        journal);
  drain(drained_[1]);
  EXPECT_EQ(broken(), "") << "it left before";
  tell(core::SequenceUnresolved{tp(0), 1, false});
  core::BatchDrained again = drained_[1];
  again.attempts = 1;
  drain(again);
  EXPECT_NE(broken(), "no new batch leaves while a sequence is in doubt") << "it is not new";
  broken_.clear();
  drain(drained_[1]);
  EXPECT_EQ(broken(), "no new batch leaves while a sequence is in doubt");
}

// What brokers and coordinators say, in a world where nothing has happened yet.
class WhatBrokersSay : public LawWatchTest {
 protected:
  void say(SimEvent event) {
    watch_.take_in({Instant{}, 1, ProducerIndex{0}, std::move(event)}, world_, broken_);
  }
  void refuse(core::ErrorCode error) {
    BatchWritten written;
    written.outcome = AppendOutcome::Refused;
    written.error = error;
    say(written);
  }
  void end_call(core::TransactionMethod call, core::CallOutcome outcome) {
    core::TransactionalCallEnded ended;
    ended.call = call;
    ended.outcome = outcome;
    tell(ended);
  }
};

TEST_F(WhatBrokersSay, ARefusalForNothingBreaksOne) {
  refuse(core::ErrorCode::MessageTooLarge);
  EXPECT_EQ(broken(), Texts{}) << "what is too large is a matter of settings";
  refuse(core::ErrorCode::CorruptMessage);
  EXPECT_EQ(broken(), Texts{"where nothing went wrong, brokers refuse nothing: "
                            "broker 0 answers CORRUPT_MESSAGE"});
}

TEST_F(WhatBrokersSay, SoDoesAConnectionThatABrokerCloses) {
  say(ConnectionClosed{ConnectionId{0}, NodeId{0}, ClosedBy::Broker, "it cannot be read"});
  EXPECT_EQ(broken(), Texts{"where nothing went wrong, brokers refuse nothing: "
                            "broker 0 closes: it cannot be read"});
}

TEST_F(WhatBrokersSay, AfterAFaultARefusalBreaksNone) {
  say(FaultApplied{"disconnect broker 0"});
  refuse(core::ErrorCode::OutOfOrderSequenceNumber);
  EXPECT_EQ(broken(), Texts{});
}

TEST_F(WhatBrokersSay, ACommittedTransactionThatIsNotSeenBreaksOne) {
  end_call(core::TransactionMethod::BeginTransaction, core::CallOutcome::Ok);
  append(0);
  end_call(core::TransactionMethod::CommitTransaction, core::CallOutcome::Done);
  say(RunEnded{"idle"});
  EXPECT_EQ(broken(), Texts{"a transaction is seen whole, or not at all: "
                            "0 of its 1 records are seen, beginning with record 0"});
}

TEST_F(WhatBrokersSay, ATransactionThatNobodySeesMayHaveBeenAbortedOrHaveFailed) {
  end_call(core::TransactionMethod::BeginTransaction, core::CallOutcome::Ok);
  append(0);
  end_call(core::TransactionMethod::AbortTransaction, core::CallOutcome::Done);
  end_call(core::TransactionMethod::BeginTransaction, core::CallOutcome::Ok);
  append(1);
  end_call(core::TransactionMethod::CommitTransaction, core::CallOutcome::Threw);
  say(RunEnded{"idle"});
  EXPECT_EQ(broken(), Texts{});
}

TEST_F(WhatBrokersSay, ACommitBehindWhichATransactionIsAbortedExcusesNothingSinceKafka13412) {
  end_call(core::TransactionMethod::BeginTransaction, core::CallOutcome::Ok);
  append(0);
  core::TransactionRequestSent sent;
  sent.api = core::ApiKey::EndTxn;
  sent.contents.write().committed = true;
  tell(sent);
  core::TransactionStateChanged aborts;
  aborts.to = core::TransactionState::AbortingTransaction;
  tell(aborts);
  end_call(core::TransactionMethod::CommitTransaction, core::CallOutcome::Done);
  say(RunEnded{"idle"});
  EXPECT_EQ(broken(), Texts{"a transaction is seen whole, or not at all: "
                            "0 of its 1 records are seen, beginning with record 0"});
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
