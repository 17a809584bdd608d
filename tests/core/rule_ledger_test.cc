// tests/rules.md: for each rule a test that flips it and shows the difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/rules.h"

namespace linger::core::rule_ledger_test {
namespace {

namespace fs = std::filesystem;

using Texts = std::vector<std::string>;

std::string content_of(const fs::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

// "KAFKA-4402" to "| `Suite.Name`, … |", as it stands there.
std::map<std::string, Texts> rows_of(const std::string& text) {
  static const std::regex row{R"(^\| ([A-Z]+-\d+) \| (.+) \|$)"};
  std::map<std::string, Texts> rows;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, row)) rows[match[1]].push_back(match[2]);
  }
  return rows;
}

// "Suite.Name" to what stands between its braces.
std::map<std::string, std::string> tests_in(const std::string& source) {
  static const std::regex macro{R"(\nTEST(?:_F|_P)?\((\w+),\s*(\w+)\) \{\n)"};
  std::map<std::string, std::string> tests;
  for (std::sregex_iterator at{source.begin(), source.end(), macro}, end; at != end; ++at) {
    const auto begin = static_cast<std::size_t>(at->position() + at->length());
    const std::size_t over = source.find("\n}\n", begin);
    tests[(*at)[1].str() + "." + (*at)[2].str()] = source.substr(begin, over - begin);
  }
  return tests;
}

std::map<std::string, std::string> our_tests() {
  std::map<std::string, std::string> tests;
  for (const auto& entry :
       fs::recursive_directory_iterator{fs::path{LINGER_SOURCE_DIR} / "tests"}) {
    if (entry.path().extension() == ".cc") tests.merge(tests_in(content_of(entry.path())));
  }
  return tests;
}

// By its enumerator, Rule::Kafka4402…, or by its name in a scenario: "KAFKA-4402".
bool names_rule(const std::string& body, const std::string& rule) {
  const std::size_t dash = rule.find('-');
  std::string enumerator = rule.substr(0, 1);
  for (std::size_t i = 1; i < dash; ++i) {
    enumerator += static_cast<char>(std::tolower(static_cast<unsigned char>(rule[i])));
  }
  enumerator += rule.substr(dash + 1);
  return std::regex_search(body, std::regex{"Rule::" + enumerator + "[A-Z]"}) ||
         body.find("\"" + rule + "\"") != std::string::npos;
}

// What is wrong with what one row says.
Texts faults_of(const std::string& rule, bool is_unseen, const std::string& shown_by,
                const std::map<std::string, std::string>& tests) {
  static const std::regex named{R"(`(\w+\.\w+)`)"};
  Texts faults;
  const bool needs_none = shown_by.starts_with("does not apply: ");
  if (needs_none) {
    if (!is_unseen) faults.push_back(rule + " can be flipped, and no test does");
    return faults;
  }
  std::sregex_iterator at{shown_by.begin(), shown_by.end(), named};
  if (at == std::sregex_iterator{}) faults.push_back(rule + " names no test: " + shown_by);
  for (; at != std::sregex_iterator{}; ++at) {
    const std::string test = (*at)[1];
    const auto found = tests.find(test);
    if (found == tests.end()) {
      faults.push_back(rule + ": there is no test " + test);
    } else if (!names_rule(found->second, rule)) {
      faults.push_back(rule + ": " + test + " does not flip it");
    }
  }
  return faults;
}

TEST(RuleLedger, EveryRuleHasATestThatShowsTheDifference) {
  const auto rows = rows_of(content_of(fs::path{LINGER_SOURCE_DIR} / "tests" / "rules.md"));
  const auto tests = our_tests();
  Texts faults;
  for (const RuleInfo& rule : rule_table()) {
    const std::string name{rule.name};
    const auto row = rows.find(name);
    if (row == rows.end() || row->second.size() != 1) {
      faults.push_back(name + " has no row of its own");
      continue;
    }
    const Texts found = faults_of(name, !rule.unseen.empty(), row->second.front(), tests);
    faults.insert(faults.end(), found.begin(), found.end());
  }
  EXPECT_EQ(faults, Texts{});
  EXPECT_EQ(rows.size(), rule_table().size()) << "a row without a rule";
}

// --- The check can fail ---

TEST(RuleLedgerCheck, NoticesATestThatIsGoneOrFlipsSomethingElse) {
  const auto tests = tests_in(
      "\nTEST(A, One) {\n  compare(Rule::Kip19RequestTimeout, check);\n}\n"
      "\nTEST(A, Two) {\n  run(\"rules = { \\\"KIP-91\\\" = false }\");\n}\n");
  EXPECT_EQ(tests.size(), 2u);
  EXPECT_EQ(faults_of("KIP-19", false, "`A.One`", tests), Texts{});
  EXPECT_EQ(faults_of("KIP-1", false, "`A.One`", tests), Texts{"KIP-1: A.One does not flip it"});
  EXPECT_EQ(faults_of("KIP-19", false, "`A.Three`", tests),
            Texts{"KIP-19: there is no test A.Three"});
  EXPECT_EQ(faults_of("KIP-19", false, "later", tests), Texts{"KIP-19 names no test: later"});
}

TEST(RuleLedgerCheck, OnlyARuleThatCannotBeFlippedNeedsNoTest) {
  EXPECT_EQ(faults_of("KIP-890", true, "does not apply: a reason", {}), Texts{});
  EXPECT_EQ(faults_of("KIP-19", false, "does not apply: nobody looks", {}),
            Texts{"KIP-19 can be flipped, and no test does"});
}

TEST(RuleLedgerCheck, ReadsTheRowsOfTheTable) {
  const auto rows =
      rows_of("| rule | shown by |\n| --- | --- |\n| KIP-1 | `A.B` |\n| KIP-1 | x |\n");
  EXPECT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.at("KIP-1"), (Texts{"`A.B`", "x"}));
}

}  // namespace
}  // namespace linger::core::rule_ledger_test
