#include "sim/lane.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "sim/scenario.h"

namespace linger::sim {
namespace {

// A lane as it is written: a word before its number or name, and one behind it.
struct LaneForm {
  Lane::Kind kind;
  std::string_view before;
  std::string_view after;
};
constexpr std::array kForms{
    LaneForm{Lane::Kind::Fault, "fault ", ""},
    LaneForm{Lane::Kind::Narration, "narration ", ""},
    LaneForm{Lane::Kind::Thread, "thread ", ""},
    LaneForm{Lane::Kind::Sender, "sender ", ""},
    LaneForm{Lane::Kind::ToBroker, "connection ", " to broker"},
    LaneForm{Lane::Kind::ToClient, "connection ", " to client"},
    LaneForm{Lane::Kind::AtBroker, "connection ", " at broker"},
    LaneForm{Lane::Kind::Replica, "replica ", ""},  // and " of " its partition
    LaneForm{Lane::Kind::Leader, "leader of ", ""},
    LaneForm{Lane::Kind::Broker, "broker ", ""},
    LaneForm{Lane::Kind::Coordinators, "coordinators", ""},
    LaneForm{Lane::Kind::Outside, "outside", ""},
};
constexpr std::string_view kOf = " of ";

template <class List>
std::optional<std::int32_t> place_of(std::string_view name, const List& named) {
  const auto at =
      std::find_if(named.begin(), named.end(), [&](const auto& one) { return one.name == name; });
  if (at == named.end()) return std::nullopt;
  return static_cast<std::int32_t>(at - named.begin());
}

std::optional<std::int32_t> number_of(std::string_view text) {
  std::int32_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = failure == std::errc{} && end == text.data() + text.size() && number >= 0;
  return is_number ? std::optional{number} : std::nullopt;
}

std::optional<core::TopicPartition> partition_in(std::string_view text, const Scenario& scenario) {
  const auto name = parse_partition_name(text);
  const auto* partition = std::get_if<PartitionName>(&name);
  if (partition == nullptr) return std::nullopt;
  const auto topic = scenario.topics.find(partition->topic);
  if (!topic) return std::nullopt;
  return core::TopicPartition{*topic, partition->partition};
}

std::optional<Lane> lane_in(const LaneForm& form, std::string_view what, const Scenario& scenario) {
  std::optional<std::int32_t> number;
  std::optional<core::TopicPartition> partition = core::TopicPartition{};
  switch (form.kind) {
    case Lane::Kind::Thread:
      number = place_of(what, scenario.threads);
      break;
    case Lane::Kind::Sender:
      number = place_of(what, scenario.producers);
      break;
    case Lane::Kind::Coordinators:
    case Lane::Kind::Outside:
      number = what.empty() ? std::optional{0} : std::nullopt;
      break;
    case Lane::Kind::Leader:
      number = 0;
      partition = partition_in(what, scenario);
      break;
    case Lane::Kind::Replica: {
      const std::size_t of = what.find(kOf);
      if (of == std::string_view::npos) return std::nullopt;
      number = number_of(what.substr(0, of));
      partition = partition_in(what.substr(of + kOf.size()), scenario);
      break;
    }
    default:
      number = number_of(what);
  }
  if (!number || !partition) return std::nullopt;
  return Lane{form.kind, *number, *partition};
}

}  // namespace

std::string lane_text(const Lane& lane, const Scenario& scenario) {
  const LaneForm& form = kForms[static_cast<std::size_t>(lane.kind)];
  const auto place = static_cast<std::size_t>(lane.number);
  std::string what;
  switch (lane.kind) {
    case Lane::Kind::Thread:
      what = scenario.threads[place].name;
      break;
    case Lane::Kind::Sender:
      what = scenario.producers[place].name;
      break;
    case Lane::Kind::Coordinators:
    case Lane::Kind::Outside:
      break;
    case Lane::Kind::Leader:
      what = scenario.topics.text(lane.partition);
      break;
    case Lane::Kind::Replica:
      what = fmt::format("{}{}{}", lane.number, kOf, scenario.topics.text(lane.partition));
      break;
    default:
      what = fmt::format("{}", lane.number);
  }
  return fmt::format("{}{}{}", form.before, what, form.after);
}

std::variant<Lane, UnitError> parse_lane(std::string_view text, const Scenario& scenario) {
  for (const LaneForm& form : kForms) {
    if (!text.starts_with(form.before) || !text.ends_with(form.after)) continue;
    if (text.size() < form.before.size() + form.after.size()) continue;
    text.remove_suffix(form.after.size());
    const std::string_view what = text.substr(form.before.size());
    if (const auto lane = lane_in(form, what, scenario)) return *lane;
    return UnitError{fmt::format("there is no '{}' in this scenario", text),
                     "threads and producers by their names, the rest by numbers from 0"};
  }
  return UnitError{fmt::format("'{}' is nobody who could come next", text),
                   "such as \"thread app\", \"sender producer\", \"connection 0 to client\", "
                   "\"connection 0 at broker\", \"replica 1 of t-0\", \"fault 0\""};
}

}  // namespace linger::sim
