// Questions answered by a click in the picture.
#include "viz/pointing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "lesson_fixture.h"
#include "screen_fixture.h"
#include "sim/lesson_run.h"
#include "sim/scenario_parser.h"
#include "viz/layout.h"
#include "viz/lesson_view.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

// Two partitions led by two brokers; the second one's batch leaves first, since it is full.
constexpr std::string_view kWhichOne = R"toml(
warm = true
backoff_jitter = false
[cluster]
brokers = 2
[[topic]]
name = "orders"
leaders = [0, 1]
[network]
latency = "2ms"
[producer]
linger.ms = 20
batch.size = 300
[[thread]]
name = "A"
run = [
  { send = "orders", partition = 0, value_size = 100 },
  { at = "2ms", send = "orders", partition = 1, value_size = 100, count = 3 },
]
[[thread]]
name = "B"
run = [{ at = "40ms", send = "orders", partition = 0, value_size = 100 }]
[[ask]]
at = "1ms"
text = "Of which partition does a batch leave first?"
answer = "first(batch_drained).partition"
choices = ["'orders-0'", "'orders-1'"]
known_when = "count(batch_drained) > 0"
[[ask]]
at = "30ms"
text = "Who sends next?"
choices = [
  { text = "thread A", that = "last(send_called).thread == 0", points_at = "thread('A')" },
  { text = "thread B", that = "last(send_called).thread == 1", points_at = "thread('B')" },
  { text = "nobody", that = "count(send_called) == 4" },
]
)toml";

ViewerState asked_which() {
  ViewerState state = viewer_of(kWhichOne);
  handle(state, ToEnd{});
  return state;
}

ViewerState asked_who() {
  ViewerState state = asked_which();
  do_all(state, {AnswerQuestion{1}, ToEnd{}, ToEnd{}});
  return state;
}

std::vector<PointedPlace> places_in(const ViewerState& state, Size display = kSmallDisplay) {
  const Scale scale{.unit = display.width / kSmallDisplay.width};
  const ViewerLayout layout = viewer_layout(display, scale,
                                            {.narration = true,
                                             .side = true,
                                             .drawer = false,
                                             .future = false,
                                             .guide = false,
                                             .pool = true});
  PipelineView view = pipeline_view(scene(state));
  view.pointed = pointed_things(state);
  return pointed_places(view, picture_layout(view, layout.picture, layout.pool, scale));
}

TEST(Pointing, ChoicesPointAtThingsWhileTheirQuestionIsOpen) {
  ViewerState state = viewer_of(kWhichOne);
  EXPECT_TRUE(pointed_things(state).empty()) << "nothing is asked yet";
  state = asked_which();
  EXPECT_EQ(pointed_things(state), (std::vector<PointedThing>{{lane(0), 0}, {lane(1), 1}}));
  EXPECT_NE(lesson_view(state).hint.find("a click in the picture answers"), std::string::npos);
  handle(state, AnswerQuestion{1});
  EXPECT_TRUE(pointed_things(state).empty());
  state = asked_who();
  EXPECT_EQ(pointed_things(state),
            (std::vector<PointedThing>{{core::ThreadId{0}, 0}, {core::ThreadId{1}, 1}}));
}

TEST(Pointing, APartitionIsItsDequeAndItsLog) {
  const std::vector<PointedPlace> places = places_in(asked_which());
  for (const std::size_t choice : {0U, 1U}) {
    const auto is_of_choice = [choice](const PointedPlace& p) { return p.choice == choice; };
    EXPECT_EQ(std::ranges::count_if(places, is_of_choice), 2) << choice;
  }
  for (const PointedPlace& place : places) {
    EXPECT_EQ(choice_at(places, place.area.centre()), place.choice);
  }
  EXPECT_FALSE(choice_at(places, {-1, -1}));
}

TEST(Pointing, TheSmallestThingUnderTheMouseCounts) {
  const std::vector<PointedPlace> places{{0, {0, 0, 100, 100}}, {1, {40, 40, 60, 60}}};
  EXPECT_EQ(choice_at(places, {50, 50}), 1U);
  EXPECT_EQ(choice_at(places, {10, 10}), 0U);
}

