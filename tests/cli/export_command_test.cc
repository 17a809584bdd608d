#include "linger_fixture.h"

namespace linger {
namespace {

TEST_F(Linger, ExportWritesACaptureThatIsTheSameEveryTime) {
  EXPECT_EQ(linger("export good.toml --pcap a.pcapng").exit_code, 0);
  EXPECT_EQ(linger("export good.toml --pcap b.pcapng").exit_code, 0);
  const std::string capture = place_.read("a.pcapng");
  EXPECT_EQ(capture.substr(0, 4), "\x0a\x0d\x0d\x0a");
  EXPECT_TRUE(has(capture, "broker-0"));
  EXPECT_TRUE(capture == place_.read("b.pcapng"));
}

TEST_F(Linger, ExportCanBeCut) {
  linger("export good.toml --pcap whole.pcapng");
  EXPECT_EQ(linger("export good.toml --pcap cut.pcapng --until 3ms").exit_code, 0);
  const std::string cut = place_.read("cut.pcapng");
  EXPECT_LT(cut.size(), place_.read("whole.pcapng").size());
  EXPECT_TRUE(place_.read("whole.pcapng").starts_with(cut));
}

TEST_F(Linger, ExportLeavesNoFileOfWhatItCannotDo) {
  expect_refused("export good.toml", "--pcap is required");
  expect_refused("export none.toml --pcap out.pcapng",
                 "none.toml: error: this file cannot be read");
  expect_refused("export good.toml --pcap no/such/folder.pcapng", "cannot write");
  expect_refused("export good.toml --pcap out.pcapng --max-version Produce=99",
                 "--max-version Produce=99: error: '99' is no version of Produce");
}

TEST_F(Linger, ARunCanBeGivenBrokersThatKnowNoNewerVersions) {
  const CommandResult result =
      linger("run good.toml --max-version Produce=8 --max-version Metadata=8 --trace out.jsonl");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::string trace = place_.read("out.jsonl");
  EXPECT_TRUE(has(trace, R"("api":"Produce","version":8)"));
  EXPECT_FALSE(has(trace, R"("api":"Produce","version":11)"));
  EXPECT_TRUE(has(trace, R"("api":"Metadata","version":8)"));
}

TEST_F(Linger, OnlyRecordingsAreReplayed) {
  expect_refused("replay good.toml", "this is no recording: it has no table [live]");
}

}  // namespace
}  // namespace linger
