#include "viz/lesson_path.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <limits>
#include <tuple>
#include <utility>
#include <variant>

#include "sim/scenario_parser.h"
#include "viz/language.h"

namespace linger::viz {
namespace {

constexpr std::int32_t kBeside = std::numeric_limits<std::int32_t>::max();

std::int32_t rank_of(const LessonFile& lesson) {
  return lesson.order > 0 ? lesson.order : kBeside;
}

LessonFile lesson_in(const std::string& file, const sim::Scenario& scenario) {
  const std::filesystem::path path{file};
  const sim::Lesson& lesson = scenario.lesson;
  return {.file = file,
          .key = lesson_key(file),
          .title = lesson.title.empty() ? path.stem().string() : lesson.title,
          .text = lesson.text,
          .chinese_title = {},
          .chinese_text = {},
          .topic = lesson.topic.empty() ? path.parent_path().filename().string() : lesson.topic,
          .order = lesson.order,
          .questions = scenario.questions.size(),
          .what_ifs = scenario.what_ifs.size()};
}

std::size_t right_answers(const LessonProgress& done) {
  return static_cast<std::size_t>(
      std::count_if(done.answers.begin(), done.answers.end(),
                    [](const auto& answer) { return answer.second == AnswerMark::Right; }));
}

std::string done_text(const LessonFile& lesson, const LessonProgress& done) {
  if (done == LessonProgress{}) return tr("new");
  std::string text = done.was_seen ? tr("seen") : tr("begun");
  if (lesson.questions > 0) {
    text = tr("{}, {} of {} right", text, right_answers(done), lesson.questions);
  }
  if (lesson.what_ifs > 0) {
    text = tr("{}, {} of {} what-ifs", text, done.what_ifs.size(), lesson.what_ifs);
  }
  return text;
}

BrowserTopic& topic_called(const std::string& name, BrowserView& view) {
  const auto found =
      std::find_if(view.topics.begin(), view.topics.end(),
                   [&name](const BrowserTopic& topic) { return topic.name == name; });
  if (found != view.topics.end()) return *found;
  return view.topics.emplace_back(BrowserTopic{.name = name});
}

LessonProgress done_of(const LessonFile& lesson, const Progress& progress) {
  const auto found = progress.lessons.find(lesson.key);
  return found == progress.lessons.end() ? LessonProgress{} : found->second;
}

}  // namespace

std::vector<LessonFile> lesson_path(const std::vector<std::string>& files) {
  std::vector<LessonFile> path;
  for (const std::string& file : files) {
    const sim::ParsedScenario parsed = sim::load_scenario(file);
    const auto* scenario = std::get_if<sim::Scenario>(&parsed);
    if (scenario != nullptr) path.push_back(lesson_in(file, *scenario));
  }
  std::sort(path.begin(), path.end(), [](const LessonFile& a, const LessonFile& b) {
    return std::tuple{rank_of(a), a.file} < std::tuple{rank_of(b), b.file};
  });
  return path;
}

BrowserView browser_view(const std::vector<LessonFile>& path, const Progress& progress,
                         const BrowserPlace& place) {
  BrowserView view;
  std::size_t seen = 0;
  std::size_t questions = 0;
  std::size_t right = 0;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const LessonFile& lesson = path[i];
    const LessonProgress done = done_of(lesson, progress);
    const bool is_chinese = language() == Language::Chinese && !lesson.chinese_title.empty();
    const bool is_whole = done.was_seen && done.answers.size() >= lesson.questions &&
                          done.what_ifs.size() >= lesson.what_ifs;
    topic_called(lesson.topic, view)
        .rows.push_back({.index = i,
                         .number = lesson.order > 0 ? std::to_string(lesson.order) : "",
                         .title = is_chinese ? lesson.chinese_title : lesson.title,
                         .done = done_text(lesson, done),
                         .is_seen = done.was_seen,
                         .is_whole = is_whole,
                         .is_open = lesson.file == place.open_file,
                         .is_chosen = i == place.chosen});
    if (i == place.chosen) view.text = is_chinese ? lesson.chinese_text : lesson.text;
    if (done.was_seen) ++seen;
    questions += lesson.questions;
    right += std::min(right_answers(done), lesson.questions);
  }
  for (BrowserTopic& topic : view.topics) {
    const auto are_seen = std::count_if(topic.rows.begin(), topic.rows.end(),
                                        [](const BrowserRow& row) { return row.is_seen; });
    topic.done = tr("{} of {}", are_seen, topic.rows.size());
    topic.is_chosen = std::any_of(topic.rows.begin(), topic.rows.end(),
                                  [](const BrowserRow& row) { return row.is_chosen; });
  }
  view.headline =
      tr("{} of {} lessons seen; {} of {} questions right", seen, path.size(), right, questions);
  return view;
}

std::size_t browsed_next(const BrowserView& view, std::size_t chosen, Way way) {
  std::vector<std::size_t> order;
  for (const BrowserTopic& topic : view.topics) {
    for (const BrowserRow& row : topic.rows) order.push_back(row.index);
  }
  const auto here = std::find(order.begin(), order.end(), chosen);
  if (here == order.end()) return chosen;
  if (way == Way::Forward) return std::next(here) == order.end() ? chosen : *std::next(here);
  return here == order.begin() ? chosen : *std::prev(here);
}

std::size_t browsed_topic(const BrowserView& view, std::size_t chosen, Way way) {
  const auto here = std::find_if(view.topics.begin(), view.topics.end(),
                                 [](const auto& topic) { return topic.is_chosen; });
  if (here == view.topics.end()) return chosen;
  const bool is_last = std::next(here) == view.topics.end();
  if (way == Way::Forward ? is_last : here == view.topics.begin()) return chosen;
  const auto next = way == Way::Forward ? std::next(here) : std::prev(here);
  return next->rows.front().index;
}

}  // namespace linger::viz
