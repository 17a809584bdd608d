// Text within JSON.
#pragma once

#include <string>
#include <string_view>

namespace linger::sim {

// Appends it in quotes.
void append_json_text(std::string_view text, std::string& out);

}  // namespace linger::sim
