// Makes a sequence of choices smaller while it still does what it was kept for.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace linger::sim {

using ChoiceList = std::vector<std::uint32_t>;

// Fewer and lower choices with which `still_fails` holds, as far as `most_tries` calls lead.
// Requires: it holds with `choices`.
ChoiceList shrunk(ChoiceList choices, const std::function<bool(const ChoiceList&)>& still_fails,
                  int most_tries = 4'000);

}  // namespace linger::sim
