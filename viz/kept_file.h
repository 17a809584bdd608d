// Small files in which something is kept from one day to the next.
#pragma once

#include <string>
#include <string_view>

namespace linger::viz {

// What is in the file; empty if it cannot be read.
std::string read_kept(const std::string& file);
// Writes beside the file and renames, so that it is never half written. False if that fails, or
// if what stands there is not a file of ours to replace; nothing is changed then.
bool write_kept(std::string_view text, const std::string& file);

}  // namespace linger::viz
