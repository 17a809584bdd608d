// The field's terms in both languages, each explained in one sentence.
#pragma once

#include <string_view>
#include <vector>

namespace linger::viz {

struct GlossaryTerm {
  std::string_view english;
  std::string_view chinese;
  std::string_view in_english;  // one sentence
  std::string_view in_chinese;
};

// In the order of the English terms.
std::vector<GlossaryTerm> glossary();

// Those that what was typed is a part of, in either language, or whose letters it has in order.
std::vector<GlossaryTerm> glossary_terms(std::string_view typed);

}  // namespace linger::viz
