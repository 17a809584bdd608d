#include "sim/query_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>

#include "sim/query_names.h"
#include "sim/query_node.h"

namespace linger::sim {
namespace {

// "4: message / fix", or "" if the query is right.
std::string error_of(std::string_view text) {
  const auto parsed = parse_query(text);
  const auto* error = std::get_if<QueryError>(&parsed);
  if (error == nullptr) return "";
  return std::to_string(error->column) + ": " + error->message + " / " + error->fix;
}

TEST(QueryParser, TakesWhatTheLanguageHas) {
  for (const char* query : {"records.acknowledged == 10",
                            "now < 5ms and pool.waiters > 0",
                            "not producer.flushing or step >= 100",
                            "batch(3).state == 'in flight'",
                            "batch(batches.opened - 1).age > 1.5s",
                            "partition('orders-0').deque == 2",
                            "log('new-orders-0').records == records.sent",
                            "count(batch_retried) == 0",
                            "count(record_completed, error == 'TimeoutException') > 1",
                            "count(record_completed, error != none and offset < 0)",
                            "sum(batch_drained.bytes, partition == 'orders-0') <= 16KiB",
                            "first(batch_drained).at == 5ms",
                            "last(batch_retried, attempts > 1).error == none",
                            "max(batch_drained.age) < 10ms",
                            "max(batch_drained.age_ms) < 10",
                            "producer('B').pool.available == pool.total",
                            "producer('B').state == 'closed'",
                            "thread('A').blocked_on == 'memory'",
                            "(1 + 2) * 3 % 4 - -5 == 0",
                            "now == forever",
                            "now * 2 / 3 > 1us and now / 1ms == 3",
                            "record(0).error == none",
                            "true"}) {
    EXPECT_EQ(error_of(query), "") << query;
  }
}

TEST(QueryParser, KnowsEveryNameOfTheWorld) {
  for (const WorldNameInfo& info : world_names()) {
    std::string query{info.field};
    if (!info.object.empty()) {
      const std::string argument = info.argument == ArgumentKind::Nothing  ? ""
                                   : info.argument == ArgumentKind::Number ? "(1)"
                                                                           : "('a-1')";
      query = std::string{info.object} + argument + "." + query;
    }
    const auto parsed = parse_query(query);
    ASSERT_TRUE(std::holds_alternative<Query>(parsed)) << query;
    const QueryNode& root = *std::get<Query>(parsed).root();
    EXPECT_EQ(std::get<WorldNode>(root.what).name, info.name) << query;
    EXPECT_EQ(root.type, info.type) << query;
  }
}

TEST(QueryParser, AnUnknownNameIsAnsweredWithTheNearest) {
  EXPECT_EQ(error_of("pool.avaliable > 0"),
            "6: 'pool' has no 'avaliable' / did you mean 'available'?");
  EXPECT_EQ(error_of("1 < recrds.sent"),
            "5: there is no 'recrds' to ask about / did you mean 'records'?");
  EXPECT_EQ(error_of("count(batch_retied)"),
            "7: there is no event 'batch_retied' / did you mean 'batch_retried'?");
  EXPECT_EQ(error_of("count(batch_retried, eror == none)"),
            "22: 'batch_retried' has no field 'eror' / did you mean 'error'?");
  EXPECT_EQ(error_of("first(batch_drained).byte"),
            "22: 'batch_drained' has no field 'byte' / did you mean 'bytes'?");
}

TEST(QueryParser, AnEnumIsComparedWithAWordItCanBe) {
  EXPECT_EQ(error_of("batch(3).state == 'in-flight'"),
            "19: this is never 'in-flight' / did you mean 'in flight'?");
  EXPECT_EQ(error_of("'succeded' == batch(3).state"),
            "1: this is never 'succeded' / did you mean 'succeeded'?");
  EXPECT_EQ(error_of("count(batch_completed, state == 'suceeded')"),
            "33: this is never 'suceeded' / did you mean 'succeeded'?");
  EXPECT_EQ(error_of("count(record_completed, error == 'TimoutException')"),
            "34: this is never 'TimoutException' / did you mean 'TimeoutException'?");
  EXPECT_EQ(error_of("count(batch_retried, error == 'NOT_LEADER_OR_FOLOWER')"),
            "31: this is never 'NOT_LEADER_OR_FOLOWER' / did you mean 'NOT_LEADER_OR_FOLLOWER'?");
}

TEST(QueryParser, TypesAreChecked) {
  EXPECT_EQ(error_of("now > 5"),
            "5: '>' does not go between a duration and an integer / give the integer a unit, such "
            "as 5ms");
  EXPECT_EQ(error_of("records.sent == 'ten'"),
            "14: '==' does not go between an integer and a text / ");
  EXPECT_EQ(error_of("records.sent and true"),
            "14: 'and' does not go between an integer and true or false / ");
  EXPECT_EQ(error_of("not records.sent"), "1: 'not' takes true or false, not an integer / ");
  EXPECT_EQ(error_of("-'x' == 'x'"), "1: '-' takes a number, not a text / ");
  EXPECT_EQ(error_of("sum(batch_drained.partition)"),
            "19: sum() takes numbers, and 'partition' is a text / ");
  EXPECT_EQ(error_of("count(batch_drained, bytes)"),
            "22: this is not true or false / compare it with something");
  EXPECT_EQ(error_of("batch('x').state"),
            "7: 'batch' takes an integer, not a text / such as "
            "batch(n).state");
}

TEST(QueryParser, WhatIsMissingIsNamed) {
  EXPECT_EQ(error_of(""), "1: the end where a value should stand / ");
  EXPECT_EQ(error_of("(1 + 2"), "7: the end where ')' should stand / ");
  EXPECT_EQ(error_of("1 +"), "4: the end where a value should stand / ");
  EXPECT_EQ(error_of("batch.state"), "1: which batch? / such as batch(n).state");
  EXPECT_EQ(error_of("pool"), "1: 'pool' is no value by itself / such as pool.total");
  EXPECT_EQ(error_of("pool(1).total"),
            "1: 'pool' takes nothing in parentheses / such as pool.total");
  EXPECT_EQ(error_of("pool.total.x"), "12: 'total' has no parts / ");
  EXPECT_EQ(error_of("first(batch_drained)"),
            "21: first() needs a field of the event / such as first(batch_drained).at");
  EXPECT_EQ(error_of("sum(batch_drained)"),
            "18: sum() needs a field of the event / such as sum(batch_drained.at)");
  EXPECT_EQ(error_of("partition('orders').deque"),
            "11: 'orders' names no partition / a topic, a dash and a number, such as orders-0");
}

TEST(QueryParser, AProducerIsAskedByItsName) {
  EXPECT_EQ(error_of("producer('B')"), "1: 'producer' is no value by itself / ");
  EXPECT_EQ(error_of("producer(1).state == 'closed'"),
            "1: a producer is asked for by its name / such as producer('B')");
  EXPECT_EQ(error_of("producer('B').log('t-0').records > 0"), "15: no producer has a 'log' / ");
  EXPECT_EQ(error_of("producer('B').now > 1ms").substr(0, 30), "15: 'producer' has no 'now' / ");
}

TEST(QueryParser, SignsOfOtherLanguagesAreTranslated) {
  EXPECT_EQ(error_of("step = 1"), "6: '=' is no sign of this language / write '=='");
  EXPECT_EQ(error_of("true && true"), "6: '&&' is no sign of this language / write 'and'");
  EXPECT_EQ(error_of("!true"), "1: '!' is no sign of this language / write 'not'");
  EXPECT_EQ(error_of("step <> 1"), "6: '<>' is no sign of this language / write '!='");
  EXPECT_EQ(error_of("\"x\" == 'x'"), "1: a text stands in single quotes / such as 'orders-0'");
  EXPECT_EQ(error_of("1 < step < 3"),
            "10: one comparison cannot follow another / write both out, and join them with 'and'");
  EXPECT_EQ(error_of("step == 1 step == 2"),
            "11: 'step' is not expected here / join two conditions with 'and' or 'or'");
}

TEST(QueryParser, AConditionOfACallSpeaksOfTheEventAlone) {
  EXPECT_EQ(error_of("count(batch_drained, pool.total > 0)"),
            "22: inside the call stand fields of the event and literals alone / such as age");
}

TEST(QueryParser, ColumnsCountCharacters) {
  EXPECT_EQ(error_of("'größe' == 1").substr(0, 2), "9:");
}

TEST(QueryParser, TooMuchIsRefused) {
  EXPECT_EQ(error_of(std::string(3'000, ' ')), "1: a query has at most 2000 characters / ");
  EXPECT_EQ(error_of(std::string(500, '(')), "51: this is nested too deeply / ");
  EXPECT_EQ(error_of(std::string(500, '-') + "1"), "50: this is nested too deeply / ");
  EXPECT_EQ(error_of("99999999999999999999 > 0"),
            "1: '99999999999999999999' is no integer of 64 bits / ");
  std::string long_sum = "1";
  for (int i = 0; i < 900; ++i) long_sum += "+1";
  EXPECT_EQ(error_of(long_sum), "");
}

TEST(QueryParser, AConditionIsTrueOrFalse) {
  EXPECT_TRUE(std::holds_alternative<Query>(parse_condition("step > 1")));
  EXPECT_EQ(std::get<QueryError>(parse_condition("step")).message,
            "this is an integer, not true or false");
}

}  // namespace
}  // namespace linger::sim
