// Scripts for brokers, from TOML and back: [[produce_rule]] and [[request_rule]].
#pragma once

#include <array>

#include "core/api.h"
#include "sim/produce_rule.h"
#include "sim/request_rule.h"
#include "sim/scenario_sections.h"
#include "sim/toml_text.h"

namespace linger::sim {

// What a RequestRule can be about.
inline constexpr std::array kCoordinationRequests{
    core::ApiKey::FindCoordinator, core::ApiKey::InitProducerId,  core::ApiKey::AddPartitionsToTxn,
    core::ApiKey::AddOffsetsToTxn, core::ApiKey::TxnOffsetCommit, core::ApiKey::EndTxn,
};

void read_produce_rules(TableReader& file, Reading& reading);
void read_request_rules(TableReader& file, Reading& reading);

TomlTable rule_table(const ProduceRule& rule);
TomlTable rule_table(const RequestRule& rule);

}  // namespace linger::sim
