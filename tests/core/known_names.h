// The topic and the brokers that tests of the client's parts are about.
#pragma once

#include "core/id.h"

namespace linger::core {

inline constexpr TopicId kT{0};
inline constexpr NodeId kNode{0};
inline constexpr NodeId kOther{1};

}  // namespace linger::core
