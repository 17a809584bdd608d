// For messages about a word that nobody knows: which one was meant?
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linger::sim {

// The candidate that takes the fewest changes of single letters, if they are few. The first of
// several.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

// "did you mean 'latency'?", or, where none is near, "one of: latency, jitter", if they are not too
// many to list.
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace linger::sim
