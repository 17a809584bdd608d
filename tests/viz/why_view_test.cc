#include "viz/why_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "viewer_fixture.h"
#include "viz/text.h"
#include "viz/why_details.h"

namespace linger::viz {
namespace {

WhyView why_of(ViewerState state, const Selection& what) {
  handle(state, Select{what});
  return why_view(scene(state), &state.why.value());
}

const WhySection& section_asking(const WhyView& view, std::string_view question) {
  for (const WhySection& section : view.sections) {
    if (section.question.find(question) != std::string::npos) return section;
  }
  std::string all;
  for (const WhySection& section : view.sections) all += section.question + "; ";
  throw std::invalid_argument{"nothing is asked about " + std::string{question} + ": " + all};
}

const Term& term_in(const std::vector<Term>& terms, const std::string& name) {
  for (const Term& term : terms) {
    if (term.name == name) return term;
  }
  throw std::invalid_argument{name};
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
  EXPECT_EQ(section_asking(view, "why is it not sent yet?").until->text(), "10.0 ms");
}

TEST(Why, AnExpiredBatchNamesTheSettingAndTheKip) {
  const WhyView view = why_of(viewer_at(kExpiry, 250ms), batch(0));
  const WhySection& expired = section_asking(view, "why did it expire?");
  EXPECT_EQ(deciding(expired).setting, "delivery.timeout.ms = 200");
  EXPECT_EQ(deciding(expired).rule, "KIP-91");
  EXPECT_EQ(deciding(expired).changed.find("0.000 ms: "), 0U) << deciding(expired).changed;
  EXPECT_TRUE(deciding(expired).is_the_one);
  EXPECT_EQ(deciding(section_asking(view, "what became of it?")).name, "TimeoutException");
}

TEST(Why, BeforeKip91ABatchExpiresByItsRequestTimeout) {
  const std::string old = "era = \"0.10.2\"\n" + std::string{kExpiry};
  const std::string setting = "delivery.timeout.ms = 200\n";
  std::string toml = old;
  toml.erase(toml.find(setting), setting.size());
  const WhyView view = why_of(viewer_at(toml, 250ms), batch(0));
  const WhySection& expired = section_asking(view, "why did it expire?");
  EXPECT_EQ(deciding(expired).setting, "request.timeout.ms = 100");
  EXPECT_EQ(deciding(expired).rule, "KAFKA-3388");
}

TEST(Why, AThreadTellsWhatItWaitsForAndUntilWhen) {
  const WhyView view = why_of(viewer_at(kMemory, 10ms), core::ThreadId{0});
  EXPECT_EQ(view.title, "thread A");
  const WhySection& waits = section_asking(view, "why does it wait?");
  EXPECT_EQ(deciding(waits).name, "memory is free");
  EXPECT_EQ(deciding(waits).source, "BufferPool.allocate");
  EXPECT_EQ(waits.at, "2.000 ms");
  EXPECT_TRUE(deciding(waits).changed_in);
  EXPECT_EQ(deciding(waits).flip, "turned round alone: the call goes on");
  EXPECT_TRUE(waits.until);
  EXPECT_EQ(section_asking(view, "how long at most?").terms[0].setting, "max.block.ms = 60000");
}

TEST(Why, TheSendersThreadTellsHowLongItSleepsAndWhichTermDecided) {
  const WhyView view = why_of(viewer_at(kLinger, 2500us), core::ThreadId{-1});
  const Term& check = deciding(section_asking(view, "how long does it sleep"));
  EXPECT_EQ(check.name, "next ready check");
  EXPECT_EQ(check.time, "5 ms");
  EXPECT_EQ(check.setting, "linger.ms = 5");
}

TEST(Why, EachTimeOfTheSleepNamesItsSetting) {
  const WhyView backs_off = why_of(viewer_at(kRetry, 14ms), core::ThreadId{-1});
  const auto& rows = section_asking(backs_off, "how long does it sleep").terms;
  EXPECT_EQ(term_in(rows, "next ready check").setting, "retry.backoff.ms = 20");
  EXPECT_EQ(term_in(rows, "next expiry").setting, "delivery.timeout.ms = 120000");
  EXPECT_EQ(term_in(rows, "not ready delay").setting, "reconnect.backoff.ms = 50");
  EXPECT_EQ(term_in(rows, "not ready delay").time, "for ever");
}

TEST(Why, ANodeNamesTheSettingsOfItsMetadataAndItsConnection) {
  const WhyView view = why_of(viewer_at(kMemory, 21ms), core::NodeId{0});
  const auto& terms = section_asking(view, "may data go to broker 0?").terms;
  EXPECT_EQ(term_in(terms, "no metadata due").setting, "metadata.max.age.ms = 300000");
  EXPECT_EQ(term_in(terms, "connection ready").setting, "reconnect.backoff.ms = 50");
  EXPECT_EQ(term_in(terms, "channel ready").setting, "socket.connection.setup.timeout.ms = 10000");
}

// --- A batch on its way ---

// Three records of 350 bytes, one for each batch; the first is refused, and backs off.
const std::string kQueue = R"(
warm = true
backoff_jitter = false
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[network]
latency = "2ms"
[producer]
batch.size = 500
linger.ms = 100
retry.backoff.ms = 20
max.in.flight.requests.per.connection = 1
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 350, count = 3 }]
)";

