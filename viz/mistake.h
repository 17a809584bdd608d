// What sim finds wrong, in the language in use. It comes in English, as the command line prints it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/parse_error.h"

namespace linger::viz {

// "linger.toml:7:3: error: …", and on a second line "  fix: …".
std::string mistake_text(const sim::ParseError& mistake);
std::string mistake_text(const std::vector<sim::ParseError>& mistakes);
// In one line: "… : …", without the colon if nothing is known that would be right.
std::string mistake_line(std::string_view message, std::string_view fix);

}  // namespace linger::viz
