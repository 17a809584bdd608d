// Lines of calls that wait for everything: flush() and close().
#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "sim/conform/observer.h"
#include "sim/conform/observer_text.h"

namespace linger::sim::conform {

// --- flush() ---

void Observer::tell(const core::FlushStarted& event) {
  flushes_[event.thread] = now_;
  flushes_begun_.insert(event.thread);
  must(fmt::format("FLUSH phase=begin batches={}", event.incomplete_batches));
}

void Observer::tell(const core::FlushEnded& event) {
  if (flushes_begun_.contains(event.thread)) return tell_end_of_flush(event.thread);
  flushes_ended_.push_back(event.thread);
}

// An observation looks for the end of a flush when a poll has ended.
void Observer::end_flushes() {
  flushes_begun_.clear();
  const bool is_polling = world_->processes.front().sender.state == SenderThread::State::Polling;
  if (is_polling) return;
  for (const core::ThreadId thread : std::exchange(flushes_ended_, {})) tell_end_of_flush(thread);
}

void Observer::tell_end_of_flush(core::ThreadId thread) {
  must(fmt::format("FLUSH phase=end took={} incomplete={}", now_ - flushes_[thread],
                   producer().accumulator().incomplete().size()));
}

// --- close() ---

void Observer::tell(const core::CloseStarted& event) {
  must(fmt::format("CLOSE phase=begin timeout={}", wait_text(event.timeout)));
  if (event.timeout != core::kForever) close_ends_ = now_ + event.timeout.count();
  if (event.timeout != core::Milliseconds{0}) return;
  must("CLOSE phase=timeout-force");
  was_forced_ = true;
}

// An observation looks at the clock alone, also if the sender has ended long before.
void Observer::tell_end_of_close() {
  if (!close_ends_ || now_ < *close_ends_) return;
  const bool is_running = producer().sender().is_alive();
  const std::int64_t at = *std::exchange(close_ends_, std::nullopt);
  if (is_running || std::exchange(was_forced_, true)) return;
  lines_.must.push_back(fmt::format("{} CLOSE phase=timeout-force", at));
}

void Observer::tell_force() {
  const bool is_forced =
      std::any_of(world_->threads.begin(), world_->threads.end(), [](const AppThread& thread) {
        const auto* close = std::get_if<core::CloseCall>(&thread.call);
        return close != nullptr && close->forced;
      });
  if (!is_forced || was_forced_) return;
  was_forced_ = true;
  must("CLOSE phase=timeout-force");
}

void Observer::tell_abort() {
  if (std::exchange(was_aborted_, true)) return;
  must(fmt::format("ABORT incomplete={}", incomplete_before_));
}

void Observer::tell(const core::SenderStopped&) {
  if (was_forced_) tell_abort();
}

}  // namespace linger::sim::conform
