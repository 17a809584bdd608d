#include "sim/metrics.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/runner.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

// What the first producer's metrics say after the run.
class MetricsOf {
 public:
  explicit MetricsOf(std::string_view toml) {
    const auto scenario = std::make_shared<const Scenario>(scenario_of(toml));
    MetricsBuilder builder{*scenario};
    Run run{scenario, {}, [&](const TraceEvent& event) { builder.add(event); }};
    while (run.step()) {
    }
    metrics_ = builder.finish(run.world()).at(0);
  }
  std::string operator[](std::string_view name) const {
    for (const Metric& metric : metrics_) {
      if (metric.name == name) return metric.value;
    }
    return "no such metric";
  }

 private:
  std::vector<Metric> metrics_;
};

constexpr std::string_view kThreeInABatch = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "t"
leaders = [0]
[network]
latency = "2ms"
[producer]
linger.ms = 5
[[thread]]
run = [ { send = "t", value_size = 100, count = 3, every = "1ms" } ]
)";

TEST(Metrics, TellWhatABatchWaitedAndHeld) {
  const MetricsOf metrics{kThreeInABatch};
  EXPECT_EQ(metrics["record-send-total"], "3");
  EXPECT_EQ(metrics["records-per-request-avg"], "3.0");
  EXPECT_EQ(metrics["record-queue-time-max"], "5");
  EXPECT_EQ(metrics["batch-size-avg"], "388.0");
  EXPECT_EQ(metrics["record-size-max"], "186") << "the upper bound, with a batch's header";
  EXPECT_EQ(metrics["request-latency-avg"], "4.0");
}

TEST(Metrics, AnAverageOfNothingIsNotANumber) {
  EXPECT_EQ(MetricsOf{kThreeInABatch}["produce-throttle-time-avg"], "NaN");
}

TEST(Metrics, CountWhoWaitedForMemoryAndWhoGaveUp) {
  const MetricsOf metrics{R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "t"
leaders = ["none", "none"]
[producer]
batch.size = 1000
buffer.memory = 1000
max.block.ms = 30
[[thread]]
run = [ { send = "t", partition = 0 }, { send = "t", partition = 1 } ]
)"};
  EXPECT_EQ(metrics["buffer-exhausted-total"], "1");
  EXPECT_EQ(metrics["bufferpool-wait-time-ns-total"], "30000000");
}

TEST(Metrics, CountRetriesAndErrorsByRecords) {
  const MetricsOf metrics{std::string{kThreeInABatch} + R"(
[[fault]]
at = "0ms"
fail_produce = { partition = "t-0", error = "NOT_ENOUGH_REPLICAS", times = 2 }
)"};
  EXPECT_EQ(metrics["record-retry-total"], "6");
  EXPECT_EQ(metrics["record-error-total"], "0");
  EXPECT_EQ(metrics["record-send-total"], "9") << "each drain counts";
}

}  // namespace
}  // namespace linger::sim
