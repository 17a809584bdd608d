#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

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
  expect_refused("export good.toml", "--pcap");
  expect_refused("export good.toml --csv a.csv --svg a.svg", "--svg");
  expect_refused("export good.toml --handout a.md --until 3ms", "--until");
  expect_refused("export good.toml --svg no/such/folder.svg", "cannot write");
  expect_refused("export good.toml --csv .", "cannot write");
  expect_refused("export none.toml --pcap out.pcapng",
                 "none.toml: error: this file cannot be read");
  expect_refused("export good.toml --pcap no/such/folder.pcapng", "cannot write");
  expect_refused("export good.toml --pcap out.pcapng --max-version Produce=99",
                 "--max-version Produce=99: error: '99' is no version of Produce");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST_F(Linger, ExportWritesALineForEachRecord) {
  const CommandResult result = linger("export good.toml --csv -");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::vector<std::string> lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 4U) << result.out;
  EXPECT_TRUE(lines[0].starts_with("record,producer,thread,partition,batch,sent_us,"));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(std::count(lines[i].begin(), lines[i].end(), ','),
              std::count(lines[0].begin(), lines[0].end(), ','));
    EXPECT_TRUE(lines[i].starts_with(std::to_string(i - 1) + ",producer,A,orders-0,"));
    EXPECT_TRUE(has(lines[i], ",acknowledged,"));
  }
}

TEST_F(Linger, ExportWritesASequenceDiagram) {
  EXPECT_EQ(linger("export good.toml --svg a.svg").exit_code, 0);
  EXPECT_EQ(linger("export good.toml --svg b.svg").exit_code, 0);
  const std::string picture = place_.read("a.svg");
  EXPECT_TRUE(picture.starts_with("<svg "));
  EXPECT_TRUE(picture.ends_with("</svg>\n"));
  EXPECT_TRUE(has(picture, "A small one"));
  EXPECT_TRUE(has(picture, "broker 0"));
  EXPECT_TRUE(has(picture, "acknowledged at 0"));
  EXPECT_EQ(picture, place_.read("b.svg"));
  linger("export good.toml --svg cut.svg --until 1ms");
  EXPECT_LT(place_.read("cut.svg").size(), picture.size());
}

TEST_F(Linger, ExportWritesATraceForPerfetto) {
  const CommandResult result = linger("export good.toml --perfetto -");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (const char* track : {"\"batch 0 orders-0\"", "\"sender\"", "\"thread A\"", "to broker 0",
                            "\"pool memory available\""}) {
    EXPECT_TRUE(has(result.out, track)) << track;
  }
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '{'),
            std::count(result.out.begin(), result.out.end(), '}'));
}

TEST_F(Linger, ExportWritesALessonOnPaper) {
  place_.write("lesson.toml", std::string{kGood} + R"(
[[say]]
at = "1ms"
text = "The second record."
[[ask]]
at = "0ms"
text = "How many records are acknowledged?"
answer = "records.acknowledged"
choices = [ "2", "3" ]
because = "All three are."
)");
  const CommandResult result = linger("export lesson.toml --handout -");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::string& paper = result.out;
  EXPECT_TRUE(paper.starts_with("# A small one\n")) << paper;
  EXPECT_TRUE(has(paper, "- **1.000 ms** The second record.\n")) << paper;
  EXPECT_TRUE(has(paper, "1. At **0.000 ms**: How many records are acknowledged?\n   - a) 2\n"));
  const std::size_t answers = paper.find("## Answers");
  ASSERT_NE(answers, std::string::npos);
  EXPECT_TRUE(has(paper.substr(answers), "1. b) 3\n\n   All three are.\n")) << paper;
  EXPECT_FALSE(has(paper.substr(0, answers), "All three are."));
  // What the run tells comes after what is asked about it.
  EXPECT_LT(paper.find("## Questions"), paper.find("## What happens"));
}

TEST_F(Linger, AHandoutSpeaksChineseToo) {
  const std::string lesson = std::string{LINGER_SOURCE_DIR} + "/scenarios/batching/a_batch_fills";
  const CommandResult english = linger("export " + lesson + ".toml --handout -");
  const CommandResult chinese = linger("export " + lesson + ".toml --handout - --language zh");
  ASSERT_EQ(chinese.exit_code, 0) << chinese.err;
  EXPECT_TRUE(has(chinese.out, "## 答案")) << chinese.out;
  EXPECT_FALSE(has(chinese.out, "## Answers"));
  // Every text is another one, and nothing is missing.
  EXPECT_EQ(std::count(chinese.out.begin(), chinese.out.end(), '#'),
            std::count(english.out.begin(), english.out.end(), '#'));
  EXPECT_NE(chinese.out.substr(0, chinese.out.find('\n')),
            english.out.substr(0, english.out.find('\n')));
  // A lesson without Chinese says so, and writes nothing.
  expect_refused("export good.toml --handout a.md --language zh", "no Chinese texts");
  expect_refused("export good.toml --svg a.svg --language zh", "--handout");
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
