#include "viz/future_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>

#include "sim/event_text.h"
#include "sim/fault.h"
#include "viz/batch_view.h"
#include "viz/language.h"
#include "viz/said.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

using core::Milliseconds;

// The axis: from a tenth of a millisecond to a quarter of an hour.
constexpr double kNearest = 1e2;
constexpr double kFarthest = 9e8;

float place_on_axis(core::Duration left) {
  const double us = std::max(static_cast<double>(left.count()), kNearest);
  const double along = std::log10(us / kNearest) / std::log10(kFarthest / kNearest);
  return static_cast<float>(std::min(along, 1.0));
}

// A setting's timer that never ends is none.
constexpr core::Duration kFarAway = std::chrono::hours{24 * 365};

class TimerCollector {
 public:
  explicit TimerCollector(const Scene& scene) : scene_{scene} {}

  FutureView collect() {
    if (!scene_.world().ended) {
      add_queue();
      add_threads();
      for (std::size_t i = 0; i < scene_.world().processes.size(); ++i) {
        add_producer(core::ProducerIndex{static_cast<std::int32_t>(i)});
      }
    }
    FutureView view;
    for (std::optional<Timer>& timer : first_) {
      if (timer) view.timers.push_back(std::move(*timer));
    }
    std::stable_sort(view.timers.begin(), view.timers.end(),
                     [](const Timer& a, const Timer& b) { return a.at < b.at; });
    if (view.timers.empty()) view.hint = tr("nothing is due any more: the run is over");
    constexpr std::array<core::Duration, 8> kTicks{
        std::chrono::microseconds{100}, std::chrono::milliseconds{1}, std::chrono::milliseconds{10},
        std::chrono::milliseconds{100}, std::chrono::seconds{1},      std::chrono::seconds{10},
        std::chrono::minutes{1},        std::chrono::minutes{10}};
    for (const core::Duration tick : kTicks) {
      view.ticks.push_back({place_on_axis(tick), duration_text(tick)});
    }
    return view;
  }

 private:
  static std::string no_setting() { return ""; }

  // Most timers are not the first of their kind, and nobody asks what they are about.
  template <class What, class Setting = std::string (*)()>
  void add(TimerKind kind, core::Instant at, What what, Setting setting = no_setting) {
    if (at < scene_.at || at - scene_.at > kFarAway) return;
    std::optional<Timer>& first = first_[static_cast<std::size_t>(kind)];
    const std::int32_t others = first ? first->others + 1 : 0;
    if (first && first->at <= at) {
      first->others = others;
      return;
    }
    Timer timer;
    timer.kind = kind;
    timer.at = at;
    timer.left = at - scene_.at;
    timer.place = place_on_axis(timer.left);
    timer.text = word(kind);
    timer.left_text = duration_text(timer.left);
    timer.what = what();
    timer.setting = setting();
    timer.others = others;
    first = std::move(timer);
  }
  template <class What, class Setting = std::string (*)()>
  void add(TimerKind kind, core::Millis at, What what, Setting setting = no_setting) {
    add(kind, instant_of(scene_.world(), at), what, setting);
  }
  static auto said(const char* english) {
    return [english] { return std::string{tr(english)}; };
  }
  static auto set_to(const char* key, Milliseconds value) {
    return [key, value] { return std::string{key} + " = " + std::to_string(value.count()); };
  }

  // --- The world's own queue ---

  void add_queue() {
    scene_.world().events.for_each([this](core::Instant at, const sim::QueuedEvent& event) {
      if (const auto* fault = std::get_if<sim::FaultDue>(&event)) {
        add(TimerKind::Fault, at, [&] {
          return tr_said(sim::text(scene_.world().scenario->faults[fault->index].fault));
        });
      } else if (const auto* wire = std::get_if<sim::WireEvent>(&event)) {
        std::visit([&](const auto& one) { add_wire(at, one); }, *wire);
      }
    });
  }
  template <class Event>
  void add_wire(core::Instant at, const Event& event) {
    if constexpr (requires { event.bytes; }) {
      add(TimerKind::Wire, at, said("bytes arrive at the other end of a wire"));
    } else if constexpr (requires { event.broker; }) {
      add(TimerKind::Broker, at,
          [&] { return tr("{} is done with something", broker_label(event.broker)); });
    } else if constexpr (requires { event.partition; }) {
      add(TimerKind::Broker, at, [&] {
        return tr("a follower of {} fetches, or is answered",
                  scene_.names.topics.text(event.partition));
      });
    } else if constexpr (requires { event.transactional_id; }) {
      add(TimerKind::Broker, at,
          [&] { return tr("the coordinator of {} goes on with it", event.transactional_id); });
    } else {
      add(TimerKind::Wire, at, said("a connection comes about, ends, or has room"));
    }
  }

  // --- Threads ---

  void add_threads() {
    for (const sim::AppThread& thread : scene_.world().threads) {
      const auto name = [&] { return thread_name(scene_.names, thread.id); };
      if (thread.due) {
        add(TimerKind::Thread, *thread.due,
            [&] { return tr("thread {} goes on with its program", name()); });
      }
      if (thread.deadline && thread.blocked_on) {
        add(
            TimerKind::MaxBlock, *thread.deadline,
            [&] { return tr("thread {} gives up waiting", name()); },
            [&] { return std::string{setting_of(*thread.blocked_on)}; });
      }
    }
  }

  // --- Producers ---

