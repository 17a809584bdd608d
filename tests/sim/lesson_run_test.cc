// A lesson's questions get their answers from the run, and its what-ifs run beside it.
#include "sim/lesson_run.h"

#include <gtest/gtest.h>

#include <string>

#include "support/scenario_mistakes.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

// Three records, 1 ms apart, linger for 5 ms; there and back takes 4 ms.
const std::string kLesson = R"(
warm = true
[[topic]]
name = "orders"
leaders = [0]
[network]
latency = "2ms"
[producer]
linger.ms = 5
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, count = 3, every = "1ms" }]
)";

bool begins(const std::string& text, const std::string& with) {
  return text.starts_with(with);
}

QuestionOutcome outcome_of(const std::string& question) {
  const auto outcome = lesson_outcome(shared_scenario(kLesson + "[[ask]]\n" + question));
  return outcome.questions.at(0);
}

std::string mistakes_of(const std::string& lines) {
  std::string text;
  for (const LessonMistake& mistake : check_lesson(shared_scenario(kLesson + lines))) {
    text += std::to_string(mistake.line) + ": " + mistake.what + "\n";
  }
  return text;
}

TEST(LessonRun, TheRunSaysWhichChoiceIsRight) {
  const QuestionOutcome outcome = outcome_of(R"(
at = "0ms"
text = "When does the batch leave?"
answer = "first(batch_drained).at"
choices = ["0ms", "5ms", "7ms"]
known_when = "count(batch_drained) > 0"
)");
  EXPECT_EQ(outcome.mistake, "");
  EXPECT_EQ(outcome.answer, "5ms");
  EXPECT_EQ(outcome.right_choice(), 1u);
  EXPECT_EQ(outcome.choices[2], (ChoiceOutcome{"7ms", false, "7ms"}));
  EXPECT_EQ(outcome.known->at, Instant{5ms});
}

TEST(LessonRun, AnotherSettingMakesAnotherChoiceRight) {
  std::string toml = kLesson + R"(
[[ask]]
at = "0ms"
text = "When does the batch leave?"
answer = "first(batch_drained).at"
choices = ["0ms", "5ms", "7ms"]
)";
  toml.replace(toml.find("linger.ms = 5"), 13, "linger.ms = 7");
  EXPECT_EQ(lesson_outcome(shared_scenario(toml)).questions[0].right_choice(), 2u);
}

TEST(LessonRun, ChoicesMayBeConditionsOrQueriesAndReadAsTheyPlease) {
  const QuestionOutcome conditions = outcome_of(R"(
at = "1ms"
text = "What becomes of the records?"
choices = [
  { text = "they are acknowledged", that = "records.acknowledged == 3" },
  { text = "they fail", that = "records.failed == 3" },
]
)");
  EXPECT_EQ(conditions.right_choice(), 0u);
  EXPECT_EQ(conditions.choices[0].text, "they are acknowledged");
  EXPECT_EQ(conditions.answer, "");

  const QuestionOutcome queries = outcome_of(R"(
at = "1ms"
text = "How many records does the batch hold?"
answer = "batch(0).records"
choices = [
  { text = "as many as were sent: {value}", is = "records.sent" },
  { text = "{value}, the last one alone", is = 1 },
]
)");
  EXPECT_EQ(queries.right_choice(), 0u);
  EXPECT_EQ(queries.choices[0].text, "as many as were sent: 3");
  EXPECT_EQ(queries.choices[1].text, "1, the last one alone");
}

TEST(LessonRun, AQuestionAtATimeComesBeforeWhatHappensThen) {
  // The second record is sent at 1 ms.
  const std::string rest = R"(
text = "How many records were sent?"
answer = "records.sent"
choices = [1, 2, 3]
known_at = "2ms"
)";
  const auto scenario = shared_scenario(kLesson + "[[ask]]\nat = \"1ms\"" + rest);
  const QuestionOutcome outcome = lesson_outcome(scenario).questions[0];
  EXPECT_EQ(outcome.answer, "2") << "what is known at 2 ms is what happened before";
  World world{scenario};
  TraceSink sink;
  while (world.steps < outcome.asked->step) step(world, sink);
  EXPECT_EQ(world.counts.sent, 1);
  EXPECT_GE(*next_due(world), Instant{1ms});
}

