// What only transactions show of a rule: the producer with it, and without it.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/transactional_bench.h"

namespace linger::core::transaction_rules_test {
namespace {

using enum ApiKey;
using State = TransactionState;

// The client of 3.9, with the rule or without it.
TransactionalBench bench_with(Rule rule, bool holds, GivenSettings settings = {}) {
  std::vector<RuleFlip> flips;
  if (!holds) flips.push_back({rule, RuleFlip::Turn::Off});
  return TransactionalBench{
      {.settings = std::move(settings), .era = Era::V3_9, .flips = std::move(flips)}};
}

void begin(TransactionalBench& bench) {
  bench.initialize();
  bench.begin_transaction();
}

void acknowledge_all(TransactionalBench& bench) {
  while (!bench.requests().empty()) bench.acknowledge(0);
  bench.step();
}

TEST(TransactionRules, BeforeKafka6635CloseLeavesTheTransactionOpen) {
  for (const bool holds : {true, false}) {
    TransactionalBench bench = bench_with(Rule::Kafka6635CloseAwaitsTransaction, holds);
    begin(bench);
    bench.send_and_add();
    acknowledge_all(bench);
    bench.close();
    bench.steps(8);
    EXPECT_FALSE(bench.is_alive());
    EXPECT_EQ(bench.count(EndTxn), holds ? 1 : 0) << "else it ends when its time is over";
  }
}

TEST(TransactionRules, BeforeKafka12870OneCommitVoidsLingerForGood) {
  for (const bool holds : {true, false}) {
    TransactionalBench bench =
        bench_with(Rule::Kafka12870FlushCounter, holds, {{"linger.ms", "1000"}});
    begin(bench);
    bench.send({});
    const TransactionCall commit = bench.commit();
    bench.steps(5);
    acknowledge_all(bench);
    ASSERT_EQ(bench.finish(commit).outcome, CallOutcome::Done);
    bench.begin_transaction();
    bench.send({});
    bench.steps(5);
    EXPECT_EQ(bench.requests().size(), holds ? 0u : 1u) << "linger.ms is not over";
  }
}

TEST(TransactionRules, BeforeKafka9279ACommitGoesThroughWithoutTheRecordThatFailed) {
  for (const bool holds : {true, false}) {
    TransactionalBench bench =
        bench_with(Rule::Kafka9279FailedSendFailsTransaction, holds, {{"max.request.size", "200"}});
    begin(bench);
    bench.send_and_add();
    acknowledge_all(bench);
    const RecordId record = bench.send({.value_size = 1'000});
    ASSERT_EQ(bench.send_error(record)->exception, Exception::RecordTooLargeException);
    const TransactionCall commit = bench.commit();
    if (holds) {
      EXPECT_EQ(commit.end.value().outcome, CallOutcome::Threw);
    } else {
      EXPECT_EQ(bench.finish(commit).outcome, CallOutcome::Done);
    }
  }
}

TEST(TransactionRules, BeforeKip890TheProducerDoesNotKnowThatItShallAbort) {
  for (const bool holds : {true, false}) {
    TransactionalBench bench = bench_with(Rule::Kip890TransactionAbortable, holds);
    begin(bench);
    bench.coordinator_errors[EndTxn] = {ErrorCode::TransactionAbortable};
    bench.send_and_add();
    acknowledge_all(bench);
    EXPECT_EQ(bench.finish(bench.commit()).outcome, CallOutcome::Failed);
    EXPECT_EQ(bench.state(), holds ? State::AbortableError : State::FatalError);
  }
}

TEST(TransactionRules, BeforeKafka14278OffsetsAreFencedInWordsOfTheirOwn) {
  for (const bool holds : {true, false}) {
    TransactionalBench bench = bench_with(Rule::Kafka14278UniformErrors, holds);
    begin(bench);
    bench.coordinator_errors[TxnOffsetCommit] = {ErrorCode::InvalidProducerEpoch};
    const TransactionCallEnd end = bench.finish(bench.offsets());
    ASSERT_EQ(end.outcome, CallOutcome::Failed);
    EXPECT_EQ(end.error->exception, holds ? Exception::ProducerFencedException
                                          : Exception::InvalidProducerEpochException);
    EXPECT_EQ(bench.state(), State::FatalError) << "one way or the other";
  }
}

// --- An abort behind a commit that is still to be sent ---

// A commit waited for a batch that has expired. EndTxn is next in the queue, unless a pass finds
// the error first.
TransactionalBench with_commit_to_send(Era era, std::vector<RuleFlip> flips = {}) {
  TransactionalBench bench{{.settings = {{"delivery.timeout.ms", "1000"},
                                         {"request.timeout.ms", "1000"},
                                         {"linger.ms", "0"}},
                            .era = era,
                            .flips = std::move(flips)}};
  begin(bench);
  bench.send_and_add();
  bench.commit();
  bench.now += 1s;
  bench.step();
  EXPECT_EQ(bench.state(), State::AbortableError);
  EXPECT_EQ(bench.count(EndTxn), 0);
  while (!bench.requests().empty()) bench.acknowledge(0);  // too late
  return bench;
}

using Texts = std::vector<std::string>;
Texts errors_logged(TransactionalBench& bench) {
  Texts texts;
  for (const Logged& line : bench.events<Logged>()) {
    if (line.level == LogLevel::Error) texts.push_back(line.text);
  }
  return texts;
}

// The transaction that is aborted is committed, and the abort, for which nothing is left to do,
// succeeds.
TEST(TransactionRules, BeforeKafka13412ACommitStillToBeSentOvertakesTheAbort) {
  TransactionalBench bench = with_commit_to_send(Era::V2_8);
  EXPECT_EQ(bench.finish(bench.abort()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench.count(EndTxn), 1);
  EXPECT_TRUE(bench.last<EndTxnRequest>().committed);
  EXPECT_EQ(errors_logged(bench),
            Texts{"Uncaught error in kafka producer I/O thread: KafkaException: TransactionalId x: "
                  "Invalid transition attempted from state READY to state READY"});
  EXPECT_EQ(bench.state(), State::Ready);
  bench.begin_transaction();  // the sender goes on
  bench.send_and_add();
  acknowledge_all(bench);
  EXPECT_EQ(bench.finish(bench.commit()).outcome, CallOutcome::Done);
}

TEST(TransactionRules, BeforeKafka13412ThatIsFatalOnceTheStateIsPoisoned) {
  TransactionalBench bench = with_commit_to_send(
      Era::V3_9, {{Rule::Kafka13412SendChecksAfterAppend, RuleFlip::Turn::Off}});
  EXPECT_EQ(bench.finish(bench.abort()).outcome, CallOutcome::Done);
  EXPECT_TRUE(bench.last<EndTxnRequest>().committed);
  EXPECT_EQ(bench.state(), State::FatalError);
}

TEST(TransactionRules, SinceKafka13412TheCommitMustBeSeenToFailFirst) {
  TransactionalBench bench = with_commit_to_send(Era::V3_9);
  EXPECT_EQ(bench.abort().end.value().outcome, CallOutcome::Threw);
  EXPECT_EQ(bench.finish(bench.commit()).outcome, CallOutcome::Failed);
  EXPECT_EQ(bench.finish(bench.abort()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench.count(EndTxn), 1);
  EXPECT_FALSE(bench.last<EndTxnRequest>().committed);
}

}  // namespace
}  // namespace linger::core::transaction_rules_test
