// The fidelity ledger, tests/fidelity/*.md: which test of ours shows what each test of Kafka's
// client shows, or why it does not apply, or what is missing.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace linger {
namespace {

namespace fs = std::filesystem;

using Texts = std::vector<std::string>;

constexpr std::array<std::string_view, 3> kEras{"0.10.2", "2.8", "3.9"};

constexpr std::string_view kHead = "| Kafka's test | eras | what it checks | here |";

enum class Status { Shown, Gap, DoesNotApply };

struct Row {
  std::string at;  // file and line
  std::string kafka_class;
  Texts kafka_tests;
  Texts eras;
  Texts tests;         // ours, "Suite.Name"
  std::string remark;  // behind them: "gap: …", "does not apply: …"
  Status status = Status::Shown;
};

struct Ledger {
  std::vector<Row> rows;
  Texts faults;
};

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string{text.substr(first, text.find_last_not_of(' ') - first + 1)};
}

Texts split(std::string_view text, std::string_view separator) {
  Texts parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(separator);
    parts.push_back(trimmed(text.substr(0, end)));
    if (end != std::string_view::npos) text.remove_prefix(end + separator.size());
  }
  return parts;
}

template <class Names>
bool is_among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// "`Suite.Name`, `Suite.Name`; gap: …" is tests and a remark; either may be missing.
bool read_here(std::string text, Row& row) {
  static const std::regex test{R"(^`(\w+\.\w+)`(, |; |$))"};
  std::smatch match;
  while (std::regex_search(text, match, test)) {
    row.tests.push_back(match[1]);
    text = match.suffix();
  }
  row.remark = text;
  if (text.empty()) {
    row.status = Status::Shown;
    return !row.tests.empty();
  }
  static const std::regex remark{R"(^(gap: .+|does not apply: .+)$)"};
  if (!std::regex_match(text, remark)) return false;
  if (text.starts_with("gap")) row.status = Status::Gap;
  if (text.starts_with("does")) row.status = Status::DoesNotApply;
  return true;
}

// The text of one file. A faulty row is a fault, and no row.
Ledger read_ledger(const std::string& name, const std::string& text) {
  Ledger ledger;
  std::istringstream lines{text};
  std::string kafka_class;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string at = name + ":" + std::to_string(++number) + ": ";
    if (line.starts_with("## ")) kafka_class = trimmed(line.substr(3));
    if (!line.starts_with("|") || line == kHead || line.starts_with("| ---")) continue;
    const Texts cells = split(line, "|");
    Row row{at, kafka_class, {}, {}, {}, {}};
    if (cells.size() != 6 || kafka_class.empty()) {
      ledger.faults.push_back(at + "a row has four cells, below the heading of its class");
    } else if (cells[3].empty() || !read_here(cells[4], row)) {
      ledger.faults.push_back(at + "neither a test nor a reason: " + cells[4]);
    } else {
      row.kafka_tests = split(cells[1], " / ");
      row.eras = split(cells[2], ",");
      ledger.rows.push_back(std::move(row));
    }
  }
  return ledger;
}

// What is wrong with rows that could be read, if these tests of ours exist.
Texts faults(const std::vector<Row>& rows, const std::set<std::string>& our_tests) {
  static const std::regex kafka_name{R"([a-z]\w+)"};
  Texts found;
  std::set<std::string> seen;  // class, test and era
  for (const Row& row : rows) {
    for (const std::string& test : row.tests) {
      if (!our_tests.contains(test)) found.push_back(row.at + "there is no test " + test);
    }
    if (row.status == Status::DoesNotApply && !row.tests.empty()) {
      found.push_back(row.at + "what does not apply has no test");
    }
    for (const std::string& era : row.eras) {
      if (!is_among(kEras, era)) found.push_back(row.at + "there is no era " + era);
      for (const std::string& test : row.kafka_tests) {
        if (!std::regex_match(test, kafka_name)) found.push_back(row.at + "no name: " + test);
        if (!seen.insert(row.kafka_class + "." + test + " " + era).second) {
          found.push_back(row.at + test + " stands twice for " + era);
        }
      }
    }
  }
  return found;
}

