#include "viz/text.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "core/producer_batch.h"

namespace linger::viz {

// --- Amounts ---

std::string duration_text(core::Duration duration) {
  const std::int64_t us = duration.count();
  if (us == 0) return "0 ms";
  if (duration == core::Duration::max()) return "for ever";
  if (us < 0) return "-" + duration_text(-duration);
  if (us < 1'000) return fmt::format("{} µs", us);
  const auto ms = static_cast<double>(us) / 1e3;
  if (us < 1'000'000) return fmt::format("{:.1f} ms", ms);
  if (us < 60'000'000) return fmt::format("{:.2f} s", ms / 1e3);
  const std::int64_t seconds = us / 1'000'000;
  return fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

std::string duration_text(core::Milliseconds duration) {
  constexpr auto kLongest = std::chrono::floor<core::Milliseconds>(core::Duration::max());
  if (duration > kLongest || duration == core::kForever) return "for ever";
  if (duration < core::Milliseconds{10'000} && duration > core::Milliseconds{-10'000}) {
    return fmt::format("{} ms", duration.count());
  }
  return duration_text(core::Duration{duration});
}

std::string bytes_text(core::Bytes bytes) {
  const std::int64_t count = bytes.count();
  constexpr std::int64_t kKiB = 1'024;
  constexpr std::int64_t kMiB = 1'024 * kKiB;
  const auto in_units = [count](std::int64_t unit, const char* name) {
    if (count % unit == 0) return fmt::format("{} {}", count / unit, name);
    return fmt::format("{:.1f} {}", static_cast<double>(count) / static_cast<double>(unit), name);
  };
  if (count >= kMiB) return in_units(kMiB, "MiB");
  if (count >= 10 * kKiB || (count >= kKiB && count % kKiB == 0)) return in_units(kKiB, "KiB");
  return fmt::format("{} B", count);
}

std::string count_text(std::int64_t count, std::string_view one) {
  const std::string_view plural = one.ends_with("ch") ? "es" : "s";
  return fmt::format("{} {}{}", number_text(count), one, count == 1 ? "" : plural);
}

std::string number_text(std::int64_t number) {
  if (number < 0) return "-" + number_text(-number);
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3 && number >= 10'000;) {
    at -= 3;
    digits.insert(at, 1, ' ');
  }
  return digits;
}

std::string speed_text(double speed) {
  const std::string times = fmt::format("{:g}×", speed);
  if (speed == 1) return times;
  const core::Duration in_a_second{std::llround(speed * 1e6)};
  return fmt::format("{}: 1 s shows {}", times, duration_text(in_a_second));
}

// --- Names ---

std::string batch_label(core::BatchId batch) {
  return fmt::format("b{}", batch.value());
}

std::string record_label(core::RecordId record) {
  return fmt::format("r{}", record.value());
}

std::string broker_label(core::NodeId broker) {
  if (broker == core::kNoNode) return "no broker";
  if (broker.value() < 0) return fmt::format("bootstrap {}", -broker.value());
  return fmt::format("broker {}", broker.value());
}

std::string thread_name(const sim::TraceNames& names, core::ThreadId thread) {
  const auto at = static_cast<std::size_t>(thread.value());
  if (thread.value() < 0) return "sender";
  return at < names.threads.size() ? names.threads[at] : fmt::format("thread {}", thread.value());
}

std::string request_label(core::ApiKey api, core::CorrelationId correlation) {
  return fmt::format("{} {}", core::api_name(api), correlation.value());
}

std::string sequence_text(std::int32_t first, std::int32_t records) {
  if (first < 0) return "no seq";
  if (records <= 1) return fmt::format("seq {}", first);
  return fmt::format("seq {}–{}", first, core::advance_sequence(first, records - 1));
}

std::string_view setting_of(core::BlockedOn on) {
  switch (on) {
    case core::BlockedOn::Metadata:
    case core::BlockedOn::Memory:
    case core::BlockedOn::Transaction:
      return "max.block.ms";
    case core::BlockedOn::Flush:
    case core::BlockedOn::Future:
      return "delivery.timeout.ms";
    case core::BlockedOn::SenderExit:
      return "close(timeout)";
    case core::BlockedOn::UserCode:
    case core::BlockedOn::EndlessLoop:
      return "";
  }
  return "";
}

// --- Words ---

std::string_view word(sim::RecordStatus status) {
  switch (status) {
    case sim::RecordStatus::Sending:
      return "in send()";
    case sim::RecordStatus::Pending:
      return "pending";
    case sim::RecordStatus::Acknowledged:
      return "acknowledged";
    case sim::RecordStatus::Failed:
      return "failed";
    case sim::RecordStatus::Refused:
      return "refused";
  }
  return "";
}

std::string_view word(MomentKind kind) {
  switch (kind) {
    case MomentKind::Send:
      return "send";
    case MomentKind::Drain:
      return "drain";
    case MomentKind::Retry:
      return "retry";
    case MomentKind::Expiry:
      return "expiry";
    case MomentKind::Success:
      return "acknowledged batch";
    case MomentKind::Failure:
      return "failed batch";
    case MomentKind::Fault:
      return "fault";
    case MomentKind::Narration:
      return "narration";
    case MomentKind::Flush:
      return "flush";
    case MomentKind::SenderPass:
      return "sender pass";
    case MomentKind::RecordFate:
      return "record fate";
    case MomentKind::Appended:
      return "append";
  }
  return "";
}

std::string_view word(FlightKind kind) {
  switch (kind) {
    case FlightKind::Append:
      return "append";
    case FlightKind::Drain:
      return "drain";
    case FlightKind::Retry:
      return "retry";
    case FlightKind::Acknowledge:
      return "acknowledged";
    case FlightKind::Expire:
      return "expired";
    case FlightKind::Fail:
      return "failed";
    case FlightKind::Write:
      return "write";
    case FlightKind::TakeMemory:
      return "allocate";
    case FlightKind::ReturnMemory:
      return "deallocate";
  }
  return "";
}

std::string_view word(Panel panel) {
  switch (panel) {
    case Panel::Inspector:
      return "batch inspector";
    case Panel::Readiness:
      return "readiness";
    case Panel::Ledger:
      return "ledger of records";
    case Panel::Consumer:
      return "consumer's view";
    case Panel::Events:
      return "event list";
    case Panel::Faults:
      return "faults";
    case Panel::Narration:
      return "narration";
    case Panel::Lesson:
      return "lesson";
    case Panel::Comparison:
      return "comparison";
    case Panel::BatchChart:
      return "batches over time";
    case Panel::Sequence:
      return "requests and answers";
    case Panel::Plots:
      return "quantities over time";
    case Panel::Bytes:
      return "bytes";
    case Panel::Runs:
      return "tree of runs";
    case Panel::Future:
      return "what is due";
    case Panel::Hand:
      return "the application by hand";
    case Panel::Laws:
      return "laws";
  }
  return "";
}

std::string_view word(RecordFilter filter) {
  switch (filter) {
    case RecordFilter::All:
      return "all";
    case RecordFilter::Pending:
      return "pending";
    case RecordFilter::Acknowledged:
      return "acknowledged";
    case RecordFilter::Failed:
      return "failed or refused";
    case RecordFilter::OfSelection:
      return "of what is selected";
  }
  return "";
}

std::string_view word(JumpTarget target) {
  switch (target) {
    case JumpTarget::Send:
      return "send";
    case JumpTarget::Drain:
      return "drain";
    case JumpTarget::Retry:
      return "retry";
    case JumpTarget::Expiry:
      return "expiry";
    case JumpTarget::Completion:
      return "completion";
    case JumpTarget::Fault:
      return "fault";
    case JumpTarget::Narration:
      return "narration";
    case JumpTarget::Anything:
      return "thing of interest";
  }
  return "";
}

}  // namespace linger::viz
