#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/lesson_run.h"
#include "sim/run_export.h"
#include "sim/timeline.h"
#include "sim/trace_text.h"

namespace linger::sim {

namespace {

char choice_letter(std::size_t choice) {
  return static_cast<char>('a' + choice);
}

// A text of a scenario as a paragraph.
std::string paragraph(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text + "\n\n";
}

// Behind the number of an item: the lines of a text stand below one another.
std::string item_text(const std::string& text) {
  std::string item;
  for (const char c : paragraph(text)) {
    item += c;
    if (c == '\n') item += "   ";
  }
  while (!item.empty() && (item.back() == ' ' || item.back() == '\n')) item.pop_back();
  return item;
}

class Handout {
 public:
  Handout(const std::shared_ptr<const Scenario>& scenario, const HandoutWords& words)
      : words_{words},
        scenario_{*scenario},
        outcome_{lesson_outcome(scenario)},
        timeline_{scenario} {
    timeline_.run_to_end();
  }

  std::string text() {
    out_ +=
        "# " + (scenario_.lesson.title.empty() ? scenario_.file : scenario_.lesson.title) + "\n\n";
    if (!scenario_.lesson.text.empty()) out_ += paragraph(scenario_.lesson.text);
    add_questions();
    add_what_ifs();
    add_narration();
    add_answers();
    while (out_.ends_with("\n\n")) out_.pop_back();
    return std::move(out_);
  }

 private:
  void add_heading(std::string_view words) { out_ += fmt::format("## {}\n\n", words); }
  std::string choice_text(std::size_t question, std::size_t choice) const {
    const std::string& text = outcome_.questions[question].choices[choice].text;
    if (!scenario_.questions[question].choices[choice].text.empty()) return text;
    return std::string{text == "yes" ? words_.yes : text == "no" ? words_.no : text};
  }
  void add_narration() {
    std::string items;
    for (const TraceEvent& event : timeline_.trace()) {
      const auto* reached = event.as<NarrationReached>();
      if (reached == nullptr) continue;
      const std::string& text = scenario_.narration[static_cast<std::size_t>(reached->index)].text;
      items += fmt::format("- **{}** {}\n", instant_text(event.at), item_text(text));
    }
    if (items.empty()) return;
    add_heading(words_.narration);
    out_ += items + "\n";
  }
  void add_questions() {
    if (scenario_.questions.empty()) return;
    add_heading(words_.questions);
    for (std::size_t i = 0; i < scenario_.questions.size(); ++i) {
      const QuestionOutcome& outcome = outcome_.questions[i];
      const std::string text = item_text(scenario_.questions[i].text);
      if (outcome.asked) {
        out_ += fmt::format("{}. {}**{}**{}{}\n", i + 1, words_.before_instant,
                            instant_text(outcome.asked->at), words_.after_instant, text);
      } else {
        out_ += fmt::format("{}. {}\n", i + 1, text);
      }
      for (std::size_t choice = 0; choice < outcome.choices.size(); ++choice) {
        out_ += fmt::format("   - {}) {}\n", choice_letter(choice), choice_text(i, choice));
      }
    }
    out_ += "\n";
  }
  void add_what_ifs() {
    if (scenario_.what_ifs.empty()) return;
    add_heading(words_.what_ifs);
    for (const WhatIf& what_if : scenario_.what_ifs) {
      out_ += fmt::format("- {}\n", item_text(what_if.text));
    }
    out_ += "\n";
  }
  void add_answers() {
    if (scenario_.questions.empty() && scenario_.what_ifs.empty()) return;
    add_heading(words_.answers);
    for (std::size_t i = 0; i < scenario_.questions.size(); ++i) {
      const QuestionOutcome& outcome = outcome_.questions[i];
      out_ += fmt::format("{}. ", i + 1);
      if (const auto right = outcome.right_choice()) {
        out_ += fmt::format("{}) {}\n", choice_letter(*right), choice_text(i, *right));
      } else {
        out_ += "–\n";
      }
      add_reason(scenario_.questions[i].because);
    }
    if (!scenario_.questions.empty() && !scenario_.what_ifs.empty()) out_ += "\n";
    for (const WhatIf& what_if : scenario_.what_ifs) {
      out_ += fmt::format("- {}\n", item_text(what_if.text));
      add_reason(what_if.because);
    }
  }
  void add_reason(const std::string& because) {
    if (!because.empty()) out_ += fmt::format("\n   {}\n", item_text(because));
  }

  const HandoutWords& words_;
  const Scenario& scenario_;
  LessonOutcome outcome_;
  Timeline timeline_;
  std::string out_;
};

}  // namespace

const HandoutWords kEnglishHandout{.narration = "What happens",
                                   .questions = "Questions",
                                   .before_instant = "At ",
                                   .after_instant = ": ",
                                   .what_ifs = "What if",
                                   .answers = "Answers",
                                   .yes = "yes",
                                   .no = "no"};
const HandoutWords kChineseHandout{.narration = "经过",
                                   .questions = "问题",
                                   .before_instant = "在 ",
                                   .after_instant = "：",
                                   .what_ifs = "如果……会怎样",
                                   .answers = "答案",
                                   .yes = "是",
                                   .no = "否"};

std::string lesson_handout(const std::shared_ptr<const Scenario>& scenario,
                           const HandoutWords& words) {
  return Handout{scenario, words}.text();
}

}  // namespace linger::sim
