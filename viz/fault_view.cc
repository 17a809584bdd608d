#include "viz/fault_view.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>

#include "sim/scenario_parser.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/pipeline_view.h"
#include "viz/said.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

using namespace std::chrono_literals;

// What the buttons aim at.
struct Target {
  std::optional<core::NodeId> broker;
  std::optional<core::TopicPartition> partition;
  std::optional<std::size_t> producer;  // none: nothing of one is selected
};

// Whose batch, deque, request, record or thread is selected.
class ProducerOf {
 public:
  explicit ProducerOf(const Scene& now) : now_{now} {}

  std::optional<std::size_t> operator()(std::monostate) const { return std::nullopt; }
  std::optional<std::size_t> operator()(core::NodeId) const { return std::nullopt; }
  std::optional<std::size_t> operator()(core::RecordId record) const {
    if (static_cast<std::size_t>(record.value()) >= now_.world().records.size()) return {};
    return index(entry_of(now_, record).producer);
  }
  std::optional<std::size_t> operator()(core::ThreadId thread) const {
    if (thread.value() < 0) return static_cast<std::size_t>(-1 - thread.value());
    const auto& threads = now_.timeline.scenario().threads;
    const auto number = static_cast<std::size_t>(thread.value());
    if (number >= threads.size()) return std::nullopt;
    return threads[number].producer;
  }
  template <class Ref>
  std::optional<std::size_t> operator()(const Ref& ref) const {
    return index(ref.producer);
  }

 private:
  static std::size_t index(core::ProducerIndex producer) {
    return static_cast<std::size_t>(producer.value());
  }
  const Scene& now_;
};

std::optional<core::TopicPartition> first_led_by(const sim::Cluster& cluster, core::NodeId broker) {
  for (const core::TopicId topic : cluster.topics()) {
    for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) {
      if (cluster.find({topic, i})->leader == broker) return core::TopicPartition{topic, i};
    }
  }
  return std::nullopt;
}

// The broker that a request in flight was sent to.
std::optional<core::NodeId> broker_of(const ViewerState& state, const RequestRef& request) {
  const Scene now = scene(state);
  for (const ConnectionBox& connection : connection_boxes(now, request.producer)) {
    for (const RequestBox& one : connection.in_flight) {
      if (one.correlation == request.correlation) return connection.broker;
    }
  }
  return std::nullopt;
}

Target target_of(const ViewerState& state) {
  const Scene now = scene(state);
  const sim::Cluster& cluster = state.world().servers.cluster();
  Target target;
  target.producer = std::visit(ProducerOf{now}, state.selection);
  if (const auto* broker = std::get_if<core::NodeId>(&state.selection)) {
    target.broker = *broker;
    target.partition = first_led_by(cluster, *broker);
  }
  const auto* request = std::get_if<RequestRef>(&state.selection);
  if (request != nullptr) target.broker = broker_of(state, *request);
  if (!target.partition) {
    if (const auto lane = lane_in_focus(now)) target.partition = lane->partition;
  }
  const sim::Partition* partition = target.partition ? cluster.find(*target.partition) : nullptr;
  if (!target.broker && partition != nullptr) target.broker = partition->leader;
  if (!target.broker && !cluster.brokers().empty()) target.broker = cluster.brokers().front();
  return target;
}

class Buttons {
 public:
  void add(const char* name, const char* why, sim::Fault fault) {
    const int number = static_cast<int>(buttons_.size()) + 1;
    std::string what = tr_said(sim::text(fault));
    buttons_.push_back({number, tr(name), std::move(what), tr(why), std::move(fault)});
  }
  std::vector<FaultButton> take() { return std::move(buttons_); }

 private:
  std::vector<FaultButton> buttons_;
};

