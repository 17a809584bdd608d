// Why a request is not answered yet: how far it has come.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "sim/event_text.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/text.h"
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

Term stage_term(const Scene& scene, std::string name, const sim::TraceEvent* event,
                std::string else_what, const char* source) {
  Term term{name, event != nullptr ? Truth::True : Truth::False, false, "", "", source};
  if (event == nullptr) {
    term.what = else_what;
    return term;
  }
  term.what = sim::describe(*event, scene.names).sentence;
  term.changed_in = event->step;
  term.changed = sim::instant_text(event->at) + ": " + term.what;
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
  why.terms = {
      stage_term(scene, tr("given to the selector"), way.sent, "", "NetworkClient.doSend"),
      stage_term(scene, tr("written to the socket"), way.written,
                 tr("the socket has had no room for all of it"), "KafkaChannel.write"),
      stage_term(scene, tr("with the broker"), way.received,
                 tr("its bytes are on the wire, or lost"), "SocketServer"),
      stage_term(scene, tr("answered"), way.answered,
                 tr("the broker has not answered: it works, waits for its followers, or is silent"),
                 "KafkaApis"),
      stage_term(scene, tr("the answer is here"), way.completed,
                 tr("its bytes are on the wire, behind those of earlier answers, or lost"),
                 "NetworkClient.handleCompletedReceives")};
  // Later stages may have been passed without this one in the trace.
  const auto first_missing = std::find_if(why.terms.begin(), why.terms.end(), [](const Term& term) {
    return term.value == Truth::False;
  });
  if (first_missing != why.terms.end()) {
    first_missing->decides = true;
    for (auto later = first_missing + 1; later != why.terms.end(); ++later) {
      if (later->value == Truth::False) later->value = Truth::NotEvaluated;
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
    why.until = remaining(began, began + request->timeout, scene.at);
  }
  view.sections.push_back(std::move(why));
  if (request == nullptr) return;
  WhySection limit;
  limit.question = tr("how long at most?");
  limit.answer = tr("then the connection is closed, and all that is in flight on it fails");
  limit.terms.push_back({tr("request timeout"), Truth::NotEvaluated, false,
                         tr("counts from when it was given to the selector"),
                         fmt::format("request.timeout.ms = {}", request->timeout.count()),
                         "NetworkClient.handleTimedOutRequests"});
  view.sections.push_back(std::move(limit));
}

}  // namespace linger::viz
