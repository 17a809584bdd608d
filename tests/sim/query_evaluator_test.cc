#include "sim/query_evaluator.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/query_parser.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

TraceEvent event_at(Duration at, core::Event what) {
  return {Instant{at}, 1, core::ProducerIndex{0}, std::move(what)};
}

TraceEvent drained(Duration at, std::int64_t batch, std::int32_t partition, std::int64_t bytes) {
  return event_at(at, core::BatchDrained{.batch = core::BatchId{batch},
                                         .partition = {core::TopicId{0}, partition},
                                         .node = core::NodeId{0},
                                         .records = 1,
                                         .bytes = core::Bytes{bytes},
                                         .producer = {},
                                         .age = 5ms});
}

TraceEvent completed(Duration at, std::int64_t record, std::optional<core::Exception> exception) {
  core::RecordCompleted what{.record = core::RecordId{record},
                             .partition = {core::TopicId{0}, 0},
                             .batch = core::BatchId{0},
                             .error = std::nullopt};
  if (exception) what.error = core::ClientError{*exception, "no luck"};
  return event_at(at, what);
}

// A world of a few names, by their text.
struct Known {
  std::map<std::string, Value> values;
  std::vector<TraceEvent> trace;

  QueryContext context() const {
    const auto lookup = [this](const WorldReference& reference) -> LookupResult {
      const auto found = values.find(reference_text(reference));
      if (found == values.end()) return EvalError{"no " + reference_text(reference), "none"};
      return found->second;
    };
    return {lookup, trace, nullptr, core::TopicNames{{"orders"}}};
  }
};

Query query(std::string_view text) {
  auto parsed = parse_query(text);
  const auto* error = std::get_if<QueryError>(&parsed);
  EXPECT_EQ(error, nullptr) << text << ": " << (error ? error->message : "");
  return error ? Query{} : std::get<Query>(parsed);
}

std::string worth(std::string_view text, const Known& known = {}) {
  const LookupResult result = evaluate(query(text), known.context());
  if (const auto* error = std::get_if<EvalError>(&result)) return "error: " + error->message;
  return value_text(std::get<Value>(result));
}

TEST(QueryEvaluator, CalculatesWithIntegers) {
  EXPECT_EQ(worth("1 + 2 * 3 - 4 / 2"), "5");
  EXPECT_EQ(worth("(1 + 2) * 3 % 5"), "4");
  EXPECT_EQ(worth("-3 + 1"), "-2");
  EXPECT_EQ(worth("16KiB == 16384"), "true");
}

TEST(QueryEvaluator, CalculatesWithDurations) {
  EXPECT_EQ(worth("2ms + 500us"), "2500us");
  EXPECT_EQ(worth("3 * 5ms"), "15ms");
  EXPECT_EQ(worth("5ms * 3"), "15ms");
  EXPECT_EQ(worth("1s / 250ms"), "4");
  EXPECT_EQ(worth("1s / 4"), "250ms");
  EXPECT_EQ(worth("7ms % 2ms"), "1ms");
  EXPECT_EQ(worth("1ms - 2ms"), "-1ms");
}

TEST(QueryEvaluator, WhatHas64BitsTooFewIsAnError) {
  EXPECT_EQ(worth("9223372036854775807 + 1"), "error: 9223372036854775807 + 1 has no result");
  EXPECT_EQ(worth("9223372036854775807 * 2"), "error: 9223372036854775807 * 2 has no result");
  EXPECT_EQ(worth("-9223372036854775807 - 2"), "error: -9223372036854775807 - 2 has no result");
  EXPECT_EQ(worth("1 / 0"), "error: 1 / 0 has no result");
  EXPECT_EQ(worth("1 % 0"), "error: 1 % 0 has no result");
  EXPECT_EQ(worth("(-9223372036854775807 - 1) / -1"),
            "error: -9223372036854775808 / -1 has no result");
  EXPECT_EQ(worth("-3 * 4"), "-12");
  EXPECT_EQ(worth("-3 * -4"), "12");
}

TEST(QueryEvaluator, AsksTheWorldForItsNames) {
  const Known known{{{"records.acknowledged", std::int64_t{9}},
                     {"batch(3).state", std::string{"in flight"}},
                     {"log('orders-0').records", std::int64_t{4}},
                     {"producer('B').pool.available", std::int64_t{7}},
                     {"producer('B').state", std::string{"closed"}}},
                    {}};
  EXPECT_EQ(worth("records.acknowledged == 9", known), "true");
  EXPECT_EQ(worth("batch(1 + 2).state == 'in flight'", known), "true");
  EXPECT_EQ(worth("log('orders-0').records", known), "4");
  EXPECT_EQ(worth("producer('B').pool.available", known), "7");
  EXPECT_EQ(worth("producer('B').state", known), "'closed'");
  EXPECT_EQ(worth("pool.total > 0", known), "error: no pool.total");
}

TEST(QueryEvaluator, AndAndOrStopAtWhatDecidesThem) {
  EXPECT_EQ(worth("false and pool.total > 0"), "false");
  EXPECT_EQ(worth("true or pool.total > 0"), "true");
}

