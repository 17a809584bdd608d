#include "viz/text.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "core/producer_batch.h"
#include "viz/language.h"

namespace linger::viz {

// --- Amounts ---

std::string duration_text(core::Duration duration) {
  const std::int64_t us = duration.count();
  if (us == 0) return "0 ms";
  if (duration == core::Duration::max()) return tr("for ever");
  if (us < 0) return "-" + duration_text(-duration);
  if (us < 1'000) return fmt::format("{} µs", us);
  const auto ms = static_cast<double>(us) / 1e3;
  if (us < 1'000'000) return fmt::format("{:.1f} ms", ms);
  if (us < 60'000'000) return fmt::format("{:.2f} s", ms / 1e3);
  const std::int64_t seconds = us / 1'000'000;
  if (seconds % 60 == 0) return tr("{} min", seconds / 60);
  return tr("{} min {} s", seconds / 60, seconds % 60);
}

std::string duration_text(core::Milliseconds duration) {
  constexpr auto kLongest = std::chrono::floor<core::Milliseconds>(core::Duration::max());
  if (duration > kLongest || duration == core::kForever) return tr("for ever");
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
  if (language() == Language::Chinese) {
    // A count has no plural there, but a measure word of its own: "{} records" is one pattern.
    const std::string many = fmt::format("{{}} {}{}", one, plural);
    const std::string_view pattern = tr(many);
    if (pattern != many) return fmt::format(fmt::runtime(pattern), number_text(count));
  }
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
  return tr("{}: 1 s shows {}", times, duration_text(in_a_second));
}

// --- Names ---

namespace {

// A frame has thousands of these; a pattern costs ten times as much.
template <class Number>
std::string& append(std::string& text, Number number) {
  const fmt::format_int digits{number};
  return text.append(digits.data(), digits.size());
}

}  // namespace

std::string batch_label(core::BatchId batch) {
  std::string label = "b";
  return append(label, batch.value());
}

std::string record_label(core::RecordId record) {
  std::string label = "r";
  return append(label, record.value());
}

std::string offsets_text(std::int64_t first, std::int64_t records) {
  std::string text;
  append(text, first);
  if (records <= 1) return text;
  return append(text += "–", first + records - 1);
}

std::string broker_label(core::NodeId broker) {
  if (broker == core::kNoNode) return tr("no broker");
  if (broker.value() < 0) return tr("bootstrap {}", -broker.value());
  return tr("broker {}", broker.value());
}

std::string thread_name(const sim::TraceNames& names, core::ThreadId thread) {
  const auto at = static_cast<std::size_t>(thread.value());
  if (thread.value() < 0) return tr("sender");
  return at < names.threads.size() ? names.threads[at] : tr("thread {}", thread.value());
}

std::string request_label(core::ApiKey api, core::CorrelationId correlation) {
  return fmt::format("{} {}", core::api_name(api), correlation.value());
}

std::string sequence_text(std::int32_t first, std::int32_t records) {
  if (first < 0) return tr("no seq");
  std::string text = "seq ";
  append(text, first);
  if (records <= 1) return text;
  return append(text += "–", core::advance_sequence(first, records - 1));
}

std::string_view setting_of(core::BlockedOn on) {
  switch (on) {
    case core::BlockedOn::Metadata:
    case core::BlockedOn::Memory:
    case core::BlockedOn::Transaction:
      return "max.block.ms";
    case core::BlockedOn::SenderExit:
      return "close(timeout)";
    case core::BlockedOn::Flush:
    case core::BlockedOn::Future:
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
      return tr("in send()");
    case sim::RecordStatus::Pending:
      return tr("pending");
    case sim::RecordStatus::Acknowledged:
      return tr("acknowledged");
    case sim::RecordStatus::Failed:
      return tr("failed");
    case sim::RecordStatus::Refused:
      return tr("refused");
  }
  return "";
}

std::string_view word(MomentKind kind) {
  switch (kind) {
    case MomentKind::Send:
      return tr("send");
    case MomentKind::Drain:
      return tr("drain");
    case MomentKind::Retry:
      return tr("retry");
    case MomentKind::Expiry:
      return tr("expiry");
    case MomentKind::Success:
      return tr("acknowledged batch");
    case MomentKind::Failure:
      return tr("failed batch");
    case MomentKind::Fault:
      return tr("fault");
    case MomentKind::Narration:
      return tr("narration");
    case MomentKind::Flush:
      return tr("flush");
    case MomentKind::SenderPass:
      return tr("sender pass");
    case MomentKind::RecordFate:
      return tr("record fate");
    case MomentKind::Appended:
      return tr("append");
  }
  return "";
}

std::string_view word(FlightKind kind) {
  switch (kind) {
    case FlightKind::Append:
      return tr("append");
    case FlightKind::Drain:
      return tr("drain");
    case FlightKind::Retry:
      return tr("retry");
    case FlightKind::Acknowledge:
      return tr("acknowledged");
    case FlightKind::Expire:
      return tr("expired");
    case FlightKind::Fail:
      return tr("failed");
    case FlightKind::Write:
      return tr("write");
    case FlightKind::Replicate:
      return tr("fetched by a follower");
    case FlightKind::TakeMemory:
      return tr("allocate");
    case FlightKind::ReturnMemory:
      return tr("deallocate");
  }
  return "";
}

std::string_view name_of(Panel panel) {
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
    case Panel::Moves:
      return "moves";
  }
  return "";
}

std::string_view word(Panel panel) {
  return tr(name_of(panel));
}

std::string_view word(RecordFilter filter) {
  switch (filter) {
    case RecordFilter::All:
      return tr("all");
    case RecordFilter::Pending:
      return tr("pending");
    case RecordFilter::Acknowledged:
      return tr("acknowledged");
    case RecordFilter::Failed:
      return tr("failed or refused");
    case RecordFilter::OfSelection:
      return tr("of what is selected");
  }
  return "";
}

std::string_view word(JumpTarget target) {
  switch (target) {
    case JumpTarget::Send:
      return tr("send");
    case JumpTarget::Drain:
      return tr("drain");
    case JumpTarget::Retry:
      return tr("retry");
    case JumpTarget::Expiry:
      return tr("expiry");
    case JumpTarget::Completion:
      return tr("completion");
    case JumpTarget::Fault:
      return tr("fault");
    case JumpTarget::Narration:
      return tr("narration");
    case JumpTarget::Anything:
      return tr("thing of interest");
  }
  return "";
}

}  // namespace linger::viz
