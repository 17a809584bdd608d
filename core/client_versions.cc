#include "core/client_versions.h"

#include <algorithm>

namespace linger::core {

namespace {

using enum Rule;

// The newest version of `api` before `rule`.
struct NewestWithout {
  Rule rule;
  ApiKey api;
  std::int16_t version;
};

constexpr NewestWithout kNewestWithout[] = {
    {Kip98ProducerId, ApiKey::Produce, 2},
    {Kip219ClientThrottle, ApiKey::Produce, 5},
    {Kip951LeaderHints, ApiKey::Produce, 9},
    {Kip890TransactionAbortable, ApiKey::Produce, 10},
    {Kip219ClientThrottle, ApiKey::Metadata, 5},
    {Kafka7738LeaderEpochs, ApiKey::Metadata, 8},
    {Kip219ClientThrottle, ApiKey::InitProducerId, 0},
    {Kip360EpochBump, ApiKey::InitProducerId, 2},
    {Kip588FencedOrTimedOut, ApiKey::InitProducerId, 3},
    {Kip890TransactionAbortable, ApiKey::InitProducerId, 4},
};

VersionRange of_era(const Api& api, Era era) {
  switch (era) {
    case Era::V0_10_2:
      return api.client_0_10_2;
    case Era::V2_8:
      return api.client_2_8;
    case Era::V3_9:
      return api.client_3_9;
  }
  return {};
}

// Produce and InitProducerId follow the rules alone; the newest versions of the others, which the
// rules have nothing to say on, are those of the era.
VersionRange newest_of(const Api& api, Era era) {
  const bool follows_rules = api.key == ApiKey::Produce || api.key == ApiKey::InitProducerId;
  return follows_rules ? api.implemented : of_era(api, era);
}

}  // namespace

ClientVersions client_versions(Era era, RuleSet rules) {
  ClientVersions versions;
  for (const Api& api : kApis) {
    VersionRange range = newest_of(api, era);
    for (const NewestWithout& row : kNewestWithout) {
      if (row.api == api.key && !rules.has(row.rule))
        range.last = std::min(range.last, row.version);
    }
    if (api.key == ApiKey::Produce) {
      range.first = rules.has(Kip98ProducerId) ? kFirstProduceVersionOfFormat2 : range.last;
    }
    const bool is_of_idempotence = api.key == ApiKey::InitProducerId;
    if (is_of_idempotence && !rules.has(Kip98ProducerId)) continue;
    if (!range.is_empty()) versions[api.key] = range;
  }
  return versions;
}

}  // namespace linger::core
