#include "core/supported_rules.h"

namespace linger::core {

namespace {

using enum Rule;

constexpr RuleSet kOfTransactions{Kafka6635CloseAwaitsTransaction, Kafka12870FlushCounter,
                                  Kafka9279FailedSendFailsTransaction, Kip890TransactionAbortable};

// What Java's heap holds; which address of a host is tried; a channel that is not ready as soon as
// it is connected, which takes encryption or authentication.
constexpr RuleSet kNothingToSee{Kafka12736FlushHoldsResults, Kafka15817NextAddress,
                                Kafka13388HandshakeTimeout};

constexpr RuleSet kNotYet{};

int difference(RuleSet a, RuleSet b) {
  int count = 0;
  for (const RuleInfo& row : rule_table()) count += a.has(row.rule) != b.has(row.rule) ? 1 : 0;
  return count;
}

// The rules that were flipped, as far as can be told: those of the release from which the fewest
// flips lead to `rules`.
RuleSet before_flips(Era era, RuleSet rules) {
  RuleSet nearest = rules_of(era);
  for (const Preset& preset : presets()) {
    if (preset.era != era) continue;
    if (difference(preset.rules, rules) < difference(nearest, rules)) nearest = preset.rules;
  }
  return nearest;
}

}  // namespace

Support support(Rule rule) {
  if (kNotYet.has(rule)) return Support::NotYet;
  if (kNothingToSee.has(rule)) return Support::NothingToSee;
  return kOfTransactions.has(rule) ? Support::OfTransactions : Support::ActedUpon;
}

std::vector<std::string> unsupported_flips(Era era, RuleSet rules) {
  std::vector<std::string> reasons;
  const RuleSet before = before_flips(era, rules);
  for (const RuleInfo& row : rule_table()) {
    if (rules.has(row.rule) == before.has(row.rule)) continue;
    const std::string name{row.name};
    switch (support(row.rule)) {
      case Support::ActedUpon:
        break;
      case Support::OfTransactions:
        reasons.push_back(name + " is about transactions, and this model has none yet");
        break;
      case Support::NothingToSee:
        reasons.push_back("this model has nothing that " + name + " changes");
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
