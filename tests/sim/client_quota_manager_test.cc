#include "sim/client_quota_manager.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

#include "support/scenarios.h"
#include "support/small_world.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::Bytes;

core::Instant since_start(core::Duration time) {
  return core::Instant{time};
}

// The key of one who is at `now`, after `client` produced so much at each of these times.
core::StateKey::Digest key_of(const std::vector<std::pair<Duration, std::int64_t>>& produced,
                              Duration now) {
  ClientQuotaManager quota;
  quota.limit(Bytes{1'000}, std::nullopt);
  for (const auto& [at, bytes] : produced) quota.record("a", Bytes{bytes}, Instant{at});
  core::StateKey key{{Instant{now}, {}, 10s}};
  quota.add_to(key, Instant{now});
  return key.digest();
}

TEST(ClientQuotaManager, AStateIsToldByWhatStillCounts) {
  EXPECT_EQ(key_of({{1s, 500}}, 3s), key_of({{41s, 500}}, 43s)) << "only how long ago it was";
  EXPECT_NE(key_of({{1s, 500}}, 3s), key_of({{1s, 501}}, 3s));
  EXPECT_NE(key_of({{1s, 500}}, 3s), key_of({{2s, 500}}, 3s));
  EXPECT_NE(key_of({{1s, 500}}, 3s), key_of({{1s, 500}}, 3s + 1us)) << "milliseconds are whole";
  EXPECT_NE(key_of({{1s, 500}}, 11s), key_of({{1s, 700}}, 11s)) << "ten seconds old";
  EXPECT_EQ(key_of({{1s, 500}}, 12s), key_of({{1s, 700}}, 12s)) << "eleven seconds old";
}

TEST(ClientQuotaManager, HoldsBackUntilTheRateOverAllWindowsIsAsItShouldBe) {
  ClientQuotaManager quota;
  quota.limit(Bytes{1'000'000}, std::nullopt);
  core::Milliseconds throttle{};
  for (int second = 0; second < 11; ++second) {
    throttle = quota.record("client", Bytes{1'200'000}, since_start(second * 1s));
  }
  // 13.2 MB in ten seconds are 1.32 MB/s: 32 % of ten seconds too much.
  EXPECT_EQ(throttle, 3'200ms);
}

TEST(ClientQuotaManager, ForgivesABurstOfTenSecondsWorth) {
  ClientQuotaManager quota;
  quota.limit(Bytes{1'000}, std::nullopt);
  EXPECT_EQ(quota.record("client", Bytes{10'000}, since_start(5s)), 0ms);
  EXPECT_EQ(quota.record("client", Bytes{1}, since_start(5s)), 1ms);
}

TEST(ClientQuotaManager, ForgetsWhatIsElevenSecondsOld) {
  ClientQuotaManager quota;
  quota.limit(Bytes{1'000}, std::nullopt);
  EXPECT_EQ(quota.record("client", Bytes{20'000}, since_start(0s)), 10'000ms);
  EXPECT_EQ(quota.record("client", Bytes{9'000}, since_start(11s)), 0ms);
}

TEST(ClientQuotaManager, CountsEachClientByItselfAndOnlyFromTheFirstLimitOn) {
  ClientQuotaManager quota;
  quota.record("early", Bytes{50'000}, since_start(0s));
  quota.limit(Bytes{1'000}, since_start(2s));
  EXPECT_EQ(quota.record("early", Bytes{5'000}, since_start(1s)), 0ms);
  EXPECT_GT(quota.record("fast", Bytes{15'000}, since_start(1s)), 0ms);
  EXPECT_EQ(quota.record("slow", Bytes{1'000}, since_start(1s)), 0ms);
  EXPECT_EQ(quota.record("fast", Bytes{15'000}, since_start(2s)), 0ms) << "the limit is over";
}

// Fifteen kilobytes at once, a kilobyte a second: five seconds too much.
constexpr const char* kTooFast = R"(
  [[topic]]
  name = "t"
  [producer]
  enable.idempotence = false
  linger.ms = 0
  batch.size = 20000
  [[fault]]
  at = "0ms"
  quota = { broker = 0, to = "1kB/s" }
  [[thread]]
  run = [
    { send = "t", value_size = 15000, wait = true },
    { send = "t", wait = true },
  ]
)";

bool holds(const std::string& era, const std::string& query) {
  const RunResult result =
      run_of("era = \"" + era + "\"\n" + kTooFast + "[[expect]]\nthat = \"" + query + "\"\n");
  EXPECT_TRUE(result.broken_laws.empty());
  return result.verdicts.at(0).holds;
}

TEST(Quota, SinceKip219TheAnswerComesAtOnceAndBothSidesHoldBack) {
  EXPECT_TRUE(holds("3.9", "record(0).completed_at < 1s"));
  EXPECT_TRUE(holds("3.9", "count(client_throttled) == 2"));
  EXPECT_TRUE(holds("3.9", "first(node_throttled).throttle_ms > 5000"));
  EXPECT_TRUE(holds("3.9", "record(1).completed_at > 5s and record(1).completed_at < 6s"));
}

TEST(Quota, BeforeKip219TheAnswerComesLate) {
  EXPECT_TRUE(holds("0.10.2", "record(0).completed_at > 5s and record(0).completed_at < 6s"));
  EXPECT_TRUE(holds("0.10.2", "count(node_throttled) == 0"));
}

TEST(Quota, IsOfOneBrokerAndAsLongAsItLasts) {
  SmallScenario scenario;
  scenario.brokers = 2;
  scenario.leaders = {0, 1};
  scenario.settings["linger.ms"] = "0";
  scenario.settings["batch.size"] = "20000";
  scenario.faults = {{0ms, LimitProduceRate{NodeId{1}, {Bytes{1'000}}, 2s}}};
  const AppAction to_other = send({.partition = 0, .size = 15'000});
  const AppAction to_limited = send({.partition = 1, .size = 15'000});
  scenario.programs = {{to_other, to_limited, SleepAction{10s}, to_limited}};
  SmallRun run{scenario};
  run.run();
  const auto throttled = run.all<ClientThrottled>();
  ASSERT_EQ(throttled.size(), 1u);
  EXPECT_EQ(throttled[0].second.broker, NodeId{1});
}

}  // namespace
}  // namespace linger::sim
