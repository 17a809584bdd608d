#include "viz/columns_view.h"

#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/viewer_branches.h"
#include "viz/viewer_language.h"

namespace linger::viz {
namespace {

RunColumn run_column(const ViewerState& state, std::size_t index) {
  const Branch& branch = state.branches[index];
  return {index, branch_name(state, index), index == state.branch, branch.timeline.is_over()};
}

}  // namespace

std::optional<ColumnsView> columns_view(const ViewerState& state) {
  const auto pair = compared_branches(state);
  if (!state.shows_columns || !pair) return std::nullopt;
  ColumnsView view;
  view.base = run_column(state, pair->base);
  view.fork = run_column(state, pair->fork);
  const auto& parted = state.branches[pair->fork].parted;
  view.parting = parted ? tr("they part at {}", sim::instant_text(parted->at))
                        : tr("the same, as far as they are known");
  view.have_parted = parted && parted->at <= state.shown_at;
  return view;
}

}  // namespace linger::viz
