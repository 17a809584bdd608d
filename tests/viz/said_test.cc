#include "viz/said.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "language_fixture.h"
#include "sim/fault.h"
#include "sim/term_flip.h"
#include "sim/trace_text.h"
#include "support/event_samples.h"
#include "viewer_fixture.h"
#include "viz/characters.h"
#include "viz/language.h"

namespace linger::viz {
namespace {

class Said : public testing::Test {
 protected:
  void SetUp() override { set_language(Language::Chinese); }
  void TearDown() override { set_language(Language::English); }
};

// Names of methods and states stay as they are; words with blanks between them are a sentence.
bool is_in_words(const std::string& text) {
  for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1)) {
    const bool is_between_words = at > 0 && at + 1 < text.size() &&
                                  std::islower(static_cast<unsigned char>(text[at - 1])) != 0 &&
                                  std::islower(static_cast<unsigned char>(text[at + 1])) != 0;
    if (is_between_words) return true;
  }
  return false;
}

// Lines of Kafka's own log stay English; what the lesson says has its Chinese elsewhere.
bool is_said_by_others(const sim::TraceEvent& event) {
  return event.as<core::Logged>() != nullptr || event.as<sim::NarrationReached>() != nullptr ||
         event.as<sim::FaultApplied>() != nullptr;
}

void expect_chinese(const std::vector<sim::TraceEvent>& events, const sim::TraceNames& names) {
  for (const sim::TraceEvent& event : events) {
    if (is_said_by_others(event)) continue;
    const std::string english = sim::describe(event, names).sentence;
    const std::string chinese = tr_said(english);
    EXPECT_TRUE(has_chinese(chinese) || !is_in_words(english)) << english;
  }
}

TEST_F(Said, IsEnglishInEnglish) {
  set_language(Language::English);
  EXPECT_EQ(tr_said("batch 3 drained: 8 records, 933 bytes → broker 0"),
            "batch 3 drained: 8 records, 933 bytes → broker 0");
}

TEST_F(Said, FitsThePatternAndWhatStandsInItsPlaces) {
  EXPECT_EQ(tr_said("batch 3 drained: 8 records, 933 bytes → broker 0, sequence 16, attempt 2"),
            "取出批次 3：8 条记录，933 字节 → broker 0，序列号 16，第 2 次尝试");
  EXPECT_EQ(tr_said("batch 3 is ready for broker 0: full, waited 20 of 5 ms, a flush is on"),
            "批次 3 就绪，发往 broker 0：已满，已等 20/5 ms，flush 进行中");
  EXPECT_EQ(tr_said("ready: full, expired"), "就绪：已满，已等够");
  EXPECT_EQ(tr_said("why does it wait?"), std::string{tr("why does it wait?")});
}

TEST_F(Said, WhatKafkaSaysStaysAsItIs) {
  EXPECT_EQ(tr_said("record 3 failed: TimeoutException: Expiring 1 record(s) for orders-0: 200 ms"),
            "记录 3 失败：TimeoutException: Expiring 1 record(s) for orders-0: 200 ms");
  const std::string line = "WARN  [Producer clientId=producer-1] Got error produce response";
  EXPECT_EQ(tr_said(line), line);
}

TEST_F(Said, ASentenceWithoutAPatternStaysAsItIs) {
  EXPECT_EQ(tr_said("a topic of nobody's"), "a topic of nobody's");
  EXPECT_EQ(tr_said("orders-0"), "orders-0");
  EXPECT_EQ(tr_said(""), "");
}

TEST_F(Said, ABlankStandsBetweenChineseAndLatinCharacters) {
  EXPECT_EQ(tr_said("broker 0 appended 10 records at offset 4"), "broker 0 追加 10 条记录，位移 4");
  EXPECT_EQ(tr_said("1 byte arrive, to the broker"), "1 字节到达 broker");
}

TEST_F(Said, EveryKindOfEventHasItsSentence) {
  const ViewerState state = viewer_of(kLinger);
  const sim::TraceNames names = sim::names_of(state.scenario());
  expect_chinese(sim::samples(true), names);
}

TEST_F(Said, WhatHappensInARunIsChinese) {
  for (const std::string_view scenario : {kLinger, kRetry, kExpiry}) {
    const ViewerState state = viewer_of(scenario);
    expect_chinese(state.timeline().trace(), sim::names_of(state.scenario()));
  }
}

TEST_F(Said, EveryFaultAndEveryTermIsChinese) {
  for (const sim::Fault& fault : sim::fault_vocabulary()) {
    const std::string english = sim::text(fault);
    const bool names_nobody = english.ends_with(' ') || english.find("  ") != std::string::npos;
    if (names_nobody) continue;
    EXPECT_TRUE(has_chinese(tr_said(english))) << english;
  }
  for (int i = 0; i < sim::kReadinessTerms; ++i) {
    const std::string term{word(static_cast<sim::ReadinessTerm>(i))};
    EXPECT_TRUE(has_chinese(tr_said(term))) << term;
  }
}

TEST_F(Said, PlacesAgreeAndEachPatternIsThereOnce) {
  std::set<std::string_view> patterns;
  for (const SaidRow& row : said_rows()) {
    EXPECT_TRUE(patterns.insert(row.english).second) << "twice: " << row.english;
    const auto places = std::ranges::count(row.english, '{');
    std::set<char> named;
    for (auto at = row.chinese.find('{'); at != std::string_view::npos;
         at = row.chinese.find('{', at + 1)) {
      named.insert(row.chinese[at + 1]);
    }
    EXPECT_EQ(static_cast<std::ptrdiff_t>(named.size()), places) << row.english;
    EXPECT_TRUE(named.empty() || *named.rbegin() == '0' + places - 1) << row.english;
  }
}

TEST_F(Said, ItsGlyphsAreThere) {
  EXPECT_NE(noted_characters().find(U'扣'), std::u32string::npos);
}

}  // namespace
}  // namespace linger::viz
