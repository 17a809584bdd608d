// Producers with and without a rule, the rest of their era being as it was.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "support/producer_bench.h"

namespace linger::core {

// Turns a rule off, and those that mean nothing without it.
inline std::vector<RuleFlip> without(Rule rule) {
  RuleSet off{rule};
  std::vector<RuleFlip> flips{{rule, RuleFlip::Turn::Off}};
  for (const RuleInfo& row : rule_table()) {  // each comes behind those it needs
    const bool is_void = std::any_of(
        flips.begin(), flips.end(), [&](const RuleFlip& flip) { return row.needs.has(flip.rule); });
    if (!is_void || off.has(row.rule)) continue;
    off = off.with(row.rule);
    flips.push_back({row.rule, RuleFlip::Turn::Off});
  }
  return flips;
}
inline std::vector<RuleFlip> with(Rule rule) {
  return {{rule, RuleFlip::Turn::On}};
}

inline ProducerSetup plain(std::vector<RuleFlip> flips, const GivenSettings& settings = {}) {
  return {.settings = settings, .flips = std::move(flips)};
}
inline ProducerSetup idempotent(std::vector<RuleFlip> flips, const GivenSettings& more = {}) {
  GivenSettings settings{{"enable.idempotence", "true"}};
  for (const auto& [key, value] : more) settings[key] = value;
  return {.settings = settings, .flips = std::move(flips)};
}

// The same producer with the rule, and without it.
template <class Check>
void compare(Rule rule, Check check) {
  {
    SCOPED_TRACE("with the rule");
    check(std::vector<RuleFlip>{}, true);
  }
  SCOPED_TRACE("without the rule");
  check(without(rule), false);
}

}  // namespace linger::core
