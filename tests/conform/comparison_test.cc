#include "sim/conform/comparison.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace linger::sim::conform {
namespace {

using Lines = std::vector<std::string>;

TEST(ConformComparison, KeepsWhatMustAgreeApartFromWhatShould) {
  const ObservedTrace trace = read_trace(
      "# era=3.9\n0 READY nodes=[0]\n0 ALLOC size=1\n0 POLL timeout=0\n5 CB id=0 off=0\n"
      "5 SENDER returned=1\n# END t=5\n# LOG t-0 0:0\n");
  EXPECT_EQ(trace.must, (Lines{"0 ALLOC size=1", "5 CB id=0 off=0"}));
  EXPECT_EQ(trace.should, (Lines{"0 READY nodes=[0]", "0 POLL timeout=0", "- END t=5"}));
  EXPECT_EQ(trace.logs, Lines{"# LOG t-0 0:0"});
  EXPECT_TRUE(trace.errors.empty());
  EXPECT_TRUE(trace.warnings.empty());
}

TEST(ConformComparison, CountsEachTotalOfTheFooterApart) {
  EXPECT_EQ(read_trace("# END t=5 polls=3\n").should, (Lines{"- END t=5", "- END polls=3"}));
}

TEST(ConformComparison, TellsTheLineThatIsNoneOfATrace) {
  const ObservedTrace trace = read_trace("0 CB id=0\nhello\n# END t=5\n", "x.trace");
  ASSERT_EQ(trace.errors.size(), 1u);
  EXPECT_EQ(text(trace.errors.front()),
            "x.trace:2:1: error: 'hello' is no line of a trace\n"
            "  fix: a time in milliseconds, an event, and its fields");
}

TEST(ConformComparison, SaysWhatItDoesNotCompare) {
  EXPECT_EQ(read_trace("0 DANCE id=0\n# END t=5\n", "x.trace").warnings,
            Lines{"x.trace:1: warning: DANCE is an event that nobody knows: it is not compared"});
  EXPECT_EQ(read_trace("0 CB id=0\n", "x.trace").warnings,
            Lines{"x.trace:1: warning: there is no line '# END': the trace is cut off"});
}

TEST(ConformComparison, EqualListsDoNotDiverge) {
  EXPECT_FALSE(first_divergence({"0 CB id=0", "1 CB id=1"}, {"0 CB id=0", "1 CB id=1"}));
}

TEST(ConformComparison, NamesTheFieldsThatDiffer) {
  const auto divergence =
      first_divergence({"0 CB id=0", "1 DRAIN node=0 b=1"}, {"0 CB id=0", "2 DRAIN node=1 b=1"});
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->at, 1u);
  EXPECT_EQ(divergence->differing, (Lines{"time", "node"}));
}

TEST(ConformComparison, NamesAFieldThatOneSideLacks) {
  EXPECT_EQ(first_divergence({"0 DONE b=0 split=0"}, {"0 DONE b=0"})->differing, Lines{"split"});
  EXPECT_EQ(first_divergence({"0 DONE b=0"}, {"0 DONE b=0 split=0"})->differing, Lines{"split"});
}

TEST(ConformComparison, AnotherEventIsOneDifference) {
  EXPECT_EQ(first_divergence({"0 ALLOC size=1"}, {"0 MEM freed=1"})->differing, Lines{"event"});
}

TEST(ConformComparison, AMissingLineAtTheEndIsADivergence) {
  const auto missing = first_divergence({"0 CB id=0", "0 CB id=1"}, {"0 CB id=0"});
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->at, 1u);
  EXPECT_EQ(missing->differing, Lines{"end"});
  EXPECT_TRUE(first_divergence({}, {"0 CB id=0"}));
}

TEST(ConformComparison, ShowsBothSidesAfterWhatTheyHaveInCommon) {
  const Lines expected{"0 CB id=0", "0 CB id=1"};
  const Lines actual{"0 CB id=0", "0 CB id=2"};
  EXPECT_EQ(divergence_text(*first_divergence(expected, actual), expected, actual),
            "      both  0 CB id=0\n"
            "  observed  0 CB id=1\n"
            "  observed  (nothing)\n"
            "  observed  (nothing)\n"
            "      ours  0 CB id=2\n"
            "      ours  (nothing)\n"
            "      ours  (nothing)\n"
            "   differs  id\n");
}

