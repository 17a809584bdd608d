#include "viz/language.h"

#include <algorithm>
#include <vector>

#include "viz/characters.h"
#include "viz/chinese.h"
#include "viz/said.h"

namespace linger::viz {
namespace {

Language& language_in_use() {
  static Language in_use = Language::English;
  return in_use;
}

}  // namespace

Language language() {
  return language_in_use();
}

void set_language(Language language) {
  language_in_use() = language;
  if (language == Language::English) return;
  for (const ChineseRow& row : chinese_rows()) note_characters(row.chinese);
  for (const SaidRow& row : said_rows()) note_characters(row.chinese);
  for (const SaidRow& row : mistake_rows()) note_characters(row.chinese);
}

InLanguage::InLanguage(Language wanted) : before_{language()} {
  language_in_use() = wanted;
}

InLanguage::~InLanguage() {
  language_in_use() = before_;
}

std::string_view code_of(Language language) {
  return language == Language::Chinese ? "zh" : "en";
}

Phrase tr(std::string_view english) {
  if (language() == Language::English) return Phrase{english};
  const auto& rows = chinese_rows();
  const auto found = std::ranges::lower_bound(rows, english, {}, &ChineseRow::english);
  const bool has_row = found != rows.end() && found->english == english;
  return Phrase{has_row ? found->chinese : english};
}

}  // namespace linger::viz
