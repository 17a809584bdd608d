// How long the sender may sleep, and to which nodes data may go.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "sim/decision_flip.h"
#include "sim/event_text.h"
#include "viz/language.h"
#include "viz/readiness_view.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

std::string set_to(const char* key, core::Milliseconds value) {
  return fmt::format("{} = {}", key, value.count());
}

Truth truth_of(bool holds) {
  return holds ? Truth::True : Truth::False;
}

bool has_rule(const core::KafkaProducer& producer, core::Rule rule) {
  return producer.settings().config.rules.has(rule);
}

std::string sleep_headline(const core::SleepDecision& decision) {
  const std::string time = tr("asks its poll to wait {}", duration_text(decision.timeout));
  switch (decision.decided_by) {
    case core::SleepReason::ReadyNode:
      return tr("does not wait: a node is ready");
    case core::SleepReason::NextReadyCheck:
      return tr("{}: until the next ready check", time);
    case core::SleepReason::NotReadyNode:
      return tr("{}: until a node may be ready", time);
    case core::SleepReason::NextExpiry:
      return tr("{}: until a batch expires", time);
    case core::SleepReason::TransactionManager:
      return tr("{}: for the transaction manager", time);
    case core::SleepReason::Nothing:
      return tr("waits until something happens");
  }
  return "";
}

// The partition whose wait is the shortest backs off after a failure, or lingers.
std::string ready_check_setting(const core::KafkaProducer& producer,
                                const core::SleepDecision& decision) {
  const core::RecordAccumulator& accumulator = producer.accumulator();
  for (const core::TopicPartition partition : accumulator.partitions()) {
    const auto& look = accumulator.queue(partition)->last_decision;
    if (!look || look->verdict != core::ReadinessVerdict::BackingOff) continue;
    if (look->next_check == decision.next_ready_check) {
      return set_to("retry.backoff.ms", producer.config().retry_backoff);
    }
  }
  return set_to("linger.ms", accumulator.settings().linger);
}

// A connection that comes about has its time to do so, one that was lost its time to rest.
std::string connection_setting(const core::KafkaProducer& producer,
                               core::ConnectionState connection) {
  const core::ProducerConfig& config = producer.config();
  const bool is_bounded = has_rule(producer, core::Rule::Kip601ConnectionSetupTimeout);
  if (connection == core::ConnectionState::Connecting && is_bounded) {
    return set_to("socket.connection.setup.timeout.ms", config.socket_connection_setup_timeout);
  }
  return set_to("reconnect.backoff.ms", config.reconnect_backoff);
}

// The node that may be ready first; null if there is none.
const core::NodeDecision* first_to_be_ready(const core::KafkaProducer& producer,
                                            const core::SleepDecision& decision) {
  for (const auto& [node, look] : producer.sender().last_node_decisions()) {
    if (!look.ready && look.delay == decision.not_ready_delay) return &look;
  }
  return nullptr;
}

class SleepReader {
 public:
  SleepReader(const core::KafkaProducer& producer, const core::SleepDecision& decision)
      : producer_{producer}, decision_{decision} {}

  std::vector<Term> rows() {
    using sim::SleepTerm;
    if (decision_.decided_by == core::SleepReason::ReadyNode) {
      add(SleepTerm::NodeReady, core::Milliseconds{0}, core::SleepReason::ReadyNode,
          tr("something may be left to send to it: the sender looks again at once"), "");
    }
    add(SleepTerm::NextReadyCheck, decision_.next_ready_check, core::SleepReason::NextReadyCheck,
        tr("a batch waits for linger.ms or its backoff"),
        ready_check_setting(producer_, decision_));
    add_not_ready_delay();
    add_next_expiry();
    return std::move(rows_);
  }

