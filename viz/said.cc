#include "viz/said.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "viz/language.h"

namespace linger::viz {
namespace {

constexpr std::string_view kNumberCharacters = "0123456789 .-";

bool holds_number(std::string_view text) {
  return text.find_first_not_of(kNumberCharacters) == std::string_view::npos;
}

// The texts between the places of a pattern, and before and behind them.
class SaidPattern {
 public:
  explicit SaidPattern(const SaidRow& row) : chinese_{row.chinese} {
    std::string_view rest = row.english;
    for (auto place = rest.find('{'); place != std::string_view::npos; place = rest.find('{')) {
      texts_.push_back(rest.substr(0, place));
      const char kind = rest.at(place + 1);
      kinds_.push_back(kind);
      rest.remove_prefix(place + (kind == '}' ? 2 : 3));
    }
    texts_.push_back(rest);
    for (const std::string_view text : texts_) weight_ += text.size();
  }

  // The more of it is fixed, the less it fits by chance.
  std::size_t weight() const { return weight_; }
  std::string_view chinese() const { return chinese_; }

  // What stands there is somebody's own, and not to be translated.
  bool is_verbatim(std::size_t place) const { return kinds_.at(place) == '='; }

  // What stands in the places of a sentence that fits.
  std::optional<std::vector<std::string_view>> places_in(std::string_view sentence) const {
    if (!sentence.starts_with(texts_.front()) || !sentence.ends_with(texts_.back())) {
      return std::nullopt;
    }
    std::vector<std::string_view> found;
    if (!fits(sentence.substr(texts_.front().size()), found)) return std::nullopt;
    return found;
  }

 private:
  bool is_number(std::size_t place) const { return kinds_[place] == '#'; }
  bool fits(std::string_view rest, std::vector<std::string_view>& found) const {
    const std::size_t place = found.size();
    if (place == kinds_.size()) return rest.empty();
    const std::string_view next = texts_[place + 1];
    if (place + 1 == kinds_.size()) {
      if (!rest.ends_with(next) || rest.size() == next.size()) return false;
      found.push_back(rest.substr(0, rest.size() - next.size()));
      if (!is_number(place) || holds_number(found.back())) return true;
      found.pop_back();
      return false;
    }
    for (auto at = rest.find(next, 1); at != std::string_view::npos; at = rest.find(next, at + 1)) {
      const std::string_view here = rest.substr(0, at);
      if (is_number(place) && !holds_number(here)) return false;
      found.push_back(here);
      if (fits(rest.substr(at + next.size()), found)) return true;
      found.pop_back();
    }
    return false;
  }

