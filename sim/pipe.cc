#include "sim/pipe.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace linger::sim {
namespace {

// Rounded up to whole microseconds.
Duration transmission_time(Bytes bytes, std::optional<Bytes> bandwidth) {
  if (!bandwidth) return Duration{0};
  CHECK(*bandwidth > Bytes{0});
  constexpr std::int64_t kMicrosecondsInSecond = 1'000'000;
  const std::int64_t product = bytes.count() * kMicrosecondsInSecond;
  return Duration{(product + bandwidth->count() - 1) / bandwidth->count()};
}

}  // namespace

void Pipe::push(SharedBytes bytes) {
  if (bytes.is_empty()) return;
  waiting_size_ += bytes.size();
  waiting_.push_back(std::move(bytes));
}

void Pipe::discard_waiting() {
  waiting_.clear();
  waiting_size_ = Bytes{0};
}

Bytes Pipe::next_segment(const LinkConditions& link) const {
  return std::min(link.segment, waiting_size_);
}

std::optional<Pipe::Departure> Pipe::depart(const LinkConditions& link, Instant now) {
  if (waiting_.empty()) return std::nullopt;
  CHECK(link.segment > Bytes{0});
  Departure departure;
  departure.bytes = take(link.segment);
  departure.link_free = now + transmission_time(departure.bytes.size(), link.bandwidth);
  departure.arrives = arrival(link, departure.link_free);
  return departure;
}

Instant Pipe::arrival_of_signal(const LinkConditions& link, Instant now) {
  return arrival(link, now);
}

// A part of the first chunk if that is enough: only what has to be put together is copied.
SharedBytes Pipe::take(Bytes at_most) {
  const Bytes size = std::min(at_most, waiting_size_);
  waiting_size_ -= size;
  const auto count = static_cast<std::size_t>(size.count());
  if (waiting_.front().size() >= size) return take_from_first(count);
  core::ByteVector together;
  together.reserve(count);
  while (together.size() < count) {
    const auto first = static_cast<std::size_t>(waiting_.front().size().count());
    const SharedBytes piece = take_from_first(std::min(count - together.size(), first));
    together.insert(together.end(), piece.span().begin(), piece.span().end());
  }
  return SharedBytes{std::move(together)};
}

SharedBytes Pipe::take_from_first(std::size_t count) {
  SharedBytes& first = waiting_.front();
  const auto rest = static_cast<std::size_t>(first.size().count()) - count;
  SharedBytes piece = first.part(0, count);
  if (rest == 0) {
    waiting_.pop_front();
  } else {
    first = first.part(count, rest);
  }
  return piece;
}

// Always one draw, so that the jitter of a scenario can be changed and the draws stay as they were.
Instant Pipe::arrival(const LinkConditions& link, Instant left) {
  const Duration jitter{jitter_.uniform(0, link.jitter.count())};
  last_arrival_ = std::max(last_arrival_, left + link.latency + jitter);
  return last_arrival_;
}

}  // namespace linger::sim
