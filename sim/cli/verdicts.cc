#include "sim/cli/verdicts.h"

#include <fmt/format.h>

#include "sim/readable.h"

namespace linger::sim::cli {

std::string failures_text(const Scenario& scenario, const RunResult& result,
                          std::string_view indent) {
  std::string text;
  for (const Verdict& verdict : result.verdicts) {
    if (verdict.holds) continue;
    text += fmt::format("{}{}:{}: does not hold: {}\n", indent, scenario.file, verdict.line,
                        verdict.query);
    text += fmt::format("{}  its values: {}\n", indent, verdict.values);
    if (!verdict.because.empty()) text += fmt::format("{}  because: {}\n", indent, verdict.because);
  }
  for (const BrokenLaw& law : result.broken_laws) {
    text += fmt::format("{}law broken after step {}, at {}: {}\n{}  {}\n", indent, law.step,
                        readable_duration(law.at.time_since_epoch()), law.name, indent, law.what);
  }
  return text;
}

}  // namespace linger::sim::cli
