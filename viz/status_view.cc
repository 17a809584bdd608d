#include "viz/status_view.h"

#include <algorithm>
#include <filesystem>

#include "sim/trace_text.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

std::string title_of(const sim::Scenario& scenario) {
  if (!scenario.lesson.title.empty()) return scenario.lesson.title;
  if (!scenario.file.empty()) return std::filesystem::path{scenario.file}.stem().string();
  return "a scenario without a name";
}

std::string hint_of(const ViewerState& state) {
  if (state.is_playing || !state.error.empty()) return "";
  return state.timeline().cursor() == 0 ? "press Space" : "";
}

std::string outcome_of(const sim::World& world) {
  const sim::RecordCounts& counts = world.counts;
  std::string text = number_text(counts.acknowledged) + " of " + count_text(counts.sent, "record") +
                     " acknowledged";
  if (counts.failed > 0) text += ", " + number_text(counts.failed) + " failed";
  if (counts.refused > 0) text += ", " + number_text(counts.refused) + " refused";
  return text;
}

}  // namespace

StatusView status_view(const ViewerState& state) {
  const sim::World& world = state.world();
  StatusView view;
  view.title = title_of(state.scenario());
  view.lesson = state.scenario().lesson.text;
  view.time = sim::instant_text(state.shown_at);
  view.step = state.timeline().cursor();
  view.step_text =
      "step " + number_text(view.step) + " of " + number_text(state.timeline().frontier());
  view.is_playing = state.is_playing;
  view.is_over = state.timeline().is_over();
  view.can_go_back = view.step > 0;
  view.speed = speed_text(state.speed);
  view.hint = hint_of(state);
  if (state.skip) view.skipped = "skipped " + duration_text(state.skip->skipped) + " of waiting";
  if (state.message) view.message = state.message->text;
  view.error = state.error;
  if (view.is_over) view.outcome = outcome_of(world);
  view.sent = world.counts.sent;
  view.acknowledged = world.counts.acknowledged;
  view.failed = world.counts.failed + world.counts.refused;
  view.pending = view.sent - view.acknowledged - view.failed;
  for (const Branch& branch : state.branches) view.branches.push_back(branch.name);
  view.branch = state.branch;
  return view;
}

// --- Narration ---

NarrationView narration_view(const ViewerState& state) {
  const Scene now = scene(state);
  const std::vector<sim::Narration>& narration = state.scenario().narration;
  NarrationView view;
  view.count = static_cast<int>(narration.size());
  const auto reached = now.index.moments_before(MomentKind::Narration, now.position());
  view.number = static_cast<int>(reached.size());
  if (!reached.empty()) {
    const sim::TraceEvent& event = state.timeline().trace()[reached.back().position];
    const auto index = event.as<sim::NarrationReached>()->index;
    view.text = narration[static_cast<std::size_t>(index)].text;
    view.reached_at = sim::instant_text(event.at);
    view.is_new = event.at == state.shown_at;
  }
  std::optional<core::Instant> next;
  for (std::size_t i = 0; i < narration.size(); ++i) {
    const auto at = narration[i].moment.at;
    if (!at || state.world().narration_done[i]) continue;
    if (!next || *at < *next) next = at;
  }
  if (next) view.next = "next at " + sim::instant_text(*next);
  return view;
}

// --- Faults ---

namespace {

using namespace std::chrono_literals;

// What the buttons aim at.
struct Target {
  std::optional<core::NodeId> broker;
  std::optional<core::TopicPartition> partition;
};

std::optional<core::TopicPartition> first_led_by(const sim::Cluster& cluster, core::NodeId broker) {
  for (const core::TopicId topic : cluster.topics()) {
    for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) {
      if (cluster.find({topic, i})->leader == broker) return core::TopicPartition{topic, i};
    }
  }
  return std::nullopt;
}

Target target_of(const ViewerState& state) {
  const Scene now = scene(state);
  const sim::Cluster& cluster = state.world().servers.cluster();
  Target target;
  if (const auto* broker = std::get_if<core::NodeId>(&state.selection)) {
    target.broker = *broker;
    target.partition = first_led_by(cluster, *broker);
  }
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
    std::string what = sim::text(fault);
    buttons_.push_back({number, name, std::move(what), why, std::move(fault)});
  }
  std::vector<FaultButton> take() { return std::move(buttons_); }

 private:
  std::vector<FaultButton> buttons_;
};

std::optional<core::NodeId> other_leader(const sim::Cluster& cluster,
                                         core::TopicPartition partition) {
  const std::vector<core::NodeId> brokers = cluster.brokers();
  if (brokers.size() < 2) return std::nullopt;
  const auto here = std::find(brokers.begin(), brokers.end(), cluster.find(partition)->leader);
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

std::string pending_text(const sim::ScheduledFault& fault) {
  const std::string text = sim::text(fault.fault);
  return fault.moment.at ? text + " at " + sim::instant_text(*fault.moment.at)
                         : text + " when a condition holds";
}

}  // namespace

FaultView fault_view(const ViewerState& state) {
  FaultView view;
  const Target target = target_of(state);
  if (target.broker) view.broker = broker_label(*target.broker);
  const sim::Cluster& cluster = state.world().servers.cluster();
  if (target.partition) view.partition = cluster.names().text(*target.partition);
  if (target.broker && target.partition && cluster.has_partition(*target.partition)) {
    view.buttons = buttons_for(state, *target.broker, *target.partition);
  }
  const std::vector<sim::ScheduledFault>& faults = state.scenario().faults;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (!state.world().fault_done[i]) view.pending.push_back(pending_text(faults[i]));
  }
  const Scene now = scene(state);
  const auto done = now.index.moments_before(MomentKind::Fault, now.position());
  for (auto at = done.rbegin(); at != done.rend(); ++at) {
    const sim::TraceEvent& event = state.timeline().trace()[at->position];
    view.done.push_back(event.as<sim::FaultApplied>()->text + " at " + sim::instant_text(event.at));
  }
  return view;
}

}  // namespace linger::viz
