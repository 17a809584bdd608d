// What the list of all actions offers beside those that have a key: things to be selected, and what
// the panels offer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "viz/prompt_view.h"
#include "viz/viewer_state.h"

namespace linger::viz {

struct PromptOffer {
  PromptRow row;
  std::string english;  // the row's text: it is found by this as well
};
// What may be meant by what was typed; nothing before anything is. Of things that there may be
// thousands of, those with the number that was typed.
std::vector<PromptOffer> prompt_offers(const ViewerState& state, std::string_view typed);

}  // namespace linger::viz