TEST(Why, ABatchBehindOthersLeadsToWhatPutTheHeadThere) {
  const WhyView view = why_of(viewer_at(kQueue, 1ms), batch(2));
  const WhySection& place = section_asking(view, "why is it not sent yet?");
  const Term& head = deciding(place);
  EXPECT_EQ(head.name, "head of the deque");
  EXPECT_EQ(head.changed.find("0.000 ms: batch 1 opened"), 0U) << head.changed;
  EXPECT_EQ(head.flip, "turned round alone: a pass now would leave it all the same");
  EXPECT_FALSE(head.is_the_one) << "one batch is in flight, and no more may be";
}

TEST(Why, AnExpiredBatchWouldHaveWaitedOnIfItsClockHadNotRunOut) {
  const WhyView view = why_of(viewer_at(kExpiry, 250ms), batch(0));
  const Term& clock = deciding(section_asking(view, "why did it expire?"));
  EXPECT_EQ(clock.flip, "turned round alone: it would wait on");
  EXPECT_TRUE(clock.is_the_one);
}

TEST(Why, ABatchThatWasSentTellsWhatItsPartitionWasFoundToBeAndWhyItWasTaken) {
  const WhyView view = why_of(viewer_at(kLinger, 7ms), batch(0));
  const WhySection& ready = section_asking(view, "why was orders-0 ready?");
  EXPECT_EQ(ready.answer, "ready: expired");
  EXPECT_EQ(ready.at, "5.000 ms");
  const Term& expired = term_in(ready.terms, "expired");
  EXPECT_EQ(expired.value, Truth::True);
  EXPECT_EQ(expired.what, "waited 5 ms of 5 ms");
  EXPECT_TRUE(expired.is_the_one);
  EXPECT_EQ(expired.flip, "turned round alone: it would not be sent");
  EXPECT_EQ(expired.changed.find("0.000 ms: batch 0 opened"), 0U) << expired.changed;
  EXPECT_EQ(term_in(ready.terms, "muted").flip, "turned round alone: it would not be sent");
  const WhySection& drained = section_asking(view, "why was it drained?");
  const Term& node = term_in(drained.terms, "node takes no data");
  EXPECT_EQ(node.value, Truth::False);
  EXPECT_TRUE(node.is_the_one);
  EXPECT_EQ(term_in(drained.terms, "backing off").setting, "retry.backoff.ms = 100");
}

TEST(Why, ABatchThatWasTakenAlongWithItsNodeSaysSo) {
  // The first lingers until 20 ms, the second until 21 ms; a thread waits for memory.
  const WhyView view = why_of(viewer_at(kMemory, 20500us), batch(1));
  const WhySection& ready = section_asking(view, "why was orders-1 ready?");
  EXPECT_EQ(section_asking(view, "why was it drained?").at, "20.000 ms");
  const bool is_itself = term_in(ready.terms, "exhausted").value == Truth::True;
  const bool is_along = term_in(ready.terms, "node already ready").value == Truth::True;
  EXPECT_NE(is_itself, is_along) << "the first of the node is ready, the other goes along";
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

// Four brokers' ways to be slow, as somebody who knows the world sees them.
const std::string kAnswers = R"(
warm = true
backoff_jitter = false
[cluster]
brokers = 2
service_time = "3ms"
[[topic]]
name = "orders"
leaders = [0]
replicas = 2
[network]
latency = "2ms"
[producer]
linger.ms = 0
acks = "all"
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }]
)";

