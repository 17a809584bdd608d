// The application's threads and the sender's, as boxes of the picture.
#include <algorithm>
#include <string>

#include "sim/event_text.h"
#include "viz/language.h"
#include "viz/pipeline_view.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

class ThreadPainter {
 public:
  ThreadPainter(const Scene& scene, const sim::AppThread& thread)
      : scene_{scene}, thread_{thread}, spec_{spec_of(scene, thread)} {
    box_.id = thread.id;
    box_.name = spec_.name;
    box_.activity = tr("runs");
  }

  ThreadBox paint() {
    std::visit([this](const auto& call) { tell(call); }, thread_.call);
    box_.is_selected = scene_.selection == Selection{thread_.id} ||
                       (box_.record && is_selected(scene_, *box_.record));
    if (thread_.user_code && thread_.due) {
      box_.look = ThreadLook::InUserCode;
      box_.blocked_text = tr("in user code");
      box_.until = remaining(scene_.world().now, *thread_.due, scene_.at);
    }
    return box_;
  }

 private:
  static const sim::AppThreadSpec& spec_of(const Scene& scene, const sim::AppThread& thread) {
    return scene.timeline.scenario().threads[static_cast<std::size_t>(thread.id.value())];
  }

  void tell(const sim::AppThread::Ended&) {
    box_.look = ThreadLook::Ended;
    box_.activity = tr("has ended");
  }
  void tell(const sim::AppThread::BetweenActions&) {
    if (!thread_.due || *thread_.due <= scene_.at) return;
    box_.look = ThreadLook::Waiting;
    box_.activity = tr("sleeps");
    core::Duration wait = *thread_.due - scene_.world().now;
    if (const auto* send = action<sim::SendAction>(thread_.action)) {
      box_.activity = tr("next send to {}", send->topic);
      if (send->every > core::Duration{0}) wait = send->every;
    } else if (const auto* sleep = previous<sim::SleepAction>()) {
      wait = sleep->duration;
    } else if (previous<sim::WaitUntilAction>() != nullptr) {
      wait = *thread_.due - core::Instant{};
    }
    box_.until = remaining(*thread_.due - wait, *thread_.due, scene_.at);
  }
  void tell(const core::SendCall& call) {
    box_.record = call.record.id;
    box_.activity = tr("send {} to {}", record_label(call.record.id),
                       scene_.names.topics.name(call.record.topic));
    tell_blocked(instant_of(scene_.world(), call.started));
  }
  void tell(const core::FlushCall&) {
    box_.activity = tr("flush");
    tell_blocked({});
  }
  void tell(const core::FutureCall& call) {
    box_.record = call.record;
    box_.activity = tr("get {}", record_label(call.record));
    tell_blocked({});
  }
  void tell(const core::CloseCall& call) {
    box_.activity = call.forced ? tr("close, by force") : tr("close");
    tell_blocked({});
  }
  void tell(const core::TransactionCall& call) {
    box_.activity = tr(sim::word(call.method));
    tell_blocked(instant_of(scene_.world(), call.started));
  }

  void tell_blocked(core::Instant since) {
    if (!thread_.blocked_on || *thread_.blocked_on == core::BlockedOn::UserCode) return;
    box_.look = ThreadLook::Blocked;
    box_.blocked_on = thread_.blocked_on;
    box_.blocked_text = tr("waits for {}", waited_for(*thread_.blocked_on));
    if (thread_.deadline) box_.until = remaining(since, *thread_.deadline, scene_.at);
  }
  static std::string_view waited_for(core::BlockedOn on) {
    switch (on) {
      case core::BlockedOn::Metadata:
        return tr("metadata");
      case core::BlockedOn::Memory:
        return tr("memory");
      case core::BlockedOn::Flush:
        return tr("all batches");
      case core::BlockedOn::Future:
        return tr("its fate");
      case core::BlockedOn::SenderExit:
        return tr("the sender to stop");
      case core::BlockedOn::UserCode:
        return tr("user code");
      case core::BlockedOn::EndlessLoop:
        return tr("nothing: it loops for ever");
      case core::BlockedOn::Transaction:
        return tr("a coordinator");
    }
    return "";
  }

  template <class Action>
  const Action* action(std::size_t index) const {
    return index < spec_.program.size() ? std::get_if<Action>(&spec_.program[index]) : nullptr;
  }
  template <class Action>
  const Action* previous() const {
    return thread_.action == 0 ? nullptr : action<Action>(thread_.action - 1);
  }

  const Scene& scene_;
  const sim::AppThread& thread_;
  const sim::AppThreadSpec& spec_;
  ThreadBox box_;
};

std::string_view sender_state(const sim::ProducerProcess& process) {
  using State = sim::SenderThread::State;
  if (process.has_exited) return tr("gone");
  switch (process.sender.state) {
    case State::Running:
      return tr("runs");
    case State::Polling:
      return tr("polls");
    case State::Sleeping:
      return tr("sleeps");
    case State::InUserCode:
      return tr("in user code");
    case State::WaitingForAppends:
      return tr("waits for appends");
    case State::Stopped:
      return tr("stopped");
  }
  return "";
}

}  // namespace

std::string_view word(ThreadLook look) {
  switch (look) {
    case ThreadLook::Running:
      return tr("running");
    case ThreadLook::Waiting:
      return tr("waiting");
    case ThreadLook::Blocked:
      return tr("blocked");
    case ThreadLook::InUserCode:
      return tr("in user code");
    case ThreadLook::Ended:
      return tr("ended");
  }
  return "";
}

std::vector<ThreadBox> thread_boxes(const Scene& scene, core::ProducerIndex producer) {
  std::vector<ThreadBox> boxes;
  for (const sim::AppThread& thread : scene.world().threads) {
    if (thread.producer != static_cast<std::size_t>(producer.value())) continue;
    boxes.push_back(ThreadPainter{scene, thread}.paint());
  }
  return boxes;
}

SenderBox sender_box(const Scene& scene, core::ProducerIndex producer) {
  const sim::ProducerProcess& process = process_of(scene, producer);
  const sim::SenderThread& sender = process.sender;
  SenderBox box;
  box.state = sender_state(process);
  box.pass = process.producer.sender().passes();
  box.is_held_by_user_code = sender.state == sim::SenderThread::State::InUserCode;
  box.is_stopped = sender.state == sim::SenderThread::State::Stopped;
  box.thread = sim::sender_thread_of(static_cast<std::size_t>(producer.value()));
  box.is_selected = scene.selection == Selection{box.thread};
  if (sender.due && !box.is_stopped) {
    box.until = remaining(std::min(scene.world().now, sender.turned_at), *sender.due, scene.at);
  }
  box.text = tr("pass {}, {}", number_text(box.pass), box.state);
  if (box.until) box.text += tr(" for {}", box.until->text());
  return box;
}

}  // namespace linger::viz
