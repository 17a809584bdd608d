#include "viz/language.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "language_fixture.h"
#include "literals.h"
#include "viz/characters.h"
#include "viz/chinese.h"
#include "viz/keys.h"

namespace linger::viz {
namespace {

namespace fs = std::filesystem;

// A count's word as the tables have it: "record" is a row "{} records".
std::string plural_pattern(const std::string& one) {
  return "{} " + one + (one.ends_with("ch") ? "es" : "s");
}

// "{}" and "{:.1f}" by their number, "{1}" by the one it names; with what stands behind the colon.
std::multiset<std::string> places_in(std::string_view pattern) {
  std::multiset<std::string> places;
  int next = 0;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern.substr(at, 2) == "{{" || pattern.substr(at, 2) == "}}") {
      ++at;
    } else if (pattern[at] == '{') {
      const std::size_t end = pattern.find('}', at);
      const std::string inside{pattern.substr(at + 1, end - at - 1)};
      const std::size_t colon = std::min(inside.find(':'), inside.size());
      const std::string number = colon == 0 ? std::to_string(next++) : inside.substr(0, colon);
      places.insert(number + inside.substr(colon));
      at = end;
    }
  }
  return places;
}

bool has_row(std::string_view english) {
  return std::ranges::binary_search(chinese_rows(), english, {}, &ChineseRow::english);
}

TEST(Language, IsEnglishUntilAnotherIsSet) {
  EXPECT_EQ(language(), Language::English);
  EXPECT_EQ(std::string{tr("next event")}, "next event");
  EXPECT_EQ(tr("branch: {}", 3), "branch: 3");
  const Speaking chinese{Language::Chinese};
  EXPECT_EQ(std::string{tr("next event")}, "下一个事件");
  EXPECT_EQ(tr("branch: {}", 3), "分支：3");
  EXPECT_EQ(std::string{tr("a text without a row")}, "a text without a row");
}

TEST(Language, EveryTextOfTheViewerHasItsRow) {
  for (const Literal& literal : literals_in("viz")) {
    const bool is_counted = literal.call == "count_text";
    const bool is_said = literal.call == "tr" || literal.call == "named";
    if (!is_said && !is_counted) continue;
    const std::string wanted = is_counted ? plural_pattern(literal.text) : literal.text;
    EXPECT_TRUE(has_row(wanted)) << literal.file << ": {R\"(" << wanted << ")\", \"\"},";
  }
  for (const auto* actions : {&key_actions(), &browser_key_actions(), &sweep_key_actions(),
                              &prompt_key_actions(), &editor_key_actions()}) {
    for (const KeyAction& action : *actions) {
      EXPECT_TRUE(has_row(action.name)) << action.name;
      EXPECT_TRUE(has_row(action.description)) << action.description;
    }
  }
}

TEST(Language, EveryRowIsOfUseAndThereOnce) {
  std::set<std::string> known;
  for (const char* folder : {"viz", "sim", "core"}) {
    for (const Literal& literal : literals_in(folder)) {
      known.insert(literal.text);
      known.insert(plural_pattern(literal.text));
    }
  }
  for (const auto& topic : fs::directory_iterator{fs::path{LINGER_SOURCE_DIR} / "scenarios"}) {
    known.insert(topic.path().filename().string());
  }
  std::set<std::string_view> keys;
  for (const ChineseRow& row : chinese_rows()) {
    EXPECT_TRUE(known.contains(std::string{row.english})) << "no code says: " << row.english;
    EXPECT_TRUE(keys.insert(row.english).second) << "twice: " << row.english;
    EXPECT_FALSE(row.chinese.empty()) << row.english;
  }
}

TEST(Language, PlacesInBracesAgree) {
  for (const ChineseRow& row : chinese_rows()) {
    EXPECT_EQ(places_in(row.english), places_in(row.chinese)) << row.english;
  }
}

TEST(Language, GlyphsAreOfAllTextsInUse) {
  const Speaking chinese{Language::Chinese};
  const std::u32string& characters = noted_characters();
  EXPECT_TRUE(std::ranges::is_sorted(characters));
  EXPECT_NE(characters.find(U'件'), std::u32string::npos);
  note_characters("“鑫”, Δ");
  EXPECT_NE(characters.find(U'鑫'), std::u32string::npos);
  EXPECT_EQ(characters.find(U'Δ'), std::u32string::npos) << "the Latin fonts have it";
}

}  // namespace
}  // namespace linger::viz
