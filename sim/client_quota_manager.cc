#include "sim/client_quota_manager.h"

#include <algorithm>
#include <chrono>

namespace linger::sim {

namespace {

constexpr std::size_t kSamples = 11;      // quota.window.num
constexpr std::int64_t kWindowMs = 1000;  // quota.window.size.seconds
constexpr std::int64_t kAgeMs = static_cast<std::int64_t>(kSamples) * kWindowMs;

}  // namespace

void ClientQuotaManager::limit(std::optional<core::Bytes> each_second,
                               std::optional<core::Instant> until) {
  limit_ = each_second;
  until_ = until;
}

core::Milliseconds ClientQuotaManager::record(const std::string& client, core::Bytes produced,
                                              core::Instant now) {
  if (!limit_) return {};
  const std::int64_t now_ms =
      std::chrono::floor<core::Milliseconds>(now.time_since_epoch()).count();
  Rate& rate = rates_[client];
  add(rate, produced, now_ms);
  if (!has_limit(now)) return {};
  const core::Bytes all = sum(rate, now_ms);
  const std::int64_t window = window_ms(rate, now_ms);
  // (rate - limit) / limit * window, where rate = all / window
  const std::int64_t excess = all.count() * 1000 - limit_->count() * window;
  if (excess <= 0) return {};
  return core::Milliseconds{(2 * excess + limit_->count()) / (2 * limit_->count())};
}

void ClientQuotaManager::add(Rate& rate, core::Bytes produced, std::int64_t now_ms) {
  if (rate.samples.empty()) rate.samples.push_back({now_ms, {}});
  if (now_ms - rate.samples[rate.current].began_ms >= kWindowMs) {
    rate.current = (rate.current + 1) % kSamples;
    if (rate.current == rate.samples.size()) rate.samples.emplace_back();
    rate.samples[rate.current] = {now_ms, {}};
  }
  rate.samples[rate.current].produced += produced;
}

// What is too old is forgotten.
core::Bytes ClientQuotaManager::sum(Rate& rate, std::int64_t now_ms) {
  core::Bytes all;
  for (Sample& sample : rate.samples) {
    if (now_ms - sample.began_ms >= kAgeMs) sample = {now_ms, {}};
    all += sample.produced;
  }
  return all;
}

std::int64_t ClientQuotaManager::window_ms(const Rate& rate, std::int64_t now_ms) {
  std::int64_t oldest = now_ms;
  for (const Sample& sample : rate.samples) oldest = std::min(oldest, sample.began_ms);
  const std::int64_t elapsed = now_ms - oldest;
  const std::int64_t full_windows = elapsed / kWindowMs;
  constexpr std::int64_t kLeast = static_cast<std::int64_t>(kSamples) - 1;
  return full_windows >= kLeast ? elapsed : elapsed + (kLeast - full_windows) * kWindowMs;
}

}  // namespace linger::sim
