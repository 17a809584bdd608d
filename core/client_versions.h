// In which versions a producer speaks.
#pragma once

#include <map>

#include "core/api.h"
#include "core/rules.h"

namespace linger::core {

// The versions of each request that a client can send; one it cannot send at all is missing.
using ClientVersions = std::map<ApiKey, VersionRange>;

// A version that came with a rule is not spoken without it.
ClientVersions client_versions(Era era, RuleSet rules);

}  // namespace linger::core
