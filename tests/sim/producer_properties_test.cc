#include "sim/producer_properties.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/scenario_overrides.h"
#include "support/command.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

using Properties = std::vector<Property>;

Properties parsed(std::string_view text) {
  const auto result = parse_properties(text, "p");
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&result)) {
    ADD_FAILURE() << sim::text(*errors);
    return {};
  }
  return std::get<Properties>(result);
}

TEST(ProducerProperties, AKeyEndsAtAnEqualsSignAColonOrABlank) {
  EXPECT_EQ(
      parsed("linger.ms=5\nacks : all\nretries 3\nclient.id\n"),
      (Properties{
          {"linger.ms", "5", 1}, {"acks", "all", 2}, {"retries", "3", 3}, {"client.id", "", 4}}));
}

TEST(ProducerProperties, CommentsAndEmptyLinesSayNothing) {
  EXPECT_EQ(parsed("# a=1\n\n  ! b=2\n  c=3"), (Properties{{"c", "3", 4}}));
  EXPECT_EQ(parsed(""), Properties{});
}

TEST(ProducerProperties, OnlyBlanksBeforeAValueAreLeftOut) {
  EXPECT_EQ(parsed("a =  one two \n"), (Properties{{"a", "one two ", 1}}));
}

TEST(ProducerProperties, ABackslashAtTheEndJoinsTwoLines) {
  EXPECT_EQ(parsed("servers=one,\\\n    two\nb=1"),
            (Properties{{"servers", "one,two", 1}, {"b", "1", 3}}));
  EXPECT_EQ(parsed("path=c:\\\\\nb=1"), (Properties{{"path", "c:\\", 1}, {"b", "1", 2}}));
  EXPECT_EQ(parsed("a=1\\"), (Properties{{"a", "1", 1}})) << "the file ends there";
}

TEST(ProducerProperties, LinesEndAsOnAnySystem) {
  EXPECT_EQ(parsed("a=1\r\nb=2\rc=3"), (Properties{{"a", "1", 1}, {"b", "2", 2}, {"c", "3", 3}}));
}

TEST(ProducerProperties, EscapesAreCharacters) {
  EXPECT_EQ(parsed("a\\ b\\:c=x\\ty\\u00e4\\u20ac\\q"),
            (Properties{{"a b:c", "x\ty\xc3\xa4\xe2\x82\xacq", 1}}));
}

TEST(ProducerProperties, TheLastOfTwoWins) {
  EXPECT_EQ(parsed("a=1\nb=2\na=3"), (Properties{{"a", "3", 3}, {"b", "2", 2}}));
}

TEST(ProducerProperties, AMalformedEscapeIsRefusedWithItsLine) {
  const auto result = parse_properties("a=1\nb=\\u00g1\n", "p");
  const auto& errors = std::get<std::vector<ParseError>>(result);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].line, 2);
}

TEST(ProducerProperties, LeavesOutWithAWarningWhatAScenarioHasOfItsOwn) {
  const ProducerProperties selected = select_settings(
      parsed("bootstrap.servers=kafka:9092\nlinger.ms=5\nsasl.mechanism=PLAIN\nlinger.m=5\n"
             "metric.reporters=a.B\n"),
      "p");
  EXPECT_EQ(selected.settings, (Properties{{"linger.ms", "5", 2}, {"metric.reporters", "a.B", 5}}));
  EXPECT_EQ(selected.warnings,
            (std::vector<std::string>{
                "p:1: warning: bootstrap.servers: the scenario's own brokers are used",
                "p:3: warning: sasl.mechanism: this model neither encrypts nor authenticates",
                "p:4: warning: linger.m: no client has this setting: did you mean linger.ms?",
                "p:5: warning: metric.reporters: known to Kafka, but this model does not act on "
                "it"}));
}

class ProducerConfigFile : public testing::Test {
 protected:
  std::variant<Overridden, std::vector<ParseError>> overridden(const std::string& properties,
                                                               ScenarioOverrides overrides = {}) {
    place_.write("p", properties);
    overrides.producer_config = place_.path("p");
    return with_overrides(scenario_of(R"(
      [[topic]]
      name = "t"
      [producer]
      linger.ms = 5
      batch.size = 1000
      [[thread]]
      run = [ { send = "t" } ])"),
                          overrides);
  }
  Workplace place_;
};

TEST_F(ProducerConfigFile, WinsOverTheScenarioAndLosesToWhatWasTyped) {
  const auto result = overridden("linger.ms=7\nretries=3", {.settings = {"retries=4"}});
  const auto& config = std::get<Overridden>(result).scenario.producers[0].config.config;
  EXPECT_EQ(config.linger, core::Milliseconds{7});
  EXPECT_EQ(config.retries, 4);
  EXPECT_EQ(config.batch_size, Bytes{1000});
}

TEST_F(ProducerConfigFile, IsCheckedAsTheClientWould) {
  const auto result = overridden("retries=3\nlinger.ms=soon\n");
  const auto& errors = std::get<std::vector<ParseError>>(result);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].file, place_.path("p") + ":2");
}

}  // namespace
}  // namespace linger::sim
