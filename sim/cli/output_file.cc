#include "sim/cli/output_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace linger::sim::cli {

namespace fs = std::filesystem;

OutputFile::OutputFile(const std::string& target) : target_{target} {
  if (target == "-") {
    file_ = stdout;
    return;
  }
  std::error_code ignored;
  if (const fs::path real = fs::weakly_canonical(target, ignored); !real.empty()) {
    target_ = real.string();
  }
  const bool is_replaceable =
      !fs::exists(target_, ignored) || fs::is_regular_file(target_, ignored);
  if (is_replaceable) temporary_ = fmt::format("{}.{}.partial", target_, ::getpid());
  file_ = std::fopen((is_replaceable ? temporary_ : target_).c_str(), "wb");
  if (file_ == nullptr) fail();
}

OutputFile::~OutputFile() {
  if (file_ == nullptr || file_ == stdout) return;
  std::fclose(file_);
  if (!temporary_.empty()) std::remove(temporary_.c_str());
}

void OutputFile::write(std::string_view text) {
  if (!error_.empty()) return;
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail();
}

bool OutputFile::finish() {
  if (!error_.empty()) return false;
  if (file_ == stdout) {
    if (std::fflush(stdout) != 0) fail();
    return error_.empty();
  }
  std::FILE* file = std::exchange(file_, nullptr);
  if (std::fclose(file) != 0 ||
      (!temporary_.empty() && std::rename(temporary_.c_str(), target_.c_str()) != 0)) {
    fail();
    if (!temporary_.empty()) std::remove(temporary_.c_str());
  }
  return error_.empty();
}

void OutputFile::fail() {
  error_ = fmt::format("cannot write {}: {}", target_, std::strerror(errno));
}

}  // namespace linger::sim::cli