Term answered_row(const std::string& toml, core::Duration when) {
  const ViewerState state = viewer_at(toml, when);
  const auto& in_flight = state.world().processes[0].producer.client().in_flight();
  const RequestRef request{core::ProducerIndex{0},
                           in_flight.requests(core::NodeId{0}).back().correlation};
  return deciding(section_asking(why_of(state, request), "why is it not answered yet?"));
}

TEST(Why, ARequestThatIsWithItsBrokerTellsWhatTheBrokerDoes) {
  const Term works = answered_row(kAnswers, 4ms);
  EXPECT_EQ(works.name, "answered");
  EXPECT_EQ(works.what, "the broker works on it");
  EXPECT_EQ(works.source, "KafkaApis");
  EXPECT_EQ(works.changed.find("2.000 ms: "), 0U) << works.changed;
  const std::string silenced =
      kAnswers + "[[fault]]\nat = \"3ms\"\nsilent = { broker = 0, for = \"1s\" }\n";
  EXPECT_EQ(answered_row(silenced, 4ms).what, "broker 0 is silent");
  const std::string paused =
      kAnswers + "[[fault]]\nat = \"3ms\"\npause_broker = { broker = 0, for = \"1s\" }\n";
  EXPECT_EQ(answered_row(paused, 4ms).what, "broker 0 stands still: its process is paused");
  const std::string stalled = kAnswers +
                              "[[fault]]\nat = \"0ms\"\n"
                              "stall_follower = { broker = 1, for = \"1s\" }\n";
  const Term waits = answered_row(stalled, 8ms);
  EXPECT_EQ(waits.what, "the broker waits for its followers");
  EXPECT_EQ(waits.setting, "acks = all");
  EXPECT_EQ(waits.source, "DelayedProduce");
}

