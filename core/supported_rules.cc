#include "core/supported_rules.h"

namespace linger::core {

namespace {

using enum Rule;

constexpr RuleSet kActedUpon{Kafka3197MutePartition,
                             Kip144ReconnectBackoff,
                             Kafka4840PoolReturnsMemory,
                             Kip679StrongestDefaults,
                             Kafka13598IdempotenceReallyOn,
                             Kafka13834DrainIndexPerNode,
                             Kafka15415SkipBackoffOnNewLeader,
                             Kip951LeaderHints,
                             Kip580ExponentialRetryBackoff,
                             Kip1030LingerDefault,
                             Kip126SplitBatches,
                             Kafka5236CodecBlocks};

constexpr RuleSet kOfTransactions{Kafka6635CloseAwaitsTransaction, Kafka12870FlushCounter,
                                  Kafka13412SendChecksAfterAppend,
                                  Kafka9279FailedSendFailsTransaction, Kip890TransactionAbortable};

}  // namespace

Support support(Rule rule) {
  if (kActedUpon.has(rule)) return Support::ActedUpon;
  return kOfTransactions.has(rule) ? Support::OfTransactions : Support::NotYet;
}

std::vector<std::string> unsupported_flips(Era era, RuleSet rules) {
  std::vector<std::string> reasons;
  for (const RuleInfo& row : rule_table()) {
    if (rules.has(row.rule) == rules_of(era).has(row.rule)) continue;
    const std::string name{row.name};
    switch (support(row.rule)) {
      case Support::ActedUpon:
        break;
      case Support::OfTransactions:
        reasons.push_back(name + " is about transactions, and this model has none yet");
        break;
      case Support::NotYet:
        reasons.push_back("this model does not act on " + name + " yet");
        break;
    }
  }
  return reasons;
}

std::vector<std::string> unsupported_era(Era era) {
  std::string missing;
  for (const RuleInfo& row : rule_table()) {
    const bool differs = rules_of(era).has(row.rule) != rules_of(Era::V3_9).has(row.rule);
    if (!differs || support(row.rule) != Support::NotYet) continue;
    missing += (missing.empty() ? "" : ", ") + std::string{row.name};
  }
  if (missing.empty()) return {};
  return {"this model cannot act as " + std::string{core::name(era)} + " yet: it does not act on " +
          missing};
}

}  // namespace linger::core
