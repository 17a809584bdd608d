#include "viz/language.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "viz/characters.h"
#include "viz/chinese.h"
#include "viz/keys.h"

namespace linger::viz {
namespace {

namespace fs = std::filesystem;

// Speaks a language until the end of the scope.
class Speaking {
 public:
  explicit Speaking(Language wanted) { set_language(wanted); }
  ~Speaking() { set_language(Language::English); }
  Speaking(const Speaking&) = delete;
  Speaking& operator=(const Speaking&) = delete;
};

// A text as it stands in the code: neighbours are one. `call` is what stands before it.
struct Literal {
  std::string file;
  std::string call;
  std::string text;
};

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Reads the texts of a file of C++, skipping comments.
class LiteralReader {
 public:
  LiteralReader(std::string file, std::string code)
      : file_{std::move(file)}, code_{std::move(code)} {}

  std::vector<Literal> read() {
    while (at_ < code_.size()) {
      if (code_.compare(at_, 2, "//") == 0) {
        at_ = std::min(code_.find('\n', at_), code_.size());
      } else if (code_.compare(at_, 3, "R\"(") == 0) {
        at_ = std::min(code_.find(")\"", at_), code_.size() - 2) + 2;
      } else if (code_[at_] == '\'' && (at_ == 0 || !is_name(code_[at_ - 1]))) {
        at_ += code_[at_ + 1] == '\\' ? 4 : 3;
      } else if (code_[at_] == '"') {
        literals_.push_back({file_, call_before(at_), joined()});
      } else {
        ++at_;
      }
    }
    return std::move(literals_);
  }

 private:
  // "tr" of tr("…"), also where the text stands in the next line; "count_text" of the second of its
  // arguments.
  std::string call_before(std::size_t quote) const {
    const std::size_t counted = code_.rfind("count_text(", quote);
    const bool is_counted = counted != std::string::npos && code_.find('"', counted) == quote &&
                            std::min(code_.find(';', counted), code_.find('{', counted)) > quote;
    if (is_counted) return "count_text";
    std::size_t open = quote;
    while (open > 0 && std::isspace(static_cast<unsigned char>(code_[open - 1])) != 0) --open;
    if (open == 0 || code_[open - 1] != '(') return "";
    std::size_t begin = --open;
    while (begin > 0 && is_name(code_[begin - 1])) --begin;
    return code_.substr(begin, open - begin);
  }
  std::string joined() {
    std::string text;
    while (at_ < code_.size() && code_[at_] == '"') {
      for (++at_; at_ < code_.size() && code_[at_] != '"'; ++at_) text += character();
      ++at_;
      std::size_t next = at_;
      while (next < code_.size() && std::isspace(static_cast<unsigned char>(code_[next])) != 0) {
        ++next;
      }
      if (next < code_.size() && code_[next] == '"') at_ = next;
    }
    return text;
  }
  char character() {
    if (code_[at_] != '\\') return code_[at_];
    ++at_;
    return code_[at_] == 'n' ? '\n' : code_[at_];
  }

  std::string file_;
  std::string code_;
  std::size_t at_ = 0;
  std::vector<Literal> literals_;
};

std::vector<Literal> literals_in(const std::string& folder) {
  std::vector<Literal> all;
  for (const auto& entry : fs::recursive_directory_iterator{fs::path{LINGER_SOURCE_DIR} / folder}) {
    const std::string name = entry.path().filename().string();
    const bool is_code = name.ends_with(".cc") || name.ends_with(".h");
    if (!is_code || name.starts_with("chinese")) continue;
    std::ifstream file{entry.path(), std::ios::binary};
    const std::string code{std::istreambuf_iterator<char>{file}, {}};
    const auto found = LiteralReader{name, code}.read();
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

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
    if (literal.call != "tr" && !is_counted) continue;
    const std::string wanted = is_counted ? plural_pattern(literal.text) : literal.text;
    EXPECT_TRUE(has_row(wanted)) << literal.file << ": {R\"(" << wanted << ")\", \"\"},";
  }
  for (const auto* actions : {&key_actions(), &browser_key_actions()}) {
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
