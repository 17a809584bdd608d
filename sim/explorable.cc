#include "sim/explorable.h"

#include <variant>

#include "sim/query_evaluator.h"

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

}  // namespace linger::sim
