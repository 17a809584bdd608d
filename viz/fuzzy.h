// Finding things by some of the letters of their names.
#pragma once

#include <optional>
#include <string_view>

namespace linger::viz {

// How well the letters that were typed, in their order, fit a name; more is better. None if they do
// not stand in it. Capitals make no difference.
std::optional<int> fuzzy_match(std::string_view typed, std::string_view name);

}  // namespace linger::viz
