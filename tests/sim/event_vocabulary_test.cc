#include "sim/event_vocabulary.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "sim/event_text.h"
#include "sim/query_names.h"
#include "support/event_samples.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

const core::TopicNames kTopics{{"orders"}};

std::string scenarios_readme() {
  std::ifstream in{LINGER_SOURCE_DIR "/scenarios/README.md"};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(EventVocabulary, EveryKindHasANameOfItsOwn) {
  std::set<std::string> names;
  for (const EventKind& kind : event_vocabulary()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
  }
}

TEST(EventVocabulary, AnEventFindsItsKind) {
  const std::vector<EventKind> vocabulary = event_vocabulary();
  const std::vector<TraceEvent> events = samples(false);
  ASSERT_EQ(events.size(), vocabulary.size());
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(kind_of(events[i]), i);
}

TEST(EventVocabulary, EveryFieldHasAValueOfItsType) {
  const std::vector<EventKind> vocabulary = event_vocabulary();
  for (const TraceEvent& event : samples(true)) {
    const EventKind& kind = vocabulary[kind_of(event)];
    std::set<std::string> names;
    for (const EventField& field : query_fields(kind)) {
      EXPECT_TRUE(names.insert(field.name).second) << kind.name << " has two " << field.name;
      EXPECT_EQ(type_of(field_value(event, field.name, kTopics)), field.type)
          << kind.name << " " << field.name;
    }
  }
}

TEST(EventVocabulary, AFieldWithAUnitIsAlsoADuration) {
  const core::BatchDrained drained{
      .batch = {}, .partition = {}, .bytes = {}, .producer = {}, .age = 12ms};
  const TraceEvent event{Instant{5ms}, 1, std::nullopt, core::Event{drained}};
  EXPECT_EQ(field_value(event, "age_ms", kTopics), Value{std::int64_t{12}});
  EXPECT_EQ(field_value(event, "age", kTopics), Value{Duration{12ms}});
  EXPECT_EQ(field_value(event, "at", kTopics), Value{Duration{5ms}});
  EXPECT_EQ(field_value(event, "producer", kTopics), Value{None{}});
  EXPECT_EQ(field_value(event, "ag", kTopics), Value{None{}});
}

TEST(EventVocabulary, WithoutLimitIsForever) {
  const TraceEvent event{{}, 1, std::nullopt, core::SenderSlept{.timeout = core::kForever}};
  EXPECT_EQ(field_value(event, "timeout", kTopics), Value{Duration::max()});
}

TEST(EventVocabulary, WordsOfAnEnumAreDistinct) {
  for (const EventKind& kind : event_vocabulary()) {
    for (const EventField& field : kind.fields) {
      const std::set<std::string> words{field.words.begin(), field.words.end()};
      EXPECT_EQ(words.size(), field.words.size()) << kind.name << " " << field.name;
    }
  }
  EXPECT_EQ(words_of<core::BatchState>(),
            (std::vector<std::string>{"open", "aborted", "failed", "succeeded"}));
}

// When these fail, put the table they print in the place of the one in scenarios/README.md.
TEST(EventVocabulary, TheTableOfEventsIsInTheReadme) {
  EXPECT_NE(scenarios_readme().find(vocabulary_table()), std::string::npos) << vocabulary_table();
}

TEST(EventVocabulary, TheTableOfNamesIsInTheReadme) {
  EXPECT_NE(scenarios_readme().find(world_names_table()), std::string::npos) << world_names_table();
}

}  // namespace
}  // namespace linger::sim