TEST(Why, TheTimeoutOfARequestCountsFromWhenItWasSent) {
  const ViewerState state = viewer_at(kLinger, 6ms);
  const auto& in_flight = state.world().processes[0].producer.client().in_flight();
  const RequestRef request{core::ProducerIndex{0},
                           in_flight.requests(core::NodeId{0}).front().correlation};
  const WhyView view = why_of(state, request);
  const Term& timeout = section_asking(view, "how long at most?").terms.at(0);
  EXPECT_EQ(timeout.setting, "request.timeout.ms = 30000");
  EXPECT_EQ(timeout.changed.find("5.000 ms: "), 0U) << timeout.changed;
  EXPECT_EQ(timeout.flip, "turned round alone: it is given up");
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

// --- The drain, the sleep, the node, the retry ---

std::vector<std::string> the_ones_of(const std::vector<Term>& terms) {
  std::vector<std::string> names;
  for (const Term& term : terms) {
    if (term.is_the_one) names.push_back(term.name);
  }
  return names;
}

TEST(WhyDetails, TheDrainTellsWhatLeavesABatchAndWhatWouldHaveItTaken) {
  const ViewerState state = viewer_at(kRetry, 14ms);
  DrainView drain = drain_view(scene(state), lane());
  add_details(state.why.value(), drain);
  EXPECT_EQ(drain.now, "a pass now would leave it: nothing ready for its node");
  EXPECT_EQ(the_ones_of(drain.terms), std::vector<std::string>{"backing off"});
  const Term& backing_off = term_in(drain.terms, "backing off");
  EXPECT_EQ(backing_off.flip, "turned round alone: it would be taken");
  EXPECT_EQ(backing_off.setting, "retry.backoff.ms = 20");
  EXPECT_EQ(backing_off.changed.find("4.000 ms: "), 0U) << backing_off.changed;
}

TEST(WhyDetails, TheSleepTellsHowLongItWouldBeWithoutEachOfItsBounds) {
  ViewerState state = viewer_at(kLinger, 2500us);
  handle(state, Select{core::ThreadId{-1}});
  const WhyView view = why_view(scene(state), &state.why.value());
  const WhySection& sleep = section_asking(view, "how long does it sleep");
  EXPECT_EQ(the_ones_of(sleep.terms), std::vector<std::string>{"next ready check"});
  EXPECT_EQ(deciding(sleep).flip.find("without it: waits "), 0U) << deciding(sleep).flip;
  EXPECT_TRUE(deciding(sleep).changed_in);
  EXPECT_EQ(term_in(sleep.terms, "not ready delay").flip, "no bound now");
}

TEST(WhyDetails, ANodeTellsWhichTermAloneKeepsDataFromIt) {
  ViewerState state = viewer_at(kMemory, 21ms);
  handle(state, Select{core::NodeId{0}});
  const WhyView view = why_view(scene(state), &state.why.value());
  const WhySection& node = section_asking(view, "may data go to broker 0?");
  for (const Term& term : node.terms) {
    EXPECT_TRUE(term.is_the_one) << term.name << ": it takes data, and all must hold";
    EXPECT_EQ(term.flip, "turned round alone: no data would go");
  }
  EXPECT_TRUE(term_in(node.terms, "can send more").changed_in);
}

TEST(Why, ARetryTellsWhichTermAloneWouldHaveGivenTheBatchUp) {
  const WhyView view = why_of(viewer_at(kRetry, 14ms), batch(0));
  const WhySection& retried = section_asking(view, "why was it retried?");
  EXPECT_EQ(the_ones_of(retried.terms),
            (std::vector<std::string>{"done already", "delivery timeout passed", "attempts left",
                                      "retriable"}));
  EXPECT_EQ(term_in(retried.terms, "retriable").flip, "turned round alone: given up");
  EXPECT_EQ(term_in(retried.terms, "retriable").changed.find("4.000 ms: "), 0U);
  EXPECT_EQ(term_in(retried.terms, "delivery timeout passed").changed.find("0.000 ms: "), 0U);
}

// --- What the explanation says is what happened ---

// What was decided of a batch, as the panel tells it, and what the trace has come to since.
void expect_told_as_it_was(const ViewerState& state, BatchRef ref) {
  const Scene now = scene(state);
  bool was_retried = false;
  bool has_expired = false;
  std::optional<bool> decided;
  for (const std::size_t position : now.index.events_of(ref)) {
    if (position >= now.position()) break;
    const sim::TraceEvent& event = now.timeline.trace()[position];
    if (const auto* retry = event.as<core::RetryDecision>()) {
      decided = retry->retry;
      was_retried = false;
    }
    was_retried = was_retried || event.as<core::BatchRetried>() != nullptr;
    has_expired = has_expired || event.as<core::BatchExpired>() != nullptr;
  }
  const WhyView view = why_of(state, ref);
  const auto asks = [&view](std::string_view question) {
    return std::ranges::any_of(
        view.sections, [&](const WhySection& section) { return section.question == question; });
  };
  EXPECT_EQ(asks("why did it expire?"), has_expired);
  EXPECT_EQ(asks("why was it retried?"), decided == true);
  EXPECT_EQ(asks("why was it not retried?"), decided == false);
  EXPECT_TRUE(decided != true || was_retried) << "it went back into its deque";
}

TEST(Why, WhatIsToldIsWhatHappenedWhereverOneLooks) {
  int looks = 0;
  for (const std::string_view toml : {kRetry, kExpiry, kDuplicates, kMemory, kLinger}) {
    ViewerState state = viewer_of(toml);
    while (!state.timeline().is_over()) {
      handle(state, StepEvent{});
      const auto& books = state.world().processes[0].batches;
      for (std::size_t i = 0; i < books.size(); ++i) {
        expect_told_as_it_was(state, batch(static_cast<std::int64_t>(i)));
        ++looks;
      }
      // The sleep that is told is the one that was asked for.
      const core::SenderSlept* slept = nullptr;
      for (const sim::TraceEvent& event : state.timeline().past()) {
        if (const auto* one = event.as<core::SenderSlept>()) slept = one;
      }
      const SleepView sleep = sleep_view(scene(state), core::ProducerIndex{0});
      if (slept == nullptr) continue;
      for (const Term& row : sleep.rows) {
        if (!row.decides) continue;
        EXPECT_EQ(row.time, duration_text(slept->asked)) << sleep.headline;
      }
    }
  }
  EXPECT_GT(looks, 50);
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
