// How to look at something in the viewer.
#pragma once

#include <cstdint>
#include <string>

namespace linger::sim::cli {

// The command that opens the viewer at what is so after that many steps, with its panel of laws.
// The viewer is the one beside this program, if there is one.
std::string viewer_command(const std::string& file, std::int64_t step);

// As a shell takes it for one word.
std::string quoted(const std::string& word);

}  // namespace linger::sim::cli