std::optional<core::NodeId> other_leader(const sim::Cluster& cluster,
                                         core::TopicPartition partition) {
  const std::vector<core::NodeId> brokers = cluster.brokers();
  if (brokers.size() < 2) return std::nullopt;
  const sim::Partition* known = cluster.find(partition);
  const auto here =
      known == nullptr ? brokers.end() : std::find(brokers.begin(), brokers.end(), known->leader);
  if (here == brokers.end() || std::next(here) == brokers.end()) return brokers.front();
  return *std::next(here);
}

std::vector<FaultButton> buttons_for(const ViewerState& state, core::NodeId broker,
                                     core::TopicPartition partition) {
  const sim::Cluster& cluster = state.world().servers.cluster();
  const sim::PartitionName name{cluster.names().name(partition.topic), partition.partition};
  Buttons buttons;
  buttons.add("disconnect", "What is on the wire is lost, and what was sent is tried again.",
              sim::Disconnect{broker});
  buttons.add("silence", "Requests wait until request.timeout.ms, or until it speaks again.",
              sim::FallSilent{broker, 2s});
  buttons.add("refuse", "The client backs off: reconnect.backoff.ms.",
              sim::RefuseConnections{broker, 500ms});
  buttons.add("latency", "More is in flight, and linger.ms matters less.",
              sim::AddLatency{broker, 20ms, 200ms});
  buttons.add("fail, retriable", "The batch goes back to its deque, and waits out its backoff.",
              sim::FailProduce{name, core::ErrorCode::NotLeaderOrFollower, 1, false});
  buttons.add("fail after append", "The retry is a duplicate; idempotence makes it harmless.",
              sim::FailProduce{name, core::ErrorCode::NotEnoughReplicasAfterAppend, 1, true});
  buttons.add("lose response", "Nobody knows whether it was written.",
              sim::LoseResponse{name, 1, true});
  buttons.add("change leader", "Metadata is stale: NOT_LEADER_OR_FOLLOWER.",
              sim::ChangeLeader{name, other_leader(cluster, partition)});
  buttons.add("fail for good", "The records fail, and the application is told.",
              sim::FailProduce{name, core::ErrorCode::TopicAuthorizationFailed, 1, false});
  return buttons.take();
}

// --- The vocabulary ---

// The fields a kind must have, in TOML, aimed at what is selected.
class AimedFields {
 public:
  explicit AimedFields(const Target& target, const sim::Scenario& scenario)
      : target_{target}, scenario_{scenario} {}

  template <class T>
  void must(const sim::FieldInfo& field, const T& value) {
    add(field, aimed(field, value));
  }
  // A fault that could last for ever is over after a while.
  template <class T>
  void may(const sim::FieldInfo& field, const T& value) {
    if (field.key == "for") add(field, aimed(field, value));
  }

  std::string text;

 private:
  void add(const sim::FieldInfo& field, const std::string& value) {
    text += (text.empty() ? " " : ", ") + std::string{field.key} + " = " + value;
  }

  std::string aimed(const sim::FieldInfo&, const core::NodeId&) const {
    return std::to_string(target_.broker->value());
  }
  std::string aimed(const sim::FieldInfo&, const sim::PartitionName&) const {
    return "\"" + scenario_.topics.text(*target_.partition) + "\"";
  }
  std::string aimed(const sim::FieldInfo&, const sim::TopicName&) const {
    return "\"" + scenario_.topics.name(target_.partition->topic) + "\"";
  }
  std::string aimed(const sim::FieldInfo&, const sim::ProducerName&) const {
    return "\"" + scenario_.producers[target_.producer.value_or(0)].name + "\"";
  }
  // Of a transaction. A number is none: where there are no transactions, the fault is not offered.
  std::string aimed(const sim::FieldInfo& field, const std::string&) const {
    if (field.key != "transaction") return std::string{field.example};
    for (std::size_t i = 0; i < scenario_.producers.size(); ++i) {
      const auto& id = scenario_.producers[i].config.config.transactional_id;
      if (id && target_.producer.value_or(i) == i) return "\"" + *id + "\"";
    }
    return "0";
  }
  template <class T>
  std::string aimed(const sim::FieldInfo& field, const T&) const {
    return std::string{field.example};
  }

