// A topic in a scenario file: read, and written back.
#pragma once

#include "sim/scenario_sections.h"
#include "sim/toml_text.h"

namespace linger::sim {

// Enough for any lesson, and small enough that a slip of the pen does not fill the memory.
inline constexpr std::int64_t kMostPartitions = 10'000;

// One [[topic]]. Requires: [cluster] has been read.
void read_topic(const TomlNode& node, Reading& reading);
TomlTable topic_table(const TopicSpec& topic, const ClusterSpec& cluster);

}  // namespace linger::sim
