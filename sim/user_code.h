// What the user's code answers when the producer calls it.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.h"
#include "core/user_call.h"
#include "sim/app_thread.h"
#include "sim/scenario.h"

namespace linger::sim {

struct UserCodeOutcome {
  UserCodeRun run;
  Duration takes{};
};

// `number`: which call of this piece of code it is, from 1.
UserCodeOutcome run_user_code(const core::UserCall& call, const ProducerSpec& spec,
                              const core::TopicNames& topics, std::int32_t number);

}  // namespace linger::sim
