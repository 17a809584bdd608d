#include "viz/why_view.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "viewer_fixture.h"
#include "viz/why_details.h"

namespace linger::viz {
namespace {

WhyView why_of(ViewerState state, const Selection& what) {
  handle(state, Select{what});
  return why_view(scene(state));
}

const WhySection& section_asking(const WhyView& view, std::string_view question) {
  for (const WhySection& section : view.sections) {
    if (section.question.find(question) != std::string::npos) return section;
  }
  std::string all;
  for (const WhySection& section : view.sections) all += section.question + "; ";
  throw std::invalid_argument{"nothing is asked about " + std::string{question} + ": " + all};
}

const Term& deciding(const WhySection& section) {
  for (const Term& term : section.terms) {
    if (term.decides) return term;
  }
  throw std::invalid_argument{"no term decides: " + section.question};
}

TEST(Why, ABatchThatWasRefusedTellsWhyItIsTriedAgain) {
  const WhyView view = why_of(viewer_at(kRetry, 14ms), batch(0));
  EXPECT_EQ(view.title, "batch 0 of orders-0");
  const WhySection& retried = section_asking(view, "why was it retried?");
  EXPECT_EQ(retried.at, "4.000 ms");
  EXPECT_EQ(retried.tone, WhyTone::Waits);
  for (const Term& term : retried.terms) {
    const bool is_true = term.name == "attempts left" || term.name == "retriable";
    EXPECT_EQ(term.value, is_true ? Truth::True : Truth::False) << term.name;
  }
  EXPECT_EQ(section_asking(view, "why is it not sent yet?").until->text, "10.0 ms");
}

TEST(Why, AnExpiredBatchNamesTheSettingAndTheKip) {
  const WhyView view = why_of(viewer_at(kExpiry, 250ms), batch(0));
  const WhySection& expired = section_asking(view, "why did it expire?");
  EXPECT_EQ(deciding(expired).setting, "delivery.timeout.ms = 200");
  EXPECT_EQ(deciding(expired).rule, "KIP-91");
  EXPECT_EQ(deciding(section_asking(view, "what became of it?")).name, "TimeoutException");
}

TEST(Why, AThreadTellsWhatItWaitsForAndUntilWhen) {
  const WhyView view = why_of(viewer_at(kMemory, 10ms), core::ThreadId{0});
  EXPECT_EQ(view.title, "thread A");
  const WhySection& waits = section_asking(view, "why does it wait?");
  EXPECT_EQ(deciding(waits).name, "memory is free");
  EXPECT_EQ(deciding(waits).source, "BufferPool.allocate");
  EXPECT_EQ(waits.at, "2.000 ms");
  EXPECT_TRUE(deciding(waits).changed_in);
  EXPECT_TRUE(waits.until);
  EXPECT_EQ(section_asking(view, "how long at most?").terms[0].name, "max.block.ms");
}

TEST(Why, TheSendersThreadTellsHowLongItSleepsAndWhichTermDecided) {
  const WhyView view = why_of(viewer_at(kLinger, 2500us), core::ThreadId{-1});
  EXPECT_EQ(deciding(section_asking(view, "how long does it sleep")).name, "next ready check");
}

TEST(Why, ARequestTellsHowFarItHasCome) {
  const ViewerState state = viewer_at(kLinger, 6ms);
  const auto& in_flight = state.world().processes[0].producer.client().in_flight();
  const RequestRef request{core::ProducerIndex{0},
                           in_flight.requests(core::NodeId{0}).front().correlation};
  const WhyView view = why_of(state, request);
  const WhySection& on_the_wire = section_asking(view, "why is it not answered yet?");
  EXPECT_EQ(deciding(on_the_wire).name, "with the broker");
  EXPECT_TRUE(on_the_wire.until);
  const ViewerState later = viewer_at(kLinger, 8ms);
  EXPECT_EQ(deciding(section_asking(why_of(later, request), "not answered")).name,
            "the answer is here");
  const WhyView done = why_of(viewer_at(kLinger, 20ms), request);
  EXPECT_EQ(section_asking(done, "what became of it?").tone, WhyTone::Good);
  EXPECT_EQ(section_asking(done, "what became of it?").at, "9.000 ms");
}

// --- What is behind a partition's decision ---

ReadinessView with_details(const ViewerState& state) {
  ReadinessView view = readiness_view(scene(state), lane());
  add_details(state.why.value(), view);
  return view;
}

const Term& term_called(const ReadinessView& view, const std::string& name) {
  for (const auto* terms : {&view.guards, &view.terms}) {
    for (const Term& term : *terms) {
      if (term.name == name) return term;
    }
  }
  throw std::invalid_argument{name};
}

TEST(WhyDetails, EveryTermTellsWhatWouldBeIfItAloneWereOtherwise) {
  const ReadinessView view = with_details(viewer_at(kLinger, 3ms));
  EXPECT_TRUE(term_called(view, "full").is_the_one);
  EXPECT_TRUE(term_called(view, "flushing").is_the_one);
  EXPECT_FALSE(term_called(view, "muted").is_the_one);
  EXPECT_EQ(term_called(view, "expired").flip, "turned round alone: it would be sent");
  EXPECT_EQ(term_called(view, "muted").flip, "turned round alone: not sent all the same");
}

TEST(WhyDetails, EveryTermLeadsToWhatLastChangedIt) {
  ViewerState state = viewer_at(kRetry, 14ms);
  const ReadinessView view = with_details(state);
  const Term& backing_off = term_called(view, "backing off");
  ASSERT_TRUE(backing_off.changed_in);
  EXPECT_EQ(backing_off.changed.find("4.000 ms: "), 0U) << backing_off.changed;
  handle(state, SeekStep{*backing_off.changed_in + 1});
  EXPECT_EQ(state.shown_at, at(4ms));
  EXPECT_TRUE(backing_off.is_the_one);
}

TEST(WhyDetails, AreKnownWhereverOneGoesWhileNothingMoves) {
  ViewerState state = viewer_of(kLinger);
  for (const ViewerCommand& command :
       std::vector<ViewerCommand>{SeekTime{at(1ms)}, StepEvent{}, SeekTime{at(8ms)},
                                  Select{batch(0)}, StepPass{Way::Back}}) {
    handle(state, command);
    ASSERT_TRUE(state.why);
    EXPECT_EQ(state.why->step, state.timeline().cursor());
  }
  handle(state, PlayPause{});
  EXPECT_FALSE(state.why);
  for (int i = 0; i < 1000 && state.is_playing; ++i) advance(state, 0.1);
  EXPECT_TRUE(state.why) << "it is over";
}

}  // namespace
}  // namespace linger::viz
