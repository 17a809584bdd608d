// The lessons in the order in which they are learnt from, and how far somebody is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "viz/progress.h"
#include "viz/viewer_command.h"

namespace linger::viz {

struct LessonFile {
  std::string file;
  std::string key;  // lesson_key()
  std::string title;
  std::string text;
  std::string chinese_title;  // once it was asked for; empty: there is none
  std::string chinese_text;
  std::string topic;
  std::int32_t order = 0;  // 0: beside the path
  std::size_t questions = 0;
  std::size_t what_ifs = 0;
  friend bool operator==(const LessonFile&, const LessonFile&) = default;
};

// From easy to hard, and those beside the path last. Files that cannot be read are left out.
std::vector<LessonFile> lesson_path(const std::vector<std::string>& files);

// A line of the list of lessons.
struct BrowserRow {
  std::size_t index = 0;  // in the path
  std::string number;     // its place on the path, "7"; empty beside it
  std::string title;
  std::string done;  // "seen, 1 of 2 right, 1 of 2 what-ifs", "new"
  bool is_seen = false;
  bool is_whole = false;  // seen, all questions answered, all what-ifs opened
  bool is_open = false;   // it is the one in the viewer
  bool is_chosen = false;
  friend bool operator==(const BrowserRow&, const BrowserRow&) = default;
};
struct BrowserTopic {
  std::string name;
  std::string done = {};   // "2 of 9": lessons seen
  bool is_chosen = false;  // the lesson that is chosen is one of these
  std::vector<BrowserRow> rows = {};
  friend bool operator==(const BrowserTopic&, const BrowserTopic&) = default;
};
// By topic, the one with the easiest lesson first.
struct BrowserView {
  std::vector<BrowserTopic> topics;
  std::string headline;  // "3 of 25 lessons seen; 4 of 18 questions right"
  std::string text;      // of the one that is chosen
  friend bool operator==(const BrowserView&, const BrowserView&) = default;
};
// Which lesson is shown in the viewer, and which is chosen in the list.
struct BrowserPlace {
  std::string open_file;
  std::size_t chosen = 0;
};
BrowserView browser_view(const std::vector<LessonFile>& path, const Progress& progress,
                         const BrowserPlace& place);
// The lesson in the line above or below; the same at the ends.
std::size_t browsed_next(const BrowserView& view, std::size_t chosen, Way way);
// The first lesson of the topic above or below; the same at the ends.
std::size_t browsed_topic(const BrowserView& view, std::size_t chosen, Way way);

}  // namespace linger::viz
