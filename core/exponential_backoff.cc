#include "core/exponential_backoff.h"

#include <algorithm>

#include "core/check.h"

namespace linger::core {
namespace {

// The random factor is a multiple of 2^-24. So many bits keep scaled() within 64 bits, and are far
// more than the whole milliseconds that come out can tell apart.
constexpr int kFractionBits = 24;
constexpr std::uint32_t kLargestDenominator = 100;

// floor(number * numerator / denominator), or the largest count where that is beyond the clock.
// Requires: numerator and denominator below 2^32.
std::int64_t scaled(std::int64_t number, std::int64_t numerator, std::int64_t denominator) {
  const std::int64_t whole = number / denominator;
  const std::int64_t rest = number % denominator;
  constexpr std::int64_t kLargest = Milliseconds::max().count();
  if (whole > 0 && numerator > 0 && whole >= kLargest / numerator) return kLargest;
  return whole * numerator + rest * numerator / denominator;
}

}  // namespace

ExponentialBackoff::ExponentialBackoff(Settings settings) : settings_{settings} {
  const Ratio jitter = settings.jitter;
  CHECK(jitter.denominator > 0 && jitter.denominator <= kLargestDenominator);
  CHECK(jitter.numerator <= jitter.denominator);
}

ExponentialBackoff ExponentialBackoff::constant(Milliseconds wait) {
  return ExponentialBackoff{{.initial = wait, .max = wait}};
}

Milliseconds ExponentialBackoff::nominal(std::int64_t attempts) const {
  CHECK(attempts >= 0);
  if (is_constant()) {
    const bool is_limited = settings_.limit == Limit::AfterJitter;
    return is_limited ? std::min(settings_.initial, settings_.max) : settings_.initial;
  }
  Milliseconds wait = settings_.initial;
  for (std::int64_t i = 0; i < attempts && wait > Milliseconds{0}; ++i) {
    if (wait >= settings_.max - wait) return settings_.max;
    wait *= 2;
  }
  return wait;
}

Milliseconds ExponentialBackoff::backoff(std::int64_t attempts, std::uint64_t draw) const {
  if (!has_jitter()) return nominal(attempts);
  // factor = (1 - jitter) + 2 * jitter * fraction, as a numerator over denominator * 2^24.
  const auto fraction = static_cast<std::int64_t>(draw >> (64 - kFractionBits));
  const std::int64_t one = std::int64_t{settings_.jitter.denominator} << kFractionBits;
  const std::int64_t jitter = settings_.jitter.numerator;
  const std::int64_t factor = one - (jitter << kFractionBits) + 2 * jitter * fraction;
  const Milliseconds drawn{scaled(nominal(attempts).count(), factor, one)};
  return settings_.limit == Limit::AfterJitter ? std::min(drawn, settings_.max) : drawn;
}

Milliseconds ExponentialBackoff::backoff(std::int64_t attempts, Random& jitter) const {
  return backoff(attempts, has_jitter() ? jitter.next_u64() : 0);
}

}  // namespace linger::core
