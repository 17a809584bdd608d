// Why a request is not answered yet: how far it has come.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "sim/event_text.h"
#include "sim/request_flip.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/pipeline_view.h"
#include "viz/said.h"
#include "viz/text.h"
#include "viz/why_link.h"
#include "viz/why_sections.h"

namespace linger::viz {
namespace {

const core::InFlightRequest* find_request(const core::InFlightRequests& in_flight,
                                          const std::vector<core::NodeId>& nodes,
                                          core::CorrelationId correlation) {
  for (const core::NodeId node : nodes) {
    if (in_flight.count(node) == 0) continue;
    for (const core::InFlightRequest& request : in_flight.requests(node)) {
      if (request.correlation == correlation) return &request;
    }
  }
  return nullptr;
}

const core::InFlightRequest* find_request(const Scene& scene, RequestRef ref) {
  const core::KafkaProducer& self = process_of(scene, ref.producer).producer;
  std::vector<core::NodeId> nodes = scene.world().servers.cluster().brokers();
  for (const core::Node& node : self.settings().bootstrap) nodes.push_back(node.id);
  return find_request(self.client().in_flight(), nodes, ref.correlation);
}

// What happened to it on its way, as far as it has come.
struct RequestWay {
  const sim::TraceEvent* sent = nullptr;
  const sim::TraceEvent* written = nullptr;
  const sim::TraceEvent* received = nullptr;
  const sim::TraceEvent* answered = nullptr;
  const sim::TraceEvent* completed = nullptr;
};

class WayReader {
 public:
  WayReader(const Scene& scene, RequestRef request) : scene_{scene}, request_{request} {}

  RequestWay read() {
    const auto way = scene_.index.events_of(request_);
    const auto later = std::lower_bound(way.begin(), way.end(), scene_.position());
    // A correlation id may come again, with another connection: the last one is meant.
    for (auto at = later; at != way.begin() && way_.sent == nullptr;) {
      note(scene_.timeline.trace()[*--at]);
    }
    return way_;
  }

 private:
  void note(const sim::TraceEvent& event) {
    take<core::RequestSent>(way_.sent, event);
    take<core::RequestWritten>(way_.written, event);
    take<core::RequestCompleted>(way_.completed, event);
    take<sim::RequestReceived>(way_.received, event);
    take<sim::ResponseSent>(way_.answered, event);
  }
  template <class Event>
  static void take(const sim::TraceEvent*& place, const sim::TraceEvent& event) {
    if (place == nullptr && event.as<Event>() != nullptr) place = &event;
  }

