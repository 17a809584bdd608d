// The rules of this house that a machine can check by reading the tree: what is forbidden where a
// simulated outcome is decided, which folder may include which, and how long things may be.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace linger {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestFile = 500;
constexpr std::size_t kLongestLine = 100;

struct SourceFile {
  std::string path;  // below the top folder
  std::vector<std::string> lines;

  bool is_in(std::string_view folder) const { return path.starts_with(folder); }
  bool is_header() const { return path.ends_with(".h"); }
};

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<SourceFile> sources() {
  std::vector<SourceFile> files;
  const fs::path top{LINGER_SOURCE_DIR};
  for (const char* folder : {"core", "sim", "viz", "tests"}) {
    if (!fs::exists(top / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator{top / folder}) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cc") continue;
      files.push_back({fs::relative(entry.path(), top).generic_string(), lines_of(entry.path())});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

// The line without texts and without what stands behind //.
std::string code_of(const std::string& line) {
  std::string code;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == '\\') ++i;
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '/' && i + 1 < line.size() && line[i + 1] == '/') break;
    // 1'000 is a number.
    const bool groups_digits =
        c == '\'' && i > 0 && std::isxdigit(static_cast<unsigned char>(line[i - 1])) != 0;
    if (c == '"' || (c == '\'' && !groups_digits)) {
      quote = c;
      continue;
    }
    code += c;
  }
  return code;
}

std::string at(const SourceFile& file, std::size_t index) {
  return file.path + ":" + std::to_string(index + 1) + ": " + file.lines[index];
}

// Characters, not bytes.
std::size_t width(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::vector<std::string> includes_of(const SourceFile& file) {
  static const std::regex pattern{R"(^\s*#\s*include\s*"([^"]*)\")"};
  std::vector<std::string> includes;
  for (const std::string& line : file.lines) {
    std::smatch match;
    if (std::regex_search(line, match, pattern)) includes.push_back(match[1]);
  }
  return includes;
}

struct Forbidden {
  const char* pattern;
  const char* instead;
};

constexpr std::array kForbidden{
    Forbidden{R"(\b(system_clock|steady_clock|high_resolution_clock|file_clock)\b)",
              "time is the parameter `now`"},
    Forbidden{R"(\b(gettimeofday|clock_gettime|sleep_for|sleep_until|usleep|nanosleep)\b)",
              "time is the parameter `now`"},
    Forbidden{R"((^|[^\w.>:])time\s*\(\s*(nullptr|NULL|0)?\s*\)\s*;)",
              "time is the parameter `now`"},
    Forbidden{R"(\bunordered_|\bstd::hash\b)", "std::map, a sorted vector, or a dense one"},
    Forbidden{R"(\b(random_device|mt19937(_64)?|default_random_engine|minstd_rand)\b)",
              "core::Random"},
    Forbidden{R"(\bstd::\w+_distribution\b|\bstd::(shuffle|sample)\b|\b(s?rand|random)\(\))",
              "core::Random"},
    Forbidden{R"(\bstd::(thread|jthread|async|mutex|condition_variable)\b)",
              "threads belong in sim/cli, sim/live and the programs"},
};

bool decides_outcomes(const SourceFile& file) {
  const bool is_apart = file.is_in("sim/cli/") || file.is_in("sim/live/") ||
                        file.path == "sim/conform/main.cc";
  return file.is_in("core/") || (file.is_in("sim/") && !is_apart);
}

TEST(Tidy, WhatDecidesOutcomesUsesNothingThatDiffersBetweenRuns) {
  for (const SourceFile& file : sources()) {
    if (!decides_outcomes(file)) continue;
    for (const Forbidden& forbidden : kForbidden) {
      const std::regex pattern{forbidden.pattern};
      for (std::size_t i = 0; i < file.lines.size(); ++i) {
        EXPECT_FALSE(std::regex_search(code_of(file.lines[i]), pattern))
            << at(file, i) << "\n  instead: " << forbidden.instead;
      }
    }
  }
}

TEST(Tidy, WhatDecidesOutcomesCountsInIntegersOrSaysWhyNot) {
  const std::regex pattern{R"(\b(float|double)\b)"};
  for (const SourceFile& file : sources()) {
    if (!decides_outcomes(file)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const bool says_why = file.lines[i].find("//") != std::string::npos;
      EXPECT_TRUE(says_why || !std::regex_search(code_of(file.lines[i]), pattern)) << at(file, i);
    }
  }
}

TEST(Tidy, IncludesNameTheirFolder) {
  for (const SourceFile& file : sources()) {
    for (const std::string& include : includes_of(file)) {
      EXPECT_EQ(include.find(".."), std::string::npos) << file.path << " includes " << include;
      const bool is_of_its_folder = include.find('/') == std::string::npos && file.is_in("tests/");
      EXPECT_TRUE(is_of_its_folder || include.find('/') != std::string::npos)
          << file.path << " includes " << include;
    }
  }
}

TEST(Tidy, DependenciesPointOneWay) {
  for (const SourceFile& file : sources()) {
    for (const std::string& include : includes_of(file)) {
      const bool is_of_sim = include.starts_with("sim/");
      const bool is_of_viz = include.starts_with("viz/");
      const bool is_of_tests = include.starts_with("support/") || include.starts_with("tests/");
      const bool is_wrong = (file.is_in("core/") && (is_of_sim || is_of_viz)) ||
                            (file.is_in("sim/") && is_of_viz) ||
                            (!file.is_in("tests/") && is_of_tests);
      EXPECT_FALSE(is_wrong) << file.path << " includes " << include;
    }
  }
}

TEST(Tidy, OnlyDrawingFilesIncludeDearImGui) {
  const std::regex imgui{R"(^\s*#\s*include\s*[<"](backends/)?imgui)"};
  const std::regex draws{R"(^viz/(platform/.*|[a-z_]*_panel\.cc|theme\.(h|cc)|main\.cc)$)"};
  for (const SourceFile& file : sources()) {
    if (file.is_in("tests/") || std::regex_match(file.path, draws)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(file.lines[i], imgui)) << at(file, i);
    }
  }
}

TEST(Tidy, OnlyProgramsIncludeTheSlowParserOfArguments) {
  std::vector<std::string> files;
  for (const SourceFile& file : sources()) {
    if (!file.is_in("sim/")) continue;
    for (const std::string& line : file.lines) {
      if (line.starts_with("#include <CLI/")) files.push_back(file.path);
    }
  }
  EXPECT_EQ(files, (std::vector<std::string>{"sim/cli/main.cc", "sim/conform/main.cc"}));
}

// An exemption is one line of the file, beside its reason: "// tidy: long, because …".
bool may_be_long(const SourceFile& file) {
  return std::any_of(file.lines.begin(), file.lines.end(), [](const std::string& line) {
    return line.starts_with("// tidy: long, because ");
  });
}

TEST(Tidy, FilesAndLinesAreShortEnough) {
  for (const SourceFile& file : sources()) {
    EXPECT_TRUE(file.lines.size() <= kLongestFile || may_be_long(file))
        << file.path << ": look for the second idea in it";
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_LE(width(file.lines[i]), kLongestLine) << at(file, i);
    }
  }
}

