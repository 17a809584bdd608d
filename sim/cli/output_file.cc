#include "sim/cli/output_file.h"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace linger::sim::cli {

namespace fs = std::filesystem;

namespace {

// --- Ctrl-C and its like end the program, and take the unfinished files with them ---
// So does whoever reads its output and has read enough: linger run … --events | head.

// A handler may use nothing but this. A recording and a trace are the most that a command writes at
// a time; a file beyond them would only outlive the signal.
struct Unfinished {
  static constexpr std::size_t kLongestPath = 4'096;
  char path[kLongestPath];
  volatile std::sig_atomic_t is_watched;
};
constexpr std::size_t kMostFiles = 4;
Unfinished unfinished[kMostFiles];

// The default comes back when all is done, and not with SA_RESETHAND, before it: whoever stops a
// group of processes signals twice, and the second would end the program before its handler runs.
extern "C" void remove_unfinished(int signal) {
  for (const Unfinished& file : unfinished) {
    if (file.is_watched != 0) ::unlink(file.path);
  }
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

// A signal that whoever started the program has it ignore stays ignored.
void handle_signals() {
  for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGPIPE}) {
    struct sigaction before {};
    if (::sigaction(signal, nullptr, &before) != 0 || before.sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = remove_unfinished;
    ::sigfillset(&action.sa_mask);
    ::sigaction(signal, &action, nullptr);
  }
}

void watch(const std::string& path) {
  if (path.size() >= Unfinished::kLongestPath) return;
  for (Unfinished& file : unfinished) {
    if (file.is_watched != 0) continue;
    std::memcpy(file.path, path.c_str(), path.size() + 1);
    file.is_watched = 1;
    return handle_signals();
  }
}

void unwatch(const std::string& path) {
  for (Unfinished& file : unfinished) {
    if (file.is_watched != 0 && path == file.path) file.is_watched = 0;
  }
}

}  // namespace

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
  if (is_replaceable) watch(temporary_);
  file_ = std::fopen((is_replaceable ? temporary_ : target_).c_str(), "wb");
  if (file_ == nullptr) fail();
}

OutputFile::~OutputFile() {
  if (file_ == nullptr || file_ == stdout) return;
  std::fclose(file_);
  if (!temporary_.empty()) std::remove(temporary_.c_str());
  unwatch(temporary_);
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
  unwatch(temporary_);
  return error_.empty();
}

void OutputFile::fail() {
  error_ = fmt::format("cannot write {}: {}", target_, std::strerror(errno));
}

}  // namespace linger::sim::cli
