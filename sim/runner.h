// Runs a scenario to its end, and judges it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/digest.h"
#include "sim/law_watch.h"
#include "sim/laws.h"
#include "sim/query_evaluator.h"
#include "sim/scenario.h"
#include "sim/summary.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

struct RunOptions {
  std::optional<Instant> until{};  // what would happen after it does not
  bool checks_laws = false;        // of a step after each, of a run at its end
  bool makes_digests = true;       // nobody who asks for laws alone reads them
};

// Whether an expectation held, with the values on both sides.
struct Verdict {
  std::string query;
  std::string because;
  std::int32_t line = 0;
  bool holds = false;
  std::string values;  // "records.acknowledged == 10 : 9 == 10", or why it has no value
};

struct RunResult {
  Digests digests;  // see RunOptions::makes_digests
  Summary summary;
  std::int64_t events = 0;
  std::int64_t steps = 0;
  Instant ended_at{};
  std::string why;       // "idle", "end", "limit"; "cut" by RunOptions::until
  bool was_cut = false;  // then nobody asks what had to hold at the end
  std::vector<Verdict> verdicts;
  std::vector<BrokenLaw> broken_laws;  // each law once, where it broke first
  std::vector<BrokenLaw> spared_laws;  // those that Kafka itself breaks here, see Breach

  bool is_good() const;
};

// A scenario on its way to the end. Events are passed on as they happen, and not kept.
//
//   while (run.step()) {}
//   RunResult result = run.finish();
//
// When a CHECK fails on the way, world() says where.
class Run {
 public:
  using Sink = std::function<void(const TraceEvent&)>;

  explicit Run(std::shared_ptr<const Scenario> scenario, RunOptions options = {},
               Sink sink = nullptr);

  // False if there is nothing left to happen, or nothing until `until`.
  bool step();
  RunResult finish();

  const World& world() const { return world_; }

 private:
  void take_in(const TraceEvent& event);
  void check_laws(std::span<const Law> laws);
  Verdict judge(const Expectation& expectation, const QueryMemory& memory) const;

  RunOptions options_;
  Sink sink_;
  World world_;
  SummaryBuilder summary_;
  TraceSink trace_;
  std::vector<QueryMemory> memories_;     // one for each expectation
  std::vector<std::size_t> remembering_;  // the expectations that ask for the trace
  LawWatch watch_;
  RunResult result_;
};

RunResult run(std::shared_ptr<const Scenario> scenario, RunOptions options = {},
              Run::Sink sink = nullptr);

}  // namespace linger::sim