  const Scene& scene_;
  RequestRef request_;
  RequestWay way_;
};

// Where a request stands in the queue of its connection.
struct PlaceAtBroker {
  sim::Broker::Serving serving = sim::Broker::Serving::Nothing;  // of the connection
  std::int64_t before = 0;                                       // how many requests come first
};
std::optional<PlaceAtBroker> place_at(const sim::Broker& broker,
                                      const sim::RequestReceived& received) {
  for (const sim::Broker::ConnectionView& connection : broker.connections()) {
    if (connection.connection != received.connection) continue;
    const auto at = std::ranges::find(connection.requests, received.correlation,
                                      &core::RequestHeader::correlation_id);
    if (at == connection.requests.end()) return std::nullopt;
    return PlaceAtBroker{connection.serving, at - connection.requests.begin()};
  }
  return std::nullopt;
}

// Why a broker that has a request has not answered it: nobody but the world knows.
struct AtBroker {
  std::string what;
  const char* setting = "";
  const char* source = "KafkaApis";
};
AtBroker being_served(const PlaceAtBroker& place) {
  using Serving = sim::Broker::Serving;
  switch (place.serving) {
    case Serving::Nothing:
      return {tr("the broker holds the connection back: it is over its quota"), "",
              "ClientQuotaManager"};
    case Serving::Request:
      return {tr("the broker works on it"), "", "KafkaApis"};
    case Serving::AwaitingFollowers:
      return {tr("the broker waits for its followers"), "acks = all", "DelayedProduce"};
    case Serving::AwaitingLog:
      return {tr("the coordinator waits for its log"), "", "TransactionStateManager"};
    case Serving::Silent:
      return {tr("the broker says nothing more on this connection"), "", "KafkaApis"};
  }
  return {};
}
AtBroker at_broker(const Scene& scene, const sim::RequestReceived& received) {
  const std::string name = broker_label(received.broker);
  switch (broker_state(scene, received.broker)) {
    case sim::BrokerState::Down:
      return {tr("{} is down", name), "", "KafkaServer"};
    case sim::BrokerState::Silent:
      return {tr("{} is silent", name), "", "KafkaServer"};
    case sim::BrokerState::Paused:
      return {tr("{} stands still: its process is paused", name), "", "KafkaServer"};
    case sim::BrokerState::Up:
      break;
  }
  for (const sim::Broker& broker : scene.world().servers.brokers()) {
    if (broker.id() != received.broker) continue;
    const auto place = place_at(broker, received);
    if (!place) break;
    const bool is_next = place->before == 0 || place->serving == sim::Broker::Serving::Silent;
    if (is_next) return being_served(*place);
    return {tr("the broker has {} to answer before it", count_text(place->before, "request")), "",
            "KafkaChannel.mute"};
  }
  return {tr("the broker has it no more: its connection is gone"), "", "SocketServer"};
}

// Of one that has not come so far yet: it is so since the stage before.
Term stage_term(const Scene& scene, std::string name, const sim::TraceEvent* event,
                const sim::TraceEvent* before, AtBroker else_what) {
  Term term{std::move(name), event != nullptr ? Truth::True : Truth::False, false, "", "", ""};
  term.source = else_what.source;
  if (event == nullptr) {
    term.what = std::move(else_what.what);
    term.setting = else_what.setting;
    link(scene, before, term);
    return term;
  }
  term.what = sim::describe(*event, scene.names).sentence;
  link(scene, event, term);
  return term;
}

std::vector<Term> stages(const Scene& scene, const RequestWay& way) {
  AtBroker answering{"", "", "KafkaApis"};
  if (way.answered == nullptr && way.received != nullptr) {
    answering = at_broker(scene, *way.received->as<sim::RequestReceived>());
  }
  return {stage_term(scene, tr("given to the selector"), way.sent, nullptr,
                     {"", "", "NetworkClient.doSend"}),
          stage_term(scene, tr("written to the socket"), way.written, way.sent,
                     {tr("the socket has had no room for all of it"), "", "KafkaChannel.write"}),
          stage_term(scene, tr("with the broker"), way.received, way.written,
                     {tr("its bytes are on the wire, or lost"), "", "SocketServer"}),
          stage_term(scene, tr("answered"), way.answered, way.received, std::move(answering)),
          stage_term(scene, tr("the answer is here"), way.completed, way.answered,
                     {tr("its bytes are on the wire, behind those of earlier answers, or lost"), "",
                      "NetworkClient.handleCompletedReceives"})};
}

// Were the client to look when its time is up: would it give the request up?
bool would_be_given_up(const core::NetworkClient& client, const core::InFlightRequest& request) {
  const core::Milliseconds millisecond{1};
  const auto nodes = client.in_flight().nodes_with_timed_out_requests(
      request.sent + request.timeout + request.throttle + millisecond);
  return std::ranges::count(nodes, request.node) > 0;
}

Term timeout_term(const Scene& scene, const RequestWay& way, const core::KafkaProducer& producer,
                  const core::InFlightRequest& request) {
  Term term{tr("request timeout"),
            Truth::False,
            false,
            tr("counts from when it was given to the selector"),
            fmt::format("request.timeout.ms = {}", request.timeout.count()),
            "NetworkClient.handleTimedOutRequests"};
  link(scene, way.sent, term);
  term.is_the_one = would_be_given_up(producer.client(), request);
  term.flip = term.is_the_one ? tr("turned round alone: it is given up")
                              : tr("turned round alone: it is waited for all the same");
  return term;
}

// --- As if something were otherwise ---

std::string flip_text(const sim::RequestFate& now, const std::optional<sim::RequestFate>& then) {
  using Kind = sim::RequestFate::Kind;
  if (!then) return tr("cannot be turned round alone");
  switch (then->kind) {
    case Kind::Answered:
      if (now.kind != Kind::Answered) return tr("turned round alone: it is answered");
      if (then->at >= now.at) return tr("turned round alone: answered all the same");
      return tr("turned round alone: it is answered sooner");
    case Kind::Failed:
      return now.kind == Kind::Failed ? tr("turned round alone: it fails all the same")
                                      : tr("turned round alone: it fails");
    case Kind::Open:
      return tr("turned round alone: it is waited for all the same");
  }
  return "";
}

// The first that the trace does not have, as stages() names them.
struct StageAhead {
  sim::RequestStage stage{};
  std::string name;
  const sim::TraceEvent* before = nullptr;
};
std::optional<StageAhead> stage_ahead(const RequestWay& way) {
  using Stage = sim::RequestStage;
  if (way.written == nullptr)
    return StageAhead{Stage::Written, tr("written to the socket"), way.sent};
  if (way.received == nullptr)
    return StageAhead{Stage::Received, tr("with the broker"), way.written};
  if (way.answered == nullptr) return StageAhead{Stage::Answered, tr("answered"), way.received};
  if (way.completed == nullptr)
    return StageAhead{Stage::Here, tr("the answer is here"), way.answered};
  return std::nullopt;
}

TermDetail stage_detail(const Scene& scene, const sim::RequestId& request,
                        const sim::RequestFate& now, const StageAhead& ahead) {
  const auto then = sim::fate_without_waiting(scene.world(), request, ahead.stage);
  TermDetail detail;
  detail.term = ahead.name;
  detail.flip = flip_text(now, then);
  detail.is_the_one = then && sim::changes_outcome(now, *then);
  link(scene, ahead.before, detail);
  return detail;
}

// The last faults that took effect before this place in the trace.
std::vector<Term> faults_tried(const Scene& scene, const sim::RequestId& request,
                               const sim::RequestFate& now, std::size_t before) {
  constexpr std::size_t kMostTried = 4;
  const auto struck = scene.index.moments_before(MomentKind::Fault, before);
  std::vector<Term> tried;
  for (std::size_t i = struck.size() - std::min(struck.size(), kMostTried); i < struck.size();
       ++i) {
    const sim::TraceEvent& event = scene.timeline.trace()[struck[i].position];
    const auto then = sim::fate_without_fault(scene.timeline, event.step, request);
    if (!then) continue;
    Term term{tr_said(event.as<sim::FaultApplied>()->text), Truth::True, false, "", "", ""};
    term.flip = flip_text(now, then);
    term.is_the_one = sim::changes_outcome(now, *then);
    link(scene, &event, term);
    tried.push_back(std::move(term));
  }
  return tried;
}

bool has_failed(const RequestWay& way) {
  if (way.completed == nullptr) return false;
  const auto outcome = way.completed->as<core::RequestCompleted>()->outcome;
  return outcome == core::RequestOutcome::Disconnected || outcome == core::RequestOutcome::TimedOut;
}

}  // namespace

void add_request_details(const Scene& scene, WhyDetails& details) {
  const auto* ref = std::get_if<RequestRef>(&scene.selection);
  if (ref == nullptr || scene.timeline.scenario().live) return;
  const RequestWay way = WayReader{scene, *ref}.read();
  if (way.sent == nullptr) return;
  const sim::RequestId request{ref->producer, ref->correlation,
                               way.sent->as<core::RequestSent>()->node};
  if (find_request(scene, *ref) != nullptr) {
    const sim::RequestFate now = sim::fate_of(scene.world(), request);
    const auto stage = stage_ahead(way);
    if (stage) details.request.push_back(stage_detail(scene, request, now, *stage));
    details.faults = faults_tried(scene, request, now, scene.position());
  } else if (has_failed(way)) {
    const sim::RequestFate now{sim::RequestFate::Kind::Failed, way.completed->at};
    const auto position = static_cast<std::size_t>(way.completed - scene.timeline.trace().data());
    details.faults = faults_tried(scene, request, now, position);
  }
}

std::optional<core::NodeId> add_request_sections(const Scene& scene, RequestRef ref,
                                                 const WhyDetails* known, WhyView& view) {
  const WhyDetails* details =
      known != nullptr && known->selection == scene.selection ? known : nullptr;
  const core::InFlightRequest* request = find_request(scene, ref);
  const RequestWay way = WayReader{scene, ref}.read();
  if (way.sent == nullptr) return std::nullopt;
  const auto& sent = *way.sent->as<core::RequestSent>();
  view.title = tr("{} to {}", request_label(sent.api, ref.correlation), broker_label(sent.node));

  WhySection why;
  why.question = request == nullptr ? tr("what became of it?") : tr("why is it not answered yet?");
  why.terms = stages(scene, way);
  // Later stages may have been passed without this one in the trace.
  const auto first_missing = std::find_if(why.terms.begin(), why.terms.end(), [](const Term& term) {
    return term.value == Truth::False;
  });
  if (first_missing != why.terms.end()) {
    first_missing->decides = true;
    for (auto later = first_missing + 1; later != why.terms.end(); ++later) {
      if (later->value == Truth::False) {
        later->value = Truth::NotEvaluated;
        later->what.clear();
      }
    }
  }
  if (details != nullptr) add_details(details->request, why.terms);
  if (request == nullptr) {
    why.answer = way.completed == nullptr ? tr("it is not in flight any more")
                                          : sim::describe(*way.completed, scene.names).sentence;
    why.tone = WhyTone::Good;
    if (way.completed != nullptr) {
      const auto& outcome = way.completed->as<core::RequestCompleted>()->outcome;
      if (outcome != core::RequestOutcome::Ok) why.tone = WhyTone::Bad;
      why.step = way.completed->step;
      why.at = sim::instant_text(way.completed->at);
    }
  } else {
    why.answer = first_missing == why.terms.end() ? tr("its answer is here") : first_missing->what;
    why.tone = WhyTone::Waits;
    const core::Instant began = instant_of(scene.world(), request->sent);
    if (request->timeout != core::kForever) {
      why.until = remaining(began, began + request->timeout, scene.at);
    }
  }
  view.sections.push_back(std::move(why));
  if (details != nullptr && !details->faults.empty()) {
    WhySection faults;
    faults.question = tr("what has gone wrong so far?");
    faults.answer = tr("each is tried on a copy of the world, as if it had never happened");
    faults.terms = details->faults;
    view.sections.push_back(std::move(faults));
  }
  if (request == nullptr) return std::nullopt;
  // Before KIP-19 nothing bounds the wait.
  if (request->timeout == core::kForever) return request->node;
  WhySection limit;
  limit.question = tr("how long at most?");
  limit.answer = tr("then the connection is closed, and all that is in flight on it fails");
  const core::KafkaProducer& self = process_of(scene, ref.producer).producer;
  limit.terms.push_back(timeout_term(scene, way, self, *request));
  view.sections.push_back(std::move(limit));
  return request->node;
}

}  // namespace linger::viz
