// Whatever is injected by hand is in the scenario, and the scenario replays it exactly.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <string>
#include <variant>

#include "sim/digest.h"
#include "sim/runner.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"
#include "sim/timeline.h"
#include "support/any_fault.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

// Two brokers, narration and a fault of its own, so that there is something to be in the way.
std::string scenario_in(const std::string& era) {
  return "era = \"" + era + R"("
end = "2s"
[cluster]
brokers = 2
[topic]
name = "orders"
partitions = 2
[network]
jitter = "1ms"
[producer]
retries = 3
request.timeout.ms = 300
linger.ms = 3
[thread]
name = "A"
run = [{ send = "orders", count = 40, every = "9ms", keys = 4 }, { flush = true }]
[[fault]]
at = "50ms"
add_latency = { broker = 0, extra = "5ms", for = "100ms" }
[[fault]]
when = "records.acknowledged == 7"
disconnect = 1
[[say]]
at = "51ms"
text = "a moment"
[[say]]
when = "records.acknowledged > 9"
text = "another"
)";
}

const FaultPlace kPlace{2, {{"orders", 0}, {"orders", 1}}, {"producer"}};

Digests digests_of(const Timeline& timeline) {
  Digests digests;
  for (const TraceEvent& event : timeline.trace()) digests.add(event);
  return digests;
}

RC_GTEST_PROP(InjectionProperties, WhatIsSavedReplaysToTheSameDigests, ()) {
  const std::string era = *rc::gen::element<std::string>("0.10.2", "2.8", "3.9");
  Timeline timeline{shared_scenario(scenario_in(era))};
  const int injections = *rc::gen::inRange(1, 5);
  for (int i = 0; i < injections && !timeline.is_over(); ++i) {
    timeline.seek(timeline.cursor() + *rc::gen::inRange(0, 60));
    if (timeline.is_over()) break;
    // Also at a moment at which something else is told or done, and several at one.
    const Instant later = *rc::gen::element(Instant{}, Instant{51ms}, Instant{300ms});
    const Fault fault = any_fault_at(kPlace);
    RC_TAG(std::string{info(fault).key});
    timeline.inject(fault, later);
    if (*rc::gen::arbitrary<bool>()) timeline.step_back();
  }
  timeline.run_to_end();

  const std::string saved = scenario_text(timeline.scenario());
  const ParsedScenario parsed = parse_scenario(saved, "saved.toml");
  RC_ASSERT(std::holds_alternative<Scenario>(parsed));
  const RunResult replayed = run(std::make_shared<const Scenario>(std::get<Scenario>(parsed)));
  RC_ASSERT(digest_text(replayed.digests.whole()) == digest_text(digests_of(timeline).whole()));
}

}  // namespace
}  // namespace linger::sim
