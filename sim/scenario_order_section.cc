#include "sim/scenario_order_section.h"

#include <algorithm>
#include <limits>
#include <variant>

#include <fmt/format.h>

#include "sim/lane.h"
#include "sim/toml_text.h"

namespace linger::sim {

void read_order(TableReader& file, Reading& reading) {
  Scenario known = reading.scenario;
  known.topics = core::TopicNames{reading.topics};
  for (const TomlNode* node : file.tables("order")) {
    TableReader table{*node, "[[order]]", reading.mistakes};
    OrderEntry entry;
    table.require("step", "12");
    table.read("step", entry.step, {0, std::numeric_limits<std::int64_t>::max()});
    const TomlNode* next = table.require("next", "\"connection 0 to client\"");
    table.finish();
    const auto text = next ? text_of(*next, reading.mistakes) : std::nullopt;
    if (!text) continue;
    const auto lane = parse_lane(*text, known);
    if (const auto* error = std::get_if<UnitError>(&lane)) {
      reading.mistakes.add(next->at, error->message, error->fix);
      continue;
    }
    entry.next = std::get<Lane>(lane);
    std::vector<OrderEntry>& order = reading.scenario.order;
    if (!order.empty() && order.back().step >= entry.step) {
      reading.mistakes.add(node->at, "the steps of [[order]] ascend",
                           "one table for each step, the earliest first");
    }
    order.push_back(entry);
  }
}

std::string order_section(const Scenario& scenario) {
  std::string text;
  for (const OrderEntry& entry : scenario.order) {
    TomlTable table;
    table.add("step", fmt::format("{}", entry.step));
    table.add_text("next", lane_text(entry.next, scenario));
    text += fmt::format("\n[[order]]\n{}", table.lines());
  }
  return text;
}

}  // namespace linger::sim