  std::string_view chinese_;
  std::vector<std::string_view> texts_;
  std::vector<char> kinds_;  // of the places, by what follows their brace; one less than texts
  std::size_t weight_ = 0;
};

std::vector<SaidRow> joined(std::initializer_list<std::span<const SaidRow>> tables) {
  std::vector<SaidRow> all;
  for (const auto rows : tables) all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

std::vector<SaidPattern> patterns_of(const std::vector<SaidRow>& rows) {
  std::vector<SaidPattern> patterns{rows.begin(), rows.end()};
  std::ranges::stable_sort(patterns, std::ranges::greater{}, &SaidPattern::weight);
  return patterns;
}

// One part after the other, if any of them can be said in Chinese.
std::string chinese_of_parts(std::string_view english) {
  constexpr std::string_view kComma = ", ";
  std::string text;
  bool is_translated = false;
  for (std::string_view rest = english;;) {
    const auto comma = rest.find(kComma);
    const std::string_view part = rest.substr(0, comma);
    const std::string said = tr_said(part);
    is_translated = is_translated || said != part;
    text += said;
    if (comma == std::string_view::npos) break;
    text += "，";
    rest.remove_prefix(comma + kComma.size());
  }
  return is_translated ? text : std::string{english};
}

bool is_latin(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The first byte of a Chinese character that is no punctuation.
bool begins_han(std::string_view text) {
  if (text.empty()) return false;
  const auto first = static_cast<unsigned char>(text.front());
  return first >= 0xE4 && first <= 0xE9;
}

bool ends_with_han(std::string_view text) {
  return text.size() >= 3 && begins_han(text.substr(text.size() - 3));
}

bool is_latin_beginning(char c) {
  return is_latin(c) || c == '[';
}

bool is_latin_end(char c) {
  return is_latin(c) || c == ']';
}

// A blank stands between Chinese and Latin characters, also where a bracket is around these.
void append_part(std::string& text, std::string_view part) {
  if (part.empty() || text.empty()) {
    text += part;
    return;
  }
  const bool is_seam = (ends_with_han(text) && is_latin_beginning(part.front())) ||
                       (is_latin_end(text.back()) && begins_han(part));
  if (is_seam) text += ' ';
  text += part;
}

using Translate = std::string (*)(std::string_view);

std::string with_places(const SaidPattern& pattern, const std::vector<std::string_view>& places,
                        Translate translate) {
  std::string_view chinese = pattern.chinese();
  std::string text;
  for (auto at = chinese.find('{'); at != std::string_view::npos; at = chinese.find('{')) {
    append_part(text, chinese.substr(0, at));
    const auto index = static_cast<std::size_t>(chinese[at + 1] - '0');
    const std::string_view place = places.at(index);
    append_part(text, pattern.is_verbatim(index) ? std::string{place} : translate(place));
    chinese.remove_prefix(at + 3);
  }
  append_part(text, chinese);
  return text;
}

// By the first that fits.
std::optional<std::string> by_pattern(const std::vector<SaidPattern>& patterns,
                                      std::string_view english, Translate translate) {
  for (const SaidPattern& pattern : patterns) {
    const auto places = pattern.places_in(english);
    if (places) return with_places(pattern, *places, translate);
  }
  return std::nullopt;
}

// What Kafka itself says stays as it is: lines of the client's log, and "TimeoutException: …".
bool is_said_by_kafka(std::string_view english) {
  if (english.find("[Producer clientId=") != std::string_view::npos) return true;
  const std::string_view name = english.substr(0, english.find(": "));
  return name.size() != english.size() && name.find(' ') == std::string_view::npos &&
         (name.ends_with("Exception") || name.ends_with("Error"));
}

std::string chinese_of(std::string_view english) {
  if (is_said_by_kafka(english)) return std::string{english};
  // A word alone may be somebody's name.
  const std::string_view whole =
      english.find(' ') == std::string_view::npos ? english : tr(english);
  if (whole != english) return std::string{whole};
  static const std::vector<SaidPattern> patterns = patterns_of(said_rows());
  if (auto chinese = by_pattern(patterns, english, tr_said)) return *std::move(chinese);
  return english.find(", ") == std::string_view::npos ? std::string{english}
                                                      : chinese_of_parts(english);
}

}  // namespace

const std::vector<SaidRow>& said_rows() {
  static const std::vector<SaidRow> rows =
      joined({said_of_application(), said_of_producer(), said_of_network(), said_of_faults(),
              said_of_decisions()});
  return rows;
}

const std::vector<SaidRow>& mistake_rows() {
  static const std::vector<SaidRow> rows = joined(
      {mistakes_in_scenarios(), mistakes_in_values(), mistakes_in_queries(), mistakes_in_toml()});
  return rows;
}

std::string tr_said(std::string_view english) {
  if (language() == Language::English || english.empty() || holds_number(english)) {
    return std::string{english};
  }
  // Panels say the same things in every frame.
  constexpr std::size_t kMostRemembered = 10'000;
  static std::map<std::string, std::string, std::less<>> remembered;
  if (const auto known = remembered.find(english); known != remembered.end()) return known->second;
  std::string chinese = chinese_of(english);
  if (remembered.size() >= kMostRemembered) remembered.clear();
  remembered.emplace(english, chinese);
  return chinese;
}

std::string tr_mistake(std::string_view english) {
  if (language() == Language::English || is_said_by_kafka(english)) return std::string{english};
  static const std::vector<SaidPattern> patterns = patterns_of(mistake_rows());
  return by_pattern(patterns, english, tr_mistake).value_or(std::string{english});
}

}  // namespace linger::viz