std::string content_of(const fs::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::set<std::string> tests_in(const std::string& source) {
  static const std::regex macro{R"((^|\n)(TEST|TEST_F|TEST_P|RC_GTEST_PROP)\(\s*(\w+),\s*(\w+))"};
  std::set<std::string> tests;
  for (std::sregex_iterator at{source.begin(), source.end(), macro}, end; at != end; ++at) {
    tests.insert((*at)[3].str() + "." + (*at)[4].str());
  }
  return tests;
}

std::set<std::string> our_tests() {
  std::set<std::string> tests;
  for (const auto& entry :
       fs::recursive_directory_iterator{fs::path{LINGER_SOURCE_DIR} / "tests"}) {
    if (entry.path().extension() == ".cc") tests.merge(tests_in(content_of(entry.path())));
  }
  return tests;
}

Ledger the_ledger() {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator{fs::path{LINGER_SOURCE_DIR} / "tests" / "fidelity"}) {
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Ledger all;
  for (const fs::path& path : files) {
    Ledger one = read_ledger(path.filename().string(), content_of(path));
    std::move(one.rows.begin(), one.rows.end(), std::back_inserter(all.rows));
    std::move(one.faults.begin(), one.faults.end(), std::back_inserter(all.faults));
  }
  return all;
}

std::string joined(const Texts& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + "\n";
  return all;
}

// --- The ledger ---

TEST(Fidelity, EveryTestOfKafkasHasATestOfOursOrAReason) {
  const Ledger ledger = the_ledger();
  EXPECT_FALSE(ledger.rows.empty());
  EXPECT_EQ(joined(ledger.faults), "");
  EXPECT_EQ(joined(faults(ledger.rows, our_tests())), "");
}

// Counts tests of Kafka's, of which a row may have several.
TEST(Fidelity, IsCounted) {
  std::map<std::string, std::size_t> counts;
  std::string gaps;
  for (const Row& row : the_ledger().rows) {
    const std::size_t tests = row.kafka_tests.size();
    counts["in all"] += tests;
    switch (row.status) {
      case Status::Shown:
        counts["shown here"] += tests;
        break;
      case Status::Gap:
        counts["gaps"] += tests;
        gaps += row.at + row.kafka_tests.front() + ": " + row.remark + "\n";
        break;
      case Status::DoesNotApply:
        counts["do not apply"] += tests;
        break;
    }
  }
  EXPECT_GT(counts["shown here"], counts["in all"] / 4);
  std::cout << gaps << "Kafka's tests:\n";
  for (const auto& [what, count] : counts) std::cout << "  " << count << " " << what << "\n";
}

// --- The check can fail ---

constexpr std::string_view kTables =
    "# A title\n\n## BufferPoolTest\n\n"
    "| Kafka's test | eras | what it checks | here |\n| --- | --- | --- | --- |\n";

Texts faults_of(const std::string& rows) {
  const std::set<std::string> ours{"BufferPool.Waits", "BufferPool.Closes"};
  Ledger ledger = read_ledger("pool.md", std::string{kTables} + rows);
  Texts found = ledger.faults;
  for (const std::string& fault : faults(ledger.rows, ours)) found.push_back(fault);
  return found;
}

TEST(FidelityCheck, TakesTestsReasonsAndWhatIsMissing) {
  EXPECT_EQ(faults_of("| testA | 0.10.2, 2.8, 3.9 | waits | `BufferPool.Waits` |\n"
                      "| testB / testC | 3.9 | both | `BufferPool.Waits`, `BufferPool.Closes` |\n"
                      "| testD | 2.8 | half | `BufferPool.Waits`; gap: the other half |\n"
                      "| testE | 3.9 | nothing yet | gap: no test |\n"
                      "| testG | 3.9 | JMX | does not apply: JMX; there is none |\n"),
            Texts{});
}

TEST(FidelityCheck, ReadsWhatARowSays) {
  const Ledger ledger = read_ledger(
      "pool.md",
      std::string{kTables} + "| testB / testC | 2.8, 3.9 | x | `BufferPool.Waits`; gap: half |\n");
  ASSERT_EQ(ledger.rows.size(), 1u);
  EXPECT_EQ(ledger.rows[0].at, "pool.md:7: ");
  EXPECT_EQ(ledger.rows[0].kafka_class, "BufferPoolTest");
  EXPECT_EQ(ledger.rows[0].kafka_tests, (Texts{"testB", "testC"}));
  EXPECT_EQ(ledger.rows[0].eras, (Texts{"2.8", "3.9"}));
  EXPECT_EQ(ledger.rows[0].tests, Texts{"BufferPool.Waits"});
  EXPECT_EQ(ledger.rows[0].remark, "gap: half");
  EXPECT_EQ(ledger.rows[0].status, Status::Gap);
}

TEST(FidelityCheck, NoticesATestThatDoesNotExist) {
  EXPECT_EQ(faults_of("| testA | 3.9 | x | `BufferPool.Sleeps` |\n"),
            Texts{"pool.md:7: there is no test BufferPool.Sleeps"});
  EXPECT_EQ(faults_of("| testA | 3.9 | x | `BufferPool.Waits`, `Pool.Waits`; gap: y |\n"),
            Texts{"pool.md:7: there is no test Pool.Waits"});
}

TEST(FidelityCheck, NoticesARowWithNeitherATestNorAReason) {
  for (const char* here : {"", "gap:", "gap", "does not apply", "waits", "BufferPool.Waits",
                           "`BufferPool.Waits` gap: y", "`BufferPool`", "yes"}) {
    EXPECT_EQ(faults_of("| testA | 3.9 | x | " + std::string{here} + " |\n").size(), 1u) << here;
  }
  EXPECT_EQ(faults_of("| testA | 3.9 |  | `BufferPool.Waits` |\n").size(), 1u);
}

TEST(FidelityCheck, NoticesATestOfKafkasThatStandsTwice) {
  const std::string row = "| testA | 2.8, 3.9 | x | `BufferPool.Waits` |\n";
  EXPECT_EQ(faults_of(row + "| testB / testA | 3.9 | x | `BufferPool.Waits` |\n"),
            Texts{"pool.md:8: testA stands twice for 3.9"});
  EXPECT_EQ(faults_of(row + "| testA | 0.10.2 | x | `BufferPool.Waits` |\n"), Texts{});
  EXPECT_EQ(faults_of(row + "\n## OtherTest\n\n" + row), Texts{});
}

TEST(FidelityCheck, NoticesARowThatIsNone) {
  EXPECT_EQ(faults_of("| testA | 3.9 | `BufferPool.Waits` |\n").size(), 1u);
  EXPECT_EQ(faults_of("| testA | 4.0 | x | `BufferPool.Waits` |\n"),
            Texts{"pool.md:7: there is no era 4.0"});
  EXPECT_EQ(faults_of("| …WithKeys | 3.9 | x | `BufferPool.Waits` |\n"),
            Texts{"pool.md:7: no name: …WithKeys"});
  EXPECT_EQ(faults_of("| testA | 3.9 | x | waits for Godot |\n").size(), 1u);
  EXPECT_EQ(faults_of("| testA | 3.9 | x | `BufferPool.Waits`; does not apply: y |\n"),
            Texts{"pool.md:7: what does not apply has no test"});
  EXPECT_EQ(read_ledger("x.md", "| testA | 3.9 | x | gap: y |\n").faults.size(), 1u)
      << "without a class";
}

TEST(FidelityCheck, FindsTestsOfEveryKind) {
  EXPECT_EQ(tests_in("TEST(A, One) {\n}\n  TEST(A, Not) {}\n// TEST(A, Neither)\n"
                     "TEST_F(B, Two) {\nTEST_P(\n    C, Three) {\nRC_GTEST_PROP(D, Four,\n ()) {"),
            (std::set<std::string>{"A.One", "B.Two", "C.Three", "D.Four"}));
}

}  // namespace
}  // namespace linger
