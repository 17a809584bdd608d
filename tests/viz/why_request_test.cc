// What would become of a request if something alone were otherwise.
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "viewer_fixture.h"
#include "viz/why_details.h"
#include "viz/why_view.h"

namespace linger::viz {
namespace {

const std::string kSilenced = R"(
warm = true
backoff_jitter = false
[cluster]
brokers = 2
[[topic]]
name = "orders"
leaders = [0, 0]
[network]
latency = "2ms"
[producer]
linger.ms = 0
max.in.flight.requests.per.connection = 1
request.timeout.ms = 500
delivery.timeout.ms = 600
retries = 0
enable.idempotence = false
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }, { sleep = "5ms" },
       { send = "orders", partition = 1, value_size = 100 }]
[[fault]]
at = "1ms"
silent = { broker = 0, for = "5s" }
[[fault]]
at = "1ms"
refuse = { broker = 1, for = "5s" }
)";

RequestRef first_request(const ViewerState& state) {
  for (const sim::TraceEvent& event : state.timeline().past()) {
    const auto* sent = event.as<core::RequestSent>();
    if (sent != nullptr && !sent->batches.empty()) return {*event.producer, sent->correlation};
  }
  throw std::invalid_argument{"nothing was sent"};
}

WhyView why_of_request(ViewerState& state) {
  handle(state, Select{first_request(state)});
  return why_view(scene(state), &state.why.value());
}

const WhySection& asking(const WhyView& view, const std::string& question) {
  const auto found = std::ranges::find(view.sections, question, &WhySection::question);
  if (found == view.sections.end()) throw std::invalid_argument{question};
  return *found;
}

const Term& term_of(const WhySection& section, const std::string& name) {
  const auto found = std::ranges::find(section.terms, name, &Term::name);
  if (found == section.terms.end()) throw std::invalid_argument{name};
  return *found;
}

TEST(WhyRequest, WhatItWaitsForIsTriedAsIfItTookNoTime) {
  ViewerState state = viewer_at(kLinger, 6ms);
  const WhyView on_wire = why_of_request(state);
  const Term& wire = term_of(asking(on_wire, "why is it not answered yet?"), "with the broker");
  EXPECT_TRUE(wire.decides);
  EXPECT_TRUE(wire.is_the_one);
  EXPECT_EQ(wire.flip, "turned round alone: it is answered sooner");
}

TEST(WhyRequest, TheFaultWithoutWhichItWouldBeAnsweredIsTheOne) {
  ViewerState state = viewer_at(kSilenced, 20ms);
  const WhyView view = why_of_request(state);
  const WhySection& faults = asking(view, "what has gone wrong so far?");
  ASSERT_EQ(faults.terms.size(), 2U);
  EXPECT_TRUE(faults.terms[0].is_the_one);
  EXPECT_EQ(faults.terms[0].flip, "turned round alone: it is answered");
  EXPECT_TRUE(faults.terms[0].changed.starts_with("1.000 ms: ")) << faults.terms[0].changed;
  EXPECT_FALSE(faults.terms[1].is_the_one);
  EXPECT_EQ(faults.terms[1].flip, "turned round alone: it fails all the same");
  const Term& stage = term_of(asking(view, "why is it not answered yet?"), "with the broker");
  EXPECT_EQ(stage.flip, "cannot be turned round alone") << "its bytes are gone";
}

TEST(WhyRequest, OneThatFailedTellsWithoutWhichFaultItWouldNotHave) {
  ViewerState state = viewer_at(kSilenced, 700ms);
  const WhyView view = why_of_request(state);
  EXPECT_EQ(asking(view, "what became of it?").tone, WhyTone::Bad);
  const WhySection& faults = asking(view, "what has gone wrong so far?");
  EXPECT_TRUE(faults.terms.at(0).is_the_one);
}

TEST(WhyRequest, WhoeverIsBehindItSeesWhatKeepsDataFromItsNode) {
  ViewerState state = viewer_at(kSilenced, 20ms);
  const WhyView view = why_of_request(state);
  const Term& more = term_of(asking(view, "may data go to broker 0?"), "can send more");
  EXPECT_EQ(more.value, Truth::False);
  EXPECT_TRUE(more.is_the_one);
  EXPECT_NE(more.setting.find("max.in.flight.requests.per.connection = 1"), std::string::npos)
      << more.setting;
}

TEST(WhyRequest, NothingIsToldOfWhatComesWhileTheLessonHasYetToAsk) {
  const std::string asking_later = kSilenced + R"(
[[ask]]
at = "100ms"
text = "Is it answered?"
choices = [{ text = "yes", that = "records.acknowledged == 1" },
           { text = "no", that = "records.acknowledged == 0" }]
known_at = "700ms"
)";
  ViewerState state = viewer_at(asking_later, 20ms);
  handle(state, TogglePanel{Panel::Lesson});  // the why is under it
  why_of_request(state);
  EXPECT_TRUE(state.why->faults.empty());
  EXPECT_TRUE(state.why->request.empty());
  do_all(state, {ToggleQuestions{}, Select{}});
  why_of_request(state);
  EXPECT_FALSE(state.why->faults.empty());
}

}  // namespace
}  // namespace linger::viz