TEST(LessonRun, AQuestionForAConditionComesJustAfterItCameTrue) {
  const auto scenario = shared_scenario(kLesson + R"(
[[ask]]
when = "records.sent == 2"
text = "And then?"
answer = "records.sent"
choices = [2, 3]
)");
  const QuestionOutcome outcome = lesson_outcome(scenario).questions[0];
  EXPECT_EQ(outcome.asked->at, Instant{1ms});
  World world{scenario};
  TraceSink sink;
  while (world.steps < outcome.asked->step) step(world, sink);
  EXPECT_EQ(world.counts.sent, 2);
}

TEST(LessonRun, QuestionsAndWhatIfsLeaveTheRunAsItIs) {
  const std::string with_them = kLesson + R"(
[[ask]]
at = "1ms"
text = "How many?"
answer = "records.sent"
choices = [2, 3]
[[what_if]]
text = "What if linger.ms were 0?"
set = { linger.ms = 0 }
then = "batches.opened == 3"
)";
  EXPECT_EQ(run_of(with_them).digests, run_of(kLesson).digests);
}

TEST(LessonRun, QuestionsAndWhatIfsCanBeOfOneEraAlone) {
  const std::string text = "era = [\"3.9\", \"2.8\"]\n" + kLesson + R"(
[[ask]]
era = "2.8"
at = "0ms"
text = "?"
answer = "records.sent"
choices = [2, 3]
[[what_if]]
in_era = ["3.9"]
text = "?"
rules = { "KIP-580" = false }
then = "records.failed > 0"
)";
  const auto newer = std::get<Scenario>(parse_scenario(text, ""));
  const auto older = std::get<Scenario>(parse_scenario(text, "", "2.8"));
  EXPECT_TRUE(newer.questions.empty() && newer.what_ifs.size() == 1);
  EXPECT_TRUE(older.questions.size() == 1 && older.what_ifs.empty());
}

// --- What is wrong with a lesson ---

TEST(LessonRun, ExactlyOneChoiceIsRight) {
  const std::string ask = "[[ask]]\nat = \"0ms\"\ntext = \"?\"\nanswer = \"records.sent\"\n";
  EXPECT_EQ(mistakes_of(ask + "choices = [2, 3]\n"), "");
  EXPECT_EQ(mistakes_of(ask + "choices = [1, 2]\n"),
            "13: question: none of its choices is right: the answer is 3\n");
  EXPECT_EQ(mistakes_of(ask + "choices = [3, 2, \"records.acknowledged\"]\n"),
            "13: question: 2 of its choices are right: 3, 3\n");
}

TEST(LessonRun, AQuestionComesBeforeItsAnswerAndBothCome) {
  const std::string rest = "text = \"?\"\nanswer = \"records.sent\"\nchoices = [2, 3]\n";
  EXPECT_EQ(mistakes_of("[[ask]]\nwhen = \"records.sent == 4\"\n" + rest),
            "13: question: the run never comes to where this is asked\n");
  EXPECT_EQ(mistakes_of("[[ask]]\nat = \"0ms\"\nknown_when = \"records.sent == 4\"\n" + rest),
            "13: question: the run never comes to where this is known\n");
  EXPECT_EQ(mistakes_of("[[ask]]\nat = \"4ms\"\nknown_when = \"records.sent == 3\"\n" + rest),
            "13: question: its answer is known before it is asked\n");
}

TEST(LessonRun, AWhatIfComesToWhatItSaysAndTheRunAsWrittenDoesNot) {
  const std::string what_if =
      "[[what_if]]\ntext = \"What if linger.ms were 0?\"\nset = { linger.ms = 0 }\n";
  EXPECT_EQ(mistakes_of(what_if + "then = \"batches.opened == 3\"\n"), "");
  EXPECT_EQ(mistakes_of(what_if + "then = \"batches.opened == 2\"\n"),
            "13: what-if: does not come to what it says: batches.opened == 2 : 3 == 2\n");
  EXPECT_EQ(mistakes_of(what_if + "then = \"records.acknowledged == 3\"\n"),
            "13: what-if: makes no difference: records.acknowledged == 3 holds in the run as "
            "written, too\n");
}

