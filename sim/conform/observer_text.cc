#include "sim/conform/observer_text.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>

#include <fmt/format.h>

#include "core/record.h"

namespace linger::sim::conform {

std::int64_t milliseconds_of(Instant at) {
  return std::chrono::floor<core::Milliseconds>(at.time_since_epoch()).count();
}

std::string wait_text(core::Milliseconds wait) {
  return wait == core::kForever ? "inf" : std::to_string(wait.count());
}

std::string words_joined(std::string message) {
  std::replace(message.begin(), message.end(), ' ', '_');
  return message;
}

std::string error_text(core::ErrorCode error) {
  if (error == core::ErrorCode::NotLeaderOrFollower) return "NOT_LEADER";
  return std::string{core::name(error)};
}

std::string outcome_text(core::RequestOutcome outcome) {
  switch (outcome) {
    case core::RequestOutcome::Ok:
      return "ok";
    case core::RequestOutcome::NoResponseExpected:
      return "acks0";
    case core::RequestOutcome::TimedOut:
      return "timeout";
    case core::RequestOutcome::Disconnected:
      return "disconnect";
    case core::RequestOutcome::VersionMismatch:
      break;
  }
  return "version";
}

std::string state_text(core::BatchState state) {
  switch (state) {
    case core::BatchState::Succeeded:
      return "SUCCEEDED";
    case core::BatchState::Failed:
      return "FAILED";
    case core::BatchState::Aborted:
      return "ABORTED";
    case core::BatchState::Open:
      break;
  }
  return "null";
}

std::string identity_text(core::ProducerIdAndEpoch producer) {
  return fmt::format("{}/{}", producer.producer_id, producer.epoch);
}

std::string ranges_text(const std::vector<std::int64_t>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    text += fmt::format("{}{}", text.empty() ? "" : ",", numbers[i]);
    if (last > i) text += fmt::format("-{}", numbers[last]);
    i = last + 1;
  }
  return text;
}

bool is_exhausted(core::Exception exception) {
  return exception == core::Exception::BufferExhaustedException ||
         exception == core::Exception::TimeoutException;
}

bool is_forced_abort(const core::ClientError& error) {
  return error.message == "Producer is closed forcefully.";
}

std::optional<std::int64_t> refused_size(const core::ClientError& error) {
  constexpr std::string_view kStart = "The message is ";
  if (error.exception != core::Exception::RecordTooLargeException) return std::nullopt;
  if (!error.message.starts_with(kStart)) return std::nullopt;
  std::int64_t size = 0;
  std::from_chars(error.message.data() + kStart.size(), error.message.data() + error.message.size(),
                  size);
  return size;
}

std::string refusal_text(const core::ClientError& error) {
  // What stands for KafkaProducer.send in an observation says it in its own word.
  const bool is_closed = error.exception == core::Exception::IllegalStateException;
  if (is_closed && error.message.find("after producer has been closed") != std::string::npos) {
    return "closed";
  }
  return words_joined(error.message);
}

Bytes upper_bound(const SendAction& send, std::int64_t number, const core::RecordFormat& format) {
  const core::ByteVector value(static_cast<std::size_t>(send.value_size.largest.count()));
  core::ByteVector key;
  core::RecordView view;
  view.value = core::ByteSpan{value};
  if (send.key) {
    std::string text = *send.key;
    if (const auto at = text.find("{id}"); at != std::string::npos) {
      text.replace(at, 4, std::to_string(number));
    }
    key.assign(text.begin(), text.end());
    view.key = core::ByteSpan{key};
  }
  return core::batch_size_upper_bound(format, view);
}

}  // namespace linger::sim::conform
