// What hangs in the real client hangs here, each for its own reason.
#include <gtest/gtest.h>

#include <string>

#include "support/scenarios.h"

namespace linger::sim {
namespace {

// Does the query hold when the scenario is over? Its law of expiry must hold, too: what hangs is
// where Kafka looks at no batch.
bool ends_with(const std::string& scenario, const std::string& query) {
  const RunResult result = run_of(scenario + "\n[[expect]]\nthat = \"" + query + "\"\n");
  for (const BrokenLaw& law : result.broken_laws) ADD_FAILURE() << law.name << ": " << law.what;
  EXPECT_TRUE(result.verdicts.at(0).holds) << result.verdicts.at(0).values;
  return result.verdicts.at(0).holds;
}

// Nobody takes a connection, and so nobody gives the producer its id.
constexpr const char* kNoProducerId = R"(
    warm_metadata = true
    end = "300s"
    [[topic]]
    name = "t"
    [producer]
    enable.idempotence = true
    delivery.timeout.ms = 5000
    request.timeout.ms = 1000
    [[fault]]
    at = "0ms"
    refuse = 0
)";

TEST(Hangs, NothingExpiresWhileAProducerIdIsAwaited) {
  const std::string sends = "[[thread]]\nname = \"A\"\nrun = [ { send = \"t\" } ]\n";
  EXPECT_TRUE(ends_with(kNoProducerId + sends, "records.pending == 1 and count(sleep) == 0"));
  std::string without_id{kNoProducerId};
  without_id.replace(without_id.find("idempotence = true"), 18, "idempotence = false");
  EXPECT_TRUE(ends_with(without_id + sends, "records.failed == 1 and record(0).completed_at < 7s"));
}

TEST(Hangs, FlushWaitsForeverForAProducerId) {
  const std::string flushes = R"(
    [[thread]]
    name = "A"
    run = [ { send = "t" }, { flush = true } ]
)";
  EXPECT_TRUE(ends_with(kNoProducerId + flushes, "thread('A').blocked_on == 'flush'"));
}

TEST(Hangs, CloseWithoutATimeoutWaitsForeverForAProducerId) {
  const std::string closes = R"(
    [[thread]]
    name = "A"
    run = [ { send = "t" }, { close = true } ]
)";
  EXPECT_TRUE(ends_with(kNoProducerId + closes, "thread('A').blocked_on == 'sender exit'"));
}

// An Error is no Exception: it ends the sender's thread, and nobody tells those who wait for it.
constexpr const char* kDeadSender = R"(
    end = "300s"
    [[topic]]
    name = "t"
    [producer]
    linger.ms = 0
    [[producer.callback]]
    name = "bad"
    throws = "Error"
    [[thread]]
    name = "first"
    run = [ { send = "t", callback = "bad" } ]
)";

TEST(Hangs, FlushWaitsForeverForASenderThatIsDead) {
  EXPECT_TRUE(ends_with(
      std::string{kDeadSender} +
          "[[thread]]\nname = \"A\"\nrun = [ { at = \"1s\", send = \"t\" }, { flush = true } ]\n",
      "count(sender_stopped, died) == 1 and thread('A').blocked_on == 'flush'"));
}

TEST(Hangs, TheFutureOfARecordIsNeverDoneByASenderThatIsDead) {
  EXPECT_TRUE(ends_with(
      std::string{kDeadSender} +
          "[[thread]]\nname = \"A\"\nrun = [ { at = \"1s\", send = \"t\", wait = true } ]\n",
      "thread('A').blocked_on == 'future' and records.pending == 1"));
}

TEST(Hangs, AFullPoolIsNeverEmptiedByASenderThatIsDead) {
  EXPECT_TRUE(ends_with(std::string{kDeadSender} + R"(
    [[thread]]
    name = "A"
    run = [ { at = "1s", send = "t", count = 100, value_size = 1000000 } ]
)",
                        "records.failed > 0 and pool.available < 2000000"));
}

// The sender's own thread waits for metadata that only it could ask for.
TEST(Hangs, ACallbackThatSendsToAnUnknownTopicHoldsTheSenderForMaxBlock) {
  EXPECT_TRUE(ends_with(R"(
    [cluster]
    missing_topics = ["ghost"]
    [[topic]]
    name = "t"
    [producer]
    linger.ms = 0
    max.block.ms = 60000
    [[producer.callback]]
    name = "tells"
    sends_to = "ghost"
    [[thread]]
    name = "A"
    run = [
      { send = "t", callback = "tells", wait = true },
      { send = "t", wait = true },
    ]
)",
                        "record(1).completed_at > 60s and records.acknowledged == 2"));
}

// KAFKA-14303: a partitioner that sticks for batch.size bytes never has had enough of none.
TEST(Hangs, WithBatchSizeZeroSendNeverReturnsBefore332) {
  const std::string scenario = R"(
    end = "300s"
    [[topic]]
    name = "t"
    partitions = 2
    [producer]
    batch.size = 0
    [[thread]]
    name = "A"
    run = [ { send = "t" } ]
)";
  EXPECT_TRUE(ends_with("rules = { \"KAFKA-14303\" = false }\n" + scenario,
                        "last(call_blocked).on == 'endless loop' and records.acknowledged == 0"));
  EXPECT_TRUE(ends_with(scenario, "records.acknowledged == 1"));
}

// Before KIP-19 memory was waited for without limit.
TEST(Hangs, BeforeKip19AFullPoolBlocksSendForever) {
  EXPECT_TRUE(ends_with(R"(
    era = "0.10.2"
    rules = { "KIP-19" = false, "KAFKA-3388" = false, "KAFKA-3651" = false }
    warm = true
    end = "300s"
    [[topic]]
    name = "t"
    [producer]
    buffer.memory = 20000
    [[fault]]
    at = "0ms"
    silent = 0
    [[thread]]
    name = "A"
    run = [ { send = "t", count = 3, value_size = 10000 } ]
)",
                        "thread('A').blocked_on == 'memory'"));
}

// The abort has ended; the sender polls once more, for whatever may come, and nothing will.
TEST(Hangs, CloseInAnOpenEmptyTransactionTakesHalfAMinute) {
  EXPECT_TRUE(ends_with(R"(
    [[topic]]
    name = "t"
    [producer]
    transactional.id = "x"
    [[thread]]
    name = "A"
    run = [
      { init_transactions = true },
      { begin_transaction = true },
      { at = "1s", close = true },
    ]
)",
                        "last(close_ended).at > 30s and last(close_ended).at < 32s"));
}

}  // namespace
}  // namespace linger::sim
