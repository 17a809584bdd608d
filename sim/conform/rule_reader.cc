#include "sim/conform/rule_reader.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include <fmt/format.h>

namespace linger::sim::conform {

ProduceRule read_produce_rule(Statement& line) {
  ProduceRule rule;
  if (const auto requests = line.option("req")) {
    const std::size_t dash = requests->find('-');
    rule.first_request = line.to_number(requests->substr(0, dash), "req");
    rule.last_request = dash == std::string::npos
                            ? rule.first_request
                            : line.to_number(requests->substr(dash + 1), "req");
    if (*rule.last_request < rule.first_request) {
      line.fail(fmt::format("'{}' names no request", *requests), "the first and then the last");
    }
  }
  if (const auto node = line.number_option("node")) {
    rule.broker = core::NodeId{static_cast<std::int32_t>(*node)};
  }
  rule.partition = line.partition_option("tp");
  if (const auto sequence = line.number_option("seq")) {
    rule.sequence = static_cast<std::int32_t>(*sequence);
  }
  rule.least_records = static_cast<std::int32_t>(line.number_option("minrecs").value_or(0));
  rule.least_size = core::Bytes{line.number_option("minsize").value_or(0)};
  if (const auto from = line.milliseconds_option("from")) rule.from = core::Instant{*from};
  if (const auto to = line.milliseconds_option("to")) rule.until = core::Instant{*to};
  if (const auto times = line.option("times")) {
    rule.times = std::nullopt;
    if (*times != "*") rule.times = static_cast<std::int32_t>(line.to_number(*times, "times"));
  }
  rule.error = line.error_option("error").value_or(core::ErrorCode::None);
  rule.delay = line.milliseconds_option("latency");
  if (line.flag("drop")) rule.answer = ProduceRule::Answer::Dropped;
  if (line.flag("disconnect")) rule.answer = ProduceRule::Answer::Disconnect;
  const bool fails =
      rule.error != core::ErrorCode::None || rule.answer != ProduceRule::Answer::Sent;
  rule.appends = line.number_option("apply").value_or(fails ? 0 : 1) != 0;
  rule.throttle = core::Milliseconds{line.number_option("throttle").value_or(0)};
  if (const auto hint = line.option("leader")) {
    const std::size_t colon = hint->find(':');
    const std::int64_t leader = line.to_number(hint->substr(0, colon), "leader");
    const std::int64_t epoch =
        colon == std::string::npos ? 0 : line.to_number(hint->substr(colon + 1), "the epoch");
    rule.leader_hint = {core::NodeId{static_cast<std::int32_t>(leader)},
                        static_cast<std::int32_t>(epoch)};
  }
  return rule;
}

}  // namespace linger::sim::conform
