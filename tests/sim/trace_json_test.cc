#include "sim/trace_json.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "sim/event_vocabulary.h"
#include "support/event_samples.h"

namespace linger::sim {
namespace {

const core::TopicNames kOneTopic{{"orders"}};

std::string line(const TraceEvent& event) {
  std::string text;
  append_json_line(event, kOneTopic, text);
  return text;
}

TraceEvent at_12ms(core::Event event) {
  return {Instant{Duration{12'000}}, 31, core::ProducerIndex{0}, std::move(event)};
}

TEST(TraceJson, ALineHasTheEventAndItsFields) {
  const core::BatchDrained drained{.batch = core::BatchId{3},
                                   .partition = {core::TopicId{0}, 0},
                                   .node = core::NodeId{0},
                                   .records = 8,
                                   .bytes = core::Bytes{933},
                                   .producer = {},
                                   .age = core::Milliseconds{5}};
  EXPECT_EQ(line(at_12ms(drained)),
            "{\"t\":12000,\"step\":31,\"stream\":\"producer\",\"event\":\"batch_drained\","
            "\"producer\":0,\"batch\":3,\"partition\":\"orders-0\",\"node\":0,\"records\":8,"
            "\"bytes\":933,\"sequence\":-1,\"producer_id\":-1,\"producer_epoch\":-1,"
            "\"attempts\":0,\"age_ms\":5}\n");
}

TEST(TraceJson, WhatIsNotThereIsLeftOut) {
  const core::RecordCompleted completed{.record = core::RecordId{1},
                                        .partition = {core::TopicId{0}, 2},
                                        .batch = std::nullopt,
                                        .offset = 4,
                                        .timestamp = 1'700'000'000'020,
                                        .error = std::nullopt};
  TraceEvent event = at_12ms(completed);
  event.producer = std::nullopt;
  EXPECT_EQ(line(event),
            "{\"t\":12000,\"step\":31,\"stream\":\"application\",\"event\":\"record_completed\","
            "\"record\":1,\"partition\":\"orders-2\",\"offset\":4,"
            "\"timestamp\":1700000000020}\n");
}

TEST(TraceJson, ATextIsEscaped) {
  const core::Logged logged{core::LogLevel::Warn, "a \"quote\", a \\ and a\nline \x01 größe"};
  EXPECT_EQ(line(at_12ms(logged)),
            "{\"t\":12000,\"step\":31,\"stream\":\"producer\",\"event\":\"log\",\"producer\":0,"
            "\"level\":\"warn\",\"text\":\"a \\\"quote\\\", a \\\\ and a\\nline \\u0001 "
            "größe\"}\n");
}

TEST(TraceJson, ADurationWithoutLimitIsNull) {
  const core::SenderSlept slept{.timeout = core::kForever};
  EXPECT_NE(line(at_12ms(slept)).find("\"timeout_ms\":null"), std::string::npos);
}

TEST(TraceJson, EveryEventIsAnObjectOfTheFieldsInTheVocabulary) {
  const std::vector<EventKind> vocabulary = event_vocabulary();
  for (const bool is_filled : {false, true}) {
    for (const TraceEvent& event : samples(is_filled)) {
      const EventKind& kind = vocabulary[kind_of(event)];
      const auto json = nlohmann::json::parse(line(event));
      EXPECT_EQ(json["event"], kind.name);
      std::set<std::string> allowed{"t", "step", "stream", "event", "producer"};
      for (const EventField& field : kind.fields) {
        EXPECT_TRUE(!is_filled || json.contains(field.name)) << kind.name << " " << field.name;
        EXPECT_TRUE(allowed.insert(field.name).second) << kind.name << " has two " << field.name;
      }
      for (const auto& [key, value] : json.items()) {
        EXPECT_TRUE(allowed.contains(key)) << kind.name << " " << key;
      }
    }
  }
}

TEST(TraceJson, ATraceIsItsLines) {
  const std::vector<TraceEvent> events = samples(true);
  std::string lines;
  for (const TraceEvent& event : events) lines += line(event);
  EXPECT_EQ(trace_json(events, kOneTopic), lines);
}

}  // namespace
}  // namespace linger::sim