TEST(Pointing, AClickInThePictureAnswers) {
  Screen screen{viewer_of(kWhichOne)};
  screen.press(Key::End);
  ASSERT_TRUE(open_question(screen.state));
  screen.click("orders-1", At::TheLeft);  // its deque
  EXPECT_EQ(answer_to(screen.state, 0).choice, 1U);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(screen.state.selection));
  screen.press(Key::End);
  screen.press(Key::End);
  ASSERT_TRUE(open_question(screen.state)) << screen.all_text();
  screen.click("thread B");
  EXPECT_EQ(answer_to(screen.state, 1).choice, 1U);
  screen.press(Key::End);
  EXPECT_EQ(lesson_view(screen.state).score, "2 of 2 right");
}

TEST(Pointing, AClickOnALogAnswersForItsPartition) {
  Screen screen{viewer_of(kWhichOne)};
  screen.press(Key::End);
  screen.click("orders-0", At::TheRight);
  EXPECT_EQ(answer_to(screen.state, 0).choice, 0U);
}

TEST(Pointing, AClickElsewhereSelectsAsEver) {
  Screen screen{viewer_of(kWhichOne)};
  screen.press(Key::End);
  screen.click("thread B");
  EXPECT_TRUE(open_question(screen.state));
  EXPECT_EQ(screen.state.selection, Selection{core::ThreadId{1}});
}

TEST(Pointing, AClickCountsAHandForAClass) {
  Screen screen{viewer_of(kWhichOne)};
  screen.press({key_of('T'), {.shift = true}});
  screen.press(Key::End);
  screen.click("orders-1", At::TheLeft);
  screen.click("orders-1", At::TheLeft);
  screen.click("orders-0", At::TheLeft);
  EXPECT_EQ(hands_for(answer_to(screen.state, 0), 1), 2U);
  EXPECT_EQ(hands_for(answer_to(screen.state, 0), 0), 1U);
  EXPECT_FALSE(answer_to(screen.state, 0).is_settled);
}

// --- Each lesson that has such a question ---

bool points(const sim::Scenario& scenario, const sim::Question& question) {
  return std::ranges::any_of(question.choices, [&](const sim::Choice& choice) {
    return sim::thing_pointed_at(scenario, question, choice).has_value();
  });
}

std::vector<std::string> lessons_that_point() {
  std::vector<std::string> files;
  for (const std::string& file : scenario_files()) {
    const auto parsed = sim::load_scenario(file);
    const auto& scenario = std::get<sim::Scenario>(parsed);
    const auto asks_which = [&](const sim::Question& question) {
      return points(scenario, question);
    };
    if (std::ranges::any_of(scenario.questions, asks_which)) files.push_back(file);
  }
  return files;
}

// Perhaps further down.
bool has_deque_of(const ViewerState& state, std::size_t choice) {
  const PipelineView view = pipeline_view(scene(state));
  return std::ranges::any_of(pointed_things(state), [&](const PointedThing& thing) {
    const auto* lane = std::get_if<LaneRef>(&thing.what);
    if (lane == nullptr || thing.choice != choice) return false;
    const auto& all = view.producers[static_cast<std::size_t>(lane->producer.value())].lanes;
    return std::ranges::any_of(all, [lane](const Lane& one) { return one.ref == *lane; });
  });
}

TEST(Pointing, WhatALessonPointsAtIsInThePictureThen) {
  const std::vector<std::string> files = lessons_that_point();
  EXPECT_GE(files.size(), 6U);
  for (const std::string& file : files) {
    ViewerState state = opened(file);
    for (int i = 0; i < 40 && !state.timeline().is_over(); ++i) {
      handle(state, ToEnd{});
      const auto open = open_question(state);
      if (!open) continue;
      const sim::Question& question = state.scenario().questions[*open];
      for (const Size display : {kSmallDisplay, kLargeDisplay}) {
        const std::vector<PointedPlace> places = places_in(state, display);
        for (std::size_t choice = 0; choice < question.choices.size(); ++choice) {
          const auto thing =
              sim::thing_pointed_at(state.scenario(), question, question.choices[choice]);
          const bool is_seen = std::ranges::any_of(
              places, [choice](const PointedPlace& place) { return place.choice == choice; });
          // What the value names may have to be scrolled to.
          const bool may_be_out_of_sight = thing && !question.choices[choice].points_at;
          EXPECT_TRUE(is_seen == thing.has_value() ||
                      (may_be_out_of_sight && has_deque_of(state, choice)))
              << file << ":" << question.line << ": " << (thing ? sim::text(*thing) : "");
        }
      }
      handle(state, AnswerQuestion{0});
    }
    EXPECT_TRUE(state.timeline().is_over()) << file;
  }
}

}  // namespace
}  // namespace linger::viz
