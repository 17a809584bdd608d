#include "sim/explorable.h"

#include <utility>
#include <variant>

#include <fmt/format.h>

#include "sim/query_evaluator.h"
#include "sim/scenario_parser.h"

namespace linger::sim {

std::optional<std::string> why_not_explorable(const Scenario& scenario) {
  if (scenario.live) return "a recording";
  for (const ProducerSpec& producer : scenario.producers) {
    const bool calls_code = producer.key_serializer || producer.value_serializer ||
                            producer.partitioner || !producer.interceptors.empty();
    if (calls_code) return "user code, but for callbacks that take no time";
    for (const UserCode& callback : producer.callbacks) {
      if (callback.takes > Duration{} || callback.sends_to) {
        return "callbacks that take time or send";
      }
    }
  }
  for (const AppThreadSpec& thread : scenario.threads) {
    for (const AppAction& action : thread.program) {
      if (std::holds_alternative<SendOffsetsAction>(action)) return "offsets in a transaction";
      const auto* call = std::get_if<TransactionAction>(&action);
      if (call != nullptr && !call->waits) return "transactional calls that nobody waits for";
    }
  }
  if (!scenario.cluster.coordination.rules.empty()) {
    return "rules of requests, for which it matters how many there were";
  }
  if (scenario.cluster.coordination.log_replicas > 0) return "a transaction log with replicas";
  for (const ScheduledFault& fault : scenario.faults) {
    if (fault.moment.when && uses_trace(*fault.moment.when)) {
      return "faults that wait for something in the trace";
    }
  }
  return std::nullopt;
}

std::variant<Fault, std::vector<ParseError>> parse_fault_that_may(const std::string& text,
                                                                  const std::string& place,
                                                                  const Scenario& scenario) {
  const auto first = text.find_first_not_of(" {");
  const std::string fields = first == std::string::npos ? "" : text.substr(first);
  const bool is_closed = text.find('{') < first;
  auto parsed = parse_fault(fmt::format("{}at = \"0us\", {}", is_closed ? "{ " : "", fields), place,
                            scenario);
  if (auto* scheduled = std::get_if<ScheduledFault>(&parsed)) return std::move(scheduled->fault);
  return std::get<std::vector<ParseError>>(std::move(parsed));
}

}  // namespace linger::sim
