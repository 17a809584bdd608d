#include "viz/run_tree_view.h"

#include <algorithm>

#include "sim/trace_text.h"
#include "viz/keys.h"
#include "viz/language.h"
#include "viz/viewer_language.h"

namespace linger::viz {
namespace {

// The longest run gives the axis.
const TraceIndex& axis_of(const ViewerState& state) {
  const auto longest = std::max_element(
      state.branches.begin(), state.branches.end(),
      [](const Branch& a, const Branch& b) { return a.index.end() < b.index.end(); });
  return longest->index;
}

class TreeBuilder {
 public:
  explicit TreeBuilder(const ViewerState& state) : state_{state}, axis_{axis_of(state)} {}

  RunTreeView build() {
    add(0, 0, 0);
    RunTreeView view;
    view.lines = std::move(lines_);
    view.cursor = place(state_.shown_at);
    view.now = sim::instant_text(state_.shown_at);
    view.end = sim::instant_text(axis_.end());
    if (view.lines.size() == 1) {
      view.hint =
          tr("There is one run. A what-if, a fault or a change of a setting makes another.");
    }
    return view;
  }

 private:
  float place(core::Instant at) const { return static_cast<float>(axis_.axis(at)); }

  void add(std::size_t branch, std::size_t parent_line, int depth) {
    const std::size_t here = lines_.size();
    lines_.push_back(run_line(branch, parent_line, depth));
    for (std::size_t child = 1; child < state_.branches.size(); ++child) {
      if (state_.branches[child].parent == branch) add(child, here, depth + 1);
    }
  }

  RunLine run_line(std::size_t index, std::size_t parent_line, int depth) const {
    const Branch& branch = state_.branches[index];
    RunLine line;
    line.branch = index;
    line.name = branch_name(state_, index);
    line.depth = depth;
    line.parent = parent_line;
    line.end = place(branch.index.end());
    const auto& trace = branch.timeline.trace();
    line.is_over = !trace.empty() && trace.back().as<sim::RunEnded>() != nullptr;
    line.is_shown = index == state_.branch;
    if (index != 0) tell_parting(branch, line);
    add_flags(index, line);
    return line;
  }

  void tell_parting(const Branch& branch, RunLine& line) const {
    const std::string from = branch_name(state_, branch.parent);
    if (!branch.parted) {
      line.leaves = line.end;
      line.parted_at = branch.index.end();
      line.parted = tr("as far as it is known, it is the same as “{}”", from);
      return;
    }
    line.parted_at = branch.parted->at;
    line.leaves = place(branch.parted->at);
    line.parted = tr("leaves “{}” at {}", from, sim::instant_text(branch.parted->at));
  }

  void add_flags(std::size_t branch, RunLine& line) const {
    for (std::size_t i = 0; i < state_.bookmarks.size(); ++i) {
      const Bookmark& mark = state_.bookmarks[i];
      if (mark.branch != branch) continue;
      const bool is_here = branch == state_.branch && mark.at == state_.shown_at &&
                           mark.step == state_.timeline().cursor();
      line.flags.push_back(
          {i, place(mark.at), tr("bookmark at {}", sim::instant_text(mark.at)), is_here});
    }
  }

  const ViewerState& state_;
  const TraceIndex& axis_;
  std::vector<RunLine> lines_;
};

}  // namespace

RunTreeView run_tree_view(const ViewerState& state) {
  return TreeBuilder{state}.build();
}

}  // namespace linger::viz
