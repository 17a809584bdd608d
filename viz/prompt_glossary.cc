#include "viz/prompt_glossary.h"

#include <algorithm>
#include <string>

#include "viz/glossary.h"
#include "viz/language.h"

namespace linger::viz {
namespace {

// In the language in use first; in one alone where both are the same or the other cannot be drawn.
std::string both_of(const GlossaryTerm& term, bool has_chinese) {
  const bool is_chinese = language() == Language::Chinese;
  if (!has_chinese || term.english == term.chinese) return std::string{term.english};
  return is_chinese ? fmt::format("{} · {}", term.chinese, term.english)
                    : fmt::format("{} · {}", term.english, term.chinese);
}

}  // namespace

void add_glossary_rows(const ViewerState& state, PromptView& view) {
  view.title = tr("Glossary");
  view.hint = tr("a term, or some letters of it");
  for (const GlossaryTerm& term : glossary_terms(view.line.text)) {
    const bool is_chinese = language() == Language::Chinese;
    view.rows.push_back({.text = both_of(term, state.can_speak_chinese),
                         .detail = std::string{is_chinese ? term.in_chinese : term.in_english},
                         .key = "",
                         .command = TypeInPrompt{line_of(std::string{term.english})}});
  }
  if (view.rows.empty()) {
    view.error = tr("no term is called like that");
    return;
  }
  view.note = view.rows[std::min(state.prompt->chosen, view.rows.size() - 1)].detail;
}

}  // namespace linger::viz