TEST(Tidy, AHeaderSaysWhatItIsAndIsReadOnce) {
  for (const SourceFile& file : sources()) {
    if (!file.is_header() || file.lines.empty()) continue;
    EXPECT_TRUE(file.lines.front().starts_with("// "))
        << file.path << ": its first line is a comment";
    const bool is_read_once =
        std::find(file.lines.begin(), file.lines.end(), "#pragma once") != file.lines.end();
    EXPECT_TRUE(is_read_once) << file.path << ": #pragma once";
  }
}

// --- What is written about the code elsewhere ---

std::string text_of(const fs::path& path) {
  std::string text;
  for (const std::string& line : lines_of(path)) text += line + "\n";
  return text;
}

// The text that stands behind `key = ` from `from` on, within ', " or '''. Moves `from` behind it.
std::string next_value(const std::string& toml, std::string_view key, std::size_t& from) {
  const std::string begin = "\n" + std::string{key} + " = ";
  const std::size_t at = toml.find(begin, from) + begin.size();
  const std::string quote = toml.substr(at, 3) == "'''" ? "'''" : toml.substr(at, 1);
  const std::size_t end = toml.find(quote, at + quote.size());
  from = end;
  return toml.substr(at + quote.size(), end - at - quote.size());
}

// Nobody runs them each day: who changes such a place changes what is planted there.
TEST(Tidy, EveryPlantedBugHasItsPlace) {
  const fs::path top{LINGER_SOURCE_DIR};
  const std::string toml = text_of(top / "tests/mutants/mutants.toml");
  int planted = 0;
  std::size_t from = 0;
  while ((from = toml.find("[[mutant]]", from)) != std::string::npos) {
    const std::string name = next_value(toml, "name", from);
    std::size_t of_file = from;
    const std::string source = text_of(top / next_value(toml, "file", of_file));
    const std::string before = next_value(toml, "before", from);
    const std::size_t at = source.find(before);
    EXPECT_NE(at, std::string::npos) << name << ": its text is gone";
    EXPECT_TRUE(at == source.rfind(before)) << name << ": its text stands there twice";
    ++planted;
  }
  EXPECT_GE(planted, 40);
}

}  // namespace
}  // namespace linger
