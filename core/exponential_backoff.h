// How long to wait before the next try: twice as long after each failure, up to a limit, with
// jitter.
#pragma once

#include <cstdint>

#include "core/random.h"
#include "core/time.h"

namespace linger::core {

// In Kafka: ExponentialBackoff, whose base is 2 and jitter 0.2 wherever a producer has one.
//
//   nominal(n) = initial * 2^n, at most max       backoff(n) = nominal(n) * (1 - jitter .. 1 +
//   jitter)
//
// Where max is not above initial there is nothing to double: the wait is constant, without jitter.
//
// Differs: integers, so that every platform agrees. Kafka raises 2 to log2(max / initial) in
// doubles, which may miss max by a hair: at the limit, and without jitter, it waits 4999 ms for
// 100/5000 and 999 ms for 200/1000, where this waits 5000 and 1000. 100/1000, 50/1000 and
// 10000/30000 are exact there too. With jitter, products within 1e-12 of a whole number may fall on
// its other side.
class ExponentialBackoff {
 public:
  // What max limits. Until KIP-580 the wait before jitter, so that it could exceed max by a fifth.
  enum class Limit : std::uint8_t { BeforeJitter, AfterJitter };

  struct Settings {
    Milliseconds initial{};
    Milliseconds max{};
    Ratio jitter{1, 5};  // {0, 1} switches it off
    Limit limit = Limit::AfterJitter;
    friend bool operator==(const Settings&, const Settings&) = default;
  };

  // No wait at all.
  ExponentialBackoff() : ExponentialBackoff{Settings{}} {}

  // Requires: jitter at most 1, its denominator at most 100.
  explicit ExponentialBackoff(Settings settings);

  // The same wait each time: retry.backoff.ms before KIP-580.
  static ExponentialBackoff constant(Milliseconds wait);

  const Settings& settings() const { return settings_; }
  bool is_constant() const { return settings_.max <= settings_.initial; }
  bool has_jitter() const { return !is_constant() && settings_.jitter.numerator > 0; }

  // The wait after `attempts` failures before this one, without jitter. Requires: attempts >= 0.
  Milliseconds nominal(std::int64_t attempts) const;

  // With jitter: `draw` is any 64 bits, 0 giving the shortest wait. Requires: attempts >= 0.
  Milliseconds backoff(std::int64_t attempts, std::uint64_t draw) const;

  // The same with the next draw of `jitter`, taken only where there is jitter, as in Kafka.
  Milliseconds backoff(std::int64_t attempts, Random& jitter) const;

  friend bool operator==(const ExponentialBackoff&, const ExponentialBackoff&) = default;

 private:
  Settings settings_;
};

}  // namespace linger::core
