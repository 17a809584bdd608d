// Lessons with the keyboard alone, and with the mouse.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "lesson_fixture.h"
#include "screen_fixture.h"
#include "viz/lesson_view.h"
#include "viz/panel_stack.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

Key digit(std::size_t number) {
  return key_of(static_cast<char>('0' + number));
}

// Lets the run play, drawn now and then, until it stops by itself.
void play_on(Screen& screen) {
  for (int frame = 0; frame < 4'000 && screen.state.is_playing; ++frame) {
    advance(screen.state, 1.0 / 30);
    if (frame % 10 == 0) screen.backend.draw();
    if (frame % 500 == 499) handle(screen.state, ChangeSpeed{Way::Forward});
  }
  screen.settle();
}

class EveryLesson : public testing::TestWithParam<std::string> {};

TEST_P(EveryLesson, IsPlayedFromStartToEndWithTheKeyboardAlone) {
  Screen screen{opened(GetParam())};
  screen.state.speed = 0.05;
  std::size_t answered = 0;
  for (int i = 0; i < 200 && !screen.state.timeline().is_over(); ++i) {
    if (const auto open = open_question(screen.state)) {
      EXPECT_EQ(front_panel(screen.state), Panel::Lesson);
      expect_read_in_full(screen);
      const auto right = screen.state.lesson.outcome.questions[*open].right_choice();
      screen.press(digit(*right + 1));
      EXPECT_EQ(answer_to(screen.state, *open).choice, right);
      ++answered;
      continue;
    }
    screen.press(Key::Enter);
    play_on(screen);
  }
  ASSERT_TRUE(screen.state.timeline().is_over());
  EXPECT_EQ(answered, screen.state.scenario().questions.size());
  for (const Answer& answer : screen.state.lesson.answers) EXPECT_TRUE(answer.was_shown);
  EXPECT_EQ(
      lesson_view(screen.state).score,
      answered == 0 ? "" : std::to_string(answered) + " of " + std::to_string(answered) + " right");

  // Then what could be otherwise, and back.
  const std::size_t what_ifs = screen.state.scenario().what_ifs.size();
  for (std::size_t i = 0; i < what_ifs; ++i) {
    if (front_panel(screen.state) != Panel::Lesson) screen.press('A');
    screen.press(digit(i + 1));
    ASSERT_EQ(screen.state.branch, i + 1) << screen.all_text();
    EXPECT_TRUE(screen.shows("Two runs at")) << screen.all_text();
    screen.press(Key::End);
    EXPECT_TRUE(screen.state.timeline().is_over());
    screen.press(Key::Backspace);
    EXPECT_EQ(screen.state.branch, 0U);
  }
  const auto done = screen.state.progress.lessons.at(lesson_key(GetParam()));
  EXPECT_TRUE(done.was_seen);
  EXPECT_EQ(done.what_ifs.size(), what_ifs);
}

TEST_P(EveryLesson, IsHeldForAClassWithTheKeyboardAlone) {
  Screen screen{opened(GetParam()), kLargeDisplay};
  screen.press({key_of('T'), {.shift = true}});
  for (int i = 0; i < 200 && !screen.state.timeline().is_over(); ++i) {
    const auto open = open_question(screen.state);
    if (!open) {
      screen.press(Key::End);
      continue;
    }
    const std::size_t choices = screen.state.lesson.outcome.questions[*open].choices.size();
    for (std::size_t choice = 1; choice <= choices; ++choice) screen.press(digit(choice));
    screen.press(Key::Backspace);
    EXPECT_EQ(answer_to(screen.state, *open).hands.size(), choices - 1);
    EXPECT_EQ(lesson_view(screen.state).question->verdict, "");
    screen.press(Key::Enter);
    screen.press(Key::Enter);
    EXPECT_TRUE(answer_to(screen.state, *open).is_settled);
  }
  EXPECT_TRUE(screen.state.timeline().is_over());
  for (const Answer& answer : screen.state.lesson.answers) EXPECT_TRUE(answer.was_shown);
}

std::string lesson_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = lesson_key(info.param);
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Lessons, EveryLesson, testing::ValuesIn(scenario_files()), lesson_name);

// --- The mouse ---

// However long the rest is.
TEST(LessonPanel, WhatToDoNextIsInSight) {
  ViewerState state = opened(std::string{LINGER_SOURCE_DIR} + "/scenarios/sending/one_record.toml");
  Screen screen{state};
  screen.press(digit(1));
  screen.press(Key::Enter);
  screen.press(Key::Enter);
  const auto place = screen.place_of("Enter goes on");
  ASSERT_TRUE(place.has_value()) << screen.all_text();
  const auto transport = screen.place_of("pass");
  ASSERT_TRUE(transport.has_value());
  EXPECT_LT(place->bottom, transport->top);
  screen.click("Enter goes on");
  EXPECT_TRUE(screen.state.is_playing);
}

