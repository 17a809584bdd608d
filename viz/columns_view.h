// The two runs that are compared, beside each other on one clock.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "viz/viewer_state.h"

namespace linger::viz {

struct RunColumn {
  std::size_t branch = 0;
  std::string name;
  bool is_shown = false;  // what keys and clicks move
  bool is_over = false;
  friend bool operator==(const RunColumn&, const RunColumn&) = default;
};

struct ColumnsView {
  RunColumn base;
  RunColumn fork;
  std::string parting;       // "they part at 5.000 ms"
  bool have_parted = false;  // by the instant that is shown
  friend bool operator==(const ColumnsView&, const ColumnsView&) = default;
};
// None while one picture is wanted, or there is one run.
std::optional<ColumnsView> columns_view(const ViewerState& state);

}  // namespace linger::viz
