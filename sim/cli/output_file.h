// A file that is there whole, or not at all.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace linger::sim::cli {

// Writes beside the target, under another name, and takes its place on finish(). What is not
// finished vanishes, also when a signal ends the program: Ctrl-C, or whoever reads is gone.
// A target that is no regular file (a pipe, a terminal) is written to directly; "-" is the standard
// output.
class OutputFile {
 public:
  explicit OutputFile(const std::string& target);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::string_view text);
  bool finish();

  // Empty as long as all went well: "cannot write out.jsonl: No space left on device".
  const std::string& error() const { return error_; }

 private:
  void fail();

  std::string target_;     // where symbolic links lead to
  std::string temporary_;  // empty if it is written directly
  std::FILE* file_ = nullptr;
  std::string error_;
};

}  // namespace linger::sim::cli
