#include <cstddef>
#include <iterator>
#include <string>
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
  explicit Handout(const std::shared_ptr<const Scenario>& scenario)
      : scenario_{*scenario}, outcome_{lesson_outcome(scenario)}, timeline_{scenario} {
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
  void add_narration() {
    std::string items;
    for (const TraceEvent& event : timeline_.trace()) {
      const auto* reached = event.as<NarrationReached>();
      if (reached == nullptr) continue;
      const std::string& text = scenario_.narration[static_cast<std::size_t>(reached->index)].text;
      items += fmt::format("- **{}** {}\n", instant_text(event.at), item_text(text));
    }
    if (items.empty()) return;
    out_ += "## What happens\n\n" + items + "\n";
  }
  void add_questions() {
    if (scenario_.questions.empty()) return;
    out_ += "## Questions\n\n";
    for (std::size_t i = 0; i < scenario_.questions.size(); ++i) {
      const QuestionOutcome& outcome = outcome_.questions[i];
      const std::string text = item_text(scenario_.questions[i].text);
      if (outcome.asked) {
        out_ += fmt::format("{}. At **{}**: {}\n", i + 1, instant_text(outcome.asked->at), text);
      } else {
        out_ += fmt::format("{}. {}\n", i + 1, text);
      }
      for (std::size_t choice = 0; choice < outcome.choices.size(); ++choice) {
        out_ += fmt::format("   - {}) {}\n", choice_letter(choice), outcome.choices[choice].text);
      }
    }
    out_ += "\n";
  }
  void add_what_ifs() {
    if (scenario_.what_ifs.empty()) return;
    out_ += "## What if\n\n";
    for (const WhatIf& what_if : scenario_.what_ifs) {
      out_ += fmt::format("- {}\n", item_text(what_if.text));
    }
    out_ += "\n";
  }
  void add_answers() {
    if (scenario_.questions.empty() && scenario_.what_ifs.empty()) return;
    out_ += "## Answers\n\n";
    for (std::size_t i = 0; i < scenario_.questions.size(); ++i) {
      const QuestionOutcome& outcome = outcome_.questions[i];
      out_ += fmt::format("{}. ", i + 1);
      if (const auto right = outcome.right_choice()) {
        out_ += fmt::format("{}) {}\n", choice_letter(*right), outcome.choices[*right].text);
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

  const Scenario& scenario_;
  LessonOutcome outcome_;
  Timeline timeline_;
  std::string out_;
};

}  // namespace

std::string lesson_handout(const std::shared_ptr<const Scenario>& scenario) {
  return Handout{scenario}.text();
}

}  // namespace linger::sim
