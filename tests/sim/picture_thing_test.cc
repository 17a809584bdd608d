// What a choice points at: as it is written, or as its value names it.
#include "sim/picture_thing.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>

#include "sim/lesson_run.h"
#include "sim/lesson_texts.h"
#include "sim/scenario_writer.h"
#include "support/scenario_mistakes.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

std::string read_back(const std::string& written) {
  const auto thing = parse_picture_thing(written);
  if (const auto* error = std::get_if<QueryError>(&thing)) {
    return std::to_string(error->column) + ": " + error->message;
  }
  return text(std::get<PictureThing>(thing));
}

TEST(PictureThing, IsWrittenAsTheQueryLanguageCallsIt) {
  for (const std::string written :
       {"batch(0)", "partition('orders-0')", "broker(1)", "thread('A')", "thread('it''s')",
        "request(2)", "sender", "producer('B').batch(3)", "producer('B').sender",
        "producer('B').partition('orders-2')"}) {
    EXPECT_EQ(read_back(written), written);
  }
  EXPECT_EQ(read_back("batch( 0 )"), "batch(0)");
}

TEST(PictureThing, NothingElseIsInThePicture) {
  EXPECT_EQ(read_back("bach(0)"), "1: 'bach' names nothing in the picture here");
  EXPECT_EQ(read_back("batch"), "6: the end names nothing in the picture here");
  EXPECT_EQ(read_back("batch('A')"), "7: ''A'' names nothing in the picture here");
  EXPECT_EQ(read_back("batch(0).records"), "9: '.' names nothing in the picture here");
  EXPECT_EQ(read_back("producer('B').broker(1)"), "15: 'broker' names nothing in the picture here");
  EXPECT_EQ(read_back("partition('orders')"), "11: 'orders' names no partition");
  EXPECT_EQ(read_back("thread("), "8: the end names nothing in the picture here");
}

// --- In a question ---

const std::string kAsk =
    "[[ask]]\nat = \"0ms\"\ntext = \"?\"\nchoices = [\n"
    "  { text = \"a\", that = \"records.sent == 1\", points_at = \"thread('A')\" },\n"
    "  { text = \"b\", that = \"records.sent == 2\", points_at = \"";

TEST(PictureThing, MistakesAreFoundWhenTheFileIsRead) {
  const auto mistakes = [](const std::string& thing) {
    return mistakes_behind(kAsk + thing + "\" },\n]\n");
  };
  EXPECT_EQ(mistakes("partition('orders-2')"), "");
  EXPECT_EQ(mistakes("broker(1)"), "14:57: there is no broker 1 / from 0 to 0");
  EXPECT_EQ(mistakes("thread('B')"), "14:57: there is no thread 'B' / did you mean 'A'?");
  EXPECT_EQ(mistakes("thread('A')"),
            "14:57: another choice points at thread('A') / a click there has to be one choice");
  EXPECT_TRUE(mistakes("partition('orders-7')").starts_with("14:57: ")) << "there is none such";
  EXPECT_TRUE(mistakes("producer('x').sender").starts_with("14:57: there is no producer 'x'"));
  const std::string nothing = mistakes("bach(0)");
  EXPECT_TRUE(nothing.starts_with("14:58: 'bach' names nothing in the picture here / such as"))
      << nothing;
}

std::string things_of(const std::string& question) {
  const auto scenario = shared_scenario(kSmallestScenario + "[cluster]\nbrokers = 3\n" + question);
  const Question& asked = scenario->questions.at(0);
  std::string all;
  for (const Choice& choice : asked.choices) {
    const auto thing = thing_pointed_at(*scenario, asked, choice);
    all += (thing ? text(*thing) : "-") + " ";
  }
  return all;
}

std::string things_of(const std::string& answer, const std::string& choices) {
  return things_of("[[ask]]\nat = \"0ms\"\ntext = \"?\"\nanswer = \"" + answer + "\"\nchoices = [" +
                   choices + "]\n");
}

TEST(PictureThing, AValueThatNamesOneNeedNotSaySo) {
  EXPECT_EQ(things_of("first(batch_drained).partition", "\"'orders-1'\", \"'orders-2'\""),
            "partition('orders-1') partition('orders-2') ");
  EXPECT_EQ(things_of("last(request_sent).node", "0, { text = \"b {value}\", is = 2 }"),
            "broker(0) broker(2) ");
  EXPECT_EQ(things_of("partition('orders-0').leader", "0, 1"), "broker(0) broker(1) ");
  EXPECT_EQ(things_of("first(batch_expired).batch", "0, 1"), "batch(0) batch(1) ");
  EXPECT_EQ(things_of("first(batch_drained).records", "0, 1"), "- - ") << "a number of records";
  EXPECT_EQ(things_of("max(request_sent.node)", "0, 1"), "- - ") << "of several";
  EXPECT_EQ(things_of("first(batch_expired).batch", "0, \"batches.opened\""), "batch(0) - ");
  EXPECT_EQ(things_of("last(request_sent).node",
                      "{ text = \"it\", is = 0, points_at = \"batch(4)\" }, 1"),
            "batch(4) broker(1) ")
      << "what is said counts";
}

TEST(PictureThing, IsWrittenWhereItWasSaid) {
  const std::string toml = kSmallestScenario + kAsk + "sender\" },\n]\n";
  const auto scenario = shared_scenario(toml);
  const std::string written = scenario_text(*scenario);
  EXPECT_NE(written.find("points_at = \"thread('A')\""), std::string::npos) << written;
  EXPECT_NE(written.find("points_at = \"sender\""), std::string::npos) << written;
  EXPECT_EQ(shared_scenario(written)->questions.at(0).choices, scenario->questions.at(0).choices);
}

TEST(PictureThing, IsNoTextToBeTranslated) {
  const std::string toml = kSmallestScenario + kAsk + "sender\" },\n]\n";
  const auto texts = translated_texts(
      toml, "a.toml", "[[ask]]\ntext = \"？\"\nchoices = [\"甲\", \"乙\"]\n", "a.zh.toml");
  ASSERT_TRUE(std::holds_alternative<LessonTexts>(texts))
      << text(std::get<std::vector<ParseError>>(texts).front());
  EXPECT_EQ(std::get<LessonTexts>(texts).questions[0].choices[1], "乙");
  const auto wrong = translated_texts(
      toml, "a.toml",
      "[[ask]]\ntext = \"？\"\nchoices = [\"甲\", { text = \"乙\", points_at = \"sender\" }]\n",
      "a.zh.toml");
  EXPECT_TRUE(std::holds_alternative<std::vector<ParseError>>(wrong));
}

}  // namespace
}  // namespace linger::sim
