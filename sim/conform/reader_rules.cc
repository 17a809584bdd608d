// Rules: which requests meet what.
#include <cstddef>
#include <utility>

#include "sim/conform/reader.h"
#include "sim/nearest.h"
#include "sim/scenario_rules.h"

namespace linger::sim::conform {

// What rules for all kinds of requests look at. `count` names the option for their numbers.
template <class Rule>
void Reader::read_conditions(Rule& rule, std::string_view count, Statement& line) {
  if (const auto requests = line.option(count)) {
    const std::size_t dash = requests->find('-');
    rule.first_request = line.to_number(requests->substr(0, dash), count);
    rule.last_request = dash == std::string::npos
                            ? rule.first_request
                            : line.to_number(requests->substr(dash + 1), count);
    if (*rule.last_request < rule.first_request) {
      line.fail(fmt::format("'{}' names no request", *requests), "the first and then the last");
    }
  }
  if (const auto node = line.number_option("node")) {
    rule.broker = NodeId{static_cast<std::int32_t>(*node)};
  }
  rule.partition = line.partition_option("tp");
  if (const auto from = line.milliseconds_option("from")) rule.from = Instant{*from};
  if (const auto to = line.milliseconds_option("to")) rule.until = Instant{*to};
  if (const auto times = line.option("times")) {
    rule.times = std::nullopt;
    if (*times != "*") rule.times = static_cast<std::int32_t>(line.to_number(*times, "times"));
  }
}

// What happens then. True if the request is served all the same.
template <class Rule>
bool Reader::read_answer(Rule& rule, Statement& line) {
  rule.error = line.error_option("error").value_or(core::ErrorCode::None);
  rule.delay = line.milliseconds_option("latency");
  if (line.flag("drop")) rule.answer = ProduceRule::Answer::Dropped;
  if (line.flag("disconnect")) rule.answer = ProduceRule::Answer::Disconnect;
  const bool fails =
      rule.error != core::ErrorCode::None || rule.answer != ProduceRule::Answer::Sent;
  return line.number_option("apply").value_or(fails ? 0 : 1) != 0;
}

void Reader::rule(Statement& line) {
  const auto api = line.option("api");
  if (!api || *api == "Produce") return produce_rule(line);
  std::vector<std::string> names{"Produce"};
  for (const core::ApiKey key : kCoordinationRequests) {
    if (core::api_name(key) == *api) return request_rule(key, line);
    names.emplace_back(core::api_name(key));
  }
  line.fail(fmt::format("there are no rules for '{}'", *api), suggestion(*api, names));
}

void Reader::produce_rule(Statement& line) {
  ProduceRule rule;
  read_conditions(rule, "n", line);
  if (line.option("req")) read_conditions(rule, "req", line);
  if (rule.partition) note_partition(*rule.partition, line);
  if (const auto sequence = line.number_option("seq")) {
    rule.sequence = static_cast<std::int32_t>(*sequence);
  }
  rule.least_records = static_cast<std::int32_t>(line.number_option("minrecs").value_or(0));
  rule.least_size = Bytes{line.number_option("minsize").value_or(0)};
  rule.appends = read_answer(rule, line);
  rule.throttle = core::Milliseconds{line.number_option("throttle").value_or(0)};
  if (const auto hint = line.option("leader")) {
    const std::size_t colon = hint->find(':');
    const std::int64_t leader = line.to_number(hint->substr(0, colon), "leader");
    const std::int64_t epoch =
        colon == std::string::npos ? 0 : line.to_number(hint->substr(colon + 1), "the epoch");
    rule.leader_hint = {NodeId{static_cast<std::int32_t>(leader)},
                        static_cast<std::int32_t>(epoch)};
  }
  scenario_.cluster.produce_rules.push_back(std::move(rule));
}

void Reader::request_rule(core::ApiKey api, Statement& line) {
  RequestRule rule;
  rule.api = api;
  read_conditions(rule, "n", line);
  if (const auto key = line.option("key")) {
    const bool is_group = *key == "group";
    if (!is_group && *key != "txn")
      line.fail(fmt::format("there is no key '{}'", *key), "txn or group");
    rule.key = is_group ? core::CoordinatorType::Group : core::CoordinatorType::Transaction;
  }
  if (const auto committed = line.number_option("committed")) rule.committed = *committed != 0;
  rule.acts = read_answer(rule, line);
  scenario_.cluster.coordination.rules.push_back(std::move(rule));
}

}  // namespace linger::sim::conform
