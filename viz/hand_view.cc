#include "viz/hand_view.h"

#include <optional>
#include <utility>

#include "sim/hand.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/said.h"

namespace linger::viz {
namespace {

// Where records sent by hand go.
struct HandTarget {
  std::size_t producer = 0;
  std::string topic;
  std::optional<std::int32_t> partition;
};

HandTarget hand_target(const ViewerState& state) {
  const Scene now = scene(state);
  HandTarget target;
  if (const auto lane = selected_lane(now)) {
    target.producer = static_cast<std::size_t>(lane->producer.value());
    target.topic = now.names.topics.name(lane->partition.topic);
    target.partition = lane->partition.partition;
    return target;
  }
  const auto topics = now.world().servers.cluster().topics();
  if (!topics.empty()) target.topic = now.names.topics.name(topics.front());
  return target;
}

sim::SendAction sending(const HandTarget& target, std::int64_t count) {
  sim::SendAction send;
  send.topic = target.topic;
  send.partition = target.partition;
  send.count = count;
  return send;
}

class HandButtons {
 public:
  explicit HandButtons(const HandTarget& target) : target_{target} {}

  void add(const char* name, const char* what, sim::AppAction action) {
    const int number = static_cast<int>(list.size()) + 1;
    list.push_back(
        {number > 9 ? 0 : number, tr(name), tr(what), target_.producer, std::move(action)});
  }
  void add_sends() {
    add("send a record", "One record of 100 bytes, by a thread of its own.", sending(target_, 1));
    add("a burst of 10", "Ten records in one go.", sending(target_, 10));
    add("a burst of 100", "A hundred records in one go.", sending(target_, 100));
    sim::SendAction stream = sending(target_, 20);
    stream.every = std::chrono::milliseconds{1};
    add("20, one each ms", "Twenty records, a millisecond between two of them.", stream);
    sim::SendAction wait = sending(target_, 1);
    wait.wait = true;
    add("send and wait", "send().get(): the thread waits for the record's fate.", wait);
  }
  void add_transaction() {
    using enum core::TransactionMethod;
    add("begin", "beginTransaction()", sim::TransactionAction{BeginTransaction, true});
    add("commit", "commitTransaction()", sim::TransactionAction{CommitTransaction, true});
    add("abort", "abortTransaction()", sim::TransactionAction{AbortTransaction, true});
  }
  void add_ends() {
    add("flush", "flush(): nothing lingers, and the thread waits for all that was sent.",
        sim::FlushAction{});
    add("close", "close(): what is left is sent first.", sim::CloseAction{});
    add("close at once", "close(0): what is left fails.", sim::CloseAction{core::Milliseconds{0}});
    add("exit", "The process ends without close().", sim::ExitAction{});
  }

  std::vector<HandButton> list;

 private:
  const HandTarget& target_;
};

}  // namespace

HandView hand_view(const ViewerState& state) {
  const HandTarget target = hand_target(state);
  HandView view;
  view.target =
      target.partition ? target.topic + "-" + std::to_string(*target.partition) : target.topic;
  const auto& producers = state.scenario().producers;
  if (producers.size() > 1) view.producer = producers[target.producer].name;
  view.can_undo = state.branches[state.branch].deeds > 0;
  const sim::ProducerProcess& process = state.world().processes[target.producer];
  if (state.timeline().is_over()) {
    view.hint = tr("The run is over: go back first.");
  } else if (process.has_exited) {
    view.hint = tr("The process is gone.");
  }
  for (const sim::AppThreadSpec& thread : state.scenario().threads) {
    const bool is_by_hand = thread.name.starts_with("hand ") && thread.program.size() == 2;
    if (!is_by_hand) continue;
    const auto* wait = std::get_if<sim::WaitUntilAction>(&thread.program.front());
    if (wait == nullptr) continue;
    view.done.insert(view.done.begin(), sim::instant_text(wait->at) + "  " +
                                            tr_said(sim::text(thread.program.back())));
  }
  if (!view.hint.empty()) return view;
  HandButtons buttons{target};
  buttons.add_sends();
  if (producers[target.producer].config.config.transactional_id) buttons.add_transaction();
  buttons.add_ends();
  view.buttons = std::move(buttons.list);
  return view;
}

}  // namespace linger::viz