TEST(LessonPanel, AClickAnswers) {
  Screen screen{viewer_of(asking())};
  screen.press(Key::End);
  EXPECT_TRUE(screen.shows("When does the batch leave?")) << screen.all_text();
  screen.click("7ms");
  EXPECT_EQ(answer_to(screen.state, 0).choice, 2U);
  screen.press(Key::End);
  screen.click("some of them fail");
  screen.press(Key::End);
  EXPECT_TRUE(screen.shows("not so")) << screen.all_text();
  EXPECT_TRUE(screen.shows("not so; the run has: 5ms")) << screen.all_text();
  screen.click("What if linger.ms were 0?");
  EXPECT_EQ(screen.state.branch, 1U);
}

TEST(LessonPanel, HandsAreCountedWithTheMouse) {
  Screen screen{viewer_of(asking())};
  screen.press({key_of('T'), {.shift = true}});
  screen.press(Key::End);
  screen.click("+");
  screen.click("+");
  screen.click("+", At::TheRight);
  EXPECT_EQ(hands_for(answer_to(screen.state, 0), 0), 3U);
  screen.click("–");
  EXPECT_EQ(hands_for(answer_to(screen.state, 0), 0), 2U);
  EXPECT_TRUE(screen.shows("question 1 of 2, 2 hands")) << screen.all_text();
}

TEST(LessonPanel, TheListOfLessonsIsWalkedAndOpenedWithKeys) {
  ViewerState state = opened(std::string{LINGER_SOURCE_DIR} + "/scenarios/sending/one_record.toml");
  state.lessons = lesson_path(scenario_files());
  for (const Size display : {kSmallDisplay, kLargeDisplay}) {
    Screen screen{state, display};
    screen.press({key_of('L'), {.shift = true}});
    EXPECT_TRUE(screen.shows("lessons seen")) << screen.all_text();
    std::set<std::string> topics;
    for (const LessonFile& lesson : state.lessons) topics.insert(lesson.topic);
    // A topic after the other, each with its lessons, none over another.
    std::set<std::string> seen;
    for (std::size_t i = 0; i < topics.size(); ++i) {
      const std::string topic = state.lessons.at(screen.state.browsed).topic;
      seen.insert(topic);
      std::vector<Rect> lines;
      for (const LessonFile& lesson : state.lessons) {
        if (lesson.topic != topic) continue;
        const auto line = screen.place_of(lesson.title, At::TheRight);
        ASSERT_TRUE(line.has_value()) << lesson.title;
        lines.push_back(*line);
      }
      std::ranges::sort(lines, {}, &Rect::top);
      for (std::size_t line = 1; line < lines.size(); ++line) {
        EXPECT_GE(lines[line].top, lines[line - 1].bottom - 1) << topic;
      }
      if (display.width == kSmallDisplay.width) expect_read_in_full(screen);
      if (i + 1 < topics.size()) screen.press(Key::Right);
    }
    EXPECT_EQ(seen, topics);
    for (std::size_t i = 1; i < topics.size(); ++i) screen.press(Key::Left);
    screen.press(Key::Down);
    screen.press(Key::Enter);
    EXPECT_FALSE(screen.state.shows_browser);
    EXPECT_NE(screen.state.scenario().file, state.scenario().file);
    EXPECT_EQ(screen.state.lessons.size(), state.lessons.size());
  }
}

// With a question that fills the panel, what was right would be told below what is seen of it.
TEST(LessonPanel, WhatWasRightComesIntoSightAndTheNextQuestionFromItsBeginning) {
  const auto with = [](std::string text, std::string_view old, const std::string& now) {
    return text.replace(text.find(old), old.size(), now);
  };
  std::string long_question = "Begin. ";
  for (int i = 0; i < 30; ++i) long_question += "A sentence that takes some room. ";
  std::string lesson = with(asking(), "When does the batch leave?", long_question);
  lesson = with(lesson, "What becomes of the records?", "Again. " + long_question);
  Screen screen{viewer_of(lesson)};
  screen.press(Key::End);
  EXPECT_TRUE(screen.backend.find("Begin."));
  screen.press(digit(2));
  screen.press(Key::Enter);
  screen.press(Key::Enter);
  ASSERT_TRUE(screen.backend.find("Again.")) << "the next question";
  screen.press(digit(1));
  screen.press(Key::Enter);
  screen.press(Key::Enter);
  EXPECT_TRUE(screen.backend.find("Nothing goes")) << screen.all_text();
  EXPECT_TRUE(screen.backend.find("What if linger.ms"));
}

}  // namespace
}  // namespace linger::viz
