// Why a request is not answered yet: how far it has come.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "sim/event_text.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/pipeline_view.h"
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

}  // namespace

void add_request_sections(const Scene& scene, RequestRef ref, WhyView& view) {
  const core::KafkaProducer& self = process_of(scene, ref.producer).producer;
  std::vector<core::NodeId> nodes = scene.world().servers.cluster().brokers();
  for (const core::Node& node : self.settings().bootstrap) nodes.push_back(node.id);
  const core::InFlightRequest* request =
      find_request(self.client().in_flight(), nodes, ref.correlation);
  const RequestWay way = WayReader{scene, ref}.read();
  if (way.sent == nullptr) return;
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
  // Before KIP-19 nothing bounds the wait.
  if (request == nullptr || request->timeout == core::kForever) return;
  WhySection limit;
  limit.question = tr("how long at most?");
  limit.answer = tr("then the connection is closed, and all that is in flight on it fails");
  limit.terms.push_back(timeout_term(scene, way, self, *request));
  view.sections.push_back(std::move(limit));
}

}  // namespace linger::viz