TEST(LessonRun, AFaultOfAWhatIfHappensAtItsMoment) {
  const auto scenario = shared_scenario(kLesson + R"(
[[what_if]]
when = "batches.in_flight == 1"
text = "What if the answer were lost?"
lose_response = { partition = "orders-0" }
then = "count(batch_retried) == 1"
)");
  EXPECT_EQ(check_lesson(scenario), std::vector<LessonMistake>{});
  EXPECT_EQ(lesson_outcome(scenario).what_ifs[0]->at, Instant{5ms});
  const auto forked = with_what_if(*scenario, scenario->what_ifs[0]);
  EXPECT_EQ(std::get<Scenario>(forked).faults.size(), 1u);
}

TEST(LessonRun, RulesErasAndSettingsOfOneProducerHoldFromTheBeginning) {
  const auto scenario = shared_scenario(R"(
[[topic]]
name = "orders"
[[producer]]
name = "a"
[[producer]]
name = "b"
[[thread]]
name = "A"
producer = "a"
run = [{ send = "orders" }]
[[what_if]]
text = "?"
producer = "b"
set = { linger.ms = 7 }
rules = { "KIP-580" = false }
then = "records.sent == 2"
[[what_if]]
text = "?"
era = "2.8"
then = "records.sent == 2"
)");
  const auto first = std::get<Scenario>(with_what_if(*scenario, scenario->what_ifs[0]));
  EXPECT_EQ(first.producers[0].settings.count("linger.ms"), 0u);
  EXPECT_EQ(first.producers[1].settings.at("linger.ms"), "7");
  EXPECT_FALSE(first.rules.has(core::Rule::Kip580ExponentialRetryBackoff));
  const auto second = std::get<Scenario>(with_what_if(*scenario, scenario->what_ifs[1]));
  EXPECT_EQ(second.era, core::Era::V2_8);
}

// --- What is wrong with the file ---

TEST(LessonRun, MistakesInQuestionsAreFoundWhenTheFileIsRead) {
  const std::string ask = "[[ask]]\nat = \"0ms\"\ntext = \"?\"\n";
  EXPECT_EQ(mistakes_behind(ask), "9:1: [[ask]] needs 'choices' / such as choices = [8, 9, 12]");
  EXPECT_EQ(mistakes_behind(ask + "choices = [8]\n"),
            "12:11: 'choices' is a list of two to nine / such as [\"5ms\", \"10ms\"]");
  EXPECT_TRUE(begins(mistakes_behind(ask + "choices = [8, 9]\n"),
                     "12:12: nothing says when this choice is right / give it a"));
  EXPECT_TRUE(
      begins(mistakes_behind(ask + "answer = \"now\"\nchoices = [\"5ms\", \"recrods.sent\"]\n"),
             "13:20:"));
  const std::string types =
      mistakes_behind(ask + "answer = \"now\"\nchoices = [\"5ms\", \"'yes'\"]\n");
  EXPECT_TRUE(begins(types, "13:19: the answer cannot be compared:")) << types;
}

TEST(LessonRun, MistakesInWhatIfsAreFoundWhenTheFileIsRead) {
  const std::string what_if = "[[what_if]]\ntext = \"?\"\nthen = \"records.failed == 1\"\n";
  EXPECT_TRUE(begins(mistakes_behind(what_if), "9:1: nothing is otherwise here "));
  EXPECT_TRUE(begins(mistakes_behind(what_if + "disconnect = 0\n"),
                     "9:1: nothing says when the fault happens"));
  const std::string setting = mistakes_behind(what_if + "set = { linger.ms = \"soon\" }\n");
  EXPECT_TRUE(begins(setting, "9:1: this cannot be otherwise")) << setting;
  const std::string era = mistakes_behind(what_if + "era = \"3.8\"\n");
  EXPECT_NE(era.find("there is no era '3.8' / did you mean '2.8'?"), std::string::npos) << era;
}

}  // namespace
}  // namespace linger::sim
