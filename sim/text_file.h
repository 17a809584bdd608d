// A whole file as text.
#pragma once

#include <optional>
#include <string>

namespace linger::sim {

// None if it cannot be read.
std::optional<std::string> read_text_file(const std::string& path);

}  // namespace linger::sim
