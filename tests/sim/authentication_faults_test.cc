// A broker that does not know its clients, in a whole world.
#include <gtest/gtest.h>

#include <string>

#include "support/scenarios.h"
#include "support/small_world.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

std::string refused(const std::string& head, const std::string& fault,
                    const std::string& expectations) {
  return head + "[[topic]]\nname = \"t\"\n[producer]\nmax.block.ms = 1000\n" +
         "[[thread]]\nname = \"A\"\nrun = [ { send = \"t\" } ]\n" +
         "[[fault]]\nat = 0\nrefuse_authentication = " + fault + "\n" + expectations;
}

void expect_all(const std::string& toml) {
  const RunResult result = run_of(toml);
  for (const Verdict& verdict : result.verdicts) {
    EXPECT_TRUE(verdict.holds) << verdict.query << ": " << verdict.values << "\n" << toml;
  }
  EXPECT_TRUE(result.broken_laws.empty());
}

TEST(RefuseAuthentication, FailsWhoWaitsForMetadataARoundTripAfterTheConnection) {
  expect_all(refused("era = \"2.8\"\nbackoff_jitter = false\n", "0",
                     "[[expect]]\nthat = \"record(0).error == 'SaslAuthenticationException'\"\n"
                     "[[expect]]\nthat = \"record(0).completed_at == 4ms\"\n"
                     "[[expect]]\nthat = \"count(connection_opened) >= 1\"\n"));
}

TEST(RefuseAuthentication, IsALostConnectionLikeAnyOtherBefore10) {
  expect_all(refused("era = \"0.10.2\"\n", "0",
                     "[[expect]]\nthat = \"record(0).error == 'TimeoutException'\"\n"
                     "[[expect]]\nthat = \"count(connection_opened) > 5\"\n"));
}

TEST(RefuseAuthentication, EndsWithItsTime) {
  expect_all(refused("era = \"0.10.2\"\n", "{ broker = 0, for = \"200ms\" }",
                     "[[expect]]\nthat = \"records.acknowledged == 1\"\n"));
}

TEST(RefuseAuthentication, WithoutAnAnswerTheSetUpTimeoutEndsTheWait) {
  expect_all(refused("backoff_jitter = false\n[cluster]\n", "{ broker = 0, answer = false }",
                     "[[expect]]\nthat = \"record(0).error == 'TimeoutException'\"\n"
                     "[[expect]]\nthat = \"node(-1).connection == 'connecting'\"\n"));
}

// The exception goes past the request for an id, which is forgotten while the state still waits for
// its answer: what is sent waits for its delivery timeout, although the broker takes the client by
// then. Before, the exception itself waits for the first send that asks for metadata.
TEST(RefuseAuthentication, AProducerThatAskedForItsIdThenNeverGetsOne) {
  const std::string scenario =
      "[[topic]]\nname = \"t\"\n[producer]\n"
      "request.timeout.ms = 1000\ndelivery.timeout.ms = 1500\n"
      "[[thread]]\nname = \"A\"\n"
      "run = [ { at = \"2s\", send = \"t\" }, { at = \"3s\", send = \"t\" } ]\n"
      "[[fault]]\nat = 0\nrefuse_authentication = { broker = 0, for = \"20ms\" }\n";
  expect_all(scenario +
             "[[expect]]\nthat = \"record(0).error == 'SaslAuthenticationException'\"\n"
             "[[expect]]\nthat = \"record(1).error == 'TimeoutException'\"\n"
             "[[expect]]\nthat = \"record(1).completed_at >= 4500ms\"\n");
  expect_all("rules = { \"KAFKA-5854\" = false }\n" + scenario +
             "[[expect]]\nthat = \"records.acknowledged == 2\"\n");
}

// The coordinator is gone, and who should tell of another refuses the client: what waits behind the
// search fails with it.
TEST(RefuseAuthentication, FailsWhatWaitsUntilACoordinatorIsFound) {
  for (const std::string era : {"2.8", "3.9"}) {
    SmallRun run{shared_scenario("era = \"" + era + R"("
      [cluster]
      brokers = 2
      transaction_coordinator = 1
      [[topic]]
      name = "t"
      leaders = [0]
      [producer]
      transactional.id = "x"
      [[thread]]
      run = [
        { init_transactions = true }, { begin_transaction = true },
        { at = "1s", send_offsets = "g", offsets = { t-0 = 7 } },
      ]
      [[fault]]
      at = "500ms"
      stop = 1
      [[fault]]
      at = "500ms"
      disconnect = 0
      [[fault]]
      at = "500ms"
      refuse_authentication = 0
    )")};
    run.run();
    const core::TransactionalCallEnded offsets =
        run.all<core::TransactionalCallEnded>().back().second;
    EXPECT_EQ(offsets.call, core::TransactionMethod::SendOffsetsToTransaction);
    EXPECT_EQ(offsets.outcome, core::CallOutcome::Failed) << era;
    ASSERT_TRUE(offsets.error) << era;
    EXPECT_EQ(offsets.error->exception, core::Exception::SaslAuthenticationException);
    EXPECT_LT(offsets.took, 1s) << era << ": not only after max.block.ms";
  }
}

}  // namespace
}  // namespace linger::sim
