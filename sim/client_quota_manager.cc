#include "sim/client_quota_manager.h"

#include <algorithm>
#include <chrono>
#include <string_view>

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

// Windows count whole milliseconds of the clock. Of one that is too old only that it is counts: it
// is begun anew before it is looked at.
void ClientQuotaManager::add_to(core::StateKey& key, core::Instant now) const {
  key.add(limit_.has_value());
  if (!limit_) return;
  key.add(*limit_);
  key.deadline(until_);
  const auto now_ms = std::chrono::floor<core::Milliseconds>(now.time_since_epoch());
  key.add(rates_.size(), now.time_since_epoch() - now_ms);
  for (const auto& [client, rate] : rates_) {
    key.add(std::string_view{client});
    key.add(rate.samples.size());
    for (std::size_t i = 0; i < rate.samples.size(); ++i) {
      const Sample& sample = rate.samples[(rate.current + i) % rate.samples.size()];
      const std::int64_t age = std::min(now_ms.count() - sample.began_ms, kAgeMs);
      key.add(age, age == kAgeMs ? core::Bytes{} : sample.produced);
    }
  }
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
