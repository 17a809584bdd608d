// A program run as a user would run it, in a directory of its own.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace linger {

struct CommandResult {
  int exit_code = -1;
  std::string out;
  std::string err;
};

// An empty directory that vanishes with the object.
class Workplace {
 public:
  Workplace() {
    std::string pattern = (std::filesystem::temp_directory_path() / "linger-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) directory_ = pattern;
  }
  ~Workplace() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((directory_ / name).parent_path());
    std::ofstream{directory_ / name, std::ios::binary} << text;
  }
  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  std::string read(const std::string& name) const {
    std::ifstream file{directory_ / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  // What there is, sorted; the captured output is not part of it.
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{directory_}) {
      if (!entry.is_regular_file()) continue;
      names.push_back(std::filesystem::relative(entry.path(), directory_).generic_string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  // Runs `command` (a shell's words) with this directory as the current one.
  CommandResult run(const std::string& command) const {
    const Workplace captured;
    const std::string out = captured.directory_ / "out";
    const std::string err = captured.directory_ / "err";
    const std::string line = "(cd '" + directory_.string() + "' && " + command + ") >'" + out +
                             "' 2>'" + err + "' </dev/null";
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, captured.read("out"),
            captured.read("err")};
  }

 private:
  std::filesystem::path directory_;
};

}  // namespace linger
