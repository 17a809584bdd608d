#include <memory>
#include <variant>

#include <fmt/format.h>

#include "sim/recording.h"
#include "sim/scenario_sections.h"

namespace linger::sim {

namespace {

std::vector<HostAndPort> read_bootstrap(const TomlNode& list, Mistakes& mistakes) {
  std::vector<HostAndPort> bootstrap;
  if (list.kind != TomlNode::Kind::Array || list.items.empty()) {
    mistakes.add(list.at, "'bootstrap' is a list of addresses",
                 "such as bootstrap = [\"localhost:9092\"]");
    return bootstrap;
  }
  for (const TomlNode& item : list.items) {
    const auto text = text_of(item, mistakes);
    if (!text) continue;
    const auto address = parse_host_and_port(*text);
    if (const auto* error = std::get_if<UnitError>(&address)) {
      mistakes.add(item.at, error->message, error->fix);
    } else {
      bootstrap.push_back(std::get<HostAndPort>(address));
    }
  }
  return bootstrap;
}

bool is_of_a_producer(const OutsideInput& input, const Scenario& scenario) {
  const auto* notice = std::get_if<ClientNotice>(&input.what);
  if (notice == nullptr) return true;
  const std::int32_t producer = notice->socket.producer.value();
  return producer >= 0 && static_cast<std::size_t>(producer) < scenario.producers.size();
}

void read_inputs(const TomlNode& list, std::vector<OutsideInput>& inputs, Reading& reading) {
  if (list.kind != TomlNode::Kind::Array) {
    reading.mistakes.add(list.at, "'inputs' is a list of texts", "as linger live writes it");
    return;
  }
  for (const TomlNode& item : list.items) {
    const auto text = text_of(item, reading.mistakes);
    if (!text) continue;
    auto parsed = parse_input(*text);
    if (const auto* error = std::get_if<UnitError>(&parsed)) {
      reading.mistakes.add(item.at, error->message, error->fix);
      continue;
    }
    auto& input = std::get<OutsideInput>(parsed);
    if (!is_of_a_producer(input, reading.scenario)) {
      reading.mistakes.add(item.at, "there is no such producer", "they are numbered from 0");
    } else if (!inputs.empty() && input.at < inputs.back().at) {
      reading.mistakes.add(item.at, "this came before what stands above it", "in order of time");
    } else {
      inputs.push_back(std::move(input));
    }
  }
}

}  // namespace

void read_live(TableReader& file, Reading& reading) {
  const TomlNode* node = file.find("live");
  if (node == nullptr) return;
  if (node->kind != TomlNode::Kind::Table) {
    reading.mistakes.add(node->at, "'live' is a table", "as linger live writes it");
    return;
  }
  TableReader table{*node, "[live]", reading.mistakes};
  LiveSpec live;
  const TomlNode* bootstrap = table.require("bootstrap", "[\"localhost:9092\"]");
  if (bootstrap != nullptr) live.bootstrap = read_bootstrap(*bootstrap, reading.mistakes);
  if (const TomlNode* digests = table.find("digests")) {
    for (const TomlEntry& entry : digests->entries) {
      if (const auto digest = text_of(entry.node, reading.mistakes)) {
        live.digests.emplace(entry.key, *digest);
      }
    }
  }
  auto inputs = std::make_shared<std::vector<OutsideInput>>();
  if (const TomlNode* list = table.find("inputs")) read_inputs(*list, *inputs, reading);
  table.finish();
  live.inputs = std::move(inputs);
  reading.scenario.live = std::move(live);
}

}  // namespace linger::sim
