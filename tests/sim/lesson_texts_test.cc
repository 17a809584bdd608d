#include "sim/lesson_texts.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "sim/scenario_writer.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

constexpr std::string_view kScenario = R"(era = ["3.9", "2.8"]
[lesson]
title = "One record"
text = "It is sent."
order = 1
[[topic]]
name = "t"
[[thread]]
name = "app"
run = [{ send = "t" }]
[[say]]
at = "0ms"
text = "send() is called."
[[say]]
at = "1ms"
text = "Only here."
era = "2.8"
[[ask]]
at = "0ms"
text = "How many?"
answer = "records.sent"
choices = [2, { text = "{value}: all", is = "1" }]
because = "It is one."
[[what_if]]
text = "What if linger.ms were 5?"
set = { linger.ms = 5 }
then = "records.sent == 1"
because = "It waits."
[[expect]]
that = "records.sent == 1"
[[expect]]
that = "records.failed == 0"
because = "nothing fails"
)";

constexpr std::string_view kChinese = R"(# 简体中文
[lesson]
title = "一条记录"
text = "它被发送。"
[[say]]
text = "调用 send()。"
[[say]]
text = "仅此处。"
[[ask]]
text = "多少条？"
choices = ["{value}：全部"]
because = "只有一条。"
[[what_if]]
text = "如果 linger.ms 是 5 会怎样？"
because = "它会等待。"
[[expect]]
[[expect]]
because = "没有失败"
)";

std::variant<LessonTexts, std::vector<ParseError>> laid_over(std::string_view chinese,
                                                             std::string release = "") {
  return translated_texts(kScenario, "a.toml", chinese, "a.zh.toml", std::move(release));
}

std::string replaced(std::string_view what, std::string_view with) {
  std::string text{kChinese};
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

void expect_refused(const std::string& chinese, const std::string& error) {
  const auto texts = laid_over(chinese);
  ASSERT_TRUE(std::holds_alternative<std::vector<ParseError>>(texts)) << error;
  const std::string said = text(std::get<std::vector<ParseError>>(texts));
  EXPECT_NE(said.find(error), std::string::npos) << said;
  EXPECT_NE(said.find("  fix: "), std::string::npos) << said;
}

TEST(LessonTexts, StandInTheOrderOfTheScenario) {
  const LessonTexts expected{.title = "一条记录",
                             .text = "它被发送。",
                             .narration = {"调用 send()。"},
                             .questions = {{"多少条？", {"", "{value}：全部"}, "只有一条。"}},
                             .what_ifs = {{"如果 linger.ms 是 5 会怎样？", "它会等待。"}},
                             .reasons = {"", "没有失败"}};
  EXPECT_EQ(std::get<LessonTexts>(laid_over(kChinese)), expected);
}

TEST(LessonTexts, AreThoseOfTheReleaseThatIsRun) {
  const auto texts = std::get<LessonTexts>(laid_over(kChinese, "2.8"));
  EXPECT_EQ(texts.narration, (std::vector<std::string>{"调用 send()。", "仅此处。"}));
}

TEST(LessonTexts, ChangeNothingOfAScenarioButWhatItSays) {
  const Scenario scenario = scenario_of(kScenario);
  const Scenario chinese = with_texts(scenario, std::get<LessonTexts>(laid_over(kChinese)));
  EXPECT_EQ(chinese.questions[0].choices[1].text, "{value}：全部");
  EXPECT_NE(scenario_text(chinese), scenario_text(scenario));
  EXPECT_EQ(scenario_text(with_texts(chinese, texts_of(scenario))), scenario_text(scenario));
}

TEST(LessonTexts, ThatDoNotFitAreRefusedWithTheirPlace) {
  expect_refused(replaced("[[say]]\ntext = \"仅此处。\"\n", ""),
                 "a.zh.toml:5:1: error: 1 sections 'say' here, and 2 in the scenario");
  expect_refused(replaced("[lesson]\n", "[lesson]\norder = 1\n"),
                 "a.zh.toml:3:1: error: the scenario's [lesson] of line 2 has no 'order'");
  expect_refused(replaced("because = \"它会等待。\"\n", ""),
                 "a.zh.toml:13:1: error: 'because' is missing\n  fix: in English: It waits.");
  expect_refused(replaced("[\"{value}：全部\"]", "[\"2\", \"{value}：全部\"]"),
                 "a.zh.toml:11:11: error: 2 choices here, and 1 with a text in the scenario");
  expect_refused(replaced("choices = [\"{value}：全部\"]\n", ""), "0 choices here");
  expect_refused(
      replaced("{value}：全部", "全部"),
      "what stands in braces differs from the scenario\n  fix: in English: {value}: all");
  expect_refused(replaced("\"一条记录\"", "\"\""), "a.zh.toml:3:9: error: here stands a text");
  expect_refused(replaced("\"一条记录\"", "1"), "a.zh.toml:3:9: error: here stands a text");
  expect_refused(replaced("[[expect]]\n[[expect]]\nbecause = \"没有失败\"\n", ""),
                 "0 sections 'expect' here, and 2 in the scenario");
  expect_refused(replaced("[[what_if]]", "[[topic]]\nname = \"t\"\n[[what_if]]"),
                 "'topic' has no texts");
  expect_refused("[lesson\n", "a.zh.toml:1:");
}

TEST(LessonTexts, OfAFileThatIsNotThereAreAskedForByItsName) {
  EXPECT_FALSE(has_chinese_texts("nowhere/a.toml"));
  const auto texts = chinese_texts("nowhere/a.toml");
  EXPECT_NE(text(std::get<std::vector<ParseError>>(texts)).find("nowhere/a.toml"),
            std::string::npos);
}

}  // namespace
}  // namespace linger::sim
