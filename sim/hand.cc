#include "sim/hand.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "core/check.h"
#include "core/event_words.h"
#include "sim/event_text.h"
#include "sim/stepper.h"

namespace linger::sim {

namespace {

std::string free_name(const Scenario& scenario) {
  for (int number = 1;; ++number) {
    const std::string name = fmt::format("hand {}", number);
    const bool is_taken =
        std::any_of(scenario.threads.begin(), scenario.threads.end(),
                    [&name](const AppThreadSpec& thread) { return thread.name == name; });
    if (!is_taken) return name;
  }
}

std::string deed_text(const SendAction& send) {
  const std::string to =
      send.partition ? fmt::format("{}-{}", send.topic, *send.partition) : send.topic;
  if (send.count == 1) return send.wait ? "send a record and wait: " + to : "send a record: " + to;
  return fmt::format("send {} records: {}", send.count, to);
}
std::string deed_text(const FlushAction&) {
  return "flush";
}
std::string deed_text(const CloseAction& close) {
  return close.timeout ? fmt::format("close, in {} ms at most", close.timeout->count()) : "close";
}
std::string deed_text(const TransactionAction& action) {
  return std::string{word(action.method)};
}
std::string deed_text(const RequestMetadataAction&) {
  return "ask for metadata";
}
std::string deed_text(const ExitAction&) {
  return "exit without close";
}
std::string deed_text(const SleepAction&) {
  return "sleep";
}
std::string deed_text(const WaitUntilAction&) {
  return "wait";
}
std::string deed_text(const SendOffsetsAction&) {
  return "send offsets to the transaction";
}

}  // namespace

// The thread stands where it would if it had been there from the beginning and had waited.
void act(World& world, const AppAction& action, std::size_t producer, Instant at) {
  CHECK(world.now < at);
  CHECK(producer < world.processes.size());
  Scenario changed = *world.scenario;
  AppThreadSpec spec;
  spec.name = free_name(changed);
  spec.producer = producer;
  spec.program = {WaitUntilAction{at, 0}, action};
  changed.threads.push_back(std::move(spec));
  world.scenario = std::make_shared<const Scenario>(std::move(changed));
  AppThread thread = make_thread(*world.scenario, world.scenario->threads.size() - 1);
  thread.action = 1;
  thread.due = at;
  world.threads.push_back(std::move(thread));
}

std::string text(const AppAction& action) {
  return std::visit([](const auto& one) { return deed_text(one); },
                    static_cast<const AppActionKinds&>(action));
}

}  // namespace linger::sim
