// The tables of a scenario that ask and offer, as TOML.
#pragma once

#include "sim/lesson.h"
#include "sim/toml_text.h"

namespace linger::sim {

TomlTable moment_table(const Moment& moment);
TomlTable question_table(const Question& question);
// Without its fault.
TomlTable what_if_table(const WhatIf& what_if);

}  // namespace linger::sim