  const Target& target_;
  const sim::Scenario& scenario_;
};

// One of each kind that makes sense here.
std::vector<FaultButton> all_kinds(const ViewerState& state, const Target& target) {
  const sim::Scenario& scenario = state.scenario();
  std::vector<FaultButton> buttons;
  for (const sim::Fault& kind : sim::fault_vocabulary()) {
    AimedFields fields{target, scenario};
    std::visit([&fields](const auto& one) { one.visit(one, fields); }, kind);
    const sim::FaultInfo& info = sim::info(kind);
    const auto parsed = sim::parse_fault(
        "at = \"0ms\", " + std::string{info.key} + " = {" + fields.text + " }", "", scenario);
    const auto* fault = std::get_if<sim::ScheduledFault>(&parsed);
    if (fault == nullptr) continue;
    buttons.push_back({.number = 1,
                       .name = std::string{info.key},
                       .what = tr_said(sim::text(fault->fault)),
                       .why = tr(info.meaning),
                       .fault = fault->fault});
  }
  return buttons;
}

constexpr std::size_t kButtonsOnAPage = 9;

// The page that is asked for, numbered from 1.
void add_page(const ViewerState& state, const Target& target, FaultView& view) {
  std::vector<FaultButton> kinds = all_kinds(state, target);
  view.pages = 1 + static_cast<int>((kinds.size() + kButtonsOnAPage - 1) / kButtonsOnAPage);
  view.page = std::clamp(state.fault_page, 0, view.pages - 1);
  const int shown = view.page + 1;
  view.page_text = view.page == 0 ? tr("{} of {}: most often of use", shown, view.pages)
                                  : tr("{} of {}: all kinds", shown, view.pages);
  if (view.page == 0) {
    view.buttons = buttons_for(state, *target.broker, *target.partition);
    return;
  }
  const std::size_t first = static_cast<std::size_t>(view.page - 1) * kButtonsOnAPage;
  for (std::size_t i = first; i < kinds.size() && i < first + kButtonsOnAPage; ++i) {
    kinds[i].number = static_cast<int>(i - first) + 1;
    view.buttons.push_back(std::move(kinds[i]));
  }
}

std::string pending_text(const sim::ScheduledFault& fault) {
  const std::string text = tr_said(sim::text(fault.fault));
  return fault.moment.at ? tr("{} at {}", text, sim::instant_text(*fault.moment.at))
                         : tr("{} when a condition holds", text);
}

}  // namespace

std::vector<FaultButton> every_fault(const ViewerState& state) {
  const Target target = target_of(state);
  if (!target.broker || !target.partition) return {};
  std::vector<FaultButton> all = buttons_for(state, *target.broker, *target.partition);
  for (FaultButton& kind : all_kinds(state, target)) {
    if (!std::ranges::count(all, kind.fault, &FaultButton::fault)) all.push_back(std::move(kind));
  }
  return all;
}

FaultView fault_view(const ViewerState& state) {
  FaultView view;
  const Target target = target_of(state);
  if (target.broker) view.broker = broker_label(*target.broker);
  const sim::Cluster& cluster = state.world().servers.cluster();
  if (target.partition) view.partition = cluster.names().text(*target.partition);
  if (target.broker && target.partition) {  // the partition may be deleted, and may come back
    add_page(state, target, view);
  }
  const std::vector<sim::ScheduledFault>& faults = state.scenario().faults;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (!state.world().fault_done[i]) view.pending.push_back(pending_text(faults[i]));
  }
  const Scene now = scene(state);
  const auto done = now.index.moments_before(MomentKind::Fault, now.position());
  for (auto at = done.rbegin(); at != done.rend(); ++at) {
    const sim::TraceEvent& event = state.timeline().trace()[at->position];
    view.done.push_back(
        tr("{} at {}", tr_said(event.as<sim::FaultApplied>()->text), sim::instant_text(event.at)));
  }
  return view;
}

}  // namespace linger::viz