 private:
  void add(sim::SleepTerm term, core::Milliseconds time, core::SleepReason reason, std::string what,
           std::string set) {
    Term row{tr(word(term)),
             truth_of(holds(term, decision_)),
             decision_.decided_by == reason,
             std::move(what),
             std::move(set),
             "Sender.sendProducerData"};
    row.time = duration_text(time);
    rows_.push_back(std::move(row));
  }
  // A pause that a broker asked for is no setting of ours.
  void add_not_ready_delay() {
    const core::NodeDecision* node = first_to_be_ready(producer_, decision_);
    const bool is_throttled = node != nullptr && node->throttled;
    const auto connection =
        node == nullptr ? core::ConnectionState::Disconnected : node->connection;
    add(sim::SleepTerm::NotReadyDelay, decision_.not_ready_delay, core::SleepReason::NotReadyNode,
        tr("a node that was not ready may be by then"),
        is_throttled ? "" : connection_setting(producer_, connection));
    if (is_throttled) rows_.back().rule = "KIP-219";
  }
  // Before KIP-91 nobody wakes up for it.
  void add_next_expiry() {
    const bool is_bounded = has_rule(producer_, core::Rule::Kip91DeliveryTimeout);
    add(sim::SleepTerm::NextExpiry, decision_.next_expiry, core::SleepReason::NextExpiry,
        is_bounded ? tr("a batch reaches delivery.timeout.ms")
                   : tr("before KIP-91 the sender does not wake up for it"),
        is_bounded ? set_to("delivery.timeout.ms", producer_.config().delivery_timeout) : "");
    rows_.back().rule = "KIP-91";
  }

  const core::KafkaProducer& producer_;
  const core::SleepDecision& decision_;
  std::vector<Term> rows_;
};

}  // namespace

SleepView sleep_view(const Scene& scene, core::ProducerIndex producer) {
  const sim::ProducerProcess& process = process_of(scene, producer);
  const core::SleepDecision& decision = process.producer.sender().last_sleep();
  SleepView view;
  if (decision == core::SleepDecision{}) {
    view.headline = tr("the sender has not come to that yet");
    return view;
  }
  view.headline = sleep_headline(decision);
  view.rows = SleepReader{process.producer, decision}.rows();
  if (process.sender.due && process.sender.state == sim::SenderThread::State::Polling) {
    const core::Instant began = std::min(process.sender.turned_at, scene.world().now);
    view.until = remaining(began, *process.sender.due, scene.at);
  }
  return view;
}

// --- Nodes ---

namespace {

NodeView node_view(const core::NodeDecision& decision, const core::KafkaProducer& producer) {
  const core::ProducerConfig& config = producer.config();
  NodeView view;
  view.node = decision.node;
  view.name = broker_label(decision.node);
  view.is_ready = decision.ready;
  const auto add = [&](sim::NodeTerm term, std::string what, std::string set,
                       const char* rule = "") {
    const bool is_so = holds(term, decision);
    view.terms.push_back({tr(word(term)), truth_of(is_so), !is_so, std::move(what), std::move(set),
                          "NetworkClient.isReady", rule});
  };
  const bool setup_is_bounded = has_rule(producer, core::Rule::Kip601ConnectionSetupTimeout);
  add(sim::NodeTerm::NoMetadataDue, tr("a due metadata request goes first"),
      set_to("metadata.max.age.ms", config.metadata_max_age));
  add(sim::NodeTerm::ConnectionReady, std::string{tr(sim::word(decision.connection))},
      connection_setting(producer, decision.connection));
  add(sim::NodeTerm::ChannelReady, tr("the socket is connected"),
      setup_is_bounded
          ? set_to("socket.connection.setup.timeout.ms", config.socket_connection_setup_timeout)
          : "",
      setup_is_bounded ? "KIP-601" : "");
  add(sim::NodeTerm::NotThrottled, tr("the broker asked for no pause"), "", "KIP-219");
  add(sim::NodeTerm::CanSendMore,
      tr("{} in flight, and the last one is wholly written", number_text(decision.in_flight)),
      fmt::format("max.in.flight.requests.per.connection = {}",
                  config.max_in_flight_requests_per_connection));
  if (decision.ready) {
    view.headline = tr("ready");
    return view;
  }
  const auto first = std::find_if(view.terms.begin(), view.terms.end(),
                                  [](const Term& term) { return term.value == Truth::False; });
  view.headline = tr("not ready");
  if (first != view.terms.end()) view.headline += tr(": not “{}”", first->name);
  return view;
}

}  // namespace

std::vector<NodeView> node_views(const Scene& scene, core::ProducerIndex producer) {
  std::vector<NodeView> views;
  const core::KafkaProducer& self = process_of(scene, producer).producer;
  for (const auto& [node, decision] : self.sender().last_node_decisions()) {
    views.push_back(node_view(decision, self));
  }
  return views;
}

}  // namespace linger::viz