TEST(QueryEvaluator, NoneIsEqualToItselfAloneAndNeitherMoreNorLess) {
  const Known known{{{"batch(9).attempts", None{}}, {"record(0).error", None{}}}, {}};
  EXPECT_EQ(worth("batch(9).attempts > 0", known), "false");
  EXPECT_EQ(worth("batch(9).attempts <= 0", known), "false");
  EXPECT_EQ(worth("batch(9).attempts + 1", known), "none");
  EXPECT_EQ(worth("-batch(9).attempts == none", known), "true");
  EXPECT_EQ(worth("record(0).error == none", known), "true");
  EXPECT_EQ(worth("record(0).error != 'TimeoutException'", known), "true");
  EXPECT_EQ(worth("not (batch(9).attempts > 0)", known), "true");
  EXPECT_EQ(worth("record(batch(9).attempts).state", known), "none");
}

TEST(QueryEvaluator, CountsAndSumsTheTrace) {
  const Known known{
      {},
      {drained(1ms, 0, 0, 100), drained(2ms, 1, 1, 250), drained(9ms, 2, 0, 50),
       completed(9ms, 0, std::nullopt), completed(10ms, 1, core::Exception::TimeoutException)}};
  EXPECT_EQ(worth("count(batch_drained)", known), "3");
  EXPECT_EQ(worth("count(batch_drained, partition == 'orders-0')", known), "2");
  EXPECT_EQ(worth("count(batch_drained, at > 1ms and bytes < 100)", known), "1");
  EXPECT_EQ(worth("count(record_completed, error == 'TimeoutException')", known), "1");
  EXPECT_EQ(worth("count(record_completed, error == none)", known), "1");
  EXPECT_EQ(worth("count(batch_retried)", known), "0");
  EXPECT_EQ(worth("sum(batch_drained.bytes)", known), "400");
  EXPECT_EQ(worth("sum(batch_retried.attempts)", known), "0");
  EXPECT_EQ(worth("sum(batch_drained.age)", known), "15ms");
  EXPECT_EQ(worth("sum(batch_drained.age_ms)", known), "15");
  EXPECT_EQ(worth("max(batch_drained.bytes)", known), "250");
  EXPECT_EQ(worth("min(batch_drained.bytes, partition == 'orders-0')", known), "50");
  EXPECT_EQ(worth("max(batch_retried.attempts)", known), "none");
  EXPECT_EQ(worth("first(batch_drained).at", known), "1ms");
  EXPECT_EQ(worth("last(batch_drained).at - first(batch_drained).at", known), "8ms");
  EXPECT_EQ(worth("last(record_completed).error_message", known), "'no luck'");
  EXPECT_EQ(worth("first(batch_drained, bytes > 1000).at", known), "none");
  EXPECT_EQ(worth("first(batch_drained, producer == 0 and step == 1).batch", known), "0");
}

TEST(QueryEvaluator, AMemoryStandsForTheTrace) {
  const std::vector<TraceEvent> trace{drained(1ms, 0, 0, 100), drained(2ms, 1, 1, 250)};
  const Query condition = query("count(batch_drained) == 2 and sum(batch_drained.bytes) == 350");
  const core::TopicNames topics{{"orders"}};

  QueryMemory memory;
  for (const TraceEvent& event : trace) remember(condition, event, topics, memory);
  const QueryMemory copy = memory;
  remember(condition, drained(3ms, 2, 0, 1), topics, memory);

  QueryContext context = Known{}.context();
  context.memory = &copy;
  EXPECT_EQ(std::get<bool>(holds(condition, context)), true);
  context.memory = &memory;
  EXPECT_EQ(std::get<bool>(holds(condition, context)), false);
  const QueryMemory nothing_yet;
  context.memory = &nothing_yet;
  EXPECT_EQ(std::get<bool>(holds(condition, context)), false);
}

TEST(QueryEvaluator, KnowsWhetherAQueryNeedsTheTrace) {
  EXPECT_TRUE(uses_trace(query("batch(count(batch_opened)).state == 'open'")));
  EXPECT_FALSE(uses_trace(query("batch(3).state == 'open'")));
}

TEST(QueryEvaluator, ExplainsAComparisonByItsValues) {
  const Known known{{{"records.acknowledged", std::int64_t{9}},
                     {"records.failed", std::int64_t{1}},
                     {"producer.flushing", true}},
                    {}};
  const auto explained = [&](std::string_view text) {
    return explain_values(query(text), known.context());
  };
  EXPECT_EQ(explained("records.acknowledged == 10"), "records.acknowledged == 10 : 9 == 10");
  EXPECT_EQ(explained("records.acknowledged + records.failed == 10 and not producer.flushing"),
            "records.acknowledged + records.failed == 10 and not producer.flushing : 10 == 10 and "
            "not (true)");
  EXPECT_EQ(explained("(records.failed > 3 or records.failed == 0) and true"),
            "(records.failed > 3 or records.failed == 0) and true : (1 > 3 or 1 == 0) and true");
  EXPECT_EQ(explained("pool.total == 1"), "pool.total == 1 : [no pool.total] == 1");
}

}  // namespace
}  // namespace linger::sim