  void add_producer(core::ProducerIndex index) {
    const sim::ProducerProcess& process = process_of(scene_, index);
    if (process.has_exited) return;
    using State = sim::SenderThread::State;
    const sim::SenderThread& sender = process.sender;
    if (sender.due && (sender.state == State::Polling || sender.state == State::Sleeping)) {
      add(TimerKind::Poll, *sender.due, said("the sender's wait ends, and its next pass begins"));
    }
    add_batches(index);
    add_requests(process.producer);
    add_connections(index, process.producer);
    add_metadata(process.producer);
  }

  void add_batches(core::ProducerIndex index) {
    const core::RecordAccumulator& accumulator = accumulator_of(scene_, index);
    for (const core::BatchId id : accumulator.incomplete()) {
      const BatchRef ref{index, id};
      const core::ProducerBatch* batch = find_batch(scene_, ref);
      if (batch == nullptr) continue;
      const BatchWaits waits = waits_of(scene_, ref);
      const auto& settings = accumulator.settings();
      const auto label = [&] { return batch_label(id); };
      const auto partition = [&] { return scene_.names.topics.text(batch->partition); };
      if (waits.linger) {
        add(
            TimerKind::Linger, scene_.at + waits.linger->time,
            [&] { return tr("{} of {} has waited for linger.ms", label(), partition()); },
            set_to("linger.ms", settings.linger));
      }
      if (waits.backoff) {
        add(
            TimerKind::Backoff, scene_.at + waits.backoff->time,
            [&] { return tr("{} of {} may be sent again", label(), partition()); },
            set_to("retry.backoff.ms", process_of(scene_, index).producer.config().retry_backoff));
      }
      if (waits.delivery) {
        add(
            TimerKind::DeliveryTimeout, scene_.at + waits.delivery->time,
            [&] {
              return tr("{} of {} fails if its fate is not known by then", label(), partition());
            },
            set_to("delivery.timeout.ms", settings.expiry.delivery_timeout));
      }
    }
  }

  void add_requests(const core::KafkaProducer& producer) {
    const core::InFlightRequests& in_flight = producer.client().in_flight();
    for (const core::NodeId node : nodes_of(producer)) {
      if (in_flight.count(node) == 0) continue;
      for (const core::InFlightRequest& request : in_flight.requests(node)) {
        add(
            TimerKind::RequestTimeout, request.sent + request.timeout,
            [&] {
              return tr("{} to {} is given up, and the connection with it",
                        request_label(request.api, request.correlation), broker_label(node));
            },
            set_to("request.timeout.ms", request.timeout));
      }
    }
  }

  void add_connections(core::ProducerIndex index, const core::KafkaProducer& producer) {
    const core::ClusterConnectionStates& states = producer.client().connections();
    const core::Millis now = scene_.world().producer_time();
    for (const core::NodeId node : nodes_of(producer)) {
      const std::string name = broker_label(node);
      if (states.is_blacked_out(node, now)) {
        add(
            TimerKind::Reconnect, now + states.connection_delay(node, now),
            [&] { return tr("a connection to {} may be tried again", name); },
            set_to("reconnect.backoff.ms",
                   process_of(scene_, index).producer.config().reconnect_backoff));
      }
      if (states.has_entry(node) && states.is_connecting(node)) {
        add(
            TimerKind::Setup,
            states.last_connect_attempt(node) + states.connection_setup_timeout(node),
            [&] { return tr("the connection to {} is given up if it does not stand", name); },
            set_to("socket.connection.setup.timeout.ms", states.connection_setup_timeout(node)));
      }
      const Milliseconds throttle = states.throttle_delay(node, now);
      if (throttle > Milliseconds{0}) {
        add(TimerKind::Throttle, now + throttle,
            [&] { return tr("{} may be sent to again", name); });
      }
    }
  }

  void add_metadata(const core::KafkaProducer& producer) {
    const core::Metadata& metadata = producer.metadata();
    if (metadata.update_version() == 0) return;
    add(TimerKind::MetadataAge,
        metadata.last_successful_refresh() + producer.config().metadata_max_age,
        said("the metadata is asked for again"),
        set_to("metadata.max.age.ms", producer.config().metadata_max_age));
  }

  // Brokers by their ids, and the bootstrap addresses.
  std::vector<core::NodeId> nodes_of(const core::KafkaProducer& producer) const {
    std::vector<core::NodeId> nodes = scene_.world().servers.cluster().brokers();
    for (const core::Node& node : producer.settings().bootstrap) nodes.push_back(node.id);
    return nodes;
  }

  const Scene& scene_;
  std::array<std::optional<Timer>, kTimerKinds> first_;
};

}  // namespace

std::string_view word(TimerKind kind) {
  switch (kind) {
    case TimerKind::Thread:
      return tr("thread");
    case TimerKind::Linger:
      return tr("linger");
    case TimerKind::Backoff:
      return tr("backoff");
    case TimerKind::Poll:
      return tr("poll");
    case TimerKind::Wire:
      return tr("wire");
    case TimerKind::Broker:
      return tr("broker");
    case TimerKind::Fault:
      return tr("fault");
    case TimerKind::Reconnect:
      return tr("reconnect");
    case TimerKind::Setup:
      return tr("connection setup");
    case TimerKind::Throttle:
      return tr("throttle");
    case TimerKind::RequestTimeout:
      return tr("request timeout");
    case TimerKind::MaxBlock:
      return tr("max block");
    case TimerKind::DeliveryTimeout:
      return tr("delivery timeout");
    case TimerKind::MetadataAge:
      return tr("metadata age");
  }
  return "";
}

FutureView future_view(const Scene& scene) {
  return TimerCollector{scene}.collect();
}

}  // namespace linger::viz
