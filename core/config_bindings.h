// Which field of ProducerConfig each key fills.
#pragma once

#include "core/config_checks.h"

namespace linger::core {

// From draft.values to draft.resolved.config. A class that is not known raises raw.
void fill_config(ConfigDraft& draft);

}  // namespace linger::core