std::string aborted(int batch, int record) {
  const std::string b = std::to_string(batch);
  return "9 CB id=" + std::to_string(record) +
         " tp=t-0 err=KafkaException msg=Producer_is_closed_forcefully.\n9 DONE tp=t-0 b=" + b +
         " state=ABORTED\n";
}

TEST(ConformComparison, AbortedBatchesAreASet) {
  const std::string first = "9 MEM freed=10 free=1 unalloc=0 avail=10 queued=0\n";
  const std::string second = "9 MEM freed=20 free=1 unalloc=20 avail=30 queued=0\n";
  const std::string other_first = "9 MEM freed=20 free=0 unalloc=20 avail=20 queued=0\n";
  const std::string other_second = "9 MEM freed=10 free=1 unalloc=20 avail=30 queued=0\n";
  const ObservedTrace one = read_trace(aborted(0, 5) + first + aborted(1, 6) + second);
  const ObservedTrace other =
      read_trace(aborted(1, 6) + other_first + aborted(0, 5) + other_second);
  EXPECT_NE(one.must, other.must);
  EXPECT_EQ(with_aborts_in_order(one.must), with_aborts_in_order(other.must));
}

TEST(ConformComparison, AbortedBatchesMustStillBeTheSame) {
  const ObservedTrace one = read_trace(aborted(0, 5) + aborted(1, 6));
  const ObservedTrace other = read_trace(aborted(0, 5) + aborted(1, 7));
  EXPECT_TRUE(first_divergence(with_aborts_in_order(one.must), with_aborts_in_order(other.must)));
}

TEST(ConformComparison, WhatExceptionsOfTransactionsSayShouldAgreeAlone) {
  const ObservedTrace trace = read_trace(
      "4 TXN state=A->B err=KafkaException msg=No\n"
      "5 TXN invalid=A->B now=A err=KafkaException\n"
      "6 TXNAPI call=commit phase=threw err=KafkaException msg=No\n"
      "# TXN calls_ok=1 calls_err=2\n# END t=6\n");
  EXPECT_EQ(trace.must,
            (std::vector<std::string>{"4 TXN state=A->B err=KafkaException",
                                      "6 TXNAPI call=commit phase=threw err=KafkaException"}));
  EXPECT_EQ(trace.should.size(), 6u);
  EXPECT_TRUE(trace.warnings.empty());
}

TEST(ConformComparison, WhoIsAskedForACoordinatorIsNotCompared) {
  EXPECT_EQ(without_choice("0 TXNREQ api=FindCoordinator node=2 type=txn key=x"),
            "0 TXNREQ api=FindCoordinator node=any type=txn key=x");
  EXPECT_EQ(without_choice("4 TXNRESP api=FindCoordinator node=1 kind=ok"),
            "4 TXNRESP api=FindCoordinator node=any kind=ok");
  const std::string other = "0 TXNREQ api=EndTxn node=2 pid_epoch=1/0 committed=1";
  EXPECT_EQ(without_choice(other), other);
}

TEST(ConformComparison, OtherLinesKeepTheirOrder) {
  const Lines lines{"0 CB id=1 off=1", "0 CB id=0 off=0", "0 DONE b=0 state=SUCCEEDED"};
  EXPECT_EQ(with_aborts_in_order(lines), lines);
}

TEST(ConformComparison, CountsLinesThatOneSideHasAlone) {
  const auto counts =
      leftovers({"0 POLL timeout=0", "1 POLL timeout=5"}, {"0 POLL timeout=0", "2 POLL timeout=5"});
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts[0].event, "POLL");
  EXPECT_EQ(counts[0].agreeing, 1u);
  EXPECT_EQ(counts[0].missing, std::vector<std::string>{"1 POLL timeout=5"});
  EXPECT_EQ(counts[0].extra, std::vector<std::string>{"2 POLL timeout=5"});
  EXPECT_EQ(leftovers_text(counts), "  observed  1 POLL timeout=5\n      ours  2 POLL timeout=5\n");
}

}  // namespace
}  // namespace linger::sim::conform
