#include "viz/glossary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "viewer_fixture.h"
#include "viz/prompt_view.h"

namespace linger::viz {
namespace {

TEST(Glossary, HasTheTermsOfTheFieldInOrderEachOnce) {
  const auto terms = glossary();
  EXPECT_GE(terms.size(), 60U);
  EXPECT_TRUE(std::ranges::is_sorted(terms, {}, &GlossaryTerm::english));
  std::set<std::string_view> seen;
  for (const GlossaryTerm& term : terms) {
    EXPECT_TRUE(seen.insert(term.english).second) << term.english;
    EXPECT_TRUE(term.in_english.ends_with('.')) << term.english;
    EXPECT_TRUE(term.in_chinese.ends_with("。")) << term.english;
  }
}

TEST(Glossary, FindsATermInEitherLanguage) {
  const auto has = [](std::string_view typed, std::string_view english) {
    const auto found = glossary_terms(typed);
    return std::ranges::find(found, english, &GlossaryTerm::english) != found.end();
  };
  EXPECT_TRUE(has("", "sender"));
  EXPECT_TRUE(has("water", "high watermark"));
  EXPECT_TRUE(has("水位", "high watermark"));
  EXPECT_FALSE(has("水位", "sender"));
}

TEST(Glossary, IsLookedUpByTypingAndExplainsTheTermThatIsChosen) {
  ViewerState state = viewer_of(kLinger);
  handle(state, OpenPrompt{PromptKind::Glossary});
  handle(state, TypeInPrompt{line_of("sequence n")});
  const PromptView view = prompt_view(state);
  ASSERT_FALSE(view.rows.empty());
  EXPECT_EQ(view.rows[0].text, "sequence number · 序列号");
  EXPECT_EQ(view.note, "Counts a producer's records for a partition.");
  handle(state, TypeInPrompt{line_of("xyzzy")});
  EXPECT_FALSE(prompt_view(state).error.empty());
}

}  // namespace
}  // namespace linger::viz
