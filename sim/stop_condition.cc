#include "sim/stop_condition.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sim/event_vocabulary.h"
#include "sim/query_node.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

bool is_event_kind(std::string_view text) {
  const std::vector<EventKind> kinds = event_vocabulary();
  return std::any_of(kinds.begin(), kinds.end(),
                     [text](const EventKind& kind) { return kind.name == text; });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

bool is_yes(const LookupResult& result) {
  const auto* value = std::get_if<Value>(&result);
  return value != nullptr && *value == Value{true};
}

}  // namespace

std::variant<StopPoint, QueryError> parse_stop(std::string_view text) {
  const std::string_view words = trimmed(text);
  const auto time = parse_duration(words);
  if (const auto* since_start = std::get_if<Duration>(&time)) {
    return StopPoint{core::Instant{*since_start}};
  }
  auto parsed =
      parse_query(is_event_kind(words) ? "count(" + std::string{words} + ")" : std::string{text});
  if (auto* error = std::get_if<QueryError>(&parsed)) return std::move(*error);
  Query& query = std::get<Query>(parsed);
  const bool is_condition = query.root()->type == ValueType::Boolean;
  return StopPoint{StopCondition{std::move(query), is_condition}};
}

StopWatch::StopWatch(StopCondition condition, const World& world, std::span<const TraceEvent> past)
    : condition_{std::move(condition)}, last_{Value{}} {
  const core::TopicNames& topics = world.scenario->topics;
  for (const TraceEvent& event : past) remember(condition_.query, event, topics, memory_);
  last_ = value_in(world);
}

LookupResult StopWatch::value_in(const World& world) const {
  return evaluate(condition_.query, {lookup_in(world), {}, &memory_, world.scenario->topics});
}

std::variant<bool, EvalError> StopWatch::look(const World& world,
                                              std::span<const TraceEvent> happened) {
  const core::TopicNames& topics = world.scenario->topics;
  for (const TraceEvent& event : happened) remember(condition_.query, event, topics, memory_);
  LookupResult now = value_in(world);
  if (const auto* error = std::get_if<EvalError>(&now)) return *error;
  const bool stops = condition_.is_condition ? is_yes(now) && !is_yes(last_) : now != last_;
  last_ = std::move(now);
  return stops;
}

}  // namespace linger::sim
