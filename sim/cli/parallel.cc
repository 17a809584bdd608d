#include "sim/cli/parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

namespace linger::sim::cli {
namespace {

// How far it is, on a terminal alone, in a line that is overwritten.
class Progress {
 public:
  explicit Progress(std::size_t all) : all_{all}, is_shown_{::isatty(STDERR_FILENO) == 1} {}
  ~Progress() {
    if (is_shown_) fmt::print(stderr, "\r\x1b[K");
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void add_one() {
    const std::lock_guard lock{mutex_};
    ++done_;
    const auto now = std::chrono::steady_clock::now();
    if (!is_shown_ || (done_ < all_ && now - shown_ < std::chrono::milliseconds{50})) return;
    shown_ = now;
    fmt::print(stderr, "\r{} of {}\x1b[K", done_, all_);
  }

 private:
  std::size_t all_;
  bool is_shown_;
  std::mutex mutex_;
  std::size_t done_ = 0;
  std::chrono::steady_clock::time_point shown_{};
};

}  // namespace

void for_each_at_once(std::size_t count, int jobs, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  Progress progress{count};
  const auto take_turns = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      work(i);
      progress.add_one();
    }
  };
  const auto processors = static_cast<std::size_t>(std::thread::hardware_concurrency());
  const std::size_t wanted = jobs > 0 ? static_cast<std::size_t>(jobs) : processors;
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min(wanted, count); ++i) threads.emplace_back(take_turns);
  take_turns();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace linger::sim::cli
