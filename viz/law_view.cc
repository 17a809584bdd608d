#include "viz/law_view.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "sim/law_follow.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/law_numbers.h"
#include "viz/said.h"
#include "viz/text.h"

namespace linger::viz {

LawView law_view(const ViewerState& state) {
  LawView view;
  view.stops = state.stops_at_broken_law;
  const sim::World& world = state.world();
  const auto& laws = state.branches[state.branch].laws;
  if (!laws) return view;
  std::int64_t broken = 0;
  const auto add = [&](const std::vector<std::string_view>& names) {
    for (const std::string_view name : names) {
      LawRow row{tr(name), true, law_numbers(name, world), ""};
      for (const sim::BrokenLaw& law : laws->broken()) {
        if (law.name != name || law.step > state.timeline().cursor()) continue;
        row.holds = false;
        row.broken = sim::instant_text(law.at) + ": " + tr_said(law.what);
        row.step = law.step;
        ++broken;
      }
      view.rows.push_back(std::move(row));
    }
  };
  add(laws->of_each_step());
  if (world.ended) add(sim::LawFollow::of_the_end());
  view.all_hold = broken == 0;
  view.headline = broken == 0 ? std::string{tr("all hold")} : tr("{} broken", number_text(broken));
  return view;
}

}  // namespace linger::viz
