#include "viz/progress.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "lesson_fixture.h"
#include "support/command.h"
#include "viz/lesson_path.h"

namespace linger::viz {
namespace {

namespace fs = std::filesystem;

class ProgressFile : public testing::Test {
 protected:
  std::string file() const { return (folder_ / "new" / "progress").string(); }
  void write(const std::string& text) const {
    fs::create_directories(fs::path{file()}.parent_path());
    std::ofstream{file(), std::ios::binary} << text;
  }
  std::string read() const {
    std::ifstream in{file(), std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  Workplace place_;
  fs::path folder_ = place_.path("state");
};

Progress some_progress() {
  Progress progress;
  progress.lessons["retries/backoff"] = {
      .was_seen = true,
      .answers = {{0, AnswerMark::Right}, {2, AnswerMark::Skipped}},
      .what_ifs = {1}};
  progress.lessons["sending/one_record"] = {
      .was_seen = false, .answers = {{1, AnswerMark::Wrong}}, .what_ifs = {}};
  return progress;
}

TEST_F(ProgressFile, KeepsWhatWasDone) {
  EXPECT_EQ(load_progress(file()), Progress{});
  EXPECT_TRUE(save_progress(some_progress(), file()));
  EXPECT_EQ(load_progress(file()), some_progress());
  EXPECT_EQ(read(),
            "retries/backoff seen 0:right 2:skipped what-if:1\nsending/one_record 1:wrong\n");
}

TEST_F(ProgressFile, WhatCannotBeReadIsKeptAsItIs) {
  const std::string strange =
      "retries/backoff 0:perhaps\n\x01\xff{}\nno slash\nmemory/pool 99999999:right\n";
  write("batching/linger seen\n" + strange);
  Progress progress = load_progress(file());
  EXPECT_EQ(progress.lessons.size(), 1U);
  EXPECT_TRUE(progress.lessons.at("batching/linger").was_seen);
  EXPECT_EQ(progress.unread.size(), 4U);
  EXPECT_TRUE(save_progress(progress, file()));
  EXPECT_EQ(read(), "batching/linger seen\n" + strange);
}

TEST_F(ProgressFile, WhatIsNotOursIsLeftAlone) {
  write(std::string(2'000'000, 'x'));
  EXPECT_EQ(load_progress(file()), Progress{});
  EXPECT_FALSE(save_progress(some_progress(), file()));
  EXPECT_EQ(read().size(), 2'000'000U);
  fs::remove_all(folder_);
  fs::create_directories(file());
  EXPECT_FALSE(save_progress(some_progress(), file()));
  EXPECT_TRUE(fs::is_directory(file()));
}

TEST_F(ProgressFile, WhereNothingCanBeWrittenNothingHappens) {
  fs::create_directories(folder_);
  std::ofstream{folder_ / "new"} << "a file where a folder should be";
  EXPECT_FALSE(save_progress(some_progress(), file()));
  EXPECT_EQ(load_progress(file()), Progress{});
  EXPECT_FALSE(save_progress(some_progress(), ""));
}

TEST(Progress, IsKeptWhereStateBelongs) {
  const char* before = std::getenv("XDG_STATE_HOME");
  const std::string kept = before == nullptr ? "" : before;
  setenv("XDG_STATE_HOME", "/somewhere/state", 1);
  EXPECT_EQ(progress_file(), "/somewhere/state/linger/progress");
  setenv("XDG_STATE_HOME", "not/absolute", 1);
  EXPECT_EQ(progress_file().find("not/absolute"), std::string::npos);
  if (kept.empty()) {
    unsetenv("XDG_STATE_HOME");
  } else {
    setenv("XDG_STATE_HOME", kept.c_str(), 1);
  }
}

// --- What is noted of a lesson ---

class ALesson : public ProgressFile {
 protected:
  ViewerState opened() const {
    fs::create_directories(folder_ / "topic");
    const fs::path path = folder_ / "topic" / "asking.toml";
    std::ofstream{path} << asking();
    return std::get<ViewerState>(open_viewer(path.string()));
  }
};

TEST_F(ALesson, IsNotedAsTheRunShowsItsAnswers) {
  ViewerState state = opened();
  do_all(state, {ToEnd{}, AnswerQuestion{1}});
  EXPECT_TRUE(state.progress.lessons.empty()) << "the answer is not known yet";
  do_all(state, {ToEnd{}});
  const LessonProgress& done = state.progress.lessons.at("topic/asking");
  EXPECT_EQ(done.answers, (std::map<std::size_t, AnswerMark>{{0, AnswerMark::Right}}));
  EXPECT_FALSE(done.was_seen);
  do_all(state, {SkipQuestion{}, ToEnd{}, OpenWhatIf{0}});
  EXPECT_EQ(state.progress.lessons.at("topic/asking"),
            (LessonProgress{.was_seen = true,
                            .answers = {{0, AnswerMark::Right}, {1, AnswerMark::Skipped}},
                            .what_ifs = {0}}));
}

// --- The path ---

TEST_F(ALesson, PathLeadsFromEasyToHard) {
  fs::create_directories(folder_ / "a");
  fs::create_directories(folder_ / "b");
  const auto write_lesson = [this](const std::string& name, const std::string& lesson) {
    const std::string path = (folder_ / name).string();
    std::ofstream{path} << "[lesson]\n"
                        << lesson
                        << "[[topic]]\nname = \"t\"\n[[thread]]\nrun = [{ send = \"t\" }]\n";
    return path;
  };
  const std::vector<std::string> files{
      write_lesson("a/beside.toml", "title = \"Beside\"\ntopic = \"first\"\n"),
      write_lesson("a/third.toml", "title = \"Third\"\ntopic = \"first\"\norder = 3\n"),
      write_lesson("b/second.toml", "title = \"Second\"\ntopic = \"other\"\norder = 2\n"),
      write_lesson("b/one.toml",
                   "title = \"One\"\ntopic = \"first\"\norder = 1\ntext = \"Easy.\"\n"),
      (folder_ / "none.toml").string()};
  const std::vector<LessonFile> path = lesson_path(files);
  ASSERT_EQ(path.size(), 4U);
  const std::vector<std::string> titles{path[0].title, path[1].title, path[2].title, path[3].title};
  EXPECT_EQ(titles, (std::vector<std::string>{"One", "Second", "Third", "Beside"}));

  Progress progress;
  progress.lessons["b/one"].was_seen = true;
  const BrowserView view = browser_view(path, progress, {path[1].file, 0});
  EXPECT_TRUE(view.topics.front().is_chosen);
  ASSERT_EQ(view.topics.size(), 2U);
  EXPECT_EQ(view.topics[0].name, "first");
  ASSERT_EQ(view.topics[0].rows.size(), 3U);
  EXPECT_EQ(view.topics[0].rows[1].title, "Third");
  EXPECT_TRUE(view.topics[0].rows[0].is_whole);
  EXPECT_TRUE(view.topics[0].rows[0].is_chosen);
  EXPECT_TRUE(view.topics[1].rows[0].is_open);
  EXPECT_EQ(view.topics[1].rows[0].done, "new");
  EXPECT_EQ(view.text, "Easy.");
  EXPECT_EQ(view.headline, "1 of 4 lessons seen; 0 of 0 questions right");

  // Line by line, through both topics.
  EXPECT_EQ(browsed_next(view, 0, Way::Forward), 2U);
  EXPECT_EQ(browsed_next(view, 3, Way::Forward), 1U);
  EXPECT_EQ(browsed_next(view, 1, Way::Forward), 1U);
  EXPECT_EQ(browsed_next(view, 0, Way::Back), 0U);
  // Topic by topic.
  EXPECT_EQ(view.topics[0].done, "1 of 3");
  EXPECT_EQ(browsed_topic(view, 0, Way::Forward), 1U);
  EXPECT_EQ(browsed_topic(view, 0, Way::Back), 0U);
}

}  // namespace
}  // namespace linger::viz
