// What somebody has done of the lessons, and the file that keeps it from one day to the next.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace linger::viz {

enum class AnswerMark { Right, Wrong, Skipped };

struct LessonProgress {
  bool was_seen = false;                      // to the end of its run
  std::map<std::size_t, AnswerMark> answers;  // by question; of those the run has shown
  std::set<std::size_t> what_ifs;             // that were opened
  friend bool operator==(const LessonProgress&, const LessonProgress&) = default;
};

struct Progress {
  std::map<std::string, LessonProgress> lessons;  // by lesson_key()
  std::vector<std::string> unread;  // lines that make no sense here; they are kept as they are
  friend bool operator==(const Progress&, const Progress&) = default;
};

// "retries/backoff": the topic's folder and the name, wherever the folder is.
std::string lesson_key(const std::string& file);

// One line for a lesson: "retries/backoff seen 0:right 1:skipped what-if:0".
std::string progress_text(const Progress& progress);
// Whatever the text is: what cannot be read is kept unread.
Progress parse_progress(std::string_view text);

// linger/progress in $XDG_STATE_HOME, or in .local/state at home; empty if there is neither.
std::string progress_file();

// What is in the file. Nothing is, if it cannot be read.
Progress load_progress(const std::string& file);
// Writes beside the file and renames, so that it is never half written. False if that fails, or
// if what stands there is not a file of ours to replace; nothing is changed then.
bool save_progress(const Progress& progress, const std::string& file);

}  // namespace linger::viz
