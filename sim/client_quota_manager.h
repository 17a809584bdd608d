// How fast clients may produce to a broker, and how long one that was faster is held back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/state_key.h"
#include "core/time.h"

namespace linger::sim {

// Each client.id has a rate of its own, over up to eleven windows of a second: what was produced in
// them, over the time from the beginning of the oldest to now, but never less than ten seconds. So
// a burst is forgiven, unless it is more than ten seconds' worth.
//
// In Kafka: ClientQuotaManager with Rate and SampledStat, quota.window.num and
// quota.window.size.seconds. Differs: whole numbers in the place of doubles; no other quotas.
class ClientQuotaManager {
 public:
  // Bytes a second for each client; none: no limit. What was produced since the first one counts.
  void limit(std::optional<core::Bytes> each_second, std::optional<core::Instant> until);
  bool has_limit(core::Instant now) const { return limit_ && (!until_ || now < *until_); }

  // A client has produced so much. How long it has to wait.
  core::Milliseconds record(const std::string& client, core::Bytes produced, core::Instant now);

  // All on which it depends how long a client will have to wait.
  void add_to(core::StateKey& key, core::Instant now) const;

 private:
  struct Sample {
    std::int64_t began_ms = 0;
    core::Bytes produced{};
  };
  struct Rate {
    std::vector<Sample> samples;
    std::size_t current = 0;
  };
  static void add(Rate& rate, core::Bytes produced, std::int64_t now_ms);
  static core::Bytes sum(Rate& rate, std::int64_t now_ms);
  static std::int64_t window_ms(const Rate& rate, std::int64_t now_ms);

  std::optional<core::Bytes> limit_;
  std::optional<core::Instant> until_;
  std::map<std::string, Rate> rates_;
};

}  // namespace linger::sim
