// A program that runs beside the test, and ends with it.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace linger {

class ChildProcess {
 public:
  explicit ChildProcess(const std::vector<std::string>& words, const std::string& directory = ".") {
    std::array<int, 2> to_child{};
    std::array<int, 2> from_child{};
    if (::pipe2(to_child.data(), O_CLOEXEC) != 0 || ::pipe2(from_child.data(), O_CLOEXEC) != 0) {
      return;
    }
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(to_child[0], 0);
      ::dup2(from_child[1], 1);
      std::vector<char*> arguments;
      for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
      arguments.push_back(nullptr);
      if (::chdir(directory.c_str()) == 0) ::execv(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(to_child[0]);
    ::close(from_child[1]);
    in_ = to_child[1];
    out_ = ::fdopen(from_child[0], "r");
  }
  ~ChildProcess() {
    if (in_ >= 0) ::close(in_);
    if (out_ != nullptr) std::fclose(out_);
    if (pid_ > 0 && !status_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Empty if there are no more.
  std::string read_line() const {
    std::string line;
    for (int c = std::fgetc(out_); c != EOF && c != '\n'; c = std::fgetc(out_)) {
      line += static_cast<char>(c);
    }
    return line;
  }
  // Tells it something, and returns what it says to that.
  std::string ask(const std::string& line) const {
    const std::string text = line + "\n";
    if (::write(in_, text.data(), text.size()) < 0) return "";
    return read_line();
  }
  void send_signal(int signal) const { ::kill(pid_, signal); }
  // Its exit status; none if it did not end in time.
  std::optional<int> wait(std::chrono::seconds patience) {
    const auto latest = std::chrono::steady_clock::now() + patience;
    while (!status_ && std::chrono::steady_clock::now() < latest) {
      int status = 0;
      if (::waitpid(pid_, &status, WNOHANG) == pid_) {
        status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
      } else {
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
      }
    }
    return status_;
  }

 private:
  pid_t pid_ = -1;
  int in_ = -1;
  std::FILE* out_ = nullptr;
  std::optional<int> status_;
};

}  // namespace linger
