#include "viz/progress.h"

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>
#include <utility>

#include "viz/kept_file.h"

namespace linger::viz {
namespace {

constexpr std::string_view kSeen = "seen";
constexpr std::string_view kWhatIf = "what-if:";
// A lesson with more questions is none of ours.
constexpr std::size_t kMostQuestions = 1000;

std::string_view mark_word(AnswerMark mark) {
  switch (mark) {
    case AnswerMark::Right:
      return "right";
    case AnswerMark::Wrong:
      return "wrong";
    case AnswerMark::Skipped:
      return "skipped";
  }
  return "";
}

std::optional<AnswerMark> mark_of(std::string_view word) {
  for (const AnswerMark mark : {AnswerMark::Right, AnswerMark::Wrong, AnswerMark::Skipped}) {
    if (mark_word(mark) == word) return mark;
  }
  return std::nullopt;
}

std::optional<std::size_t> index_of(std::string_view text) {
  std::size_t index = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, index);
  if (error != std::errc{} || stopped != end || index >= kMostQuestions) return std::nullopt;
  return index;
}

// False if the word is none of ours.
bool take_in(LessonProgress& lesson, std::string_view word) {
  if (word == kSeen) {
    lesson.was_seen = true;
    return true;
  }
  if (word.substr(0, kWhatIf.size()) == kWhatIf) {
    const auto index = index_of(word.substr(kWhatIf.size()));
    if (index) lesson.what_ifs.insert(*index);
    return index.has_value();
  }
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos) return false;
  const auto index = index_of(word.substr(0, colon));
  const auto mark = mark_of(word.substr(colon + 1));
  if (!index || !mark) return false;
  lesson.answers[*index] = *mark;
  return true;
}

std::optional<std::pair<std::string, LessonProgress>> lesson_in(const std::string& line) {
  std::istringstream words{line};
  std::string key;
  words >> key;
  if (key.find('/') == std::string::npos) return std::nullopt;
  LessonProgress lesson;
  for (std::string word; words >> word;) {
    if (!take_in(lesson, word)) return std::nullopt;
  }
  return std::pair{std::move(key), std::move(lesson)};
}

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::string lesson_key(const std::string& file) {
  const std::filesystem::path path{file};
  std::string key = path.parent_path().filename().string() + "/" + path.stem().string();
  for (char& c : key) {
    if (c == ' ' || c == '\n' || c == '\t') c = '_';
  }
  return key;
}

std::string progress_text(const Progress& progress) {
  std::string text;
  for (const auto& [key, lesson] : progress.lessons) {
    text += key;
    if (lesson.was_seen) text += " " + std::string{kSeen};
    for (const auto& [question, mark] : lesson.answers) {
      text += " " + std::to_string(question) + ":" + std::string{mark_word(mark)};
    }
    for (const std::size_t what_if : lesson.what_ifs) {
      text += " " + std::string{kWhatIf} + std::to_string(what_if);
    }
    text += "\n";
  }
  for (const std::string& line : progress.unread) text += line + "\n";
  return text;
}

Progress parse_progress(std::string_view text) {
  Progress progress;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string line{text.substr(0, end)};
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) continue;
    if (auto lesson = lesson_in(line)) {
      progress.lessons.insert_or_assign(std::move(lesson->first), std::move(lesson->second));
    } else {
      progress.unread.push_back(line);
    }
  }
  return progress;
}

std::string progress_file() {
  const std::filesystem::path state = from_environment("XDG_STATE_HOME");
  if (state.is_absolute()) return (state / "linger" / "progress").string();
  const std::string home = from_environment("HOME");
  if (home.empty()) return "";
  return (std::filesystem::path{home} / ".local" / "state" / "linger" / "progress").string();
}

Progress load_progress(const std::string& file) {
  return parse_progress(read_kept(file));
}

bool save_progress(const Progress& progress, const std::string& file) {
  return write_kept(progress_text(progress), file);
}

}  // namespace linger::viz
