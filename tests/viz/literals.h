// The texts in the sources, for tests that hold them to their Chinese.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace linger::viz {

// A text as it stands in the code: neighbours are one.
struct Literal {
  std::string file;    // its path in the folder
  std::string call;    // what stands before it
  std::string inside;  // what stands before the innermost bracket that is open
  std::string text;
};

inline bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Reads the texts of a file of C++, skipping comments.
class LiteralReader {
 public:
  LiteralReader(std::string file, std::string code)
      : file_{std::move(file)}, code_{std::move(code)} {}

  std::vector<Literal> read() {
    while (at_ < code_.size()) {
      if (code_.compare(at_, 2, "//") == 0) {
        at_ = std::min(code_.find('\n', at_), code_.size());
      } else if (code_.compare(at_, 3, "R\"(") == 0) {
        at_ = std::min(code_.find(")\"", at_), code_.size() - 2) + 2;
      } else if (code_[at_] == '\'' && (at_ == 0 || !is_name(code_[at_ - 1]))) {
        at_ += code_[at_ + 1] == '\\' ? 4 : 3;
      } else if (code_[at_] == '"') {
        const std::string call = call_before(at_);
        const std::string inside = open_.empty() ? "" : open_.back();
        literals_.push_back({file_, call, inside, joined()});
      } else {
        note_bracket();
        ++at_;
      }
    }
    return std::move(literals_);
  }

 private:
  // "tr" of tr("…"), also where the text stands in the next line; "count_text" of the second of its
  // arguments.
  std::string call_before(std::size_t quote) const {
    const std::size_t counted = code_.rfind("count_text(", quote);
    const bool is_counted = counted != std::string::npos && code_.find('"', counted) == quote &&
                            std::min(code_.find(';', counted), code_.find('{', counted)) > quote;
    if (is_counted) return "count_text";
    std::size_t open = quote;
    while (open > 0 && std::isspace(static_cast<unsigned char>(code_[open - 1])) != 0) --open;
    if (open == 0 || code_[open - 1] != '(') return "";
    std::size_t begin = --open;
    while (begin > 0 && is_name(code_[begin - 1])) --begin;
    return code_.substr(begin, open - begin);
  }
  void note_bracket() {
    const char c = code_[at_];
    if (c == '(' || c == '{' || c == '[') {
      std::size_t begin = at_;
      while (begin > 0 && is_name(code_[begin - 1])) --begin;
      open_.push_back(code_.substr(begin, at_ - begin));
    }
    if ((c == ')' || c == '}' || c == ']') && !open_.empty()) open_.pop_back();
  }
  std::string joined() {
    std::string text;
    while (at_ < code_.size() && code_[at_] == '"') {
      for (++at_; at_ < code_.size() && code_[at_] != '"'; ++at_) text += character();
      ++at_;
      std::size_t next = at_;
      while (next < code_.size() && std::isspace(static_cast<unsigned char>(code_[next])) != 0) {
        ++next;
      }
      if (next < code_.size() && code_[next] == '"') at_ = next;
    }
    return text;
  }
  char character() {
    if (code_[at_] != '\\') return code_[at_];
    ++at_;
    return code_[at_] == 'n' ? '\n' : code_[at_];
  }

  std::string file_;
  std::string code_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  std::vector<Literal> literals_;
};

inline std::vector<Literal> literals_in(const std::string& folder) {
  std::vector<Literal> all;
  const std::filesystem::path top{LINGER_SOURCE_DIR};
  for (const auto& entry : std::filesystem::recursive_directory_iterator{top / folder}) {
    const std::string name = entry.path().filename().string();
    const bool is_code = name.ends_with(".cc") || name.ends_with(".h");
    if (!is_code || name.starts_with("chinese")) continue;
    std::ifstream file{entry.path(), std::ios::binary};
    const std::string code{std::istreambuf_iterator<char>{file}, {}};
    const std::string path = entry.path().lexically_relative(top / folder).generic_string();
    const auto found = LiteralReader{path, code}.read();
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

}  // namespace linger::viz
